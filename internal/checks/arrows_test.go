package checks

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// orders lists the files of packages from the top, which callers use, to the
// bottom, which only serves. A reader of the list meets a file before the files
// that it uses.
var orders = map[string][]string{
	"sql/store": {"sums.go", "hosting.go", "transaction.go", "query.go", "store.go", "migrate.go", "locks.go", "errors.go"},
	"sql/store/facts": {"writer.go", "lost.go", "replace.go", "batch.go", "failed.go", "forgotten.go", "known.go", "tables.go", "terms.go", "own.go", "raw.go",
		"find.go", "reclassify.go", "failures.go", "summary.go", "store.go", "keys.go"},
	"sql/store/lookups": {"answers.go", "status.go", "enqueue.go", "queue.go", "limits.go", "history.go", "record.go", "blocks.go",
		"nameservers.go", "values.go", "known.go", "prepare.go", "store.go"},
	"sql/store/campaigns": {"assign.go", "derive.go", "run.go", "events.go", "traits.go", "memberships.go", "sums.go", "publishers.go", "backscatter.go", "write.go", "incidence.go",
		"facts.go", "recall.go", "knowledge.go", "list.go", "campaign.go", "infrastructure.go", "find.go", "proof.go", "messages.go", "spamruns.go", "foreign.go", "said.go", "undo.go",
		"decisions.go", "members.go", "store.go"},
	"sql/store/dossiers": {"raw.go", "observations.go", "dossiers.go", "neighbours.go", "rows.go", "store.go"},
	"sql/store/ledger":   {"sightings.go", "ledger.go"},
	"sql/store/wire":     {"copyout.go", "copyin.go", "array.go", "row.go", "encode.go", "text.go"},
}

// TestFilesUseWhatIsBelow fails for every arrow that runs upwards: a pair of files of one
// package of which the lower uses a declaration of the upper.
func TestFilesUseWhatIsBelow(t *testing.T) {
	dependOnSources(t)
	for dir, order := range orders {
		files, arrows := arrowsIn(t, filepath.Join("../..", dir))
		if got := slices.Sorted(slices.Values(order)); !slices.Equal(got, files) {
			t.Errorf("%s: the order lists %q, the package has %q", dir, got, files)
		}
		for _, a := range arrows {
			if slices.Index(order, a.from) > slices.Index(order, a.to) {
				t.Errorf("%s: %s uses %s of %s, which stands above it", dir, a.from, a.name, a.to)
			}
		}
	}
}

// arrow is one file's use of another of the same package, with the name used.
type arrow struct{ from, to, name string }

// arrowsIn lists the files of a package and the arrows among them, one for each pair.
// Tests are left out.
func arrowsIn(t *testing.T, dir string) (names []string, arrows []arrow) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		names, files = append(names, filepath.Base(path)), append(files, f)
	}
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	// Imports are empty: errors about missing names do not matter here.
	conf := types.Config{Importer: empty{}, Error: func(error) {}}
	pkg, _ := conf.Check(dir, fset, files, &info)
	found := map[[2]string]string{}
	for id, o := range info.Uses {
		if o.Pkg() != pkg || !ofPackage(o) {
			continue
		}
		pair := [2]string{filepath.Base(fset.Position(id.Pos()).Filename), filepath.Base(fset.Position(o.Pos()).Filename)}
		if name := found[pair]; pair[0] != pair[1] && (name == "" || o.Name() < name) {
			found[pair] = o.Name()
		}
	}
	for pair, name := range maps.All(found) {
		arrows = append(arrows, arrow{pair[0], pair[1], name})
	}
	slices.SortFunc(arrows, func(a, b arrow) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	return names, arrows
}

// ofPackage reports whether o is a method or is declared outside of functions.
func ofPackage(o types.Object) bool {
	f, ok := o.(*types.Func)
	return ok && f.Signature().Recv() != nil || o.Parent() == o.Pkg().Scope()
}

// empty imports packages with nothing in them.
type empty struct{}

func (empty) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:])
	p.MarkComplete()
	return p, nil
}
