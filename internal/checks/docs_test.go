package checks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	docTest  = regexp.MustCompile("go (test|run) [^`#\n]+")
	docFlag  = regexp.MustCompile(`-(run|bench) (?:'([^']*)'|(\S+))`)
	docPath  = regexp.MustCompile(`\./[a-z][a-z/]*(?:\.\.\.)?`)
	testFunc = regexp.MustCompile(`(?m)^func (?:Test|Benchmark)(\w+)\(`)
)

// A figure is shown by a command: the tests, benchmarks and packages that documents name
// are there. "-run x" stands for no test.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	dependOnSources(t)
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	named := 0
	for _, page := range append(pages, "../../README.md", "../../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range docTest.FindAllString(string(text), -1) {
			paths := docPath.FindAllString(command, -1)
			functions := ""
			for _, path := range paths {
				if !hasGo(path) {
					t.Errorf("%s: %q: no package %s", filepath.Base(page), command, path)
				}
				functions += testsIn(t, path)
			}
			for _, flag := range docFlag.FindAllStringSubmatch(command, -1) {
				pattern := strings.ReplaceAll(flag[2]+flag[3], `\|`, "|") // a bar in a table is escaped
				pattern, _, _ = strings.Cut(pattern, "/")
				if strings.Trim(pattern, "x") == "" {
					continue
				}
				named++
				re, err := regexp.Compile(pattern)
				if err != nil || functions != "" && !re.MatchString(functions) {
					t.Errorf("%s: %q: no test %s in %v", filepath.Base(page), command, pattern, paths)
				}
			}
		}
	}
	if named < 10 {
		t.Errorf("only %d tests are named", named)
	}
}

func hasGo(path string) bool {
	if strings.HasSuffix(path, "...") {
		return true
	}
	files, err := filepath.Glob(filepath.Join("../..", path, "*.go"))
	return err == nil && len(files) > 0
}

// testsIn lists the tests and benchmarks of a package, one a line.
func testsIn(t *testing.T, path string) (names string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", path, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testFunc.FindAllSubmatch(text, -1) {
			names += string(m[0][5:len(m[0])-1]) + "\n"
		}
	}
	return names
}
