package message

import (
	"bytes"
	"net/http"
	"strings"

	"spoor/internal/text"
)

// magics are signatures that http.DetectContentType does not know, or for which
// it returns another name.
//
// They are the formats that malicious mail brings: programs, archives,
// shortcuts, OneNote and Office documents. Each is at most 16 bytes, so the
// first 512 decoded bytes suffice.
var magics = [...]struct{ start, mediaType string }{
	{"MZ", "application/vnd.microsoft.portable-executable"},
	{"\x7FELF", "application/x-executable"},
	{"%PDF-", "application/pdf"},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"},
	{"Rar!\x1A\x07", "application/vnd.rar"},
	{"7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
	{"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"},
	{"\x78\x9F\x3E\x22", "application/ms-tnef"},
	{"{\\rtf", "text/rtf"},
	{"MSCF", "application/vnd.ms-cab-compressed"},
	{"ITSF", "application/vnd.ms-htmlhelp"},
	{"BZh", "application/x-bzip2"},
	{"\xFD7zXZ\x00", "application/x-xz"},
	{"\x28\xB5\x2F\xFD", "application/zstd"},
	{"\xCA\xFE\xBA\xBE", "application/java-vm"},
	{"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", "application/onenote"},
	{"#!/", "text/x-script"},
}

// sniffBytes is the number of bytes that http.DetectContentType examines.
const sniffBytes = 512

// sniff records the media type that the first decoded bytes of a leaf look
// like.
func (w *walker) sniff(i int, content []byte) {
	w.m.Parts[i].Sniffed = sniffType(content)
}

// sniffType returns the media type by the first bytes of the content, "" if
// they are of no known format. The declared type is often wrong on purpose.
func sniffType(content []byte) string {
	head := content[:min(len(content), sniffBytes)]
	if len(head) == 0 {
		return ""
	}
	for i := range magics {
		if m := &magics[i]; head[0] == m.start[0] && len(head) >= len(m.start) && string(head[:len(m.start)]) == m.start {
			if len(m.start) == 2 && isTextHead(head) {
				break // "MZ" may begin a text
			}
			return m.mediaType
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return sniffZip(content[:min(len(content), 4096)])
	}
	if isISO(content) {
		return "application/x-iso9660-image"
	}
	if isTextHead(head) {
		return sniffText(head)
	}
	t, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if t == "text/plain" && bytes.IndexByte(head, 0) >= 0 && !wideText(head) {
		return "application/octet-stream"
	}
	return t
}

// sniffZip recognises document formats that are ZIP archives by the names of
// their members.
func sniffZip(head []byte) string {
	for _, known := range [...]struct{ member, mediaType string }{
		{"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"mimetypeapplication/epub+zip", "application/epub+zip"},
		{"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"},
		{"META-INF/MANIFEST.MF", "application/java-archive"},
		{"AndroidManifest.xml", "application/vnd.android.package-archive"},
		{"[Content_Types].xml", "application/vnd.openxmlformats-package"},
	} {
		if bytes.Contains(head, []byte(known.member)) {
			return known.mediaType
		}
	}
	return "application/zip"
}

// isISO recognises a disk image, in which malware reaches readers unmarked. Its
// signature stands in sector 16 of 2048 bytes (ECMA-119 section 8.1), so that
// only content that was kept or not encoded shows it.
func isISO(content []byte) bool {
	const at = 0x8001
	return len(content) >= at+5 && string(content[at:at+5]) == "CD001"
}

// isTextHead reports whether head has no control characters other than those of
// text.
//
// ESC switches character sets in ISO-2022, and form feed and vertical tab occur
// in plain text of old.
func isTextHead(head []byte) bool {
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B && c != 0x0B {
			return false
		}
	}
	return true
}

// wideText reports whether text begins with a BOM of UTF-16. Its zero bytes do
// not make it binary.
func wideText(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF"))
}

// sniffText returns the type of a text format by its first words, "" if it is
// plain text.
func sniffText(head []byte) string {
	start := trimSpace(bytes.TrimPrefix(head, byteOrderMark))
	switch {
	case text.HasPrefixFold(start, "begin:vcalendar"):
		return "text/calendar"
	case text.HasPrefixFold(start, "begin:vcard"):
		return "text/vcard"
	case text.HasPrefixFold(start, "[internetshortcut]"):
		return "application/internet-shortcut"
	case bytes.HasPrefix(start, []byte("%!PS-Adobe-")):
		return "application/postscript"
	}
	if open := bytes.IndexByte(head, '<'); open >= 0 {
		if t := sniffTags(head, start); t != "" {
			return t
		}
	}
	return "text/plain"
}

// sniffTags looks for a tag that opens a document at the start, or for an HTML
// tag anywhere in head.
func sniffTags(head, start []byte) string {
	if text.HasPrefixFold(start, "<?xml") {
		switch {
		case containsFold(head, "<svg"):
			return "image/svg+xml"
		case containsFold(head, "<html"):
			return "text/html"
		}
		return "text/xml"
	}
	if text.HasPrefixFold(start, "<svg") {
		return "image/svg+xml"
	}
	for i := bytes.IndexByte(head, '<'); i >= 0; {
		for _, tag := range htmlTags {
			if text.HasPrefixFold(head[i:], tag) && endsTag(head, i+len(tag)) {
				return "text/html"
			}
		}
		next := bytes.IndexByte(head[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return ""
}

// htmlTags begin HTML, as in the sniffing of browsers (MIME Sniffing Standard
// section 7.1), and some that only mail begins with.
var htmlTags = [...]string{
	"<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<style", "<script", "<table", "<div", "<font",
	"<a href", "<img", "<iframe", "<form", "<center", "<br", "<p", "<h1", "<span", "<b", "<base", "<link",
}

// endsTag reports whether the tag's name ends at i, so that "<pre" is not "<p".
func endsTag(head []byte, i int) bool {
	return i >= len(head) || isSpace(head[i]) || head[i] == '>' || head[i] == '/' || head[i] == '='
}
