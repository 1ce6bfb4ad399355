package mixture

import (
	"math"
	"slices"
)

// Two campaigns that run at the same time and send the same text look like one
// that rotates its mailer, its servers or its accounts. Time separates them. A
// campaign changes one aspect at a time, and mostly once. In the mail of two
// campaigns, several aspects change together, back and forth, whenever mail of
// one follows mail of the other.
//
// So the units of both sides are put in order of arrival. For each kind, the
// rate of change between neighbours of one side is compared with the rate
// between neighbours of two sides. The evidence is the likelihood ratio of two
// rates against one, less the price of the second rate (half the log of the
// number of trials, Schwarz 1978) and of the choice among the kinds of its
// aspect. An aspect counts by its strongest kind. The aspect that differs most is
// left out, because it can be the reason for the division in the first place. The
// others add up, as if they changed independently. A campaign that alternates
// between two sending services breaks that: its program and route change together.

// Aspect is a part of a campaign that changes on its own.
type Aspect uint8

// The aspects. A kind whose values follow from two of them has none.
const (
	NoAspect Aspect = iota
	Content         // text, links and identifiers
	Program         // the mailing program
	Route           // servers that send
	Hosting         // domains of links and senders, their registration and hosting
	aspects
)

// Bounds of the work of one comparison.
const (
	neighbours  = 4   // units of the larger side kept before and after each of a much smaller one
	muchSmaller = 32  // times
	mostTrials  = 512 // neighbours compared, taken evenly over the time of both
	runOfTrials = 8   // of them in sequence
)

// contrast counts, for one kind, pairs of neighbours in time that both have
// values of the kind, and those of the pairs that share no value.
type contrast struct {
	within, withinOf float64 // both of one side
	across, acrossOf float64 // of two sides
}

// nats returns the log likelihood ratio of two rates of change against one. It
// is 0 if neighbours of two sides differ no more often than neighbours of one
// side.
func (d contrast) nats() float64 {
	if d.acrossOf == 0 || d.withinOf == 0 || d.across*d.withinOf <= d.within*d.acrossOf {
		return 0
	}
	two := binomial(d.within, d.withinOf) + binomial(d.across, d.acrossOf)
	return max(0, two-binomial(d.within+d.across, d.withinOf+d.acrossOf))
}

// binomial returns the log likelihood of k in n at its own rate. The estimate
// of the rate has half a trial more of either outcome, so that it is never 0 or
// 1.
func binomial(k, n float64) float64 {
	p := (k + 0.5) / (n + 1)
	return k*math.Log(p) + (n-k)*math.Log(1-p)
}

// twoOwners returns the evidence, in nats, that two clusters are campaigns of two owners that
// run at the same time. s is the evidence for one. With an identifier in common that nobody
// copies, both have one owner, and two crews may send for him.
func (m *model) twoOwners(s *sums, p, q int32) float64 {
	if m.clusters[p].n < 2 || m.clusters[q].n < 2 || s.own >= whatMin {
		return 0
	}
	return m.divided(m.members(p), m.members(q))
}

// divided compares two ascending lists of units for twoOwners: numbers of units are in order
// of arrival.
func (m *model) divided(p, q []int32) float64 {
	if len(p) > len(q) {
		p, q = q, p
	}
	if len(q) > muchSmaller*len(p) {
		q = around(p, q)
	}
	var top, kinds [aspects]float64
	for k := range m.Kinds {
		if m.Kinds[k].Weight > 0 {
			kinds[m.Kinds[k].Aspect]++
		}
	}
	for k, d := range m.contrasts(p, q) {
		if a := m.Kinds[k].Aspect; a != NoAspect && m.Kinds[k].Weight > 0 {
			top[a] = max(top[a], d.nats()-0.5*math.Log(d.acrossOf+1)-math.Log(kinds[a]))
		}
	}
	sum, most := 0.0, 0.0
	for _, v := range top {
		sum += v
		most = max(most, v)
	}
	return sum - most
}

// around lists the units of q that are near units of p in time.
func around(p, q []int32) (out []int32) {
	from := 0
	for _, i := range p {
		at, _ := slices.BinarySearch(q, i)
		from = max(from, at-neighbours)
		to := min(len(q), at+neighbours)
		if to > from {
			out = append(out, q[from:to]...)
			from = to
		}
	}
	return out
}

