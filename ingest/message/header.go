package message

import (
	"bytes"
	"slices"

	"spoor/internal/text"
)

// Limits of a header. fieldsAtOnce is the capacity of the scratch slice: most
// headers have fewer fields.
const (
	maxName      = 998     // a longer "name" is text that contains a colon
	aheadLines   = 8       // lines read ahead to distinguish junk from the body
	aheadBytes   = 8 << 10 // the same, in bytes
	fieldsAtOnce = 48
)

// Byte strings that are searched, kept so that no search allocates.
var (
	byteOrderMark = []byte("\xEF\xBB\xBF")
	twoDashes     = []byte("--")
	slashes       = []byte("//")
)

// header reads the fields from pos on and returns the start of the body. top
// means that a message starts here, so mbox separators and blank lines may
// precede the header.
//
// The fields are collected in a scratch slice. It is handed over if it is well
// filled, else copied.
func (w *walker) header(pos int, top bool, part int) (Header, int) {
	if top {
		pos = w.skipProlog(pos, part)
	}
	r := headerReader{walker: w, part: part, fields: w.fields[:0]}
	body := r.read(pos)
	if r.beyond > 0 {
		w.defectCount("fields-limit", part, r.beyond)
	}
	if 2*len(r.fields) >= cap(r.fields) {
		w.fields = nil
		return Header(r.fields), body
	}
	w.fields = r.fields[:0]
	if len(r.fields) == 0 {
		return nil, body
	}
	return slices.Clone(Header(r.fields)), body
}

// skipProlog skips blank lines and a byte order mark before the header.
func (w *walker) skipProlog(pos int, part int) int {
	if bytes.HasPrefix(w.data[pos:], byteOrderMark) {
		w.defect("byte-order-mark", part, "")
		pos += len(byteOrderMark)
	}
	start := pos
	for pos < len(w.data) && isSpace(w.data[pos]) {
		pos++
	}
	for pos > start && isBlank(w.data[pos-1]) {
		pos-- // blanks before the first name are judged with their line
	}
	if pos == start {
		return pos
	}
	first := w.data[pos:lineEnd(w.data, pos)]
	if !likelyField(first) && !isMboxLine(first) {
		return start // an empty header, then a body
	}
	w.defectCount("leading-blank-lines", part, bytes.Count(w.data[start:pos], newLine))
	return pos
}

// newLine is searched to count lines.
var newLine = []byte{'\n'}

// headerReader reads the fields of one header. open means that the last field
// may be folded onto the next line.
type headerReader struct {
	*walker
	part       int
	fields     []Field
	valueStart int // start of the present field's value in data
	open       bool
	beyond     int
	encoded    bool // the fields so far announce an encoded or multipart body

	types, typesRead int // Content-Type fields so far, and their number when boundary was read
	lastType         int // index of the last of them
	boundary         string
}

// read reads the fields from pos on and returns the start of the body.
func (r *headerReader) read(pos int) int {
	for pos < len(r.data) {
		end := lineEnd(r.data, pos)
		line := trimLineEnd(r.data[pos:end])
		switch {
		case len(line) == 0 || len(line) == 1 && line[0] == '\r':
			return end
		case isBlank(line[0]):
			if r.blankLineEnds(line, end) {
				r.defect("header-blank-not-empty", r.part, "")
				return end
			}
			r.fold(line, pos)
		case r.isDelimiter(line, pos):
			if len(r.fields) > 0 {
				r.defect("header-unended", r.part, "")
			}
			return pos
		case r.isOwnDelimiter(line):
			r.defect("header-no-blank", r.part, show(line))
			return pos
		case r.field(line, pos):
		case isMboxLine(line):
			r.open = false
			r.defect("mbox-line", r.part, show(line))
		default:
			if r.bodyStarts(line, end) {
				r.defect("header-no-blank", r.part, show(line))
				return pos
			}
			r.open = false
			r.defect("header-no-colon", r.part, show(line))
		}
		pos = end
	}
	return pos
}

// isDelimiter reports whether a line is a delimiter of an open multipart: the
// header is not ended by an empty line.
func (r *headerReader) isDelimiter(line []byte, pos int) bool {
	if !bytes.HasPrefix(line, twoDashes) {
		return false
	}
	_, ok := r.match(pos)
	return ok
}

// isOwnDelimiter recognises the first delimiter of the multipart that this
// header declares, which means that the empty line before it is missing. Junk
// ends the preceding field, so the boundary is read once a Content-Type is
// complete.
func (r *headerReader) isOwnDelimiter(line []byte) bool {
	if !bytes.HasPrefix(line, twoDashes) || r.types == 0 {
		return false
	}
	if r.types != r.typesRead {
		r.typesRead, r.open = r.types, false
		if raw := r.fields[r.lastType].Raw; len(raw) <= maxGlued {
			r.boundary = parseParams(raw).boundary
		}
	}
	return r.boundary != "" && string(trimRight(line[2:])) == r.boundary
}

