package text

import (
	"slices"
	"strings"
)

// A sample of a text's words is those with the least hashes: two texts that share most
// of their words share most of their samples (Broder: On the resemblance and containment
// of documents, 1997). Unlike a sketch it can be read.
const (
	sampleWords = 24
	shortWord   = longWord // letters; shorter words are in every text
	longestWord = 48       // bytes; longer runs of letters are no words
)

// sample keeps the words with the least hashes, ascending by hash.
type sample struct {
	hashes [sampleWords]uint64
	words  [sampleWords]string
	n      int
}

func (s *sample) reset() { s.n = 0 }

// add takes a word by its hash and letters.
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

// list returns the words, valid UTF-8, in the order of their hashes.
func (s *sample) list() []string {
	out := make([]string, 0, s.n)
	for _, w := range s.words[:s.n] {
		out = append(out, strings.ToValidUTF8(w, ""))
	}
	return out
}
