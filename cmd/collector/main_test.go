package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"

	"spoor/internal/cli/clitest"
	"spoor/internal/cluster"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"collector": func() { os.Exit(clitest.Main(run, root)) }, "simnet": simulated})
}

// TestScripts runs the built command against real PostgreSQL.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: isolate,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"harmless": harmless, "envelope": envelope, "unquote8": unquote8, "password": password,
		},
		RequireExplicitExec: true,
	})
}

// isolate gives each script a store of its own and nothing of the developer's.
func isolate(e *testscript.Env) error {
	repo, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "spoor-script-")
	if err != nil {
		return err
	}
	e.Defer(func() {
		// A script that failed between db start and db stop leaves its server up.
		stop := cluster.Options{Home: filepath.Join(home, "spoor")}
		if err := cluster.Stop(context.Background(), stop); err != nil && !errors.Is(err, cluster.ErrNoStore) && !errors.Is(err, cluster.ErrNotRunning) {
			e.T().Log("stop the store: ", err)
		}
		if err := os.RemoveAll(home); err != nil {
			e.T().Log("remove the store: ", err)
		}
	})
	// PostgreSQL does not run as root: where the tests do, another user has to get in.
	if err := os.Chmod(home, 0o755); err != nil {
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	for _, v := range [][2]string{
		{"PORT", port}, {"REPO", repo}, {"SPOOR_HOME", filepath.Join(home, "spoor")}, {"LANG", "C.UTF-8"},
		{"SPOOR_OFFLINE", "1"}, {"XDG_CACHE_HOME", filepath.Join(home, "cache")}, {"DATABASE_URL", ""}, {"PGHOST", ""}, {"PGHOSTADDR", ""}, {"PGDATABASE", ""}, {"PGPORT", ""}, {"PGSERVICE", ""},
	} {
		e.Setenv(v[0], v[1])
	}
	return nil
}

// freePort finds a port of loopback that nobody listens at.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// password NAME: a variable becomes the password that the last command printed.
func password(ts *testscript.TestScript, neg bool, args []string) {
	_, word, ok := strings.Cut(ts.ReadFile("stdout"), "shown this once: ")
	if neg || len(args) != 1 || !ok {
		ts.Fatalf("usage: password NAME, after a command that prints one")
	}
	ts.Setenv(args[0], strings.TrimSpace(word))
}

// harmless FILE: nothing in it can do anything to a terminal.
func harmless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: harmless FILE")
	}
	for _, r := range ts.ReadFile(args[0]) {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			ts.Fatalf("%s holds %U", args[0], r)
		}
	}
}

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// envelope FILE: one JSON object with the format version and keys in snake case.
func envelope(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: envelope FILE")
	}
	var v map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	if v["spoor_format"] != 1.0 {
		ts.Fatalf("spoor_format is %v", v["spoor_format"])
	}
	checkKeys(ts, v)
}

func checkKeys(ts *testscript.TestScript, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if !snakeCase.MatchString(k) {
				ts.Fatalf("key %q is not in snake case", k)
			}
			checkKeys(ts, inner)
		}
	case []any:
		for _, inner := range v {
			checkKeys(ts, inner)
		}
	}
}

// unquote8 FILE...: replaces \xNN by that byte, which a txtar can't hold.
func unquote8(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		text := ts.ReadFile(name)
		var b strings.Builder
		for {
			before, after, ok := strings.Cut(text, `\x`)
			b.WriteString(before)
			if !ok || len(after) < 2 {
				break
			}
			b.WriteByte(unhex(after[0])<<4 | unhex(after[1]))
			text = after[2:]
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(b.String()), 0o644))
	}
}

func unhex(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c)) }
