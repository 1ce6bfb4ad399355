package message

import (
	"bytes"
	"slices"
	"strings"

	"spoor/internal/text"
)

// params are the parameters of a Content field that affect how a part is read.
type params struct {
	value                            string // before the first parameter, in lower case
	boundary, charset, name, docName string // docName is "filename"
	invalid                          bool
	flowed, delSp                    bool   // RFC 3676
	url                              string // of an external body (RFC 2017)
	access                           string
}

// segment is one piece of a parameter, which RFC 2231 section 3 allows to be
// split.
type segment struct {
	name    byte // 'b', 'c', 'n', 'f', 'o' (format), 'd' (delsp), 'u' (url), 'a' (access-type)
	index   int  // -1 if the parameter is not split
	percent bool
	value   []byte
}

// maxSegments limits the pieces of one field. RFC 2231 sets no limit; each
// piece has a name, and hostile fields have thousands.
const maxSegments = 1000

// parseParams parses "value; name=value; ..." with comments, unterminated
// quotes, missing semicolons, and the pieces of RFC 2231 in any order.
//
// Only parameters in wantedSegment are kept. The stable sort lets the first of
// equal pieces win, as in most readers, and lets pieces come in any order,
// which RFC 2231 section 3 permits.
func parseParams(raw []byte) (p params) {
	s := paramScanner{b: raw}
	s.skip()
	start := len(raw) - len(s.b)
	value := s.upTo(';')
	if i := bytes.IndexAny(value, " \t\r\n,"); i >= 0 {
		if bytes.IndexByte(value[i:], '=') >= 0 {
			s.b = raw[start+i:] // "text/html charset=utf-8": the semicolon is missing
		}
		value, p.invalid = value[:i], true
	}
	p.value = lowerString(value)
	var segments []segment
	for len(s.b) > 0 && len(segments) < maxSegments {
		name, value, ok := s.next()
		if !ok {
			continue
		}
		if seg, wanted := wantedSegment(name, value); wanted {
			segments = append(segments, seg)
		}
	}
	if len(segments) == 0 {
		return p
	}
	slices.SortStableFunc(segments, func(a, b segment) int {
		if a.name != b.name {
			return int(a.name) - int(b.name)
		}
		return a.index - b.index
	})
	for len(segments) > 0 {
		n := 1
		for n < len(segments) && segments[n].name == segments[0].name {
			n++
		}
		p.set(segments[0].name, segments[:n])
		segments = segments[n:]
	}
	return p
}

// set stores the value of a parameter of interest. name is the letter of its
// place in the table of names.
func (p *params) set(name byte, segments []segment) {
	switch name {
	case 'b':
		p.boundary = string(trimRight(join(segments)))
	case 'c':
		p.charset = lowerString(trimSpace(join(segments)))
	case 'n':
		p.name = decodeParam(segments)
	case 'f':
		p.docName = decodeParam(segments)
	case 'o':
		p.flowed = equalFold(trimSpace(join(segments)), "flowed")
	case 'd':
		p.delSp = equalFold(trimSpace(join(segments)), "yes")
	case 'u':
		p.url = decodeParam(segments)
	case 'a':
		p.access = lowerString(trimSpace(join(segments)))
	}
}

// join concatenates the segments of one parameter. Pieces take precedence over
// a whole value, and of several whole values the first counts.
func join(segments []segment) []byte {
	segments = pieces(segments)
	if len(segments) == 1 && !segments[0].percent {
		return segments[0].value
	}
	var out []byte
	for _, s := range segments {
		if s.percent {
			_, text := splitExtended(s)
			out = appendPercent(out, text)
		} else {
			out = append(out, s.value...)
		}
	}
	return out
}

