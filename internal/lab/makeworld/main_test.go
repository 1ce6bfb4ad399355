package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, args := range [][]string{{"-grade", "hard"}, {"-source", "rented", "-grade", "sparse"}} {
		dir := filepath.Join(t.TempDir(), "world")
		var out bytes.Buffer
		if code := run(append(args, "-n", "200", "-out", dir), &out, io.Discard); code != 0 {
			t.Fatalf("%v: exit code %d", args, code)
		}
		mail, err := os.ReadFile(filepath.Join(dir, "spam.mbox"))
		if err != nil || bytes.Count(mail, []byte("\nDelivered-To: ")) < 180 {
			t.Errorf("%v: %d messages: %v", args, bytes.Count(mail, []byte("\nDelivered-To: ")), err)
		}
		truth, err := os.ReadFile(filepath.Join(dir, "truth.tsv"))
		if err != nil || bytes.Count(truth, []byte("\n")) < 180 {
			t.Errorf("%v: %d lines of truth: %v", args, bytes.Count(truth, []byte("\n")), err)
		}
		if !strings.Contains(out.String(), "collector import --own-mx '") {
			t.Errorf("%v: no way to import is told: %s", args, out.String())
		}
	}
}

func TestMisuse(t *testing.T) {
	t.Setenv("SPOOR_CORPORA", "")
	for _, args := range [][]string{nil, {"-out", "d", "x"}, {"-grade", "impossible", "-out", "d"}, {"-nonsense"}, {"-source", "nobody", "-out", "d"}, {"-source", "parts", "-out", "d"}, {"-source", "rented", "-grade", "nasty", "-out", "d"}} {
		if code := run(args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit code %d, not 2", args, code)
		}
	}
	if code := run([]string{"-source", "parts", "-corpora", t.TempDir(), "-out", t.TempDir()}, io.Discard, io.Discard); code != 1 {
		t.Errorf("a corpus without mail: exit code %d", code)
	}
}
