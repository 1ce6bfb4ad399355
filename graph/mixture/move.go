package mixture

import (
	"cmp"
	"math"
	"slices"
)

// meeting finds the clusters that share rare features with a unit or cluster.
type meeting struct {
	of    []tally // by cluster
	rest  float64 // maximum weight of content, from the features that do not vote
	round int64
	ids   []int32
}

// tally is the sum of the votes for a cluster. It is one record, since each vote is for
// another place of the memory.
type tally struct {
	votes float64
	what  float64 // maximum weight of content, from the features that vote
	round int64   // that it is of: so no tally needs clearing
}

// begin starts a search for clusters that share features.
func (m *model) begin() {
	b := &m.meet
	b.round++
	b.ids, b.rest = b.ids[:0], 0
	if grow := len(m.clusters) - len(b.of); grow > 0 {
		b.of = append(b.of, make([]tally, grow+len(m.clusters)/2)...)
	}
}

// vote lets feature f vote for the clusters that have it, each by its rarity;
// content is its portion counted as content.
func (m *model) vote(f int32, share, content float64) {
	b, x := &m.meet, &m.features[f]
	share, content = share*x.surprise, content*x.surprise
	if x.common > 0 {
		b.rest += content // of those that are not called
		for _, c := range m.heads[x.common-1] {
			if m.clusters[c] != nil && m.counts.of(c, f) > 0 {
				b.vote(c, share, 0)
			}
		}
		return
	}
	if len(x.postings) > mostMeet {
		b.rest += content
		return
	}
	for _, e := range x.postings {
		b.vote(e.cluster, share, content)
	}
}

// vote adds a vote to a cluster, and lists it at the first.
func (b *meeting) vote(c int32, v, what float64) {
	t := &b.of[c]
	if t.round != b.round {
		*t = tally{round: b.round}
		b.ids = append(b.ids, c)
	}
	t.votes += v
	t.what += what
}

// hopeless reports that in none of the clusters content can agree enough.
func (m *model) hopeless(list []int32) bool {
	for _, c := range list {
		if m.meet.of[c].what+m.meet.rest >= whatMin {
			return false
		}
	}
	return true
}

// called lists those that most speaks for, best first.
func (m *model) called() []int32 {
	b := &m.meet
	before := func(p, q int32) bool {
		x, y := b.of[p].votes, b.of[q].votes
		return x > y || x == y && p < q
	}
	ids := b.ids
	for n := range ids {
		c, at := ids[n], min(n, candidates)
		if at == candidates && !before(c, ids[at-1]) {
			continue
		}
		for ; at > 0 && before(c, ids[at-1]); at-- {
			if at < candidates {
				ids[at] = ids[at-1]
			}
		}
		ids[at] = c
	}
	return ids[:min(len(ids), candidates)]
}

// assign puts each unit into its best cluster and returns the number of moves.
// Without all, it skips units whose candidate clusters have not changed since.
func (m *model) assign(all bool) (moved int) {
	for i := range int32(len(m.Units)) {
		if (all || m.disturbed(i)) && m.reassign(i) {
			moved++
		}
		m.scored[i] = m.clock
	}
	return moved
}

// reassign puts unit i into its best cluster, and reports whether that is another. A unit that
// is alone stays counted meanwhile.
func (m *model) reassign(i int32) bool {
	was, at := m.of[i], int64(0)
	alone := was >= 0 && m.clusters[was].n == 1
	if was >= 0 && !alone {
		at = m.clusters[was].at
		m.take(i)
	}
	to := int32(-1)
	if !m.Units[i].Apart {
		rated := m.candidates(i)
		to, _ = m.choose(rated)
		m.margin[i] = m.over(rated, to)
	}
	if to < 0 && alone {
		return false
	}
	if alone {
		m.take(i)
	}
	if to < 0 {
		to = m.fresh()
	}
	m.put(i, to)
	if to == was {
		m.clusters[to].at = at
	}
	return to != was
}

// disturbed reports whether a cluster that unit i is in, or was compared with when it was
// scored, changed since then. Clusters that unit i would meet now for the first time are not
// looked for: that takes all votes again. A pass over all units finds them, if one follows.
func (m *model) disturbed(i int32) bool {
	if m.Units[i].Apart {
		return false
	}
	if m.clusters[m.of[i]].at > m.scored[i] {
		return true
	}
	for _, c := range m.met[i*candidates:][:m.mets[i]] {
		if x := m.clusters[c]; x == nil || x.at > m.scored[i] {
			return true
		}
	}
	return false
}

