package links

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Characters that override the direction of text (UAX #9 section 2.2).
const (
	rightToLeft = "\u202e" // RIGHT-TO-LEFT OVERRIDE
	popOverride = "\u202c" // POP DIRECTIONAL FORMATTING
)

// visualOrder returns text in the order in which it is displayed. After a
// right-to-left override the text appears reversed, up to the end of the
// override or of the line. Phishing writes the URL of a bank backwards in this
// way to hide it from filters.
func visualOrder(text []byte) []byte {
	if !bytes.Contains(text, []byte(rightToLeft)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for {
		i := bytes.Index(text, []byte(rightToLeft))
		if i < 0 {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		text = text[i+len(rightToLeft):]
		// The algorithm ends all overrides with the paragraph (UAX #9 rule X8).
		end := len(text)
		if j := bytes.IndexByte(text, '\n'); j >= 0 {
			end = j
		}
		rest := 0
		if j := bytes.Index(text[:end], []byte(popOverride)); j >= 0 {
			end, rest = j, len(popOverride)
		}
		out = appendBackwards(out, text[:end])
		text = text[end+rest:]
	}
}

// appendBackwards appends the characters of text in reverse order.
func appendBackwards(out, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeLastRune(text)
		if r == utf8.RuneError && size <= 1 {
			out = append(out, text[len(text)-size:]...)
		} else if !slices.Contains([]rune(rightToLeft+popOverride), r) {
			out = utf8.AppendRune(out, r)
		}
		text = text[:len(text)-size]
	}
	return out
}
