package text

import "slices"

// A reader who remembers a word of a mail finds it by the terms: all distinct words of
// subject and body, as far as these bounds go. Longer texts are bulk, and their first
// words tell them apart.
const (
	maxTerms    = 1000
	shortTerm   = 2 // bytes; single letters of the alphabets find nothing
	longestTerm = longestWord
	termSlots   = 2048
)

// terms collects distinct words by their hashes.
type terms struct {
	seen []uint64 // open addressing; 0 is free
	buf  []byte   // the words, one after another
	ends []int32
}

func (t *terms) reset() {
	clear(t.seen)
	t.buf, t.ends = t.buf[:0], t.ends[:0]
}

// add takes a word by its hash and letters.
func (t *terms) add(hash uint64, letters []byte) {
	if len(letters) < shortTerm || len(letters) > longestTerm || len(t.ends) == maxTerms {
		return
	}
	if t.seen == nil {
		t.seen = make([]uint64, termSlots)
	}
	hash |= 1
	i := (hash >> 1) % termSlots
	for t.seen[i] != 0 {
		if t.seen[i] == hash {
			return
		}
		if i++; i == termSlots {
			i = 0
		}
	}
	t.seen[i] = hash
	t.buf = append(t.buf, letters...)
	t.ends = append(t.ends, int32(len(t.buf)))
}

// list returns the words in the order of their bytes, each once.
func (t *terms) list() []string {
	if len(t.ends) == 0 {
		return nil
	}
	all := string(t.buf)
	out := make([]string, len(t.ends))
	from := int32(0)
	for i, end := range t.ends {
		out[i], from = all[from:end], end
	}
	slices.Sort(out)
	return slices.Compact(out)
}
