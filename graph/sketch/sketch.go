// Package sketch compares the sketches of texts that messages bear: fixed-size summaries
// from which the likeness of two texts can be estimated without the texts.
//
// A sketch is a MinHash of the set of a text's words and pairs of words, made by the
// collector: 32 slots of 16 bits, little endian, 64 bytes. Each slot holds a random member
// of the set, the same one for equal sets; so the share of slots that two sketches have
// equal estimates the Jaccard similarity of the sets, the number of members they share
// over the number that either has. Sketches are compared slot by slot and say nothing
// otherwise: a slot has no order, and no member can be read from it.
//
// The package reads what is stored and never makes a sketch from a text.
package sketch

import (
	"encoding/binary"
	"math/bits"
)

const (
	// Slots is how many numbers a sketch has.
	Slots = 32
	// Size is its length in bytes.
	Size = 2 * Slots
)

// Similarity estimates the Jaccard similarity of the texts behind two stored sketches, from 0
// to 1, with a standard error of sqrt(J(1-J)/32), 0.09 at most. Two slots of different texts
// are equal by chance once in 65,536 times, which is not corrected for. It reports false if
// either text has no sketch, which says nothing about their likeness.
func Similarity(a, b []byte) (float64, bool) {
	if len(a) != Size || len(b) != Size {
		return 0, false
	}
	n := 0
	for i := 0; i < Size; i += 8 {
		n += equalSlots(binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]))
	}
	return float64(n) / Slots, true
}

// equalSlots counts the slots of four that are zero, without looking at each: only a slot
// of zeros leaves its highest bit clear when all others are carried into it.
func equalSlots(x uint64) int {
	const low = 0x7FFF_7FFF_7FFF_7FFF
	return bits.OnesCount64(^((x&low + low) | x | low))
}
