package date

import (
	"strings"
	"time"
)

// reader collects the parts of a date. Each word or number identifies itself by
// its form, so their order does not matter. Year, month, day and hour are -1
// until they are known.
type reader struct {
	year, month, day   int
	hour, minute, sec  int
	nanosecond         int
	pm, am             bool
	zone               int // seconds east
	zoneSeen, zoneGood bool
	region             *time.Location // of a POSIX zone with summer time, such as EST5EDT
	written            string         // zone as written
	numbers            []number       // numbers whose role is not yet known, in order
	lastWord           string
	bad                bool // the parts contradict each other
}

// number is a number whose role is not known. The count of digits helps to decide:
// "05" may be a day or a year, "2005" only a year.
type number struct{ value, digits int }

// tokens scans the string once. It looks for a zone's name inside comments only
// if there is none outside.
func (d *reader) tokens(s string) {
	depth := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '(':
			depth++
			i++
		case c == ')':
			depth = max(depth-1, 0)
			i++
		case isDigit(c):
			n := numberLength(s[i:])
			if depth == 0 {
				i += d.number(s, i, n)
			} else {
				i += n
			}
		case isAlpha(c) || c >= 0x80:
			n := d.regionName(s[i:])
			if n == 0 {
				n = wordLength(s[i:])
				if depth == 0 || !d.zoneSeen {
					d.word(s[i:i+n], depth > 0)
				}
			}
			i += n
		case (c == '+' || c == '-') && depth == 0:
			i += d.sign(s, i)
		default:
			i++
		}
	}
}

// wordLength returns the length of the word at the start of s. Bytes beyond
// ASCII count as letters, for months such as "März".
func wordLength(s string) int {
	n := 0
	for n < len(s) && (isAlpha(s[n]) || s[n] >= 0x80) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }

