package mixture

import (
	"math"
	"slices"
)

// minSplit is the size of a cluster that can be two of two units.
const minSplit = 4

// split divides clusters whose two sides would not merge, and then their parts,
// for splitRounds rounds at most. It returns the number of divisions.
func (m *model) split() (cut int) {
	for range splitRounds {
		n := m.splitOnce()
		if cut += n; n == 0 {
			break
		}
	}
	return cut
}

// splitOnce looks once at each cluster that changed since it was found whole.
func (m *model) splitOnce() (cut int) {
	for c := range int32(len(m.clusters)) {
		x := m.clusters[c]
		if x == nil || x.n < minSplit || x.whole == x.at {
			continue
		}
		at, offered := x.at, x.offered
		if m.divide(c) {
			cut++
			continue
		}
		x.at, x.whole, x.offered = at, at, offered
	}
	return cut
}

// divide divides a cluster if two of its sides would not merge. If not, it stays as it was,
// with its number: so units that were compared with it need not be looked at again.
func (m *model) divide(c int32) bool {
	units := slices.Clone(m.members(c))
	for n, seed := range append([][]int32{{m.least(units)}}, m.seeds(units)...) {
		other := m.sides(c, units, seed)
		if small, large := m.bySize(c, other); m.clusters[small].n >= 2 {
			s := m.pair(small, m.profile(small), large)
			against := m.twoOwners(&s, small, large)
			s.total -= against
			// Sides that were sought by parallel runs must differ by these.
			if n > 0 && s.total <= m.prior && against > m.prior {
				return true
			}
			if best, _ := m.choose([]candidate{{large, s}}); n == 0 && best < 0 {
				return true
			}
		}
		m.rejoin(c, other)
	}
	return false
}

// rejoin undoes sides.
func (m *model) rejoin(c, other int32) {
	m.move(other, c)
	m.clusters = m.clusters[:other]
}

// bySize orders two clusters, the smaller first; of equal ones the second.
func (m *model) bySize(p, q int32) (small, large int32) {
	if m.clusters[p].n < m.clusters[q].n {
		return p, q
	}
	return q, p
}

// sides moves units of a cluster to a new one, the last, starting with a seed, until each is
// in the one that fits better, for mergeRounds rounds at most.
func (m *model) sides(c int32, units, seed []int32) (other int32) {
	other = m.fresh()
	for _, i := range seed {
		m.take(i)
		m.put(i, other)
	}
	for range mergeRounds {
		moved := false
		for _, i := range units {
			was := m.of[i]
			if m.clusters[was].n == 1 {
				continue
			}
			to := c
			if m.fits(i, other) > m.fits(i, c) {
				to = other
			}
			if to != was {
				moved = true
				m.take(i)
				m.put(i, to)
			}
		}
		if !moved {
			break
		}
	}
	return other
}

// least returns the unit that fits its cluster least.
func (m *model) least(units []int32) int32 {
	worst, at := units[0], math.Inf(1)
	for _, i := range units {
		if v := m.unit(i, m.of[i]).total; v < at {
			worst, at = i, v
		}
	}
	return worst
}

func (m *model) fits(i, c int32) float64 {
	return m.unit(i, c).total + sizeWeight*math.Log(float64(m.others(i, c)))
}
