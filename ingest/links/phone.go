package links

import (
	"strings"
	"unicode/utf8"
)

// searchPhones looks for phone numbers in running text. No country is known, so only
// these forms are taken: +44 20 7946 0123, 0044 20 ..., (202) 555-0123 and its kin of
// North America, and any number right behind a word such as "call".
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
		if run.n >= 7 && run.n <= 15 {
			x.judgePhone(b, i, &run, where)
		}
		i += run.size - 1
	}
}

// startsNumber reports whether a number may begin behind c: not inside a word, an amount,
// a path or another number.
func startsNumber(c byte) bool {
	return !isAlnum(c) && strings.IndexByte("-_/=.#&%?@$+~\\", c) < 0
}

// skipWord returns the last index of the word at b[i].
func skipWord(b []byte, i int) int {
	for i+1 < len(b) && (isAlnum(b[i+1]) || b[i+1] == '.' || b[i+1] == '-' || b[i+1] == '_' || b[i+1] == '/') {
		i++
	}
	return i
}

// phoneRun is a run of groups of digits.
type phoneRun struct {
	size    int
	digits  [24]byte
	n       int     // digits
	groups  [12]int // digits of each group
	g       int     // groups
	plus    bool
	letters bool
}

const maxPhoneRun = 36

// readPhone reads groups of digits with the separators that people put between them.
func readPhone(b []byte) (r phoneRun) {
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
		r.n = 0 // an address, a time, a parameter
	}
	return r
}

// separatorsBefore counts the bytes of blanks, dots, hyphens and parentheses at the start
// of b, at most three signs.
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

// nonBreaking tells the no-break space and the hyphens and dashes beyond ASCII.
func nonBreaking(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	return r == 0xA0 || 0x2010 <= r && r <= 0x2013 || r == 0x202F
}

// add writes a group behind the digits, with the letters that fraud writes for them
// ("8O8", "l-8OO") read as digits. ok is false if it has other letters or no digit.
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

// northAmerican tells 3-3-4 digits, with or without a 1 in front, whose area and exchange
// codes begin with 2 to 9.
func northAmerican(d []byte, groups []int) bool {
	if len(groups) > 0 && groups[0] == 1 && d[0] == '1' {
		d, groups = d[1:], groups[1:]
	}
	return len(groups) == 3 && groups[0] == 3 && groups[1] == 3 && groups[2] == 4 && d[0] >= '2' && d[3] >= '2'
}

// isDate tells 2022-01-31 and 31.01.2022.
func isDate(groups []int) bool {
	return len(groups) == 3 && (groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2 || groups[2] == 4 && groups[0] <= 2 && groups[1] <= 2)
}

// afterCall reports whether one of the words that announce a phone number stands just
// before b[at].
func afterCall(b []byte, at int) bool {
	before := strings.ToLower(string(b[max(0, at-24):at]))
	for _, w := range []string{"tel", "phone", "call", "fax", "whatsapp", "mobile", "cell", "dial", "hotline", "helpline", "toll", "sms", "fono", "anruf", "llam", "ligue", "appel"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}
