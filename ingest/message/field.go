package message

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"spoor/internal/text"
)

// Text returns the field's value unfolded, with encoded words (RFC 2047) and raw 8-bit
// bytes decoded to UTF-8, at most MaxHeaderValue bytes. It holds no line ends or NULs.
func (f *Field) Text() string {
	return text.Cut(decodeWords(unfold(f.Raw, 4*MaxHeaderValue), f.charset), MaxHeaderValue)
}

// Value returns the value unfolded but otherwise as it stands.
func (f *Field) Value() string { return string(unfold(f.Raw, MaxFieldBytes)) }

// unfold takes out line ends (RFC 5322, 2.2.3) and the blanks around the value. Most
// values are on one line and come back as they are. At most limit bytes are looked at.
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

// cleanText takes out what must not stand in a header value: NULs, and line ends, which
// encoded words can smuggle in.
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

// rawText decodes a stretch without encoded words: UTF-8 (RFC 6532), else the charset
// that the message's text has, else windows-1252.
func rawText(b []byte, charset string) string {
	if isASCII(b) || utf8.Valid(b) {
		return string(b)
	}
	switch name := charsetName(charset); name {
	case "", "utf-8", "us-ascii", "utf-7":
	default:
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
