package wire

import (
	"strings"
	"unicode/utf8"
)

// Bounds of stored values.
const (
	MaxText  = 64 << 10 // bytes of one text value
	maxTexts = 1 << 20  // bytes of one array of texts
	MaxKey   = 1000     // bytes of a text that a btree indexes; it refuses rows over 2,700
)

// Clean makes s fit for a text column: at most limit bytes of valid UTF-8 without NUL.
// Other bytes are replaced by U+FFFD.
func Clean(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
		for i := 1; i <= utf8.UTFMax && i <= len(s); i++ {
			if utf8.RuneStart(s[len(s)-i]) {
				if !utf8.FullRuneInString(s[len(s)-i:]) {
					s = s[:len(s)-i]
				}
				break
			}
		}
	}
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	s = WellFormed(s)
	if len(s) > limit { // a replacement is three bytes
		return Clean(s, limit)
	}
	return s
}

// CleanAll makes every text of a list fit for a column.
func CleanAll(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, Clean(s, MaxText))
	}
	return out
}

// WellFormed makes s a text that PostgreSQL takes: UTF-8 without NUL.
func WellFormed(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
