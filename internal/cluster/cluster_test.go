package cluster

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestNewStore(t *testing.T) {
	t.Parallel()
	home := emptyHome(t)
	var notices []string
	o := options(home)
	o.Notice = func(s string) { notices = append(notices, s) }
	c := mustOpen(t, o)

	if len(notices) != 1 || !strings.Contains(notices[0], home) {
		t.Errorf("notices %q, want one that names %s", notices, home)
	}
	for dir, mode := range map[string]os.FileMode{"db": 0o700, "socket": 0o700, "run": 0o700, "log": 0o700, "log/server.log": 0o600,
		"socket/.s.PGSQL.5432": 0o700} {
		info, err := os.Lstat(filepath.Join(home, dir))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", dir, info.Mode().Perm(), mode)
		}
	}
	for setting, want := range map[string]string{
		"listen_addresses": "", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on",
		"jit": "off", "shared_buffers": "128MB", "server_encoding": "UTF8", "lc_messages": "C", "TimeZone": "UTC",
	} {
		if got := sql(t, c, "SHOW "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got, want := sql(t, c, "SELECT datname||datcollate||encoding||session_user FROM pg_database WHERE datname=current_database()"),
		"spoorC6spoor"; got != want {
		t.Errorf("database %q, want %q", got, want)
	}
	if v := c.Version(); !strings.HasPrefix(sql(t, c, "SHOW server_version"), v) || v == "" {
		t.Errorf("version %q", v)
	}
	mustClose(t, c)
	wantDown(t, home)
	if err := c.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestSharedWithinOneProcess(t *testing.T) {
	home := readyHome(t)
	first := mustOpen(t, options(home))
	second := mustOpen(t, options(home))
	if first.server != second.server || first.URL() != second.URL() {
		t.Errorf("two servers: %v and %v", first.server, second.server)
	}
	if users := mustStatus(t, home).Users; len(users) != 2 || users[0] != os.Getpid() {
		t.Errorf("users %v, want this process twice", users)
	}
	mustClose(t, first)
	if got := sql(t, second, "SELECT 1"); got != "1" {
		t.Errorf("after the first has left: %q", got)
	}
	mustClose(t, second)
	wantDown(t, home)
}

func TestEightProcesses(t *testing.T) {
	t.Parallel()
	home := emptyHome(t) // also the store is made once only
	var users [8]*visitor
	var pids [8]int
	var wait sync.WaitGroup
	for i := range users {
		users[i] = startVisitor(t, home)
		wait.Go(func() { pids[i] = users[i].opened() })
	}
	wait.Wait()
	for _, pid := range pids {
		if pid != pids[0] || pid == 0 {
			t.Errorf("more than one server, or none: %v", pids)
		}
	}
	if info := mustStatus(t, home); len(info.Users) != 8 {
		t.Errorf("users %v, want 8", info.Users)
	}
	for _, u := range users {
		if serverPID(t, home) == 0 {
			t.Error("the server is down before the last user has left")
		}
		u.close()
	}
	wantDown(t, home)
}

func TestEndsCross(t *testing.T) {
	// One leaves while the other comes, over and over: each user must have a
	// server meanwhile.
	home := readyHome(t)
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for range 6 {
				c, err := Open(t.Context(), options(home))
				if err != nil {
					t.Error(err)
					return
				}
				if _, got, err := session(t.Context(), socketPath(c.server.socketDir, c.server.port), databaseName, "SELECT 1"); err != nil || got != "1" {
					t.Errorf("in, but the server does not answer: %v", err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	wantDown(t, home)
}

func TestCtrlCReachesNotTheServer(t *testing.T) {
	home := readyHome(t)
	u := startVisitor(t, home)
	pid := u.opened()
	if err := syscall.Kill(-u.cmd.Process.Pid, syscall.SIGINT); err != nil { // as the terminal does: to the whole group
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	if serverPID(t, home) != pid {
		t.Error("Ctrl-C stopped the server before the command had drained")
	}
	u.close()
	wantDown(t, home)
}

func TestStartStaysUntilStop(t *testing.T) {
	home := readyHome(t)
	info, err := Start(t.Context(), options(home))
	if err != nil {
		t.Fatal(err)
	}
	if !info.Running || !info.Kept || info.PID == 0 || info.Size < 1<<20 || info.URL == "" || len(info.Users) != 0 {
		t.Errorf("after Start: %+v", info)
	}
	c := mustOpen(t, options(home))
	mustClose(t, c)
	if serverPID(t, home) != info.PID {
		t.Error("a command stopped the server that Start keeps up")
	}

	c = mustOpen(t, options(home))
	var busy *BusyError
	if err := Stop(t.Context(), options(home)); !errors.As(err, &busy) || len(busy.PIDs) != 1 || busy.PIDs[0] != os.Getpid() {
		t.Errorf("Stop while in use: %v", err)
	}
	if got := sql(t, c, "SELECT 1"); got != "1" {
		t.Errorf("Stop cut off a user: %q", got)
	}
	mustClose(t, c) // Stop has ended the keeping
	wantDown(t, home)

	if err := Stop(t.Context(), options(home)); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Stop when down: %v", err)
	}
	if _, err := Start(t.Context(), options(home)); err != nil {
		t.Fatal(err)
	}
	if err := Stop(t.Context(), options(home)); err != nil {
		t.Errorf("Stop: %v", err)
	}
	wantDown(t, home)
	if info := mustStatus(t, home); info.Running || info.Kept || info.Version == "" {
		t.Errorf("after Stop: %+v", info)
	}
}

func TestReadingNeverWrites(t *testing.T) {
	home := emptyHome(t)
	o := options(home)
	o.Create = false
	if _, err := Open(t.Context(), o); !errors.Is(err, ErrNoStore) {
		t.Errorf("Open: %v", err)
	}
	if _, err := Status(t.Context(), options(home)); !errors.Is(err, ErrNoStore) {
		t.Errorf("Status: %v", err)
	}
	if err := Stop(t.Context(), options(home)); !errors.Is(err, ErrNoStore) {
		t.Errorf("Stop: %v", err)
	}
	if _, err := os.Lstat(home); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the home was made: %v", err)
	}
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), o); !errors.Is(err, ErrNoStore) {
		t.Errorf("Open of an empty home: %v", err)
	}
	if entries, err := os.ReadDir(home); err != nil || len(entries) > 0 {
		t.Errorf("the empty home now holds %v (%v)", entries, err)
	}
}

func TestOwnSettings(t *testing.T) {
	home := readyHome(t)
	local := filepath.Join(home, "db", "spoor-local.conf")
	if err := os.WriteFile(local, []byte("work_mem = 7MB\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c := mustOpen(t, options(home))
	if got := sql(t, c, "SHOW work_mem"); got != "7MB" {
		t.Errorf("work_mem is %s: spoor-local.conf is not read", got)
	}
	mustClose(t, c)
	if err := os.Remove(local); err != nil {
		t.Fatal(err)
	}
}

func TestLongPath(t *testing.T) {
	short := readyHome(t)
	home := filepath.Join(filepath.Dir(short), strings.Repeat("long'name/", 12))
	if err := os.MkdirAll(filepath.Dir(home), 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(short, home); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		killServer(t, home)
		if err := os.Rename(home, short); err != nil {
			t.Error(err)
		}
	})
	c := mustOpen(t, options(home))
	u, err := url.Parse(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	dir := u.Query().Get("host")
	if n := len(dir + "/.s.PGSQL.5432"); n > 107 {
		t.Errorf("socket path of %d bytes", n)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%s: %v %v, want 0700", dir, info.Mode(), err)
	}
	if got := sql(t, c, "SELECT 1"); got != "1" {
		t.Errorf("through %s: %q", dir, got)
	}
	mustClose(t, c)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s stays: %v", dir, err)
	}
}
