package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// roleVar makes the test binary a command of its own, so that tests have processes to kill.
const roleVar = "SPOOR_CLUSTER_TEST_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv(roleVar) != "" {
		os.Exit(playRole())
	}
	code := m.Run()
	shared.remove()
	os.Exit(code)
}

// playRole opens the store, says so, and closes it when its input ends.
// Like a command it does not die of Ctrl-C before it has drained.
func playRole() int {
	signal.Ignore(syscall.SIGINT)
	c, err := Open(context.Background(), Options{Home: os.Getenv("SPOOR_HOME"), Create: true,
		varLib: os.Getenv("SPOOR_CLUSTER_TEST_VARLIB"), noSync: true})
	if err != nil {
		fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " | "))
		return 1
	}
	fmt.Println("open", c.server.pid)
	io.Copy(io.Discard, os.Stdin)
	if err := c.Close(); err != nil {
		fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " | "))
		return 1
	}
	return 0
}

// visitor is a process that uses a store.
type visitor struct {
	t     *testing.T
	cmd   *exec.Cmd
	out   *bufio.Reader
	input io.WriteCloser
	once  sync.Once
}

func startVisitor(t *testing.T, home string) *visitor {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	u := &visitor{t: t, cmd: exec.Command(exe)}
	u.cmd.Env = append(os.Environ(), roleVar+"=use", "SPOOR_HOME="+home, "SPOOR_CLUSTER_TEST_VARLIB="+filepath.Dir(home))
	u.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	u.cmd.Stderr = os.Stderr
	out, err := u.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	u.out = bufio.NewReader(out)
	if u.input, err = u.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := u.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(u.kill)
	return u
}

// opened waits until the process has the store open and returns the server's process.
func (u *visitor) opened() (pid int) {
	u.t.Helper()
	line, err := u.out.ReadString('\n')
	if _, scanErr := fmt.Sscanf(line, "open %d", &pid); scanErr != nil {
		u.t.Errorf("a process that opens the store says %q (%v)", line, err)
	}
	return pid
}

func (u *visitor) close() {
	u.t.Helper()
	u.once.Do(func() {
		u.input.Close()
		if err := u.cmd.Wait(); err != nil {
			u.t.Errorf("a process that closes the store: %v", err)
		}
	})
}

func (u *visitor) kill() {
	u.once.Do(func() {
		u.cmd.Process.Kill()
		u.cmd.Wait() // it was killed; that is its error
	})
}

// usedStore is a store that most tests use one after another, because making
// one takes most of a second. A test that fails takes it out of use.
type usedStore struct {
	dir string
}

var shared usedStore

func (s *usedStore) remove() {
	if s.dir != "" {
		os.RemoveAll(s.dir)
	}
	s.dir = ""
}

func (s *usedStore) make(t *testing.T) {
	t.Helper()
	dir, err := reachableDir()
	if err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	mustClose(t, mustOpen(t, options(filepath.Join(dir, "home"))))
}

// reachableDir makes a temporary directory that the server's user can enter, which t.TempDir's is not for root.
func reachableDir() (string, error) {
	dir, err := os.MkdirTemp("", "spoor-cluster-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// emptyHome returns the path of a home that does not exist yet.
func emptyHome(t *testing.T) string {
	t.Helper()
	needPostgres(t)
	dir, err := reachableDir()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "home")
	t.Cleanup(func() {
		killServer(t, home)
		// Processes of a killed server, or an initdb that outlived its command, may
		// still write.
		err := os.RemoveAll(dir)
		for tries := 0; err != nil && tries < 100; tries++ {
			time.Sleep(50 * time.Millisecond)
			err = os.RemoveAll(dir)
		}
		if err != nil {
			t.Error(err)
		}
	})
	return home
}

// readyHome returns a home with a store whose server is down. The test must
// leave it so, and must not run in parallel with others.
func readyHome(t *testing.T) string {
	t.Helper()
	needPostgres(t)
	if shared.dir == "" {
		shared.make(t)
	}
	home := filepath.Join(shared.dir, "home")
	t.Cleanup(func() {
		killServer(t, home)
		if t.Failed() {
			shared.remove()
		}
	})
	return home
}

// needPostgres fails under CI, and skips elsewhere, where there is no PostgreSQL.
func needPostgres(t *testing.T) {
	t.Helper()
	p := &place{Options: mustDefaults(t, Options{Home: "/nowhere"})}
	for _, dir := range p.candidates() {
		if dir != "" {
			return
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("PostgreSQL's server programs are not installed")
	}
	t.Skip("PostgreSQL's server programs are not installed")
}

func mustDefaults(t *testing.T, o Options) Options {
	t.Helper()
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func options(home string) Options {
	return Options{Home: home, Create: true, varLib: filepath.Dir(home), noSync: true}
}

func mustOpen(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(t.Context(), o) // gives up by itself: see startWait
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() }) // for tests that failed before they closed it
	return c
}

func mustClose(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustStatus(t *testing.T, home string) Info {
	t.Helper()
	info, err := Status(t.Context(), options(home))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// sql runs statements through psql and returns the output.
func sql(t *testing.T, c *Cluster, statement string) string {
	t.Helper()
	psql, ok := c.PSQL()
	if !ok {
		t.Fatal("no psql")
	}
	out, err := exec.Command(psql, c.URL(), "-XAtqc", statement).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v %s", statement, err, out)
	}
	return strings.TrimSpace(string(out))
}

// serverPID returns the live postmaster of a home, or 0.
func serverPID(t *testing.T, home string) int {
	t.Helper()
	p := &place{base: home}
	if moved, err := os.ReadFile(filepath.Join(home, elsewhereFile)); err == nil {
		p.base = strings.TrimSpace(string(moved))
	}
	pm, err := p.readPostmaster()
	if err != nil {
		t.Fatal(err)
	}
	if !p.alive(pm) {
		return 0
	}
	return pm.pid
}

func killServer(t *testing.T, home string) {
	t.Helper()
	if pid := serverPID(t, home); pid > 1 {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
	}
}

func wantDown(t *testing.T, home string) {
	t.Helper()
	if pid := serverPID(t, home); pid != 0 {
		t.Errorf("the server (process %d) still runs", pid)
	}
}
