package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The figures of the benchmark are stated for messages of 21 KB mean.
func TestInventedMeanSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.mbox")
	const n = 600
	if err := invent(path, n); err != nil {
		t.Fatal(err)
	}
	fi, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mean := fi.Size() / n; mean < 20_000 || mean > 22_000 {
		t.Errorf("mean size %d bytes, want 20,000 to 22,000", mean)
	}
}
