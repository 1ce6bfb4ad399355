// Package text holds the few string operations that several packages need:
// bounded copies, tag removal, edit distance, and tests of bytes. It does not
// depend on mail.
package text

import "strings"

// Cut truncates s to at most n bytes without splitting a UTF-8 sequence. A
// truncated result shares no memory with s, so that a short field never keeps a
// whole message alive.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return strings.Clone(s[:n])
}

// Distance returns the Levenshtein distance of two short strings in bytes. Its
// time is the product of their lengths.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// HasPrefixFold reports whether b begins with an ASCII prefix, without regard
// to case. lower must be in lower case.
func HasPrefixFold(b []byte, lower string) bool {
	if len(b) < len(lower) {
		return false
	}
	for i := range len(lower) {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// CutPrefixFold returns s without prefix, which is compared without regard to
// case, and whether s had it.
func CutPrefixFold(s, prefix string) (after string, found bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// IsASCII reports whether s has only ASCII bytes.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Hex returns the value of a hexadecimal digit in either case, or 0xFF. Two
// values ORed are below 16 only if both bytes are digits.
func Hex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return (c | 0x20) - 'a' + 10
	}
	return 0xFF
}

// SetOnce sets a field unless it has a value: of repeated values, the first
// counts.
func SetOnce(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
