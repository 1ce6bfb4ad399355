package received

import (
	"strings"
	"time"

	"spoor/internal/text"
)

// readDate reads the date behind the last semicolon, or, for the programs that write
// none before it (SendGrid's filter, some forgers), in the last words.
func (f *field) readDate() {
	start := f.tok.date
	if start < 0 {
		start = f.dateWithoutSemicolon()
		if start < 0 {
			return
		}
	}
	d := parseDate(f.tok.s[start:])
	f.hop.Zone = d.zone
	f.hop.Time = d.time()
}

// dateWithoutSemicolon finds where a date begins that follows the id or recipient: a
// word "2024-01-31" or a weekday.
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

// date is a date in parts; zero or -1 where a part was not found.
type date struct {
	year, month, day  int
	hour, minute, sec int
	pm, am            bool
	zone              string // as written
	offset            int    // seconds
	badZone           bool
	clock             bool
}

// parseDate reads RFC 5322 dates and what is written instead of them: comments, AM and
// PM, month before day ("Sep, 11 2002 11:27:56 AM -0000" is a ratware's habit), two-digit
// years, ctime's order, ISO 8601.
func parseDate(s string) date {
	if d, ok := standardDate(s); ok {
		return d
	}
	return anyDate(s)
}

// standardDate reads the form in which nearly every server writes the date, "Tue, 3 Dec
// 2002 15:16:03 +0000 (GMT)", and of which it reads the same as anyDate.
func standardDate(s string) (d date, ok bool) {
	s = strings.Trim(s, " ")
	if len(s) > 5 && s[3] == ',' && s[4] == ' ' && letter(s[0]) && letter(s[1]) && letter(s[2]) && month(s) == 0 {
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
	good := true
	read := func(w string) int {
		v, ok := number(w)
		good = good && ok
		return v
	}
	d.day, d.month, d.year = read(s[:n]), month(t[1:4]), read(t[5:9])
	d.hour, d.minute, d.sec, d.clock = read(t[10:12]), read(t[13:15]), read(t[16:18]), true
	if rest := t[24:]; rest != "" && (len(rest) < 2 || rest[0] != ' ' || rest[1] != '(' || commentEnd(rest, 1) != len(rest)-1) {
		return date{}, false
	}
	if read(t[20:24]); !good || d.month == 0 || d.day < 1 || d.day > 31 || d.year == 0 {
		return date{}, false
	}
	d.readOffset(t[19:24])
	return d, true
}

// anyDate reads a date word by word.
func anyDate(s string) date {
	var d date
	if len(s) > 200 {
		s = s[:200]
	}
	for words := 0; s != "" && words < 16; words++ {
		var w string
		w, s = nextDateWord(s)
		if w == "" || w[0] == '(' {
			continue
		}
		d.read(w)
	}
	return d
}

func nextDateWord(s string) (w, rest string) {
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] == ',' || s[i] == ';') {
		i++
	}
	if i < len(s) && s[i] == '(' {
		end := min(commentEnd(s, i)+1, len(s))
		return s[i:end], s[end:]
	}
	start := i
	for i < len(s) && s[i] != ' ' && s[i] != ',' && s[i] != '(' && s[i] != ';' {
		i++
	}
	return s[start:i], s[i:]
}

func (d *date) read(w string) {
	switch c := w[0]; {
	case c >= '0' && c <= '9':
		d.readNumber(w)
	case (c == '+' || c == '-') && d.clock:
		d.readOffset(w)
	default:
		d.readLetters(w)
	}
}

func (d *date) readNumber(w string) {
	if strings.IndexByte(w, ':') > 0 {
		if i := strings.IndexByte(w, 'T'); i == 10 {
			d.readISO(w[:10])
			w = w[11:]
		}
		d.readClock(w)
		return
	}
	if len(w) == 10 && w[4] == '-' {
		d.readISO(w)
		return
	}
	if i := strings.IndexByte(w, '-'); i == 1 || i == 2 { // 19-Sep-2002
		if parts := strings.SplitN(w, "-", 4); len(parts) == 3 {
			for _, p := range parts {
				if p != "" {
					d.read(p)
				}
			}
		}
		return
	}
	n, ok := number(w)
	switch {
	case !ok:
	case d.day == 0 && n >= 1 && n <= 31 && len(w) <= 2:
		d.day = n
	case d.year == 0 && len(w) == 4:
		d.year = n
	case d.year == 0 && len(w) == 3 && n >= 100: // RFC 5322, 4.3: years since 1900
		d.year = 1900 + n
	case d.year == 0 && len(w) == 2:
		d.year = 2000 + n
		if n >= 50 {
			d.year = 1900 + n
		}
	}
}

