package decision

import (
	"maps"
	"slices"
)

// Conflict is the error for a decision that contradicts standing ones.
type Conflict struct {
	Next     *Decision
	Standing []*Decision // the contradicting ones; none: its own sides share messages
}

// Error states the contradiction in general words. Screens print the decisions
// in Standing with it.
func (c *Conflict) Error() string {
	if len(c.Standing) == 0 {
		return "the two sides have messages in common"
	}
	return "that contradicts decisions that stand"
}

// Check returns a *Conflict if n contradicts standing decisions: a chain of
// decisions would put two messages into one campaign that another decision
// separates. in maps messages to their present campaigns.
func Check(standing []Decision, in map[int64]int64, n *Proposal) error {
	switch n.Kind {
	case Ignore, Trust:
		return weighedOtherwise(standing, &n.Decision)
	case Merge, Same, NotSame, Split:
	default:
		return nil
	}
	before := newChains(standing)
	before.contract(standing, in, n.Whole)
	same, notSame := n.Pairs()
	after := before.with(same)
	parts, formerly := after.parts(), before.parts()
	for _, p := range notSame {
		if parts.together(p) {
			return &Conflict{&n.Decision, after.path(p)}
		}
	}
	for i := range standing {
		_, apart := standing[i].Pairs()
		for _, p := range apart {
			if parts.together(p) && !formerly.together(p) {
				return &Conflict{&n.Decision, []*Decision{&standing[i]}}
			}
		}
	}
	return nil
}

// weighedOtherwise returns a conflict if a standing decision weights the same
// feature in the opposite way.
func weighedOtherwise(standing []Decision, n *Decision) error {
	for i := range standing {
		s := &standing[i]
		if s.Feature == n.Feature && s.Kind != n.Kind && (s.Kind == Ignore || s.Kind == Trust) {
			return &Conflict{n, []*Decision{s}}
		}
	}
	return nil
}

// Fresh divides proposals into new ones and standing ones that say the same. It
// checks each against the standing decisions and the proposals before it.
func Fresh(standing []Decision, in map[int64]int64, list []Proposal) (fresh, known []Decision, err error) {
	standing = slices.Clip(standing)
	for i := range list {
		n := &list[i]
		if i := slices.IndexFunc(standing, func(s Decision) bool { return s.Restates(&n.Decision) }); i >= 0 {
			known = append(known, standing[i])
			continue
		}
		if err := Check(standing, in, n); err != nil {
			return nil, nil, err
		}
		standing, fresh = append(standing, n.Decision), append(fresh, n.Decision)
	}
	return fresh, known, nil
}

// chains is the graph of messages that decisions put into one campaign.
type chains struct {
	next map[int64][]step
}

// step leads to another message by a decision; nil means that they share a
// campaign now.
type step struct {
	to int64
	by *Decision
}

// newChains returns the graph of the pairs that standing decisions put
// together.
func newChains(standing []Decision) *chains {
	c := &chains{next: make(map[int64][]step)}
	for i := range standing {
		same, _ := standing[i].Pairs()
		c.add(same, &standing[i])
	}
	return c
}

// add adds pairs in both directions. by is the decision that demands them; nil
// for pairs of one campaign.
func (c *chains) add(pairs [][2]int64, by *Decision) {
	for _, p := range pairs {
		c.next[p[0]] = append(c.next[p[0]], step{p[1], by})
		c.next[p[1]] = append(c.next[p[1]], step{p[0], by})
	}
}

// contract merges the messages of each of the campaigns into one node, except
// those that leave it in the next run.
func (c *chains) contract(standing []Decision, in map[int64]int64, campaigns []int64) {
	first := make(map[int64]int64)
	leaves := make(map[int64]bool)
	for _, id := range campaigns {
		for _, m := range TakenOut(standing, id) {
			leaves[m] = true
		}
	}
	for _, m := range slices.Sorted(maps.Keys(in)) {
		id := in[m]
		if leaves[m] || !slices.Contains(campaigns, id) {
			continue
		}
		if f, ok := first[id]; ok {
			c.add([][2]int64{{f, m}}, nil)
		} else {
			first[id] = m
		}
	}
}

// with returns a copy with further pairs.
func (c *chains) with(pairs [][2]int64) *chains {
	out := &chains{next: make(map[int64][]step, len(c.next))}
	for m, steps := range c.next {
		out.next[m] = slices.Clip(steps)
	}
	out.add(pairs, nil)
	return out
}

// parts maps each message to its connected part.
type parts map[int64]int64

// parts returns the connected components of the messages that decisions join.
func (c *chains) parts() parts {
	out := make(parts, len(c.next))
	for m := range c.next {
		if _, seen := out[m]; seen {
			continue
		}
		out[m] = m
		for queue := []int64{m}; len(queue) > 0; queue = queue[1:] {
			for _, s := range c.next[queue[0]] {
				if _, seen := out[s.to]; !seen {
					out[s.to] = m
					queue = append(queue, s.to)
				}
			}
		}
	}
	return out
}

// together reports whether two messages are in one part. A message that no
// decision names is together with itself only.
func (p parts) together(pair [2]int64) bool {
	a, known := p[pair[0]]
	b, alsoKnown := p[pair[1]]
	return pair[0] == pair[1] || known && alsoKnown && a == b
}

// path returns the decisions on a shortest path between two messages of one
// part.
func (c *chains) path(pair [2]int64) []*Decision {
	a, b := pair[0], pair[1]
	from := map[int64]step{a: {a, nil}}
	for queue := []int64{a}; len(queue) > 0; queue = queue[1:] {
		for _, s := range c.next[queue[0]] {
			if _, seen := from[s.to]; !seen {
				from[s.to] = step{queue[0], s.by}
				queue = append(queue, s.to)
			}
		}
	}
	var out []*Decision
	for m := b; m != a; m = from[m].to {
		if by := from[m].by; by != nil && !slices.Contains(out, by) {
			out = append(out, by)
		}
	}
	slices.Reverse(out)
	return out
}
