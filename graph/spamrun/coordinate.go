package spamrun

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
)

// Runs of several senders are one if a list is split among them: they begin
// together, behave alike, and share no recipient. Each is weighed against the
// agreement of two runs by chance, estimated from the other runs.

// Limits and thresholds of the comparison.
const (
	leastOf    = 5       // minimum number of known recipients of a run
	window     = 15 * 60 // seconds between the starts of runs that are compared
	neighbours = 64      // runs that are compared with one, where thousands begin at once
	hopeless   = -6      // bits below which no group is tried
	forTwo     = 2.5     // bits for a group of two: two meet by chance, three hardly
	shown      = 8       // members that represent a group
)

// traits are the properties that runs of one command share.
type traits struct {
	start    int64
	size     float64  // log of its recipients
	pace     float64  // log of the seconds from mail to mail
	bad      int      // recipients refused, or damaged
	perMail  float64  // log of recipients a mail
	helo     string   // way in which the client introduces itself
	paths    string   // one envelope sender, or many
	to       []uint64 // recipients, sorted; a sample of many
	run      int64
	sender   netip.Addr
	attempts int
}

// sample bounds the recipients of a run that are compared: those with the least hashes.
const sample = 128

// traitsOf sums up a run.
func traitsOf(members []Arrival) *traits {
	t := &traits{}
	paths := map[string]bool{}
	for i := range members {
		m := &members[i]
		t.attempts += max(m.Tried, 1)
		t.bad += m.Bad
		t.to = append(t.to, m.Tries...)
		if len(t.to) > 4*sample {
			t.thin()
		}
		if m.ReturnPath != "" && len(paths) < 3 {
			paths[m.ReturnPath] = true
		}
		if t.helo == "" {
			t.helo = helloClass(m.HELO)
		}
	}
	t.thin()
	n := float64(len(members))
	t.size = math.Log(float64(t.attempts))
	t.perMail = math.Log(float64(t.attempts) / n)
	t.pace = math.Log(1 + float64(since(members[0].At, members[len(members)-1].At))/max(1, n-1))
	switch {
	case len(paths) == 1:
		t.paths = "one"
	case len(paths) > 1:
		t.paths = "many"
	}
	return t
}

// thin sorts the recipients and keeps those with the least hashes.
func (t *traits) thin() {
	slices.Sort(t.to)
	t.to = slices.Compact(t.to)
	t.to = t.to[:min(len(t.to), sample)]
}

// Coordinated maps the ID of each coordinated run to the ID of the first run of
// its group. It takes O(n log n).
func (f *Finder) Coordinated() map[int64]int64 {
	order := f.traits
	slices.SortFunc(order, func(a, b *traits) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.run, b.run)) })
	c := chanceOf(order)
	var links []link
	for a := range order {
		// The runs are sorted by start, so the runs near each other are
		// neighbours.
		for b := a + 1; b < len(order) && b <= a+neighbours && since(order[a].start, order[b].start) <= window; b++ {
			if order[a].sender != order[b].sender {
				links = append(links, link{a: a, b: b, of: c.compare(order[a], order[b])})
			}
		}
	}
	c.learn(links)
	slices.SortStableFunc(links, func(x, y link) int { return cmp.Compare(y.bits, x.bits) })
	bits := func(i, j int) float64 { return c.bits(c.compare(order[min(i, j)], order[max(i, j)])) }
	groups := newGroups(len(order))
	for _, l := range links {
		if l.bits < hopeless {
			break
		}
		groups.join(l.a, l.b, bits)
	}
	out := map[int64]int64{}
	for _, g := range groups {
		// A pair needs more evidence than a larger group.
		if len(*g) < 2 || len(*g) == 2 && bits((*g)[0], (*g)[1]) < forTwo {
			continue
		}
		first := slices.Min(*g)
		for _, i := range *g {
			out[order[i].run] = order[first].run
		}
	}
	return out
}

// groups maps each run, by its index, to the members of its group. Members of
// one group share the pointer.
type groups []*[]int

// newGroups returns n groups of one member each.
func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = &[]int{i}
	}
	return g
}

// join merges the groups of a and b if their members are alike on average. Of
// large groups the first members represent all, so that a merger takes bounded
// time.
func (g groups) join(a, b int, bits func(i, j int) float64) {
	x, y := g[a], g[b]
	if x == y {
		return
	}
	sum, n := 0.0, 0
	for _, i := range (*x)[:min(len(*x), shown)] {
		for _, j := range (*y)[:min(len(*y), shown)] {
			sum += bits(i, j)
			n++
		}
	}
	mean := sum / float64(n)
	// Where several began together already, more are likelier to be of them.
	mean += math.Log2(float64(max(len(*x), len(*y))))
	if mean <= 0 {
		return
	}
	*x = append(*x, *y...)
	for _, i := range *y {
		g[i] = x
	}
}
