package main

import (
	"bytes"
	"fmt"
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
