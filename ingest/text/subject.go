package text

import (
	"strings"
	"unicode"

	"spoor/internal/text"
)

// maxSubjectKey bounds a key. RFC 5322 section 2.1.1 suggests lines of 78 characters, and
// longer subjects of real mail differ within the first 200.
const maxSubjectKey = 500

// replyPrefixes are put in front of a subject by mail programs of many languages.
var replyPrefixes = []string{"re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vs:", "res:", "rv:", "enc:", "tr:", "odp:", "antw:"}

// SubjectKey returns the normal form of a subject, by which subjects are compared: without
// reply prefixes, digits, invisible characters, case and repeated blanks. Senders vary
// those to make copies look unique.
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
