package whois

// phrases is a set of lower-case phrases for which a text is searched in one
// pass: only at the start of words, and there only for phrases with the same
// first three bytes.
//
// The lists have hundreds of phrases, and each line of each answer is searched
// for most of them.
type phrases map[[3]byte][]string

// newPhrases indexes phrases of at least three bytes in lower case.
func newPhrases(list ...string) phrases {
	p := make(phrases, len(list))
	for _, s := range list {
		p[prefix(s)] = append(p[prefix(s)], s)
	}
	return p
}

// prefix returns the first three bytes of s, padded with zeros.
func prefix(s string) (k [3]byte) {
	copy(k[:], s)
	return k
}

// in returns the first phrase in s, which is in lower case, or "".
//
// First in the order of the text, then in that of the list: the same answer
// always gives the same detail.
func (p phrases) in(s string) (first string) {
	p.each(s, func(w string) {
		if first == "" {
			first = w
		}
	})
	return first
}

// each calls f for every phrase in s in the order of the text.
func (p phrases) each(s string, f func(string)) {
	for i := 0; i+3 <= len(s); i++ {
		if i > 0 && isWordByte(s[i-1]) && s[i] < 0x80 {
			continue
		}
		for _, w := range p[prefix(s[i:i+3])] {
			if len(s)-i >= len(w) && s[i:i+len(w)] == w {
				f(w)
			}
		}
	}
}

// isWordByte reports whether a phrase after c would begin inside a word.
func isWordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
