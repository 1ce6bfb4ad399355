package spamrun

import (
	"cmp"
	"math"
	"slices"
)

// usual holds the distribution of a store's runs, learned from one sender after another. A
// prior counts as much as some runs.
type usual struct {
	runs, sum, squares float64 // logs of the numbers of recipients, which are normal
	timed, two         float64 // runs with several gaps, and how many of them have two rates
	silent, ends       float64 // silences of more than shortest, and those of them that end a run
}

// The prior: priorRuns runs with these properties.
const (
	priorRuns   = 10
	priorExtent = 3.0 // log of the recipients, in nats
	priorSpread = 1.2
	priorTwo    = 0.5
	priorEnds   = 0.1
)

// learn learns from the runs of one sender that are not wanted.
func (u *usual) learn(runs [][]Arrival) {
	slices.SortFunc(runs, func(a, b []Arrival) int { return cmp.Compare(a[0].At, b[0].At) })
	for i, members := range runs {
		x := math.Log(float64(recipients(members)))
		u.runs++
		u.sum += x
		u.squares += x * x
		within := 0.0
		for i := 1; i < len(members); i++ {
			if since(members[i-1].At, members[i].At) > shortest {
				within++
			}
		}
		if i > 0 {
			silence := since(runs[i-1][len(runs[i-1])-1].At, members[0].At)
			if runs[i-1][len(runs[i-1])-1].At < members[0].At && silence <= longest {
				within++
				u.ends++
			}
		}
		u.silent += within
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

// endsOnce is the share of the silences that end a run.
func (u *usual) endsOnce() float64 { return (u.ends + priorEnds*priorRuns) / (u.silent + priorRuns) }

// of returns the log density of a run with so many recipients.
func (u *usual) of(recipients int) float64 {
	n := u.runs + priorRuns
	mean := (u.sum + priorRuns*priorExtent) / n
	spread := math.Sqrt((u.squares+priorRuns*(priorExtent*priorExtent+priorSpread*priorSpread))/n - mean*mean)
	z := (math.Log(float64(recipients)) - mean) / spread
	return -z*z/2 - math.Log(spread*math.Sqrt(2*math.Pi))
}

// parted returns the evidence of two runs with these numbers of recipients
// against one run of both.
func (u *usual) parted(a, b int) float64 { return u.of(a) + u.of(b) - u.of(a+b) }
