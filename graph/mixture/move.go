package mixture

import (
	"cmp"
	"math"
	"slices"
)

// meeting finds the clusters that share rare features with a unit or cluster.
type meeting struct {
	votes []float64
	stamp []int32
	round int32
	ids   []int32
}

func (m *model) begin() {
	b := &m.meet
	b.round++
	b.ids = b.ids[:0]
	if grow := len(m.clusters) - len(b.stamp); grow > 0 {
		b.stamp = append(b.stamp, make([]int32, grow+len(m.clusters)/2)...)
		b.votes = append(b.votes, make([]float64, grow+len(m.clusters)/2)...)
	}
}

// vote lets feature f call the clusters that have it, each by how rare it is.
func (m *model) vote(f int32, share float64) {
	l := m.postings[f]
	if m.common[f] || len(l) > mostMeet {
		return
	}
	b := &m.meet
	v := -share * math.Log(m.base[f])
	for _, e := range l {
		if b.stamp[e.cluster] != b.round {
			b.stamp[e.cluster], b.votes[e.cluster] = b.round, 0
			b.ids = append(b.ids, e.cluster)
		}
		b.votes[e.cluster] += v
	}
}

// called lists those that most speaks for.
func (m *model) called() []int32 {
	b := &m.meet
	slices.SortFunc(b.ids, func(p, q int32) int { return cmp.Or(cmp.Compare(b.votes[q], b.votes[p]), cmp.Compare(p, q)) })
	return b.ids[:min(len(b.ids), candidates)]
}

// assign puts each unit into the cluster that it fits best, and returns how many moved.
func (m *model) assign() (moved int) {
	for i := range int32(len(m.Units)) {
		was := m.of[i]
		m.take(i)
		to := int32(-1)
		if !m.Units[i].Apart {
			to, _ = m.choose(m.candidates(i))
		}
		if to < 0 {
			if was >= 0 && m.clusters[was] == nil { // alone as before
				m.clusters[was] = &cluster{}
				to = was
			} else {
				to = m.fresh()
			}
		}
		if to != was {
			moved++
		}
		m.put(i, to)
	}
	return moved
}

// candidates scores the clusters that unit i, which is in none, meets.
func (m *model) candidates(i int32) []candidate {
	u := &m.Units[i]
	m.begin()
	for _, s := range u.Spans {
		if k := m.Kinds[s.Kind]; k.Call > 0 {
			for _, f := range u.Values[s.From:s.To] {
				m.vote(f, k.Call)
			}
		}
	}
	m.rated = m.rated[:0]
	for _, c := range m.called() {
		s := m.unit(i, c)
		s.total += sizeWeight * math.Log(float64(m.clusters[c].n))
		m.rated = append(m.rated, candidate{c, s})
	}
	return m.rated
}

// profile counts the features of a cluster, by kind and feature.
func (m *model) profile(c int32) []shared {
	var out []shared
	for _, i := range m.members(c) {
		u := &m.Units[i]
		for _, s := range u.Spans {
			if s.Alone > 0 {
				out = append(out, shared{-1, s.Kind, float32(s.Alone)})
			}
			for _, f := range u.Values[s.From:s.To] {
				out = append(out, shared{f, s.Kind, 1})
			}
		}
	}
	slices.SortFunc(out, func(a, b shared) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.feature, b.feature)) })
	k := 0
	for i := 1; i < len(out); i++ {
		if out[i].feature == out[k].feature && out[i].kind == out[k].kind {
			out[k].n += out[i].n
			continue
		}
		k++
		out[k] = out[i]
	}
	return out[:min(len(out), k+1)]
}

// mergeRounds bounds how often clusters are offered to each other in one pass.
const mergeRounds = 6

// merge joins clusters that choose each other, best first, until none does.
func (m *model) merge() (merged int) {
	for round := range mergeRounds {
		offers := m.offers(round == 0)
		slices.SortFunc(offers, func(p, q offer) int {
			return cmp.Or(cmp.Compare(q.total, p.total), cmp.Compare(p.large, q.large), cmp.Compare(p.small, q.small))
		})
		taken := make(map[int32]bool)
		for _, o := range offers {
			if taken[o.small] || taken[o.large] {
				continue
			}
			taken[o.small], taken[o.large] = true, true
			m.move(o.small, o.large)
			merged++
		}
		if len(offers) == 0 {
			break
		}
	}
	return merged
}

