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
	dir := filepath.Join(t.TempDir(), "world")
	var out bytes.Buffer
	if code := run([]string{"-grade", "hard", "-n", "200", "-out", dir}, &out, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	mail, err := os.ReadFile(filepath.Join(dir, "mail.mbox"))
	if err != nil || bytes.Count(mail, []byte("\nDelivered-To: ")) < 200 {
		t.Errorf("%d messages: %v", bytes.Count(mail, []byte("\nDelivered-To: ")), err)
	}
	truth, err := os.ReadFile(filepath.Join(dir, "truth.tsv"))
	if err != nil || bytes.Count(truth, []byte("\n")) < 200 {
		t.Errorf("%d lines of truth: %v", bytes.Count(truth, []byte("\n")), err)
	}
	if !strings.Contains(out.String(), "--own-mx '*.") {
		t.Errorf("no way to import is told: %s", out.String())
	}
	for _, args := range [][]string{nil, {"-out", dir, "x"}, {"-grade", "impossible", "-out", dir}, {"-nonsense"}} {
		if code := run(args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit code %d, not 2", args, code)
		}
	}
}
