package campaign

import (
	"cmp"
	"slices"

	"spoor/graph/disjoint"
)

// Users' decisions override all evidence. Clusters of messages decided to be
// the same are joined (see united). Of two messages decided to be different,
// one is taken out of a campaign that holds both.

// pairsOf finds the messages of decisions; those that are not known are left out.
func (x *Index) pairsOf(list [][2]int64) [][2]int32 {
	var out [][2]int32
	for _, p := range list {
		a, ok := x.find(p[0])
		b, ok2 := x.find(p[1])
		if ok && ok2 && a != b && !x.apart(a) && !x.apart(b) {
			out = append(out, [2]int32{a, b})
		}
	}
	return out
}

// divide splits the sets that hold two messages which users decided to be of
// different campaigns.
func (x *Index) divide(sets [][]int32) [][]int32 {
	conflicts := x.pairsOf(x.decisions.NotSame)
	if len(conflicts) == 0 {
		return sets
	}
	same := disjoint.New(len(x.keys))
	for _, p := range x.pairsOf(x.decisions.Same) {
		same.Join(p[0], p[1])
	}
	of := make(map[int32]int)
	for i, s := range sets {
		for _, m := range s {
			of[m] = i
		}
	}
	against := make(map[[2]int32]bool) // parts that conflict, by their representatives
	for _, c := range conflicts {
		a, b := same.Find(c[0]), same.Find(c[1])
		against[[2]int32{a, b}], against[[2]int32{b, a}] = true, true
	}
	degree := make(map[int32]int)
	for p := range against {
		degree[p[0]]++
	}
	slices.SortFunc(conflicts, func(p, q [2]int32) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	for _, c := range conflicts {
		i := of[c[0]]
		if of[c[1]] != i || same.Find(c[0]) == same.Find(c[1]) {
			continue
		}
		stay, leave := x.part(sets[i], c, same, degree, against)
		sets[i] = stay
		for _, m := range leave {
			of[m] = len(sets)
		}
		sets = append(sets, leave)
	}
	return sets
}

// Limits on the comparisons of one division, which would grow with the square
// of a campaign.
const (
	askedOfLeaving = 8  // messages of those that leave that each other member is compared with
	askedOfStaying = 24 // of those that stay
	closer         = 6  // bits by which it must be closer to those that leave to go with them: people named those that leave
)

// part takes one side of a conflict out of a set, with the messages decided to
// be the same, and with the members that are more like it than like the rest.
// The side with more conflicts leaves; of equals, the one less like the others.
func (x *Index) part(set []int32, conflict [2]int32, same disjoint.Sets, degree map[int32]int, against map[[2]int32]bool) (stay, leave []int32) {
	sides := [2][]int32{}
	var rest []int32
	for _, m := range set {
		switch same.Find(m) {
		case same.Find(conflict[0]):
			sides[0] = append(sides[0], m)
		case same.Find(conflict[1]):
			sides[1] = append(sides[1], m)
		default:
			rest = append(rest, m)
		}
	}
	some := Sample(rest, askedOfStaying)
	p, q := degree[same.Find(conflict[0])], degree[same.Find(conflict[1])]
	if q > p || q == p && x.affinity(sides[1], some) < x.affinity(sides[0], some) {
		sides[0], sides[1] = sides[1], sides[0]
	}
	leave, stay = sides[0], sides[1]
	with, others := Sample(leave, askedOfLeaving), append(slices.Clone(some), Sample(stay, askedOfLeaving)...)
	goes := make(map[int32]bool) // messages decided to be the same go together
	for _, m := range rest {
		who := same.Find(m)
		if _, ok := goes[who]; !ok {
			goes[who] = !against[[2]int32{who, same.Find(leave[0])}] && x.nearest(m, with) > x.nearest(m, others)+closer
		}
		if goes[who] {
			leave = append(leave, m)
		} else {
			stay = append(stay, m)
		}
	}
	slices.Sort(leave)
	slices.Sort(stay)
	return stay, leave
}

// affinity is the mean evidence, in bits, between messages and others.
func (x *Index) affinity(messages, others []int32) float32 {
	sum, n := float32(0), 0
	for _, a := range Sample(messages, askedOfLeaving) {
		for _, b := range others {
			sum += x.score(a, b)
			n++
		}
	}
	return sum / float32(max(n, 1))
}

// nearest is the strongest evidence between a message and one of others.
func (x *Index) nearest(m int32, others []int32) float32 {
	best := float32(-1e9)
	for _, o := range others {
		if o != m {
			best = max(best, x.score(m, o))
		}
	}
	return best
}
