package text

import (
	"bytes"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"spoor/ingest/html"
)

// maxNormal limits the normal text, in bytes. Two texts that agree so far are
// copies, and the rest is not even read.
const maxNormal = 64 << 10

// normalizer scans texts once and collects their lower-case letters, a sketch
// of their words, and the form of their HTML.
//
// A token is a run of characters between blanks or punctuation that cannot
// occur in an address. A word is a run of letters within a token. If a token
// turns out to be a mail address or some number, all of it is dropped. Its
// words therefore wait until it ends.
type normalizer struct {
	out    []byte
	runes  int
	token  mark // where the present token begins
	word   mark // where the present word begins
	spoilt bool // the token has a digit or "@", so it will be dropped

	waiting [8]word
	waits   int
	last    uint64 // hash of the previous word
	wide    rune   // previous letter, in a script without spaces
	sketch  sketcher
	sample  sample
	terms   terms
	form    tagForm
	hidden  hidden // element that hides the present text
	ground  ground // whether a background was coloured

	scan     html.Tag
	unclosed int // unterminated tags of this text
}

// mark is a position in the normal text, in bytes and runes.
type mark struct{ at, runes int }

// word is a finished word whose token is not finished.
type word struct {
	hash     uint64
	long     bool
	from, to int // position of its letters
}

// longWord is the number of letters from which a word alone is an element of
// the sketch. Shorter words occur in every text and count only as pairs.
const longWord = 5

// normalizers reuses buffers: without the pool each message would allocate 64
// KiB.
var normalizers = sync.Pool{New: func() any { return &normalizer{out: make([]byte, 0, maxNormal+utf8.UTFMax)} }}

func (n *normalizer) reset() {
	*n = normalizer{out: n.out[:0], terms: n.terms, form: tagForm{list: n.form.list[:0]}, scan: html.Tag{Attrs: n.scan.Attrs[:0]}}
	n.sketch.reset()
	n.sample.reset()
}

// Classes of bytes. An ASCII letter has itself, in lower case, as its class.
const (
	separator = iota // ends a token
	joiner           // ends a word, but occurs inside addresses
	spoiler          // does not occur in words of prose
	colon
	bracket
	ampersand
	beyond // part of a non-ASCII character
)

// classes maps each byte to its class.
var classes = func() (t [256]byte) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = byte(c), byte(c)
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = spoiler
	}
	for c := utf8.RuneSelf; c < 256; c++ {
		t[c] = beyond
	}
	for _, c := range "._-+=%" {
		t[c] = joiner
	}
	t['@'], t[':'], t['<'], t['&'] = spoiler, colon, bracket, ampersand
	return t
}()

// add scans one text of the message.
func (n *normalizer) add(text []byte, html bool) {
	n.hidden, n.ground, n.unclosed = hidden{}, ground{}, 0
	for i := 0; i < len(text) && len(n.out) < maxNormal; {
		if n.hidden.on() {
			next := bytes.IndexByte(text[i:], '<')
			if next < 0 {
				break
			}
			i = n.skipHidden(text, i+next)
			continue
		}
		switch class := classes[text[i]]; {
		case class >= 'a':
			n.out = append(n.out, class)
			n.runes++
			i++
		case class == separator:
			n.endToken()
			i++
		default:
			i = n.other(text, i, class, html)
		}
	}
	n.endToken()
}

// other reads one item that begins at i with neither an ASCII letter nor a
// separator: markup, a reference, a URL, or a single character. It returns the
// index after it.
func (n *normalizer) other(text []byte, i int, class byte, html bool) int {
	switch {
	case class == beyond:
		r, size := utf8.DecodeRune(text[i:])
		n.rune(r)
		return i + size
	case class == bracket && html:
		return n.markup(text, i)
	case class == ampersand && html:
		return i + n.reference(text[i:])
	case class == colon && i+2 < len(text) && text[i+1] == '/' && text[i+2] == '/':
		n.dropWord() // the URL's scheme
		return i + skipURL(text[i:])
	case text[i] == '.' && n.word == n.token && string(n.out[n.word.at:]) == "www":
		n.dropWord()
		return i + skipURL(text[i:])
	}
	n.ascii(text[i])
	return i + 1
}

