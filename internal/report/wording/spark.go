package wording

import (
	"strings"
	"time"
)

// FewPoints is the number of points below which numbers are printed, not a picture.
const FewPoints = 5

// Spark draws counts as a line of bars, the largest at full height; nothing is a dot.
func Spark(counts []int64) string {
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

// Period names a span in few letters, for the head of a column: "Mar-Dec 02",
// "6-9 Jan 06", "2001-2003".
func Period(first, last time.Time) string {
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
