package mixture

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// meeting finds the clusters that share rare features with a unit or cluster. A large store
// has a million clusters, of which a unit meets some hundreds: their tallies are in a hash
// table that stays in the processor's cache.
type meeting struct {
	places []int32 // open addressing: numbers of tallies, plus one
	shift  uint
	own    int32   // the cluster of the unit that searches, which does not count in it; -1: none
	list   []tally // in order of their first vote
	top    []tally // see called
	rest   []quiet
}

// quiet is a feature that does not vote, or not for all clusters that have it.
type quiet struct {
	feature int32
	what    float64 // maximum weight of content
}

// tally is the sum of the votes for a cluster.
type tally struct {
	cluster int32
	place   int32
	votes   float64
	what    float64 // maximum weight of content, from the features that vote
}

// firstTable is the binary logarithm of the first size of a table.
const firstTable = 12

// begin starts a search for clusters that share features.
func (b *meeting) begin() {
	for _, t := range b.list {
		b.places[t.place] = 0
	}
	b.list, b.rest, b.own = b.list[:0], b.rest[:0], -1
}

// find returns the place of a cluster, or the free place for it.
func (b *meeting) find(c int32) int {
	i := int(uint64(uint32(c)) * 0x9E3779B97F4A7C15 >> b.shift)
	for b.places[i] != 0 && b.list[b.places[i]-1].cluster != c {
		i = (i + 1) & (len(b.places) - 1)
	}
	return i
}

// grow doubles the table.
func (b *meeting) grow() {
	size := max(1<<firstTable, 2*len(b.places))
	b.places, b.shift = make([]int32, size), uint(64-bits.Len(uint(size-1)))
	for n := range b.list {
		t := &b.list[n]
		t.place = int32(b.find(t.cluster))
		b.places[t.place] = int32(n + 1)
	}
}

// vote lets feature f vote for the clusters that have it, each by its rarity;
// content is its portion counted as content.
func (m *model) vote(f int32, share, content float64) {
	b, x := &m.meet, &m.features[f]
	share, content = share*x.surprise, content*x.surprise
	if x.calls < 0 {
		if content > 0 {
			b.rest = append(b.rest, quiet{f, content})
		}
		for _, h := range m.heads[-x.calls-1] {
			if h.n > 1 || h.n == 1 && h.cluster != b.own {
				b.vote(h.cluster, share, 0)
			}
		}
		return
	}
	if x.calls == 0 {
		return
	}
	l, less := m.postings[x.calls-1], int32(-1)
	n := len(l)
	if b.own >= 0 && m.clusters[b.own].features.of(f) == 1 {
		less = b.own // no other unit of it has f
		n--
	}
	if n > mostMeet {
		if content > 0 {
			b.rest = append(b.rest, quiet{f, content})
		}
		return
	}
	for _, c := range l {
		if c != less {
			b.vote(c, share, content)
		}
	}
}

// vote adds a vote to a cluster, and lists it at the first.
func (b *meeting) vote(c int32, v, what float64) {
	if 2*len(b.list) >= len(b.places) {
		b.grow()
	}
	i := b.find(c)
	if b.places[i] == 0 {
		b.list = append(b.list, tally{cluster: c, place: int32(i)})
		b.places[i] = int32(len(b.list))
	}
	t := &b.list[b.places[i]-1]
	t.votes += v
	t.what += what
}

// bound completes the maximum weights of content of clusters, and reports whether that of
// one suffices.
func (m *model) bound(called []tally) (hope bool) {
	for n := range called {
		t := &called[n]
		for _, q := range m.meet.rest {
			if n := m.countOf(t.cluster, q.feature); n > 1 || n == 1 && t.cluster != m.meet.own {
				t.what += q.what
			}
		}
		hope = hope || t.what >= whatMin
	}
	return hope
}

// called lists those that most speaks for, best first, without those that skip excludes. It
// is asked only for clusters that would be listed, since most have one vote by chance.
func (b *meeting) called(skip func(int32) bool) []tally {
	top := b.top[:0]
	for _, t := range b.list {
		at := len(top)
		for at > 0 && (t.votes > top[at-1].votes || t.votes == top[at-1].votes && t.cluster < top[at-1].cluster) {
			at--
		}
		if at == candidates || skip(t.cluster) {
			continue
		}
		if len(top) == candidates {
			top = top[:candidates-1]
		}
		top = slices.Insert(top, at, t)
	}
	b.top = top
	return top
}

// assign puts each unit into its best cluster and returns the number of moves.
// Without all, it skips units whose candidate clusters have not changed since.
func (m *model) assign(all bool) (moved int) {
	if m.scored == nil {
		m.passed = newPassed(len(m.Units))
	}
	for _, i := range m.order() {
		if (all && !m.isIdle(i) || m.disturbed(i)) && m.reassign(i) {
			moved++
		}
		m.scored[i] = m.clock
	}
	return moved
}

// order lists the units by cluster, and those of one cluster in their order. The units of one
// cluster meet the same clusters, which then are in the processor's cache.
func (m *model) order() []int32 {
	next := make([]int32, len(m.clusters)+2)
	for _, c := range m.of {
		next[c+2]++
	}
	for c := range next[1:] {
		next[c+1] += next[c]
	}
	out := make([]int32, len(m.of))
	for i, c := range m.of {
		out[next[c+1]] = int32(i)
		next[c+1]++
	}
	return out
}

