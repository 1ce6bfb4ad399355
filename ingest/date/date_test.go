package date

import (
	"strings"
	"testing"
)

var parsed = []struct {
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
	{"Thu, 6 Jul 2006 10:00:00 EST5EDT", "2006-07-06 10:00:00 -0400", true},
	{"Thu, 5 Jan 2006 10:00:00 EST5EDT", "2006-01-05 10:00:00 -0500", true},
	{"Thu, 6 Jul 1995 10:00:00 PST8PDT", "1995-07-06 10:00:00 -0700", true},
	{"Thu, 6 Jul 2006 10:00:00 CET-1CEST", "2006-07-06 10:00:00 +0200", true},
	{"Thu, 6 Jul 2006 10:00:00 MET-1METDST", "2006-07-06 10:00:00 +0200", true},
	{"Thu, 5 Jan 2006 10:00:00 NZST-12NZDT", "2006-01-05 10:00:00 +1300", true},
	{"Thu, 6 Jul 2006 10:00:00 XYZ5ABC", "2006-07-06 10:00:00 +0000", false},
	{"3/4/2006 10:00:00", "", false},
	{"Fri, 31 Feb 2006 10:00:00 +0000", "", false},
	{"Mon, 2 Jan 2006 25:04:05 +0000", "", false},
	{"Mon, 2 Jan 2006 15:64:05 +0000", "", false},
	{"Not supplied", "", false},
	{"", "", false},
	{"((((((((", "", false},
	{"12345", "", false},
	{"Mon, 2 Jan 1006 15:04:05 +0000", "", false},
}

func TestParse(t *testing.T) {
	const layout = "2006-01-02 15:04:05 -0700"
	for _, c := range parsed {
		d := Parse(c.in)
		text := ""
		if !d.Time.IsZero() {
			text = d.Time.Format(layout)
		}
		if text != c.want || text != "" && d.ZoneOK != c.zone {
			t.Errorf("%s: %q zone %v, want %q zone %v", c.in, text, d.ZoneOK, c.want, c.zone)
		}
	}
}

func TestZoneAsWritten(t *testing.T) {
	for in, want := range map[string]string{
		"Mon, 02 Jan 2006 15:04:05 -0700 (PDT)": "-0700", "Mon, 2 Jan 2006 15:04:05 EST": "EST", "2006-01-02T15:04:05Z": "Z",
		"2006-01-02T15:04:05+01:00": "+01:00", "Mon, 2 Jan 2006 15:04:05": "", "Mon, 2 Jan 2006 15:04:05 -1900": "-1900",
		"Thu, 6 Jul 2006 10:00:00 EST5EDT": "EST5EDT", "Thu, 6 Jul 2006 10:00:00 +" + strings.Repeat("1", 100): "+11111111111",
	} {
		if got := Parse(in).Zone; got != want {
			t.Errorf("%q: zone %q, want %q", in, got, want)
		}
	}
}

// readAll reads a date the long way only.
func readAll(s string) Date {
	r := reader{year: -1, month: -1, day: -1, hour: -1}
	r.tokens(s)
	return r.date()
}

var standardForms = []string{
	"Tue, 3 Dec 2002 15:16:03 +0000", "3 Dec 2002 15:16:03 -0800 (PST)", " Tue, 03 Dec 2002 15:16:03 +0530 (added by (x))",
	"Tue, 3 Dec 2002 15:16:03 +9900", "Tue, 3 Dec 2002 15:16:03 +00:00", "Sep, 11 2002 11:27:56 AM -0000", "Tue, 32 Dec 2002 15:16:03 +0000",
	"Tue, 3 Dec 2002 15:16:03 -0000 (GMT) 2003", "Tue, 3 Dec 0000 15:16:03 +0000", "Tue, 3 Dec 2002 25:16:61 +0000", "Tue, 3 Dec 2002 1a:16:03 +0000",
	"Tue, 0 Dec 2002 15:16:03 +0000", "Sep, 3 Dec 2002 15:16:03 +0000", "3 Dec 2002 15:16:03 +00 0", "", " ", "1", "12 ",
	"Wed, 31 Feb 2002 15:16:03 +0100", "Wed, 3 Dec 0102 15:16:03 +0100", "Wed, 3 Dec 2002 23:59:60 -1175",
}

// The short way must not read a date otherwise than the long one.
func TestStandardEqualsReader(t *testing.T) {
	short := 0
	for _, s := range standardForms {
		if d, ok := standard(s); ok {
			short++
			if long := readAll(s); !same(d, long) {
				t.Errorf("%q: %+v, word by word %+v", s, d, long)
			}
		}
	}
	if short < 6 {
		t.Errorf("only %d dates read the short way", short)
	}
}

func same(a, b Date) bool { return a.Time.Equal(b.Time) && a.Zone == b.Zone && a.ZoneOK == b.ZoneOK }

func FuzzDate(f *testing.F) {
	for _, s := range standardForms {
		f.Add(s)
	}
	f.Add("Thu, 6 Jul 2006 10:00:00 EST5EDT")
	f.Add("2006-01-02T15:04:05.25+01:00")
	f.Fuzz(func(t *testing.T, s string) {
		if d := Parse(s); !d.Time.IsZero() && (d.Time.Year() < 1899 || d.Time.Year() > 10_000) || len(d.Zone) > maxZone {
			t.Errorf("%q: %+v", s, d)
		}
		if d, ok := standard(s); ok && len(s) <= maxDate && !same(d, readAll(s)) {
			t.Errorf("%q: %+v, word by word %+v", s, d, readAll(s))
		}
	})
}