// offer is a cluster that would join another.
type offer struct {
	small, large int32
	total        float64
}

// offers scores clusters against those that they meet; after the first round only those
// that changed.
func (m *model) offers(all bool) (out []offer) {
	for c := range int32(len(m.clusters)) {
		x := m.clusters[c]
		if x == nil || m.apart(c) || !all && !x.dirty {
			continue
		}
		x.dirty = false
		profile := m.profile(c)
		m.begin()
		for _, s := range profile {
			if k := m.Kinds[s.kind]; s.feature >= 0 && k.Call > 0 {
				m.vote(s.feature, k.Call*float64(s.n)/float64(m.kind(x, s.kind).units))
			}
		}
		b := &m.meet
		b.ids = slices.DeleteFunc(b.ids, func(o int32) bool {
			y := m.clusters[o]
			return o == c || m.apart(o) || all && (y.n < x.n || y.n == x.n && o > c)
		})
		m.rated = m.rated[:0]
		for _, o := range m.called() {
			small, p, large := c, profile, o
			if m.clusters[o].n < x.n {
				small, p, large = o, m.profile(o), c
			}
			m.rated = append(m.rated, candidate{o, m.pair(small, p, large)})
		}
		if o, total := m.choose(m.rated); o >= 0 {
			small, large := c, o
			if m.clusters[o].n < x.n {
				small, large = o, c
			}
			out = append(out, offer{small, large, total})
		}
	}
	return out
}

// move puts all units of one cluster into another.
func (m *model) move(from, to int32) {
	for _, i := range slices.Clone(m.members(from)) {
		m.take(i)
		m.put(i, to)
	}
}

// minSplit is the size of a cluster that can be two of two units.
const minSplit = 4

// split cuts clusters whose two sides would not merge, and returns how many.
func (m *model) split() (cut int) {
	for c := range int32(len(m.clusters)) {
		if x := m.clusters[c]; x == nil || x.n < minSplit {
			continue
		}
		small, large := m.sides(slices.Clone(m.members(c)))
		if m.clusters[small].n >= 2 {
			s := m.pair(small, m.profile(small), large)
			if best, _ := m.choose([]candidate{{large, s}}); best < 0 {
				cut++
				continue
			}
		}
		m.move(small, large)
	}
	return cut
}

// sides divides units between two new clusters, beginning with the one that fits least,
// until each is where it fits best.
func (m *model) sides(units []int32) (small, large int32) {
	least := m.least(units)
	side := [2]int32{m.fresh(), m.fresh()}
	for _, i := range units {
		m.take(i)
		if i == least {
			m.put(i, side[1])
		} else {
			m.put(i, side[0])
		}
	}
	for range mergeRounds {
		moved := false
		for _, i := range units {
			was := m.of[i]
			if m.clusters[was].n == 1 {
				continue
			}
			m.take(i)
			to := side[0]
			if m.fits(i, side[1]) > m.fits(i, side[0]) {
				to = side[1]
			}
			moved = moved || to != was
			m.put(i, to)
		}
		if !moved {
			break
		}
	}
	if m.clusters[side[0]].n < m.clusters[side[1]].n {
		return side[0], side[1]
	}
	return side[1], side[0]
}

// least is the unit that fits its cluster least.
func (m *model) least(units []int32) int32 {
	worst, at := units[0], math.Inf(1)
	for _, i := range units {
		c := m.of[i]
		m.count(i, c, -1)
		if v := m.unit(i, c).total; v < at {
			worst, at = i, v
		}
		m.count(i, c, 1)
	}
	return worst
}

func (m *model) fits(i, c int32) float64 {
	return m.unit(i, c).total + sizeWeight*math.Log(float64(m.clusters[c].n))
}

// odds says of each unit how much better it fits its cluster than to stand alone or in
// the next best one.
func (m *model) odds() []float64 {
	out := make([]float64, len(m.Units))
	for i := range int32(len(m.Units)) {
		c := m.of[i]
		if m.clusters[c].n < 2 {
			continue
		}
		m.take(i)
		own, rival := m.fits(i, c), m.prior
		for _, o := range m.candidates(i) {
			if o.cluster != c {
				rival = max(rival, o.total)
			}
		}
		out[i] = own - rival
		m.put(i, c)
	}
	return out
}
