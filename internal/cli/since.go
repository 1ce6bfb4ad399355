package cli

import (
	"strconv"
	"strings"
	"time"

	"spoor/internal/printable"
)

// Since reads the begin of a period: 2h, 3d, a day, or a time. what names it in an error.
//
// Days are calendar days, which time.ParseDuration does not know. The limit of
// 40,000 is a little over a hundred years. Times without a zone are UTC.
func (e *Env) Since(what, s string) (time.Time, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		if days, err := strconv.Atoi(n); err == nil && days > 0 && days < 40_000 {
			return e.Now().AddDate(0, 0, -days), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return e.Now().Add(-d), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, Usage("%s %q is no time, such as 2h, 3d or 2006-01-05", what, printable.Cut(s, 40))
}
