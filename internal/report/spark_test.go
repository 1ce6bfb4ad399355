package report

import (
	"testing"
	"time"
)

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		counts []int64
		want   string
	}{
		{nil, ""},
		{[]int64{0, 0}, "··"},
		{[]int64{1, 0, 1}, "█·█"},
		{[]int64{1, 2, 3, 4, 5, 6, 7, 8}, "▁▂▃▄▅▆▇█"},
		{[]int64{1, 1000}, "▁█"},
	} {
		if got := spark(c.counts); got != c.want {
			t.Errorf("spark(%v) = %s, want %s", c.counts, got, c.want)
		}
	}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPeriod(t *testing.T) {
	for _, c := range []struct{ first, last, want string }{
		{"2002-03-21", "2002-12-04", "Mar-Dec 02"},
		{"2005-12-21", "2006-01-04", "Dec-Jan 06"},
		{"2006-01-04", "2006-01-08", "4-8 Jan 06"},
		{"2006-01-04", "2006-01-04", "4 Jan 06"},
		{"2022-08-27", "2024-01-09", "2022-2024"},
	} {
		if got := period(day(c.first), day(c.last)); got != c.want {
			t.Errorf("%s to %s is %q, want %q", c.first, c.last, got, c.want)
		}
	}
}

func TestSlicesOf(t *testing.T) {
	start := day("2006-01-04")
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
		id, ok := ParseID(s)
		if ok != (want != 0) || ok && id != want {
			t.Errorf("ParseID(%q) = %d, %v", s, id, ok)
		}
	}
}
