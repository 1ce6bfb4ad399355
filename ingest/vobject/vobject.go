// Package vobject reads the content lines of iCalendar (RFC 5545) and vCard
// (RFC 6350) as far as the search for links needs them: it joins folded lines,
// resolves escapes, and distinguishes HTML values from text.
//
// The bytes of a calendar or card go in, texts come out. Times, recurrences and
// component structure are ignored.
package vobject

import (
	"bytes"
	"encoding/base64"
	"strings"

	"spoor/internal/text"
)

// Limits of one object. An invitation has about 40 properties of at most 2 KB.
const (
	maxProperties = 20_000
	maxInline     = 1 << 20 // decoded bytes of an inline attachment
)

// Text is the value of a property as a reader sees it.
type Text struct {
	Body []byte
	HTML bool
}

// Is reports whether a media type or file name denotes a calendar or card.
func Is(mediaType, name string) bool {
	switch mediaType {
	case "text/calendar", "text/x-vcalendar", "application/ics", "text/vcard", "text/x-vcard", "text/directory":
		return true
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		switch strings.ToLower(name[i:]) {
		case ".ics", ".ical", ".ifb", ".vcs", ".vcf", ".vcard":
			return true
		}
	}
	return false
}

// Unfold joins folded lines: it drops each line end that a blank or tab follows
// (RFC 5545 section 3.1). It works on bytes, because a fold may split a
// multi-byte character.
func Unfold(b []byte) []byte {
	if !bytes.Contains(b, []byte("\n ")) && !bytes.Contains(b, []byte("\n\t")) {
		return b
	}
	out := make([]byte, 0, len(b))
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 || i+1 == len(b) {
			return append(out, b...)
		}
		if b[i+1] != ' ' && b[i+1] != '\t' {
			out = append(out, b[:i+1]...)
			b = b[i+1:]
			continue
		}
		out = append(out, bytes.TrimSuffix(b[:i], []byte("\r"))...)
		b = b[i+2:]
	}
}

// Texts returns the values of the properties of an unfolded object.
func Texts(b []byte) []Text {
	var out []Text
	var plain bytes.Buffer
	for n := 0; len(b) > 0 && n < maxProperties; n++ {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte("\n"))
		p := property{line: bytes.TrimSuffix(line, []byte("\r"))}
		b = p.join(b)
		value := p.read()
		switch {
		case p.html:
			out = append(out, Text{Body: value, HTML: true})
		default:
			plain.Write(value)
			plain.WriteByte('\n')
		}
	}
	if len(b) > 0 {
		plain.Write(b) // search the rest unparsed
	}
	return append(out, Text{Body: plain.Bytes()})
}

// property is one content line, "NAME;PARAM=value:value".
type property struct {
	line   []byte
	html   bool
	base64 bool
	quoted bool // quoted-printable, in vCard 2.1
	uri    bool // the value is a URI and has no escapes
}

// join appends the continuation lines of a quoted-printable value and returns
// the rest of b.
func (p *property) join(b []byte) []byte {
	head, _, _ := bytes.Cut(p.line, []byte(":"))
	if !bytes.Contains(bytes.ToUpper(head[:min(len(head), 1000)]), []byte("QUOTED-PRINTABLE")) {
		return b
	}
	joined := bytes.Clone(p.line)
	for len(b) > 0 && bytes.HasSuffix(joined, []byte("=")) {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte("\n"))
		joined = append(joined[:len(joined)-1], bytes.TrimSuffix(line, []byte("\r"))...)
	}
	p.line = joined
	return b
}

// read returns the decoded value. A line without a colon is taken as text.
func (p *property) read() []byte {
	colon := valueAt(p.line)
	if colon < 0 {
		return unescape(p.line)
	}
	p.parameters(p.line[:colon])
	value := p.line[colon+1:]
	switch {
	case p.base64:
		value = inline(value)
		p.html = p.html || text.HasPrefixFold(bytes.TrimLeft(value, " \t\r\n"), "<")
	case p.quoted:
		value = quotedPrintable(value)
	case !p.uri:
		value = unescape(value)
	}
	return value
}

// valueAt returns the index of the colon before the value: the first one
// outside quotes.
func valueAt(line []byte) int {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			return i
		}
	}
	return -1
}

// parameters reads the name and parameters of a property that decide how its
// value is decoded. Outlook writes an HTML form of the description as
// X-ALT-DESC. vCard 2.1 has encodings as in mail.
func (p *property) parameters(head []byte) {
	upper := strings.ToUpper(string(head[:min(len(head), 1000)]))
	name, params, _ := strings.Cut(upper, ";")
	p.html = name == "X-ALT-DESC" && !strings.Contains(params, "FMTTYPE=TEXT/PLAIN") || strings.Contains(params, "FMTTYPE=TEXT/HTML") ||
		strings.Contains(params, "FMTTYPE=\"TEXT/HTML")
	p.base64 = strings.Contains(params, "ENCODING=BASE64") || strings.Contains(params, "ENCODING=B;") || strings.HasSuffix(params, "ENCODING=B")
	p.quoted = strings.Contains(params, "QUOTED-PRINTABLE")
	p.uri = strings.Contains(params, "VALUE=URI")
}

// unescape resolves text escapes (RFC 5545 section 3.3.11): \n and \N, and a
// backslash before a comma, semicolon or backslash.
func unescape(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			switch c := b[i+1]; c {
			case 'n', 'N':
				out = append(out, '\n')
				i++
				continue
			case ',', ';', '\\', ':', '"':
				out = append(out, c)
				i++
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

// inline decodes an inline attachment. It returns nil for one that is not text,
// since that has no links.
func inline(b []byte) []byte {
	if base64.StdEncoding.DecodedLen(len(b)) > maxInline {
		return nil
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	n, _ := base64.StdEncoding.Decode(out, bytes.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, b))
	if out = out[:n]; bytes.IndexByte(out, 0) >= 0 {
		return nil
	}
	return out
}

// quotedPrintable decodes =HH. join has removed soft line breaks.
func quotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '=' && i+2 < len(b) {
			if hi, lo := text.Hex(b[i+1]), text.Hex(b[i+2]); hi|lo < 16 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}
