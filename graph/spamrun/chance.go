package spamrun

import (
	"math"
	"math/bits"
	"slices"
	"strings"
)

// chance describes unrelated runs, and the likeness of those of one command. Both are
// learned from the runs of the store.
type chance struct {
	events []int64 // starts of runs alone and of groups, sorted
	spread [numbers]density
	names  [kindsOfName]map[string]float64 // frequency of each name; of HELO names within their class
	with   []uint16                        // runs that tried a recipient, by the last bits of its hash
	tried  int                             // recipients of all
	damage beta                            // of the share of bad ones

	spam    float64        // share of spam
	grouped float64        // share of the groups among the events
	sizes   [sized]float64 // log share of the groups of each size
	alike   [likenesses]float64
	shift   float64          // of the log odds of a common manner, for each run more than one
	scatter [numbers]float64 // deviation of the numbers within a group
}

// The numbers of a run that are compared, as logarithms.
const (
	bySize = iota
	byPace
	byPerMail
	numbers
)

// The names of a run that are compared.
const (
	byHELOClass = iota
	byHELO
	byPaths
	byDomain
	bySender  // way in which its address is named, or that other hands send from it, too
	byRetry   // "yes" if it was put off and came again
	byVerdict // "none" if all was refused
	kindsOfName
)

// The likenesses of a group's members: numbers, names, the share of bad recipients, and the
// split list.
const (
	inNames    = numbers
	inDamage   = inNames + kindsOfName
	inList     = inDamage + 1
	likenesses = inList + 1
)

// Prior values. One event in ten is a group, and one group in four a pair. A group agrees in
// three of four likenesses, since machines vary in speed and some mail is deferred. The
// prior counts as much as some events.
const (
	priorGrouped = 0.1
	priorPairs   = 0.25
	priorEvents  = 10
	priorGroups  = 4
	freedom      = 5.0 // parameter of the inverse gamma distribution of a group's variance
	concentrated = 0.5 // parameter of the Dirichlet process of a group's names
)

// agreeing is the portion of the groups that agree in each likeness.
var agreeing = [likenesses]float64{bySize: 0.75, byPace: 0.75, byPerMail: 0.9, inNames + byHELOClass: 0.75, inNames + byHELO: 0.25, inNames + byPaths: 0.9,
	inNames + byDomain: 0.25, inNames + bySender: 0.75, inNames + byRetry: 0.9, inNames + byVerdict: 0.75, inDamage: 0.9, inList: 0.95}

// priorScatter is the deviation of each number within a group, in natural logarithms.
var priorScatter = [numbers]float64{bySize: 0.3, byPace: 1, byPerMail: 0.4}

// chanceOf learns the likeness of runs by chance, in the order of time. No run is in a group yet.
// damage is the distribution of the share of bad recipients.
func chanceOf(all []*traits, damage beta) *chance {
	c := &chance{grouped: priorGrouped, scatter: priorScatter, damage: damage}
	for k := range c.names {
		c.names[k] = map[string]float64{}
	}
	c.learnSizes(nil)
	for k := range c.alike {
		c.alike[k] = agreeing[k]
	}
	values := [numbers][]float64{}
	for _, t := range all {
		c.tried += len(t.to)
		c.spam += t.spam / float64(len(all))
	}
	c.spam = max(0.1, min(0.99, c.spam))
	c.with = make([]uint16, 4<<bits.Len(uint(c.tried)))
	for _, t := range all {
		c.events = append(c.events, t.start)
		for k, x := range t.numbers {
			values[k] = append(values[k], x)
		}
		for k, name := range t.names {
			c.names[k][name] += 1 / float64(len(all))
		}
		for _, to := range t.to {
			if n := c.counter(to); *n < math.MaxUint16 {
				*n++
			}
		}
	}
	classes := map[string]string{}
	for _, t := range all {
		classes[t.names[byHELO]] = t.names[byHELOClass]
	}
	for name, class := range classes {
		c.names[byHELO][name] /= c.names[byHELOClass][class]
	}
	for k := range c.spread {
		c.spread[k] = densityOf(values[k], priorScatter[k])
	}
	c.calibrate(all)
	return c
}

// counter is that of a recipient. There are some for each.
func (c *chance) counter(to uint64) *uint16 { return &c.with[to%uint64(len(c.with))] }

// tries estimates the number of other runs that tried a recipient: without those of other
// recipients that share its counter.
func (c *chance) tries(to uint64) float64 {
	return max(0, float64(*c.counter(to)-1)-float64(c.tried)/float64(len(c.with)))
}

// density is a table of the log density of a number among all runs.
type density struct {
	from, step float64
	logs       []float64
}

// Size of the table, and the number of runs from which it is made at most.
const (
	cells   = 96
	kernels = 256
)

// sized is the number of sizes of groups whose share is learned.
const sized = 32

// priorSize is the expected share of a size. One group in four is a pair, and half of those
// from any size on have twice as many members or more.
func priorSize(n int) float64 {
	if n == 2 {
		return priorPairs
	}
	return 2 * (1 - priorPairs) / float64(n*(n-1))
}

// learnSizes estimates the share of each size. Of each group that was found, some members
// may be missing or too many.
func (c *chance) learnSizes(found []int) {
	var counts [sized + 1]float64
	for _, n := range found {
		if n < sized {
			counts[n] += 0.6
			counts[n-1] += 0.2
			counts[n+1] += 0.2
		}
	}
	for n := 2; n < sized; n++ {
		c.sizes[n] = math.Log((counts[n] + priorEvents*priorSize(n)) / float64(len(found)+priorEvents))
	}
}

// densityOf takes the mean of Laplace distributions about the values. Their tails are heavy,
// so that no value is excluded.
func densityOf(values []float64, scale float64) density {
	slices.Sort(values)
	d := density{from: values[0] - scale, logs: make([]float64, cells)}
	d.step = max(1e-3, (values[len(values)-1]+scale-d.from)/(cells-1))
	every := max(1, len(values)/kernels)
	for i := range d.logs {
		x, sum, n := d.from+float64(i)*d.step, 0.0, 0
		for k := 0; k < len(values); k += every {
			sum += math.Exp(-math.Abs(x-values[k])/scale) / (2 * scale)
			n++
		}
		d.logs[i] = math.Log(sum / float64(n))
	}
	return d
}

// of returns the log density at a value within the range of all.
func (d *density) of(x float64) float64 {
	at := max(0, min(cells-1.001, (x-d.from)/d.step))
	i := int(at)
	part := at - float64(i)
	return d.logs[i]*(1-part) + d.logs[i+1]*part
}

// rate returns the log rate, a second, of events in the half day about a time.
func (c *chance) rate(at int64) float64 {
	from, _ := slices.BinarySearch(c.events, at-day/4)
	to, _ := slices.BinarySearch(c.events, at+day/4)
	return math.Log(float64(max(1, to-from)) / (day / 2))
}

// lbeta is the log of the beta function.
func lbeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
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
