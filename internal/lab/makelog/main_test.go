package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMakelog(t *testing.T) {
	dir := t.TempDir()
	var out, errs bytes.Buffer
	if code := run([]string{"-days", "2", "-mail", "50", "-users", "100", "-runs", "1", "-style", "night", "-out", dir}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	log, err := os.ReadFile(filepath.Join(dir, "mx1.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2024-03-04T", "2024-03-05T"} {
		if !strings.Contains(string(log), day) {
			t.Errorf("no line of %s", day)
		}
	}
	var lines int
	if _, err := fmt.Sscan(out.String(), &lines); err != nil || lines < bytes.Count(log, []byte("\n")) {
		t.Errorf("%q, %v", out.String(), err)
	}
	if code := run([]string{"-style", "none", "-out", dir}, &out, &errs); code != 2 {
		t.Errorf("exit %d for a style that there is not", code)
	}
}

// A compressed log unpacks to the plain one.
func TestGzip(t *testing.T) {
	plain, packed := t.TempDir(), t.TempDir()
	for _, args := range [][]string{{"-out", plain}, {"-gzip", "-out", packed}} {
		var out, errs bytes.Buffer
		if code := run(append(args, "-days", "2", "-mail", "20", "-users", "50", "-runs", "1"), &out, &errs); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, &errs)
		}
	}
	for _, server := range []string{"mx1", "mx2"} {
		want, err := os.ReadFile(filepath.Join(plain, server+".log"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(filepath.Join(packed, server+".log.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(z)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes unpacked, %d written plain, %v", server, len(got), len(want), err)
		}
	}
}
