package spamrun

import (
	"math"
	"slices"
)

// together is a set of runs that may be of one command, with the sums from which its
// evidence is computed.
type together struct {
	members     []*traits
	first, last int64
	rates       float64 // log rates of the events if each run were one
	number      [numbers]moments
	names       [kindsOfName][]tally1
	bad, tried  float64

	wanted, unwanted float64 // log likelihoods of the classes

	apart [likenesses]float64 // evidence if the runs have nothing to do with each other

	to       map[uint64]int // recipients of two runs or more
	sample   []uint64       // recipients of one
	hits     float64        // other runs that tried its recipients
	size     float64        // recipients
	expected float64        // common recipients of its runs by chance
	split    float64        // the same if they split one list
	both     float64        // the same as found

	score       float64 // log odds of one command against none
	best        float64 // the same of the best division
	left, right *together
}

// moments sums up values.
type moments struct{ n, sum, squares float64 }

func (m moments) plus(o moments) moments {
	return moments{m.n + o.n, m.sum + o.sum, m.squares + o.squares}
}

// tally1 counts the uses of a name.
type tally1 struct {
	name string
	n    float64
}

// alone returns the set of one run.
func (c *chance) alone(t *traits) *together {
	g := &together{members: []*traits{t}, first: t.start, last: t.start, rates: c.rate(t.start), bad: float64(t.bad), tried: float64(t.attempts),
		sample: t.to, size: float64(len(t.to)), wanted: math.Log((1 - t.spam + 1e-9) / (1 - c.spam)), unwanted: math.Log((t.spam + 1e-9) / c.spam)}
	for k, x := range t.numbers {
		g.number[k] = moments{1, x, x * x}
		g.apart[k] = c.spread[k].of(x)
	}
	for k, name := range t.names {
		if name != "" {
			g.names[k] = []tally1{{name, 1}}
			g.apart[inNames+k] = math.Log(c.names[k][name])
		}
	}
	if t.bad == t.attempts { // the sender is on a blocklist, whatever its list is like
		g.bad, g.tried = 0, 0
	}
	g.apart[inDamage] = c.damage.of(g.bad, g.tried)
	for _, to := range t.to {
		g.hits += c.tries(to)
	}
	return g
}

// union returns the set of the runs of two sets. Its map of recipients is made only if it is
// kept; see keep.
func (c *chance) union(a, b *together) *together {
	g := &together{first: min(a.first, b.first), last: max(a.last, b.last), rates: a.rates + b.rates, bad: a.bad + b.bad, tried: a.tried + b.tried,
		hits: a.hits + b.hits, size: a.size + b.size, left: a, right: b, wanted: a.wanted + b.wanted, unwanted: a.unwanted + b.unwanted}
	for k := range g.number {
		g.number[k] = a.number[k].plus(b.number[k])
	}
	for k := range g.names {
		g.names[k] = merged(a.names[k], b.names[k])
	}
	for k := range g.apart {
		g.apart[k] = a.apart[k] + b.apart[k]
	}
	g.both = a.both + b.both + common(a, b)
	g.expected = a.expected + b.expected + (a.hits*b.size+b.hits*a.size)/2/float64(max(1, c.tried))
	g.split = duplicates * g.size
	g.score = c.scored(g, a.runs()+b.runs())
	g.best = max(g.score, a.best+b.best)
	return g
}

// duplicates is the share of a list that is in it twice.
const duplicates = 0.01

// runs is the number of runs.
func (g *together) runs() float64 { return g.number[0].n }

// keep completes a union.
func (g *together) keep() {
	a, b := g.left, g.right
	g.members = slices.Concat(a.members, b.members)
	if len(a.members) < len(b.members) {
		a, b = b, a
	}
	if g.to = a.to; g.to == nil {
		g.to = map[uint64]int{}
		for _, to := range a.sample {
			g.to[to]++
		}
	}
	b.each(func(to uint64, n int) { g.to[to] += n })
	a.to, b.to = nil, nil // no union of these follows
}

// each calls f with each recipient.
func (g *together) each(f func(to uint64, n int)) {
	for _, to := range g.sample {
		f(to, 1)
	}
	for to, n := range g.to {
		f(to, n)
	}
}

// common counts the recipients that runs of both sets tried.
func common(a, b *together) (n float64) {
	if a.to == nil && b.to == nil {
		for i, j := 0, 0; i < len(a.sample) && j < len(b.sample); {
			switch {
			case a.sample[i] < b.sample[j]:
				i++
			case a.sample[i] > b.sample[j]:
				j++
			default:
				n, i, j = n+1, i+1, j+1
			}
		}
		return n
	}
	if len(a.to) < len(b.to) {
		a, b = b, a
	}
	b.each(func(to uint64, k int) { n += float64(a.to[to] * k) })
	return n
}