// ascii adds a character without its meaning in HTML.
func (n *normalizer) ascii(c byte) {
	switch class := classes[c]; {
	case class >= 'a':
		n.out = append(n.out, class)
		n.runes++
	case class == joiner:
		n.endWord()
	case class == spoiler:
		n.spoilt = true
	default:
		n.endToken()
	}
}

// rune adds a non-ASCII character. Combining marks belong to the letter before.
// Zero-width characters (U+200B, the soft hyphen) are skipped, because they are
// inserted into words to make copies differ.
func (n *normalizer) rune(r rune) {
	switch {
	case r < utf8.RuneSelf:
		n.ascii(byte(r))
	case unicode.IsLetter(r) && blankless(r):
		n.endToken()
		n.out = utf8.AppendRune(n.out, r)
		n.runes++
		n.terms.add(uint64(r)<<32, n.out[n.word.at:])
		n.token = mark{len(n.out), n.runes}
		n.word = n.token
		if n.wide != 0 {
			n.sketch.add(mix(uint64(n.wide), uint64(r)))
		}
		n.wide = r
	case unicode.IsLetter(r):
		n.out = utf8.AppendRune(n.out, unicode.ToLower(r))
		n.runes++
	case unicode.In(r, unicode.M, unicode.Cf):
	default:
		n.endToken()
	}
}

// blankless reports whether r belongs to a script without spaces between words.
// Pairs of its letters serve as words.
func blankless(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r < 0x1100: // Thai, Lao, Tibetan, Myanmar; not Georgian
		return r < 0x10A0
	case r >= 0x1780 && r < 0x1800: // Khmer
		return true
	case r >= 0x3040 && r < 0xA000: // Kana, Bopomofo, Han; not Hangul compatibility letters
		return r < 0x3130 || r >= 0x3190
	}
	return r >= 0xF900 && r < 0xFB00 || r >= 0xFF66 && r < 0xFFA0 || r >= 0x20000
}

// dropWord takes back the letters of the present word.
func (n *normalizer) dropWord() {
	n.out, n.runes = n.out[:n.word.at], n.word.runes
}

// endWord finishes a word. It joins the sketch only when its token is known to
// be prose.
func (n *normalizer) endWord() {
	if len(n.out) == n.word.at {
		return
	}
	if n.waits == len(n.waiting) {
		n.release()
	}
	n.waiting[n.waits] = word{xxhash.Sum64(n.out[n.word.at:]), n.runes-n.word.runes >= longWord, n.word.at, len(n.out)}
	n.waits++
	n.word = mark{len(n.out), n.runes}
}

// endToken finishes a token: drops it if it was spoilt, or releases its words.
func (n *normalizer) endToken() {
	switch {
	case len(n.out) == n.token.at:
	case n.spoilt:
		n.out, n.runes, n.waits = n.out[:n.token.at], n.token.runes, 0
	default:
		n.endWord()
		n.release()
	}
	n.token = mark{len(n.out), n.runes}
	n.word, n.spoilt = n.token, false
}

// release adds the waiting words, and pairs of successive ones, to the sketch.
func (n *normalizer) release() {
	for _, w := range n.waiting[:n.waits] {
		n.terms.add(w.hash, n.out[w.from:w.to])
		if w.long {
			n.sketch.add(w.hash)
			n.sample.add(w.hash, n.out[w.from:w.to])
		}
		if n.last != 0 {
			n.sketch.add(mix(n.last, w.hash))
		}
		n.last = w.hash
	}
	n.waits = 0
}

// skipURL returns the length of the rest of a URL.
func skipURL(text []byte) int {
	for i, c := range text {
		if c <= ' ' || c == '<' || c == '>' || c == '"' {
			return i
		}
	}
	return len(text)
}
