package facts_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"spoor/internal/cluster"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// cleanContent returns the rows that one undisturbed import stores.
func cleanContent(t *testing.T) string {
	t.Helper()
	s := storetest.New(t)
	if _, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", childMessages, childMessages); err != nil {
		t.Fatal(err)
	}
	return content(t, s)
}

// TestKilledImports kills two importers of one folder again and again, at any moment;
// the next run completes it, with nothing twice and nothing missing.
func TestKilledImports(t *testing.T) {
	want := cleanContent(t)
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	var stored []string
	for round := range 12 {
		var children []child
		for range 2 {
			children = append(children, startChild(t, url))
		}
		time.Sleep(time.Duration(40+rand.IntN(60)) * time.Millisecond)
		for _, c := range children {
			c.Process.Kill()
			c.wait()
		}
		if half := storetest.Column(t, s, `SELECT m.message_key::text FROM messages m
			WHERE (SELECT count(*) FROM urls u WHERE u.message_key = m.message_key) <> 9
			   OR (SELECT count(*) FROM raw r WHERE r.message_key = m.message_key) <> 1
			   OR (SELECT count(*) FROM places p WHERE p.message_key = m.message_key) <> 1`); len(half) > 0 {
			t.Fatalf("round %d left %d messages by halves", round, len(half))
		}
		stored = append(stored, storetest.Column(t, s, "SELECT count(*)::text FROM messages")...)
	}
	t.Logf("stored after each kill, of %d: %v", childMessages, stored)
	if out, err := startChild(t, url).wait(); err != nil {
		t.Fatal(err, out)
	}
	if got := content(t, s); got != want {
		t.Errorf("after the kills:\n%s\nafter one clean run:\n%s", got, want)
	}
}

type child struct {
	*exec.Cmd
	stderr *strings.Builder
}

func startChild(t *testing.T, url string) child {
	t.Helper()
	c := child{exec.Command(os.Args[0]), &strings.Builder{}}
	c.Env = append(os.Environ(), childURL+"="+url)
	c.Stderr = c.stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c child) wait() (string, error) {
	err := c.Wait()
	return c.stderr.String(), err
}

// TestLostServer kills the server under an import.
func TestLostServer(t *testing.T) {
	want := cleanContent(t)
	home := reachableDir(t)
	server := startServer(t, home)
	s := storetest.Open(t, server.URL())
	i := begin(t, facts.New(s))
	if _, err := i.Store(t.Context(), storetest.Batch("/srv/a.mbox", 0, 100)); err != nil {
		t.Fatal(err)
	}
	for _, moment := range []time.Duration{0, 5 * time.Millisecond} {
		failed := make(chan error, 1)
		go func() {
			var err error
			for err == nil {
				_, err = importFolder(context.Background(), facts.New(s), "/srv/a.mbox", 400, 40)
			}
			failed <- err
		}()
		time.Sleep(moment)
		killServer(t, home)
		select {
		case err := <-failed:
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("the error does not say that the server is gone: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the import did not notice that the server is gone")
		}
		server = startServer(t, home)
		s = storetest.Open(t, server.URL())
	}
	if _, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", childMessages, 100); err != nil {
		t.Fatal(err)
	}
	if got := content(t, s); got != want {
		t.Errorf("after the loss:\n%s\nafter one clean run:\n%s", got, want)
	}
}

// reachableDir is a temporary directory that the server's user gets to as well: t.TempDir
// makes one that only we do, and as root we are not that user.
func reachableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "spoor-store")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startServer(t *testing.T, home string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Open(t.Context(), cluster.Options{Home: home, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	// Processes are killed here, not machines: nobody has to wait for the disk.
	if err := storetest.Exec(storetest.Open(t, c.URL()), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"); err != nil {
		t.Fatal(err)
	}
	return c
}

func killServer(t *testing.T, home string) {
	t.Helper()
	info, err := cluster.Status(t.Context(), cluster.Options{Home: home})
	if err != nil || info.PID <= 1 {
		t.Fatal(info, err)
	}
	if err := syscall.Kill(info.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
