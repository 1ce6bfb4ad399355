package campaign

import (
	"slices"

	"spoor/graph/sketch"
)

// Texts whose sketches agree in that share of their slots are one text for counting.
const sameText = 0.4

// likeness is how much of two messages' texts is the same, 0 to 1; false if either has
// too little text.
func (x *Index) likeness(a, b int32) (float64, bool) {
	return sketch.Similarity(x.sketchOf(a), x.sketchOf(b))
}

// maxMeet bounds the texts that meet in one band: more than that share a form letter, and neighbours
// in the order of their other slots are enough.
const maxMeet = 8

// meet yields pairs of messages whose sketches agree in a band. It sorts once a band.
func (x *Index) meet(messages []int32, yield func(a, b int32)) {
	list := make([]uint64, len(messages)) // band, message
	for b := range bandsOfText {
		for i, m := range messages {
			list[i] = uint64(bandOf(x.sketchOf(m), b))<<32 | uint64(uint32(m))
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
