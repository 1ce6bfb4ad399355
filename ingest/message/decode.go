package message

import "bytes"

// decoder decodes a transfer encoding in pieces, so that a part of any size
// needs no more memory than the buffer given to read.
//
// Decoders never fail: damage is skipped or kept as text, counted, and reported
// as defects at the end.
type decoder interface {
	// read fills dst, which has at least minRead bytes, and returns the number
	// written. It writes fewer than len(dst)-minRead only at the end; then it
	// returns 0.
	read(dst []byte) int
	// bound is an upper limit for the bytes that all reads together write.
	bound() int
	// report records the defects, after everything was read.
	report(w *walker, part int)
}

// minRead is the smallest buffer for read: the longest line of uuencode fits.
const minRead = 128

// decoderFor returns the decoder of an encoding, or nil if the body is used as
// it is.
func (w *walker) decoderFor(e encoding, body []byte) decoder {
	switch e {
	case base64:
		return &base64Decoder{src: body}
	case quotedPrintable:
		return &quotedDecoder{src: body}
	case uuencode:
		return newUUDecoder(body)
	case yenc:
		return newYencDecoder(body)
	}
	return nil
}

// Classes of bytes that are no letter of base64. RFC 2045 section 6.8 has
// decoders ignore junk.
const (
	b64Pad   = 0x40
	b64Space = 0x41
	b64Junk  = 0x42
)

// b64Class maps a byte to its six bits or its class.
var b64Class = makeB64Class()

// b64Quad holds the six bits of each letter at the four positions of a quantum,
// so that four letters are decoded by three ORs. Other bytes set the top byte
// of the result.
var b64Quad = makeB64Quad()

// b64Bad marks an entry of b64Quad that is no letter. No combination of four
// letters sets its bit.
const b64Bad = 0x0100_0000

// makeB64Class builds b64Class. NUL counts as white space: it pads lines of
// some mailers.
func makeB64Class() (t [256]byte) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range t {
		t[i] = b64Junk
	}
	for i := range alphabet {
		t[alphabet[i]] = byte(i)
	}
	t['='] = b64Pad
	for _, c := range " \t\r\n\x00" {
		t[c] = b64Space
	}
	return t
}

// makeB64Quad builds four tables with the bits of each character at its place
// in a group of four. The sum of four lookups is the group, and one comparison
// finds any invalid character.
func makeB64Quad() (t [4][256]uint32) {
	class := makeB64Class()
	for i := range t {
		for c, v := range class {
			t[i][c] = b64Bad
			if v < 64 {
				t[i][c] = uint32(v) << (18 - 6*i)
			}
		}
	}
	return t
}

// base64Decoder decodes the base64 of real mail. It skips bytes outside the
// alphabet (RFC 2045 section 6.8). Padding may be missing, and several padded
// pieces may follow each other, as in messages that list software joined.
//
// State is kept between reads, because a buffer may end within a quantum of
// four letters.
type base64Decoder struct {
	src   []byte
	pos   int
	bits  uint32
	have  int // letters in bits
	junk  int
	inner int // padding with letters after it
	short bool
	tail  []byte
}

func (d *base64Decoder) bound() int { return len(d.src)/4*3 + 3 }

// read decodes the next bytes. The inner loop decodes whole groups of four
// valid characters; line ends, padding and junk go through the slower loop
// after it.
func (d *base64Decoder) read(dst []byte) int {
	n, src, pos := 0, d.src, d.pos
	for n+4 <= len(dst) {
		if d.have == 0 {
			// The fast path is left at each line end and taken up again after
			// it, provided that no quantum is open.
			for pos+4 <= len(src) && n+4 <= len(dst) {
				v := b64Quad[0][src[pos]] | b64Quad[1][src[pos+1]] | b64Quad[2][src[pos+2]] | b64Quad[3][src[pos+3]]
				if v >= b64Bad {
					break
				}
				out := dst[n : n+3 : n+3]
				out[0], out[1], out[2] = byte(v>>16), byte(v>>8), byte(v)
				pos += 4
				n += 3
			}
			if n+4 > len(dst) {
				break
			}
		}
		if pos >= len(src) {
			d.short = d.short || d.have > 0
			n += d.flush(dst[n:])
			break
		}
		c := b64Class[src[pos]]
		pos++
		switch {
		case c < 64:
			d.bits = d.bits<<6 | uint32(c)
			if d.have++; d.have == 4 {
				dst[n], dst[n+1], dst[n+2] = byte(d.bits>>16), byte(d.bits>>8), byte(d.bits)
				n += 3
				d.bits, d.have = 0, 0
			}
		case c == b64Pad:
			if d.have == 0 {
				continue
			}
			n += d.flush(dst[n:])
			pos = d.afterPadding(pos)
		case c == b64Junk:
			// List software appends its footer as plain text.
			if d.textBegins(pos - 1) {
				n += d.flush(dst[n:])
				d.tail = d.src[pos-1:]
				pos = len(d.src)
				continue
			}
			d.junk++
		}
	}
	d.pos = pos
	return n
}

