package message

import (
	"bytes"
	"strings"

	"spoor/internal/text"
)

// Address is one mailbox of an address field (RFC 5322 section 3.4).
//
// The local part keeps its case, because RFC 5321 section 2.4 leaves its
// meaning to the receiving host. Domains have none.
type Address struct {
	Name    string // display name, decoded
	Address string // local@domain as written with the domain in lower case; may be empty or malformed
}

// Addresses parses at most limit addresses leniently: groups, comments, missing
// brackets and commas in unquoted names. It skips text that it cannot parse. A
// name without an address is kept, because many forged From fields have only
// that.
func (f *Field) Addresses(limit int) []Address {
	// Lists of recipients can be far longer than other values: 1 MiB is read.
	v := unfold(f.Raw, 16*MaxHeaderValue)
	if bytes.IndexByte(v, '@') < 0 && bytes.Contains(v, []byte("=?")) {
		// Some senders encode the whole field, address included, although RFC
		// 2047 section 5 forbids it.
		if decoded := decodeWords(v, f.charset); strings.Contains(decoded, "@") {
			v = []byte(decoded)
		}
	}
	return parseAddresses(v, f.charset, limit)
}

// parseAddresses reads an address list (RFC 5322, 3.4) of at most limit
// addresses. Real lists break the grammar, most often by an unquoted comma in a
// display name, so a part without an address that ends at a comma is joined
// with the next one.
func parseAddresses(v []byte, charset string, limit int) []Address {
	var list []Address
	s := addressScanner{b: v, quotes: true, comments: true}
	// The name is joined as bytes of the value, so that the comma and the
	// blanks between its pieces stay as written.
	var pending *mailbox // a name that was split at a comma that belongs to it
	for len(list) < limit {
		m, ok := s.next()
		if !ok {
			break
		}
		// Names of groups are no mailboxes, their members are (RFC 5322 section
		// 3.4).
		if m.group {
			pending = nil
			continue
		}
		nameOnly := m.angle == nil && bytes.IndexByte(m.phrase, '@') < 0
		if pending != nil {
			if m.angle != nil || nameOnly {
				m.phrase = v[pending.start : m.start+len(m.phrase)]
				m.start = pending.start
			} else {
				list = appendAddress(list, *pending, charset)
			}
			pending = nil
		}
		if nameOnly && m.comma {
			pending = &m
			continue
		}
		list = appendAddress(list, m, charset)
	}
	if pending != nil {
		list = appendAddress(list, *pending, charset)
	}
	return list[:min(len(list), limit)]
}

// mailbox is the text between two separators, split into its parts.
type mailbox struct {
	start   int    // of phrase in the value
	phrase  []byte // outside of brackets
	angle   []byte // inside of <>; nil if there are none
	comment []byte // the last comment
	comma   bool   // it ended at a comma
	group   bool   // it was the "name:" of a group
}

// addressScanner splits an address field at its separators. From an
// unterminated quote or comment on, such characters are plain text.
//
// Each of quotes and comments is switched off at most once. Otherwise each of
// many unclosed quotes would search the rest of the field, in quadratic time.
type addressScanner struct {
	b                []byte
	pos              int
	quotes, comments bool
}

// next returns the next mailbox or group of the list. It always moves on, so
// that a list of separators alone ends.
func (s *addressScanner) next() (mailbox, bool) {
	for s.pos < len(s.b) && (isSpace(s.b[s.pos]) || s.b[s.pos] == ',' || s.b[s.pos] == ';') {
		s.pos++
	}
	if s.pos >= len(s.b) {
		return mailbox{}, false
	}
	m := mailbox{start: s.pos}
	end := -1 // of the phrase
	for s.pos < len(s.b) {
		switch c := s.b[s.pos]; {
		case c == '"' && s.quotes:
			s.skipQuoted()
			continue
		case c == '(' && s.comments:
			from := s.pos
			// An unclosed parenthesis leaves the position, and is then passed
			// as text.
			if s.skipComment(); s.pos > from+1 {
				m.comment = s.b[from+1 : s.pos-1]
				continue
			}
		case c == '<' && bytes.IndexByte(m.angle, '@') < 0:
			// If there are several brackets ("<> <user@host>"), the first one
			// with an address counts.
			if end < 0 {
				end = s.pos
			}
			m.angle = s.angle()
			continue
		case c == ',' || c == ';':
			m.comma = c == ','
			return m.until(s, end), true
		case c == ':' && m.angle == nil && s.groupStarts(m.start):
			s.pos++
			m.group = true
			return m, true
		}
		s.pos++
	}
	return m.until(s, end), true
}

