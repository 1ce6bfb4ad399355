package whois

import (
	"strings"
	"time"
	"unicode"
)

// dayOrder is the meaning of "03/04/2005".
type dayOrder int

// The orders.
const (
	monthFirst dayOrder = iota // as in the United States, and at most registrars of generic domains
	dayFirst
)

// dateStyle is the way in which an answer writes its dates.
type dateStyle struct {
	order dayOrder
	local *time.Location // zone of times without one if the answer says that they are local; nil for UTC
}

// ParseDate parses a date in any form of the registries: any order of year,
// month and day, names of months in a dozen languages, with or without time and
// zone. A time without a zone counts as UTC. "03/04/2005" is March 4; with dots
// or hyphens the day comes first.
func ParseDate(s string) (time.Time, bool) { return parseDate(s, dateStyle{}) }

// maxDateText limits the bytes examined; no registry writes longer dates.
const maxDateText = 100

// token is a run of digits or letters in a date.
type token struct {
	text  string
	num   int  // value of a run of digits
	digit bool // a run of digits
	sep   byte // the last byte before it; 0 at the start
}

// parseDate reads a date with an optional clock. It refuses implausible years
// and values of which the day is only a limit, such as "before 1996".
func parseDate(s string, style dateStyle) (time.Time, bool) {
	tokens := dateTokens(s)
	// The clock is taken out first: its numbers would be read as a day
	// otherwise.
	clock, rest := takeClock(tokens)
	clock.local = style.local
	year, month, day, ok := calendar(rest, style.order, &clock)
	if !ok || !plausible(year, month, day) || onlyBound(rest) {
		return time.Time{}, false
	}
	return clock.at(year, month, day), true
}

// onlyBound reports whether a date is only an upper bound: Nominet's oldest
// names are registered "before Aug-1996". No day is known then.
func onlyBound(tokens []token) bool {
	switch tokens[0].text {
	case "before", "prior", "avant", "antes", "vor", "prima", "przed", "до":
		return true
	}
	return false
}

// plausible reports whether a registry can mean this day. The first .com is
// from 1985; the years 0001, 1900 and 1970 stand for empty fields.
//
// The upper limit refuses 9999, which databases use for "never".
func plausible(y, m, d int) bool {
	if y < 1983 || y > 3000 || m < 1 || m > 12 || d < 1 {
		return false
	}
	return d <= time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// dateTokens splits s into runs of digits and letters.
func dateTokens(s string) []token {
	s = strings.TrimSpace(s)
	s = s[:min(len(s), maxDateText)]
	var out []token
	var sep byte
	for i := 0; i < len(s); {
		j := i
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			// Cap the value, since a run of digits may have any length.
			n := 0
			for ; j < len(s) && s[j] >= '0' && s[j] <= '9'; j++ {
				n = min(n*10+int(s[j]-'0'), 1<<40)
			}
			out = append(out, token{s[i:j], n, true, sep})
		case isLetterByte(c):
			for j < len(s) && isLetterByte(s[j]) {
				j++
			}
			out = append(out, token{text: strings.ToLower(s[i:j]), sep: sep})
		default:
			sep = c
			i++
			continue
		}
		sep = 0
		i = j
	}
	return out
}

// isLetterByte counts every byte beyond ASCII as a letter: months have accents,
// and other scripts.
func isLetterByte(c byte) bool { return c >= 0x80 || unicode.IsLetter(rune(c)) }

// clock is the time of day with its offset in seconds east of UTC.
type clock struct {
	hour, minute, second, nano, zone int
	given, zoned                     bool // a time of day is present, and it has a zone
	local                            *time.Location
}

// at returns the time on a day in UTC.
func (c clock) at(y, m, d int) time.Time {
	if c.given && !c.zoned && c.local != nil {
		return time.Date(y, time.Month(m), d, c.hour, c.minute, c.second, c.nano, c.local).UTC()
	}
	t := time.Date(y, time.Month(m), d, c.hour, c.minute, c.second, c.nano, time.UTC)
	return t.Add(-time.Duration(c.zone) * time.Second)
}

// takeClock finds times such as "10:31", "10:31:05.123" and "6pm" with their
// zone, and returns the other tokens.
func takeClock(tokens []token) (clock, []token) {
	for i := 0; i+1 < len(tokens); i++ {
		h, m := tokens[i], tokens[i+1]
		if !h.digit || !m.digit || m.sep != ':' || len(h.text) > 2 || len(m.text) != 2 || h.num > 24 || m.num > 59 {
			continue
		}
		c := clock{hour: h.num, minute: m.num, given: true}
		end := i + 2
		if end < len(tokens) && tokens[end].sep == ':' && tokens[end].digit {
			// A leap second would move the time into the next minute.
			c.second = min(tokens[end].num, 59)
			end++
			if end < len(tokens) && tokens[end].sep == '.' && tokens[end].digit {
				c.nano = fraction(tokens[end].text)
				end++
			}
		}
		end = c.readZone(tokens, end)
		rest := append([]token(nil), tokens[:i]...)
		return c, append(rest, tokens[end:]...)
	}
	return clock{}, tokens
}

