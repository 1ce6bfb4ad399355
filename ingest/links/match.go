package links

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"mvdan.cc/xurls/v2"

	"spoor/internal/text"
)

// maxToken is the longest candidate that is given to a regular expression. xurls is
// built for prose; 16 KB of "1.1.1." hold its relaxed form for a minute.
const maxToken = 2 << 10

// strictURL is xurls' idea of where a URL in prose ends, after any scheme with slashes.
var strictURL = sync.OnceValue(func() *regexp.Regexp {
	re, err := xurls.StrictMatchingScheme(`[a-z][a-z0-9+.\-]*:[/\\]+`)
	if err != nil {
		panic(err) // a constant expression, compiled by every test
	}
	return re
})

// knownSchemes are those that make "word://" a URL in running text.
var knownSchemes = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool, 400)
	for _, list := range [][]string{xurls.Schemes, xurls.SchemesNoAuthority, xurls.SchemesUnofficial} {
		for _, s := range list {
			m[strings.ToLower(s)] = true
		}
	}
	for _, s := range []string{"ftps", "tg", "whatsapp", "intent", "search-ms", "ms-word", "ms-excel", "ms-powerpoint", "weixin", "line"} {
		m[s] = true
	}
	return m
})

// Bytes as xurls sorts them: those that go on inside a URL, and those it may end with.
const (
	urlMid = 1 << iota
	urlEnd
)

var urlBytes = func() (t [256]uint8) {
	for c := range t {
		if c < utf8.RuneSelf && isAlnum(byte(c)) {
			t[c] = urlMid | urlEnd
		}
	}
	for _, c := range "-_~%$&+=/#" {
		t[c] = urlMid | urlEnd
	}
	for _, c := range ".!'*,;:@?\\" {
		t[c] = urlMid
	}
	return t
}()

// matchURL returns the end of the URL in s whose scheme begins at at and whose host at
// host, or 0 if there is none. Readers leave out closing punctuation and brackets that
// were not opened inside, and so does this. Where neither brackets nor other alphabets
// are met, xurls' answer follows from two classes of bytes; else xurls itself is asked.
func (x *extractor) matchURL(s string, at, host int) int {
	limit := min(len(s), at+MaxURLBytes+1) // one more than is kept, so that it is noted as cut
	if q := quoteBefore(s, at); q != 0 {
		if j := strings.IndexByte(s[host:limit], q); j >= 0 {
			limit = host + j
		}
	}
	end, i := 0, host
	for i < limit && urlBytes[s[i]]&urlMid != 0 {
		i++
	}
	for end = i; end > host && urlBytes[s[end-1]]&urlEnd == 0; end-- {
	}
	if i < limit && (s[i] >= utf8.RuneSelf || s[i] == '(' || s[i] == '[' || s[i] == '{') {
		e := x.askXURLs(s[at:limit])
		if e > host-at {
			end = at + e
		}
		if e == 0 || e > maxToken-utf8.UTFMax {
			end = runOn(s[:limit], end) // longer than it was asked about
		}
	}
	if end <= host || !hostStart(s[host:end]) {
		return 0
	}
	return end
}

// runOn extends the URL that ends at s[end] over all that may stand in one.
func runOn(s string, end int) int {
	i := end
	for i < len(s) && (urlBytes[s[i]]&urlMid != 0 || s[i] >= utf8.RuneSelf) {
		i++
	}
	for i > end && s[i-1] < utf8.RuneSelf && urlBytes[s[i-1]]&urlEnd == 0 {
		i--
	}
	return i
}

// askXURLs returns the length of the match at the start of s, or 0. What one message may
// cost is limited; beyond that the plain answer stands.
func (x *extractor) askXURLs(s string) int {
	s = text.Cut(s, maxToken)
	if x.regexp < len(s) {
		return 0
	}
	x.regexp -= len(s)
	if loc := strictURL().FindStringIndex(s); loc != nil && loc[0] == 0 {
		return loc[1]
	}
	return 0
}

// quoteBefore returns the quotation mark that opens right before s[at:], as in scripts
// and style sheets.
func quoteBefore(s string, at int) byte {
	if at > 0 && (s[at-1] == '\'' || s[at-1] == '`') {
		return s[at-1]
	}
	return 0
}

// hostStart reports whether a host or user name can begin s.
func hostStart(s string) bool {
	c := s[0]
	if c >= utf8.RuneSelf || isAlnum(c) || c == '[' || c == '%' || c == '_' || c == '-' || c == '~' {
		return true
	}
	// Punctuation first: only if letters follow at once, as in "http://.example.com".
	return len(s) > 1 && isAlnum(s[1])
}

func isLetter(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }
func isNumber(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool  { return isLetter(c) || isNumber(c) }

func isSchemeByte(c byte) bool { return isAlnum(c) || c == '+' || c == '-' || c == '.' }

// subToken is a part of a candidate between separators of other alphabets.
type subToken struct {
	text    string
	cleaned bool // invisible characters were taken out
}

// splitUnicode splits at blanks and quotation marks beyond ASCII and removes what no
// reader sees: spammers put soft hyphens and zero-width spaces into URLs.
func splitUnicode(s string) []subToken {
	out := make([]subToken, 0, 2)
	var b strings.Builder
	hidden := false
	flush := func() {
		if b.Len() > 0 {
			out = append(out, subToken{b.String(), hidden})
		}
		b.Reset()
		hidden = false
	}
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			b.WriteByte(s[i])
		case unseen(r):
			hidden = true
		case separates(r):
			flush()
		default:
			b.WriteRune(r)
		}
	}
	flush()
	return out
}

// unseen tells characters that take no room: soft hyphen, zero-width space, joiners,
// direction marks, word joiner, byte order mark, variation selectors.
func unseen(r rune) bool {
	switch {
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF,
		0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F, 0xFE00 <= r && r <= 0xFE0F:
		return true
	}
	return false
}

func separates(r rune) bool {
	switch r {
	case '\u00AB', '\u00BB', '\u2039', '\u203A', '\u201C', '\u201D', '\u201E', '\u2018', '\u2019', '\u300A', '\u300B',
		'\u300C', '\u300D', '\u3010', '\u3011', '\uFF08', '\uFF09', '\uFF0C', '\u3001', '\uFF1C', '\uFF1E', '\u2022', '\u2026', '\u27A1':
		return true
	}
	return unicode.IsSpace(r) || r == '\u0085'
}
