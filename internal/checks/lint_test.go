package checks

import (
	"os/exec"
	"strings"
	"testing"
)

// Formatting, vet and staticcheck are part of the one command that runs every check.
func TestLinters(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out the linters")
	}
	for _, tool := range [][]string{
		{"gofmt", "-l", "cmd", "enrich", "graph", "ingest", "internal", "sql"},
		{"go", "vet", "./..."},
		{"go", "tool", "staticcheck", "./..."},
	} {
		cmd := exec.Command(tool[0], tool[1:]...)
		cmd.Dir = "../.."
		out, err := cmd.CombinedOutput()
		if err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", strings.Join(tool, " "), err, out)
		}
	}
}
