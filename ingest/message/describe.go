package message

import (
	"bytes"
	"strings"

	"spoor/internal/text"
)

// describe sets the fields of a part from its Content fields and returns its
// boundary.
func (w *walker) describe(i int, h Header) []byte {
	p := &w.m.Parts[i]
	// The default of RFC 2045 section 5.2.
	p.Type = "text/plain"
	if p.Parent >= 0 && w.m.Parts[p.Parent].Type == "multipart/digest" {
		p.Type = "message/rfc822" // RFC 2046, 5.1.5
	}
	var kind, disposition params
	types, encodings := 0, 0
	// Every field is read in one pass. Of repeated ones the first counts, as in
	// most readers, except Content-Type: see chooseType.
	h = w.unglue(i, h)
	for k := range h {
		f := &h[k]
		if len(f.Name) < 10 || !text.HasPrefixFold(f.Name, "content-") {
			continue
		}
		switch tail := f.Name[8:]; {
		case equalFold(tail, "type"):
			types++
			kind = w.chooseType(kind, parseParams(w.withoutQuoted(i, f.Raw)), types)
		case equalFold(tail, "transfer-encoding"):
			encodings++
			if v := lowerToken(f.Raw); p.Encoding == "" {
				p.Encoding = v
			}
		case equalFold(tail, "disposition"):
			if disposition.value == "" {
				disposition = parseParams(w.withoutQuoted(i, f.Raw))
			}
		case equalFold(tail, "id"):
			p.ContentID = contentID(f.Raw)
		}
	}
	if types > 1 {
		w.defectCount("content-type-twice", i, types)
	}
	if encodings > 1 {
		w.defectCount("encoding-twice", i, encodings)
	}
	w.setType(i, kind, types)
	p.Charset = kind.charset
	p.delSp = kind.flowed && kind.delSp && p.Type == "text/plain"
	if p.Type == "message/external-body" && kind.url != "" && kind.access == "url" {
		// RFC 2017 section 3.1: blanks in the value come from folding.
		p.Links = append(p.Links, strings.Join(strings.Fields(kind.url), ""))
	}
	// RFC 2183 section 2.3 defines "filename" for this. "name" of Content-Type is
	// an older custom that many programs still follow.
	p.Disposition = dispositionOf(disposition)
	p.Name = disposition.docName
	for _, other := range []string{kind.name, disposition.name, kind.docName} {
		if p.Name == "" {
			p.Name = other
		}
	}
	return w.setBoundary(i, kind)
}

// chooseType selects one of several Content-Type fields: the first, unless it
// is an unreadable multipart and another is readable.
func (w *walker) chooseType(first, other params, n int) params {
	switch {
	case n == 1:
		return other
	case !strings.Contains(first.value, "/"):
		return other
	case isMultipart(first.value) && first.boundary == "" && other.boundary != "":
		return other
	}
	return first
}

// setType sets the media type of a part and repairs common mistakes, such as
// "html" for "text/html". An unusable type leaves the default.
func (w *walker) setType(i int, kind params, types int) {
	if types == 0 {
		return
	}
	p := &w.m.Parts[i]
	slash := strings.IndexByte(kind.value, '/')
	switch {
	case slash > 0 && slash < len(kind.value)-1:
		p.Type = text.Cut(kind.value, 200)
	case strings.HasPrefix(kind.value, "multipart"):
		p.Type = "multipart/mixed"
		w.defect("content-type-invalid", i, show([]byte(kind.value)))
	case strings.HasPrefix(kind.value, "html"):
		p.Type = "text/html"
		w.defect("content-type-invalid", i, show([]byte(kind.value)))
	default:
		w.defect("content-type-invalid", i, show([]byte(kind.value)))
	}
	if kind.invalid {
		w.defect("content-type-invalid", i, show([]byte(kind.value)))
	}
}

// setBoundary records the boundary of a multipart and returns it. The result is
// nil for other types, and empty if the boundary is missing or too long.
func (w *walker) setBoundary(i int, kind params) []byte {
	p := &w.m.Parts[i]
	if !isMultipart(p.Type) {
		return nil
	}
	p.Boundary = strings.ToValidUTF8(kind.boundary, "\uFFFD")
	switch {
	case kind.boundary == "":
		w.defect("boundary-missing", i, "")
	case len(kind.boundary) > maxBoundary:
		w.defectCount("boundary-long", i, len(kind.boundary))
		p.Boundary = text.Cut(p.Boundary, maxBoundary)
		return []byte{}
	}
	return []byte(kind.boundary)
}

// lowerToken returns the first word of a value without comments.
//
// Quotes around it are removed: RFC 2045 section 6.1 has a plain token there,
// some programs quote it all the same.
func lowerToken(raw []byte) string {
	s := paramScanner{b: raw}
	v := s.upTo(';')
	if i := bytes.IndexAny(v, " \t\r\n,"); i >= 0 {
		v = v[:i]
	}
	v = bytes.Trim(v, `"'`)
	return text.Cut(lowerString(v), 100)
}

// contentID returns an identifier without its brackets. Links of the scheme cid
// refer to it so (RFC 2392 section 2).
func contentID(raw []byte) string {
	v := trimSpace(raw)
	v = bytes.Trim(v, "<>")
	return text.Cut(strings.ToValidUTF8(string(v), "\uFFFD"), 500)
}

// dispositionOf returns one of the two defined values. RFC 2183 section 2.8
// demands that unknown ones be treated as attachment.
func dispositionOf(p params) string {
	switch p.value {
	case "", "inline", "attachment":
		return p.value
	}
	return "attachment"
}

// encoding is a Content-Transfer-Encoding (RFC 2045 section 6).
//
// identity stands for 7bit, 8bit and binary: they differ in promises about line
// lengths and bytes, not in the content.
type encoding int

// The encodings. uuencode and yEnc are not of RFC 2045, but mail readers decode
// them.
const (
	identity encoding = iota
	base64
	quotedPrintable
	uuencode
	yenc
	unknownEncoding
)

// transferEncoding returns the encoding of a name, also of the misspellings
// that mailers write.
func transferEncoding(name string) encoding {
	switch name {
	case "", "7bit", "8bit", "binary":
		return identity
	case "base64":
		return base64
	case "quoted-printable":
		return quotedPrintable
	case "7-bit", "8-bit", "7bits", "8bits", "none", "plain", "text", "identity":
		return identity
	case "base-64", "b64", "x-base64", "b", "x-mac-base64":
		return base64
	case "quotedprintable", "quoted_printable", "q", "qp", "quoted-printible", "x-quoted-printable":
		return quotedPrintable
	case "x-uuencode", "uuencode", "x-uue", "uue", "x-uu":
		return uuencode
	case "x-yenc", "yenc":
		return yenc
	}
	return unknownEncoding
}
