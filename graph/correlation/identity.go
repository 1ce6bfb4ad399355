package correlation

import (
	"cmp"
	"slices"
)

// Identity says which campaign of before a campaign is.
type Identity struct {
	ID        int64
	New       bool  // no campaign of before became this one
	SplitFrom int64 // of a new one: where most of its members come from; 0 if from none
}

// Merger says that a campaign of before went into another.
type Merger struct{ From, Into int64 }

// Identify carries ids over from the run before; now are the members of each campaign, or
// operation, of this run. previous tells for each message the id
// of its campaign; free is the first id that was never given. The two that share most
// members are the same campaign, then the next two, and so on; of equals the oldest id
// stays. A campaign of before that is left over and whose members went mostly to one
// campaign was merged into it, if that one took in most of them.
func Identify(previous map[int64]int64, now [][]int64, free int64) ([]Identity, []Merger) {
	before := make(map[int64]int) // members of each campaign of before
	for _, id := range previous {
		before[id]++
	}
	overlaps := overlapsOf(previous, now)
	out := make([]Identity, len(now))
	heir := make(map[int64]bool)
	for _, o := range overlaps {
		if out[o.next].ID == 0 && !heir[o.id] {
			out[o.next].ID = o.id
			heir[o.id] = true
		}
	}
	for _, o := range overlaps {
		if out[o.next].ID == 0 && out[o.next].SplitFrom == 0 {
			out[o.next].SplitFrom = o.id
		}
	}
	for i := range out {
		if out[i].ID == 0 {
			out[i].ID, out[i].New = free, true
			free++
		}
	}
	var mergers []Merger
	for _, o := range overlaps {
		if !heir[o.id] && 2*o.shared > before[o.id] {
			heir[o.id] = true
			mergers = append(mergers, Merger{From: o.id, Into: out[o.next].ID})
		}
	}
	return out, mergers
}

type overlap struct {
	id     int64
	next   int
	shared int
}

// overlapsOf lists which campaigns of before share members with which of now, most
// shared first.
func overlapsOf(previous map[int64]int64, now [][]int64) []overlap {
	var out []overlap
	for i, c := range now {
		shared := make(map[int64]int)
		for _, m := range c {
			if id, ok := previous[m]; ok {
				shared[id]++
			}
		}
		for id, n := range shared {
			out = append(out, overlap{id, i, n})
		}
	}
	slices.SortFunc(out, func(p, q overlap) int {
		return cmp.Or(cmp.Compare(q.shared, p.shared), cmp.Compare(p.id, q.id), cmp.Compare(p.next, q.next))
	})
	return out
}
