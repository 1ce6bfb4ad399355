package message

import (
	"bytes"

	"spoor/internal/text"
)

// This file repairs Content fields that programs in transit damaged. Mail
// readers understand them nevertheless.

// maxGlued limits the search for a field inside another, in bytes. A Content
// field with all parameters has about 200.
const maxGlued = 2 << 10

// unglue splits fields that share a line because a line end is missing:
//
//	Content-Type: text/html; charset="utf-8" Content-Transfer-Encoding: base64
//
// It returns the header itself if no field is glued.
func (w *walker) unglue(part int, h Header) Header {
	var out Header
	for k := range h {
		f := h[k]
		// Several fields may share a line: each turn splits one off.
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

// colon separates name and value.
var colon = []byte{':'}

// tellsHowToRead reports whether a field is one of RFC 2045.
func tellsHowToRead(name []byte) bool {
	return text.HasPrefixFold(name, "content-") || equalFold(name, "mime-version")
}

// gluedAt returns the index at which another Content field begins inside a
// value, or -1. A field name in a quoted string is part of a file name.
//
// The four names that decide how a part is read are enough. Any other word that
// begins with "content-" may be part of a parameter.
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

// endsValue reports whether a field can begin after c.
func endsValue(c byte) bool { return isSpace(c) || c == ';' || c == '"' }

// namesField reports whether b begins with the rest of a Content field's name.
func namesField(b []byte) bool {
	for _, name := range [...]string{"type:", "transfer-encoding:", "disposition:", "id:"} {
		if text.HasPrefixFold(b, name) {
			return true
		}
	}
	return false
}

// withoutQuoted decodes a Content field that was encoded in quoted-printable
// together with its body (charset=3D"utf-8"), as gateways do that take the
// whole for text. Without quotes only a charset is certain: name=3Dmodel.obj
// may be a real file name.
func (w *walker) withoutQuoted(part int, raw []byte) []byte {
	if len(raw) > maxGlued || !bytes.Contains(raw, []byte(`=3D"`)) && !bytes.Contains(raw, []byte("charset=3D")) {
		return raw
	}
	w.defect("header-quoted-printable", part, show(raw))
	d := quotedDecoder{src: raw}
	out := make([]byte, d.bound()+minRead)
	return out[:d.read(out)]
}
