package findings

import (
	"testing"
	"time"

	"spoor/internal/naming"
)

func TestSlicesOf(t *testing.T) {
	start := time.Date(2006, 1, 4, 0, 0, 0, 0, time.UTC)
	for span, want := range map[time.Duration]int{0: 0, 4 * time.Hour: 0, 5 * time.Hour: 5, 9 * time.Hour: 9, 1000 * time.Hour: 10} {
		if got := slicesOf(start, start.Add(span)); got != want {
			t.Errorf("%v is cut into %d, want %d", span, got, want)
		}
	}
	if got := slicesOf(time.Time{}, time.Time{}); got != 0 {
		t.Errorf("an unknown time is cut into %d", got)
	}
}

func TestParseID(t *testing.T) {
	for s, want := range map[string]int64{"c2": 2, "C31": 31, "7": 7, " c4 ": 4, "c": 0, "": 0, "c0": 0, "c-1": 0, "c+1": 0, "x2": 0, "c99999999999999999999": 0} {
		id, ok := naming.ParseID(s)
		if ok != (want != 0) || ok && id != want {
			t.Errorf("ParseID(%q) = %d, %v", s, id, ok)
		}
	}
}