// pieces returns the segments of a split parameter in order, or the first whole
// value if none is split. Of repeated pieces the first counts.
//
// Segments are sorted by index, and whole values have index -1. A gap in the
// numbers is passed over: readers differ there, and a shortened name is still
// evidence.
func pieces(segments []segment) []segment {
	first := slices.IndexFunc(segments, func(s segment) bool { return s.index >= 0 })
	if first < 0 {
		return segments[:1]
	}
	segments = segments[first:]
	return slices.CompactFunc(segments, func(a, b segment) bool { return a.index == b.index })
}

// decodeParam decodes a file name by RFC 2231, else by RFC 2047. The latter is
// forbidden here, but Outlook and its imitators write it.
func decodeParam(segments []segment) string {
	segments = pieces(segments)
	if !slices.ContainsFunc(segments, func(s segment) bool { return s.percent }) {
		return text.Cut(decodeWords(join(segments), ""), MaxHeaderValue)
	}
	charset := ""
	if segments[0].percent {
		charset, _ = splitExtended(segments[0])
	}
	return text.Cut(cleanText(toUTF8(join(segments), charset)), MaxHeaderValue)
}

// splitExtended removes "charset'language'" from the first piece of an extended
// parameter.
//
// Only piece 0 has the prefix (RFC 2231 section 4.1). Without both quotes the
// value is taken as it is.
func splitExtended(s segment) (charset string, text []byte) {
	if s.index > 0 {
		return "", s.value
	}
	i := bytes.IndexByte(s.value, '\'')
	if i < 0 {
		return "", s.value
	}
	j := bytes.IndexByte(s.value[i+1:], '\'')
	if j < 0 {
		return "", s.value
	}
	return lowerString(s.value[:i]), s.value[i+1+j+1:]
}

// appendPercent decodes the percent codes of RFC 2231. An invalid code stays as
// it is.
func appendPercent(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if hi, lo := unhex[text[i+1]], unhex[text[i+2]]; hi|lo < 16 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

// wantedSegment selects the parameters that are used and parses the "*0*" of
// their names.
func wantedSegment(name, value []byte) (segment, bool) {
	s := segment{index: -1, value: value}
	if i := bytes.IndexByte(name, '*'); i >= 0 {
		tail := name[i+1:]
		name = name[:i]
		s.index = 0
		if n := len(tail); n > 0 && tail[n-1] == '*' {
			s.percent, tail = true, tail[:n-1]
		}
		if len(tail) == 0 {
			s.percent = true // name*=charset'language'value
		}
		// More digits than maxSegments needs, and few enough for an int.
		if len(tail) > 6 {
			return s, false
		}
		for _, c := range tail {
			if !isDigit(c) {
				return s, false
			}
			s.index = s.index*10 + int(c-'0')
		}
	}
	switch {
	case equalFold(name, "boundary"):
		s.name = 'b'
	case equalFold(name, "charset"):
		s.name = 'c'
	case equalFold(name, "name"):
		s.name = 'n'
	case equalFold(name, "filename"):
		s.name = 'f'
	case equalFold(name, "format"):
		s.name = 'o'
	case equalFold(name, "delsp"):
		s.name = 'd'
	case equalFold(name, "url"):
		s.name = 'u'
	case equalFold(name, "access-type"):
		s.name = 'a'
	default:
		return s, false
	}
	return s, true
}

// paramScanner splits a field value; b is the rest of it.
type paramScanner struct{ b []byte }

// upTo returns the text before the separator, without comments.
func (s *paramScanner) upTo(sep byte) []byte {
	s.skip()
	for i, c := range s.b {
		if c == sep || c == '(' {
			v := s.b[:i]
			s.b = s.b[i:]
			return trimRight(v)
		}
	}
	v := s.b
	s.b = nil
	return trimRight(v)
}

// skip skips blanks and comments. An unterminated comment ends the value.
//
// Comments nest, and a backslash takes the next byte literally (RFC 5322
// section 3.2.2).
func (s *paramScanner) skip() {
	depth := 0
	for i := 0; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == '\\' && depth > 0:
			i++
		case depth > 0 || isSpace(c):
		default:
			s.b = s.b[i:]
			return
		}
	}
	s.b = nil
}

