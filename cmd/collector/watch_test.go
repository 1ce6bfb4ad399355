package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql/store/storetest"
)

// watched is a log and a Maildir that a store is told of.
type watched struct {
	t              *testing.T
	url, log, mail string
	lines          int
}

func newWatched(t *testing.T) *watched {
	dir := t.TempDir()
	w := &watched{t: t, url: storetest.URL(t), log: filepath.Join(dir, "mail.log"), mail: filepath.Join(dir, "Maildir")}
	for _, box := range []string{"new", "cur", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.mail, box), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *watched) command(args ...string) *exec.Cmd {
	cmd := exec.Command("collector", args...)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+w.url, "SPOOR_OFFLINE=1")
	return cmd
}

// run runs a command that must succeed, and returns its output.
func (w *watched) run(args ...string) string {
	w.t.Helper()
	var stderr bytes.Buffer
	cmd := w.command(args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("collector %q: %v\n%s%s", args, err, out, &stderr)
	}
	return string(out)
}

// refuse adds n refused recipients of one sender to the log, some seconds apart.
func (w *watched) refuse(n int) {
	var b strings.Builder
	for range n {
		w.lines++
		at := time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC).Add(time.Duration(7*w.lines) * time.Second)
		fmt.Fprintf(&b, "%s mx2 postfix/smtpd[%d]: NOQUEUE: reject: RCPT from unknown[203.0.113.31]: 550 5.1.1 <u%d@own.example>: Recipient address rejected: User unknown; "+
			"from=<a%d@spam.example> to=<u%d@own.example> proto=SMTP helo=<144899528>\n", at.Format(time.RFC3339), w.lines, w.lines, w.lines, w.lines)
	}
	f, err := os.OpenFile(w.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(b.String()); err != nil {
		w.t.Fatal(err)
	}
}

// rotate renames the log, and compresses it as logrotate does.
func (w *watched) rotate(n int, compress bool) {
	to := fmt.Sprintf("%s.%d", w.log, n)
	if err := os.Rename(w.log, to); err != nil {
		w.t.Fatal(err)
	}
	if !compress {
		return
	}
	info, err := os.Stat(to)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := os.ReadFile(to)
	if err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		w.t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(to+".gz", b.Bytes(), 0o644); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Chtimes(to+".gz", info.ModTime(), info.ModTime()); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Remove(to); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) query(sql string) (n int) {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(w.t.Context()))
	if err := conn.QueryRow(w.t.Context(), sql).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// TestWatch: a burst is printed and told to those who listen, once; lines after
// a rotation, a compression and a restart are read, once; and new mail in a
// Maildir.
func TestWatch(t *testing.T) {
	t.Parallel()
	w := newWatched(t)
	conn, err := pgx.Connect(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), "LISTEN spoor_spamrun"); err != nil {
		t.Fatal(err)
	}
	watch := func() string { return w.run("watch", "--once", w.log, w.mail) }
	w.refuse(12)
	if out := watch(); strings.Count(out, "burst from 203.0.113.31: 12 recipients, 12 refused, to [own.example]") != 1 {
		t.Errorf("printed %q", out)
	}
	heard, err := conn.WaitForNotification(t.Context())
	if err != nil || !strings.Contains(heard.Payload, `"sender":"203.0.113.31"`) || !strings.Contains(heard.Payload, `"attempts":12`) {
		t.Errorf("heard %+v, %v", heard, err)
	}
	w.refuse(3)
	w.rotate(1, true) // while nobody watched
	w.refuse(2)
	if err := os.WriteFile(filepath.Join(w.mail, "new", "1.a.b"), []byte(invented(1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := watch(); strings.Contains(out, "burst from 203.0.113.31") {
		t.Errorf("told twice: %q", out)
	}
	if n := w.query("SELECT count(*) FROM recipients_v WHERE verdict = 'refused'"); n != w.lines {
		t.Errorf("%d refused recipients, want %d", n, w.lines)
	}
	if n := w.query("SELECT attempts FROM spamruns_v WHERE sender = '203.0.113.31'"); n != w.lines {
		t.Errorf("the run has %d attempts, want %d", n, w.lines)
	}
	if n := w.query("SELECT count(*) FROM messages_v"); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

// kills is how often TestWatchKilled kills: go test -run WatchKilled ./cmd/collector -args
// -kills 100 for more.
var kills = flag.Int("kills", 4, "rounds of TestWatchKilled")

// TestWatchKilled: kill -9 at any instant, with rotations between, loses nothing and counts
// nothing twice. A log is followed from the first position that was stored: a watch that is
// killed before that never began, and a log rotated meanwhile is none of its own.
func TestWatchKilled(t *testing.T) {
	t.Parallel()
	w := newWatched(t)
	dice := rand.New(rand.NewPCG(1, 9))
	w.refuse(1)
	w.run("watch", "--once", w.log)
	for round := range *kills {
		cmd := w.command("watch", "--every", "50ms", w.log)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			w.refuse(1 + dice.IntN(30))
			time.Sleep(time.Duration(dice.IntN(300)) * time.Millisecond)
		}
		if round%2 == 1 {
			w.rotate(round, dice.IntN(2) == 0)
			w.refuse(1 + dice.IntN(5))
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("it ended before it was killed")
		}
	}
	w.run("watch", "--once", w.log)
	if n := w.query("SELECT count(*) FROM recipients_v"); n != w.lines {
		t.Errorf("%d recipients after %d kills, want %d", n, *kills, w.lines)
	}
	if n := w.query("SELECT count(DISTINCT recipient) FROM recipients_v"); n != w.lines {
		t.Errorf("%d different recipients after %d kills, want %d", n, *kills, w.lines)
	}
}
