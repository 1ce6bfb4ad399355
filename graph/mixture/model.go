package mixture

import (
	"cmp"
	"math"
	"slices"
)

// model is the state of a run.
type model struct {
	Input
	callers
	clusters []*cluster // by number; nil for one that has no units any more
	of       []int32    // cluster of each unit; -1 while it is taken out
	rate     []float64  // concentration of each kind: how readily clusters draw new values
	first    []news     // by kind: of a cluster of one unit, as most are
	clock    int64      // counts changes of clusters
	learned  int64      // when base and concentrations were last learned
	passed
	work   int // comparisons made
	meet   meeting
	rated  []candidate
	place  []uint8 // of each kind in the counts of clusters: stores have half of the kinds
	placed int
	prior  float64 // against any two: log of the number of units, at most mostPrior
}

// passed holds notes of a pass over the units for the next. It is empty outside of them.
type passed struct {
	scored []int64   // of each unit: when it was last scored
	met    []int32   // of each unit, then: the clusters that it could have joined, in candidates places
	mets   []uint8   // how many
	margin []float32 // of each unit, then: how much better the best cluster was than the next
}

func newPassed(units int) passed {
	return passed{make([]int64, units), make([]int32, candidates*units), make([]uint8, units), make([]float32, units)}
}

// newModel starts with every unit loose. The base comes from contexts, since
// there are no clusters yet.
func newModel(in Input) *model {
	m := &model{Input: in, rate: make([]float64, len(in.Kinds))}
	n := len(in.KindOf)
	units := make([]int32, n)
	m.of = make([]int32, len(in.Units))
	for i := range in.Units {
		m.of[i] = -1
		for _, f := range in.Units[i].Values {
			units[f]++
		}
	}
	m.places()
	m.features = make([]feature, n)
	have, kinds, all := in.contexts()
	all += in.Strangers
	for f, n := range in.Elsewhere {
		have[f] += n
	}
	for k, n := range in.ElsewhereByKind {
		kinds[k] += float64(n)
	}
	totals := m.totals(kinds, all)
	for f := range m.features {
		x := &m.features[f]
		x.base = contexts(have[f], all) / totals[m.KindOf[f]]
	}
	for k := range m.rate {
		m.rate[k] = 2
	}
	m.prepare()
	m.listen(units)
	return m
}

// listen makes room for the clusters that each feature calls. units is how many have it: a
// rare feature is never in more clusters.
func (m *model) listen(units []int32) {
	rare, room := 0, 0
	for f, n := range units {
		switch x := &m.features[f]; {
		case m.Kinds[m.KindOf[f]].Call == 0:
		case n > rareMost:
			m.heads = append(m.heads, nil)
			x.calls = -int32(len(m.heads))
		default:
			rare++
			room += int(n)
			x.calls = int32(rare)
		}
	}
	m.postings = make([][]int32, rare)
	places := make([]int32, room)
	for f, n := range units {
		if x := m.features[f].calls; x > 0 {
			m.postings[x-1], places = places[:0:n], places[n:]
		}
	}
}

// places numbers the kinds that occur. All others share a place, which stays empty.
func (m *model) places() {
	has := make([]bool, len(m.Kinds))
	for _, k := range m.KindOf {
		has[k] = true
	}
	for i := range m.Units {
		for _, s := range m.Units[i].Spans {
			has[s.Kind] = true
		}
	}
	m.place, m.placed = make([]uint8, len(m.Kinds)), 1
	for k, ok := range has {
		if ok {
			m.place[k] = uint8(m.placed)
			m.placed++
		}
	}
}

// prepare computes the values that stay constant until the model is learned
// again.
func (m *model) prepare() {
	if m.first == nil {
		m.first = make([]news, len(m.rate))
	}
	for f := range m.features {
		x := &m.features[f]
		x.surprise = -math.Log(x.base)
	}
	for k := range m.first {
		m.first[k] = m.news(kindCount{units: 1, values: 1, distinct: 1}, uint8(k))
	}
	for _, c := range m.clusters {
		if c != nil && c.several != nil {
			for k := range c.kinds {
				c.kinds[k].next = news{}
			}
		}
	}
}

// contexts counts the contexts that have each feature and each kind, and all
// contexts.
func (in *Input) contexts() (features []int32, kinds []float64, all int) {
	features, kinds = make([]int32, len(in.KindOf)), make([]float64, len(in.Kinds))
	order := make([]int32, len(in.Units))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(in.Units[a].Context, in.Units[b].Context) })
	seen, seenKind := make([]int32, len(in.KindOf)), make([]int32, len(in.Kinds)) // the context that was last to have it
	last := int32(0)
	for _, i := range order {
		u := &in.Units[i]
		if c := u.Context; c == 0 || c != last || all == 0 {
			all++
			last = c
		}
		context := int32(all)
		for _, s := range u.Spans {
			if seenKind[s.Kind] != context {
				seenKind[s.Kind] = context
				kinds[s.Kind]++
			}
		}
		for _, f := range u.Values {
			if seen[f] != context {
				seen[f] = context
				features[f]++
			}
		}
	}
	return features, kinds, all
}

// contexts estimates, before there are clusters, the number of clusters with a
// feature from its number of contexts. In a small store one campaign can be
// most of the mail, and its own size would make its traits common.
func contexts(n int32, of int) float64 {
	if of < smallStore {
		return math.Pow(float64(n), smallPower)
	}
	return max(float64(n), 0.5)
}

