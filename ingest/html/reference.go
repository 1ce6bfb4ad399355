package html

import (
	"bytes"

	"golang.org/x/net/html"
)

// AppendUnescaped appends src to dst with its character references resolved. In
// an attribute, a name without a semicolon counts only if it is complete and no
// "=" follows (HTML Standard section 13.2.5.73). Without that rule every
// "&copy=" of a query string would become a copyright sign.
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

// Unescape returns the text of a reference that ReferenceLength measured, or
// the reference itself if its name is unknown. Common references do not
// allocate.
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

// ReferenceLength returns the length of a possible character reference at the
// start of s: "&", letters or digits, and an optional semicolon.
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

// unescapeOne resolves one reference. next is the byte after it.
func unescapeOne(ref string, attribute bool, next byte) string {
	out := html.UnescapeString(ref)
	last := ref[len(ref)-1]
	if !attribute || ref[1] == '#' || last == ';' && len(out) > 0 && out[len(out)-1] != ';' {
		return out
	}
	if next == '=' && last != ';' || out == ref || isAlnum(out[len(out)-1]) || out[len(out)-1] == ';' {
		return ref // only a prefix of it is a name
	}
	return out
}
