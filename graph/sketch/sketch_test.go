package sketch

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// made is a stored sketch whose slots hold from, from+1, ...
func made(from int) []byte {
	b := make([]byte, Size)
	for i := range Slots {
		binary.LittleEndian.PutUint16(b[2*i:], uint16(from+i))
	}
	return b
}

func TestSimilarity(t *testing.T) {
	half := append(bytes.Clone(made(7)[:Size/2]), made(100)[Size/2:]...)
	oneByte := bytes.Clone(made(0x4141))
	oneByte[1]++ // the high byte of the first slot
	for _, tc := range []struct {
		name string
		a, b []byte
		want float64
		ok   bool
	}{
		{"equal texts", made(7), made(7), 1, true},
		{"nothing in common", made(7), made(1000), 0, true},
		{"half of the slots", made(7), half, 0.5, true},
		{"equal numbers in other slots are not alike", made(7), made(8), 0, true},
		{"a slot differs in its high byte alone", made(0x4141), oneByte, 31.0 / 32, true},
		{"no text to compare", nil, made(7), 0, false},
		{"no text to compare it with", made(7), nil, 0, false},
		{"two texts too short are not alike for that", nil, nil, 0, false},
		{"cut", made(7), made(7)[:Size-1], 0, false},
		{"too long", append(made(7), 0), made(7), 0, false},
	} {
		if got, ok := Similarity(tc.a, tc.b); got != tc.want || ok != tc.ok {
			t.Errorf("%s: %v, %v; want %v, %v", tc.name, got, ok, tc.want, tc.ok)
		}
		if got, ok := Similarity(tc.b, tc.a); got != tc.want || ok != tc.ok {
			t.Errorf("%s, the other way round: %v, %v; want %v, %v", tc.name, got, ok, tc.want, tc.ok)
		}
	}
}

func BenchmarkSimilarity(b *testing.B) {
	x, y := made(7), made(8)
	for b.Loop() {
		Similarity(x, y)
	}
}
