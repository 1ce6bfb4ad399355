package message

import (
	"bytes"

	"spoor/internal/text"
)

// This file mends Content fields that programs between sender and reader have spoilt, and
// that mail readers understand all the same.

// maxGlued bounds the search for a field inside of another. A Content field with all its
// parameters has about 200 bytes.
const maxGlued = 2 << 10

// unglue parts fields that stand in one line for lack of a line end:
//
//	Content-Type: text/html; charset="utf-8" Content-Transfer-Encoding: base64
//
// It returns the header itself where there is nothing of the kind.
func (w *walker) unglue(part int, h Header) Header {
	var out Header
	for k := range h {
		f := h[k]
		for tellsHowToRead(f.Name) {
			at := gluedAt(f.Raw)
			if at < 0 {
				break
			}
			w.defect("fields-glued", part, show(f.Raw[at:]))
			if out == nil {
				out = append(make(Header, 0, len(h)+4), h[:k]...)
			}
			out = append(out, Field{Name: f.Name, Raw: bytes.TrimRight(f.Raw[:at], " \t\r\n;"), charset: f.charset})
			name, value, _ := bytes.Cut(f.Raw[at:], colon)
			f = Field{Name: name, Raw: value, charset: f.charset}
		}
		if out != nil {
			out = append(out, f)
		}
	}
	if out == nil {
		return h
	}
	return out
}

var colon = []byte{':'}

// tellsHowToRead reports whether a field is one of RFC 2045.
func tellsHowToRead(name []byte) bool {
	return text.HasPrefixFold(name, "content-") || equalFold(name, "mime-version")
}

// gluedAt returns where another Content field begins inside of a value, -1 if none does.
// A name in a quoted string is a file's.
func gluedAt(raw []byte) int {
	quoted := false
	for i := 1; i < min(len(raw), maxGlued); i++ {
		switch c := raw[i]; {
		case c == '"':
			quoted = !quoted
		case quoted || c|0x20 != 'c' || !endsValue(raw[i-1]) || !text.HasPrefixFold(raw[i:], "content-"):
		case namesField(raw[i+len("content-"):]):
			return i
		}
	}
	return -1
}

func endsValue(c byte) bool { return isSpace(c) || c == ';' || c == '"' }

func namesField(b []byte) bool {
	for _, name := range [...]string{"type:", "transfer-encoding:", "disposition:", "id:"} {
		if text.HasPrefixFold(b, name) {
			return true
		}
	}
	return false
}

// withoutQuoted decodes a Content field that was encoded in quoted-printable with the body
// below it (charset=3D"utf-8"): gateways did so that took the whole for a text. Without
// quotes only a charset is certain: name=3Dmodel.obj may be a file of that name.
func (w *walker) withoutQuoted(part int, raw []byte) []byte {
	if len(raw) > maxGlued || !bytes.Contains(raw, []byte(`=3D"`)) && !bytes.Contains(raw, []byte("charset=3D")) {
		return raw
	}
	w.defect("header-quoted-printable", part, show(raw))
	d := quotedDecoder{src: raw}
	out := make([]byte, d.bound()+minRead)
	return out[:d.read(out)]
}
