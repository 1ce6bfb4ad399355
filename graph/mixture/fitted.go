package mixture

import (
	"cmp"
	"math"
	"slices"
)

// Fitted is a model with its clusters: the result of Run, or of Load from the
// estimates of one. It scores by the same function as Run. It is not safe for use by
// several goroutines.
type Fitted struct{ m *model }

// Line is the evidence of one kind for a unit and a cluster.
type Line struct {
	Kind    uint8
	Group   Group
	Feature int32   // the value that agrees best; -1: none does
	Nats    float64 // as it counts beside the other kinds of its group
	Idle    bool    // not counted: the kind of its group that is forgiven, or a contact beside a better one
}

// Lack is the condition that keeps a unit out of a cluster.
type Lack string

// Values of Lack.
const (
	LacksNothing Lack = ""
	LacksBits    Lack = "bits"  // the sum does not exceed the prior
	LacksWhat    Lack = "what"  // content agrees no better than with another campaign of the same operator
	LacksWho     Lack = "who"   // the sender agrees no better than with a copy by an unrelated sender
	LacksText    Lack = "text"  // texts differ too much, regardless of links and contacts
	LacksLine    Lack = "line"  // content differs beyond the traits of all mail of the same operator
	LacksRival   Lack = "rival" // another cluster fits better
)

// Account is the evidence for a unit, or the smaller of two clusters, and a cluster. The
// Lines that count, Bounds, Size, Apart and Prior sum to Total.
type Account struct {
	Lines  []Line
	Bounds [Groups]float64 // by group: the correction of its lines by its bounds
	Size   float64         // of the cluster: the larger, the likelier
	Apart  float64         // that two clusters change together in several aspects; at most 0
	Prior  float64         // against any two; negative
	Total  float64
	Lacks  Lack
	Rival  int32 // the cluster that fits best, if it is another; -1
}

// Groups is the number of groups.
const Groups = groups

// account sums up the lines: contacts count by the best, each group without its
// worst kind, and within its bounds.
func (m *model) account(e *evidence, lines []Line, n int32) Account {
	a := Account{Lines: lines, Prior: -m.prior, Rival: -1, Size: sizeWeight * math.Log(float64(n))}
	var counted [groups]float64
	forgiven, best := [groups]int{}, -1
	for g := range forgiven {
		forgiven[g] = -1
	}
	for i, l := range lines {
		switch g := l.Group; {
		case g == Contact:
			if best < 0 || l.Nats > lines[best].Nats {
				best = i
			}
		case !m.Kinds[l.Kind].Whole && l.Nats < 0 && (forgiven[g] < 0 || l.Nats < lines[forgiven[g]].Nats):
			forgiven[g] = i
		}
	}
	for i := range lines {
		l := &lines[i]
		l.Idle = l.Group == Contact && i != best || forgiven[l.Group] == i
		if !l.Idle {
			counted[l.Group] += l.Nats
		}
	}
	a.Total = a.Prior + a.Size
	for g := range groups {
		if e.has[g] {
			v := e.group(g)
			a.Bounds[g] = v - counted[g]
			a.Total += v
		}
	}
	return a
}

// lack returns the condition that the sums of a candidate fail among others, by
// the rule of choose; and the best cluster.
func (m *model) lack(c int32, list []candidate) (Lack, int32) {
	best, _ := m.choose(list)
	if best == c {
		return LacksNothing, -1
	}
	for i := range list {
		if list[i].cluster == c {
			if l := rivalsOf(list).lacks(&list[i], m.prior); l != LacksNothing {
				return l, best
			}
		}
	}
	return LacksRival, best
}

// Loose adds a unit without a cluster, which counts for nothing, and returns
// its number.
func (f *Fitted) Loose(u Unit) int32 {
	m := f.m
	m.Units, m.of = append(m.Units, u), append(m.of, -1)
	return int32(len(m.Units) - 1)
}

// Against accounts for loose unit i and cluster c, from which unit out is taken for as long,
// if it is not negative; false if nothing else is in it. Other clusters that i meets are its
// rivals, as in Run.
func (f *Fitted) Against(i, c, out int32) (Account, bool) {
	m := f.m
	if out >= 0 {
		was := m.of[out]
		m.take(out)
		defer m.restore(out, was)
	}
	if m.clusters[c] == nil {
		return Account{}, false
	}
	list := slices.Clone(m.candidates(i))
	return m.against(i, c, list), true
}

