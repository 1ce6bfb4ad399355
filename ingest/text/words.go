package text

import (
	"slices"
	"strings"
)

// The sample of a text consists of the words with the least hashes. Two texts
// that share most words share most of their samples (Broder: On the resemblance
// and containment of documents, 1997). Unlike a sketch, a sample is readable.
const (
	sampleWords = 24
	shortWord   = longWord // letters; shorter words occur in every text
	longestWord = 48       // bytes; longer runs of letters are not words
)

// sample keeps the words with the least hashes in ascending order.
type sample struct {
	hashes [sampleWords]uint64
	words  [sampleWords]string
	n      int
}

func (s *sample) reset() { s.n = 0 }

// add takes a word's hash and letters.
func (s *sample) add(hash uint64, letters []byte) {
	if len(letters) > longestWord || s.n == sampleWords && hash >= s.hashes[s.n-1] {
		return
	}
	i, found := slices.BinarySearch(s.hashes[:s.n], hash)
	if found {
		return
	}
	s.n = min(s.n+1, sampleWords)
	copy(s.hashes[i+1:s.n], s.hashes[i:])
	copy(s.words[i+1:s.n], s.words[i:])
	s.hashes[i], s.words[i] = hash, string(letters)
}

// list returns the words in the order of their hashes, as valid UTF-8.
func (s *sample) list() []string {
	out := make([]string, 0, s.n)
	for _, w := range s.words[:s.n] {
		out = append(out, strings.ToValidUTF8(w, ""))
	}
	return out
}
