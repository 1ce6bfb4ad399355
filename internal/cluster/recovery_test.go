package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestKilledUserLeavesAServerToJoin(t *testing.T) {
	home := readyHome(t)
	u := startVisitor(t, home)
	pid := u.opened()
	u.kill()
	if serverPID(t, home) != pid {
		t.Fatal("the server went with its user")
	}
	if users := mustStatus(t, home).Users; len(users) != 0 {
		t.Errorf("a killed user still counts: %v", users)
	}
	c := mustOpen(t, options(home))
	if c.server.pid != pid {
		t.Errorf("joined process %d, want %d", c.server.pid, pid)
	}
	mustClose(t, c)
	wantDown(t, home)
}

// TestKillsAtRandom kills commands and servers at any moment, initdb included:
// the next command has to come up with every row that was committed.
func TestKillsAtRandom(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	home := emptyHome(t)
	rows := 0
	for range 12 {
		victim, other := startVisitor(t, home), startVisitor(t, home)
		time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
		if random.IntN(2) == 0 {
			killServer(t, home)
		}
		victim.kill()
		if random.IntN(2) == 0 {
			killServer(t, home)
		}
		other.kill()
		if random.IntN(3) == 0 {
			continue // and again, on top of the remains
		}
		rows = checkRecovered(t, home, rows)
		if t.Failed() {
			return
		}
	}
	killServer(t, home)
	// An initdb that outlived its command writes on for a second; then its data are swept.
	left := []string{""}
	for tries := 0; len(left) > 0 && tries < 60; tries++ {
		rows = checkRecovered(t, home, rows)
		left, _ = filepath.Glob(filepath.Join(home, halfMade+"*"))
	}
	if len(left) > 0 {
		t.Fatalf("half-made data stay: %v", left)
	}
	t.Logf("%d recoveries", rows)
}

// checkRecovered opens the store, finds the rows of all earlier calls and adds one.
func checkRecovered(t *testing.T, home string, rows int) int {
	t.Helper()
	c, err := Open(t.Context(), options(home))
	if err != nil {
		t.Errorf("after the kills: %v", err)
		return rows
	}
	got := sql(t, c, "SET client_min_messages=error; CREATE TABLE IF NOT EXISTS kept(n int); INSERT INTO kept SELECT count(*) FROM kept; SELECT count(*) FROM kept")
	if got != strconv.Itoa(rows+1) {
		t.Errorf("%s rows, want %d", got, rows+1)
	}
	if rand.IntN(2) == 0 {
		killServer(t, home) // with the table just written
		c.Close()           // its server is gone: an error is right, and so is none
	} else if err := c.Close(); err != nil {
		t.Error(err)
	}
	return rows + 1
}

func TestStaleFiles(t *testing.T) {
	foreign := strconv.Itoa(os.Getpid()) // alive and no postmaster, as after a reboot or in a container
	for name, spoil := range map[string]func(t *testing.T, home string){
		"number of another process": func(t *testing.T, home string) {
			write(t, home, "db/postmaster.pid", foreign+"\n"+home+"/db\n1700000000\n5432\n"+home+"/socket\n\n  1 2\nready   \n")
			write(t, home, "socket/.s.PGSQL.5432.lock", foreign+"\n"+home+"/db\n1700000000\n5432\n"+home+"/socket\n")
			write(t, home, "socket/.s.PGSQL.5432", "")
		},
		"only the socket's lock": func(t *testing.T, home string) {
			write(t, home, "socket/.s.PGSQL.5432.lock", foreign+"\n"+home+"/db\n1700000000\n5432\n"+home+"/socket\n")
		},
		"number of no process": func(t *testing.T, home string) {
			write(t, home, "db/postmaster.pid", "4194304\n"+home+"/db\n1700000000\n5432\n"+home+"/socket\n\n  1 2\nready   \n")
		},
		"empty lock files": func(t *testing.T, home string) {
			write(t, home, "db/postmaster.pid", "")
			write(t, home, "socket/.s.PGSQL.5432.lock", "")
		},
		"junk in the lock file": func(t *testing.T, home string) {
			write(t, home, "db/postmaster.pid", "-1\nx")
		},
		"files of dead users": func(t *testing.T, home string) {
			write(t, home, "run/user-1-ABC", "")
			write(t, home, "run/user-junk", "")
		},
		"half-made data": func(t *testing.T, home string) {
			if err := os.MkdirAll(filepath.Join(home, halfMade+"1", "base"), 0o700); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := readyHome(t)
			spoil(t, home)
			c := mustOpen(t, options(home))
			mustClose(t, c)
			wantDown(t, home)
			for _, gone := range []string{"run/user-1-ABC", "run/user-junk", "db/postmaster.pid"} {
				if _, err := os.Lstat(filepath.Join(home, gone)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s stays: %v", gone, err)
				}
			}
		})
	}
}