// against accounts for unit i and cluster c among candidates.
func (m *model) against(i, c int32, list []candidate) Account {
	var lines []Line
	e := evidence{lines: &lines}
	m.compare(&e, i, c)
	a := m.account(&e, lines, m.clusters[c].n)
	if !slices.ContainsFunc(list, func(o candidate) bool { return o.cluster == c }) {
		own := candidate{c, e.sums()}
		own.total += a.Size
		list = append(list, own)
	}
	a.Lacks, a.Rival = m.lack(c, list)
	return a
}

// restore puts a unit back where it was, even if it was all there was.
func (m *model) restore(i, was int32) {
	if m.clusters[was] == nil {
		m.clusters[was] = &cluster{}
	}
	m.put(i, was)
}

// Pair accounts for two loose units: i as a candidate for a cluster of j.
func (f *Fitted) Pair(i, j int32) (a Account) {
	f.alone(j, func(c int32) { a = f.m.against(i, c, nil) })
	return a
}

// Score is the Total of Pair.
func (f *Fitted) Score(i, j int32) (total float64) {
	f.alone(j, func(c int32) { total = f.m.unit(i, c).total - f.m.prior })
	return total
}

// alone calls do with a cluster of loose unit j.
func (f *Fitted) alone(j int32, do func(c int32)) {
	m := f.m
	c := m.fresh()
	m.put(j, c)
	do(c)
	m.take(j)
	m.clusters = m.clusters[:c]
}

// Between accounts for two clusters, the smaller as a candidate for the larger.
func (f *Fitted) Between(p, q int32) Account {
	m := f.m
	if m.clusters[q].n < m.clusters[p].n {
		p, q = q, p
	}
	var lines []Line
	e := evidence{lines: &lines}
	m.comparePair(&e, p, m.profile(p), q)
	a := m.account(&e, lines, 1) // clusters merge without regard to their size
	own := candidate{q, e.sums()}
	a.Apart = -m.twoOwners(&own.sums, p, q)
	a.Total += a.Apart
	own.total += a.Apart
	a.Lacks, a.Rival = m.lack(q, []candidate{own})
	return a
}

// Seam divides cluster c into the two sides that differ most, and accounts for them. small
// lists the units of the smaller; one unit has no sides.
func (f *Fitted) Seam(c int32) (small []int32, a Account) {
	m := f.m
	units := slices.Clone(m.members(c))
	if len(units) < 2 {
		return nil, a
	}
	other := m.sides(c, units, []int32{m.least(units)})
	p, q := m.bySize(c, other)
	small, a = slices.Clone(m.members(p)), f.Between(p, q)
	m.rejoin(c, other)
	return small, a
}

