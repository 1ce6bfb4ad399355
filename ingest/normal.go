package ingest

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"spoor/ingest/message"
)

// minText is how many letters a text needs before sameness means anything.
const minText = 40

// maxNormal bounds the letters that are compared: a longer text differs or agrees early.
const maxNormal = 64 << 10

// readText reduces the body to its letters, without markup, URLs, digits and spacing,
// which senders vary, and keeps a hash of them. Of alternatives the HTML counts: it is
// what the reader sees.
func (f *Facts) readText(m *message.Message) {
	n := normalizers.Get().(*normalizer)
	defer normalizers.Put(n)
	for _, html := range []bool{true, false} {
		n.reset()
		for _, p := range m.Parts {
			if p.Text != nil && p.HTML == html && !p.Attachment && p.Outside == "" {
				n.add(p.Text, html)
			}
		}
		if n.runes >= minText {
			f.TextHash, f.TextLength = int64(xxhash.Sum64(n.out)), n.runes
			return
		}
	}
}

// normalizer collects the letters of texts in lower case.
type normalizer struct {
	out   []byte
	runes int
}

// normalizers keeps buffers between messages: each message would need a large one.
var normalizers = sync.Pool{New: func() any { return &normalizer{out: make([]byte, 0, maxNormal+utf8.UTFMax)} }}

func (n *normalizer) reset() { n.out, n.runes = n.out[:0], 0 }

// letter maps an ASCII letter to lower case and every other byte to 0.
var letter = func() (t [256]byte) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = byte(c), byte(c)
	}
	return t
}()

func (n *normalizer) add(text []byte, html bool) {
	for i := 0; i < len(text) && len(n.out) < maxNormal; {
		c := text[i]
		if l := letter[c]; l != 0 {
			n.out = append(n.out, l)
			n.runes++
			i++
			continue
		}
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(text[i:])
			if unicode.IsLetter(r) {
				n.out = utf8.AppendRune(n.out, unicode.ToLower(r))
				n.runes++
			}
			i += size
		case html && c == '<':
			i += skipMarkup(text[i:])
		case html && c == '&':
			i += skipEntity(text[i:])
		case c == ':' && i+2 < len(text) && text[i+1] == '/' && text[i+2] == '/':
			n.dropScheme()
			i += skipURL(text[i:])
		default:
			i++
		}
	}
}

// dropScheme takes back the letters of a scheme that stood before "://".
func (n *normalizer) dropScheme() {
	for _, scheme := range []string{"https", "http", "ftp"} {
		if k := len(n.out) - len(scheme); k >= 0 && string(n.out[k:]) == scheme {
			n.out, n.runes = n.out[:k], n.runes-len(scheme)
			return
		}
	}
}

func skipURL(text []byte) int {
	for i, c := range text {
		if c <= ' ' || c == '<' || c == '>' || c == '"' {
			return i
		}
	}
	return len(text)
}

// skipEntity passes over a character reference; the letters that references can stand
// for are rare in prose, and leaving all of them out treats both spellings of most texts
// alike.
func skipEntity(text []byte) int {
	for i := 1; i < len(text) && i < 12; i++ {
		switch c := text[i]; {
		case c == ';':
			return i + 1
		case c == '#' && i == 1, '0' <= c && c <= '9', 'a' <= c|0x20 && c|0x20 <= 'z':
		default:
			return 1
		}
	}
	return 1
}

// skipMarkup returns the length of the tag, comment, style or script that text begins
// with; 1 if it is a bare "<".
func skipMarkup(text []byte) int {
	if len(text) < 2 {
		return 1
	}
	switch c := text[1]; {
	case c == '!' || c == '/' || c == '?' || 'a' <= c|0x20 && c|0x20 <= 'z':
	default:
		return 1
	}
	if hasPrefixFold(text, "<!--") {
		return skipPast(text, 4, "-->")
	}
	for _, name := range []string{"style", "script"} {
		if hasPrefixFold(text[1:], name) {
			return skipPast(text, 1+len(name), "</"+name)
		}
	}
	if end := bytes.IndexByte(text, '>'); end > 0 {
		return end + 1
	}
	return len(text)
}

// skipPast returns the index after the first end at or behind from; all of text if there
// is none, as a browser would have it.
func skipPast(text []byte, from int, end string) int {
	for i := from; i+len(end) <= len(text); i++ {
		if text[i] == end[0] && hasPrefixFold(text[i:], end) {
			return i + len(end)
		}
	}
	return len(text)
}

func hasPrefixFold(text []byte, lower string) bool {
	if len(text) < len(lower) {
		return false
	}
	for i := range len(lower) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// replyPrefixes are what mail programs of many languages put before a subject.
var replyPrefixes = []string{"re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vs:", "res:", "rv:", "enc:", "tr:", "odp:", "antw:"}

// subjectKey is the subject for comparison: without reply prefixes, digits, case and
// repeated blanks, since senders vary those to look unique.
func subjectKey(s string) string {
	s = strings.ToLower(s)
	for again := true; again; {
		again = false
		s = strings.TrimSpace(s)
		for _, p := range replyPrefixes {
			if rest, ok := strings.CutPrefix(s, p); ok {
				s, again = rest, true
			}
		}
	}
	var b strings.Builder
	blank := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			blank = b.Len() > 0
		case unicode.IsDigit(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		default:
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteRune(r)
		}
	}
	return cut(b.String(), 500)
}
