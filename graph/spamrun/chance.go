package spamrun

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// chance is the agreement of unrelated runs: the frequency of each value among
// all runs, from which compare computes how surprising an agreement is.
type chance struct {
	starts []int64
	spread [numbers]density
	helo   map[string]float64 // share of the runs
	paths  map[string]float64
	with   map[uint64]int // runs that tried a recipient
	tried  int            // recipients of all
	prior  float64        // bits
	alike  [traitKinds]float64
	damage [2]float64 // parameters of the beta distribution of the share of bad ones
}

// The compared numbers of a run, each with its deviation within one command.
const (
	bySize = iota
	byPace
	byPerMail
	numbers
)

// scatter is the scale of the Laplace distribution of each number within one
// command, in natural logarithms: 0.2 is about 20 %, 0.7 a factor of two.
var scatter = [numbers]float64{bySize: 0.2, byPace: 0.7, byPerMail: 0.3}

// numbers returns the compared numbers in the order of their constants.
func (t *traits) numbers() [numbers]float64 {
	return [numbers]float64{t.size, t.pace, t.perMail}
}

// density estimates the frequency of a number among all runs.
type density struct {
	at    []float64 // sorted
	scale float64
}

// kernels limits the runs from which a density is estimated.
const kernels = 512

// of is the mean of Laplace distributions about the numbers of all runs.
func (d *density) of(x float64) float64 {
	step := max(1, len(d.at)/kernels)
	sum, n := 0.0, 0
	for i := 0; i < len(d.at); i += step {
		sum += laplace(x-d.at[i], d.scale)
		n++
	}
	return sum / float64(n)
}

// laplace is the density of the Laplace distribution. Its tails are heavier
// than those of a normal one, so that a single odd run does not exclude a
// group.
func laplace(x, scale float64) float64 { return math.Exp(-math.Abs(x)/scale) / (2 * scale) }

// chanceOf learns from all runs, in the order of time.
func chanceOf(all []*traits) *chance {
	c := &chance{helo: map[string]float64{}, paths: map[string]float64{}, with: map[uint64]int{}}
	for _, t := range all {
		c.starts = append(c.starts, t.start)
		for k, x := range t.numbers() {
			c.spread[k].at = append(c.spread[k].at, x)
		}
		c.helo[t.helo] += 1 / float64(len(all))
		c.paths[t.paths] += 1 / float64(len(all))
		for _, to := range t.to {
			c.with[to]++
		}
		c.tried += len(t.to)
	}
	c.damage = damageOf(all)
	for k := range c.spread {
		c.spread[k].scale = scatter[k]
		sort.Float64s(c.spread[k].at)
	}
	return c
}

// The questions that are asked of two runs.
const (
	ofDamage = numbers + iota
	ofHELO
	ofPaths
	traitKinds
)

// likeness is the evidence that two runs are one: certain bits, and the
// likelihood ratio of each trait if it agrees.
type likeness struct {
	bits  float64
	ratio [traitKinds]float64
}

// link is a pair of runs that begin near each other.
type link struct {
	a, b int
	of   likeness
	bits float64
}

// compare compares two runs. a began first.
func (c *chance) compare(a, b *traits) (l likeness) {
	l.bits = bound(c.moment(a, b)) + bound(c.apart(a, b))
	x, y := a.numbers(), b.numbers()
	for k := range numbers {
		usual := (c.spread[k].of(x[k]) + c.spread[k].of(y[k])) / 2
		l.ratio[k] = laplace(x[k]-y[k], scatter[k]) / usual
	}
	l.ratio[ofDamage] = c.damaged(a, b)
	l.ratio[ofHELO] = same(a.helo, b.helo, c.helo)
	l.ratio[ofPaths] = same(a.paths, b.paths, c.paths)
	return l
}

// atMost limits the weight of a single trait, in bits.
const atMost = 4

// bound limits the weight of a trait in both directions.
func bound(bits float64) float64 { return max(-atMost, min(atMost, bits)) }

// bits is the total weight of two runs being one.
func (c *chance) bits(l likeness) float64 {
	sum := c.prior + l.bits
	for k, r := range l.ratio {
		sum += bound(math.Log2(c.alike[k]*r + 1 - c.alike[k]))
	}
	return sum
}

// Prior values: of runs that begin near each other one in five pairs is of one
// command, and agrees in three of four traits. In the other traits they differ
// like any two runs, since machines vary in speed and some mail is deferred.
// The prior counts as much as some pairs.
const (
	related     = 0.2
	agreeing    = 0.75
	priorPairs  = 10
	learnRounds = 8
	learnFrom   = 20000 // links at most
)

