package mask

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
)

// view is a text as one who decodes it sees it, with the place in the original
// from which each byte came.
type view struct {
	text  []byte
	lower []byte
	at    []int // nil: the text is the original
	end   int   // length of the original
}

// views are the ways in which a text is read. Quoted-printable and URLs have
// one of their own each: "=ab" and "%ab" are plain text to the others.
func views(text []byte) []view {
	out := []view{{text: text, lower: bytes.ToLower(text), end: len(text)}}
	if len(out[0].lower) != len(text) { // letters whose small form is longer
		out[0].lower = asciiLower(text)
	}
	add := func(v view) {
		if !bytes.Equal(v.text, text) {
			v.lower, v.end = asciiLower(v.text), len(text)
			out = append(out, v)
		}
	}
	quoted := decode(text, nil, quotedByte)
	add(quoted)
	add(decode(text, nil, escapedByte))
	add(decode(quoted.text, quoted.at, escapedByte))
	return out
}

// asciiLower folds the case of ASCII only, so that every byte keeps its place.
func asciiLower(text []byte) []byte {
	out := slices.Clone(text)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// decode reads text by a decoder of one byte, which tells how long the code is;
// -1 stands for a code that is no byte at all.
func decode(text []byte, at []int, one func([]byte) (value, length int)) view {
	v := view{text: make([]byte, 0, len(text)), at: make([]int, 0, len(text))}
	for i := 0; i < len(text); {
		value, length := int(text[i]), 1
		if c := text[i]; c == '=' || c == '%' || c == '&' || c == '\\' {
			value, length = one(text[i:])
		}
		if value >= 0 {
			v.text = append(v.text, byte(value))
			if at == nil {
				v.at = append(v.at, i)
			} else {
				v.at = append(v.at, at[i])
			}
		}
		i += length
	}
	return v
}

// quotedByte reads quoted-printable (RFC 2045, section 6.7): "=40", and the
// soft line end.
func quotedByte(text []byte) (value, length int) {
	if text[0] == '=' {
		if len(text) > 1 && text[1] == '\n' {
			return -1, 2
		}
		if len(text) > 2 && text[1] == '\r' && text[2] == '\n' {
			return -1, 3
		}
		if n, ok := hexByte(text, 1, 2); ok {
			return n, 3
		}
	}
	return int(text[0]), 1
}

// escapedByte reads the escapes of URLs, HTML and scripts, for ASCII: "%40",
// "%2540", "&#64;", "&#x40;", "&commat;", "\x40", "\u0040".
func escapedByte(text []byte) (value, length int) {
	switch text[0] {
	case '%':
		i := 1
		for bytes.HasPrefix(text[i:], []byte("25")) && len(text) > i+3 {
			if _, ok := hexByte(text, i+2, 2); !ok {
				break
			}
			i += 2
		}
		if n, ok := hexByte(text, i, 2); ok {
			return n, i + 2
		}
	case '\\':
		if len(text) > 1 && text[1] == 'x' {
			if n, ok := hexByte(text, 2, 2); ok {
				return n, 4
			}
		}
		if bytes.HasPrefix(text, []byte(`\u00`)) {
			if n, ok := hexByte(text, 4, 2); ok {
				return n, 6
			}
		}
	case '&':
		return reference(text)
	}
	return int(text[0]), 1
}

// maxReference bounds a character reference of HTML: zeros in front may go on.
const maxReference = 16

// reference decodes the HTML character reference at the start of text. Only the
// characters of an address matter.
func reference(text []byte) (value, length int) {
	for name, c := range map[string]byte{"&commat;": '@', "&period;": '.', "&plus;": '+', "&lowbar;": '_', "&hyphen;": '-'} {
		if bytes.HasPrefix(text, []byte(name)) {
			return int(c), len(name)
		}
	}
	if len(text) < 3 || text[1] != '#' {
		return int(text[0]), 1
	}
	digits, base := text[2:min(len(text), maxReference)], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n := bytes.IndexFunc(digits, func(r rune) bool {
		return (r < '0' || r > '9') && (base == 10 || (r < 'a' || r > 'f') && (r < 'A' || r > 'F'))
	})
	if n < 0 {
		n = len(digits)
	}
	code, err := strconv.ParseUint(string(digits[:n]), base, 32)
	if err != nil || code > 0x7f {
		return int(text[0]), 1
	}
	length = 2 + n
	if base == 16 {
		length++
	}
	if length < len(text) && text[length] == ';' {
		length++
	}
	return int(code), length
}

// hexByte reads a byte written as n hex digits.
func hexByte(text []byte, from, n int) (int, bool) {
	if len(text) < from+n {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[from:from+n]), 16, 8)
	return int(v), err == nil
}

