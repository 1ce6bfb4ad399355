package links

import (
	"bytes"

	"golang.org/x/net/html"
)

// This file takes HTML apart as x/net/html's tokenizer does (HTML Standard section
// 13.2.5), for the sake of time: the tokenizer makes four copies of each attribute, and a
// newsletter has hundreds, which was half of all time spent here. A fuzz test holds the
// two equal. Entities are still the library's.

// maxAttrs are kept of one tag; URLs in further ones are still found, as in broken tags.
const maxAttrs = 1000

// span is a stretch of the text being scanned.
type span struct{ from, to int }

func (s span) of(b []byte) []byte { return b[s.from:s.to] }

// attr is one attribute, not yet unescaped.
type attr struct{ key, val span }

// tokens reads the tokens of body and returns how many bytes they took: all but a tag
// that is never closed.
func (w *walker) tokens(body []byte, depth int) (used int) {
	for i := 0; i < len(body); {
		lt := bytes.IndexByte(body[i:], '<')
		if lt < 0 {
			w.read(body[i:])
			break
		}
		if lt > 0 {
			w.read(body[i : i+lt])
			i += lt
		}
		switch c := byteAt(body, i+1); {
		case isLetter(c):
			end, ok := w.scanTag(body, i+1)
			if !ok {
				return i
			}
			literal := w.tag(body[i:end], body)
			i = end
			if literal != "" {
				stop := literalEnd(body, i, literal)
				w.literal(literal, body[i:stop], depth)
				i = stop
			}
		case c == '/' && isLetter(byteAt(body, i+2)):
			end, ok := w.scanTag(body, i+2)
			if !ok {
				return i
			}
			w.endTag(body[i:end], w.name.of(body))
			i = end
		case c == '!' || c == '?' || c == '/':
			inner, end := scanMarkup(body, i)
			w.markup(inner.of(body), depth)
			i = end
		default:
			w.text = append(w.text, '<')
			i++
		}
	}
	return len(body)
}

func byteAt(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// scanTag reads name and attributes of the tag whose name begins at b[i] and returns
// what is behind its ">". ok is false if the text ends before.
func (w *walker) scanTag(b []byte, i int) (end int, ok bool) {
	w.attrs = w.attrs[:0]
	start := i
	for i < len(b) && !isBlank(b[i]) && b[i] != '/' && b[i] != '>' {
		i++
	}
	w.name = span{start, i}
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
		var a attr
		a, i = scanAttr(b, i)
		if i >= len(b) {
			return i, false
		}
		if len(w.attrs) < maxAttrs {
			w.attrs = append(w.attrs, a)
		}
	}
}

// scanAttr reads the attribute that begins at b[i].
func scanAttr(b []byte, i int) (a attr, end int) {
	a.key.from = i
	i++ // a "=" in front belongs to the name
	for i < len(b) && !isBlank(b[i]) && b[i] != '/' && b[i] != '>' && b[i] != '=' {
		i++
	}
	a.key.to = i
	a.val = span{i, i}
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
		a.val = span{i + 1, i + 1 + j}
		return a, i + j + 2
	}
	a.val.from = i
	for i < len(b) && !isBlank(b[i]) && b[i] != '>' {
		i++
	}
	a.val.to = i
	return a, i
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

// scanMarkup reads a comment, a declaration or what else begins with "<!", "<?" or "</"
// at b[i], and returns its inside and what is behind it. One that is never closed takes
// all the rest.
func scanMarkup(b []byte, i int) (inner span, end int) {
	if bytes.HasPrefix(b[i:], []byte("<!--")) {
		return scanComment(b, i+4)
	}
	from := min(i+2, len(b))
	if j := bytes.IndexByte(b[from:], '>'); j >= 0 {
		return span{from, from + j}, from + j + 1
	}
	return span{from, len(b)}, len(b)
}

// scanComment reads on from behind "<!--".
func scanComment(b []byte, i int) (inner span, end int) {
	rest := b[i:]
	switch {
	case bytes.HasPrefix(rest, []byte(">")):
		return span{i, i}, i + 1
	case bytes.HasPrefix(rest, []byte("->")):
		return span{i, i}, i + 2
	}
	for j := 0; ; {
		k := bytes.Index(rest[j:], []byte("--"))
		if k < 0 {
			return span{i, len(b)}, len(b)
		}
		j += k
		switch tail := rest[j+2:]; {
		case bytes.HasPrefix(tail, []byte(">")):
			return span{i, i + j}, i + j + 3
		case bytes.HasPrefix(tail, []byte("!>")):
			return span{i, i + j}, i + j + 4
		}
		j++
	}
}

// markup files what scanMarkup read.
func (w *walker) markup(inner []byte, depth int) {
	if len(inner) > 7 && bytes.EqualFold(inner[:7], []byte("doctype")) {
		w.searchIn(inner, "doctype")
		return
	}
	w.comment(inner, depth)
}

// literalEnd returns where the end tag of an element that is not parsed begins, or the
// end of the text.
func literalEnd(b []byte, i int, name string) int {
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

// lower returns b in small letters, in place of buf where it has to be changed.
func lower(buf, b []byte) (name, scratch []byte) {
	for _, c := range b {
		if 'A' <= c && c <= 'Z' {
			buf = append(buf[:0], b...)
			for i, c := range buf {
				if 'A' <= c && c <= 'Z' {
					buf[i] = c + 'a' - 'A'
				}
			}
			return buf, buf
		}
	}
	return b, buf
}

// appendUnescaped appends src with its character references resolved. In an attribute a
// name without semicolon counts only if it is whole and no "=" follows, or every "&copy="
// in a query would be lost (HTML Standard section 13.2.5.73).
func appendUnescaped(dst, src []byte, attribute bool) []byte {
	for {
		i := bytes.IndexByte(src, '&')
		if i < 0 {
			return append(dst, src...)
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		n := referenceLength(src)
		ref := src[:n]
		src = src[n:]
		switch string(ref) {
		case "&":
			dst = append(dst, '&')
		case "&amp;":
			dst = append(dst, '&')
		case "&nbsp;", "&#160;":
			dst = append(dst, "\u00a0"...)
		default:
			dst = append(dst, unescapeOne(string(ref), attribute, byteAt(src, 0))...)
		}
	}
}

// referenceLength returns the length of what may be a character reference at the start of
// s: the sign, letters and digits, and a semicolon.
func referenceLength(s []byte) int {
	i := 1
	if byteAt(s, i) == '#' {
		i++
	}
	for i < len(s) && isAlnum(s[i]) {
		i++
	}
	if byteAt(s, i) == ';' {
		i++
	}
	return i
}

// unescapeOne resolves one reference.
func unescapeOne(ref string, attribute bool, next byte) string {
	out := html.UnescapeString(ref)
	last := ref[len(ref)-1]
	if !attribute || ref[1] == '#' || last == ';' && len(out) > 0 && out[len(out)-1] != ';' {
		return out
	}
	if next == '=' && last != ';' || out == ref || isAlnum(out[len(out)-1]) || out[len(out)-1] == ';' {
		return ref // resolved in part only
	}
	return out
}
