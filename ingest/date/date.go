// Package date parses the dates of mail. It reads RFC 5322 section 3.3 and the
// mistakes that programs make: names of zones, two-digit years, missing days or
// seconds, comments, the order of ctime, ISO 8601. The Date and Received fields
// both use it, so the same text always means the same moment.
//
// It reads no clock. A missing year or time therefore makes the date unknown
// instead of a guess.
package date

import (
	"strings"
	"time"
)

// maxDate limits the bytes that are read. The longest well-formed date, with
// comments, has about 80.
const maxDate = 300

// maxZone limits the zone that is kept as written. It holds "+0100" and the
// POSIX names.
const maxZone = 12

// Date is the result of Parse.
type Date struct {
	Time   time.Time // zero if the date is not valid; read as UTC unless ZoneOK
	Zone   string    // as written, at most maxZone bytes; "" if absent
	ZoneOK bool      // the zone is present, known, and exists on Earth
}

// Parse reads a date. Nearly all dates have one form, which standard
// reads without allocating.
func Parse(s string) Date {
	if d, ok := standard(s); ok {
		return d
	}
	r := reader{year: -1, month: -1, day: -1, hour: -1}
	r.tokens(s[:min(len(s), maxDate)])
	return r.date()
}

// standard reads "Tue, 3 Dec 2002 15:16:03 +0000 (GMT)" with the same result as
// the general reader, which a test checks. ok is false for any other form.
func standard(s string) (d Date, ok bool) {
	s = strings.Trim(s, " ")
	if len(s) > 5 && s[3] == ',' && s[4] == ' ' && isWeekday(strings.ToLower(s[:3])) {
		s = s[5:]
	}
	n := strings.IndexByte(s, ' ') // digits of the day
	if n != 1 && n != 2 || len(s) < n+24 {
		return d, false
	}
	t := s[n:]
	if t[4] != ' ' || t[9] != ' ' || t[12] != ':' || t[15] != ':' || t[18] != ' ' || t[19] != '+' && t[19] != '-' {
		return d, false
	}
	if rest := t[24:]; rest != "" && (len(rest) < 2 || rest[0] != ' ' || !isComment(rest[1:])) {
		return d, false
	}
	for _, digits := range [...]string{s[:n], t[5:9], t[10:12], t[13:15], t[16:18], t[20:24]} {
		if numberLength(digits) != len(digits) {
			return d, false
		}
	}
	r := reader{
		year: atoi(t[5:9]), month: englishMonths[strings.ToLower(t[1:4])], day: atoi(s[:n]),
		hour: atoi(t[10:12]), minute: atoi(t[13:15]), sec: atoi(t[16:18]), written: t[19:24],
	}
	if r.month == 0 || r.year < 200 || r.hour > 23 || r.minute > 59 || r.sec > 60 {
		return d, false
	}
	r.setZone(t[19], false, atoi(t[20:22]), atoi(t[22:24]))
	return r.date(), true
}

// isComment reports whether s is a single comment without a nested one.
func isComment(s string) bool {
	return s[0] == '(' && s[len(s)-1] == ')' && !strings.ContainsAny(s[1:len(s)-1], "()")
}

// date converts the collected parts to a Date.
func (d *reader) date() Date {
	t, ok := d.time()
	if !ok {
		t = time.Time{}
	}
	zone := strings.Clone(d.written[:min(len(d.written), maxZone)])
	return Date{Time: t, Zone: strings.ToValidUTF8(zone, ""), ZoneOK: d.zoneSeen && d.zoneGood}
}