// contrasts compares neighbours among two ascending lists of units, by kind.
func (m *model) contrasts(p, q []int32) []contrast {
	type last struct {
		unit  int32 // number, plus one; 0: none yet
		span  Span
		ofTwo bool
	}
	out, before := make([]contrast, len(m.Kinds)), make([]last, len(m.Kinds))
	step := (len(p) + len(q) + mostTrials - 1) / mostTrials
	for n := 0; len(p)+len(q) > 0; n++ {
		var i int32
		ofTwo := len(p) == 0 || len(q) > 0 && q[0] < p[0]
		if ofTwo {
			i, q = q[0], q[1:]
		} else {
			i, p = p[0], p[1:]
		}
		// Runs are chosen by a hash of their number: mail can come in a rhythm.
		if uint64(n/runOfTrials)*0x9E3779B97F4A7C15>>32%uint64(step) != 0 {
			continue
		}
		u := &m.Units[i]
		for _, s := range u.Spans {
			b := &before[s.Kind]
			if b.unit > 0 {
				differ := 1.0
				if m.agree(u, s, &m.Units[b.unit-1], b.span) {
					differ = 0
				}
				if d := &out[s.Kind]; b.ofTwo == ofTwo {
					d.within += differ
					d.withinOf++
				} else {
					d.across += differ
					d.acrossOf++
				}
			}
			*b = last{i + 1, s, ofTwo}
		}
	}
	return out
}

// agree reports whether two units share a value of a kind; where its values are one
// observation, half of them.
func (m *model) agree(a *Unit, s Span, b *Unit, t Span) bool {
	x, y := a.Values[s.From:s.To], b.Values[t.From:t.To]
	least, n := 1, 0
	if m.Kinds[s.Kind].Whole {
		least = max(1, (int(s.values())+1)/2)
	}
	for len(x) > 0 && len(y) > 0 && n < least {
		switch {
		case x[0] < y[0]:
			x = x[1:]
		case x[0] > y[0]:
			y = y[1:]
		default:
			n++
			x, y = x[1:], y[1:]
		}
	}
	return n >= least
}

// seeds lists beginnings of a division of a cluster's units, ascending, into two that run
// in parallel: for each aspect, the units with the second of the commonest values of a
// kind that exclude each other. Only those stay that differ in another aspect too.
func (m *model) seeds(units []int32) (out [][]int32) {
	count := make(map[int32]int)
	for n := 0; n < len(units); n += (len(units) + mostTrials - 1) / mostTrials {
		u := &m.Units[units[n]]
		for _, s := range u.Spans {
			if k := &m.Kinds[s.Kind]; k.Aspect != NoAspect && k.Weight > 0 && !k.Whole {
				for _, f := range u.Values[s.From:s.To] {
					count[f]++
				}
			}
		}
	}
	most := make(map[uint8]int32) // the commonest value of each kind
	values := make([]int32, 0, len(count))
	for f, n := range count {
		if n > 1 {
			values = append(values, f)
		}
	}
	slices.SortFunc(values, func(f, g int32) int {
		if count[f] != count[g] {
			return count[g] - count[f]
		}
		return int(f - g)
	})
	for _, f := range values {
		if _, ok := most[m.KindOf[f]]; !ok {
			most[m.KindOf[f]] = f
		}
	}
	var found [aspects]bool
	for _, f := range values {
		k := m.KindOf[f]
		a := m.Kinds[k].Aspect
		if f == most[k] || found[a] {
			continue
		}
		with, both := m.having(units, f, most[k])
		if both || len(with) < 2 {
			continue
		}
		found[a] = true
		rest := slices.DeleteFunc(slices.Clone(units), func(i int32) bool {
			_, ok := slices.BinarySearch(with, i)
			return ok
		})
		if m.divided(with, rest) > m.prior {
			out = append(out, with)
		}
	}
	return out
}

// having lists the units that have feature f, and reports whether one of them has g too.
func (m *model) having(units []int32, f, g int32) (with []int32, both bool) {
	for _, i := range units {
		if m.has(i, f) {
			with = append(with, i)
			both = both || m.has(i, g)
		}
	}
	return with, both
}

// has reports whether unit i has feature f.
func (m *model) has(i, f int32) bool {
	u := &m.Units[i]
	for _, s := range u.Spans {
		if s.Kind == m.KindOf[f] {
			_, ok := slices.BinarySearch(u.Values[s.From:s.To], f)
			return ok
		}
	}
	return false
}