// isIdle reports whether unit i was found to be so since the model was learned.
func (m *model) isIdle(i int32) bool {
	return m.scored[i] > m.learned && m.mets[i] == 0 && m.clusters[m.of[i]].n == 1
}

// reassign puts unit i into its best cluster, and reports whether that is another.
func (m *model) reassign(i int32) bool {
	was, to := m.of[i], int32(-1)
	if !m.Units[i].Apart {
		rated := m.candidates(i)
		to, _ = m.choose(rated)
		m.margin[i] = m.over(rated, to)
	}
	if to < 0 && was >= 0 && m.clusters[was].n == 1 || to >= 0 && to == was {
		return false
	}
	m.take(i)
	if to < 0 {
		to = m.fresh()
	}
	m.put(i, to)
	return true
}

// disturbed reports whether a cluster that unit i is in, or could have joined when it was
// scored, changed since then. Clusters that unit i would meet now for the first time are not
// looked for: that takes all votes again. A pass over all units finds them, if one follows.
func (m *model) disturbed(i int32) bool {
	if m.Units[i].Apart {
		return false
	}
	if m.clusters[m.of[i]].at > m.scored[i] {
		return true
	}
	for _, c := range m.met[int(i)*candidates:][:m.mets[i]] {
		if x := m.clusters[c]; x == nil || x.at > m.scored[i] {
			return true
		}
	}
	return false
}

// candidates scores the clusters that share a feature with unit i, as if it were in none.
func (m *model) candidates(i int32) []candidate {
	m.call(i)
	m.rated = m.rated[:0]
	called := m.meet.called(func(c int32) bool { return c == m.of[i] && m.clusters[c].n == 1 })
	hope := m.bound(called)
	m.note(i, called)
	if !hope {
		return nil
	}
	for _, t := range called {
		m.rated = append(m.rated, candidate{t.cluster, m.candidate(i, t.cluster, t.what)})
	}
	return m.rated
}

// note keeps the clusters that unit i could join, for the next pass.
func (p *passed) note(i int32, called []tally) {
	if p.mets == nil {
		return
	}
	p.mets[i] = 0
	for _, t := range called {
		if t.what >= whatMin {
			p.met[int(i)*candidates+int(p.mets[i])] = t.cluster
			p.mets[i]++
		}
	}
}

// call gathers the clusters that unit i meets.
func (m *model) call(i int32) {
	u := &m.Units[i]
	m.meet.begin()
	if c := m.of[i]; c >= 0 && m.clusters[c].n > 1 {
		m.meet.own = c
	}
	for _, s := range u.Spans {
		k := &m.Kinds[s.Kind]
		if k.Call == 0 {
			continue
		}
		content := k.asContent(s.values())
		for _, f := range u.Values[s.From:s.To] {
			m.vote(f, k.Call, content)
		}
	}
}

// profile lists the features of a cluster, by kind and feature.
func (m *model) profile(c int32) []shared {
	return m.profileOf(c, func(Group) bool { return true })
}

// profileOf is profile for the groups that are kept.
func (m *model) profileOf(c int32, keep func(Group) bool) []shared {
	x := m.clusters[c]
	if x.several == nil {
		return m.profileOfOne(&m.Units[x.only], keep)
	}
	out := make([]shared, 0, x.features.used+int32(m.placed))
	listed := make([]float32, len(m.Kinds))
	for f, n := range x.features.each {
		if k := m.KindOf[f]; keep(m.Kinds[k].Group) {
			out = append(out, shared{f, k, float32(n)})
			listed[k] += float32(n)
		}
	}
	for k := range m.Kinds {
		if alone := m.kind(x, uint8(k)).values - listed[k]; alone > 0 && keep(m.Kinds[k].Group) {
			out = append(out, shared{-1, uint8(k), alone})
		}
	}
	slices.SortFunc(out, func(a, b shared) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.feature, b.feature)) })
	return out
}

// profileOfOne is profileOf for one unit.
func (m *model) profileOfOne(u *Unit, keep func(Group) bool) []shared {
	out := make([]shared, 0, len(u.Values)+len(u.Spans))
	for _, s := range u.Spans {
		if !keep(m.Kinds[s.Kind].Group) {
			continue
		}
		if s.Alone > 0 {
			out = append(out, shared{-1, s.Kind, float32(s.Alone)})
		}
		for _, f := range u.Values[s.From:s.To] {
			out = append(out, shared{f, s.Kind, 1})
		}
	}
	return out
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
	if m.rated = m.rated[:0]; x.n == 1 && m.idle(c) {
		return nil
	}
	profile := m.profile(c)
	m.callProfile(x, profile)
	called := m.meet.called(func(o int32) bool {
		y := m.clusters[o]
		return o == c || m.apart(o) || larger && (y.n < x.n || y.n == x.n && o > c)
	})
	if !m.bound(called) && x.n == 1 {
		return nil
	}
	for _, t := range called {
		o := t.cluster
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

// idle reports that a cluster of one unit meets none with content that can agree enough, as
// most do. The unit need not be scored again in the next pass.
func (m *model) idle(c int32) bool {
	i := m.clusters[c].only
	m.call(i)
	if m.bound(m.meet.called(func(o int32) bool { return o == c })) {
		return false
	}
	m.scored[i], m.mets[i] = m.clock, 0
	return true
}

// callProfile gathers the clusters that a cluster meets.
func (m *model) callProfile(x *cluster, profile []shared) {
	m.meet.begin()
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
			m.margin[i] = m.over(m.candidates(i), c)
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
