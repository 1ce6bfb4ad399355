package received

import (
	"strings"
	"unicode/utf8"
)

// Limits of the text read of one field. Legitimate servers write less than a
// tenth of each.
const (
	maxValue   = 64 << 10 // bytes of the value that are examined
	maxRaw     = 4 << 10  // bytes kept in Hop.Raw
	maxText    = 1000     // bytes of one field of a Hop
	maxComment = 200
	maxTokens  = 64 // words and comments of one field
)

// kind is the form of a token.
type kind byte

// The forms. Strings in quotes or angle brackets are words.
const (
	word    kind = iota
	comment      // an outermost comment, without its parentheses
)

// token is a word or outermost comment of a field: s[start:end].
type token struct {
	start, end int32
	kind       kind
}

// tokens is a fixed array, so that parsing a hop allocates nothing but its
// text.
type tokens struct {
	s    string
	n    int
	date int // offset after the last ';' outside comments; -1 if absent
	list [maxTokens]token
}

// text returns the i-th token.
func (t *tokens) text(i int) string { return t.s[t.list[i].start:t.list[i].end] }

// unfold replaces every run of blanks, line ends and other control characters
// by one space and trims the result. It repairs invalid UTF-8, because the text
// goes into a database; spam of the early 2000s often has names in Big5 or
// KOI8-R.
func unfold(value []byte) string {
	if len(value) > maxValue {
		value = value[:maxValue]
	}
	var small [768]byte // large enough for nearly all fields
	b := small[:]
	if len(value) > len(b) {
		b = make([]byte, len(value))
	}
	n, blank, high := 0, true, byte(0)
	for _, c := range value {
		if c > ' ' && c != 0x7f {
			high |= c
			b[n] = c
			n++
			blank = false
		} else if !blank {
			b[n] = ' '
			n++
			blank = true
		}
	}
	if n > 0 && blank {
		n--
	}
	if high >= utf8.RuneSelf {
		return strings.ToValidUTF8(string(b[:n]), "\uFFFD")
	}
	return string(b[:n])
}

// scan splits s into words and outermost comments in one pass. An unterminated
// comment extends to the end of the field. A quoted string or <…> may contain
// blanks, parentheses and semicolons.
//
// Comments nest (RFC 5322 section 3.2.2), and a backslash quotes the next byte
// in them. Each byte is visited once, but for the look ahead in wordEnd.
func (t *tokens) scan(s string) {
	t.s, t.date = s, -1
	noQuote, noAngle := false, -1
	for i := 0; i < len(s); {
		switch s[i] {
		case ' ':
			i++
		// The last one counts, as forged lines have several.
		case ';':
			i++
			t.date = i
		case '(':
			end := commentEnd(s, i)
			t.add(comment, i+1, end)
			i = end + 1
		default:
			start := i
			i = wordEnd(s, i, &noQuote, &noAngle)
			t.add(word, start, i)
		}
	}
}

// add keeps a token. Beyond maxTokens the rest of the field is not read.
func (t *tokens) add(k kind, start, end int) {
	if t.n < maxTokens {
		t.list[t.n] = token{int32(start), int32(min(end, len(t.s))), k}
		t.n++
	}
}

// commentEnd returns the index of the parenthesis that closes the one at i, or
// len(s).
func commentEnd(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// wordEnd returns the end of the word that begins at i. noQuote and noAngle
// remember a failed search for the closing character, so that a field full of
// quotes is still read in linear time.
func wordEnd(s string, i int, noQuote *bool, noAngle *int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case ' ', '(', ';':
			return i
		case '"':
			// There is no closing quote in the rest, as an earlier search has
			// shown. Searching again for each quote would take quadratic time.
			if *noQuote {
				continue
			}
			j := strings.IndexByte(s[i+1:], '"')
			if j < 0 {
				*noQuote = true
				continue
			}
			i += j + 1
		case '<':
			if i < *noAngle {
				continue
			}
			j := i + 1
			for j < len(s) && s[j] != '>' && s[j] != ' ' {
				j++
			}
			if j < len(s) && s[j] == '>' {
				i = j
			} else {
				*noAngle = j
			}
		}
	}
	return i
}