// until ends the phrase at end, or at the scanner's position if end is
// negative.
func (m mailbox) until(s *addressScanner, end int) mailbox {
	if end < 0 {
		end = s.pos
	}
	m.phrase = s.b[m.start:end]
	return m
}

// groupStarts distinguishes the colon of "undisclosed-recipients:" from one in
// a name or URL.
func (s *addressScanner) groupStarts(start int) bool {
	return !bytes.ContainsAny(s.b[start:s.pos], "@/") && !bytes.HasPrefix(s.b[s.pos+1:], slashes) &&
		!text.HasPrefixFold(s.b[start:s.pos], "mailto")
}

// skipQuoted skips a quoted string. Without a closing quote the quote is an
// ordinary character, because the rest of the list would be lost otherwise.
func (s *addressScanner) skipQuoted() {
	for i := s.pos + 1; i < len(s.b); i++ {
		switch s.b[i] {
		case '\\':
			i++
		case '"':
			s.pos = i + 1
			return
		}
	}
	s.quotes = false
}

// skipComment skips a comment, which may nest (RFC 5322, 3.2.2). An unclosed
// one is ordinary text.
func (s *addressScanner) skipComment() {
	depth := 0
	for i := s.pos; i < len(s.b); i++ {
		switch s.b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.pos = i + 1
				return
			}
		}
	}
	s.comments = false
}

// angle reads the text in brackets, or up to a separator if the closing one is
// missing.
func (s *addressScanner) angle() []byte {
	s.pos++
	for s.pos < len(s.b) && s.b[s.pos] == '<' {
		s.pos++
	}
	rest := s.b[s.pos:]
	i := bytes.IndexAny(rest, ">,;")
	if i >= 0 && rest[i] != '>' {
		// "<@a,@b:user@c>" is a source route (RFC 5322 section 4.4). Other
		// separators end the address.
		// Paths of RFC 5321 have at most 256 octets (section 4.5.3.1.3). The
		// bound keeps many open brackets linear.
		j := bytes.IndexByte(rest[:min(len(rest), 1000)], '>')
		if k := bytes.IndexByte(rest[i:], '<'); j >= 0 && (k < 0 || j < i+k) {
			i = j
		}
	}
	if i < 0 {
		i = len(rest)
	}
	s.pos += i
	if s.pos < len(s.b) && s.b[s.pos] == '>' {
		s.pos++
	}
	return rest[:i:i]
}

// appendAddress adds a mailbox with its cleaned address and its display name.
func appendAddress(list []Address, m mailbox, charset string) []Address {
	var a Address
	switch {
	case m.angle != nil:
		inner, address := splitAngle(m.angle)
		a.Address = cleanAddress(address)
		if a.Name = displayName(m.phrase, charset); a.Name == "" {
			a.Name = displayName(inner, charset)
		}
	default:
		name, address := splitBare(withoutComments(m.phrase))
		a.Address = cleanAddress(address)
		a.Name = displayName(name, charset)
	}
	// Usenet's form "user@host (Name)" of RFC 1036 section 2.1.1 has the name
	// in the comment; forgers turn it around.
	if at := bytes.IndexByte(m.comment, '@'); a.Address == "" && at >= 0 {
		_, inside := splitBare(m.comment)
		a.Address = cleanAddress(inside)
	} else if a.Name == "" && m.comment != nil {
		a.Name = strings.TrimSpace(decodeWords(unquote(m.comment), charset))
	}
	if a == (Address{}) {
		return list
	}
	a.Name = text.Cut(a.Name, 2000)
	return append(list, a)
}