// field handles a line that starts a field. Blanks before the colon are
// obsolete syntax (RFC 5322 section 4.5) that bulk mailers still write.
func (r *headerReader) field(line []byte, pos int) bool {
	colon := bytes.IndexByte(line[:min(len(line), maxName)], ':')
	if colon <= 0 {
		return false
	}
	name := line[:colon]
	for isBlank(name[len(name)-1]) {
		name = name[:len(name)-1] // terminates: line[0] is not blank
	}
	if !validName(name) {
		return false
	}
	if len(name) < colon {
		r.defect("header-space-before-colon", r.part, show(name))
	}
	if len(r.fields) >= MaxFields {
		r.beyond++
		r.open = false
		return true
	}
	if r.fields == nil {
		r.fields = make([]Field, 0, fieldsAtOnce)
	}
	value := line[colon+1:]
	r.valueStart, r.open = pos+colon+1, true
	r.fields = append(r.fields, Field{Name: name, Raw: r.bounded(value)})
	if lower(name[0]) == 'c' {
		r.encoded = r.encoded || announcesEncoded(name, value)
		if equalFold(name, "content-type") {
			r.types++
			r.lastType = len(r.fields) - 1
		}
	}
	return true
}

// fold adds a continuation line to the present field.
func (r *headerReader) fold(line []byte, pos int) {
	if !r.open {
		if len(r.fields) == 0 && r.beyond == 0 {
			r.defect("header-no-colon", r.part, show(line))
		}
		return
	}
	f := &r.fields[len(r.fields)-1]
	if len(f.Raw) < MaxFieldBytes {
		f.Raw = r.bounded(r.data[r.valueStart : pos+len(line)])
	}
}

// bounded cuts a value at MaxFieldBytes and records that.
func (r *headerReader) bounded(value []byte) []byte {
	if len(value) > MaxFieldBytes {
		r.defectCount("field-limit", r.part, len(value))
		value = value[:MaxFieldBytes]
	}
	return value
}

// blankLineEnds reports whether a line of blanks ends the header. By RFC 5322
// section 4.2 it is folding, but some bulk mailers write it in place of the
// empty line. It is folding if the header continues after it.
func (r *headerReader) blankLineEnds(line []byte, next int) bool {
	if len(trimSpace(line)) > 0 {
		return false
	}
	if next >= len(r.data) {
		return true
	}
	after := r.data[next:min(lineEnd(r.data, next), next+aheadBytes)]
	if isBlank(after[0]) {
		return len(trimSpace(after)) == 0
	}
	return len(trimSpace(after)) > 0 && !likelyField(after)
}

// bodyStarts judges a line that is not a field: the first line of a body whose
// empty line is missing, or junk in the header. It is junk if fields follow, or
// if the announced body cannot begin with it.
func (r *headerReader) bodyStarts(line []byte, next int) bool {
	end := min(len(r.data), next+aheadBytes)
	for range aheadLines {
		if next >= end {
			break
		}
		e := lineEnd(r.data[:end], next)
		after := trimLineEnd(r.data[next:e])
		if len(after) == 0 {
			return !r.encoded
		}
		if likelyField(after) {
			return false
		}
		next = e
	}
	return true
}

// announcesEncoded reports whether a Content field announces a body that is not
// plain text.
func announcesEncoded(name, value []byte) bool {
	switch {
	case equalFold(name, "content-transfer-encoding"):
		return text.HasPrefixFold(trimSpace(value), "base64")
	case equalFold(name, "content-type"):
		return text.HasPrefixFold(trimSpace(value), "multipart")
	}
	return false
}

// validName reports whether a name has only the characters of RFC 5322 section
// 3.6.8: printable ASCII. The caller has excluded the colon.
func validName(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7F {
			return false
		}
	}
	return len(name) > 0
}

// isMboxLine recognises an mbox separator that was taken for part of the
// message.
func isMboxLine(line []byte) bool {
	if len(line) > 0 && line[0] == '>' {
		line = line[1:]
	}
	return bytes.HasPrefix(line, []byte("From "))
}

// likelyField distinguishes a header field from text with a colon ("Note: ...",
// "http://..."). Its name has a hyphen or is a common one.
func likelyField(line []byte) bool {
	colon := bytes.IndexByte(line[:min(len(line), maxName)], ':')
	if colon <= 0 || bytes.HasPrefix(line[colon+1:], slashes) {
		return false
	}
	name := trimRight(line[:colon])
	if !validName(name) {
		return false
	}
	if i := bytes.IndexByte(name, '-'); i > 0 && i < len(name)-1 {
		return isAlpha(name[0])
	}
	for _, known := range plainNames {
		if equalFold(name, known) {
			return true
		}
	}
	return false
}

// plainNames are common field names without a hyphen. Names with one need no
// list.
var plainNames = [...]string{
	"received", "from", "to", "subject", "date", "cc", "bcc", "sender", "precedence",
	"importance", "priority", "sensitivity", "organization", "status", "lines", "newsgroups",
	"references", "path", "xref", "comments", "keywords", "encrypted", "approved", "distribution",
}
