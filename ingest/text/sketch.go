package text

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A sketch is a MinHash of a set by one permutation (Li, Owen, Zhang: One
// Permutation Hashing, 2012). The hash of an element selects one of 32 slots,
// and each slot keeps its least value. That costs one hash an element in place
// of 32. A short text leaves slots empty. An empty slot copies another that is
// drawn pseudo-randomly, which keeps the estimate unbiased (Shrivastava:
// Optimal Densification, 2017).
//
// The stored form has 16 bits a slot, little endian, 64 bytes in all. Package
// graph/sketch compares it. Any change here or in the normalizer that alters
// the sketch of a text must raise ExtractorVersion, because sketches of two
// versions are not comparable.
const (
	sketchSlots = 32
	minElements = 8 // smaller sets resemble each other by chance
)

// emptySlot exceeds every value that add can store.
const emptySlot = math.MaxUint64

// sketcher builds a sketch. Elements may come in any order and repeatedly. Call
// reset first.
type sketcher struct {
	least [sketchSlots]uint64
	first [minElements]uint64 // distinct elements, up to minElements
	count int                 // number of them
}

// reset empties the sketch. first needs no reset, because count bounds it.
func (s *sketcher) reset() {
	s.count = 0
	for i := range s.least {
		s.least[i] = emptySlot
	}
}

// add takes the hash of an element. Its upper 5 bits select the slot, the bits
// below decide which element the slot keeps, and the lowest 16 are stored.
func (s *sketcher) add(h uint64) {
	slot, rest := h>>59, h<<5
	if rest < s.least[slot] {
		s.least[slot] = rest
	}
	if s.count < minElements {
		s.note(h)
	}
}

// note counts distinct elements up to minElements.
func (s *sketcher) note(h uint64) {
	for _, f := range s.first[:s.count] {
		if f == h {
			return
		}
	}
	s.first[s.count] = h
	s.count++
}

// bytes returns the stored form, or nil for too few elements.
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

// lender returns the slot whose value slot i takes: i itself, or the first
// filled one in a sequence that is the same for every sketch. At least one slot
// is filled, so the search ends; a test checks that the sequence soon reaches
// all slots.
func (s *sketcher) lender(i int) int {
	from := i
	for draw := uint64(1); s.least[from] == emptySlot; draw++ {
		from = int(mix(uint64(i), draw) >> 59)
	}
	return from
}

// mix combines two numbers, in order, into one hash. It ends with the finalizer
// of Appleby's MurmurHash3, in which every input bit affects every output bit.
func mix(a, b uint64) uint64 {
	h := bits.RotateLeft64(a*0x9E3779B97F4A7C15, 31) + b
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}