// splitAngle splits "<name <user@host>", where a bracket precedes the name.
// Mail readers display the address after the last bracket.
func splitAngle(b []byte) (name, address []byte) {
	if i := bytes.LastIndexByte(b, '<'); i >= 0 && bytes.IndexByte(b[i:], '@') >= 0 {
		return b[:i], b[i+1:]
	}
	return nil, b
}

// splitBare finds the address in text without brackets: "user@host", "user @
// host", "Name user@host".
func splitBare(b []byte) (name, address []byte) {
	at := bytes.LastIndexByte(b, '@')
	if at < 0 {
		return b, nil
	}
	start, end := at, at+1
	for start > 0 && isSpace(b[start-1]) {
		start--
	}
	// A quoted local part may have blanks (RFC 5321 section 4.1.2).
	if start > 0 && b[start-1] == '"' {
		if q := bytes.LastIndexByte(b[:start-1], '"'); q >= 0 {
			start = q
		}
	} else {
		for start > 0 && !isSpace(b[start-1]) {
			start--
		}
	}
	for end < len(b) && isSpace(b[end]) {
		end++
	}
	for end < len(b) && !isSpace(b[end]) {
		end++
	}
	name = b[:start]
	if rest := trimSpace(b[end:]); len(trimSpace(name)) == 0 {
		name = rest
	}
	return name, b[start:end]
}

// cleanAddress removes a source route, "mailto:", surrounding quotes and
// blanks.
//
// The result may lack a local part, a domain or both: forged fields do, and the
// form is evidence. NULs and line ends are gone, so it is safe to print on one
// line.
func cleanAddress(b []byte) string {
	b = trimSpace(withoutComments(b))
	if text.HasPrefixFold(b, "mailto:") {
		b = b[len("mailto:"):]
	}
	if len(b) > 0 && b[0] == '@' {
		if i := bytes.IndexByte(b, ':'); i >= 0 {
			b = b[i+1:]
		}
	}
	for len(b) > 1 && (b[0] == '\'' || b[0] == '"') && b[len(b)-1] == b[0] {
		b = b[1 : len(b)-1]
	}
	b = bytes.Trim(b, " \t\r\n<>")
	at := bytes.LastIndexByte(b, '@')
	local, domain := trimSpace(b[:max(at, 0)]), trimSpace(b[at+1:])
	if at < 0 {
		return text.Cut(cleanText(rawText(b, "")), 1000)
	}
	s := cleanText(rawText(local, "")) + "@" + strings.ToLower(cleanText(rawText(domain, "")))
	return text.Cut(s, 1000)
}

// withoutComments removes balanced comments. Most values have none and are
// returned unchanged.
func withoutComments(b []byte) []byte {
	if bytes.IndexByte(b, '(') < 0 {
		return b
	}
	s := addressScanner{b: b, quotes: true, comments: true}
	out := make([]byte, 0, len(b))
	for s.pos < len(b) {
		from := s.pos
		switch c := b[s.pos]; {
		case c == '(' && s.comments:
			if s.skipComment(); s.pos > from {
				out = append(out, ' ')
				continue
			}
		case c == '"' && s.quotes:
			if s.skipQuoted(); s.pos > from {
				out = append(out, b[from:s.pos]...)
				continue
			}
		}
		out = append(out, b[s.pos])
		s.pos++
	}
	return out
}

// displayName unquotes and decodes a phrase.
func displayName(b []byte, charset string) string {
	b = trimSpace(withoutComments(b))
	b = bytes.Trim(b, ",; \t")
	if bytes.IndexByte(b, '"') >= 0 || bytes.IndexByte(b, '\\') >= 0 {
		b = unquotePhrase(b)
	}
	name := strings.TrimSpace(decodeWords(b, charset))
	if n := len(name); n > 1 && name[0] == '\'' && name[n-1] == '\'' {
		name = name[1 : n-1]
	}
	if n := len(name); n > 1 && name[0] == '"' && name[n-1] == '"' {
		name = name[1 : n-1] // quotes inside the encoded word
	}
	return name
}

// unquotePhrase removes the quotes of quoted strings in a phrase.
func unquotePhrase(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
		case c == '\\' && i+1 < len(b):
			i++
			out = append(out, b[i])
		default:
			out = append(out, c)
		}
	}
	return out
}
