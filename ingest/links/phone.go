package links

import (
	"strings"
	"unicode/utf8"
)

// searchPhones looks for phone numbers in running text. The country is unknown,
// so it accepts only these forms: +44 20 7946 0123, 0044 20 ..., the North
// American (202) 555-0123, and any number after a word such as "call".
func (x *extractor) searchPhones(b []byte, where string) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		if !isNumber(c) && c != '+' && c != '(' {
			continue
		}
		if i > 0 && !startsNumber(b[i-1]) {
			i = skipWord(b, i)
			continue
		}
		run := readPhone(b[i:])
		if run.size == 0 {
			i = skipWord(b, i)
			continue
		}
		// Shorter numbers are local and name nobody without an area. E.164
		// allows 15 digits.
		if run.n >= 7 && run.n <= 15 {
			x.judgePhone(b, i, &run, where)
		}
		i += run.size - 1
	}
}

// startsNumber reports whether a number may begin after c. It may not begin
// inside a word, an amount, a path or another number.
func startsNumber(c byte) bool {
	return !isAlnum(c) && strings.IndexByte("-_/=.#&%?@$+~\\", c) < 0
}

// skipWord returns the index of the last byte of the word at b[i].
//
// Digits inside identifiers, paths and decimal numbers are skipped as a whole,
// so that no suffix of them becomes a number.
func skipWord(b []byte, i int) int {
	for i+1 < len(b) && (isAlnum(b[i+1]) || b[i+1] == '.' || b[i+1] == '-' || b[i+1] == '_' || b[i+1] == '/') {
		i++
	}
	return i
}

// phoneRun is a sequence of digit groups.
type phoneRun struct {
	size    int
	digits  [24]byte
	n       int     // digits
	groups  [12]int // digits of each group
	g       int     // groups
	plus    bool
	letters bool
}

// maxPhoneRun limits a number with its separators, in bytes. E.164 allows 15
// digits.
const maxPhoneRun = 36

// readPhone reads groups of digits with the usual separators between them.
func readPhone(b []byte) (r phoneRun) {
	// The surplus shows whether the number ends there.
	b = b[:min(len(b), maxPhoneRun+16)]
	i := 0
	if b[0] == '+' {
		r.plus = true
		i++
	}
	for i < len(b) && i < maxPhoneRun {
		skip := separatorsBefore(b[i:])
		start := i + skip
		end := start
		for end < len(b) && isAlnum(b[end]) {
			end++
		}
		if end == start || r.g == len(r.groups) || r.n+end-start > len(r.digits) {
			break
		}
		// A letter beyond ASCII continues the word.
		if end < len(b) && b[end] >= utf8.RuneSelf && !nonBreaking(b[end:]) {
			break
		}
		letters, ok := r.add(b[start:end])
		if !ok || letters && r.g == 0 {
			break
		}
		r.letters = r.letters || letters
		r.n += end - start
		r.groups[r.g] = end - start
		r.g++
		i, r.size = end, end
	}
	if i < len(b) && r.size > 0 && strings.IndexByte("@=%_:$", b[i]) >= 0 {
		r.n = 0 // part of an address, a time or a parameter
	}
	return r
}

// separatorsBefore returns the length of the separators at the start of b: up
// to three blanks, dots, hyphens or parentheses.
func separatorsBefore(b []byte) int {
	i := 0
	for signs := 0; i < len(b) && signs < 3; signs++ {
		switch b[i] {
		case ' ', '-', '.', '(', ')', '/':
			i++
		default:
			if !nonBreaking(b[i:]) {
				return i
			}
			_, size := utf8.DecodeRune(b[i:])
			i += size
		}
	}
	return i
}

// nonBreaking reports whether b begins with a no-break space or a non-ASCII
// hyphen or dash.
func nonBreaking(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	return r == 0xA0 || 0x2010 <= r && r <= 0x2013 || r == 0x202F
}

// add appends a group of digits. Fraud replaces some digits by similar letters
// ("8O8", "l-8OO"); these are converted. ok is false for other letters or
// without any digit.
func (r *phoneRun) add(group []byte) (letters, ok bool) {
	for i, c := range group {
		switch {
		case isNumber(c):
			r.digits[r.n+i] = c
			ok = true
		case c == 'o' || c == 'O':
			r.digits[r.n+i] = '0'
			letters = true
		case c == 'l' || c == 'I':
			r.digits[r.n+i] = '1'
			letters = true
		default:
			return false, false
		}
	}
	return letters, ok
}

// judgePhone decides by form and context whether a run is a phone number.
func (x *extractor) judgePhone(b []byte, at int, r *phoneRun, where string) {
	d, groups := r.digits[:r.n], r.groups[:r.g]
	p := phone{plus: r.plus, letters: r.letters}
	called := false
	switch {
	case r.plus:
		// No country code begins with 0 (E.164). Seven digits with a plus are
		// sums such as "+1000000".
		if d[0] == '0' || len(d) < 8 {
			return
		}
	case northAmerican(d, groups):
		p.region = "US"
	default:
		if called = afterCall(b, at); !called || isDate(groups) {
			return
		}
		p.keep = true
		if len(d) == 10 || len(d) == 11 && d[0] == '1' {
			p.region = "US"
		}
	}
	p.digits = string(d)
	p.raw = string(b[at : at+r.size])
	x.number(p, where)
}

// northAmerican reports whether the groups are 3-3-4 digits, after an optional
// 1, with area and exchange codes that begin with 2 to 9.
func northAmerican(d []byte, groups []int) bool {
	if len(groups) > 0 && groups[0] == 1 && d[0] == '1' {
		d, groups = d[1:], groups[1:]
	}
	return len(groups) == 3 && groups[0] == 3 && groups[1] == 3 && groups[2] == 4 && d[0] >= '2' && d[3] >= '2'
}

// isDate recognises 2022-01-31 and 31.01.2022.
func isDate(groups []int) bool {
	return len(groups) == 3 && (groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2 || groups[2] == 4 && groups[0] <= 2 && groups[1] <= 2)
}

// afterCall reports whether a word that announces a phone number precedes
// b[at].
//
// Parts of words are listed, so that inflected forms match in several
// languages. 24 bytes hold the word and a short phrase such as "us toll-free
// at".
func afterCall(b []byte, at int) bool {
	before := strings.ToLower(string(b[max(0, at-24):at]))
	for _, w := range []string{"tel", "phone", "call", "fax", "whatsapp", "mobile", "cell", "dial", "hotline", "helpline", "toll", "sms", "fono", "anruf", "llam", "ligue", "appel"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}
