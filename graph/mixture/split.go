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
		at, offered, units := x.at, x.offered, slices.Clone(m.members(c))
		if m.divide(units) {
			cut++
			continue
		}
		y := m.clusters[m.of[units[0]]]
		y.at, y.whole, y.offered = at, at, offered
	}
	return cut
}

// divide divides the units of a cluster if two of its sides would not merge.
func (m *model) divide(units []int32) bool {
	for n, seed := range append([][]int32{{m.least(units)}}, m.seeds(units)...) {
		small, large := m.sides(units, seed)
		if m.clusters[small].n >= 2 {
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
		m.move(small, large)
	}
	return false
}

// sides divides units between two new clusters, starting with a seed. It moves
// units until each is in the cluster that fits better, for mergeRounds rounds
// at most.
func (m *model) sides(units, seed []int32) (small, large int32) {
	side := [2]int32{m.fresh(), m.fresh()}
	for _, i := range units {
		m.take(i)
	}
	for _, i := range units {
		if _, ok := slices.BinarySearch(seed, i); ok {
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

// least returns the unit that fits its cluster least.
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
