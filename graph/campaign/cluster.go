package campaign

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/leiden"
)

func sqrt(v float32) float32 { return float32(math.Sqrt(float64(v))) }

// Cluster finds the campaigns and operations.
//
// Messages that are surely alike are units. Units are compared as wholes, by what share of
// their members agree, and the graph of their scores is cut into communities by Leiden's
// algorithm with the constant Potts model: since a score is the log odds that two are of
// one campaign, less what a link takes, the sum that it maximises is the likelihood of the
// partition. The communities are the units of the next round, compared anew as wholes,
// until nothing changes. One host or botnet that two campaigns share is a small share of
// either and joins nothing.
func (x *Index) Cluster() *Result {
	sets, sure, weakest := x.partition()
	return x.result(x.divide(sets), sure, weakest)
}

func (x *Index) partition() (sets [][]int32, sure, weakest []float32) {
	u, sure, weak := x.units()
	sets = x.sets(u)
	weakest = make([]float32, len(x.keys)) // by the first member of a set
	for i := range weakest {
		weakest[i] = math.MaxFloat32
	}
	for range maxRounds {
		next, changed := x.round(sets, weak, sure, weakest)
		if !changed {
			break
		}
		sets = next
	}
	return sets, sure, weakest
}

const maxRounds = 6

// sets lists the members of each set of spam, by the first of them.
func (x *Index) sets(u union) [][]int32 {
	of := make([]int32, len(u))
	var sizes []int32
	for m := range int32(len(u)) {
		if x.apart(m) {
			continue
		}
		r := u.find(m)
		if r == m {
			of[m] = int32(len(sizes))
			sizes = append(sizes, 0)
		}
		sizes[of[r]]++
	}
	all := make([]int32, x.spam)
	out := make([][]int32, len(sizes))
	at := 0
	for i, n := range sizes {
		out[i] = all[at : at : at+int(n)]
		at += int(n)
	}
	for m := range int32(len(u)) {
		if !x.apart(m) {
			i := of[u.find(m)]
			out[i] = append(out[i], m)
		}
	}
	return out
}

// link is a scored pair of sets.
type link struct {
	a, b int32
	bits float32
}

// round joins sets. sure and weakest are brought up to date.
func (x *Index) round(sets [][]int32, weak []link, sure, weakest []float32) ([][]int32, bool) {
	profiles := make([]*profile, len(sets))
	for i, s := range sets {
		profiles[i] = x.profileOf(s)
	}
	links := x.links(profiles, weak)
	g := graphOf(len(sets), links)
	community := leiden.Communities(g, leiden.Options{Resolution: resolution})
	joined := make(map[int32][]int32)
	var order []int32
	for i, c := range community {
		if _, ok := joined[c]; !ok {
			order = append(order, c)
		}
		joined[c] = append(joined[c], int32(i))
	}
	x.hold(sets, links, community, sure, weakest)
	var out [][]int32
	for _, c := range order {
		if len(joined[c]) == 1 {
			out = append(out, sets[joined[c][0]])
			continue
		}
		var all []int32
		for _, i := range joined[c] {
			all = append(all, sets[i]...)
		}
		slices.Sort(all)
		out = append(out, all)
	}
	return out, len(out) < len(sets)
}

// resolution is what two sets in one community cost that were never compared: they met
// under no feature.
const resolution = 0.02

