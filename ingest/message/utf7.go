package message

import "unicode/utf8"

// decodeUTF7 decodes UTF-7 (RFC 2152): ASCII with runs of base64 of UTF-16
// between "+" and "-". Invalid bytes are kept, and become U+FFFD above 0x7F.
//
// Mail of old uses it. In HTML it hides tags from filters, because "<" is
// "+ADw-" there.
func decodeUTF7(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c := b[i]
		i++
		switch {
		case c >= utf8.RuneSelf:
			out = utf8.AppendRune(out, utf8.RuneError)
		case c != '+':
			out = append(out, c)
		case i < len(b) && b[i] == '-':
			out = append(out, '+')
			i++
		default:
			var n int
			out, n = appendUTF7Run(out, b[i:])
			if n == 0 {
				out = append(out, '+')
			}
			i += n
		}
	}
	return out
}

// appendUTF7Run decodes one base64 run and returns its length in bytes.
//
// Bits that do not fill a unit of 16 are padding (RFC 2152, rule 2). Zero bytes
// mean that no run follows, and the "+" is text.
func appendUTF7Run(out, b []byte) ([]byte, int) {
	var bits uint32
	have, high, i := 0, rune(0), 0
	for ; i < len(b); i++ {
		v := b64Class[b[i]]
		if v >= 64 {
			break
		}
		bits = bits<<6 | uint32(v)
		if have += 6; have < 16 {
			continue
		}
		have -= 16
		unit := rune(bits>>have) & 0xFFFF
		switch {
		case unit >= 0xD800 && unit < 0xDC00:
			high = unit
		case unit >= 0xDC00 && unit < 0xE000 && high != 0:
			out = utf8.AppendRune(out, (high-0xD800)<<10|(unit-0xDC00)+0x10000)
			high = 0
		default:
			high = 0
			out = utf8.AppendRune(out, unit) // a lone surrogate becomes U+FFFD
		}
	}
	if i < len(b) && i > 0 && b[i] == '-' {
		i++
	}
	return out, i
}
