package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestLongStatementsLiveInFiles: a statement longer than three lines stands in sql/queries,
// where a test prepares it and people find it.
func TestLongStatementsLiveInFiles(t *testing.T) {
	dependOnSources(t)
	const most = 3
	seen := 0
	err := filepath.WalkDir("../../sql/store", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "storetest":
			return filepath.SkipDir
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING {
				return true
			}
			seen++
			if lines := 1 + strings.Count(text.Value, "\n"); lines > most {
				t.Errorf("%s: a text of %d lines", fset.Position(text.Pos()), lines)
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 100 {
		t.Errorf("%d texts seen: %v", seen, err)
	}
}