// numberLength returns the length of the digits at the start of s.
func numberLength(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// atoi reads at most nine digits, so it cannot overflow.
func atoi(s string) int {
	n := 0
	for i := range min(len(s), 9) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// number reads the number of n digits at i. If it begins a time of day or a
// numeric date, it reads all of that. It returns the number of bytes read.
func (d *reader) number(s string, i, n int) int {
	rest := s[i+n:]
	if n <= 2 && d.hour < 0 && len(rest) > 1 && (rest[0] == ':' || rest[0] == '.') && isDigit(rest[1]) {
		if took := d.clock(s[i:]); took > 0 {
			return took
		}
	}
	if n == 4 && len(rest) > 2 && (rest[0] == '-' || rest[0] == '/' || rest[0] == '.') && isDigit(rest[1]) {
		if took := d.yearFirst(s[i:]); took > 0 {
			return took
		}
	}
	if n <= 2 && len(rest) > 2 && (rest[0] == '/' || rest[0] == '-' || rest[0] == '.') && isDigit(rest[1]) {
		if took := d.slashed(s[i:]); took > 0 {
			return took
		}
	}
	d.numbers = append(d.numbers, number{atoi(s[i : i+n]), n})
	return n
}

// clock reads hh:mm, hh:mm:ss and hh:mm:ss.fff. Some Windows locales write dots
// instead of colons.
func (d *reader) clock(s string) int {
	sep := s[numberLength(s)]
	var v [3]int
	k, i := 0, 0
	for k < 3 {
		n := numberLength(s[i:])
		if n == 0 || n > 2 {
			break
		}
		v[k] = atoi(s[i : i+n])
		k++
		i += n
		if k == 3 || i+1 >= len(s) || s[i] != sep || !isDigit(s[i+1]) {
			break
		}
		i++
	}
	if sep == '.' && k < 3 {
		return 0 // a date such as 31.12
	}
	if i+1 < len(s) && isDigit(s[i]) {
		return 0
	}
	if v[0] > 23 || v[1] > 59 || v[2] > 60 {
		d.bad = true
	}
	d.hour, d.minute, d.sec = v[0], v[1], v[2]
	if sep == ':' && i+1 < len(s) && (s[i] == '.' || s[i] == ',') && isDigit(s[i+1]) {
		n := numberLength(s[i+1:])
		scale := 100_000_000
		for j := range min(n, 9) {
			d.nanosecond += int(s[i+1+j]-'0') * scale
			scale /= 10
		}
		i += 1 + n
	}
	return i
}

// yearFirst reads yyyy-mm-dd, followed by the T of ISO 8601 or not.
func (d *reader) yearFirst(s string) int {
	sep := s[4]
	m := numberLength(s[5:])
	if m == 0 || m > 2 || 5+m+1 >= len(s) || s[5+m] != sep {
		return 0
	}
	n := numberLength(s[5+m+1:])
	if n == 0 || n > 2 {
		return 0
	}
	d.year, d.month, d.day = atoi(s[:4]), atoi(s[5:5+m]), atoi(s[5+m+1:5+m+1+n])
	took := 5 + m + 1 + n
	if took < len(s) && (s[took] == 'T' || s[took] == 't') {
		took++
	}
	return took
}

// slashed reads three numbers of which the last is the year. It decides between
// day and month only on evidence: a number over 12, or dots, which only
// day-first locales use. Otherwise the date is unknown.
func (d *reader) slashed(s string) int {
	a := numberLength(s)
	sep := s[a]
	b := numberLength(s[a+1:])
	if b == 0 || b > 2 || a+1+b+1 >= len(s) || s[a+1+b] != sep {
		return 0
	}
	c := numberLength(s[a+1+b+1:])
	if c != 4 && c != 2 {
		return 0
	}
	first, second := atoi(s[:a]), atoi(s[a+1:a+1+b])
	switch {
	case second > 12:
		d.month, d.day = first, second
	case first > 12 || first == second || sep == '.':
		d.day, d.month = first, second
	default:
		d.bad = true // 3/4/2005 is ambiguous
	}
	d.year = fullYear(number{atoi(s[a+1+b+1:][:c]), c})
	return a + 1 + b + 1 + c
}

// sign reads a token that starts with + or -: a zone, or the hyphens of
// 02-Jan-2006.
func (d *reader) sign(s string, i int) int {
	if d.hour < 0 || d.zoneSeen && d.zoneGood && d.lastWord == "" {
		return 1
	}
	j := i + 1
	if j < len(s) && s[j] == '-' {
		j++ // "+-0700" and "--0400" occur in spam
	}
	n := numberLength(s[j:])
	if n == 0 {
		return j - i
	}
	digits := s[j : j+n]
	took := j - i + n
	if n <= 2 && j+n+2 < len(s) && s[j+n] == ':' && isDigit(s[j+n+1]) {
		m := numberLength(s[j+n+1:])
		digits = digits + s[j+n+1:j+n+1+min(m, 2)]
		took += 1 + m
		n += min(m, 2)
	}
	hours, minutes := 0, 0
	switch {
	case n <= 2:
		hours = atoi(digits)
	case n <= 4:
		hours, minutes = atoi(digits[:n-2]), atoi(digits[n-2:])
	default:
		hours = 99
	}
	d.setZone(s[i], j > i+1, hours, minutes)
	d.written = s[i : i+took]
	return took
}

// setZone takes a numeric zone. Offsets beyond those in use make the zone
// unknown, not the time.
func (d *reader) setZone(sign byte, twice bool, hours, minutes int) {
	seconds := hours*3600 + minutes*60
	good := minutes < 60 && !twice
	if sign == '-' {
		seconds = -seconds
	}
	good = good && seconds >= -12*3600 && seconds <= 14*3600
	d.zoneSeen, d.zoneGood, d.lastWord = true, good, ""
	d.zone = 0
	if good {
		d.zone = seconds
	}
}

// word reads a name: a month, a day of the week, am or pm, or a zone.
func (d *reader) word(w string, comment bool) {
	lower := strings.ToLower(w)
	if !comment {
		switch lower {
		case "am", "a":
			d.am = d.hour >= 0
			return
		case "pm", "p":
			d.pm = d.hour >= 0
			return
		}
		if d.month < 0 {
			if m := monthNumber(lower); m > 0 && (len(d.numbers) > 0 || d.hour < 0) {
				d.month = m
				return
			}
		}
		if isWeekday(lower) {
			return
		}
	}
	if d.zoneSeen && d.zoneGood {
		return
	}
	if d.hour < 0 {
		return
	}
	d.zoneWord(lower)
	if d.zoneSeen && d.written == "" {
		d.written = w
	}
}

// zoneWord reads a zone's name. Windows writes three words for it, "Eastern
// Daylight Time".
func (d *reader) zoneWord(w string) {
	switch w {
	case "daylight":
		if hours, ok := windowsZones[d.lastWord]; ok {
			d.namedZone(hours*3600 + 3600)
		}
		return
	case "standard":
		if hours, ok := windowsZones[d.lastWord]; ok {
			d.namedZone(hours * 3600)
		}
		return
	case "time", "at":
		return
	}
	if minutes, ok := zoneNames[w]; ok {
		d.namedZone(minutes * 60)
		if w == "gmt" || w == "utc" {
			d.lastWord = w // an offset may follow, as in GMT+3
		}
		return
	}
	if !d.zoneSeen || !d.zoneGood {
		d.lastWord = w
		d.zoneSeen = true
	}
}

// namedZone takes the offset of a zone's name, in seconds east.
func (d *reader) namedZone(seconds int) {
	d.zone, d.zoneSeen, d.zoneGood, d.lastWord = seconds, true, true, ""
}

// time combines the parts. ok is false if one is missing or impossible.
func (d *reader) time() (t time.Time, ok bool) {
	d.placeNumbers()
	if d.bad || d.year < 1900 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 {
		return time.Time{}, false
	}
	hour := max(d.hour, 0)
	switch {
	case d.pm && hour < 12:
		hour += 12
	case d.am && hour == 12:
		hour = 0
	}
	loc := time.UTC
	switch {
	case d.region != nil:
		loc = d.region
	case d.zoneGood && d.zone != 0:
		loc = time.FixedZone("", d.zone)
	}
	t = time.Date(d.year, time.Month(d.month), d.day, hour, d.minute, d.sec, d.nanosecond, loc)
	if d.sec < 60 && t.Day() != d.day || time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, loc).Day() != d.day {
		return time.Time{}, false // 31 February
	}
	return t, true
}

// placeNumbers assigns the numbers that stand alone. The day comes before the
// year, unless only one of them can be the year.
func (d *reader) placeNumbers() {
	for _, n := range d.numbers {
		switch {
		case d.year < 0 && n.digits >= 3:
			d.year = fullYear(n)
		case d.day < 0 && n.digits <= 2 && n.value >= 1 && n.value <= 31:
			d.day = n.value
		case d.year < 0 && n.digits == 2 && d.day >= 0:
			d.year = fullYear(n)
		}
	}
}

// fullYear completes short years by RFC 5322 section 4.3.
func fullYear(n number) int {
	switch {
	case n.digits == 2 && n.value < 50:
		return n.value + 2000
	case n.digits == 2, n.digits == 3, n.digits == 4 && n.value >= 100 && n.value < 200:
		return n.value + 1900 // 102 and "0102" come from programs that were not ready for the year 2000
	case n.digits == 4:
		return n.value
	}
	return -1
}

// monthNumber knows English months, full or abbreviated, and those of mailers
// that write dates in the user's language against RFC 5322.
func monthNumber(w string) int {
	if len(w) < 3 {
		return 0
	}
	if m, ok := englishMonths[w[:3]]; ok {
		return m
	}
	if m, ok := otherMonths[w[:3]]; ok {
		return m
	}
	if strings.HasPrefix(w, "m\u00e4r") {
		return 3
	}
	return 0
}

// englishMonths are the names of RFC 5322 section 3.3, by their first three
// letters.
var englishMonths = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// otherMonths are the first three letters of German, French, Spanish, Italian,
// Portuguese, Dutch and Scandinavian months, as far as they differ from the
// English ones. None of them stands for two months.
var otherMonths = map[string]int{
	"ene": 1, "gen": 1, "fev": 2, "fév": 2, "abr": 4, "avr": 4, "mai": 5, "mag": 5, "giu": 6, "lug": 7, "ago": 8,
	"set": 9, "okt": 10, "out": 10, "ott": 10, "dez": 12, "dic": 12, "mrz": 3, "maj": 5, "mei": 5,
}

// isWeekday recognises English days of the week, full or abbreviated. Days in
// other languages are read as unknown words.
func isWeekday(w string) bool {
	if len(w) < 3 {
		return false
	}
	switch w[:3] {
	case "mon", "tue", "wed", "thu", "fri", "sat", "sun":
		return true
	}
	return false
}
