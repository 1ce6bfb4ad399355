package received

import (
	"strings"

	"spoor/ingest/date"
)

// readDate reads the date after the last semicolon. Programs that write no
// semicolon (SendGrid's filter, some forgers) have it in the last words.
//
// Time stays zero unless the moment is certain: no zone, an unknown one or a
// date out of range all leave it so. Zone keeps the text in any case, as the
// anomalies need it.
func (f *field) readDate() {
	start := f.tok.date
	if start < 0 {
		start = f.dateWithoutSemicolon()
		if start < 0 {
			return
		}
	}
	d := date.Parse(f.tok.s[start:])
	f.hop.Zone = d.Zone
	if d.ZoneOK && d.Time.Year() >= firstYear {
		f.hop.Time = d.Time.UTC()
	}
}

// firstYear is the start of Unix time. No program that writes Received fields
// knows an earlier year, and a clock that was never set shows this one.
const firstYear = 1970

// dateWithoutSemicolon finds the start of a date after the id or recipient: a
// word "2024-01-31" or a weekday.
//
// A date has six words and a comment or two, so the last twelve tokens are
// enough.
func (f *field) dateWithoutSemicolon() int {
	for i := f.tok.n - 1; i >= 0 && i > f.tok.n-12; i-- {
		if f.tok.list[i].kind != word {
			continue
		}
		w := f.tok.text(i)
		if len(w) == 10 && w[4] == '-' && w[7] == '-' || len(w) == 4 && w[3] == ',' && weekday(w[:3]) {
			return int(f.tok.list[i].start)
		}
	}
	return -1
}

func weekday(w string) bool {
	return len(w) == 3 && strings.Contains("sun mon tue wed thu fri sat", strings.ToLower(w))
}

// month returns the number of a month by the first three letters of its name, 0
// for others.
func month(w string) int {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	var b [3]byte
	for i := range b {
		b[i] = w[i] | 0x20
	}
	for i := 0; i < len(names); i += 3 {
		if names[i] == b[0] && names[i+1] == b[1] && names[i+2] == b[2] {
			return i/3 + 1
		}
	}
	return 0
}

// number parses one to nine decimal digits.
func number(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