// merged adds the counts of two lists of names, in order.
func merged(a, b []tally1) []tally1 {
	out := make([]tally1, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].name < b[0].name:
			out, a = append(out, a[0]), a[1:]
		case a[0].name > b[0].name:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, tally1{a[0].name, a[0].n + b[0].n}), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// scored returns the log odds of n runs being of one command.
func (c *chance) scored(g *together, n float64) float64 {
	manner, list := c.likeness(g)
	class := math.Log((1-c.spam)*math.Exp(min(500, g.wanted)) + c.spam*math.Exp(min(500, g.unwanted)))
	return c.moment(g, n) + manner + (n-1)*c.shift + list + class
}

// likeness returns the log likelihood ratio of a common manner, as if all its traits were
// independent, and that of one split list.
func (c *chance) likeness(g *together) (manner, list float64) {
	for k, x := range c.agreement(g) {
		x = math.Log(c.alike[k]*math.Exp(min(x, 500)) + 1 - c.alike[k])
		if k >= inDamage {
			list += x
		} else {
			manner += x
		}
	}
	return manner, list
}

// calibrate finds the shift of the evidence for a common manner. Its traits depend on each
// other: slow runs are large, and a mailer has one way of HELO and of envelope senders. The
// mean of a likelihood ratio over cases without a relation is one. Runs of different hours
// are such cases.
func (c *chance) calibrate(order []*traits) {
	var logs []float64
	every := max(1, len(order)/unrelated)
	for i := 0; i < len(order); i += every {
		for step := 1; step <= others; step++ {
			j := (i + step*len(order)/(others+1)) % len(order)
			a, b := order[min(i, j)], order[max(i, j)]
			if a.sender != b.sender && since(a.start, b.start) > 4*window {
				manner, _ := c.likeness(c.union(c.alone(a), c.alone(b)))
				logs = append(logs, manner)
			}
		}
	}
	c.shift = 0
	if len(logs) > 0 {
		c.shift = min(0, -mean(logs))
	}
}

// Number of runs that are compared with others of other hours, and how many of these.
const (
	unrelated = 512
	others    = 8
)

// agreement returns the log likelihood ratio of each likeness: the runs agree, or they are
// any runs.
func (c *chance) agreement(g *together) (out [likenesses]float64) {
	for k := range numbers {
		m := g.number[k]
		out[k] = c.spread[k].of(m.sum/m.n) + scattered(m, c.scatter[k]) - g.apart[k]
	}
	for k, names := range g.names {
		out[inNames+k] = c.named(k, names) - g.apart[inNames+k]
	}
	out[inDamage] = c.damage.of(g.bad, g.tried) - g.apart[inDamage]
	poisson := func(mean float64) float64 { return -mean + g.both*math.Log(max(mean, 1e-9)) }
	out[inList] = poisson(g.split) - poisson(max(g.expected, g.split))
	return out
}

// scattered is the log density of values about their mean, which may be anywhere. Their
// variance is drawn from an inverse gamma distribution.
func scattered(m moments, deviation float64) float64 {
	beta := freedom * deviation * deviation
	off := max(0, m.squares-m.sum*m.sum/m.n)
	more := (m.n - 1) / 2
	return lgamma(freedom+more) - lgamma(freedom) + freedom*math.Log(beta) - (freedom+more)*math.Log(beta+off/2) - more*math.Log(2*math.Pi) - math.Log(m.n)/2
}

// named is the evidence of names that runs of one command chose (a Dirichlet process about
// the frequencies of all).
func (c *chance) named(k int, names []tally1) (sum float64) {
	n := 0.0
	for _, x := range names {
		f := concentrated * c.names[k][x.name]
		sum += lgamma(f+x.n) - lgamma(f)
		n += x.n
	}
	return sum + lgamma(concentrated) - lgamma(concentrated+n)
}

// moment is the log likelihood ratio of the starts: n runs of one event, or n events. Those
// of one begin at random within a time that may have any length up to window, each scale
// alike.
func (c *chance) moment(g *together, n float64) float64 {
	size := math.Log(priorSize(int(n)))
	if int(n) < len(c.sizes) {
		size = c.sizes[int(n)]
	}
	long := math.Log(window)
	span := max(1, float64(since(g.first, g.last)))
	// The integral over all lengths from span to window of (length - span)/length^(n+1).
	within := -(n-1)*math.Log(span) - math.Log(n*(n-1)) - math.Log(long)
	if left := span / window; left < 1 {
		within += math.Log1p(-n*math.Pow(left, n-1) + (n-1)*math.Pow(left, n))
	} else {
		return math.Inf(-1)
	}
	return c.rate(g.first) + math.Log(c.grouped) + size + lgamma(n+1) + within - g.rates - n*math.Log(1-c.grouped)
}