// add puts matches of the view where they stand in the original.
func (v *view) add(out *[]match, found []match) {
	for _, f := range found {
		*out = append(*out, v.place(f))
	}
}

// addReversed maps matches in the reversed text back to places in the original.
func (v *view) addReversed(out *[]match, found []match) {
	n := len(v.lower)
	for _, f := range found {
		f.from, f.to, f.address = n-f.to, n-f.from, false
		*out = append(*out, v.place(f))
	}
}

// place converts the position of a match in the view to the original text.
func (v *view) place(f match) match {
	if v.at == nil {
		return f
	}
	from := v.at[f.from]
	to := v.end
	if f.to < len(v.at) {
		to = v.at[f.to]
	}
	f.from, f.to = from, to
	return f
}

// rot13 turns lower-case letters by 13 places.
func rot13(text []byte) []byte {
	out := slices.Clone(text)
	for i, c := range out {
		if c >= 'a' && c <= 'z' {
			out[i] = 'a' + (c-'a'+13)%26
		}
	}
	return out
}

func reversed(text []byte) []byte {
	out := slices.Clone(text)
	slices.Reverse(out)
	return out
}

// minRun is the length from which a run of base64 can hold an address,
// "a@b.cd".
const minRun = 8

// encoded finds recipients inside runs of base64 and hexadecimal digits. Where
// the code begins within the run is not known, so each alignment is tried.
func (m *Mask) encoded(text []byte, depth int) []match {
	if depth == 0 {
		return nil
	}
	var out []match
	for from := 0; from < len(text); {
		if !base64Byte(text[from]) {
			from++
			continue
		}
		to := from
		for to < len(text) && base64Byte(text[to]) {
			to++
		}
		if run := text[from:to]; len(run) >= minRun {
			if n, ok := m.inRun(run, depth); ok {
				out = append(out, match{from: from, to: to, number: n})
			}
		}
		from = to
	}
	return out
}

// base64Byte reports whether a byte is a digit of base64, of the usual alphabet
// or that for URLs.
func base64Byte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_'
}

// inRun looks for a recipient in a run of encoded characters: as a digest, or
// decoded from base64 or hexadecimal at each alignment.
func (m *Mask) inRun(run []byte, depth int) (number int, ok bool) {
	if n := m.digests[string(asciiLower(run))]; n > 0 {
		return n, true
	}
	for word := range bytes.FieldsFuncSeq(run, func(r rune) bool { return !hexDigit(r) }) {
		if n := m.digests[string(asciiLower(word))]; n > 0 {
			return n, true
		}
	}
	standard := bytes.ReplaceAll(bytes.ReplaceAll(run, []byte("-"), []byte("+")), []byte("_"), []byte("/"))
	for shift := range 4 {
		if n, ok := m.inside(decode64(standard, shift), depth); ok {
			return n, true
		}
	}
	// Of the run, which may begin with a word of a path, only hexadecimal
	// digits.
	for digits := range bytes.FieldsFuncSeq(run, func(r rune) bool { return !hexDigit(r) }) {
		for shift := range 2 {
			if n, ok := m.inside(decodeHex(digits, shift), depth); ok {
				return n, true
			}
		}
	}
	return 0, false
}

func hexDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F'
}

// inside reports whether decoded bytes name a recipient, and returns its
// number. Bytes fewer than the shortest address need no search.
func (m *Mask) inside(decoded []byte, depth int) (number int, ok bool) {
	if len(decoded) < len("a@b.cd") {
		return 0, false
	}
	found := m.find(decoded, depth-1)
	if len(found) == 0 {
		return 0, false
	}
	return found[0].number, true
}

// decode64 decodes a run of base64 from the given alignment.
func decode64(run []byte, shift int) []byte {
	if len(run) <= shift {
		return nil
	}
	run = run[shift:]
	if len(run)%4 == 1 {
		run = run[:len(run)-1] // no code ends so
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, err := base64.RawStdEncoding.Decode(out, run)
	if err != nil {
		return nil
	}
	return out[:n]
}

// decodeHex decodes a run of hexadecimal digits from the given alignment.
func decodeHex(run []byte, shift int) []byte {
	if len(run) <= shift {
		return nil
	}
	run = run[shift:]
	run = run[:len(run)&^1]
	out := make([]byte, hex.DecodedLen(len(run)))
	n, err := hex.Decode(out, run)
	if err != nil && n == 0 {
		return nil
	}
	return out[:n]
}
