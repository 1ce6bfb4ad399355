package mixture

import (
	"cmp"
	"math/bits"
	"slices"
)

// cluster is a set of units. Most have one unit, which serves as its counts.
type cluster struct {
	n       int32
	only    int32 // its first unit
	at      int64 // when it last changed
	offered int64 // when it was last offered to others
	whole   int64 // when it last changed before its sides were found to belong together
	*several
}

// several are the counts of a cluster that has, or had, more than one unit.
type several struct {
	units    []int32 // in no order; one that has left stays until the next look
	kinds    []kindCount
	features tallies
}

// kindCount counts units that have values of a kind, the values, and the distinct ones.
type kindCount struct {
	units, values, distinct float32
	next                    news // worked out when first asked for
}

// news is the probability that the next unit has a new value, and its
// logarithm; 0 until computed.
type news struct{ rate, log float64 }

// feature is the state of a feature. It is one record, since each look is for another place of
// the memory.
type feature struct {
	base     float64 // probability for a stranger
	surprise float64 // its negative logarithm
	calls    int32   // from 1: number of its postings; below 0, from -1: of its heads; 0: it calls no cluster
}

// callers are the clusters that features call.
type callers struct {
	features []feature // by number
	postings [][]int32 // of each rare feature: the clusters that have it, in no order
	heads    [][]head  // of each common feature: clusters of several units
}

// head is a cluster that a common feature calls, and how many of its units have the feature: 0
// if none has it any more.
type head struct{ cluster, n int32 }

// tallies is an open-addressing map from features to the number of units that have them. One
// for each cluster: a unit that is compared with a cluster finds it in the processor's cache.
type tallies struct {
	list  []entry // a feature that nobody has any more stays until the table grows
	used  int32
	shift uint8
}

// entry is the number of units of a cluster that have a feature.
type entry struct {
	feature int32 // plus one; 0: free
	n       int32
}

// leastTable is the size of the smallest table.
const leastTable = 16

// place finds the place of a feature, or the free place for it.
func (t *tallies) place(f int32) int {
	mask := len(t.list) - 1
	i := int(uint32(f+1) * 0x9E3779B9 >> t.shift)
	for t.list[i].feature != f+1 && t.list[i].feature != 0 {
		i = (i + 1) & mask
	}
	return i
}

// add changes the number of units with feature f, and returns it.
func (t *tallies) add(f, by int32) int32 {
	if 4*int(t.used+1) > 3*len(t.list) {
		t.grow()
	}
	x := &t.list[t.place(f)]
	if x.feature == 0 {
		x.feature = f + 1
		t.used++
	}
	x.n += by
	return x.n
}

// of returns the number of units with feature f.
func (t *tallies) of(f int32) int32 {
	if len(t.list) == 0 {
		return 0
	}
	return t.list[t.place(f)].n
}

// grow makes room for another feature, and forgets those that nobody has.
func (t *tallies) grow() {
	live := int32(0)
	for _, e := range t.list {
		if e.n > 0 {
			live++
		}
	}
	t.resize(live + live/2 + 1)
}

// resize moves the counts to a table for so many features.
func (t *tallies) resize(features int32) {
	old, size := t.list, leastTable
	for 3*size < 4*int(features+1) {
		size *= 2
	}
	t.list, t.used, t.shift = make([]entry, size), 0, uint8(33-bits.Len32(uint32(size)))
	for _, e := range old {
		if e.n > 0 {
			t.list[t.place(e.feature-1)] = e
			t.used++
		}
	}
}

// each yields the features that units have, in no order.
func (t *tallies) each(yield func(f, n int32) bool) {
	for _, e := range t.list {
		if e.n > 0 && !yield(e.feature-1, e.n) {
			return
		}
	}
}

// countOf returns the number of units of cluster c that have f.
func (m *model) countOf(c, f int32) int32 {
	x := m.clusters[c]
	switch {
	case x == nil:
		return 0
	case x.several != nil:
		return x.features.of(f)
	case m.has(x.only, f):
		return 1
	}
	return 0
}

// show lets feature f call cluster c, which did not have it. Common ones call clusters of
// several units only, see adjust.
func (s *callers) show(f, c int32) {
	if x := s.features[f].calls; x > 0 {
		s.postings[x-1] = append(s.postings[x-1], c)
	}
}

// adjust notes that n units of cluster c, which has several, have feature f: by more than before.
func (s *callers) adjust(f, c, n, by int32) {
	x := s.features[f].calls
	if x >= 0 {
		return
	}
	h := s.heads[-x-1]
	for i := range h {
		if h[i].cluster == c {
			h[i].n = n
			return
		}
	}
	if by > 0 && n == 1 && len(h) < mostHeads {
		s.heads[-x-1] = append(h, head{c, n})
	}
}

// hide takes cluster c, which has lost feature f, from those that it calls.
func (s *callers) hide(f, c int32) {
	if x := s.features[f].calls; x > 0 {
		l := s.postings[x-1]
		i, last := slices.Index(l, c), len(l)-1
		l[i] = l[last]
		s.postings[x-1] = l[:last]
	}
}

// clustersWith counts for each feature the clusters that have it.
func (m *model) clustersWith() []float64 {
	out := make([]float64, len(m.features))
	for _, c := range m.clusters {
		switch {
		case c == nil:
		case c.several == nil:
			for _, f := range m.Units[c.only].Values {
				out[f]++
			}
		default:
			for f := range c.features.each {
				out[f]++
			}
		}
	}
	return out
}

// chooseHeads chooses for each common feature the clusters where most units have it.
func (m *model) chooseHeads() {
	lists := make([][]head, len(m.heads))
	less := func(a, b head) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.cluster, b.cluster)) }
	for number, c := range m.clusters {
		if c == nil || c.several == nil {
			continue
		}
		for f, n := range c.features.each {
			at := m.features[f].calls
			if at >= 0 {
				continue
			}
			e, l := head{int32(number), n}, lists[-at-1]
			if len(l) == mostHeads {
				if less(e, l[len(l)-1]) >= 0 {
					continue
				}
				l = l[:len(l)-1]
			}
			place, _ := slices.BinarySearchFunc(l, e, less)
			lists[-at-1] = slices.Insert(l, place, e)
		}
	}
	m.heads = lists
}