// candidates scores the clusters that share a feature with unit i, which is in none or alone.
func (m *model) candidates(i int32) []candidate {
	m.call(i)
	m.meet.ids = slices.DeleteFunc(m.meet.ids, func(c int32) bool { return c == m.of[i] })
	m.rated = m.rated[:0]
	called := m.called()
	m.mets[i] = uint8(copy(m.met[i*candidates:], called))
	if m.hopeless(called) {
		return nil
	}
	for _, c := range called {
		s := m.unit(i, c)
		s.total += sizeWeight * math.Log(float64(m.clusters[c].n))
		m.rated = append(m.rated, candidate{c, s})
	}
	return m.rated
}

// call gathers the clusters that unit i meets.
func (m *model) call(i int32) {
	u := &m.Units[i]
	m.begin()
	for _, s := range u.Spans {
		k := &m.Kinds[s.Kind]
		if k.Call == 0 {
			continue
		}
		content := k.asContent(s.To - s.From + int32(s.Alone))
		for _, f := range u.Values[s.From:s.To] {
			m.vote(f, k.Call, content)
		}
	}
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

// mergeRounds limits the merge rounds of one pass.
const mergeRounds = 6

// merge joins clusters that choose each other, best first, until no pair is
// left. It considers all clusters, or only those that changed.
func (m *model) merge(all bool) (merged int) {
	for round := range mergeRounds {
		offers := m.offers(all && round == 0)
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

// offers scores clusters against those that they meet: all, or those that changed since
// they were offered last.
func (m *model) offers(all bool) (out []offer) {
	for c := range int32(len(m.clusters)) {
		x := m.clusters[c]
		if x == nil || m.apart(c) || !all && x.at <= x.offered {
			continue
		}
		x.offered = m.clock
		// All against all takes each pair once, from the smaller side.
		if o, total := m.choose(m.partners(c, all)); o >= 0 {
			small, large := c, o
			if m.clusters[o].n < x.n {
				small, large = o, c
			}
			out = append(out, offer{small, large, total})
		}
	}
	return out
}

// partners scores the clusters that a cluster meets, or only those that are larger.
func (m *model) partners(c int32, larger bool) []candidate {
	x := m.clusters[c]
	profile := m.profile(c)
	m.begin()
	for i := 0; i < len(profile); {
		kind, values, j := profile[i].kind, int32(0), i
		for ; j < len(profile) && profile[j].kind == kind; j++ {
			values += int32(profile[j].n)
		}
		if k := &m.Kinds[kind]; k.Call > 0 {
			content := k.asContent(values)
			units := float64(m.kind(x, kind).units)
			for _, s := range profile[i:j] {
				if s.feature >= 0 {
					m.vote(s.feature, k.Call*float64(s.n)/units, content*float64(s.n))
				}
			}
		}
		i = j
	}
	b := &m.meet
	b.ids = slices.DeleteFunc(b.ids, func(o int32) bool {
		y := m.clusters[o]
		return o == c || m.apart(o) || larger && (y.n < x.n || y.n == x.n && o > c)
	})
	m.rated = m.rated[:0]
	called := m.called()
	if x.n == 1 && m.hopeless(called) {
		return nil
	}
	for _, o := range called {
		small, p, large := c, profile, o
		if m.clusters[o].n < x.n {
			small, p, large = o, m.profile(o), c
		}
		v := m.pair(small, p, large)
		if v.total > m.prior {
			v.total -= m.twoOwners(&v, small, large)
		}
		m.rated = append(m.rated, candidate{o, v})
	}
	return m.rated
}

// move puts all units of one cluster into another.
func (m *model) move(from, to int32) {
	for _, i := range slices.Clone(m.members(from)) {
		m.take(i)
		m.put(i, to)
	}
}

// odds returns for each unit the score of its cluster above that of being alone
// or of the next best cluster.
func (m *model) odds() []float64 {
	out := make([]float64, len(m.Units))
	for i := range int32(len(m.Units)) {
		c := m.of[i]
		if m.clusters[c].n < 2 {
			continue
		}
		if m.disturbed(i) {
			at := m.clusters[c].at
			m.take(i)
			m.margin[i] = m.over(m.candidates(i), c)
			m.put(i, c)
			m.clusters[c].at = at
		}
		out[i] = float64(m.margin[i])
	}
	return out
}

// over is the score of cluster c above the next best one, or above none.
func (m *model) over(rated []candidate, c int32) float32 {
	own, rival := math.Inf(-1), m.prior
	for _, o := range rated {
		if o.cluster == c {
			own = o.total
		} else {
			rival = max(rival, o.total)
		}
	}
	return float32(own - rival)
}
