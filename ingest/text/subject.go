package text

import (
	"strings"
	"unicode"

	"spoor/internal/text"
)

// maxSubjectKey limits a key, in bytes. Longer subjects of real mail differ
// within the first 200.
const maxSubjectKey = 500

// replyPrefixes are the prefixes that mail programs of various languages put
// before the subject of replies and forwards.
var replyPrefixes = []string{"re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vs:", "res:", "rv:", "enc:", "tr:", "odp:", "antw:"}

// SubjectKey returns the normal form by which subjects are compared. It drops
// reply prefixes, digits, invisible characters, case and repeated blanks, which
// senders vary to make copies look unique.
func SubjectKey(s string) string {
	s = strings.ToLower(s)
	for again := true; again; {
		again = false
		s = strings.TrimSpace(s)
		for _, p := range replyPrefixes {
			if rest, ok := strings.CutPrefix(s, p); ok {
				s, again = rest, true
			}
		}
	}
	var b strings.Builder
	blank := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			blank = b.Len() > 0
		case unicode.IsDigit(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		default:
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteRune(r)
		}
	}
	return text.Cut(b.String(), maxSubjectKey)
}