const (
	smallStore = 150 // contexts
	smallPower = 0.7
)

// totals are the numbers of clusters that the base of each kind is a share of: those that
// have the kind. Few messages have a contact, and that a stranger has one at all is part
// of the coincidence: there all clusters count. A store of few clusters is taken for a
// sample of a larger one. All is rounded, so that one message more moves nothing.
func (m *model) totals(have []float64, clusters int) []float64 {
	scale := max(1, fewClusters/float64(clusters+1))
	out := make([]float64, len(have))
	for k, n := range have {
		if m.Kinds[k].Group == Contact {
			n = float64(clusters)
		}
		out[k] = rounded(scale * (n + 1))
	}
	return out
}

// fewClusters is the size of the smallest store in which common values are
// reliable.
const fewClusters = 200

// rounded is the nearest power of the root of two.
func rounded(v float64) float64 { return math.Exp2(math.Round(2*math.Log2(v)) / 2) }

func (m *model) fresh() int32 {
	m.clusters = append(m.clusters, &cluster{})
	return int32(len(m.clusters) - 1)
}

// put adds unit i to a cluster.
func (m *model) put(i, c int32) {
	m.of[i] = c
	m.count(i, c, 1)
	if x := m.clusters[c]; x.n > 1 {
		x.units = append(x.units, i)
	}
}

// take removes unit i from its cluster.
func (m *model) take(i int32) {
	c := m.of[i]
	if c < 0 {
		return
	}
	m.of[i] = -1
	m.count(i, c, -1)
	if m.clusters[c].n == 0 {
		m.clusters[c] = nil
	}
}

// count adds unit i to the counts of a cluster, or with by -1 removes it.
func (m *model) count(i, to, by int32) {
	c := m.clusters[to]
	m.clock++
	c.at = m.clock
	c.n += by
	switch {
	case c.several != nil:
	case by > 0 && c.n == 1:
		c.only = i
		for _, f := range m.Units[i].Values {
			m.show(f, to)
		}
		return
	case by > 0:
		m.open(to)
	default:
		for _, f := range m.Units[i].Values {
			m.hide(f, to)
		}
		return
	}
	u := &m.Units[i]
	for _, s := range u.Spans {
		distinct := float32(s.Alone)
		for _, f := range u.Values[s.From:s.To] {
			n := c.features.add(f, by)
			m.adjust(f, to, n, by)
			switch {
			case by > 0 && n == 1:
				distinct++
				m.show(f, to)
			case by < 0 && n == 0:
				distinct++
				m.hide(f, to)
			}
		}
		k, one := &c.kinds[m.place[s.Kind]], alone(s)
		k.units += float32(by)
		k.values += float32(by) * one.values
		k.distinct += float32(by) * distinct
		k.next = news{}
	}
}

// open begins the counts of a cluster of one unit that gets another.
func (m *model) open(number int32) {
	c := m.clusters[number]
	u := &m.Units[c.only]
	c.several = &several{kinds: make([]kindCount, m.placed), units: []int32{c.only}}
	c.features.resize(int32(2 * len(u.Values)))
	for _, s := range u.Spans {
		c.kinds[m.place[s.Kind]] = alone(s)
		for _, f := range u.Values[s.From:s.To] {
			m.adjust(f, number, c.features.add(f, 1), 1)
		}
	}
}

// alone counts the values of a kind in one unit.
func alone(s Span) kindCount {
	n := float32(s.values())
	return kindCount{units: 1, values: n, distinct: n}
}

// kind counts the values of a kind in a cluster.
func (m *model) kind(c *cluster, kind uint8) kindCount {
	if c.several != nil {
		return c.kinds[m.place[kind]]
	}
	spans := m.Units[c.only].Spans
	i, ok := slices.BinarySearchFunc(spans, kind, func(s Span, k uint8) int { return int(s.Kind) - int(k) })
	if !ok {
		return kindCount{}
	}
	return alone(spans[i])
}

// members lists the units of a cluster, ascending.
func (m *model) members(c int32) []int32 {
	if m.clusters[c].several == nil {
		return []int32{m.clusters[c].only}
	}
	us := m.clusters[c].units
	slices.Sort(us)
	us = slices.Compact(us)
	us = slices.DeleteFunc(us, func(i int32) bool { return m.of[i] != c })
	m.clusters[c].units = us
	return us
}

// apart reports whether a cluster is a unit that must not be clustered.
func (m *model) apart(c int32) bool { return m.Units[m.clusters[c].only].Apart }

// news is the probability that the next unit of a cluster has a value of the
// kind that none of its units had. Its own units are the trials; pseudoUnits
// represent the kind's behaviour in all clusters.
func (m *model) news(k kindCount, kind uint8) news {
	n := float64(k.units)
	usual := m.rate[kind] / (n + m.rate[kind])
	per := float64(k.values) / n
	fresh := max(0, (float64(k.distinct)-per)/per)
	r := min(0.98, (fresh+pseudoUnits*usual)/(n-1+pseudoUnits))
	return news{r, math.Log(r)}
}

func logChange(v float64) float64 { return math.Log((1-changed)*math.Exp(v) + changed) }
