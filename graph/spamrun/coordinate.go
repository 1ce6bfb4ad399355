package spamrun

import (
	"cmp"
	"container/heap"
	"math"
	"net/netip"
	"slices"
)

// Runs of several senders are one if a list is split among them: they begin together,
// behave alike, and share no recipient. Groups are built bottom up, the likeliest union
// first (Heller and Ghahramani, Bayesian Hierarchical Clustering, ICML 2005). Each union is
// weighed against runs that meet by chance. At the end the tree of unions is cut where that
// explains the runs best: three runs can be a group although no two of them would be.

// Limits of the comparison.
const (
	leastOf     = 5       // minimum number of known recipients of a run
	window      = 15 * 60 // seconds between the first start and the last of a group
	neighbours  = 32      // runs that are compared with one, where thousands begin at once
	hopeless    = -8      // log odds, in nats, below which no union is tried
	claimed     = 1.1     // log odds, in nats, from which a group is claimed: nine to one
	learnFrom   = 1 << 12 // runs at most from which chance is learned
	learnings   = 2       // rounds
	learnRounds = 8       // of expectation maximization in each
	atATime     = 1 << 11 // runs that are grouped at a time
)

// traits are the properties that runs of one command share.
type traits struct {
	start         int64
	numbers       [numbers]float64
	names         [kindsOfName]string // "": none, or several
	bad, attempts int                 // recipients refused, or damaged, and all
	to            []uint64            // recipients, sorted; a sample of many
	run           int64
	sender        netip.Addr
	spam          float64 // probability
	class         *class  // nil if it is certainly spam
}

// The recipients of a run that are compared are those with the least hashes. Of two runs
// these are the same part of a list.
const (
	sample = 128
	kept   = 1 << 19 // of all runs
)

// traitsOf sums up a run.
func traitsOf(members []Arrival) *traits {
	t := &traits{spam: 1}
	paths, domains := map[string]bool{}, map[string]bool{}
	for i := range members {
		m := &members[i]
		t.attempts += max(m.Tried, 1)
		t.bad += m.Bad
		t.to = append(t.to, m.Tries...)
		if len(t.to) > 4*sample {
			t.thin()
		}
		if m.ReturnPath != "" && len(paths) < 3 {
			paths[m.ReturnPath], domains[m.Domain()] = true, true
		}
		if t.names[byHELO] == "" {
			t.names[byHELO] = m.HELO
		}
	}
	t.thin()
	n := float64(len(members))
	t.numbers[bySize] = math.Log(float64(t.attempts))
	t.numbers[byPerMail] = math.Log(float64(t.attempts) / n)
	t.numbers[byPace] = math.Log(1 + float64(since(members[0].At, members[len(members)-1].At))/max(1, n-1))
	t.names[bySender] = senderName(&members[0])
	t.names[byRetry] = "no"
	if slices.ContainsFunc(members, func(a Arrival) bool { return len(a.PutOff) > 0 }) {
		t.names[byRetry] = "yes"
	}
	t.names[byVerdict] = "some"
	if t.bad == t.attempts {
		t.names[byVerdict] = "none"
	}
	t.names[byHELOClass] = helloClass(t.names[byHELO])
	switch {
	case len(paths) == 1:
		t.names[byPaths] = "one"
	case len(paths) > 1:
		t.names[byPaths] = "many"
	}
	if len(domains) == 1 {
		for d := range domains {
			t.names[byDomain] = d
		}
	}
	return t
}

// thin sorts the recipients and keeps those with the least hashes.
func (t *traits) thin() {
	slices.Sort(t.to)
	t.to = slices.Compact(t.to)
	t.to = t.to[:min(len(t.to), sample)]
}

// remember keeps the traits of a run that are compared, and less of the recipients of each if
// there are many runs.
func (f *Finder) remember(r *Run) {
	if r.class != nil && len(f.classes) < mostClasses {
		f.classes = append(f.classes, r.class)
	}
	if t := r.traits; t != nil {
		if r.Open {
			t.class = r.class
		}
		f.traits = append(f.traits, t)
		f.recipients += len(t.to)
	}
	r.traits, r.class = nil, nil
	for f.recipients > kept {
		f.least++
		f.recipients = 0
		for _, t := range f.traits {
			n, _ := slices.BinarySearch(t.to, math.MaxUint64>>f.least)
			t.to = slices.Clone(t.to[:n])
			f.recipients += n
		}
	}
}

// coordinate finds the groups. An open run that is in one has the class of the group.
func (f *Finder) coordinate(d *Decision, damage beta) {
	order := slices.DeleteFunc(slices.Clone(f.traits), func(t *traits) bool { return t.attempts < leastOf })
	if len(order) < 2 {
		return
	}
	slices.SortFunc(order, inTime)
	c := chanceOf(order, damage)
	for range learnings {
		c.learn(order)
		c.calibrate(order)
	}
	found, _ := c.groups(order)
	for _, g := range found {
		if g.score < claimed {
			continue
		}
		wanted := g.wanted > g.unwanted
		first := slices.MinFunc(g.members, inTime)
		for _, t := range g.members {
			if t.class != nil {
				d.Wanted[t.run] = wanted
			}
			if !wanted {
				d.Coordinated[t.run] = first.run
			}
		}
	}
}

// inTime compares two runs by start.
func inTime(a, b *traits) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.run, b.run))
}

// pair is a union that may be made.
type pair struct {
	gain float64
	a, b int
}

// unions are a heap of pairs, the likeliest first.
type unions []pair

