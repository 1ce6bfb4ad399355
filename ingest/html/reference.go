package html

import (
	"bytes"

	"golang.org/x/net/html"
)

// AppendUnescaped appends src with its character references resolved. In an attribute a
// name without semicolon counts only if it is whole and no "=" follows, or every "&copy="
// in a query would be lost (HTML Standard section 13.2.5.73).
func AppendUnescaped(dst, src []byte, attribute bool) []byte {
	for {
		i := bytes.IndexByte(src, '&')
		if i < 0 {
			return append(dst, src...)
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		n := ReferenceLength(src)
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

// Unescape returns the text of a character reference that ReferenceLength measured, or the
// reference itself where there is none of that name. The common ones cost no memory.
func Unescape(ref []byte) string {
	switch string(ref) {
	case "&nbsp;", "&#160;":
		return "\u00a0"
	case "&amp;":
		return "&"
	case "&zwnj;", "&#8204;":
		return "\u200c"
	}
	return html.UnescapeString(string(ref))
}

// ReferenceLength returns the length of a possible character reference at the start of s:
// the sign, letters and digits, and a semicolon.
func ReferenceLength(s []byte) int {
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
