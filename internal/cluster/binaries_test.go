package cluster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	for text, want := range map[string][2]int{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n": {15, 18},
		"postgres (PostgreSQL) 17beta1\n":                        {17, 0},
		"postgres (PostgreSQL) 18devel\n":                        {18, 0},
		"postgres (PostgreSQL) 9.6.24\n":                         {9, 6},
		"postgres (PostgreSQL) \n":                               {0, 0},
		"busybox 1.36":                                           {0, 0},
		"":                                                       {0, 0},
	} {
		major, minor, err := parseVersion(text)
		if major != want[0] || minor != want[1] || (err != nil) != (want[0] == 0) {
			t.Errorf("%q: %d.%d %v, want %v", text, major, minor, err, want)
		}
	}
}

func TestChoose(t *testing.T) {
	path, old, new, other := binaries{"/path", 15, 3}, binaries{"/a", 14, 9}, binaries{"/b", 17, 2}, binaries{"/c", 15, 3}
	found := []binaries{path, old, new, other}
	for want, dir := range map[int]string{0: "/b", 14: "/a", 15: "/path", 17: "/b"} {
		if got := choose(found, want); got == nil || got.dir != dir {
			t.Errorf("choose %d: %v, want %s", want, got, dir)
		}
	}
	if got := choose(found, 16); got != nil {
		t.Errorf("choose 16: %v", got)
	}
}

// TestFolders looks for programs in the places where they may be.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "lib/postgresql/15/bin")
	links := filepath.Join(dir, "links")
	half := filepath.Join(dir, "half")
	for _, d := range []string{real, links, half} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"postgres", "initdb", "psql"} {
		if err := os.WriteFile(filepath.Join(real, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// As /usr/local/bin has it on some machines.
	if err := os.Symlink(filepath.Join(real, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "postgres"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(real)
	for _, c := range []struct {
		name, path string
		binDirs    []string
		want       string
	}{
		{"a link in PATH", links, []string{}, real},
		{"a usual folder", "", []string{filepath.Join(dir, "lib/postgresql/*/bin")}, real},
		{"the same twice", links + ":" + real, []string{real}, real},
		{"a client without initdb", half, []string{}, ""},
		{"the current directory", ".:", []string{}, ""},
		{"none", "", []string{}, ""},
	} {
		p := &place{base: dir, Options: Options{binDirs: c.binDirs, Getenv: func(name string) string {
			return map[string]string{"PATH": c.path}[name]
		}}}
		if got := strings.Join(p.candidates(), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if psql, ok := p.findPSQL(); c.want != "" && (!ok || psql != filepath.Join(real, "psql")) {
			t.Errorf("%s: psql %q", c.name, psql)
		}
	}
}

func TestNoBinaries(t *testing.T) {
	home := emptyHome(t)
	o := bare(options(home))
	_, err := Open(t.Context(), o)
	if !errors.Is(err, ErrNoBinaries) {
		t.Errorf("no programs: %v", err)
	}
	for _, word := range []string{"apt install postgresql", "dnf install postgresql-server", "brew install postgresql", "apk add", "pacman", "--db"} {
		if err != nil && !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %v", word, err)
		}
	}

	ready := readyHome(t)
	_, err = Open(t.Context(), bare(options(ready)))
	var version *VersionError
	if !errors.Is(err, ErrNoBinaries) || !errors.As(err, &version) {
		t.Errorf("no programs for the data: %v", err)
	}
}

// bare hides the machine's PostgreSQL.
func bare(o Options) Options {
	o.binDirs = []string{}
	o.Getenv = func(string) string { return "" }
	return o
}
