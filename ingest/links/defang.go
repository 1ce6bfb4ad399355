package links

import (
	"bytes"
	"strings"
)

// refang restores a "defanged" URL or address, which people write so that no
// program makes a link of it: [.], (dot), {.}, [:], [://], [@], (at). ok is
// false if s has none of these.
func refang(s string) (string, bool) {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '[' && s[i] != '(' && s[i] != '{' {
			continue
		}
		to, size := bracketGroup(s[i:])
		// A bracketed sign alone is no address.
		if size == 0 || i == 0 && i+size == len(s) {
			continue
		}
		b.WriteString(s[done:i])
		b.WriteString(to)
		done = i + size
		i = done - 1
	}
	if done == 0 {
		return s, false
	}
	b.WriteString(s[done:])
	return b.String(), true
}

// bracketGroup reads a bracketed sign at the start of s. It returns the sign
// and the length of the group, or 0.
func bracketGroup(s string) (to string, size int) {
	end := strings.IndexAny(s[:min(len(s), 7)], "])}")
	if end < 2 {
		return "", 0
	}
	switch inner := strings.ToLower(s[1:end]); inner {
	case ".", ":", "/", "://", "@":
		to = inner
	case "dot", "punkt", "punto":
		to = "."
	case "at", "et":
		to = "@"
	default:
		return "", 0
	}
	return to, end + 1
}

// spacedDefang joins "name [at] example [dot] com", starting at its first
// bracketed sign b[start:end]. ok is false if this is none, or not the first of
// the group.
func spacedDefang(b []byte, start, end int) (string, bool) {
	to, size := bracketGroup(string(b[start:min(end, start+8)]))
	if size == 0 || size != end-start {
		return "", false
	}
	left, leftAt := wordBefore(b, start)
	if left == "" {
		return "", false
	}
	// Begin at the first bracket of a name, so that it is read once.
	if before, at := wordBefore(b, leftAt); before != "" && at < leftAt {
		if _, size := bracketGroup(before); size == len(before) {
			return "", false
		}
	}
	joined := left + to
	// Names have few labels; the bound ends a chain of brackets in hostile
	// text.
	for n := 0; n < 10; n++ {
		word, wordEnd := wordAfter(b, end)
		if word == "" {
			return "", false
		}
		joined += word
		group, groupEnd := wordAfter(b, wordEnd)
		to, size := bracketGroup(group)
		if size == 0 || size != len(group) {
			break
		}
		joined += to
		end = groupEnd
	}
	return joined, true
}

// maxWord limits a word beside a bracketed sign, in bytes: a DNS label has 63
// at most (RFC 1035 section 2.3.4).
const maxWord = 64

// wordBefore returns the word that ends one blank before b[at], and its start.
func wordBefore(b []byte, at int) (string, int) {
	if at < 2 || b[at-1] != ' ' {
		return "", at
	}
	end := at - 1
	start := end
	for start > 0 && end-start < maxWord && textClass[b[start-1]]&isSep == 0 {
		start--
	}
	return string(b[start:end]), start
}

// wordAfter returns the word that begins one blank after b[:at], and its end.
func wordAfter(b []byte, at int) (string, int) {
	if at+1 >= len(b) || b[at] != ' ' {
		return "", at
	}
	rest := b[at+1:]
	rest = rest[:min(len(rest), maxWord)]
	if i := bytes.IndexFunc(rest, func(r rune) bool { return r < 0x80 && textClass[r]&isSep != 0 }); i >= 0 {
		rest = rest[:i]
	}
	return string(rest), at + 1 + len(rest)
}
