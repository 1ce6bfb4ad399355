package text

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A sketch is a MinHash of a set by one permutation: the hash of an element names one of
// 32 slots, and each slot keeps the least of its hashes (Li, Owen, Zhang: One Permutation
// Hashing, 2012). That is one hash an element in place of 32. A text of a few words
// leaves slots empty; each takes what a slot drawn for it has, which keeps the estimate
// free of bias (Shrivastava: Optimal Densification, 2017).
//
// As stored it has 16 bits a slot, little endian, 64 bytes; package graph/sketch reads
// it. Whatever changes a sketch of an equal text, here or in the normalizer, is a change
// of ExtractorVersion: sketches of two kinds would never be alike.
const (
	sketchSlots = 32
	minElements = 8 // a set that is smaller is like others by chance
)

// emptySlot is greater than what any element leaves.
const emptySlot = math.MaxUint64

// sketcher takes the elements of a set, in any order and any number of times. reset must
// come first.
type sketcher struct {
	least [sketchSlots]uint64
	first [minElements]uint64 // distinct elements, the first so many
	count int                 // of first
}

func (s *sketcher) reset() {
	s.count = 0
	for i := range s.least {
		s.least[i] = emptySlot
	}
}

// add takes an element by its hash, of which the upper 5 bits name the slot, those below
// decide which element the slot keeps, and the lowest 16 stand for it.
func (s *sketcher) add(h uint64) {
	slot, rest := h>>59, h<<5
	if rest < s.least[slot] {
		s.least[slot] = rest
	}
	if s.count < minElements {
		s.note(h)
	}
}

// note counts distinct elements until there are enough.
func (s *sketcher) note(h uint64) {
	for _, f := range s.first[:s.count] {
		if f == h {
			return
		}
	}
	s.first[s.count] = h
	s.count++
}

// bytes returns the sketch; nil if there were too few elements.
func (s *sketcher) bytes() []byte {
	if s.count < minElements {
		return nil
	}
	out := make([]byte, 0, 2*sketchSlots)
	for i := range s.least {
		out = binary.LittleEndian.AppendUint16(out, uint16(s.least[s.lender(i)]>>5))
	}
	return out
}

// lender is the slot that slot i takes its number from: itself, or the first that is not
// empty of those that are drawn for it, the same ones in every sketch. There are elements,
// so it ends; a test holds that all slots come up soon.
func (s *sketcher) lender(i int) int {
	from := i
	for draw := uint64(1); s.least[from] == emptySlot; draw++ {
		from = int(mix(uint64(i), draw) >> 59)
	}
	return from
}

// mix makes one hash of two numbers; their order counts. The last steps are those of
// Appleby's MurmurHash3, by which each bit of the input reaches every bit.
func mix(a, b uint64) uint64 {
	h := bits.RotateLeft64(a*0x9E3779B97F4A7C15, 31) + b
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}