// fraction converts the digits after a second's decimal point to nanoseconds.
func fraction(digits string) int {
	n, unit := 0, 100_000_000
	for i := 0; i < len(digits) && unit > 0; i++ {
		n += int(digits[i]-'0') * unit
		unit /= 10
	}
	return n
}

// zones are the abbreviations that registries use, in seconds east of UTC.
//
// Ambiguous ones have the meaning of the registries that write them: "cst" is
// North America's, "bst" Britain's summer time.
var zones = map[string]int{
	"z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0,
	"bst": 3600, "west": 3600, "cet": 3600, "cest": 7200, "mez": 3600, "mesz": 7200, "met": 3600,
	"eet": 7200, "eest": 10800, "sast": 7200, "msk": 10800, "msd": 14400, "eat": 10800, "cat": 7200, "wat": 3600,
	"est": -18000, "edt": -14400, "cst": -21600, "cdt": -18000, "mst": -25200, "mdt": -21600, "pst": -28800, "pdt": -25200, "brt": -10800,
	"jst": 32400, "kst": 32400, "hkt": 28800, "sgt": 28800, "myt": 28800, "ict": 25200, "wib": 25200, "pkt": 18000,
	"aest": 36000, "aedt": 39600, "nzst": 43200, "nzdt": 46800, "irst": 12600, "idt": 10800, "clt": -14400, "clst": -10800,
}

// readZone parses "am", "pm" and a zone in tokens[i:] and returns the index
// after them.
func (c *clock) readZone(tokens []token, i int) int {
	for ; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.text == "am" || t.text == "pm":
			c.hour = c.hour % 12
			if t.text == "pm" {
				c.hour += 12
			}
		case !t.digit:
			z, known := zones[t.text]
			if !known {
				return i
			}
			c.zone, c.zoned = z, true
		case t.sep == '+' || t.sep == '-':
			z, used := offset(tokens[i:])
			if used == 0 {
				return i
			}
			c.zone, c.zoned = z, true
			return i + used
		default:
			return i
		}
	}
	return i
}

// offset parses "+02", "+0200" and "+02:00" and returns the number of tokens
// used.
//
// Zones reach from -12 to +14 hours.
func offset(tokens []token) (seconds, used int) {
	t := tokens[0]
	hours, minutes, used := t.num, 0, 1
	switch len(t.text) {
	case 1, 2:
		if len(tokens) > 1 && tokens[1].digit && tokens[1].sep == ':' && len(tokens[1].text) == 2 {
			minutes, used = tokens[1].num, 2
		}
	case 4:
		hours, minutes = t.num/100, t.num%100
	default:
		return 0, 0
	}
	if hours > 14 || minutes > 59 {
		return 0, 0
	}
	seconds = hours*3600 + minutes*60
	if t.sep == '-' {
		seconds = -seconds
	}
	return seconds, used
}

// calendar finds the day in the tokens without the time.
//
// A month as a word settles the order. Otherwise the number of digits and the
// separator decide, see numeric.
func calendar(tokens []token, order dayOrder, c *clock) (y, m, d int, ok bool) {
	nums := make([]token, 0, 4)
	wordAt := 0
	for _, t := range tokens {
		if !t.digit {
			if m == 0 {
				m = month(t.text)
				wordAt = len(nums)
			}
			continue
		}
		if len(t.text) >= 8 {
			if y, m, d, ok = packed(t.text, c); ok {
				return y, m, d, true
			}
			continue // a serial number before the date, as in .ua
		}
		if nums = append(nums, t); len(nums) == 3 || m != 0 && len(nums) == 2 {
			break
		}
	}
	if m != 0 {
		return named(nums, m, wordAt)
	}
	return numeric(nums, order)
}

// packed parses 20060102, 02012006, 200601021504 and 20060102150405.
func packed(s string, c *clock) (y, m, d int, ok bool) {
	part := func(i, j int) (n int) {
		for _, r := range s[i:j] {
			n = n*10 + int(r-'0')
		}
		return n
	}
	if len(s) != 8 && len(s) != 12 && len(s) != 14 {
		return 0, 0, 0, false
	}
	y, m, d = part(0, 4), part(4, 6), part(6, 8)
	if len(s) == 8 && !plausible(y, m, d) {
		y, m, d = part(4, 8), part(2, 4), part(0, 2)
	}
	if len(s) >= 12 && part(8, 10) < 24 && part(10, 12) < 60 {
		c.hour, c.minute, c.given = part(8, 10), part(10, 12), true
		if len(s) == 14 && part(12, 14) < 60 {
			c.second = part(12, 14)
		}
	}
	return y, m, d, plausible(y, m, d)
}

