package text

import "spoor/ingest/html"

// reference reads the character reference at "&" and returns its length. A
// reference to a letter continues the word; one to a blank or sign ends it.
func (n *normalizer) reference(text []byte) int {
	size := html.ReferenceLength(text)
	if size > maxReference {
		n.endToken()
		return 1
	}
	ref := text[:size]
	resolved := html.Unescape(ref)
	if resolved == string(ref) {
		n.endToken()
		return 1
	}
	for _, r := range resolved {
		n.rune(r)
	}
	return size
}

// maxReference exceeds the longest name of a reference, which has 33 characters
// (HTML Standard section 13.5).
const maxReference = 40
