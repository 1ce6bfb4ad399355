package message

import (
	"bytes"
	"strings"

	"spoor/internal/text"
)

// equalFold compares ASCII without case. Unlike bytes.EqualFold it needs no
// conversion of want.
// Letters beyond ASCII are compared as bytes: names of fields and parameters
// have none (RFC 5322 section 2.2).
func equalFold(got []byte, want string) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		a, b := got[i], want[i]
		if a != b && lower(a) != lower(b) {
			return false
		}
	}
	return true
}

// lower converts an ASCII letter to lower case.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }

// trimSpace removes blanks and line ends at both ends. Unlike bytes.TrimSpace
// it leaves other white space, which header syntax does not know (RFC 5322
// section 2.2.2).
func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	return trimRight(b)
}

// trimRight removes blanks and line ends at the end.
func trimRight(b []byte) []byte {
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// trimLineEnd removes one line end, LF or CRLF.
func trimLineEnd(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
		if n > 1 && b[n-2] == '\r' {
			b = b[:n-2]
		}
	}
	return b
}

// lineEnd returns the index after the line that starts at pos, its line feed
// included.
func lineEnd(data []byte, pos int) int {
	if i := bytes.IndexByte(data[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(data)
}

// containsFold reports whether b contains an ASCII word in lower case. Its time
// is quadratic, so b must be short.
func containsFold(b []byte, word string) bool {
	for i := 0; i+len(word) <= len(b); i++ {
		if lower(b[i]) == word[0] && equalFold(b[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// isASCII reports whether all bytes are ASCII. It tests eight at a time,
// because it reads every body.
func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// show converts bytes of the message to the detail of a Defect.
func show(b []byte) string {
	const most = 200
	cut := b
	if len(cut) > most {
		cut = cut[:most]
	}
	s := strings.ToValidUTF8(string(cut), "\uFFFD")
	return text.Cut(s, most)
}