func (u unions) Len() int { return len(u) }
func (u unions) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(u[j].gain, u[i].gain), cmp.Compare(u[i].a, u[j].a), cmp.Compare(u[i].b, u[j].b)) < 0
}
func (u unions) Swap(i, j int) { u[i], u[j] = u[j], u[i] }
func (u *unions) Push(x any)   { *u = append(*u, x.(pair)) }
func (u *unions) Pop() any {
	last := (*u)[len(*u)-1]
	*u = (*u)[:len(*u)-1]
	return last
}

// forest is the state of a clustering: sets by number, those that are part of a union nil.
type forest struct {
	*chance
	sets []*together
	near [][]int // numbers of the sets that are compared with a set
	unions
}

// groups divides runs, sorted by start, into groups and runs alone. It returns the groups,
// and the starts of both. It takes a part of the runs at a time, which ends with the longest
// pause.
func (c *chance) groups(order []*traits) (out []*together, starts []int64) {
	for len(order) > 0 {
		n := len(order)
		if n > atATime {
			n = atATime / 2
			for i := n; i <= atATime; i++ {
				if since(order[i-1].start, order[i].start) > since(order[n-1].start, order[n].start) {
					n = i
				}
			}
		}
		for _, g := range c.grown(order[:n]) {
			starts = append(starts, g.first)
			if g.left != nil {
				g.left, g.right, g.to = nil, nil, nil // memory
				out = append(out, g)
			}
		}
		order = order[n:]
	}
	return out, starts
}

// grown builds the groups of some runs, and cuts them where that is best.
func (c *chance) grown(order []*traits) (out []*together) {
	f := &forest{chance: c}
	for i, t := range order {
		f.sets, f.near = append(f.sets, c.alone(t)), append(f.near, nil)
		for b := i - 1; b >= 0 && b >= i-neighbours && since(order[b].start, t.start) <= window; b-- {
			if order[b].sender != t.sender {
				f.near[i], f.near[b] = append(f.near[i], b), append(f.near[b], i)
				f.try(b, i)
			}
		}
	}
	heap.Init(&f.unions)
	for len(f.unions) > 0 {
		p := heap.Pop(&f.unions).(pair)
		if f.sets[p.a] != nil && f.sets[p.b] != nil {
			f.unite(p)
		}
	}
	for _, g := range f.sets {
		if g != nil {
			out = g.cut(out)
		}
	}
	return out
}

// try appends the union of two sets to the list if it is not hopeless.
func (f *forest) try(a, b int) bool {
	u := f.union(f.sets[a], f.sets[b])
	gain := u.score - f.sets[a].score - f.sets[b].score
	if gain < hopeless {
		return false
	}
	f.unions = append(f.unions, pair{gain, a, b})
	return true
}

// unite makes a union, and compares it with the sets near its parts.
func (f *forest) unite(p pair) {
	u := f.union(f.sets[p.a], f.sets[p.b])
	u.keep()
	n := len(f.sets)
	f.sets = append(f.sets, u)
	f.sets[p.a], f.sets[p.b] = nil, nil
	var near []int
	for _, i := range slices.Concat(f.near[p.a], f.near[p.b]) {
		if f.sets[i] != nil {
			near = append(near, i)
		}
	}
	f.near[p.a], f.near[p.b] = nil, nil
	slices.Sort(near)
	near = slices.Compact(near)
	near = near[max(0, len(near)-2*neighbours):]
	f.near = append(f.near, near)
	for _, i := range near {
		f.near[i] = append(f.near[i], n)
		if f.try(i, n) {
			heap.Fix(&f.unions, len(f.unions)-1)
		}
	}
}

// cut appends the groups into which the tree of unions is best divided.
func (g *together) cut(out []*together) []*together {
	if g.left == nil || g.score >= g.left.best+g.right.best {
		return append(out, g)
	}
	return g.right.cut(g.left.cut(out))
}

// learn estimates from groups how frequent these are, and how alike their members.
func (c *chance) learn(order []*traits) {
	groups, starts := c.groups(order[:min(len(order), learnFrom)])
	var sizes []int
	for _, g := range groups {
		sizes = append(sizes, len(g.members))
	}
	c.grouped = (float64(len(groups)) + priorGrouped*priorEvents) / (float64(len(starts)) + priorEvents)
	c.events = starts
	// Runs after those of the sample.
	for _, t := range order[min(len(order), learnFrom):] {
		c.events = append(c.events, t.start)
	}
	slices.Sort(c.events)
	c.learnSizes(sizes)
	for range learnRounds {
		c.learnLikeness(groups)
	}
}

// learnLikeness takes a step of expectation maximization.
func (c *chance) learnLikeness(groups []*together) {
	var agree [likenesses]float64
	var off, n [numbers]float64
	for _, g := range groups {
		for k, x := range c.agreement(g) {
			p := c.alike[k] / (c.alike[k] + (1-c.alike[k])*math.Exp(-x))
			agree[k] += p
			if k < numbers {
				m := g.number[k]
				off[k] += p * max(0, m.squares-m.sum*m.sum/m.n)
				n[k] += p * (m.n - 1)
			}
		}
	}
	for k := range c.alike {
		c.alike[k] = (agree[k] + agreeing[k]*priorGroups) / (float64(len(groups)) + priorGroups)
	}
	for k := range c.scatter {
		c.scatter[k] = math.Sqrt((off[k] + priorEvents*priorScatter[k]*priorScatter[k]) / (n[k] + priorEvents))
	}
}
