package mixture

import "math"

// learn estimates the base and the concentrations from the clusters there are.
func (m *model) learn() {
	m.learnBase()
	m.learnRates()
	m.chooseHeads()
	m.prepare()
	m.learned = m.clock
	m.clock++
}

// learnBase estimates the base: the share of clusters with each feature, by
// Good-Turing for rare ones. Wanted messages count as clusters of their own.
func (m *model) learnBase() {
	kinds, clusters := make([]float64, len(m.Kinds)), 0
	for _, c := range m.clusters {
		if c == nil {
			continue
		}
		clusters++
		for k := range m.Kinds {
			if m.kind(c, uint8(k)).units > 0 {
				kinds[k]++
			}
		}
	}
	have := m.clustersWith()
	clusters += m.Strangers
	for f, n := range m.Elsewhere {
		have[f] += float64(n)
	}
	for k, n := range m.ElsewhereByKind {
		kinds[k] += float64(n)
	}
	totals := m.totals(kinds, clusters)
	expected := m.goodTuring(have)
	for f, n := range have {
		k := m.KindOf[f]
		if n < turing {
			n = expected[k][max(1, int(n))]
		}
		if m.Trusted[int32(f)] {
			n = leastExpected
		}
		m.features[f].base = n / totals[k]
	}
}

// Constants of the base, with counts of clusters.
const (
	turing        = 5    // counts below this are estimated
	leastExpected = 0.02 // of a value that one cluster has: 50 times rarer than it looks, at most
	pseudoValues  = 5    // by which the estimate is shrunk to the count itself
)

// goodTuring estimates, for values in 1 to 4 clusters, the number of further
// clusters that would have them in a sample of equal size: (r+1) N(r+1) / N(r)
// (Good, 1953). It never exceeds r, because campaigns that are still in pieces
// would raise it.
func (m *model) goodTuring(have []float64) [][turing]float64 {
	n := make([][turing + 1]float64, len(m.Kinds))
	for f, x := range have {
		if x >= 1 && x <= turing {
			n[m.KindOf[f]][int(x)]++
		}
	}
	out := make([][turing]float64, len(m.Kinds))
	for k := range out {
		for r := 1; r < turing; r++ {
			c := float64(r)
			e := (c + 1) * (n[k][r+1] + pseudoValues*c/(c+1)) / (n[k][r] + pseudoValues)
			out[k][r] = max(leastExpected, out[k][r-1], min(c, rounded(e)))
		}
	}
	return out
}

// rates are the concentrations tried.
var rates = [...]float64{.02, .05, .1, .2, .5, 1, 2, 4, 8, 16, 32, 64}

// minTrials is the minimum number of units from which a kind's concentration is
// learned.
const minTrials = 20

// mostSampled limits the units of one cluster that are trials.
const mostSampled = 32

// learnRates chooses for each kind the concentration under which clusters predict each of
// their units best from the others. A cluster counts by the root of its size: its units
// are not independent. So a few of a large one do for all.
func (m *model) learnRates() {
	like := make([][len(rates)]float64, len(m.Kinds))
	trials := make([]int, len(m.Kinds))
	for c := range int32(len(m.clusters)) {
		if x := m.clusters[c]; x == nil || x.n < 2 {
			continue
		}
		units := m.members(c)
		step := (len(units) + mostSampled - 1) / mostSampled
		weight := math.Sqrt(float64(len(units))) / float64((len(units)+step-1)/step)
		for at := 0; at < len(units); at += step {
			u := &m.Units[units[at]]
			for _, s := range u.Spans {
				n := float64(m.kind(m.clusters[c], s.Kind).units) - 1
				if n <= 0 || m.Kinds[s.Kind].Weight == 0 {
					continue
				}
				trials[s.Kind]++
				m.predict(&like[s.Kind], u.Values[s.From:s.To], c, n, weight/float64(s.values()), float64(s.Alone))
			}
		}
	}
	for k := range m.rate {
		m.rate[k] = 2
		if trials[k] <= minTrials {
			continue
		}
		best := 0
		for j := range rates {
			if like[k][j] > like[k][best] {
				best = j
			}
		}
		m.rate[k] = rates[best]
	}
}

// predict adds the log likelihood of values under each concentration. A value
// that no other unit has costs a constant more than any new value, so the
// constant is left out.
func (m *model) predict(like *[len(rates)]float64, values []int32, c int32, n, weight, alone float64) {
	all := alone + float64(len(values))
	for j, a := range rates {
		like[j] += weight * (alone*math.Log(a) - all*math.Log(n+a))
	}
	var products [len(rates)]product
	for _, f := range values {
		others, base := float64(m.countOf(c, f)-1), m.features[f].base
		for j, a := range rates {
			products[j].times(others + a*base)
		}
	}
	for j := range products {
		like[j] += weight * products[j].log()
	}
}
