package message

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	const layout = "2006-01-02 15:04:05 -0700"
	for _, c := range []struct {
		in, want string // "" for not readable
		zone     bool
	}{
		{"Mon, 02 Jan 2006 15:04:05 -0700", "2006-01-02 15:04:05 -0700", true},
		{"Mon, 02 Jan 2006 15:04:05 -0700 (PDT)", "2006-01-02 15:04:05 -0700", true},
		{" 2 jan 2006 15:04 +0100", "2006-01-02 15:04:00 +0100", true},
		{"Mon,02Jan2006 15:04:05 GMT", "2006-01-02 15:04:05 +0000", true},
		{"Mon, 2 Jan 06 15:04:05 EST", "2006-01-02 15:04:05 -0500", true},
		{"Mon, 2 Jan 99 15:04:05 Z", "1999-01-02 15:04:05 +0000", true},
		{"Mon, 2 Jan 102 15:04:05 +0000", "2002-01-02 15:04:05 +0000", true},
		{"Mon, 2 Jan 0102 15:04:05 +0000", "2002-01-02 15:04:05 +0000", true},
		{"Mon Jan  2 15:04:05 2006", "2006-01-02 15:04:05 +0000", false},
		{"Mon Jan  2 15:04:05 CET 2006", "2006-01-02 15:04:05 +0100", true},
		{"2006-01-02T15:04:05Z", "2006-01-02 15:04:05 +0000", true},
		{"2006-01-02T15:04:05.250+01:00", "2006-01-02 15:04:05 +0100", true},
		{"2006-01-02 15:04:05 +0530 IST", "2006-01-02 15:04:05 +0530", true},
		{"2006/01/02 15:04:05", "2006-01-02 15:04:05 +0000", false},
		{"02-Jan-2006 15:04:05 -0000", "2006-01-02 15:04:05 +0000", true},
		{"Mon, 2 Jan 2006 15.04.05 +0100", "2006-01-02 15:04:05 +0100", true},
		{"Mon, 2 Jan 2006 15:04:05 GMT+3", "2006-01-02 15:04:05 +0300", true},
		{"Mon, 2 Jan 2006 15:04:05 GMT-0500", "2006-01-02 15:04:05 -0500", true},
		{"Mon, 2 Jan 2006 15:04:05 UT", "2006-01-02 15:04:05 +0000", true},
		{"Mon, 2 Jan 2006 15:04:05 Eastern Daylight Time", "2006-01-02 15:04:05 -0400", true},
		{"Mon, 2 Jan 2006 15:04:05 (EST)", "2006-01-02 15:04:05 -0500", true},
		{"Mon, 2 Jan 2006 15:04:05 IST", "2006-01-02 15:04:05 +0000", false},
		{"Mon, 2 Jan 2006 15:04:05 -1900", "2006-01-02 15:04:05 +0000", false},
		{"Mon, 2 Jan 2006 15:04:05 +-0700", "2006-01-02 15:04:05 +0000", false},
		{"Mon, 2 Jan 2006 15:04:05", "2006-01-02 15:04:05 +0000", false},
		{"Mon, 2 Jan 2006", "2006-01-02 00:00:00 +0000", false},
		{"Mon, 2 Jan 2006 3:04:05 PM +0000", "2006-01-02 15:04:05 +0000", true},
		{"Mon, 2 Jan 2006 12:04:05 AM +0000", "2006-01-02 00:04:05 +0000", true},
		{"13/2/2006 10:00:00 +0000", "2006-02-13 10:00:00 +0000", true},
		{"2/13/2006; 10:00:00 AM", "2006-02-13 10:00:00 +0000", false},
		{"13.02.2006 10:00 +0100", "2006-02-13 10:00:00 +0100", true},
		{"Mo, 2 Okt 2006 10:00:00 +0200", "2006-10-02 10:00:00 +0200", true},
		{"Thu, 30 Jun 2005 23:59:60 +0000", "2005-07-01 00:00:00 +0000", true},
		{"3/4/2006 10:00:00", "", false},
		{"Fri, 31 Feb 2006 10:00:00 +0000", "", false},
		{"Mon, 2 Jan 2006 25:04:05 +0000", "", false},
		{"Mon, 2 Jan 2006 15:64:05 +0000", "", false},
		{"Not supplied", "", false},
		{"", "", false},
		{"((((((((", "", false},
		{"12345", "", false},
		{"Mon, 2 Jan 1006 15:04:05 +0000", "", false},
	} {
		got, zone, ok := ParseDate(c.in)
		text := ""
		if ok {
			text = got.Format(layout)
		} else if !got.IsZero() {
			t.Errorf("%s: not ok, yet %v", c.in, got)
		}
		if text != c.want || zone != c.zone {
			t.Errorf("%s: %q zone %v, want %q zone %v", c.in, text, zone, c.want, c.zone)
		}
	}
}

// TestCorporaDates demands that nearly all dates of real mail are read; the rest are
// those whose day and month cannot be told apart, and no dates at all.
func TestCorporaDates(t *testing.T) {
	all, read := 0, 0
	corpora(t, func(name string, data []byte) {
		if f := ParseHeader(data).Get("date"); f != nil && len(f.Value()) > 0 {
			all++
			if at, _, ok := ParseDate(f.Value()); ok && at.After(time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)) {
				read++
			}
		}
	}, "phishing_pot", "spam-1", "easy-ham-1")
	t.Logf("%d of %d dates read", read, all)
	if read*100 < all*98 {
		t.Errorf("only %d of %d dates read", read, all)
	}
}
