package campaign

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/disjoint"
	"spoor/graph/evidence"
	"spoor/graph/leiden"
)

// Operations are campaigns of the same operator, by registration, hosting,
// sending, mailer and contacts, in the model of the campaigns. Different texts
// and links make them separate campaigns, and do not count here.

// resolution is the cost of two campaigns in one community that were never
// compared, because they met under no feature.
const resolution = 0.02

// link is a scored pair of campaigns.
type link struct {
	a, b int32
	bits float32
}

// operations groups sets; it returns the indices of those that are together.
func (x *Index) operations(sets [][]int32) (groups [][]int32, weakest []float32) {
	of := make(map[int32]int32, len(sets)) // cluster -> set
	var clusters []int32
	for i, s := range sets {
		c := x.cluster(s[0])
		if _, ok := of[c]; c < 0 || ok {
			continue // a campaign that people divided
		}
		of[c] = int32(i)
		clusters = append(clusters, c)
	}
	var links []link
	for _, r := range x.fit.Relations(clusters) {
		if r.Nats > 0 {
			links = append(links, link{of[r.P], of[r.Q], float32(inBits(r.Nats))})
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

// weakestOf gives the weakest link of the strongest tree of each community.
func weakestOf(n int, links []link, community []int32) map[int32]float32 {
	slices.SortFunc(links, func(p, q link) int {
		return cmp.Or(cmp.Compare(q.bits, p.bits), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	u := disjoint.New(n)
	out := make(map[int32]float32)
	for _, l := range links {
		if c := community[l.a]; c == community[l.b] && u.Join(l.a, l.b) {
			out[c] = l.bits
		}
	}
	return out
}

// tie puts campaigns into operations: groups of sets.
func (x *Index) tie(r *Result, sets, groups [][]int32, weakest []float32) {
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

// sharedTraits are traits of the operator that at least two campaigns of an
// operation have.
func (x *Index) sharedTraits(all, campaigns []int32, sets [][]int32) []Trait {
	in := make(map[evidence.Key]int)
	for _, c := range campaigns {
		for f := range x.countsOf(sets[c]) {
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

// graphOf makes compressed sparse rows of links. Evidence against two sets
// matters only where others hold them together; the rest, which is most, is
// left out.
func graphOf(n int, links []link) *leiden.Graph {
	u := disjoint.New(n)
	for _, l := range links {
		if l.bits > 0 {
			u.Join(l.a, l.b)
		}
	}
	g := &leiden.Graph{Start: make([]int32, n+1)}
	for _, l := range links {
		if u.Find(l.a) == u.Find(l.b) {
			g.Start[l.a+1]++
			g.Start[l.b+1]++
		}
	}
	for i := range n {
		g.Start[i+1] += g.Start[i]
	}
	g.To, g.Weight = make([]int32, g.Start[n]), make([]float32, g.Start[n])
	next := slices.Clone(g.Start[:n])
	for _, l := range links {
		if u.Find(l.a) != u.Find(l.b) {
			continue
		}
		g.To[next[l.a]], g.Weight[next[l.a]] = l.b, l.bits
		g.To[next[l.b]], g.Weight[next[l.b]] = l.a, l.bits
		next[l.a]++
		next[l.b]++
	}
	return g
}