// learn estimates by expectation maximization the portion of pairs of one
// command, and the traits in which these agree.
func (c *chance) learn(links []link) {
	odds := func(p float64) float64 { return math.Log2(p / (1 - p)) }
	c.prior = odds(related)
	for k := range c.alike {
		c.alike[k] = agreeing
	}
	from := links[:min(len(links), learnFrom)]
	p, partners := make([]float64, len(from)), map[int]float64{}
	for range learnRounds {
		one, pairs, agree := related*priorPairs, float64(priorPairs), [traitKinds]float64{}
		for i := range from {
			p[i] = 1 / (1 + math.Exp2(-c.bits(from[i].of)))
			partners[from[i].a] += p[i]
			partners[from[i].b] += p[i]
		}
		for i := range from {
			// Three make three pairs, and ten make forty-five: each run counts once.
			one += p[i] / max(1, (partners[from[i].a]+partners[from[i].b])/2)
			pairs += p[i]
			p := p[i]
			for k, r := range from[i].of.ratio {
				agree[k] += p * c.alike[k] * r / (c.alike[k]*r + 1 - c.alike[k])
			}
		}
		clear(partners)
		share := one / float64(len(from)+priorPairs)
		for k := range c.alike {
			c.alike[k] = (agree[k] + agreeing*priorPairs) / pairs
		}
		c.prior = odds(min(0.5, share))
	}
	for i := range links {
		links[i].bits = c.bits(links[i].of)
	}
}

// moment rates the distance of the starts against the number of runs that begin
// in that half day.
func (c *chance) moment(a, b *traits) float64 {
	from, _ := slices.BinarySearch(c.starts, a.start-day/4)
	to, _ := slices.BinarySearch(c.starts, a.start+day/4)
	rate := float64(to-from) / (day / 2)
	const scale = 240 // half of those of one command begin within 100 seconds
	late := scale + float64(since(a.start, b.start))
	return math.Log2(2 * scale * scale / (late * late * late) / (2 * rate))
}

// apart rates the number of common recipients, in bits. Runs of one command
// split a list, so that about 1 % of it is in both. Unrelated runs share the
// recipients that many runs try.
func (c *chance) apart(a, b *traits) float64 {
	if len(a.to) == 0 || len(b.to) == 0 {
		return 0
	}
	expected, both := 0.0, 0
	for _, to := range a.to {
		expected += float64(c.with[to] - 1)
		if _, ok := slices.BinarySearch(b.to, to); ok {
			both++
		}
	}
	expected *= float64(len(b.to)) / float64(max(1, c.tried-len(a.to)))
	// Lists hold some addresses twice.
	split := 0.01 * float64(len(a.to))
	poisson := func(mean float64) float64 { return -mean + float64(both)*math.Log(max(mean, 1e-9)) }
	return (poisson(split) - poisson(max(expected, split))) / math.Ln2
}

// damageOf fits a beta distribution to the shares of bad recipients, by its moments.
func damageOf(all []*traits) [2]float64 {
	mean, n := 0.0, float64(len(all))
	for _, t := range all {
		mean += float64(t.bad) / float64(t.attempts) / n
	}
	spread := 0.0 // variance of the shares beyond that of binomial draws
	for _, t := range all {
		off := float64(t.bad)/float64(t.attempts) - mean
		spread += (off*off - mean*(1-mean)/float64(t.attempts)) / n
	}
	mean = max(0.02, min(0.98, mean))
	sure := max(1, min(200, mean*(1-mean)/max(spread, 1e-3)-1))
	return [2]float64{mean * sure, (1 - mean) * sure}
}

// damaged returns the likelihood ratio that the bad recipients of two runs have
// one share.
func (c *chance) damaged(a, b *traits) float64 {
	of := func(bad, tried int) float64 {
		return lbeta(c.damage[0]+float64(bad), c.damage[1]+float64(tried-bad))
	}
	return math.Exp(of(a.bad+b.bad, a.attempts+b.attempts) + of(0, 0) - of(a.bad, a.attempts) - of(b.bad, b.attempts))
}

// lbeta is the log of the beta function.
func lbeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// same is the likelihood ratio of two equal values against any two runs.
func same(a, b string, share map[string]float64) float64 {
	switch {
	case a == "" || b == "":
		return 1
	case a == b:
		return 1 / share[a]
	}
	return 0
}

// helloClass is the way in which a client introduces itself.
func helloClass(helo string) string {
	digits := 0
	for _, c := range helo {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case helo == "":
		return ""
	case digits == len(helo):
		return "number"
	case strings.HasPrefix(helo, "["):
		return "literal"
	case !strings.Contains(helo, "."):
		return "word"
	case Pool(helo):
		return "pool"
	}
	return "name"
}
