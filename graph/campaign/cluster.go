package campaign

import (
	"cmp"
	"math"
	"slices"

	"spoor/graph/evidence"
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
	s := state{sets: x.sets(u), weak: weak, sure: sure, weakest: make([]float32, len(x.keys))} // weakest by the first of a set
	s.profiles, s.changed = make([]*profile, len(s.sets)), make([]bool, len(s.sets))
	for i := range s.changed {
		s.changed[i] = true
	}
	for i := range s.weakest {
		s.weakest[i] = math.MaxFloat32
	}
	for range maxRounds {
		if !x.round(&s) {
			break
		}
	}
	return s.sets, s.sure, s.weakest
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

// state is where the rounds have come to.
type state struct {
	sets     [][]int32
	profiles []*profile
	changed  []bool   // sets that the last round made
	links    []link   // scores of pairs of sets that it did not
	again    []uint64 // pairs of sets that met before, one of them made by it
	weak     []link
	sure     []float32
	weakest  []float32
}

// round joins sets, and reports whether it did.
func (x *Index) round(s *state) bool {
	for i, members := range s.sets {
		if s.changed[i] {
			s.profiles[i] = x.profileOf(members)
		}
	}
	s.links = x.links(s)
	community := leiden.Communities(graphOf(len(s.sets), s.links), leiden.Options{Resolution: resolution})
	x.hold(s.sets, s.links, community, s.sure, s.weakest)
	return s.join(community)
}

// join makes one set of each community. What was known of sets that stay as they are is
// kept.
func (s *state) join(community []int32) bool {
	count := make([]int32, len(community))
	first := make([]int32, len(community)) // the first set of each community, from 1
	for i, c := range community {
		if count[c]++; first[c] == 0 {
			first[c] = int32(i) + 1
		}
	}
	next := state{weak: s.weak, sure: s.sure, weakest: s.weakest}
	to := make([]int32, len(community))
	for i, c := range community {
		if f := first[c] - 1; int(f) != i {
			to[i] = to[f]
			next.sets[to[f]] = append(next.sets[to[f]], s.sets[i]...)
			continue
		}
		to[i] = int32(len(next.sets))
		members := s.sets[i]
		if count[c] > 1 {
			members = slices.Clone(members)
		}
		next.sets = append(next.sets, members)
		next.profiles = append(next.profiles, s.profiles[i])
		next.changed = append(next.changed, count[c] > 1)
	}
	for i, members := range next.sets {
		if next.changed[i] {
			slices.Sort(members)
		}
	}
	next.links, next.again = s.links[:0], s.again[:0]
	for _, l := range s.links {
		switch a, b := to[l.a], to[l.b]; {
		case !next.changed[a] && !next.changed[b]:
			next.links = append(next.links, link{a, b, l.bits})
		case a != b:
			next.again = append(next.again, pairOf(a, b))
		}
	}
	joined := len(next.sets) < len(s.sets)
	*s = next
	return joined
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
func (x *Index) links(s *state) []link {
	out := s.links
	between := x.between(s)
	pairs := s.again
	if len(s.links) == 0 && len(pairs) == 0 {
		pairs = x.candidates(s, ofWhat)
	}
	for p := range between {
		pairs = append(pairs, p)
	}
	slices.Sort(pairs)
	pairs = slices.Compact(pairs)
	s.again = pairs
	for _, p := range pairs {
		a, b := int32(p>>32), int32(p&math.MaxUint32)
		t := x.match(s.profiles[a], s.profiles[b])
		bits := t.total(x.prior) - linkBits
		if bits > 0 && !x.linked(&t) {
			bits = -1
		}
		if w, ok := between[p]; ok {
			bits = max(bits, min(w, mostOfOne)-linkBits-crowd*float32(math.Log2(float64(len(s.sets[a])*len(s.sets[b])))))
		}
		out = append(out, link{a, b, max(min(bits, 8), -6)})
	}
	return out
}

// between gives the strongest link between members of each pair of sets of which one is new.
func (x *Index) between(s *state) map[uint64]float32 {
	of := make([]int32, len(x.keys))
	for i, members := range s.sets {
		for _, m := range members {
			of[m] = int32(i)
		}
	}
	out := make(map[uint64]float32)
	for _, l := range s.weak {
		a, b := of[l.a], of[l.b]
		if a == b || !s.changed[a] && !s.changed[b] {
			continue
		}
		p := pairOf(a, b)
		out[p] = max(out[p], l.bits)
	}
	return out
}

// near is how many neighbours a set is compared with under one feature, where many share it.
const near = 5

// pairOf is two sets as one number.
func pairOf(a, b int32) uint64 { return uint64(min(a, b))<<32 | uint64(max(a, b)) }

// candidates lists the pairs of sets that share a feature of some worth, of the kinds given,
// or have texts that agree in a band. Where many share a feature, each is compared with its
// neighbours, and with those in the order of what else they have. Later rounds look again
// at those of them that changed.
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

// ofWhat reports whether a kind bears on what is sent: without something of that no two
// messages are linked, so only there sets of one campaign need to meet.
func ofWhat(k evidence.Kind) bool {
	return k.Group() == evidence.Content || k.Group() == evidence.Links || contact(k)
}

// order is what a set is sorted by among those that share a feature: its strongest.
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

// graphOf makes compressed sparse rows of links. What speaks against two sets matters only
// where others hold them together: the rest, which is most, is left out.
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