// Parts clusters some units again, beginning with all of them together. Base
// and concentrations stay. Values for which drop returns true are left out. The
// largest part is first.
func (f *Fitted) Parts(units []int32, drop func(kind uint8, feature int32) bool) [][]int32 {
	if len(units) == 0 {
		return nil
	}
	in := Input{Kinds: f.m.Kinds}
	number := make(map[int32]int32) // features, numbered anew
	var base []float64
	for _, i := range units {
		in.Units = append(in.Units, f.m.without(i, drop, func(g int32) int32 {
			n, ok := number[g]
			if !ok {
				n = int32(len(base))
				number[g] = n
				base = append(base, f.m.features[g].base)
				in.KindOf = append(in.KindOf, f.m.KindOf[g])
			}
			return n
		}))
	}
	m := newModel(in)
	for g, p := range base {
		m.features[g].base = p
	}
	m.rate, m.prior = f.m.rate, f.m.prior
	m.prepare()
	c := m.fresh()
	for i := range in.Units {
		m.put(int32(i), c)
	}
	for range passes {
		if m.assign(true)+m.merge(true)+m.split() == 0 {
			break
		}
	}
	var out [][]int32
	at := make(map[int32]int)
	for i, c := range m.of {
		k, ok := at[c]
		if !ok {
			k = len(out)
			at[c] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], units[i])
	}
	slices.SortStableFunc(out, func(a, b []int32) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// without copies unit i with its features numbered anew and some left out.
func (m *model) without(i int32, drop func(uint8, int32) bool, number func(int32) int32) Unit {
	from := &m.Units[i]
	var u Unit
	for _, s := range from.Spans {
		at := uint16(len(u.Values))
		for _, g := range from.Values[s.From:s.To] {
			if !drop(s.Kind, g) {
				u.Values = append(u.Values, number(g))
			}
		}
		slices.Sort(u.Values[at:])
		if drop(s.Kind, -1) {
			s.Alone = 0
		}
		if to := uint16(len(u.Values)); to > at || s.Alone > 0 {
			u.Spans = append(u.Spans, Span{Kind: s.Kind, Alone: s.Alone, From: at, To: to})
		}
	}
	return u
}

// Divide moves units, loose ones too, out of their cluster into one of their own.
func (f *Fitted) Divide(units []int32) (c int32) {
	c = f.m.fresh()
	for _, i := range units {
		f.m.take(i)
		f.m.put(i, c)
	}
	return c
}

// Forget drops the clusters, of which nothing more is asked than Cluster and Snapshot.
func (f *Fitted) Forget() {
	m := f.m
	m.clusters, m.postings, m.heads = nil, nil, nil
}

// Surprise returns the negative logarithm, in nats, of a feature's probability
// for a stranger.
func (f *Fitted) Surprise(feature int32) float64 { return max(0, f.m.features[feature].surprise) }

// Carries reports whether a feature is rare enough to show by itself that the
// content is the same.
func (f *Fitted) Carries(feature int32) bool { return f.m.features[feature].surprise > whatMin }

// Prior returns the evidence against any two units, in nats.
func (f *Fitted) Prior() float64 { return f.m.prior }

// Cluster returns the cluster of a unit; -1 if it is loose.
func (f *Fitted) Cluster(unit int32) int32 { return f.m.of[unit] }

// Clusters returns the number above those of all clusters.
func (f *Fitted) Clusters() int { return len(f.m.clusters) }

// Called lists the clusters that a feature calls, as candidates for units that have it, in no
// order. A feature of too many calls only those where most units have it.
func (f *Fitted) Called(feature int32) []int32 {
	switch x := f.m.features[feature].calls; {
	case x < 0:
		var out []int32
		for _, h := range f.m.heads[-x-1] {
			if h.n > 0 {
				out = append(out, h.cluster)
			}
		}
		return out
	case x > 0 && len(f.m.postings[x-1]) <= mostMeet:
		return f.m.postings[x-1]
	}
	return nil
}

// Count returns the number of units of a cluster that have a feature.
func (f *Fitted) Count(c, feature int32) int32 { return f.m.countOf(c, feature) }

// Relation is the evidence that two clusters have the same operator.
type Relation struct {
	P, Q int32
	Nats float64 // beyond the prior
}

// Relations scores the listed clusters in pairs, by the groups that show an
// operator: registration, sending, mailer and contacts. Only pairs that meet
// under such a feature are scored.
func (f *Fitted) Relations(clusters []int32) (out []Relation) {
	m := f.m
	listed := make([]bool, len(m.clusters))
	for _, c := range clusters {
		listed[c] = true
	}
	profiles := make([][]shared, len(m.clusters))
	for _, c := range clusters {
		profiles[c] = m.profileOf(c, behind)
	}
	for _, c := range clusters {
		profile := profiles[c]
		m.meet.begin()
		for _, s := range profile {
			k := &m.Kinds[s.kind]
			if s.feature >= 0 && k.Call > 0 {
				m.vote(s.feature, k.Call*float64(s.n)/float64(m.kind(m.clusters[c], s.kind).units), 0)
			}
		}
		for _, t := range m.meet.called(func(o int32) bool { return o == c || !listed[o] }) {
			o := t.cluster
			p, q, from := c, o, profile
			if m.clusters[o].n < m.clusters[c].n {
				p, q, from = o, c, profiles[o]
			}
			e := evidence{chance: true}
			m.comparePair(&e, p, from, q)
			v := -m.prior
			for g := range groups {
				if g == Contact {
					v += e.own
				} else if e.has[g] {
					v += e.group(g)
				}
			}
			out = append(out, Relation{min(p, q), max(p, q), v})
		}
	}
	slices.SortFunc(out, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(a.P, b.P), cmp.Compare(a.Q, b.Q), cmp.Compare(b.Nats, a.Nats))
	})
	return slices.CompactFunc(out, func(a, b Relation) bool { return a.P == b.P && a.Q == b.Q })
}

// behind reports whether a group shows the operator of a campaign. Different
// contacts separate two campaigns of one operator; leastOther bounds their
// weight.
func behind(g Group) bool {
	return g == Registration || g == Sending || g == Mailer || g == Contact
}