// flush writes the bytes of an incomplete quantum.
func (d *base64Decoder) flush(dst []byte) int {
	n := 0
	switch d.have {
	case 1:
		d.short = true
	case 2:
		dst[0] = byte(d.bits >> 4)
		n = 1
	case 3:
		dst[0], dst[1] = byte(d.bits>>10), byte(d.bits>>2)
		n = 2
	}
	d.bits, d.have = 0, 0
	return n
}

// afterPadding examines the bytes after "=": nothing, more base64, or a footer
// of list software, which is kept in tail.
func (d *base64Decoder) afterPadding(pos int) int {
	for pos < len(d.src) && b64Class[d.src[pos]]&^1 == b64Pad {
		pos++
	}
	if pos == len(d.src) {
		return pos
	}
	if looksPlain(d.src[pos:]) {
		d.tail = d.src[pos:]
		return len(d.src)
	}
	d.inner++
	return pos
}

// textBegins reports whether a footer of list software begins at pos, below
// base64 without padding. Such text starts at a line's beginning. Only the
// first 64 candidates are examined, so that junk on every line stays cheap.
func (d *base64Decoder) textBegins(pos int) bool {
	return d.junk < 64 && pos > 0 && d.src[pos-1] == '\n' && looksPlain(d.src[pos:])
}

// report adds the defects that decoding found.
func (d *base64Decoder) report(w *walker, part int) {
	if d.junk > 0 {
		w.defectCount("base64-junk", part, d.junk)
	}
	if d.inner > 0 {
		w.defectCount("base64-padding-inside", part, d.inner)
	}
	if d.tail != nil {
		w.defect("base64-text-after", part, show(d.tail))
	}
	if d.short {
		w.defect("base64-short", part, "")
	}
}

// looksPlain detects text that is declared as base64 but is not encoded. Base64
// has no blanks within lines and hardly any byte outside its alphabet.
func looksPlain(body []byte) bool {
	odd, n := 0, 0
	for _, c := range body[:min(len(body), 512)] {
		switch {
		case b64Class[c] == b64Junk, c == ' ', c == '\t':
			odd++
			n++
		case c == '=' && odd == 0 && n%4 > 1:
			return false // padding: the bytes after it are judged later
		case c == '\r' || c == '\n' || c == '=' || c == 0:
		default:
			n++
		}
	}
	return odd*8 > n && odd > 2
}

// quotedDecoder decodes quoted-printable. Invalid escapes are kept as written
// (RFC 2045 section 6.7, notes 3 and 4).
type quotedDecoder struct {
	src []byte
	pos int
	bad int
}

func (d *quotedDecoder) bound() int { return len(d.src) }

// read decodes the next bytes. Text without "=" is copied in pieces as long as
// possible.
func (d *quotedDecoder) read(dst []byte) int {
	n := 0
	for d.pos < len(d.src) && n < len(dst) {
		rest := d.src[d.pos:]
		if len(rest) > len(dst)-n {
			rest = rest[:len(dst)-n]
		}
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			n += copy(dst[n:], rest)
			d.pos += len(rest)
			continue
		}
		copy(dst[n:], rest[:i])
		n += i
		d.pos += i
		n += d.escape(dst[n:])
	}
	return n
}

// escape decodes the sequence after "=" and writes at most one byte.
func (d *quotedDecoder) escape(dst []byte) int {
	s := d.src[d.pos:]
	if len(s) >= 3 {
		if hi, lo := unhex[s[1]], unhex[s[2]]; hi|lo < 16 {
			dst[0] = hi<<4 | lo
			d.pos += 3
			return 1
		}
		if s[1] == '\n' {
			d.pos += 2
			return 0
		}
		if s[1] == '\r' && s[2] == '\n' {
			d.pos += 3
			return 0
		}
	}
	// Gateways add blanks after a soft line break.
	i := 1
	for i < len(s) && i < 100 && isBlank(s[i]) {
		i++
	}
	switch {
	case i == len(s):
		d.pos += i
		return 0
	case s[i] == '\n':
		d.pos += i + 1
		return 0
	case s[i] == '\r' && (i+1 == len(s) || s[i+1] == '\n'):
		d.pos = min(d.pos+i+2, len(d.src))
		return 0
	}
	d.bad++
	dst[0] = '='
	d.pos++
	return 1
}

// report records the number of invalid codes.
func (d *quotedDecoder) report(w *walker, part int) {
	if d.bad > 0 {
		w.defectCount("quoted-printable-bad", part, d.bad)
	}
}

// unhex maps a hexadecimal digit to its value.
var unhex = makeUnhex()

// makeUnhex gives 0xFF for all but hexadecimal digits. Two values ORed are
// below 16 only if both are digits.
func makeUnhex() (t [256]byte) {
	for i := range t {
		t[i] = 0xFF
	}
	for i := range byte(10) {
		t['0'+i] = i
	}
	for i := range byte(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}
