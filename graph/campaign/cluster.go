package campaign

import (
	"math"
	"slices"

	"spoor/graph/evidence"
	"spoor/graph/leiden"
)

func sqrt(v float32) float32 { return float32(math.Sqrt(float64(v))) }

// link is a scored pair of sets.
type link struct {
	a, b int32
	bits float32
}

// state is the campaigns that operations are found among.
type state struct {
	sets     [][]int32
	profiles []*profile
}

// resolution is the penalty of two sets of a community that were never compared
// because they have no common feature.
const resolution = 0.02

// near limits the neighbours that a set is compared with under a common
// feature.
const near = 5

// pairOf is two sets as one number.
func pairOf(a, b int32) uint64 { return uint64(min(a, b))<<32 | uint64(max(a, b)) }

// candidates lists the pairs of sets that share a feature of some weight and of
// the given kinds, or have texts that agree in a band of the sketch. Under a
// common feature each set is compared only with its neighbours in the orders of
// its other features.
func (x *Index) candidates(s *state, meets func(evidence.Kind) bool) []uint64 {
	pairs := make([]uint64, 0, 4*len(s.sets))
	add := func(a, b int32) {
		if a != b {
			pairs = append(pairs, pairOf(a, b))
		}
	}
	neighbours := func(list []int32, reach int) {
		for i, a := range list {
			for _, b := range list[i+1 : min(i+1+reach, len(list))] {
				add(a, b)
			}
		}
	}
	place := make([]uint64, len(s.sets))
	for i, p := range s.profiles {
		place[i] = uint64(p.order(x))<<32 | uint64(i)
	}
	var ordered []uint64
	for _, list := range x.postings(s.profiles, meets) {
		if len(list) <= 3*near {
			neighbours(list, len(list))
			continue
		}
		neighbours(list, near)
		ordered = ordered[:0]
		for _, i := range list {
			ordered = append(ordered, place[i])
		}
		slices.Sort(ordered)
		for i, p := range ordered {
			list[i] = int32(p & math.MaxUint32)
		}
		neighbours(list, near)
	}
	of := make([]int32, len(x.keys))
	var texts []int32
	for i, p := range s.profiles {
		for _, m := range p.texts {
			of[m] = int32(i)
			texts = append(texts, m)
		}
	}
	x.meet(texts, func(a, b int32) { add(of[a], of[b]) })
	return pairs
}

// order is the sort key of a set under a shared feature: its strongest feature.
func (p *profile) order(x *Index) int32 {
	best, w := int32(0), float32(0)
	for i, f := range p.features {
		if s := x.weight[f] * float32(p.counts[i]) / float32(len(p.members)); s > w {
			best, w = f, s
		}
	}
	return best
}

// postings lists for each feature that is worth something the sets that have it.
func (x *Index) postings(profiles []*profile, meets func(evidence.Kind) bool) [][]int32 {
	count := make([]int32, len(x.features)+1)
	takes := func(f int32) bool { return x.weight[f] >= minMeeting && meets(x.kind[f]) }
	for _, p := range profiles {
		for _, f := range p.features {
			if takes(f) {
				count[f+1]++
			}
		}
	}
	for f := range len(x.features) {
		count[f+1] += count[f]
	}
	all := make([]int32, count[len(x.features)])
	next := slices.Clone(count[:len(x.features)])
	for i, p := range profiles {
		for _, f := range p.features {
			if takes(f) {
				all[next[f]] = int32(i)
				next[f]++
			}
		}
	}
	var out [][]int32
	for f := range len(x.features) {
		if list := all[count[f]:count[f+1]]; len(list) > 1 {
			out = append(out, list)
		}
	}
	return out
}

// graphOf makes compressed sparse rows of links. It keeps a negative link only
// between sets that others connect, since most negative links decide nothing.
func graphOf(n int, links []link) *leiden.Graph {
	u := newUnion(n)
	for _, l := range links {
		if l.bits > 0 {
			u.join(l.a, l.b)
		}
	}
	g := &leiden.Graph{Start: make([]int32, n+1)}
	for _, l := range links {
		if u.find(l.a) == u.find(l.b) {
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
		if u.find(l.a) != u.find(l.b) {
			continue
		}
		g.To[next[l.a]], g.Weight[next[l.a]] = l.b, l.bits
		g.To[next[l.b]], g.Weight[next[l.b]] = l.a, l.bits
		next[l.a]++
		next[l.b]++
	}
	return g
}
