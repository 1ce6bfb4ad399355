package html

import "bytes"

// maxAttrs bounds the attributes that are kept of one tag. A caller that looks for more
// has the tag's bytes.
const maxAttrs = 1000

// Span is a stretch of the bytes being scanned.
type Span struct{ From, To int }

// Of returns the bytes of the span.
func (s Span) Of(b []byte) []byte { return b[s.From:s.To] }

// Attr is one attribute as written: its references are not resolved.
type Attr struct{ Key, Val Span }

// Tag is a start or end tag. The next Scan reuses it.
type Tag struct {
	Name  Span
	Attrs []Attr
}

// StartsTag reports whether a start or end tag begins at b[i], which holds "<", and where
// its name begins.
func StartsTag(b []byte, i int) (name int, closing, ok bool) {
	switch c := byteAt(b, i+1); {
	case isLetter(c):
		return i + 1, false, true
	case c == '/' && isLetter(byteAt(b, i+2)):
		return i + 2, true, true
	}
	return 0, false, false
}

// StartsMarkup reports whether a comment, a declaration or a bogus comment begins at b[i],
// which holds "<".
func StartsMarkup(b []byte, i int) bool {
	c := byteAt(b, i+1)
	return c == '!' || c == '?' || c == '/'
}

func byteAt(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// Scan reads name and attributes of the tag whose name begins at b[i], and returns the
// index behind its ">". ok is false if the text ends before.
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

// scanAttr reads the attribute that begins at b[i].
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

// Markup reads the comment, declaration or bogus comment that begins at b[i], and returns
// its content and the index behind it. One that is never closed takes all the rest.
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

// comment reads on behind "<!--". The short forms and "--!>" are what browsers accept
// (HTML Standard sections 13.2.5.43 to 13.2.5.52).
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

// IsRawText reports whether the content of an element, named in lower case, is text up to
// its end tag: tags inside of it mean nothing.
func IsRawText(name []byte) bool {
	switch string(name) {
	case "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext":
		return true
	}
	return false
}

// RawTextEnd returns the index of the end tag of a raw text element whose content begins
// at b[i], or the end of the text.
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

// Lower returns a name in lower case. It writes to scratch if the name has to be changed,
// and returns the scratch for the next call.
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