// next reads one parameter. It always consumes at least one byte.
func (s *paramScanner) next() (name, value []byte, ok bool) {
	s.skip()
	for len(s.b) > 0 && (s.b[0] == ';' || s.b[0] == ',') {
		s.b = s.b[1:]
		s.skip()
	}
	i := bytes.IndexAny(s.b[:min(len(s.b), maxName)], "=;\"( \t\r\n")
	if i < 0 {
		s.b = nil
		return nil, nil, false
	}
	name = s.b[:i]
	s.b = s.b[i:]
	s.skip()
	if len(s.b) == 0 || s.b[0] != '=' {
		if len(s.b) > 0 && i == 0 {
			s.b = s.b[1:]
		}
		return nil, nil, false
	}
	s.b = s.b[1:]
	s.skip()
	if len(s.b) > 0 && s.b[0] == '"' {
		return name, s.quoted(), true
	}
	return name, s.bare(), true
}

// bare reads an unquoted value up to a semicolon, because names with spaces are
// often unquoted. A blank ends it if another parameter follows.
func (s *paramScanner) bare() []byte {
	end := bytes.IndexByte(s.b, ';')
	if end < 0 {
		end = len(s.b)
	}
	v := s.b[:end]
	if i := bytes.IndexAny(v, " \t\r\n"); i >= 0 {
		rest := trimSpace(v[i:])
		if len(rest) > 0 && (rest[0] == '(' || startsParam(rest)) {
			v, end = v[:i], i
		}
	}
	s.b = s.b[end:]
	return trimRight(v)
}

// startsParam reports whether b, the text after a blank, begins with "name=".
func startsParam(b []byte) bool {
	for i, c := range b[:min(len(b), 40)] {
		if c == '=' {
			return i > 0
		}
		if !isAlpha(c) && !isDigit(c) && c != '-' && c != '*' {
			return false
		}
	}
	return false
}

// quoted reads a quoted string. An unterminated one ends at the next semicolon.
//
// Without backslash or folding, which is the rule, the value is a slice of the
// field and costs no copy.
func (s *paramScanner) quoted() []byte {
	plain := true
	for i := 1; i < len(s.b); i++ {
		switch s.b[i] {
		case '\\':
			plain = false
			i++
		case '\r', '\n':
			plain = false
		case '"':
			v := s.b[1:i]
			s.b = s.b[i+1:]
			if plain {
				return v
			}
			return unquote(v)
		}
	}
	s.b = s.b[1:]
	return s.bare()
}

// unquote removes the backslashes and folding of a quoted string. A backslash
// before a letter or digit stays, because mailers that do not know quoting
// write C:\file.
func unquote(v []byte) []byte {
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c == '\r' || c == '\n' {
			continue
		}
		if c == '\\' && i+1 < len(v) && !isAlpha(v[i+1]) && !isDigit(v[i+1]) {
			i++
			c = v[i]
		}
		out = append(out, c)
	}
	return out
}

// lowerString converts to lower case. Common strings do not allocate.
func lowerString(b []byte) string {
	if len(b) <= 32 {
		var buf [32]byte
		for i, c := range b {
			buf[i] = lower(c)
		}
		return intern(buf[:len(b)])
	}
	return strings.ToValidUTF8(strings.ToLower(string(b)), "\uFFFD")
}

// intern converts bytes to a string and shares the memory of common values,
// since every part has some.
func intern(b []byte) string {
	for _, s := range common {
		if string(b) == s {
			return s
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// common are the values of most parts.
var common = [...]string{
	"", "text/html", "text/plain", "multipart/alternative", "multipart/mixed", "multipart/related",
	"image/png", "image/jpeg", "image/gif", "application/pdf", "application/octet-stream", "message/rfc822",
	"utf-8", "us-ascii", "iso-8859-1", "windows-1252", "windows-1251", "gb2312",
	"7bit", "8bit", "quoted-printable", "base64", "binary", "attachment", "inline",
}