// named parses a date with the month as a word: "12-Aug-2006", "August 12,
// 2006", "2006-Aug-12". before is the number of numbers before the word.
func named(nums []token, m, before int) (int, int, int, bool) {
	if len(nums) < 2 {
		return 0, 0, 0, false
	}
	a, b := nums[0], nums[1]
	switch {
	case len(a.text) == 4:
		return a.num, m, b.num, true
	case len(b.text) == 4:
		return b.num, m, a.num, true
	case len(b.text) == 2 && before <= 1:
		return century(b.num), m, a.num, true
	}
	return 0, 0, 0, false
}

// numeric parses a date of three numbers.
//
// A year in front is ISO 8601's order, unless the second number cannot be a
// month.
func numeric(nums []token, order dayOrder) (int, int, int, bool) {
	if len(nums) < 3 {
		return 0, 0, 0, false
	}
	a, b, c := nums[0], nums[1], nums[2]
	if len(a.text) == 4 {
		if b.num > 12 && c.num <= 12 {
			return a.num, c.num, b.num, true // year-day-month
		}
		return a.num, b.num, c.num, true
	}
	if len(a.text) > 2 || len(b.text) > 2 {
		return 0, 0, 0, false
	}
	y := c.num
	switch len(c.text) {
	case 2:
		y = century(y)
	case 4:
	default:
		return 0, 0, 0, false
	}
	monthLeads := b.num > 12 || order == monthFirst && b.sep == '/' && a.num <= 12
	if monthLeads {
		return y, a.num, b.num, true
	}
	return y, b.num, a.num, true
}

// century completes a year of two digits. No domain is older than 1985, and
// registrations end within decades.
func century(y int) int {
	if y >= 70 {
		return 1900 + y
	}
	return 2000 + y
}

// evidence returns the order of day and month that one date proves, if it does.
//
// One such date settles all others of the same answer, since a server has one
// format.
func evidence(s string) (dayOrder, bool) {
	_, rest := takeClock(dateTokens(s))
	if len(rest) < 3 || !rest[0].digit || !rest[1].digit || !rest[2].digit || rest[1].sep != '/' || len(rest[2].text) != 4 {
		return 0, false
	}
	switch a, b := rest[0].num, rest[1].num; {
	case a > 12 && b <= 12:
		return dayFirst, true
	case b > 12 && a <= 12:
		return monthFirst, true
	}
	return 0, false
}

// months maps beginnings of month names. Names of a language that begin alike
// ("juin", "juillet") have longer entries, which take precedence.
var months = map[string]int{
	"jan": 1, "ene": 1, "gen": 1, "янв": 1, "led": 1, "sty": 1, "oca": 1,
	"feb": 2, "fév": 2, "fev": 2, "фев": 2, "lut": 2, "şub": 2,
	"mar": 3, "mär": 3, "maa": 3, "mrt": 3, "мар": 3, "márc": 3,
	"apr": 4, "avr": 4, "abr": 4, "апр": 4, "kwi": 4, "nis": 4,
	"may": 5, "mai": 5, "mei": 5, "mag": 5, "maj": 5, "май": 5, "мая": 5,
	"jun": 6, "juin": 6, "giu": 6, "июн": 6, "cze": 6, "haz": 6,
	"jul": 7, "juil": 7, "lug": 7, "июл": 7, "lip": 7, "tem": 7,
	"aug": 8, "aoû": 8, "aou": 8, "ago": 8, "авг": 8, "sie": 8,
	"sep": 9, "set": 9, "сен": 9, "wrz": 9, "eyl": 9,
	"oct": 10, "okt": 10, "ott": 10, "out": 10, "окт": 10, "paź": 10, "eki": 10,
	"nov": 11, "ноя": 11, "lis": 11, "kas": 11,
	"dec": 12, "déc": 12, "dez": 12, "des": 12, "dic": 12, "дек": 12, "gru": 12, "ara": 12,
}

// month returns the month of a word, or 0.
func month(word string) int {
	runes := 0
	longest := 0
	for i := range word + " " {
		if runes == 3 || runes == 4 {
			if m := months[word[:i]]; m != 0 {
				longest = m
			}
		}
		if runes++; runes > 4 {
			break
		}
	}
	// A longer word is no month in any of these languages.
	if longest != 0 && len(word) > 24 {
		return 0
	}
	return longest
}

// setDate parses a date into t and keeps its text in raw. The first readable
// date counts.
func setDate(t *time.Time, raw *string, v string, style dateStyle) {
	if !t.IsZero() {
		return
	}
	got, ok := parseDate(v, style)
	if ok {
		*t = got
	}
	if raw != nil && (ok || *raw == "") && strings.ContainsAny(v, "0123456789") {
		*raw = oneLine(v)
	}
}
