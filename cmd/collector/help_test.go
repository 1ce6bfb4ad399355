package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/printable"
)

// call runs the program in this process, without a terminal.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	home := filepath.Join(os.TempDir(), "no-such-spoor") // short, as people's are
	vars := map[string]string{"SPOOR_HOME": home, "LANG": "C.UTF-8", "COLUMNS": "80"}
	var out, errs bytes.Buffer
	env := &cli.Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now,
		Getenv: func(k string) string { return vars[k] },
	}
	code = run(context.Background(), env)
	if _, err := os.Stat(home); err == nil {
		t.Errorf("%q made a store", args)
	}
	return code, out.String(), errs.String()
}

func TestHelpFitsAScreen(t *testing.T) {
	for _, path := range commandPaths(root(cli.System()), nil) {
		t.Run(strings.Join(append([]string{"collector"}, path...), " "), func(t *testing.T) {
			code, stdout, stderr := call(t, append(path, "-h")...)
			if code != 0 || stderr != "" {
				t.Fatalf("exit %d, stderr %q", code, stderr)
			}
			fits(t, stdout)
			_, rest, _ := strings.Cut(stdout, "\n")
			example, usage := strings.Index(rest, "collector "), strings.Index(rest, "Usage:")
			if len(path) > 0 && path[0] != "completion" && (example < 0 || example > usage) {
				t.Errorf("examples don't come first:\n%s", stdout)
			}
			code, full, _ := call(t, append(path, "--help")...)
			if code != 0 || len(full) <= len(stdout) || !strings.Contains(full, "Exit codes") {
				t.Errorf("--help: exit %d\n%s", code, full)
			}
		})
	}
}

func TestBareCommandTeaches(t *testing.T) {
	code, stdout, stderr := call(t)
	if code != 0 || stderr != "" || strings.Count(stdout, "collector ") < 2 || !strings.Contains(stdout, "No store yet") {
		t.Errorf("exit %d, stderr %q:\n%s", code, stderr, stdout)
	}
	fits(t, stdout)
}

// fits checks for a terminal of 24 lines and 80 columns.
func fits(t *testing.T, text string) {
	t.Helper()
	if n := strings.Count(text, "\n"); n > 24 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	for line := range strings.Lines(text) {
		if w := printable.Width(strings.TrimRight(line, "\n")); w > 80 {
			t.Errorf("%d columns: %s", w, line)
		}
	}
}

func commandPaths(c *cobra.Command, prefix []string) [][]string {
	out := [][]string{prefix}
	for _, sub := range c.Commands() {
		out = append(out, commandPaths(sub, append(append([]string(nil), prefix...), sub.Name()))...)
	}
	return out
}
