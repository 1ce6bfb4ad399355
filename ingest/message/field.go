package message

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"spoor/internal/text"
)

// Text returns the field's value, unfolded and converted to UTF-8: encoded
// words (RFC 2047) and raw 8-bit bytes are decoded. It has at most
// MaxHeaderValue bytes and no line ends or NULs.
func (f *Field) Text() string {
	return text.Cut(decodeWords(unfold(f.Raw, 4*MaxHeaderValue), f.charset), MaxHeaderValue)
}

// Value returns the unfolded value without decoding.
func (f *Field) Value() string { return string(unfold(f.Raw, MaxFieldBytes)) }

// unfold removes line ends (RFC 5322 section 2.2.3) and surrounding blanks.
// Most values have one line and are returned without a copy. At most limit
// bytes are examined.
//
// Only line ends go; the blank after them stays, as the RFC says. Encoded words
// that were folded are joined later, by decodeWords.
func unfold(raw []byte, limit int) []byte {
	v := trimSpace(raw[:min(len(raw), limit)])
	if bytes.IndexByte(v, '\n') < 0 {
		return v
	}
	out := make([]byte, 0, len(v))
	for {
		i := bytes.IndexByte(v, '\n')
		if i < 0 {
			return append(out, v...)
		}
		line := v[:i]
		if i > 0 && line[i-1] == '\r' {
			line = line[:i-1]
		}
		out = append(out, line...)
		v = v[i+1:]
	}
}

// cleanText removes NULs and line ends from a header value. Encoded words can
// smuggle them in.
//
// Otherwise a subject could forge a second line on a screen or in an export.
func cleanText(s string) string {
	if !strings.ContainsAny(s, "\x00\r\n") {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case 0:
			return -1
		case '\r', '\n':
			return ' '
		}
		return r
	}, s)
}

// rawText decodes text without encoded words: as UTF-8 (RFC 6532), else in the
// charset of the message's body, else as windows-1252.
func rawText(b []byte, charset string) string {
	if isASCII(b) || utf8.Valid(b) {
		return string(b)
	}
	switch name := charsetName(charset); name {
	case "", "utf-8", "us-ascii", "utf-7":
	default:
		// Charsets with states or wide characters cannot occur raw between
		// ASCII punctuation.
		if !transparent(name) {
			break
		}
		if enc := encodingByName(name); enc != nil {
			if text := convert(b, enc); !bytes.Contains(text, []byte("\uFFFD")) {
				return string(text)
			}
		}
	}
	return string(lenientUTF8(b))
}
