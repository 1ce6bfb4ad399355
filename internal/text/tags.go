package text

import "strings"

const (
	pageHead = 4 << 10 // bytes within which a page contains one of its elements
	maxTag   = 1000    // a longer "tag" is text with a less-than sign
)

// WithoutTags returns the text of a web page, and any other text unchanged.
// Some registries (JPNIC, KRNIC) answer on port 43 through a web gateway. Tags
// are removed, <br> ends a line, and scripts and styles are removed with their
// content.
func WithoutTags(s string) string {
	if !isPage(s) {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), maxTag)], '>')
		if end < 0 || !startsTag(s[1:]) {
			b.WriteByte('<')
			s = s[1:]
			continue
		}
		tag := s[1:end]
		s = s[end+1:]
		switch {
		case hasName(tag, "br"):
			b.WriteByte('\n')
		case hasName(tag, "script"):
			_, s, _ = strings.Cut(s, "</script>")
		case hasName(tag, "style"):
			_, s, _ = strings.Cut(s, "</style>")
		}
	}
	b.WriteString(s)
	return strings.ReplaceAll(b.String(), "&nbsp;", " ")
}

// isPage reports whether an answer is a web page, by tags near its beginning.
func isPage(s string) bool {
	head := strings.ToLower(s[:min(len(s), pageHead)])
	for _, tag := range []string{"<html", "<pre", "<script", "<br"} {
		if strings.Contains(head, tag) {
			return true
		}
	}
	return false
}

// startsTag reports whether "<" before s begins a tag, a comment or a
// declaration, not "a < b".
func startsTag(s string) bool {
	return s != "" && (s[0] == '/' || s[0] == '!' || 'a' <= s[0]|0x20 && s[0]|0x20 <= 'z')
}

// hasName reports whether a tag has this name, as a whole word.
func hasName(tag, name string) bool {
	rest, ok := CutPrefixFold(tag, name)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '/' || rest[0] == '\t' || rest[0] == '\n')
}
