package mixture

import (
	"cmp"
	"slices"
)

// cluster is a set of units. Its feature counts are in postings, or in a table
// for features of very many units.
type cluster struct {
	n       int32
	units   []int32     // in no order; one that has left stays until the next look
	kinds   []kindCount // by place of the kind; nil while there is only one unit, as in most clusters
	only    int32       // that unit
	at      int64       // when it last changed
	offered int64       // when it was last offered to others
	whole   int64       // when it last changed before its sides were found to belong together
}

// kindCount counts units that have values of a kind, the values, and the distinct ones.
type kindCount struct {
	units, values, distinct float32
	next                    news // worked out when first asked for
}

// news is the probability that the next unit has a new value, and its
// logarithm; 0 until computed.
type news struct{ rate, log float64 }

// entry is the number of units of a cluster that have a feature.
type entry struct {
	cluster int32
	n       int32
}

// counts holds the feature counts of all clusters.
type counts struct {
	features []feature // by number
	table    table     // counts of common features in clusters of several units
	ones     []int32   // of each common feature: clusters of one unit that have it
	heads    [][]int32 // of each common feature: clusters of several that it calls
}

// feature is the state of a feature. It is one record, since each look is for another place of
// the memory.
type feature struct {
	postings []entry // of a rare one, by cluster
	base     float64 // probability for a stranger
	surprise float64 // its negative logarithm
	common   int32   // number among the common features, from 1; 0: it is rare
}

// table is an open-addressing map from cluster and feature to a count. It never
// shrinks; growing drops zero counts.
type table struct {
	keys  []uint64
	n     []int32
	used  int
	shift uint
}

// firstTable is the binary logarithm of the first size of a table.
const firstTable = 12

func newTable() table {
	return table{keys: make([]uint64, 1<<firstTable), n: make([]int32, 1<<firstTable), shift: 64 - firstTable}
}

// slot finds the place of a key, or the free place for it.
func (t *table) slot(key uint64) int {
	mask := len(t.keys) - 1
	i := int(key * 0x9E3779B97F4A7C15 >> t.shift)
	for t.keys[i] != key && t.keys[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

func keyOf(c, f int32) uint64 { return uint64(c+1)<<32 | uint64(uint32(f)) }

// add changes the number of units of cluster c with feature f, and returns it.
func (t *table) add(c, f, by int32) int32 {
	if 2*t.used >= len(t.keys) {
		t.grow()
	}
	i := t.slot(keyOf(c, f))
	if t.keys[i] == 0 {
		t.keys[i] = keyOf(c, f)
		t.used++
	}
	t.n[i] += by
	return t.n[i]
}

// grow doubles the table and drops entries that fell to zero.
func (t *table) grow() {
	keys, n := t.keys, t.n
	t.keys, t.n = make([]uint64, 2*len(keys)), make([]int32, 2*len(n))
	t.shift--
	t.used = 0
	for i, k := range keys {
		if k != 0 && n[i] > 0 {
			j := t.slot(k)
			t.keys[j], t.n[j] = k, n[i]
			t.used++
		}
	}
}

// add counts f in cluster c by one more or less, and returns the new count.
func (s *counts) add(c, f, by int32) int32 {
	x := &s.features[f]
	if x.common > 0 {
		n := s.table.add(c, f, by)
		if h := &s.heads[x.common-1]; by > 0 && n == 1 && len(*h) < mostHeads && !slices.Contains(*h, c) {
			*h = append(*h, c)
		}
		return n
	}
	l := x.postings
	i, ok := slices.BinarySearchFunc(l, c, func(e entry, c int32) int { return cmp.Compare(e.cluster, c) })
	if !ok {
		x.postings = slices.Insert(l, i, entry{c, by})
		return by
	}
	l[i].n += by
	n := l[i].n
	if n == 0 {
		x.postings = slices.Delete(l, i, i+1)
	}
	return n
}

// of returns the number of units of cluster c that have f.
func (s *counts) of(c, f int32) int32 {
	x := &s.features[f]
	if x.common > 0 {
		return s.table.n[s.table.slot(keyOf(c, f))]
	}
	l := x.postings
	lo, hi := 0, len(l)
	for lo < hi {
		if h := (lo + hi) / 2; l[h].cluster < c {
			lo = h + 1
		} else {
			hi = h
		}
	}
	if lo < len(l) && l[lo].cluster == c {
		return l[lo].n
	}
	return 0
}

// clusters counts for each feature the clusters that have it.
func (s *counts) clusters() []float64 {
	out := make([]float64, len(s.features))
	for f := range s.features {
		out[f] = float64(len(s.features[f].postings))
	}
	for f := range s.features {
		if c := s.features[f].common; c > 0 {
			out[f] = float64(s.ones[c-1])
		}
	}
	for i, k := range s.table.keys {
		if k != 0 && s.table.n[i] > 0 {
			out[uint32(k)]++
		}
	}
	return out
}

// chooseHeads chooses for each common feature the clusters where most units have it.
func (s *counts) chooseHeads() {
	for n := range s.heads {
		s.heads[n] = s.heads[n][:0]
	}
	lists := make([][]entry, len(s.heads))
	less := func(a, b entry) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.cluster, b.cluster)) }
	for i, k := range s.table.keys {
		if k == 0 || s.table.n[i] <= 0 {
			continue
		}
		f, e := s.features[uint32(k)].common-1, entry{int32(k>>32) - 1, s.table.n[i]}
		l := lists[f]
		if len(l) == mostHeads {
			if less(e, l[len(l)-1]) >= 0 {
				continue
			}
			l = l[:len(l)-1]
		}
		at, _ := slices.BinarySearchFunc(l, e, less)
		lists[f] = slices.Insert(l, at, e)
	}
	for f, l := range lists {
		h := &s.heads[f]
		for _, e := range l {
			*h = append(*h, e.cluster)
		}
	}
}
