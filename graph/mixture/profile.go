package mixture

import "math"

// Snapshot holds the counts of a set of units, without the units: enough to
// score others against it.
type Snapshot struct {
	Units    int32
	Kinds    []KindCount // by kind
	Features []FeatureCount
}

// KindCount counts units that have values of a kind, their values, and the distinct ones.
type KindCount struct{ Units, Values, Distinct int32 }

// FeatureCount says how many units have a feature.
type FeatureCount struct{ Feature, Units int32 }

// Snapshot counts the values of units.
func (f *Fitted) Snapshot(units []int32) Snapshot {
	m := f.m
	out := Snapshot{Units: int32(len(units)), Kinds: make([]KindCount, len(m.Kinds))}
	at := make(map[int32]int)
	for _, i := range units {
		u := &m.Units[i]
		for _, s := range u.Spans {
			k := &out.Kinds[s.Kind]
			k.Units++
			k.Values += s.values()
			k.Distinct += int32(s.Alone)
			for _, g := range u.Values[s.From:s.To] {
				n, ok := at[g]
				if !ok {
					n = len(out.Features)
					at[g] = n
					out.Features = append(out.Features, FeatureCount{Feature: g})
					k.Distinct++
				}
				out.Features[n].Units++
			}
		}
	}
	return out
}

// Rates are the learned concentrations, by kind.
func (f *Fitted) Rates() []float64 { return f.m.rate }

// Load makes a model of clusters of which only snapshots are known, in their order. surprise
// is that of each feature, in nats; kindOf its kind.
func Load(kinds []Kind, kindOf []uint8, surprise, rates []float64, prior float64, clusters []Snapshot) *Fitted {
	m := newModel(Input{Kinds: kinds, KindOf: kindOf})
	m.place, m.placed = make([]uint8, len(kinds)), len(kinds) // snapshots have all kinds
	for k := range m.place {
		m.place[k] = uint8(k)
	}
	copy(m.rate, rates)
	m.prior = prior
	for f, s := range surprise {
		m.features[f].base = math.Exp(-s)
	}
	for _, from := range clusters {
		c := m.fresh()
		x := m.clusters[c]
		x.n, x.only, x.several = from.Units, -1, &several{kinds: make([]kindCount, len(kinds))}
		for k, n := range from.Kinds[:min(len(from.Kinds), len(kinds))] {
			x.kinds[k] = kindCount{units: float32(n.Units), values: float32(n.Values), distinct: float32(n.Distinct)}
		}
		for _, n := range from.Features {
			x.features.add(n.Feature, n.Units)
			m.show(n.Feature, c)
		}
	}
	m.prepare()
	return &Fitted{m}
}

// Counted adds a unit that the snapshot of its cluster counts already, and returns its number. A
// snapshot may lack values of one unit; those of this unit are added.
func (f *Fitted) Counted(u Unit, c int32) int32 {
	i := f.Loose(u)
	f.m.of[i] = c
	counts := f.m.clusters[c].several
	for _, g := range u.Values {
		if counts.features.of(g) == 0 {
			counts.features.add(g, 1)
			f.m.show(g, c)
		}
	}
	return i
}

// Put adds a loose unit to a cluster.
func (f *Fitted) Put(i, c int32) { f.m.put(i, c) }

// Join returns the cluster that a unit joins, and how much better it fits there than
// elsewhere, in nats; false if it joins none.
func (f *Fitted) Join(u Unit) (cluster int32, odds float64, ok bool) {
	m := f.m
	i := f.Loose(u)
	rated := m.candidates(i)
	c, _ := m.choose(rated)
	if c >= 0 {
		odds = float64(m.over(rated, c))
	}
	m.Units, m.of = m.Units[:i], m.of[:i]
	return c, odds, c >= 0
}
