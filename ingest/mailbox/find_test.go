package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newGuarded(in []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(in)) }

// all returns the results of Find and Messages for some paths.
type all struct {
	sources  []*Source
	raws     []Raw
	failures []*Failure
}

func find(t testing.TB, paths ...string) all { return findIn(t, nil, paths...) }

func findIn(t testing.TB, stdin io.Reader, paths ...string) (a all) {
	t.Helper()
	failed := func(err error) {
		var f *Failure
		if !errors.As(err, &f) {
			t.Fatalf("not a Failure: %v", err)
		}
		a.failures = append(a.failures, f)
	}
	for s, err := range Find(t.Context(), paths, stdin, Limits{}) {
		if err != nil {
			failed(err)
			continue
		}
		a.sources = append(a.sources, s)
		for r, err := range s.Messages(t.Context(), Limits{}) {
			if err != nil {
				failed(err)
				continue
			}
			a.raws = append(a.raws, r)
		}
	}
	return a
}

// summary lists the results with paths relative to dir.
func (a all) summary(dir string) (out []string) {
	rel := func(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, dir), "/") }
	for _, s := range a.sources {
		out = append(out, fmt.Sprintf("source %s %s%s %d", rel(s.Path), s.Format, strings.TrimSuffix(" "+s.Compression, " "), s.Files))
	}
	for _, r := range a.raws {
		out = append(out, strings.TrimRight(fmt.Sprintf("%s|%s@%d %s %s", rel(r.Path), r.Name, r.Offset, r.Format, r.Flags), " "))
	}
	for _, f := range a.failures {
		out = append(out, fmt.Sprintf("%s|%s %s", rel(f.Path), f.Name, f.Code))
	}
	return out
}

