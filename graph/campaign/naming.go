package campaign

import (
	"math"
	"slices"

	"spoor/graph/evidence"
)

// naming is how messages name their offer: for each offer, how often each
// place of a message names each lure. The tables are those of observers with
// unknown error rates (Dawid and Skene 1979), learned from all messages of the
// store. A campaign has habits of its own: its tables are drawn about these, by
// a Dirichlet distribution whose concentration is learned from the campaigns.
type naming struct {
	share   outcomes  // probability of an outcome
	offer   []float64 // log probability of an offer
	same    float64   // concentration, in messages
	another float64   // log probability that a cluster has another offer
	lures   int       // number of lures, which are the first outcomes and offers
}

// lures are the outcomes of the places of a message: a lure, unnamed, or absent.
type lures [places]int

// places is the number of places in a message that name a lure: subject, From
// name, text.
const places = 3

// Outcomes that are no lure.
const (
	unnamed = -1 // a place whose words name no lure clearly
	absent  = -2 // a place that the message does not have
)

// Offers of which no place names the lure, after those of the lures.
const (
	otherOffer = iota // none has a word for it, so a place rarely names any
	anyWords          // words that mean nothing, as those that fill up a text
	otherOffers
)

// Constants of the tables before anything is learned. They count as
// pseudoNames messages of each offer.
const (
	pseudoNames = 10
	namesOwn    = 0.5  // a place names the offer's own lure
	namesNone   = 0.35 // a place names none
	otherNone   = 0.85 // a place of otherOffer names none
	namingSteps = 15   // of expectation and maximization
)

// sameness are the concentrations tried, in messages.
var sameness = [...]float64{.5, 1, 2, 4, 8, 16, 32}

// Bounds of the learning from clusters.
const (
	mostHabits  = 2000 // clusters
	habitRounds = 3
)

// learnNaming learns from the messages of clusters.
func learnNaming(clusters [][]lures) *naming {
	n := &naming{lures: len(evidence.Lures()), another: math.Log(0.5)}
	each := make(map[lures]float64)
	for _, c := range clusters {
		for _, l := range c {
			each[l]++
		}
	}
	seen := make([]lures, 0, len(each)) // in an order that does not vary
	for l := range each {
		seen = append(seen, l)
	}
	slices.SortFunc(seen, compareLures)
	prior := n.expected(seen, each)
	n.maximize(prior, nil)
	for range namingSteps {
		n.maximize(prior, n.expect(seen, each))
	}
	n.learnHabits(clusters)
	return n
}

func compareLures(a, b lures) int { return slices.Compare(a[:], b[:]) }

// at is the number of an outcome.
func (n *naming) at(v int) int {
	if v == unnamed {
		return n.lures
	}
	return v
}

// offers is the number of offers.
func (n *naming) offers() int { return n.lures + otherOffers }

// outcomes has a number for each place, offer and outcome.
type outcomes [places][][]float64

func (n *naming) newTable() (t outcomes) {
	for p := range places {
		t[p] = make([][]float64, n.offers())
		for z := range t[p] {
			t[p][z] = make([]float64, n.lures+1)
		}
	}
	return t
}

// expected is the table before anything is learned, in messages. An error names
// lures as often as all messages do.
func (n *naming) expected(seen []lures, each map[lures]float64) outcomes {
	t := n.newTable()
	for p := range places {
		base, sum := make([]float64, n.lures), 0.0
		for l := range base {
			base[l] = 1 // no lure is impossible
		}
		for _, l := range seen {
			if l[p] >= 0 {
				base[l[p]] += each[l]
			}
		}
		for _, v := range base {
			sum += v
		}
		for z := range n.offers() {
			own, none := namesOwn, namesNone
			switch z - n.lures {
			case otherOffer:
				own, none = 0, otherNone
			case anyWords:
				own = 0
			}
			for v, b := range base {
				t[p][z][v] = pseudoNames * (1 - own - none) * b / sum
			}
			if own > 0 {
				t[p][z][z] += pseudoNames * own
			}
			t[p][z][n.lures] = pseudoNames * none
		}
	}
	return t
}

// expectation counts messages by offer, and the outcomes of their places.
type expectation struct {
	table outcomes
	offer []float64
}

// expect distributes each message over the offers that it may be of.
func (n *naming) expect(seen []lures, each map[lures]float64) *expectation {
	out := &expectation{n.newTable(), make([]float64, n.offers())}
	like := make([]float64, n.offers())
	for _, l := range seen {
		best := math.Inf(-1)
		for z := range like {
			like[z] = n.offer[z]
			for p, v := range l {
				if v != absent {
					like[z] += math.Log(n.share[p][z][n.at(v)])
				}
			}
			best = max(best, like[z])
		}
		sum := 0.0
		for z := range like {
			like[z] = math.Exp(like[z] - best)
			sum += like[z]
		}
		for z := range like {
			w := each[l] * like[z] / sum
			out.offer[z] += w
			for p, v := range l {
				if v != absent {
					out.table[p][z][n.at(v)] += w
				}
			}
		}
	}
	return out
}

