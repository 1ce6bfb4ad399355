package text

import (
	"bytes"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"spoor/ingest/html"
)

// maxNormal bounds the letters that are compared: a longer text differs or agrees early.
// What comes behind them is not read at all.
const maxNormal = 64 << 10

// normalizer goes through texts once and collects from them their letters in lower case,
// a sketch of their words, and the form of their HTML.
//
// A token is a run of characters between blanks or punctuation that no address contains, a word
// a run of letters in it. A token that turns out to be a mail address or a number of some
// kind is taken back whole, so its words wait for its end.
type normalizer struct {
	out    []byte
	runes  int
	token  mark // where the present token begins
	word   mark // where the present word begins
	spoilt bool // the token has a digit or an "@"

	waiting [8]word
	waits   int
	last    uint64 // hash of the word before, 0 at first
	wide    rune   // letter before, in a script without blanks
	sketch  sketcher
	sample  sample
	form    tagForm
	hidden  hidden // the element that hides the present text
	ground  ground // whether any background is coloured

	scan     html.Tag
	unclosed int // tags of this text that never end
}

// mark is a place in the letters.
type mark struct{ at, runes int }

// word is a finished word of a token that is not.
type word struct {
	hash     uint64
	long     bool
	from, to int // letters
}

// longWord is how many letters make a word an element of the sketch by itself: shorter
// ones are in every text.
const longWord = 5

// normalizers keeps buffers between messages: each message would need a large one.
var normalizers = sync.Pool{New: func() any { return &normalizer{out: make([]byte, 0, maxNormal+utf8.UTFMax)} }}

func (n *normalizer) reset() {
	*n = normalizer{out: n.out[:0], form: tagForm{list: n.form.list[:0]}, scan: html.Tag{Attrs: n.scan.Attrs[:0]}}
	n.sketch.reset()
	n.sample.reset()
}

// What bytes mean in a text. ASCII letters are classed as themselves in lower case.
const (
	separator = iota // ends a token
	joiner           // ends a word, but may stand inside an address
	spoiler          // no prose has it beside letters
	colon
	bracket
	ampersand
	beyond // part of a character beyond ASCII
)

// classes holds the class of each byte.
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

// add reads one text.
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

// other reads what begins at i with neither an ASCII letter nor a separator, and returns
// where it ends.
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
		n.dropWord() // the scheme
		return i + skipURL(text[i:])
	case text[i] == '.' && n.word == n.token && string(n.out[n.word.at:]) == "www":
		n.dropWord()
		return i + skipURL(text[i:])
	}
	n.ascii(text[i])
	return i + 1
}

// ascii takes a character literally, without its meaning in HTML.
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

// rune takes a character. Marks belong to the letter before; characters without width (U+200B,
// the soft hyphen) is put inside words to make copies differ.
func (n *normalizer) rune(r rune) {
	switch {
	case r < utf8.RuneSelf:
		n.ascii(byte(r))
	case unicode.IsLetter(r) && blankless(r):
		n.endToken()
		n.out = utf8.AppendRune(n.out, r)
		n.runes++
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

// blankless reports whether a letter is of a script that puts no blanks between words.
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

func (n *normalizer) dropWord() {
	n.out, n.runes = n.out[:n.word.at], n.word.runes
}

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

// release puts the words that wait into the sketch.
func (n *normalizer) release() {
	for _, w := range n.waiting[:n.waits] {
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

func skipURL(text []byte) int {
	for i, c := range text {
		if c <= ' ' || c == '<' || c == '>' || c == '"' {
			return i
		}
	}
	return len(text)
}
