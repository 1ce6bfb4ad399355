package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the built command with a store of its own.
type program struct {
	t    *testing.T
	home string
}

func newProgram(t *testing.T) *program {
	t.Helper()
	dir, err := os.MkdirTemp("", "spoor-stop-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL's user has to get in, see isolate
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return &program{t: t, home: filepath.Join(dir, "spoor")}
}

func (p *program) command(args ...string) *exec.Cmd {
	cmd := exec.Command("collector", args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") && !strings.HasPrefix(v, "DATABASE_URL=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "SPOOR_HOME="+p.home)
	return cmd
}

// output runs a command that must succeed.
func (p *program) output(args ...string) string {
	p.t.Helper()
	var stderr bytes.Buffer
	cmd := p.command(args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatalf("collector %q: %v\n%s%s", args, err, out, &stderr)
	}
	return string(out)
}

// sum is the sum in the output of import --json.
type sum struct {
	Read, New   int64
	Known       int64 `json:"already_stored"`
	NotReadable int64 `json:"not_readable"`
	Stopped     bool
}

func (p *program) sum(out string) (s sum) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		p.t.Fatalf("%v in %q", err, out)
	}
	if s.Read != s.New+s.Known+s.NotReadable {
		p.t.Errorf("the sum does not add up: %+v", s)
	}
	return s
}

// invented is mail number n; one in ten repeats an earlier one.
func invented(n int) string {
	if n%10 == 9 {
		n -= 5
	}
	return fmt.Sprintf("Received: from h%d.pool.example (h%d.pool.example [203.0.113.%d])\n"+
		"\tby mx.example.com (Postfix) with SMTP id A%05d\n\tfor <r%d@example.com>; Sun, 8 Jan 2006 14:%02d:%02d +0000\n"+
		"Message-ID: <%d@shop.example>\nDate: Sun, 8 Jan 2006 14:%02d:00 +0000\nFrom: Shop <x@shop.example>\nSubject: Number %d\n\n"+
		"Buy at http://www.shop%d.example/oem?id=%d or call.\n\n",
		n, n, n%250, n, n, n/60%60, n%60, n, n/60%60, n, n%7, n)
}

// mbox is the first n invented mails, each with so many lines of text more.
func mbox(n, lines int) string {
	var b strings.Builder
	text := strings.Repeat("Whatever you need, we have it in stock and send it today.\n", lines) + "\n"
	for i := range n {
		b.WriteString("From x@shop.example Sun Jan  8 14:44:01 2006\n" + invented(i) + text)
	}
	return b.String()
}

// TestInterrupt stops an import that waits for more input: the messages so far
// are stored, the sum is printed, and the next run brings the rest.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	cmd := p.command("import", "--json", "-")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// More than the survey for our own servers keeps to itself (32 MiB).
	if _, err := io.WriteString(in, mbox(6000, 120)); err != nil {
		t.Fatal(err, &stderr)
	}
	// The import waits for more; its work so far is visible.
	for looks := 0; p.output("db", "psql", "--", "-Atc", "SELECT count(*) > 0 FROM messages") != "t\n"; looks++ {
		if looks == 500 {
			t.Fatalf("nothing was stored; kill: %v", cmd.Process.Kill())
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err = <-done:
	case <-time.After(5 * time.Minute): // it hangs; no machine is that busy
		t.Fatalf("still running after SIGINT; kill: %v", cmd.Process.Kill())
	}
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit %d, want 130 (%v)\n%s", code, err, &stderr)
	}
	first := p.sum(stdout.String())
	if !first.Stopped || first.New == 0 {
		t.Errorf("stopped with %+v", first)
	}

	again := p.command("import", "--json", "-")
	again.Stdin = strings.NewReader(mbox(6500, 120))
	out, err := again.Output()
	if err != nil {
		t.Fatal(err)
	}
	rest := p.sum(string(out))
	if distinct := int64(6500 * 9 / 10); rest.Read != 6500 || first.New+rest.New != distinct {
		t.Errorf("%d and %d new of %d; the second run %+v", first.New, rest.New, distinct, rest)
	}
}

// contents is the store without the columns that differ between any two
// imports.
const contents = `SELECT 'messages', count(*), md5(string_agg(m::text, '|' ORDER BY message_key)) FROM
	(SELECT message_key, sha256, size, ham, message_id, subject, from_address, sender, helo, received_at FROM messages) m
UNION ALL SELECT 'raw', count(*), md5(string_agg(message_key::text || cut::text, '|' ORDER BY message_key)) FROM raw
UNION ALL SELECT 'hops', count(*), md5(string_agg(h::text, '|' ORDER BY message_key, n)) FROM (SELECT message_key, n, helo, address, by_name, at FROM hops) h
UNION ALL SELECT 'urls', count(*), md5(string_agg(u::text, '|' ORDER BY message_key, n)) FROM (SELECT message_key, n, url, host, domain, part, found_in FROM urls) u
UNION ALL SELECT 'places', count(*), md5(string_agg(p::text, '|' ORDER BY message_key, byte_offset, name)) FROM (SELECT message_key, byte_offset, name, length FROM places) p
UNION ALL SELECT 'parts', count(*), md5(string_agg(p::text, '|' ORDER BY message_key, n)) FROM (SELECT message_key, n, media_type, size FROM parts) p
ORDER BY 1`

// TestKilled kills imports with SIGKILL at random moments, some of them together with
// their database, until one ends by itself: the store is then the same as after one
// import that nobody disturbed.
func TestKilled(t *testing.T) {
	t.Parallel()
	const messages, kills = 8_000, 5
	file := filepath.Join(t.TempDir(), "spam.mbox")
	if err := os.WriteFile(file, []byte(mbox(messages, 0)), 0o644); err != nil {
		t.Fatal(err)
	}
	calm, hunted := newProgram(t), newProgram(t)
	p := calm.sum(calm.output("import", "--json", file))
	if p.Read != messages || p.New != messages*9/10 {
		t.Fatalf("undisturbed: %+v", p)
	}
	ended := 0
	for i := range kills {
		cmd := hunted.command("import", "--json", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(50+rand.IntN(600))*time.Millisecond, func() {
			if i == 2 {
				killDatabase(hunted.home)
			}
			cmd.Process.Kill() // it may have ended by itself
		})
		if err := cmd.Wait(); err == nil {
			ended++
		}
		timer.Stop()
	}
	t.Logf("%d of %d imports were done before they were killed", ended, kills)
	if s := hunted.sum(hunted.output("import", "--json", file)); s.Read != messages {
		t.Errorf("the last import: %+v", s)
	}
	want := calm.output("db", "psql", "--", "-Atc", contents)
	got := hunted.output("db", "psql", "--", "-Atc", contents)
	if want != got {
		t.Errorf("after kills the store holds\n%swant\n%s", got, want)
	}
}

// killDatabase ends the postmaster of this home, if it is up, as a crash would.
func killDatabase(home string) {
	text, err := os.ReadFile(filepath.Join(home, "db", "postmaster.pid"))
	if err != nil {
		return
	}
	var pid int
	if _, err := fmt.Sscan(string(text), &pid); err == nil && pid > 1 {
		syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
	}
}
