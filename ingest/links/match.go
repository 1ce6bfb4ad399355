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

// maxToken limits the candidates that are given to a regular expression, in
// bytes. xurls is made for prose: its relaxed expression takes a minute for 16
// KB of "1.1.1.".
const maxToken = 2 << 10

// strictURL is the expression of xurls for the end of a URL in prose, after any
// scheme with slashes.
var strictURL = sync.OnceValue(func() *regexp.Regexp {
	re, err := xurls.StrictMatchingScheme(`[a-z][a-z0-9+.\-]*:[/\\]+`)
	if err != nil {
		panic(err) // a constant expression, compiled by every test
	}
	return re
})

// knownSchemes are the schemes for which "word://" is a URL in running text.
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

// Classes of ASCII bytes in xurls' expression: those that continue a URL, and
// those that may end it.
const (
	urlMid = 1 << iota
	urlEnd
)

// urlBytes holds the classes of ASCII bytes: letters and digits may continue or
// end a URL, punctuation such as a full stop only continues it.
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

// matchURL returns the end of the URL in s with its scheme at at and its host
// at host, or 0. Like readers, it excludes closing punctuation, and brackets
// that were not opened inside. For ASCII without brackets two byte classes give
// the same answer as xurls at a fraction of the time; only other text goes to
// xurls.
func (x *extractor) matchURL(s string, at, host int) int {
	limit := min(len(s), at+MaxURLBytes+1) // one byte more than is kept, so that the truncation is noted
	// Quotation marks may stand in URLs, but not the one that opened the
	// string.
	if q := quoteBefore(s, at); q != 0 {
		if j := strings.IndexByte(s[host:limit], q); j >= 0 {
			limit = host + j
		}
	}
	// The byte classes first: most URLs in mail are ASCII without brackets.
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
			end = runOn(s[:limit], end) // longer than the text that xurls saw
		}
	}
	if end <= host || !hostStart(s[host:end]) {
		return 0
	}
	return end
}

// runOn extends the URL that ends at s[end] over all bytes that may continue
// it.
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

// askXURLs returns the length of xurls' match at the start of s, or 0. Its work
// for one message is limited; after that the answer by byte classes counts.
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

// quoteBefore returns the quotation mark directly before s[at:], as in scripts
// and style sheets, or 0.
func quoteBefore(s string, at int) byte {
	if at > 0 && (s[at-1] == '\'' || s[at-1] == '`') {
		return s[at-1]
	}
	return 0
}

// hostStart reports whether s can begin with a host or user name.
func hostStart(s string) bool {
	c := s[0]
	if c >= utf8.RuneSelf || isAlnum(c) || c == '[' || c == '%' || c == '_' || c == '-' || c == '~' {
		return true
	}
	// Leading punctuation counts only if letters follow at once, as in
	// "http://.example.com".
	return len(s) > 1 && isAlnum(s[1])
}

func isLetter(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }
func isNumber(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool  { return isLetter(c) || isNumber(c) }

func isSchemeByte(c byte) bool { return isAlnum(c) || c == '+' || c == '-' || c == '.' }

// subToken is a part of a candidate between non-ASCII separators.
type subToken struct {
	text    string
	cleaned bool // invisible characters were removed
}

// splitUnicode splits at non-ASCII blanks and quotation marks. It removes
// invisible characters: spammers put soft hyphens and zero-width spaces into
// URLs.
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
		// A byte that is not UTF-8 is kept as it is. A replacement character in
		// the text is a character.
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

// unseen reports whether r has no width: soft hyphen, zero-width space,
// joiners, direction marks, byte order mark, variation selectors.
func unseen(r rune) bool {
	switch {
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF,
		0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F, 0xFE00 <= r && r <= 0xFE0F:
		return true
	}
	return false
}

// separates reports whether r is a quotation mark or bracket that ends a URL.
func separates(r rune) bool {
	switch r {
	case '\u00AB', '\u00BB', '\u2039', '\u203A', '\u201C', '\u201D', '\u201E', '\u2018', '\u2019', '\u300A', '\u300B',
		'\u300C', '\u300D', '\u3010', '\u3011', '\uFF08', '\uFF09', '\uFF0C', '\u3001', '\uFF1C', '\uFF1E', '\u2022', '\u2026', '\u27A1':
		return true
	}
	return unicode.IsSpace(r) || r == '\u0085'
}