func TestFindInFolders(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"single messages, recursive", map[string]string{"b.eml": letter, "a": letter, "sub/c": letter, ".hidden": letter},
			[]string{"source  message 3", "|a@0 message", "|b.eml@0 message", "|sub/c@0 message"}},
		{"mbox among them", map[string]string{"a": letter, "box": fromA + letter + "\n" + fromB + letter},
			[]string{"source  message 2", "|a@0 message", "|box@44 mbox", "|box@127 mbox"}},
		{"large mbox by itself", map[string]string{"a": letter, "box": strings.Repeat(fromA+letter+"\n", 1) + fromB + letter + strings.Repeat("x\n", 40000)},
			[]string{"source  message 1", "source box mbox 0", "|a@0 message", "box|@44 mbox", "box|@127 mbox"}},
		{"Maildir", map[string]string{"cur/1:2,RS": letter, "cur/2;2,S": letter, "cur/3!2,T": letter, "new/4": "\nodd", "tmp/5": letter, "cur/6:2,": "", "dovecot-uidlist": "3 V1"},
			[]string{"source  maildir 5", "|cur/1:2,RS@0 maildir RS", "|cur/2;2,S@0 maildir S", "|cur/3!2,T@0 maildir T", "|new/4@0 maildir", "|cur/6:2, empty"}},
		{"Maildir++", map[string]string{"cur/1": letter, "new/x": letter, ".Spam/cur/2": letter, ".Spam.Old/new/3": letter, ".Spam.Old/cur/4": letter, ".git/config": letter},
			[]string{"source  maildir 2", "source .Spam maildir 1", "source .Spam.Old maildir 2", "|cur/1@0 maildir", "|new/x@0 maildir", ".Spam|cur/2@0 maildir", ".Spam.Old|cur/4@0 maildir", ".Spam.Old|new/3@0 maildir"}},
		{"Maildir that begins with a separator", map[string]string{"cur/1:2,S": fromA + letter, "new/x": letter},
			[]string{"source  maildir 2", "|cur/1:2,S@44 maildir S", "|new/x@0 maildir"}},
		{"mail beside a Maildir", map[string]string{"cur/1": letter, "2": letter, "sub/x": letter},
			[]string{"source  message 2", "source  maildir 1", "|2@0 message", "|sub/x@0 message", "|cur/1@0 maildir"}},
		{"MH, by number", map[string]string{"10": letter, "9": letter, "1": "odd", ".mh_sequences": "unseen: 1", "sub/1": letter},
			[]string{"source  mh 3", "source sub mh 1", "|1@0 mh", "|9@0 mh", "|10@0 mh", "sub|1@0 mh"}},
		{"numbers among names are no MH", map[string]string{"1": letter, "x.eml": letter},
			[]string{"source  message 2", "|1@0 message", "|x.eml@0 message"}},
		{"what is no mail", map[string]string{"a.png": "\x89PNG\r\n\x1a\n", "b": "", "c": "<!DOCTYPE html><p>", "d": "Aug 22 13:17:22 mx postfix/smtpd[1]: connect\n", "e": "Hello, world\n", "f": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "g": letter, "h": "{\"a\": 1}", "i": "name: x\non: y\n"},
			[]string{"source  message 9", "|g@0 message", "|a.png not-mail", "|b empty", "|c not-mail", "|d mail-log", "|e not-mail", "|f not-mail", "|h not-mail", "|i not-mail"}},
		{"nothing", map[string]string{".x": ""}, []string{"| empty"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, content := range tt.files {
				write(t, filepath.Join(dir, name), content)
			}
			a := find(t, dir)
			if diff := cmp.Diff(tt.want, a.summary(dir)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindSingleFiles(t *testing.T) {
	tests := []struct {
		name, content string
		want          []string
	}{
		{"message", letter, []string{"source x message 0", "x|@0 message"}},
		{"any header will do", "Foo: bar\n\nbody\n", []string{"source x message 0", "x|@0 message"}},
		{"mbox", fromA + letter, []string{"source x mbox 0", "x|@44 mbox"}},
		{"mbox behind junk", strings.Repeat("junk\n", 20000) + "\n" + fromA + letter, []string{"source x mbox 0", "x|@100045 mbox", "x| prologue"}},
		{"gzip", string(gzipped(t, []byte(fromA+letter))), []string{"source x mbox gzip 0", "x|@44 mbox"}},
		{"tar.xz", string(xzed(t, tarred(t, "a/1", letter))), []string{"source x message tar+xz 0", "x|a/1@0 message"}},
		{"zip", string(zipped(t, "a/1", letter)), []string{"source x message zip 0", "x|a/1@0 message"}},
		{"text", "Hello\nworld\n", []string{"x| not-mail"}},
		{"empty", "", []string{"x| empty"}},
		{"blank", "\n\n", []string{"x| empty"}},
		{"log", strings.Repeat("2023-03-14T00:00:31.185246+01:00 mx postfix/qmgr[31]: removed\n", 3), []string{"source x log 0", "x| mail-log"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x")
			write(t, path, tt.content)
			if diff := cmp.Diff(tt.want, find(t, path).summary(dir)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissingPath(t *testing.T) {
	a := find(t, filepath.Join(t.TempDir(), "none"))
	if diff := cmp.Diff([]string{"missing"}, codes(a.failures)); diff != "" {
		t.Error(diff)
	}
}

func TestStandardInput(t *testing.T) {
	inputs := map[string]string{
		"mbox": fromA + letter + "\n" + fromB + letter, "gzip": string(gzipped(t, []byte(fromA+letter+"\n"+fromB+letter))),
		"zip": string(zipped(t, "1", letter, "2", letter)), "tar": string(tarred(t, "1", letter, "2", letter)),
	}
	for name, in := range inputs {
		t.Run(name, func(t *testing.T) {
			for s, err := range Find(t.Context(), []string{"-"}, oneByte{strings.NewReader(in)}, Limits{}) {
				if err != nil {
					t.Fatal(err)
				}
				if got := len(sampleOf(t, s, 10)); got != 2 || s.Bytes != -1 {
					t.Errorf("a sample of %d, %d bytes", got, s.Bytes)
				}
				n := 0
				for r, err := range s.Messages(t.Context(), Limits{}) {
					if err != nil || string(r.Data) != letter || r.Path != "-" {
						t.Errorf("got %+v, %v", r, err)
					}
					n++
				}
				if n != 2 {
					t.Errorf("%d messages", n)
				}
			}
		})
	}
	if a := findIn(t, strings.NewReader(""), "-"); len(a.failures) != 1 || a.failures[0].Code != "empty" {
		t.Errorf("empty input: %v", a.failures)
	}
}

func TestSpecialFilesAndLinks(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "in", "1.eml"), letter)
	write(t, filepath.Join(dir, "out", "2.eml"), letter)
	in := filepath.Join(dir, "in")
	for name, target := range map[string]string{"loop": ".", "inside": "1.eml", "outside": "../out", "file": "../out/2.eml", "dangling": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(in, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(in, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(in, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	want := []string{"source  message 1", "|1.eml@0 message", "|dangling symlink", "|file symlink", "|outside symlink", "|pipe special", "|socket special"}
	if diff := cmp.Diff(want, find(t, in).summary(in)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if a := find(t, filepath.Join(in, "file")); len(a.raws) != 1 {
		t.Errorf("a link that was given: %v", a.summary(in))
	}
}

func TestFilesThatVanishOrMove(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"cur/1:2,", "cur/2:2,", "new/3"} {
		write(t, filepath.Join(dir, name), letter)
	}
	for s := range Find(t.Context(), []string{dir}, nil, Limits{}) {
		var names, failed []string
		for r, err := range s.Messages(t.Context(), Limits{}) {
			if err != nil {
				failed = append(failed, err.(*Failure).Name+" "+err.(*Failure).Code)
				continue
			}
			if len(names) == 0 { // a mail reader at work
				rename(t, dir, "new/3", "cur/3:2,S")
				if err := os.Remove(filepath.Join(dir, "cur/2:2,")); err != nil {
					t.Fatal(err)
				}
			}
			names = append(names, r.Name)
		}
		if diff := cmp.Diff([]string{"cur/1:2,", "cur/3:2,S"}, names); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"cur/2:2, vanished"}, failed); diff != "" {
			t.Error(diff)
		}
	}
}

func rename(t *testing.T, dir, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
		t.Fatal(err)
	}
}

func TestFileThatChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mbox")
	write(t, path, strings.Repeat(fromA+letter+"\n", 3))
	s := find(t, path).sources[0]
	n, failed := 0, []string{}
	for _, err := range s.Messages(t.Context(), Limits{}) {
		if err != nil {
			failed = append(failed, err.(*Failure).Code)
			continue
		}
		if n++; n == 1 {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteString(fromB); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
	if diff := cmp.Diff([]string{"changed"}, failed); diff != "" || n != 3 {
		t.Errorf("%d messages, %v", n, failed)
	}
}

func sampleOf(t testing.TB, s *Source, n int) (out []Raw) {
	for r := range s.Sample(t.Context(), Limits{}, n) {
		out = append(out, r)
	}
	return out
}

func TestSampleIsSpread(t *testing.T) {
	dir := t.TempDir()
	var mbox, names strings.Builder
	for i := range 100 {
		m := fmt.Sprintf("Subject: %d\n\n%s\n", i, strings.Repeat("x", 100))
		mbox.WriteString(fromA + m + "\n")
		write(t, filepath.Join(dir, "files", fmt.Sprintf("%03d.eml", i)), m)
		names.WriteString(m)
	}
	write(t, filepath.Join(dir, "small"), mbox.String())
	large := strings.Repeat(fromA+"Subject: x\n\n"+strings.Repeat("some text\n", 2000)+"\n", 1800)
	write(t, filepath.Join(dir, "large"), large)
	for _, s := range find(t, dir).sources {
		got := sampleOf(t, s, 10)
		if len(got) != 10 {
			t.Errorf("%s: %d messages", s.Path, len(got))
			continue
		}
		if diff := cmp.Diff(got, sampleOf(t, s, 10)); diff != "" {
			t.Errorf("%s: another sample the second time", s.Path)
		}
		if s.Files > 0 {
			if !strings.HasPrefix(string(got[5].Data), "Subject: 49") {
				t.Errorf("not spread: %q", got[5].Data)
			}
		} else if first, last := got[0].Offset, got[9].Offset; last-first < s.Bytes/2 {
			t.Errorf("%s: only from %d to %d", s.Path, first, last)
		}
	}
}

func BenchmarkFolder(b *testing.B) {
	dir := b.TempDir()
	text := letter + strings.Repeat("some text of the usual length\n", 700)
	for i := range 2000 {
		write(b, filepath.Join(dir, fmt.Sprintf("%d.eml", i)), text)
	}
	b.SetBytes(int64(2000 * len(text)))
	for b.Loop() {
		if a := find(b, dir); len(a.raws) != 2000 {
			b.Fatal(len(a.raws))
		}
	}
}

// The sample of a folder is for statistics: it must not hold, nor ask for, much memory.
func TestSampleOfManyFilesIsSmall(t *testing.T) {
	dir := t.TempDir()
	for i := range 500 {
		text := fmt.Sprintf("From: a%d@one.example\nSubject: s\n\nhello\n", i)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".eml")), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for s, err := range Find(t.Context(), []string{dir}, nil, Limits{}) {
		if err != nil {
			t.Fatal(err)
		}
		for range s.Sample(t.Context(), Limits{}, 400) {
			n++
		}
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; n != 400 || got > 64 {
		t.Errorf("%d messages sampled with %d MiB", n, got)
	}
}
