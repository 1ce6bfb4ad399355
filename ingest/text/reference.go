package text

import "spoor/ingest/html"

// reference reads what begins with "&", and returns its length. Letters written as
// character references are letters; references to blanks and signs end the word.
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

// maxReference is longer than any name (HTML Standard section 13.5: the longest has 33
// characters).
const maxReference = 40
