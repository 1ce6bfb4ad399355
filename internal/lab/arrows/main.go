// Command arrows counts how entangled the files of packages are.
//
//	go run ./internal/lab/arrows internal/report internal/report/*
//
// An arrow leads from a file to another file of its package whose declarations
// it uses. Only names of package scope count, not methods. An arrow runs
// upwards if a path of arrows leads back, because then neither file is below
// the other. Arrows between packages never run upwards: Go forbids import
// cycles.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

func main() { os.Exit(run(os.Args[1:])) }

// run prints the references of each package and returns the exit code.
func run(dirs []string) int {
	all, upwards := 0, 0
	for _, dir := range dirs {
		a, err := arrowsOf(dir)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		up := a.upwards()
		all, upwards = all+a.count(), upwards+up
		if a.count() > 0 {
			fmt.Printf("%-32s %4d arrows, %3d upwards\n", dir, a.count(), up)
		}
	}
	fmt.Printf("%-32s %4d arrows, %3d upwards\n", "all", all, upwards)
	return 0
}

// arrows lead from file to file.
type arrows map[string]map[string]bool

// count is the number of references.
func (a arrows) count() (n int) {
	for _, to := range a {
		n += len(to)
	}
	return n
}

// upwards counts the arrows that have a path back.
func (a arrows) upwards() (n int) {
	for from, to := range a {
		for file := range to {
			if a.leads(file, from, make(map[string]bool)) {
				n++
			}
		}
	}
	return n
}

// leads reports whether references lead from one file to another, also
// indirectly.
func (a arrows) leads(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	for next := range a[from] {
		if !seen[next] && a.leads(next, to, seen) {
			return true
		}
	}
	return false
}

// arrowsOf reads the arrows between the files of a package, without tests.
func arrowsOf(dir string) (arrows, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	home := make(map[string]string) // file of each name
	var files []*ast.File
	fset := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		for _, d := range f.Decls {
			for _, id := range declared(d) {
				home[id] = name
			}
		}
	}
	out := make(arrows)
	for _, f := range files {
		from := fset.Position(f.Package).Filename
		for _, id := range f.Unresolved { // not declared in the file itself
			if to := home[id.Name]; to != "" && to != from {
				if out[from] == nil {
					out[from] = make(map[string]bool)
				}
				out[from][to] = true
			}
		}
	}
	return out, nil
}

// declared lists the names of package scope in a declaration.
func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}
