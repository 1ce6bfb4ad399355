package mailbox

import (
	"bytes"
	"strings"

	"spoor/ingest/maillog"
)

// kind classifies an item by its first bytes.
type kind int

// The kinds.
const (
	isUnknown kind = iota // perhaps an mbox after other data
	isEmpty
	isGzip
	isBzip2
	isXz
	isZstd
	isZip
	isTar
	isMbox
	isMessage
	isLog
	isForeign // a known format that is not mail
)

// verdict is a kind with an explanation for the administrator.
type verdict struct {
	kind   kind
	reason string // for isEmpty and isForeign, and for isUnknown that holds no mbox
}

// trust is the degree to which an item must look like a message to be taken for
// one.
type trust int

// The degrees, from the strictest to the most lenient.
const (
	doubtful trust = iota // a file among others: its header needs a field that only mail has
	given                 // named by the user: any header field will do
	certain               // in a Maildir or MH folder: anything but an empty file
)

// utf8BOM is the byte order mark in UTF-8, which Windows editors put before the
// first line.
var utf8BOM = []byte("\xef\xbb\xbf")

// sniff classifies an item that begins with head.
//
// The order of the tests is that of their certainty: magic numbers, a
// separator, a header, lines of a log, then the known formats that are not
// mail.
func sniff(head []byte, t trust) verdict {
	text := trimBlank(head)
	switch {
	case len(head) == 0:
		return verdict{isEmpty, "the file is empty"}
	case len(text) == 0 && len(head) < sniffSize:
		return verdict{isEmpty, "there is nothing but blanks in it"}
	}
	if k := sniffPacked(head); k != isUnknown {
		return verdict{kind: k}
	}
	if bytes.HasPrefix(text, fromPrefix) {
		if f, ok := parseFromLine(text); ok && (f.dated && (f.plain || f.header) || f.header && undatedSender(f.envelope) || f.bare()) {
			return verdict{kind: isMbox}
		}
	}
	// A message may contain a log, but a log has no header, so mail comes
	// first.
	if looksLikeMail(text, t) {
		return verdict{kind: isMessage}
	}
	if maillog.Sniff(head) != maillog.NotMaillog {
		return verdict{kind: isLog}
	}
	if reason := foreign(head, text); reason != "" {
		return verdict{isForeign, reason}
	}
	if looksLikeLog(text) {
		return verdict{kind: isLog}
	}
	return verdict{isUnknown, unknownReason(head)}
}

// sniffPacked recognises archives and compressed data by their magic numbers.
func sniffPacked(head []byte) kind {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return isGzip
	case len(head) >= 10 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9' &&
		// The digits of pi mark a block, and those of its square root the end
		// of an empty stream.
		(string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90"):
		return isBzip2
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return isXz
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")),
		len(head) >= 8 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18": // pzstd begins with a skippable frame
		return isZstd
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return isZip
	case isTarHeader(head):
		return isTar
	}
	return isUnknown
}

// isTarHeader verifies the checksum of a tar header, since tars from before
// POSIX have no magic number.
//
// The checksum is the sum of the header's bytes, with blanks in its own place,
// in octal (POSIX.1, pax, ustar format). Random data pass with a chance of far
// below one in a million, since the field must also hold octal digits.
func isTarHeader(head []byte) bool {
	if len(head) < 512 || head[0] == 0 {
		return false
	}
	field := bytes.Trim(head[148:156], " \x00")
	if len(field) == 0 || len(field) > 7 {
		return false
	}
	var want, sum int64
	for _, c := range field {
		if c < '0' || c > '7' {
			return false
		}
		want = want*8 + int64(c-'0')
	}
	for i, c := range head[:512] {
		if 148 <= i && i < 156 {
			c = ' '
		}
		sum += int64(c)
	}
	return sum == want
}

// trimBlank removes a byte order mark, blanks and empty lines at the front.
func trimBlank(b []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(b, utf8BOM), " \t\r\n\f\v")
}

// looksLikeMail judges the header block at the start of text.
//
// A doubtful file needs a known field beside the form of a header, since notes
// and configuration often begin with "Name: value" lines.
func looksLikeMail(text []byte, t trust) bool {
	if t == certain {
		return true
	}
	first := startsField(text)
	if first && t == given {
		name := fieldName(text)
		return name == nil || plainName(name)
	}
	known, trace := 0, 0
	// 500 lines bound the cost of a text without an empty line; a trace field
	// stands far above.
	for lines := 0; len(text) > 0 && lines < 500; lines++ {
		line, size := firstLine(text)
		if len(line) == 0 {
			break
		}
		switch name := strings.ToLower(string(fieldName(line))); {
		case traceFields[name]:
			trace++
		case mailFields[name], strings.HasPrefix(name, "x-"), strings.HasPrefix(name, "resent-"), strings.HasPrefix(name, "content-"), strings.HasPrefix(name, "arc-"), strings.HasPrefix(name, "list-"):
			known++
		}
		if size == 0 {
			break
		}
		text = text[size:]
	}
	// A junk line before the header is tolerated if a server has added a trace
	// field.
	return first && known+trace > 0 || trace > 0 && known > 0
}

// plainName reports whether a field name consists of letters, digits and
// hyphens and begins with a letter. That excludes the "{"a" of JSON and the
// "2023-03-14T00" of a log.
func plainName(name []byte) bool {
	for _, c := range name {
		if !isLetter(c) && !isDigit(c) && c != '-' && c != '_' {
			return false
		}
	}
	return isLetter(name[0])
}

