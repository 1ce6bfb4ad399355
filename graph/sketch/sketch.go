// Package sketch compares sketches of texts: fixed-size summaries from which
// the similarity of two texts can be estimated without the texts.
//
// A sketch is a MinHash of the set of a text's words and word pairs, made by
// package ingest/text: 32 slots of 16 bits, little endian, 64 bytes. Each slot
// holds a random member of the set, the same one for equal sets. The share of
// equal slots therefore estimates the Jaccard similarity of two sets: the
// number of common members divided by the number of all members. Slots are only
// compared for equality; a member cannot be recovered from one.
//
// The package never makes a sketch from a text.
package sketch

import (
	"encoding/binary"
	"math/bits"
)

// The format of a sketch. Package ingest/text makes it; stored sketches depend
// on both values.
const (
	// Slots is the number of values in a sketch.
	Slots = 32
	// Size is the length of a sketch in bytes.
	Size = 2 * Slots
)

// Similarity estimates the Jaccard similarity of the texts behind two sketches,
// from 0 to 1. The standard error is sqrt(J(1-J)/32), at most 0.09. Slots of
// different texts are equal by chance once in 65,536 times, which is not
// corrected. ok is false if either text has no sketch, which does not make the
// texts different.
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

// equalSlots counts the zero slots of four without a loop. Only a zero slot
// leaves its highest bit clear when its other bits are carried into it.
func equalSlots(x uint64) int {
	const low = 0x7FFF_7FFF_7FFF_7FFF
	return bits.OnesCount64(^((x&low + low) | x | low))
}
