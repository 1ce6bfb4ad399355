package campaign

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/leiden"
)

// Operations are campaigns of the same operator: at least two groups of
// registration, hosting, sending, mailer and contacts agree. Differences of
// text and links are the reason that they are two campaigns, and do not count
// here.

// operations groups sets; it returns the indices of those that are together.
func (x *Index) operations(sets [][]int32) (groups [][]int32, weakest []float32) {
	s := state{sets: sets, profiles: make([]*profile, len(sets))}
	for i, members := range sets {
		s.profiles[i] = x.profileOf(members)
	}
	var links []link
	pairs := x.candidates(&s, func(evidence.Kind) bool { return true })
	slices.Sort(pairs)
	for _, p := range slices.Compact(pairs) {
		a, b := int32(p>>32), int32(p&math.MaxUint32)
		t := x.match(s.profiles[a], s.profiles[b])
		if bits, ok := x.behind(&t); ok {
			links = append(links, link{a, b, bits})
		}
	}
	community := leiden.Communities(graphOf(len(sets), links), leiden.Options{Resolution: resolution})
	members := make(map[int32][]int32)
	for i, c := range community {
		members[c] = append(members[c], int32(i))
	}
	weak := weakestOf(len(sets), links, community)
	for i, c := range community {
		if m := members[c]; len(m) > 1 && m[0] == int32(i) { // once, at its first
			groups = append(groups, m)
			weakest = append(weakest, weak[c])
		}
	}
	return groups, weakest
}

// behind returns the weight of the sender's evidence that two sets share, above
// the minimum.
func (x *Index) behind(t *tally) (float32, bool) {
	total, n := x.prior-linkBits, 0
	for g := evidence.Registration; g < evidence.Groups; g++ {
		if t.bits[g] > 0 {
			total += t.bits[g]
		}
		if t.bits[g] >= groupBits {
			n++
		}
	}
	for _, g := range [...]evidence.Group{evidence.Content, evidence.Links} {
		if x.specific(t, g) {
			total += t.bits[g]
			n++
		}
	}
	return min(total, 8), n >= 2 && total > 0
}

// weakestOf gives the weakest link of the strongest tree of each community.
func weakestOf(n int, links []link, community []int32) map[int32]float32 {
	slices.SortFunc(links, func(p, q link) int {
		return cmp.Or(cmp.Compare(q.bits, p.bits), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	u := newUnion(n)
	out := make(map[int32]float32)
	for _, l := range links {
		if c := community[l.a]; c == community[l.b] && u.join(l.a, l.b) {
			out[c] = l.bits + linkBits
		}
	}
	return out
}

// tie puts campaigns into operations.
func (x *Index) tie(r *Result, sets [][]int32) {
	groups, weakest := x.operations(sets)
	for i, g := range groups {
		var all []int32
		o := Operation{Weakest: hundredths(weakest[i])}
		for _, c := range g {
			r.Campaigns[c].Operation = len(r.Operations)
			o.Campaigns = append(o.Campaigns, int(c))
			all = append(all, sets[c]...)
		}
		slices.Sort(all)
		o.Traits = x.sharedTraits(all, g, sets)
		r.Operations = append(r.Operations, o)
	}
}

// sharedTraits returns the sender's traits that at least two campaigns of an
// operation have.
func (x *Index) sharedTraits(all, campaigns []int32, sets [][]int32) []Trait {
	in := make(map[evidence.Key]int)
	for _, c := range campaigns {
		p := x.profileOf(sets[c])
		for _, f := range p.features {
			in[x.features[f]]++
		}
	}
	var out []Trait
	for _, t := range x.traitsOf(all, math.MaxInt) {
		if g := t.Feature.Kind().Group(); g >= evidence.Registration && in[t.Feature] > 1 {
			out = append(out, t)
		}
	}
	return bestPerKind(out, x.options.Traits)
}
