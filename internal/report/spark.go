package report

import (
	"strings"
	"time"
)

// Fewer points than this are numbers, not a picture.
const fewPoints = 5

// spark draws counts as a line of bars, the largest at full height; nothing is a dot.
func spark(counts []int64) string {
	most := int64(0)
	for _, n := range counts {
		most = max(most, n)
	}
	bars := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, n := range counts {
		if n <= 0 {
			b.WriteRune('·')
			continue
		}
		b.WriteRune(bars[(n*int64(len(bars))-1)/most])
	}
	return b.String()
}

// slicesOf says into how many equal slices the time from first to last is cut: at most
// ten, none shorter than an hour; 0 where a line would show nothing.
func slicesOf(first, last time.Time) int {
	if first.IsZero() {
		return 0
	}
	n := min(int(last.Sub(first)/time.Hour), 10)
	if n < fewPoints {
		return 0
	}
	return n
}

// period names a span in few letters, for the head of a column: "Mar-Dec 02",
// "6-9 Jan 06", "2001-2003".
func period(first, last time.Time) string {
	first, last = first.UTC(), last.UTC()
	switch {
	case first.Year() != last.Year() && last.Sub(first) > 300*24*time.Hour:
		return first.Format("2006") + "-" + last.Format("2006")
	case first.Year() != last.Year():
		return first.Format("Jan") + "-" + last.Format("Jan 06")
	case first.Month() != last.Month():
		return first.Format("Jan") + "-" + last.Format("Jan 06")
	case first.Day() != last.Day():
		return first.Format("2") + "-" + last.Format("2 Jan 06")
	}
	return first.Format("2 Jan 06")
}
