package tail

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// lines reads whole lines and leaves the rest.
func lines(got *[]string) Read {
	return func(s Stretch) (int64, int64, error) {
		data, err := io.ReadAll(s)
		if err != nil {
			return 0, 0, err
		}
		text := string(data)
		if s.Growing {
			text = text[:strings.LastIndexByte(text, '\n')+1]
		}
		for l := range strings.Lines(text) {
			*got = append(*got, strings.TrimSpace(l))
		}
		return int64(len(text)), int64(strings.Count(text, "\n")), nil
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// writeAt writes, and sets the time of the file to so many minutes after the test's other files.
func writeAt(t *testing.T, path, text string, minute int) {
	t.Helper()
	write(t, path, text)
	at := time.Now().Add(time.Duration(minute) * time.Minute)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// poll looks once.
func poll(t *testing.T, tail *Tail, read Read) {
	t.Helper()
	if _, err := tail.Poll(read); err != nil {
		t.Fatal(err)
	}
}

// rotateThrice writes logs of one line, each a minute after the one before.
func rotateThrice(t *testing.T, path string) {
	t.Helper()
	for i, l := range []string{"a\n", "b\n", "c\n"} {
		rename(t, path, path+"."+strings.TrimSpace(l))
		writeAt(t, path, l, i+1)
	}
}

// Each step writes, and then looks; restart begins anew from the Position that was kept.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	var got []string
	tail := New(path, nil)
	look := func() { t.Helper(); poll(t, tail, lines(&got)) }
	restart := func() {
		t.Helper()
		p := tail.Position()
		if err := tail.Close(); err != nil {
			t.Fatal(err)
		}
		tail = New(path, &p)
	}
	look() // it is not there yet
	write(t, path, "1\n2\nhal")
	look()
	write(t, path, "f\n")
	look()
	restart()
	write(t, path, "4\n")
	rename(t, path, path+".1") // rotated while it was open
	look()
	write(t, path+".1", "5\n") // by one who was not told yet
	write(t, path, "6\n")
	look()
	restart()
	write(t, path, "7\n")
	rename(t, path+".1", path+".2")
	rename(t, path, path+".1") // rotated while nobody looked
	write(t, path, "8\n")
	look()
	restart()
	rotateThrice(t, path) // while nobody looked
	look()
	if err := os.Truncate(path, 0); err != nil { // copied away and emptied
		t.Fatal(err)
	}
	look()
	write(t, path, "9\n")
	look()
	if want := "1 2 half 4 5 6 7 8 a b c 9"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if n := tail.Position().Lines; n != 1 {
		t.Errorf("%d lines of the last file, want 1", n)
	}
	if changed, err := tail.Poll(func(Stretch) (int64, int64, error) { t.Error("nothing is new"); return 0, 0, nil }); changed || err != nil {
		t.Error(changed, err)
	}
	if err := tail.Close(); err != nil {
		t.Error(err)
	}
}

// TestPackedWhileNobodyLooked: lines written after the last look are in a
// compressed file, and so is a whole rotation that was missed.
func TestPackedWhileNobodyLooked(t *testing.T) {
	for _, c := range []string{"gz", "xz", "zst"} {
		t.Run(c, func(t *testing.T) { packedWhileNobodyLooked(t, c) })
	}
}

func packedWhileNobodyLooked(t *testing.T, c string) {
	path := filepath.Join(t.TempDir(), "mail.log")
	var got []string
	tail := New(path, nil)
	look := func() { t.Helper(); poll(t, tail, lines(&got)) }
	write(t, path, "1\n2\n")
	look()
	kept := tail.Position()
	if err := tail.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, path, "3\n")
	pack(t, path, path+".2."+c, 1)
	write(t, path, "4\n")
	rename(t, path, path+".3") // not compressed yet
	between := time.Date(2024, 3, 4, 1, 30, 0, 0, time.UTC)
	if err := os.Chtimes(path+".3", between, between); err != nil {
		t.Fatal(err)
	}
	write(t, path, "4b\n")
	pack(t, path, path+".1."+c, 2)
	pack(t, path+".none", path+".0.gz", 0) // older than all, and another
	write(t, path, "5\n")
	tail = New(path, &kept)
	look()
	write(t, path, "6\n")
	look()
	if want := "1 2 3 4 4b 5 6"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if err := tail.Close(); err != nil {
		t.Error(err)
	}
}

// pack compresses a log as logrotate does, written so many hours after the first.
func pack(t *testing.T, path, to string, hours int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		text = []byte("another\n")
	}
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	switch filepath.Ext(to) {
	case ".xz":
		w, err = xz.NewWriter(&b)
	case ".zst":
		w, err = zstd.NewWriter(&b)
	default:
		err = nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, to, b.String())
	at := time.Date(2024, 3, 4, hours, 0, 0, 0, time.UTC)
	if err := os.Chtimes(to, at, at); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

// TestRotatedTwice: a second rotation while the rest of the first file is read
// loses nothing of the file between, which never was at its name when somebody
// looked.
func TestRotatedTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	var got []string
	take := lines(&got)
	write(t, path, "1\nhal")
	tail := New(path, nil)
	read := func(s Stretch) (int64, int64, error) {
		if !s.Growing && strings.Join(got, " ") == "1" {
			rename(t, path, path+".2")
			writeAt(t, path, "3\n", 2)
		}
		return take(s)
	}
	for range 2 {
		poll(t, tail, read)
		if len(got) == 1 {
			rename(t, path, path+".1")
			writeAt(t, path, "2\n", 1)
		}
	}
	if err := tail.Close(); err != nil {
		t.Fatal(err)
	}
	if want := "1 hal 2 3"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// TestReusedInode: a log gets the inode of one that was compressed, and is rotated before
// anybody looks.
func TestReusedInode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	var got []string
	tail := New(path, nil)
	look := func() { t.Helper(); poll(t, tail, lines(&got)) }
	writeAt(t, path, "1\n", 1)
	look()
	rename(t, path, path+".1")
	writeAt(t, path, "2\n", 2)
	look()
	rename(t, path, path+".2")
	writeAt(t, path, "3\n", 3)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	tail.done[inode(info)] = []byte("0\n") // that of a log that is no more
	rename(t, path, path+".3")
	writeAt(t, path, "4\n", 4)
	look()
	if want := "1 2 3 4"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if err := tail.Close(); err != nil {
		t.Error(err)
	}
}
