package campaign

import (
	"math"
	"slices"
)

// A set of messages is divided into parts of one offer each if that is more
// likely than one offer. The parts must pay for the choice of a part for each
// message. So a lure that some messages name in one place divides nothing: it
// only just pays. Places that agree divide, and so do places that name nothing
// while those of others agree.

// Bounds of a division.
const (
	mostParts = 24
	mostItems = 256 // the most frequent; others join the parts afterwards
)

// division is a set of messages in parts. Messages that name the same are one
// item.
type division struct {
	*naming
	items []lures
	times []int // messages of each item
	of    []int // part of each item
	parts int
	total float64 // log likelihood
}

// part is one of a division.
type part struct {
	*offered
	offer int
}

// divideByOffer finds the likeliest parts of messages.
func (n *naming) divideByOffer(messages []lures) *division {
	d := &division{naming: n, parts: 1}
	messages = slices.Clone(messages)
	slices.SortFunc(messages, compareLures)
	for i, l := range messages {
		if i == 0 || l != messages[i-1] {
			d.items, d.times = append(d.items, l), append(d.times, 0)
		}
		d.times[len(d.times)-1]++
	}
	d.bound()
	d.of = make([]int, len(d.items))
	d.total = n.one(d.split()[0].offered)
	offers := d.candidates()
	for len(offers) > 1 && len(d.items) > d.parts && d.parts < mostParts {
		best := d
		for _, z := range offers {
			if e := d.with(z); e != nil && e.total > best.total {
				best = e
			}
		}
		if best == d {
			break
		}
		d = best
	}
	return d
}

// bound leaves the most frequent items.
func (d *division) bound() {
	if len(d.items) <= mostItems {
		return
	}
	order := make([]int, len(d.items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return d.times[j] - d.times[i] })
	order = order[:mostItems]
	slices.Sort(order)
	for to, i := range order {
		d.items[to], d.times[to] = d.items[i], d.times[i]
	}
	d.items, d.times = d.items[:mostItems], d.times[:mostItems]
}

// candidates are the offers that a further part may be of: those that a place
// names, and any other.
func (d *division) candidates() (out []int) {
	for _, l := range d.items {
		for _, v := range l {
			if v >= 0 {
				out = append(out, v)
			}
		}
	}
	out = append(out, d.lures+otherOffer)
	slices.Sort(out)
	return slices.Compact(out)
}

// moveRounds limits the rounds in which messages move between parts.
const moveRounds = 5

// with is the division with one part more, which begins as offer z; nil if no
// message goes there.
func (d *division) with(z int) *division {
	e := &division{naming: d.naming, items: d.items, times: d.times, of: slices.Clone(d.of), parts: d.parts + 1}
	parts := e.split()
	parts[d.parts].offer = z
	all := 0
	for _, k := range e.times {
		all += k
	}
	usual := float64(all) / float64(e.parts) // the new part's size, before any is there
	for round := range moveRounds {
		moved := false
		for i := range e.items {
			was := e.of[i]
			e.add(parts[was].offered, e.items[i], -e.times[i])
			e.of[i] = e.nearest(parts, i, func(j int) float64 {
				if round == 0 && j == d.parts {
					return usual
				}
				return float64(parts[j].size + 1)
			})
			e.add(parts[e.of[i]].offered, e.items[i], e.times[i])
			moved = moved || e.of[i] != was
		}
		if !moved {
			break
		}
		parts = e.split()
	}
	e.total = float64(e.parts-1)*e.another - rising(float64(e.parts), all) // shares of the parts: any, equally likely
	for _, p := range parts {
		if p.size == 0 {
			return nil
		}
		e.total += rising(1, p.size) + e.one(p.offered)
	}
	return e
}

// split counts the parts, and finds the offer of each.
func (d *division) split() []part {
	out := make([]part, d.parts)
	for j := range out {
		out[j].offered = d.naming.offered()
	}
	for i, j := range d.of {
		d.add(out[j].offered, d.items[i], d.times[i])
	}
	for j := range out {
		out[j].offer = d.likeliest(out[j].offered)
	}
	return out
}

// nearest is the part that an item fits best, which is in none.
func (d *division) nearest(parts []part, i int, size func(j int) float64) int {
	best, top := 0, math.Inf(-1)
	for j, p := range parts {
		if v := d.more(p.offered, p.offer, d.items[i], d.times[i]) + math.Log(size(j)); v > top {
			best, top = j, v
		}
	}
	return best
}

// sureOdds is the log of the odds at which lures alone put a unit into a part:
// nine to one. Content decides on others.
var sureOdds = math.Log(9)

// sure is the part that the messages of a unit surely belong to.
func (d *division) sure(parts []part, messages []lures) (int, bool) {
	best, top, second := 0, math.Inf(-1), math.Inf(-1)
	for j, p := range parts {
		sum := 0.0
		for _, l := range messages {
			sum += d.more(p.offered, p.offer, l, 1)
		}
		if sum > top {
			best, top, second = j, sum, top
		} else {
			second = max(second, sum)
		}
	}
	return best, top-second >= sureOdds
}