// maximize sets the tables from counts; nil are none.
func (n *naming) maximize(prior outcomes, counts *expectation) {
	n.share, n.offer = n.newTable(), make([]float64, n.offers())
	all := float64(n.offers())
	for z := range n.offers() {
		one := 1.0
		if counts != nil {
			one += counts.offer[z]
		}
		n.offer[z] = one
		all += one - 1
		for p := range places {
			sum := 0.0
			for v, c := range prior[p][z] {
				if counts != nil {
					c += counts.table[p][z][v]
				}
				n.share[p][z][v] = c
				sum += c
			}
			for v := range n.share[p][z] {
				n.share[p][z][v] /= sum
			}
		}
	}
	for z, v := range n.offer {
		n.offer[z] = math.Log(v / all)
	}
}

// learnHabits learns from clusters of several messages: the concentration under
// which they are most likely, each as one offer, and then how often one has
// another offer.
func (n *naming) learnHabits(clusters [][]lures) {
	several := slices.DeleteFunc(slices.Clone(clusters), func(c []lures) bool { return len(c) < 2 })
	step := len(several)/mostHabits + 1
	var sample [][]lures
	for i := 0; i < len(several); i += step {
		sample = append(sample, several[i])
	}
	best, top := n.same, math.Inf(-1)
	for _, n.same = range sameness {
		sum := 0.0
		for _, c := range sample {
			sum += n.one(n.offered(c...))
		}
		if sum > top {
			best, top = n.same, sum
		}
	}
	n.same = best
	for range habitRounds {
		more := 0
		for _, c := range sample {
			more += n.divideByOffer(c).parts - 1
		}
		n.another = math.Log(float64(more+1) / float64(more+len(sample)+2))
	}
}

// offered counts the outcomes of a set of messages.
type offered struct {
	named [places][]nameCount // in order of their first message
	all   [places]int         // messages that have the place
	size  int
}

// nameCount is a number of messages with an outcome.
type nameCount struct{ outcome, n int }

func (n *naming) offered(messages ...lures) *offered {
	o := &offered{}
	for _, l := range messages {
		n.add(o, l, 1)
	}
	return o
}

// add counts some messages that name the same.
func (n *naming) add(o *offered, l lures, by int) {
	o.size += by
	for p, v := range l {
		if v == absent {
			continue
		}
		o.all[p] += by
		i := slices.IndexFunc(o.named[p], func(c nameCount) bool { return c.outcome == n.at(v) })
		if i < 0 {
			i = len(o.named[p])
			o.named[p] = append(o.named[p], nameCount{outcome: n.at(v)})
		}
		o.named[p][i].n += by
	}
}

// of is the number of messages with an outcome.
func (o *offered) of(p, outcome int) int {
	for _, c := range o.named[p] {
		if c.outcome == outcome {
			return c.n
		}
	}
	return 0
}

// like is the log likelihood of a set of messages of offer z
// (Dirichlet-multinomial, in order of arrival), without the terms that all offers
// have.
func (n *naming) like(o *offered, z int) (sum float64) {
	product := 1.0
	for p := range places {
		for _, c := range o.named[p] {
			a := n.same * n.share[p][z][c.outcome]
			if c.n == 1 {
				product *= a
			} else {
				sum += rising(a, c.n)
			}
		}
	}
	return sum + math.Log(product)
}

// rising is the logarithm of a (a+1) ... (a+k-1).
func rising(a float64, k int) float64 {
	if k > mostFactors {
		p, _ := math.Lgamma(a + float64(k))
		q, _ := math.Lgamma(a)
		return p - q
	}
	product := 1.0
	for i := range k {
		product *= a + float64(i)
	}
	return math.Log(product)
}

// mostFactors is the number of factors whose product is faster than Gamma.
const mostFactors = 16

// one is the log likelihood of a set of messages of one offer, whichever.
func (n *naming) one(o *offered) float64 {
	like, best := make([]float64, n.offers()), math.Inf(-1)
	for z := range like {
		like[z] = n.offer[z] + n.like(o, z)
		best = max(best, like[z])
	}
	sum := 0.0
	for _, v := range like {
		sum += math.Exp(v - best)
	}
	sum = best + math.Log(sum)
	for _, all := range o.all {
		sum -= rising(n.same, all)
	}
	return sum
}

// likeliest is the offer that explains a set of messages best.
func (n *naming) likeliest(o *offered) int {
	best, top := 0, math.Inf(-1)
	for z := range n.offers() {
		if v := n.offer[z] + n.like(o, z); v > top {
			best, top = z, v
		}
	}
	return best
}

// more is the log likelihood of k messages more that name the same, in a set of
// offer z.
func (n *naming) more(o *offered, z int, l lures, k int) (sum float64) {
	for p, v := range l {
		if v != absent {
			sum += rising(float64(o.of(p, n.at(v)))+n.same*n.share[p][z][n.at(v)], k) - rising(float64(o.all[p])+n.same, k)
		}
	}
	return sum
}
