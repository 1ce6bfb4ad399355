package campaign

import (
	"encoding/binary"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// bands are the features of bandKind: the bands of sketches that two messages or more have.
// A slot has 65,536 values, so in a large store a message meets hundreds of others by one slot,
// by chance. By one band it meets hardly any.
type bands struct {
	numbers *table
	first   int32 // number of the first in the model
}

// bandSlots slots make a band: two texts that agree in one band are compared. With two
// slots and sixteen bands, texts of which 40 % is the same meet with 94 %, those of 10 %
// with 15 % (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3).
const (
	bandSlots   = 2
	bandsOfText = sketch.Slots / bandSlots
)

// bandOf is the value of a band.
func bandOf(sketch []byte, band int) uint32 {
	return binary.LittleEndian.Uint32(sketch[2*bandSlots*band:])
}

// bandKey is the key of a value of a band. It is never 0.
func bandKey(sketch []byte, band int) evidence.Key {
	return evidence.Key(uint64(band+1)<<32 | uint64(bandOf(sketch, band)))
}

// bands numbers the bands of spam from 0, and counts them.
func (x *Index) bands() (b bands, n int) {
	each := func(do func(m int32, k evidence.Key)) {
		for m := range int32(len(x.keys)) {
			if s := x.sketchOf(m); s != nil && !x.isHam(m) {
				for i := range bandsOfText {
					do(m, bandKey(s, i))
				}
			}
		}
	}
	seen := bandsOfText * len(x.sketches) / sketch.Size
	once, twice := newBits(4*seen), newBits(4*seen) // most bands are one message's, and few are to be taken for more
	each(func(_ int32, k evidence.Key) {
		if once.set(k) {
			twice.set(k)
		}
	})
	b.numbers = newTable(0)
	each(func(m int32, k evidence.Key) {
		if twice.has(k) {
			b.numbers.count(k, m)
		}
	})
	return b, len(b.numbers.kept())
}

// of adds the features of a sketch.
func (b *bands) of(sketch []byte, v *unitValues) {
	if sketch == nil || b.numbers == nil { // Recall does without
		return
	}
	for i := range bandsOfText {
		if n, ok := b.numbers.number(bandKey(sketch, i)); ok {
			v.shared = append(v.shared, b.first+n)
		}
	}
}