// hold notes the weakest link of the strongest tree of each community, and how strongly
// each message is held.
func (x *Index) hold(sets [][]int32, links []link, community []int32, sure, weakest []float32) {
	var inside []link
	for _, l := range links {
		if community[l.a] == community[l.b] && l.bits > 0 {
			inside = append(inside, l)
		}
	}
	slices.SortFunc(inside, func(p, q link) int {
		return cmp.Or(cmp.Compare(q.bits, p.bits), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	u := newUnion(len(sets))
	for _, l := range inside {
		a, b := u.find(l.a), u.find(l.b)
		if a == b {
			continue
		}
		w := min(l.bits+linkBits, weakest[sets[a][0]], weakest[sets[b][0]])
		u.join(a, b)
		weakest[sets[min(a, b)][0]] = w
		for _, s := range [...]int32{l.a, l.b} {
			if len(sets[s]) == 1 {
				sure[sets[s][0]] = max(sure[sets[s][0]], l.bits+linkBits)
			}
		}
	}
}

// links scores the pairs of sets that meet: as wholes, or by the strongest link between a
// member of one and a member of the other, whichever says more. The more members could have
// been alike by chance, the less such a link says.
func (x *Index) links(profiles []*profile, weak []link) []link {
	between := x.between(profiles, weak)
	var out []link
	for _, p := range x.candidates(profiles, between) {
		a, b := int32(p>>32), int32(p&math.MaxUint32)
		t := x.match(profiles[a], profiles[b])
		bits := t.total(x.prior) - linkBits
		if bits > 0 && !x.linked(&t) {
			bits = -1
		}
		if w, ok := between[p]; ok {
			bits = max(bits, w-linkBits-crowd*float32(math.Log2(float64(len(profiles[a].members)*len(profiles[b].members)))))
		}
		out = append(out, link{a, b, max(min(bits, 8), -6)})
	}
	return out
}

// between gives the strongest link between members of each pair of sets.
func (x *Index) between(profiles []*profile, weak []link) map[uint64]float32 {
	of := make([]int32, len(x.keys))
	for i, p := range profiles {
		for _, m := range p.members {
			of[m] = int32(i)
		}
	}
	out := make(map[uint64]float32)
	for _, l := range weak {
		a, b := of[l.a], of[l.b]
		if a == b {
			continue
		}
		p := uint64(min(a, b))<<32 | uint64(max(a, b))
		out[p] = max(out[p], l.bits)
	}
	return out
}

// near is how many neighbours a set is compared with under one feature, where many share it.
const near = 8

// candidates lists the pairs of sets that share a feature of some worth, or have texts that
// agree in a band. Where many share a feature, each is compared with its neighbours in the
// order of what else they have.
func (x *Index) candidates(profiles []*profile, between map[uint64]float32) []uint64 {
	var pairs []uint64
	for p := range between {
		pairs = append(pairs, p)
	}
	add := func(a, b int32) {
		if a > b {
			a, b = b, a
		}
		if a != b {
			pairs = append(pairs, uint64(a)<<32|uint64(b))
		}
	}
	lists := x.postings(profiles)
	for _, list := range lists {
		if len(list) <= 3*near {
			for i, a := range list {
				for _, b := range list[i+1:] {
					add(a, b)
				}
			}
			continue
		}
		for i, a := range list {
			for _, b := range list[i+1 : min(i+1+near, len(list))] {
				add(a, b)
			}
		}
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(profiles[a].order(x), profiles[b].order(x)) })
		for i, a := range list {
			for _, b := range list[i+1 : min(i+1+near, len(list))] {
				add(a, b)
			}
		}
	}
	owner := make(map[int32]int32)
	var texts []int32
	for i, p := range profiles {
		for _, m := range p.texts {
			owner[m] = int32(i)
			texts = append(texts, m)
		}
	}
	x.meet(texts, func(a, b int32) { add(owner[a], owner[b]) })
	slices.Sort(pairs)
	return slices.Compact(pairs)
}

// order is what a set is sorted by among those that share a feature: its strongest.
func (p *profile) order(x *Index) int32 {
	best, w := int32(-1), float32(0)
	for i, f := range p.features {
		if s := x.weight[f] * float32(p.counts[i]) / float32(len(p.members)); s > w {
			best, w = f, s
		}
	}
	return best
}

// postings lists for each feature that is worth something the sets that have it.
func (x *Index) postings(profiles []*profile) [][]int32 {
	count := make([]int32, len(x.features)+1)
	takes := func(f int32) bool { return x.weight[f] >= minMeeting }
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

// graphOf makes compressed sparse rows of links.
func graphOf(n int, links []link) *leiden.Graph {
	g := &leiden.Graph{Start: make([]int32, n+1), To: make([]int32, 2*len(links)), Weight: make([]float32, 2*len(links))}
	for _, l := range links {
		g.Start[l.a+1]++
		g.Start[l.b+1]++
	}
	for i := range n {
		g.Start[i+1] += g.Start[i]
	}
	next := slices.Clone(g.Start[:n])
	for _, l := range links {
		g.To[next[l.a]], g.Weight[next[l.a]] = l.b, l.bits
		g.To[next[l.b]], g.Weight[next[l.b]] = l.a, l.bits
		next[l.a]++
		next[l.b]++
	}
	return g
}
