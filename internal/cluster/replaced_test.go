package cluster

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// upgradable puts a set of server programs of its own under dir, laid out as PostgreSQL
// was built, so that it finds its libraries; returns its folder.
func upgradable(t *testing.T, dir string) string {
	t.Helper()
	b, err := (&place{Options: mustDefaults(t, Options{Home: "/nowhere"})}).findBinaries(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, b.dir)
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"postgres", "initdb"} {
		copyProgram(t, filepath.Join(b.dir, name), filepath.Join(bin, name))
	}
	out, err := exec.Command(filepath.Join(b.dir, "pg_config"), "--sharedir", "--pkglibdir").Output()
	if err != nil {
		t.Skipf("pg_config does not say where PostgreSQL's parts are: %v", err)
	}
	for _, part := range strings.Fields(string(out)) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, part)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(part, filepath.Join(dir, part)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

// copyProgram puts a program in the place of another as package managers do: beside it, then by its name.
func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to+".new", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to+".new", to); err != nil {
		t.Fatal(err)
	}
}

func TestUpgradedUnderARunningServer(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("no /proc: a replaced program cannot be told")
	}
	home := emptyHome(t)
	bin := upgradable(t, filepath.Dir(home))
	var notices []string
	o := options(home)
	o.binDirs, o.Getenv = []string{bin}, func(string) string { return "" }
	o.Notice = func(s string) { notices = append(notices, s) }
	said := func(word string) bool {
		defer func() { notices = nil }()
		return strings.Contains(strings.Join(notices, "\n"), word)
	}
	start := func() Info {
		t.Helper()
		info, err := Start(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}

	first := start()
	if said("upgraded") {
		t.Error("a server of the programs that are there counts as replaced")
	}
	copyProgram(t, filepath.Join(bin, "postgres"), filepath.Join(bin, "postgres"))
	second := start()
	if second.PID == first.PID || !said("it is started again") {
		t.Errorf("process %d after %d: not started again", second.PID, first.PID)
	}

	// While another command uses it, it is left alone.
	c := mustOpen(t, o)
	copyProgram(t, filepath.Join(bin, "postgres"), filepath.Join(bin, "postgres"))
	d := mustOpen(t, o)
	if got := sqlBy(t, c, "SELECT 1"); got != "1" || c.server.pid != d.server.pid || !said("others use it") {
		t.Errorf("its user was cut off: %q, process %d, then %d", got, c.server.pid, d.server.pid)
	}
	mustClose(t, d)
	mustClose(t, c)

	// So is it while a program that db start keeps it up for is connected.
	input, psql := connected(t, c.URL())
	if third := start(); third.PID != second.PID || !said("others use it") {
		t.Errorf("process %d after %d: a connected program was cut off", third.PID, second.PID)
	}
	input.Close()
	if err := psql.Wait(); err != nil {
		t.Error(err)
	}
	if err := Stop(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// connected starts a psql that has asked once, and stays until its input is closed.
func connected(t *testing.T, url string) (input io.Closer, psql *exec.Cmd) {
	t.Helper()
	psql = exec.Command("psql", url, "-XAtq")
	pipe, err := psql.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := psql.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := psql.Start(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(pipe, "SELECT 1;\n")
	if _, err := output.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return pipe, psql
}

// sqlBy is sql with the psql of the machine.
func sqlBy(t *testing.T, c *Cluster, statement string) string {
	t.Helper()
	out, err := exec.Command("psql", c.URL(), "-XAtqc", statement).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v %s", statement, err, out)
	}
	return strings.TrimSpace(string(out))
}
