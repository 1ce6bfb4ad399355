package campaign

import (
	"encoding/binary"
	"slices"

	"spoor/graph/sketch"
)

// Texts whose sketches agree in that share of their slots are one text for counting.
const sameText = 0.4

// bandSlots slots make a band: two texts that agree in one band are compared. With two
// slots and sixteen bands, texts of which 40 % is the same meet with 94 %, those of 10 %
// with 15 % (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3).
const (
	bandSlots = 2
	bands     = sketch.Slots / bandSlots
)

// texts numbers the texts of messages; near-duplicates have one number. It is a
// feature's number, or a message's above the features, as in views. exact is
// the feature of each message's text, -1 without one.
func (x *Index) texts(exact []int32) []int32 {
	out := make([]int32, len(x.keys))
	first := make(map[int32]int32) // the first message of each exact text
	var one []int32                // a message for each text
	for m := range out {
		out[m] = int32(m)
		if e := exact[m]; e >= 0 {
			if f, ok := first[e]; ok {
				out[m] = f
				continue
			}
			first[e] = int32(m)
		}
		if x.sketch[m] >= 0 {
			one = append(one, int32(m))
		}
	}
	u := newUnion(len(x.keys))
	x.meet(one, func(a, b int32) {
		// Compare with the representative of the other's group, so that a chain
		// of similar texts does not merge dissimilar ones.
		a, b = u.find(a), u.find(b)
		if s, ok := x.likeness(a, b); a != b && ok && s >= sameText {
			u.join(a, b)
		}
	})
	for m := range out {
		out[m] = int32(len(x.features)) + u.find(out[m])
	}
	return out
}

// likeness is the equal portion of two messages' texts, 0 to 1; false if either
// has too little text.
func (x *Index) likeness(a, b int32) (float64, bool) {
	return sketch.Similarity(x.sketchOf(a), x.sketchOf(b))
}

// maxMeet bounds who meets in one band: more than that share a form letter, and neighbours
// in the order of their other slots are enough.
const maxMeet = 8

// meet yields pairs of messages whose sketches agree in a band. It sorts once a band.
func (x *Index) meet(messages []int32, yield func(a, b int32)) {
	list := make([]uint64, len(messages)) // band, message
	for b := range bands {
		for i, m := range messages {
			s := x.sketchOf(m)[2*bandSlots*b:]
			list[i] = uint64(binary.LittleEndian.Uint32(s))<<32 | uint64(uint32(m))
		}
		slices.Sort(list)
		for i, p := range list {
			for _, q := range list[i+1 : min(i+1+maxMeet, len(list))] {
				if p>>32 != q>>32 {
					break
				}
				yield(int32(uint32(p)), int32(uint32(q)))
			}
		}
	}
}
