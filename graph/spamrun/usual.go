package spamrun

import (
	"cmp"
	"math"
	"slices"
)

// usual holds the distribution of a store's runs, learned from one sender after another. A
// prior counts as much as some runs.
type usual struct {
	runs       float64
	again      float64 // those that another run of the sender follows within longest
	timed, two float64 // runs with several gaps, and how many of them have two rates
	extents    []extent
	spread     extent // sums of squared distances from the prior
}

// extent is the size of a run: the log of its recipients, and of the mean gap. A slow run
// is longer than a fast one in one store, and shorter in another.
type extent struct{ recipients, gap float64 }

// extentOf measures a run.
func extentOf(members []Arrival) extent {
	span := float64(since(members[0].At, members[len(members)-1].At))
	return extent{math.Log(float64(recipients(members))), math.Log(max(0.5, span/float64(max(1, len(members)-1))))}
}

// The prior: priorRuns runs with these properties.
const (
	priorRuns   = 10
	priorExtent = 3.0 // log of the recipients, in nats
	priorSpread = 1.2
	priorTwo    = 0.5
	priorAgain  = 0.1
)

// remembered is the number of runs whose extents are kept.
const remembered = 256

// learn learns from the runs of one sender that are not wanted.
func (u *usual) learn(runs [][]Arrival) {
	slices.SortFunc(runs, func(a, b []Arrival) int { return cmp.Compare(a[0].At, b[0].At) })
	for i, members := range runs {
		u.runs++
		u.learnExtent(extentOf(members))
		if i > 0 && since(runs[i-1][len(runs[i-1])-1].At, members[0].At) <= longest {
			u.again++
		}
		if len(members) >= enough {
			one, two := rates(gaps(members))
			p := u.twoRates()
			u.timed++
			u.two += p / (p + (1-p)*math.Exp(one-two))
		}
	}
}

// twoRates returns the share of runs with two rates, as of programs that
// deliver several mails per connection.
func (u *usual) twoRates() float64 { return (u.two + priorTwo*priorRuns) / (u.timed + priorRuns) }

// followed is the share of the runs that another run of the sender follows.
func (u *usual) followed() float64 {
	return (u.again + priorAgain*priorRuns) / (u.runs + priorRuns)
}

// learnExtent keeps the extent of a run.
func (u *usual) learnExtent(e extent) {
	if len(u.extents) == remembered {
		return
	}
	u.extents = append(u.extents, e)
	r, g := e.recipients-priorExtent, e.gap-scaleRange/2
	u.spread.recipients += r * r
	u.spread.gap += g * g
}

// width returns the scales of the kernels, by Scott's rule for two dimensions
// (Multivariate Density Estimation, 1992).
func (u *usual) width() extent {
	n := float64(len(u.extents)) + priorRuns
	of := func(squares, prior float64) float64 {
		return math.Sqrt((squares+priorRuns*prior*prior)/n/2) * math.Pow(n, -1./6) // the deviation is √2 scales
	}
	return extent{of(u.spread.recipients, priorSpread), of(u.spread.gap, scaleRange/math.Sqrt(12))}
}

// of returns the log density of a run with this extent, over that of a uniform log gap. It
// is estimated by kernels about the runs that are known.
func (u *usual) of(members []Arrival) float64 {
	e := extentOf(members)
	z := (e.recipients - priorExtent) / priorSpread
	sum := priorRuns * math.Exp(-z*z/2) / (priorSpread * math.Sqrt(2*math.Pi))
	w := u.width()
	high := 1 / (2 * w.recipients)
	if len(members) == 1 { // a single mail has no gap
		e.gap, w.gap = 0, math.Inf(1)
	} else {
		high *= scaleRange / (2 * w.gap)
	}
	for _, known := range u.extents {
		sum += high * math.Exp(-math.Abs(e.recipients-known.recipients)/w.recipients-math.Abs(e.gap-known.gap)/w.gap)
	}
	return math.Log(sum / (priorRuns + float64(len(u.extents))))
}

// parted returns the evidence of two runs of these extents against one run of
// both.
func (u *usual) parted(a, b []Arrival) float64 {
	return u.of(a) + u.of(b) - u.of(slices.Concat(a, b))
}
