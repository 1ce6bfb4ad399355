package spamrun

import (
	"cmp"
	"math"
	"slices"
)

// Limits of a run in time, in seconds. They define a run; within them the end
// is estimated.
const (
	shortest = 10 * 60      // a silence of this or less never ends a run: clients that are put off come back
	longest  = 4 * 60 * 60  // a longer one always does
	seldom   = 60 * 60      // where mails are further apart on average, there is no burst
	day      = 24 * 60 * 60 // that a run lasts at most
)

// Prior values of pauses.
const (
	nearby = 64 // number of gaps on each side that estimate the rate
	tried  = 8  // of the longest silences, each time
)

// Normalising constants of the priors, in nats: each is the log of the range of
// a variable whose logarithm is uniform.
var (
	// A rate may be anything from one mail a second to one in seldom, each scale alike.
	scaleRange = math.Log(seldom)
	scales     = math.Log(scaleRange)
	// So may the silence between two runs be, from shortest to longest.
	pauses = math.Log(math.Log(longest / shortest))
)

// bursts cuts sorted arrivals into bursts and returns the end of each.
//
// It compares two models of the gaps near a pause (Bayesian change points,
// Fearnhead, Statistics and Computing 2006, with the rates integrated out).
// Either one run goes on through it, or one ends and another begins, each with
// its own rate. In random mail of a steady rate, one in some hundred runs has a
// pause of nine mean gaps.
func bursts(all []Arrival, u *usual) (cuts []int) {
	start := 0
	for i := 1; i <= len(all); i++ {
		if i == len(all) || since(all[i-1].At, all[i].At) > longest || since(all[start].At, all[i].At) > day {
			cuts = append(splits(all, start, i, u, cuts), i)
			start = i
		}
	}
	return cuts
}

// splits cuts all[from:to] at the silences that end a run, the clearest first.
func splits(all []Arrival, from, to int, u *usual, cuts []int) []int {
	best, gain := 0, 0.0
	for _, i := range silences(all[from:to]) {
		if g := u.change(all[from:to], i) + u.parted(all[from:from+i], all[from+i:to]); g > gain {
			best, gain = from+i, g
		}
	}
	if best == 0 {
		return cuts
	}
	cuts = append(splits(all, from, best, u, cuts), best)
	return splits(all, best, to, u, cuts)
}

// silences lists the arrivals after the longest silences.
func silences(all []Arrival) (at []int) {
	for i := 1; i < len(all); i++ {
		if since(all[i-1].At, all[i].At) > shortest {
			at = append(at, i)
		}
	}
	if len(at) > tried {
		slices.SortStableFunc(at, func(i, j int) int {
			return cmp.Compare(since(all[j-1].At, all[j].At), since(all[i-1].At, all[i].At))
		})
		at = at[:tried]
	}
	return at
}

// change is the log likelihood ratio, in nats, of two runs against one, if the
// second begins with all[i]. Either the same hand begins again, or any hand does.
// The latter may have rates, names and a list of its own, or the same.
func (u *usual) change(all []Arrival, i int) float64 {
	from, to := max(0, i-1-nearby), min(len(all), i+1+nearby)
	left, right, both := all[from:i], all[i:to], all[from:to]
	before, after := gaps(left), gaps(right)
	silence := float64(since(all[i-1].At, all[i].At))
	again := u.evidence(slices.Concat(before, after))
	rates := either(0, u.evidence(before)+u.evidence(after)-again)
	in := usageOf(both)
	names := either(0, in.evidence(left)+in.evidence(right)-in.evidence(both))
	lists := either(0, listOf(left).evidence()+listOf(right).evidence()-listOf(both).evidence())
	one := u.evidence(slices.Concat(before, after, []float64{silence}))
	return math.Log(u.followed()) - math.Log(silence) - pauses + again + either(0, rates+names+lists) - one
}

// recipients counts those of some mails.
func recipients(all []Arrival) (n int) {
	for i := range all {
		n += max(1, all[i].Tried)
	}
	return n
}

// gaps returns the times between arrivals, sorted. Timestamps are whole
// seconds; arrivals in the same second count as half a second apart.
func gaps(all []Arrival) []float64 {
	out := make([]float64, 0, len(all))
	for i := 1; i < len(all); i++ {
		out = append(out, max(0.5, float64(since(all[i-1].At, all[i].At))))
	}
	return out
}

// evidence is the log likelihood of gaps for an unknown rate: of one rate, or
// of two, since many programs deliver some mails per connection.
func (u *usual) evidence(gaps []float64) float64 {
	one, two := rates(gaps)
	p := u.twoRates()
	return mean([]float64{one + math.Log(2-2*p), two + math.Log(2*p)})
}

// rates are the log likelihoods of gaps for one unknown rate, and for two.
func rates(gaps []float64) (one, two float64) {
	if len(gaps) == 0 {
		return 0, 0
	}
	slices.Sort(gaps)
	total := 0.0
	for _, g := range gaps {
		total += g
	}
	n := len(gaps)
	one, two = atOneRate(n, total), math.Inf(-1)
	short := 0.0
	for k := 1; k < n; k++ {
		short += gaps[k-1]
		// The portion of short gaps is unknown: a beta function.
		shares := logGamma(k+1) + logGamma(n-k+1) - logGamma(n+2)
		two = max(two, shares+atOneRate(k, short)+atOneRate(n-k, total-short))
	}
	return one, two
}

// atOneRate returns the log likelihood of n gaps that sum up to total,
// integrated over all rates.
func atOneRate(n int, total float64) float64 {
	return logGamma(n) - float64(n)*math.Log(total) - scales
}

// logGamma returns the log of the gamma function at n, without its sign: n is
// positive.
func logGamma(n int) float64 {
	if n < len(logGammas) {
		return logGammas[n]
	}
	return lgamma(float64(n))
}

// logGammas is the table of those that nearly all sums need.
var logGammas = func() (table [2 * longBurst]float64) {
	for n := range table {
		table[n] = lgamma(float64(n))
	}
	return table
}()

// since returns the time from a to b, which must not be earlier. Wrong clocks,
// such as of 1904, make differences that overflow int64.
func since(a, b int64) uint64 { return uint64(b) - uint64(a) }
