package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestWorldOfEvidence(t *testing.T) {
	w := newWorld(2000, 10)
	var a, b bytes.Buffer
	if err := w.writeIncidence(&a, 0, 2000); err != nil {
		t.Fatal(err)
	}
	if err := w.writeIncidence(&b, 0, 1000); err != nil {
		t.Fatal(err)
	}
	if err := w.writeIncidence(&b, 1000, 2000); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("a message depends on which are written with it")
	}
	if n := strings.Count(a.String(), "\n"); n != 2000 {
		t.Errorf("%d rows", n)
	}
	keys, features := map[int64]bool{}, 0
	for i := range 2000 {
		m := w.message(i)
		keys[m.Key] = true
		features += len(w.keysOf(&m))
	}
	if len(keys) != 2000 || features < 18_000 || features > 20_000 {
		t.Errorf("%d keys, %d features", len(keys), features)
	}
	if len(w.first) < 50 {
		t.Errorf("%d campaigns", len(w.first))
	}
}
