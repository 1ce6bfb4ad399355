package wording

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
		if got := Spark(c.counts); got != c.want {
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
		if got := Period(day(c.first), day(c.last)); got != c.want {
			t.Errorf("%s to %s is %q, want %q", c.first, c.last, got, c.want)
		}
	}
}