// write puts a file into a home as if PostgreSQL had written it.
func write(t *testing.T, home, name, text string) {
	t.Helper()
	path := filepath.Join(home, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	owner := dir.Sys().(*syscall.Stat_t)
	if err := os.Lchown(path, int(owner.Uid), int(owner.Gid)); err != nil {
		t.Fatal(err)
	}
}

func TestOtherVersionIsRefusedAndUntouched(t *testing.T) {
	home := readyHome(t)
	right, err := os.ReadFile(filepath.Join(home, "db/PG_VERSION"))
	if err != nil {
		t.Fatal(err)
	}
	defer write(t, home, "db/PG_VERSION", string(right))
	for _, major := range []string{"9.6", "12", "99"} {
		write(t, home, "db/PG_VERSION", major+"\n")
		before := listing(t, home)
		_, err := Open(t.Context(), options(home))
		var other *VersionError
		if !errors.As(err, &other) {
			t.Fatalf("version %s: %v", major, err)
		}
		if want, _ := leadingInt(major); other.Need != want {
			t.Errorf("needs %d, want %d", other.Need, want)
		}
		for _, word := range []string{"nothing was changed", "install", "pg_dump"} {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("the error does not say %q: %v", word, err)
			}
		}
		if after := listing(t, home); after != before {
			t.Errorf("version %s: the data were changed:\n%s\n%s", major, before, after)
		}
		wantDown(t, home)
	}
}

// listing lists the files of a data directory with the times of their last
// change.
func listing(t *testing.T, home string) string {
	t.Helper()
	out, err := exec.Command("find", filepath.Join(home, "db"), "-printf", "%p %m %u %s %T@\n").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	home := emptyHome(t)
	if err := os.MkdirAll(filepath.Join(home, "db", "holiday"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), options(home)); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("a db that is no cluster: %v", err)
	}
	if _, err := os.Stat(filepath.Join(home, "db", "holiday")); err != nil {
		t.Error(err)
	}
}

// TestServerErrorsAreShown runs programs that fail as PostgreSQL's do.
func TestServerErrorsAreShown(t *testing.T) {
	for _, c := range []struct {
		name, postgres, initdb string
		ready                  bool
		want                   []string
	}{
		{name: "disk full in initdb", initdb: `echo 'creating subdirectories ... initdb: error: could not create directory "base": No space left on device' >&2; exit 1`,
			want: []string{"No space left on device", "make room", "initdb"}},
		{name: "disk full at start", ready: true, postgres: `echo 'FATAL:  could not write lock file "postmaster.pid": No space left on device' >&2; exit 1`,
			want: []string{"No space left on device", "make room", "log/server.log"}},
		{name: "bad setting", ready: true, postgres: `echo 'FATAL:  configuration file contains errors' >&2; exit 1`,
			want: []string{"configuration file contains errors", "log/server.log"}},
		{name: "control characters", ready: true, postgres: `printf 'FATAL: \033]0;evil\007 name\n' >&2; exit 1`,
			want: []string{"FATAL: ]0;evil name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := emptyHome(t)
			if c.ready {
				home = readyHome(t)
			}
			bin := fakePrograms(t, filepath.Dir(home), c.postgres, c.initdb)
			o := options(home)
			o.binDirs, o.Getenv = []string{bin}, func(string) string { return "" }
			_, err := Open(t.Context(), o)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(home, halfMade+"*")); len(left) > 0 {
				t.Errorf("half-made data stay: %v", left)
			}
		})
	}
}

// TestRecoveryIsTold: a user is told of a long recovery, once, and not of a start that
// is slow because the machine is busy.
func TestRecoveryIsTold(t *testing.T) {
	for said, want := range map[string]int{
		"LOG:  database system was shut down at 2026-03-01 12:00:00 UTC\n":               0,
		"LOG:  database system was interrupted; last known up at 2026-03-01 12:00 UTC\n": 1,
	} {
		told := 0
		o := options(emptyHome(t))
		o.Notice = func(string) { told++ }
		p, err := settle(o)
		if err != nil {
			t.Fatal(err)
		}
		defer p.close()
		log, err := p.openLog()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := log.WriteString(said); err != nil {
			t.Fatal(err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		for _, own := range []*launch{nil, {}} {
			told = 0
			s := &starter{place: p, own: own, began: time.Now().Add(-2 * recoveryTell)}
			for range 2 {
				if err := s.patience(&postmaster{status: "starting"}); err != nil {
					t.Error(err)
				}
			}
			if told != want {
				t.Errorf("%q: told %d times, want %d", said, told, want)
			}
		}
	}
}

// fakePrograms makes postgres and initdb out of shell commands; the real ones run after them.
func fakePrograms(t *testing.T, dir, postgres, initdb string) string {
	t.Helper()
	p := &place{Options: mustDefaults(t, Options{Home: "/nowhere"})}
	real := ""
	for _, candidate := range p.candidates() {
		if candidate != "" {
			real = candidate
		}
	}
	bin := filepath.Join(dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{"postgres": postgres, "initdb": initdb} {
		text := fmt.Sprintf("#!/bin/sh\ncase \"$1\" in --version) ;; *) %s ;; esac\nexec %s/%s \"$@\"\n", orTrue(script), real, name)
		if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

func orTrue(script string) string {
	if script == "" {
		return "true"
	}
	return script
}

func TestCancelledStartLeavesNothing(t *testing.T) {
	home := readyHome(t)
	bin := fakePrograms(t, filepath.Dir(home), "sleep 0.4", "")
	o := options(home)
	o.binDirs, o.Getenv = []string{bin}, func(string) string { return "" }
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, o); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
	time.Sleep(500 * time.Millisecond)
	wantDown(t, home)
}
