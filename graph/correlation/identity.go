package correlation

import (
	"cmp"
	"slices"
)

// Identity says which earlier campaign a campaign continues.
type Identity struct {
	ID        int64
	New       bool  // it continues none
	SplitFrom int64 // for a new one: origin of most of its members; 0 for none
}

// Merger says that an earlier campaign was absorbed by another.
type Merger struct{ From, Into int64 }

// Identify carries ids over from the run before. previous maps each message to
// its earlier campaign; now lists the members of each present campaign or
// operation; free is the first unused id. The pair that shares the most members
// gets the same id, then the next pair, and so on; ties go to the oldest id. An
// earlier campaign without a successor was merged if one present campaign has
// most of its members.
func Identify(previous map[int64]int64, now [][]int64, free int64) ([]Identity, []Merger) {
	before := make(map[int64]int) // members of each earlier campaign
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

// overlap is the number of members that an earlier campaign (id) and a present
// one (index next) share.
type overlap struct {
	id     int64
	next   int
	shared int
}

// overlapsOf lists the earlier and present campaigns that share members, the
// most shared first.
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
