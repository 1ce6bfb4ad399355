package checks

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Formatting, vet and staticcheck are part of the one command that runs every check.
func TestLinters(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out the linters")
	}
	dependOnSources(t)
	for _, tool := range [][]string{
		{"gofmt", "-l", "cmd", "enrich", "graph", "ingest", "internal", "sql"},
		{"go", "vet", "./..."},
		{"go", "tool", "staticcheck", "./..."},
	} {
		cmd := exec.Command(tool[0], tool[1:]...)
		cmd.Dir = "../.."
		// The go command reports downloads on stderr: on a fresh machine that is no finding.
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s%s", strings.Join(tool, " "), err, out, stderr.String())
		}
	}
}

// dependOnSources looks at every source file, so that go test does not take a
// result out of its cache from before one changed: go test does not know which
// files a tool reads that a test runs.
func dependOnSources(t *testing.T) {
	t.Helper()
	files := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" {
			files++
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil || files < 100 {
		t.Fatalf("%d source files seen: %v", files, err)
	}
}