// traceFields are written only by mail programs.
var traceFields = set("received return-path message-id delivered-to mime-version dkim-signature domainkey-signature " +
	"authentication-results received-spf envelope-to x-received x-original-to in-reply-to content-transfer-encoding")

// mailFields are other common fields, some of which occur in HTTP and Usenet
// too.
var mailFields = set("from to cc bcc subject date reply-to sender references comments keywords " +
	"newsgroups path organization lines status errors-to precedence priority importance user-agent " +
	"thread-topic thread-index disposition-notification-to return-receipt-to auto-submitted feedback-type apparently-to")

// set returns the words of a string as a set.
func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// magic lists the beginnings of files that are often found beside mail, with a
// hint for each.
//
// Those with a remedy name it. The order does not matter, as no prefix begins
// with another.
var magic = []struct{ prefix, reason string }{
	{"\x89PNG", "a PNG picture, not mail"},
	{"GIF8", "a GIF picture, not mail"},
	{"\xff\xd8\xff", "a JPEG picture, not mail"},
	{"BM", "a picture, not mail"},
	{"II*\x00", "a TIFF picture, not mail"},
	{"MM\x00*", "a TIFF picture, not mail"},
	{"RIFF", "a picture or sound, not mail"},
	{"%PDF-", "a PDF document, not mail"},
	{"\x7fELF", "a program, not mail"},
	{"MZ", "a program, not mail"},
	{"\xca\xfe\xba\xbe", "a program, not mail"},
	{"\xcf\xfa\xed\xfe", "a program, not mail"},
	{"SQLite format 3\x00", "a database, not mail"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Outlook .msg or Office file; save the message as .eml"},
	{"!BDN", "an Outlook data file; convert it with readpst"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive, which is not read; unpack it"},
	{"Rar!", "a RAR archive, which is not read; unpack it"},
	{"LZIP", "compressed with lzip, which is not read; unpack it"},
	{"\x04\x22\x4d\x18", "compressed with lz4, which is not read; unpack it"},
	{"\x1f\x9d", "compressed with compress, which is not read; unpack it"},
	{"\xff\xfe", "UTF-16 text; convert it with iconv -f UTF-16"},
	{"\xfe\xff", "UTF-16 text; convert it with iconv -f UTF-16"},
}

// foreign recognises and names files that are not mail. Short magic numbers
// count only before binary data.
func foreign(head, text []byte) string {
	for _, m := range magic {
		if bytes.HasPrefix(head, []byte(m.prefix)) && (len(m.prefix) > 4 || !isText(head[:min(len(head), 512)])) {
			return m.reason
		}
	}
	// 14 bytes are the longest of the tags.
	lower := strings.ToLower(string(text[:min(len(text), 14)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if strings.HasPrefix(lower, tag) {
			return "an HTML page, not mail"
		}
	}
	if strings.HasPrefix(lower, "<?xml") {
		return "an XML document, not mail"
	}
	return ""
}

// isText reports whether b has no control characters other than those of text.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1b\x08", rune(c)) {
			return false
		}
	}
	return true
}

// unknownReason describes an item of unknown format.
func unknownReason(head []byte) string {
	if isText(head) {
		return "text that does not begin with a message header"
	}
	return "binary data, not mail"
}

// looksLikeLog recognises lines of syslog (RFC 3164 and ISO 8601 stamps), Exim
// and multilog. At least two of the first three lines, or the only line, must
// match.
func looksLikeLog(text []byte) bool {
	lines, stamped := 0, 0
	for len(text) > 0 && lines < 3 {
		line, size := firstLine(text)
		if len(line) > 0 {
			lines++
			if isLogLine(line) {
				stamped++
			}
		}
		if size == 0 {
			break
		}
		text = text[size:]
	}
	return stamped > 0 && stamped >= lines-1
}

// isLogLine reports whether a line begins as lines of mail logs do: with a
// syslog or RFC 3339 timestamp, a priority, or a TAI64N label (qmail).
func isLogLine(line []byte) bool {
	if len(line) > 0 && line[0] == '<' { // priority value of RFC 3164 and RFC 5424
		if i := bytes.IndexByte(line[:min(len(line), 6)], '>'); i > 0 {
			line = bytes.TrimPrefix(line[i+1:], []byte("1 "))
		}
	}
	// A TAI64N label is "@" and 24 hexadecimal digits. They have begun with
	// 4000000 since 1970, and will for longer than anyone reads logs.
	if len(line) > 25 && line[0] == '@' && bytes.HasPrefix(line[1:], []byte("4000000")) {
		return true
	}
	var w [5][]byte
	n := splitWords(line[:min(len(line), 200)], w[:])
	switch {
	// RFC 3164 section 4.1.2: "Mmm dd hh:mm:ss", then the host and the tag.
	case n >= 5 && isMonth(w[0]) && isDay(w[1]) && isTime(w[2]):
		return true
	// Exim's main log: "2024-05-01 10:00:00" with or without a zone.
	case n >= 3 && isISODate(w[0]) && len(w[1]) >= 8 && isTime(w[1][:8]):
		return true
	// RFC 5424 section 6.2.3; rsyslog and systemd write it so.
	case n >= 3 && len(w[0]) >= 19 && isISODate(w[0][:10]) && w[0][10] == 'T':
		return true
	}
	return false
}

// excerpt shortens b for an error message. The printer quotes it.
func excerpt(b []byte) []byte {
	b = bytes.TrimSpace(b)
	if len(b) > 60 {
		return append(bytes.Clone(b[:60]), "..."...)
	}
	return b
}
