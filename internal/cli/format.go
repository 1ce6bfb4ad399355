package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number writes 1896 as "1,896".
func Number[T ~int | ~int64 | ~int32](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return sign + b.String()
}

// Count writes "1 message", "1,896 messages". many may be "" if it is one+"s".
func Count[T ~int | ~int64 | ~int32](n T, one, many string) string {
	switch {
	case n == 1:
		return "1 " + one
	case many == "":
		many = one + "s"
	}
	return Number(n) + " " + many
}

// Bytes writes a size in decimal units, as disks are sold: "12.4 MB".
//
// The limit of 999.95 keeps "1000.0 kB" away, which rounding would print.
func Bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	f, unit := float64(n), "B"
	for _, u := range []string{"kB", "MB", "GB", "TB", "PB"} {
		if f < 999.95 {
			break
		}
		f, unit = f/1000, u
	}
	return fmt.Sprintf("%.1f %s", f, unit)
}

// Duration writes a time span for people: "6.1 s", "2 min 5 s", "3 h 20 min".
//
// Two units at most. The limits between the forms are where rounding would
// print 100 s or 60 s.
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "0 s"
	case d < 10*time.Millisecond:
		return "0.01 s"
	case d < time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < 99500*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 100*time.Minute:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < 48*time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return Count(int64(d/(24*time.Hour)), "day", "")
}

// Seconds writes the remaining time of a task, rounded: "2 s", "3 min", "2 h".
//
// One unit suffices for an estimate.
func Seconds(d time.Duration) string {
	switch {
	case d < 100*time.Second:
		return fmt.Sprintf("%d s", max(0, int(d.Seconds()+0.5)))
	case d < 100*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf("%d h", int(d.Hours()+0.5))
}

// Date writes a day in UTC, "" for an unknown time: never 1970.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// Minute writes a time in UTC to the minute: "2002-07-22 00:48Z".
func Minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}

// Span writes "2001-06-25 to 2002-12-04", a single day once, nothing for unknown times.
func Span(first, last time.Time) string {
	a, b := Date(first), Date(last)
	if a == b || b == "" {
		return a
	}
	return a + " to " + b
}

// Ago writes the time since t: "2 min ago".
func (e *Env) Ago(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := e.Now().Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < 48*time.Hour:
		return Seconds(d) + " ago"
	}
	return Count(int64(d/(24*time.Hour)), "day", "") + " ago"
}

// AtLeast writes a number that is more than was counted as "2,000+".
func AtLeast(n int64, more bool) string {
	if more {
		return Number(n) + "+"
	}
	return Number(n)
}