func (d *date) readISO(w string) {
	y, ok1 := number(w[:4])
	m, ok2 := number(w[5:7])
	day, ok3 := number(w[8:10])
	if ok1 && ok2 && ok3 {
		d.year, d.month, d.day = y, m, day
	}
}

func (d *date) readClock(w string) {
	if d.clock {
		return
	}
	if len(w) == 8 {
		// 17:41:07, the usual: no zone hangs on it.
	} else if i := strings.IndexAny(w, "Zz+-"); i > 0 {
		zone := w[i:]
		w = w[:i]
		defer func() {
			if zone[0]|0x20 == 'z' {
				d.readLetters(zone)
			} else {
				d.readOffset(zone)
			}
		}()
	}
	part := [3]int{}
	for i := range part {
		p, rest, more := strings.Cut(w, ":")
		if i == 2 {
			p, _, _ = strings.Cut(p, ".") // 17:41:07.334
		}
		n, ok := number(p)
		if !ok || len(p) > 2 {
			return
		}
		part[i] = n
		if !more {
			if i == 0 {
				return
			}
			break
		}
		w = rest
	}
	d.hour, d.minute, d.sec, d.clock = part[0], part[1], part[2], true
}

// readOffset reads "+0100" and "+01:00".
func (d *date) readOffset(w string) {
	if d.zone != "" {
		return
	}
	d.zone = text.Cut(w, 12)
	digits := strings.Replace(w[1:], ":", "", 1)
	n, ok := number(digits)
	if !ok || len(digits) != 4 || n%100 >= 60 || !zoneHours(n/100, n%100, w[0] == '-') {
		d.badZone = true
		return
	}
	d.offset = (n/100*60 + n%100) * 60
	if w[0] == '-' {
		d.offset = -d.offset
	}
}

// zoneHours tells whether any clock on Earth is that far from UTC: from -12:00 to +14:00.
func zoneHours(h, m int, west bool) bool {
	if west {
		return h < 12 || h == 12 && m == 0
	}
	return h < 14 || h == 14 && m == 0
}

func (d *date) readLetters(w string) {
	switch {
	case strings.EqualFold(w, "am"):
		d.am = true
		return
	case strings.EqualFold(w, "pm"):
		d.pm = true
		return
	}
	if len(w) >= 3 && d.month == 0 {
		if m := month(w[:3]); m > 0 {
			d.month = m
			return
		}
	}
	if d.clock && d.zone == "" {
		if off, ok := zoneName(w); ok {
			d.zone, d.offset = w, off
		}
	}
}

// zoneName knows the names of RFC 5322, section 4.3, and the few that software still
// writes instead of an offset.
func zoneName(w string) (seconds int, ok bool) {
	switch strings.ToUpper(w) {
	case "GMT", "UTC", "UT", "Z", "WET":
		return 0, true
	case "EST", "CDT":
		return -5 * 3600, true
	case "EDT":
		return -4 * 3600, true
	case "CST", "MDT":
		return -6 * 3600, true
	case "MST", "PDT":
		return -7 * 3600, true
	case "PST":
		return -8 * 3600, true
	case "CET", "MET", "WEST":
		return 3600, true
	case "CEST", "MEST", "EET":
		return 7200, true
	}
	return 0, false
}

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

// number reads up to nine decimal digits.
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

// time returns the moment, or the zero time if the date is incomplete, impossible, or
// its zone does not exist. A date without a zone is read as UTC; Hop.Zone then is "".
func (d *date) time() time.Time {
	if d.pm && d.hour < 12 {
		d.hour += 12
	} else if d.am && d.hour == 12 {
		d.hour = 0
	}
	if !d.clock || d.badZone || d.year < 1970 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 ||
		d.hour > 23 || d.minute > 59 || d.sec > 60 {
		return time.Time{}
	}
	t := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.sec, 0, time.UTC)
	if t.Day() != d.day && d.sec < 60 {
		return time.Time{} // 31 February
	}
	return t.Add(-time.Duration(d.offset) * time.Second)
}
