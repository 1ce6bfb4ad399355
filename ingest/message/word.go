package message

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// decodeWords decodes RFC 2047 encoded words anywhere in b, and raw bytes by
// the given charset. Many mailers put encoded words into quoted strings or
// write blanks inside them, which the RFC forbids.
func decodeWords(b []byte, charset string) string {
	if !bytes.Contains(b, []byte("=?")) {
		return cleanText(rawText(b, charset))
	}
	d := wordDecoder{rawCharset: charset}
	for len(b) > 0 {
		i := bytes.Index(b, []byte("=?"))
		if i < 0 {
			break
		}
		w, n := parseWord(b[i:])
		if n == 0 {
			d.plain(b[:i+2])
			b = b[i+2:]
			continue
		}
		d.plain(b[:i])
		d.word(w)
		b = b[i+n:]
	}
	d.plain(b)
	d.flush()
	return cleanText(d.out.String())
}

// word is one encoded word, still encoded.
type word struct {
	charset string
	base64  bool
	text    []byte
}

// maxWordCharset limits the name of a charset with its language, in bytes.
const maxWordCharset = 60

// parseWord reads an encoded word at the start of b and returns its length, or
// 0. An unterminated word ends before the next one or at the end of b: some
// mailers truncate headers after a number of bytes.
func parseWord(b []byte) (w word, length int) {
	head := b[2:min(len(b), 2+maxWordCharset)]
	q := bytes.IndexByte(head, '?')
	if q < 0 || q+2 >= len(head) || head[q+2] != '?' {
		return w, 0
	}
	name := head[:q]
	if i := bytes.IndexByte(name, '*'); i >= 0 {
		name = name[:i] // a language (RFC 2231 section 5)
	}
	for _, c := range name {
		if c <= ' ' || c >= 0x7F || c == '=' {
			return w, 0
		}
	}
	w.charset = lowerString(name)
	switch head[q+1] {
	case 'b', 'B':
		w.base64 = true
	case 'q', 'Q':
	default:
		return w, 0
	}
	start := 2 + q + 3
	text := b[start:]
	for i := 0; ; {
		j := bytes.IndexByte(text[i:], '?')
		if j < 0 {
			w.text = unclosed(text)
			return w, start + len(w.text)
		}
		i += j
		switch {
		case i+1 < len(text) && text[i+1] == '=':
			w.text = text[:i]
			return w, start + i + 2
		case i > 0 && text[i-1] == '=' && opensWord(text[i-1:]):
			w.text = unclosed(text[:i-1])
			return w, start + len(w.text)
		}
		i++
	}
}

// unclosed ends the text of an unterminated word at a character that cannot
// belong to it.
func unclosed(text []byte) []byte {
	if i := bytes.IndexAny(text, "<>\""); i >= 0 {
		text = text[:i]
	}
	return trimRight(text)
}

// opensWord reports whether b begins with "=?charset?q?" or the same with b.
func opensWord(b []byte) bool {
	head := b[2:min(len(b), 2+maxWordCharset)]
	q := bytes.IndexByte(head, '?')
	return q > 0 && q+2 < len(head) && head[q+2] == '?' && bytes.IndexByte([]byte("bBqQ"), head[q+1]) >= 0
}

// wordDecoder joins the bytes of adjacent words of one charset before decoding.
// Many mailers split a word inside a multi-byte character, some even inside a
// base64 quantum.
type wordDecoder struct {
	out        strings.Builder
	rawCharset string
	charset    string
	bytes      []byte
	open       bool   // the last item was a word
	letters    []byte // base64 of the last word, if the next may continue it
}

// plain takes text between words. Blanks between two words are dropped (RFC
// 2047 section 6.2).
func (d *wordDecoder) plain(b []byte) {
	if len(b) == 0 || d.open && len(trimSpace(b)) == 0 {
		return
	}
	d.flush()
	d.out.WriteString(rawText(b, d.rawCharset))
}

// word adds an encoded word. Adjacent words of one charset are joined before
// they are converted, because mailers split characters between words, against
// RFC 2047 section 5.
func (d *wordDecoder) word(w word) {
	if !d.open || d.charset != w.charset {
		d.flush()
		d.charset, d.open = w.charset, true
	}
	if !w.base64 {
		d.flushLetters()
		d.bytes = appendQ(d.bytes, w.text)
		return
	}
	if d.letters != nil {
		w.text = append(d.letters, w.text...)
		d.letters = nil
	}
	whole := wholeQuanta(w.text)
	d.bytes = appendBase64(d.bytes, w.text[:whole])
	if whole < len(w.text) {
		d.letters = bytes.Clone(w.text[whole:])
	}
}

// flushLetters decodes the letters of an incomplete quantum.
func (d *wordDecoder) flushLetters() {
	if d.letters != nil {
		d.bytes = appendBase64(d.bytes, d.letters)
		d.letters = nil
	}
}

// flush converts the collected bytes of one charset to text.
func (d *wordDecoder) flush() {
	d.flushLetters()
	if d.open {
		d.out.WriteString(wordText(d.bytes, d.charset))
	}
	d.bytes, d.open = d.bytes[:0], false
}

// wordText converts the bytes of encoded words. Mailers declare UTF-8 as
// US-ASCII or leave the charset empty.
func wordText(b []byte, charset string) string {
	switch charsetName(charset) {
	case "", "us-ascii":
		if utf8.Valid(b) {
			return string(b)
		}
	}
	return toUTF8(b, charset)
}

// wholeQuanta returns the length of the base64 that can be decoded now. A rest
// remains if the number of letters is no multiple of four and the surplus bits
// are not zero: then the next word continues the byte.
func wholeQuanta(text []byte) int {
	n, last, start := 0, byte(0), 0
	for i, c := range text {
		switch v := b64Class[c]; {
		case v < 64:
			if n%4 == 0 {
				start = i
			}
			n, last = n+1, v
		case v == b64Pad:
			return len(text)
		}
	}
	if rest := n % 4; rest == 1 || rest == 2 && last&0x0F != 0 || rest == 3 && last&0x03 != 0 {
		return start
	}
	return len(text)
}

// appendBase64 decodes base64 as leniently as bodies are decoded.
func appendBase64(out, text []byte) []byte {
	d := base64Decoder{src: text}
	n := len(out)
	out = append(out, make([]byte, d.bound()+minRead)...)
	return out[:n+d.read(out[n:])]
}

// appendQ decodes the Q encoding of RFC 2047 section 4.2. An invalid code stays
// as it is.
func appendQ(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '_':
			out = append(out, ' ')
		case '=':
			if i+2 < len(text) {
				if hi, lo := unhex[text[i+1]], unhex[text[i+2]]; hi|lo < 16 {
					out = append(out, hi<<4|lo)
					i += 2
					continue
				}
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}
