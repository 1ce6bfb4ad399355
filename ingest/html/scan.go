package html

import "bytes"

// maxAttrs limits the attributes kept of one tag. Real tags have far fewer. A
// caller that needs more can read the bytes of the tag.
const maxAttrs = 1000

// Span is a range of the scanned bytes, so that a tag needs no copies.
type Span struct{ From, To int }

// Of returns the bytes of the span.
func (s Span) Of(b []byte) []byte { return b[s.From:s.To] }

// Attr is one attribute as written, with its character references unresolved.
type Attr struct{ Key, Val Span }

// Tag is a start or end tag. Scan reuses its memory, so it is valid until the
// next Scan.
type Tag struct {
	Name  Span
	Attrs []Attr
}

// StartsTag reports whether a tag begins at b[i], which holds "<". name is the
// index of its name.
func StartsTag(b []byte, i int) (name int, closing, ok bool) {
	switch c := byteAt(b, i+1); {
	case isLetter(c):
		return i + 1, false, true
	case c == '/' && isLetter(byteAt(b, i+2)):
		return i + 2, true, true
	}
	return 0, false, false
}

// StartsMarkup reports whether b[i], which holds "<", begins a comment, a
// declaration or a bogus comment.
func StartsMarkup(b []byte, i int) bool {
	c := byteAt(b, i+1)
	return c == '!' || c == '?' || c == '/'
}

// byteAt returns b[i], or 0 beyond the end, which no markup contains.
func byteAt(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// Scan reads the tag whose name begins at b[i]. end is the index after its ">".
// ok is false if the text ends first.
func (t *Tag) Scan(b []byte, i int) (end int, ok bool) {
	t.Attrs = t.Attrs[:0]
	start := i
	for i < len(b) && !isBlank(b[i]) && b[i] != '/' && b[i] != '>' {
		i++
	}
	t.Name = Span{start, i}
	for {
		for i < len(b) && (isBlank(b[i]) || b[i] == '/') {
			i++
		}
		if i >= len(b) {
			return i, false
		}
		if b[i] == '>' {
			return i + 1, true
		}
		var a Attr
		a, i = scanAttr(b, i)
		if i >= len(b) {
			return i, false
		}
		if len(t.Attrs) < maxAttrs {
			t.Attrs = append(t.Attrs, a)
		}
	}
}

// scanAttr reads the attribute at b[i].
func scanAttr(b []byte, i int) (a Attr, end int) {
	a.Key.From = i
	i++ // a "=" in front belongs to the name
	for i < len(b) && !isBlank(b[i]) && b[i] != '/' && b[i] != '>' && b[i] != '=' {
		i++
	}
	a.Key.To = i
	a.Val = Span{i, i}
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	if i >= len(b) || b[i] != '=' {
		return a, i
	}
	i++
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	if i >= len(b) || b[i] == '>' {
		return a, i
	}
	if q := b[i]; q == '"' || q == '\'' {
		j := bytes.IndexByte(b[i+1:], q)
		if j < 0 {
			return a, len(b)
		}
		a.Val = Span{i + 1, i + 1 + j}
		return a, i + j + 2
	}
	a.Val.From = i
	for i < len(b) && !isBlank(b[i]) && b[i] != '>' {
		i++
	}
	a.Val.To = i
	return a, i
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

func isLetter(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }
func isAlnum(c byte) bool  { return isLetter(c) || '0' <= c && c <= '9' }

// Markup reads the comment, declaration or bogus comment at b[i]. It returns
// the content and the index after it. An unclosed one extends to the end of the
// text.
func Markup(b []byte, i int) (content Span, end int) {
	if bytes.HasPrefix(b[i:], []byte("<!--")) {
		return comment(b, i+4)
	}
	from := min(i+2, len(b))
	if j := bytes.IndexByte(b[from:], '>'); j >= 0 {
		return Span{from, from + j}, from + j + 1
	}
	return Span{from, len(b)}, len(b)
}

// comment reads a comment from behind its "<!--". Browsers also accept short
// forms and "--!>" (HTML Standard sections 13.2.5.43 to 13.2.5.52).
func comment(b []byte, i int) (content Span, end int) {
	rest := b[i:]
	switch {
	case bytes.HasPrefix(rest, []byte(">")):
		return Span{i, i}, i + 1
	case bytes.HasPrefix(rest, []byte("->")):
		return Span{i, i}, i + 2
	}
	for j := 0; ; {
		k := bytes.Index(rest[j:], []byte("--"))
		if k < 0 {
			return Span{i, len(b)}, len(b)
		}
		j += k
		switch tail := rest[j+2:]; {
		case bytes.HasPrefix(tail, []byte(">")):
			return Span{i, i + j}, i + j + 3
		case bytes.HasPrefix(tail, []byte("!>")):
			return Span{i, i + j}, i + j + 4
		}
		j++
	}
}

// IsRawText reports whether the content of the element is text up to its end
// tag, in which tags have no meaning. name is in lower case.
func IsRawText(name []byte) bool {
	switch string(name) {
	case "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext":
		return true
	}
	return false
}

// RawTextEnd returns the index of the end tag of the raw text element whose
// content begins at b[i], or len(b).
func RawTextEnd(b []byte, i int, name string) int {
	for i < len(b) {
		j := bytes.IndexByte(b[i:], '<')
		if j < 0 {
			break
		}
		i += j
		tail := b[i+1:]
		if n := len(name); len(tail) > n+1 && tail[0] == '/' && bytes.EqualFold(tail[1:n+1], []byte(name)) &&
			(isBlank(tail[n+1]) || tail[n+1] == '/' || tail[n+1] == '>') {
			return i
		}
		i++
	}
	return len(b)
}

// Lower returns name in lower case. It writes into scratch only if name must
// change, and returns the scratch for reuse.
func Lower(scratch, name []byte) (lower, newScratch []byte) {
	for _, c := range name {
		if 'A' <= c && c <= 'Z' {
			scratch = append(scratch[:0], name...)
			for i, c := range scratch {
				if 'A' <= c && c <= 'Z' {
					scratch[i] = c + 'a' - 'A'
				}
			}
			return scratch, scratch
		}
	}
	return name, scratch
}
