package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// contradicts returns an error if n cannot be honoured together with what stands: two
// messages would have to be of one campaign, by a chain of decisions, and of two. in
// tells in which campaigns messages are now.
func contradicts(standing []campaigns.Decision, in map[int64]int64, n proposal) error {
	switch n.Kind {
	case "ignore", "trust":
		return weighedOtherwise(standing, &n.Decision)
	case "merge", "same", "not-same", "split":
	default:
		return nil
	}
	before := newChains(standing)
	before.contract(standing, in, n.whole)
	same, notSame := n.Pairs()
	after := before.with(same)
	parts, formerly := after.parts(), before.parts()
	for _, p := range notSame {
		if parts.together(p) {
			return refusal(&n.Decision, after.path(p))
		}
	}
	for i := range standing {
		_, apart := standing[i].Pairs()
		for _, p := range apart {
			if parts.together(p) && !formerly.together(p) {
				return refusal(&n.Decision, []*campaigns.Decision{&standing[i]})
			}
		}
	}
	return nil
}

func weighedOtherwise(standing []campaigns.Decision, n *campaigns.Decision) error {
	for i := range standing {
		s := &standing[i]
		if s.Feature == n.Feature && s.Kind != n.Kind && (s.Kind == "ignore" || s.Kind == "trust") {
			return refusal(n, []*campaigns.Decision{s})
		}
	}
	return nil
}

// refusal names the decisions that stand in the way, and how they are undone.
func refusal(n *campaigns.Decision, standing []*campaigns.Decision) error {
	var said, ids []string
	for _, s := range standing {
		said = append(said, fmt.Sprintf("%s (%s, by %s on %s)", decisionID(s.ID), decisionWords(s), s.MadeBy, cli.Date(s.MadeAt)))
		ids = append(ids, decisionID(s.ID))
	}
	if len(ids) == 0 {
		return cli.Usage("%s: the two sides have messages in common", decisionWords(n))
	}
	return cli.Usage("%s: that contradicts %s; first correlate undo %s", decisionWords(n), strings.Join(said, " and "), strings.Join(ids, " "))
}

// chains is the graph of messages that decisions say are of one campaign.
type chains struct {
	next map[int64][]step
}

// step leads to another message by a decision; nil: they are in one campaign now.
type step struct {
	to int64
	by *campaigns.Decision
}

func newChains(standing []campaigns.Decision) *chains {
	c := &chains{next: make(map[int64][]step)}
	for i := range standing {
		same, _ := standing[i].Pairs()
		c.add(same, &standing[i])
	}
	return c
}

func (c *chains) add(pairs [][2]int64, by *campaigns.Decision) {
	for _, p := range pairs {
		c.next[p[0]] = append(c.next[p[0]], step{p[1], by})
		c.next[p[1]] = append(c.next[p[1]], step{p[0], by})
	}
}

// contract makes the messages of each of these campaigns one, but for those that are to
// leave it with the next run.
func (c *chains) contract(standing []campaigns.Decision, in map[int64]int64, campaigns []int64) {
	first := make(map[int64]int64)
	leaves := make(map[int64]bool)
	for _, id := range campaigns {
		for _, m := range takenOut(standing, id) {
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

// with returns a copy that holds more pairs.
func (c *chains) with(pairs [][2]int64) *chains {
	out := &chains{next: make(map[int64][]step, len(c.next))}
	for m, steps := range c.next {
		out.next[m] = slices.Clip(steps)
	}
	out.add(pairs, nil)
	return out
}

// parts tells for each message which connected part it is in.
type parts map[int64]int64

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

func (p parts) together(pair [2]int64) bool {
	a, known := p[pair[0]]
	b, alsoKnown := p[pair[1]]
	return pair[0] == pair[1] || known && alsoKnown && a == b
}

// path returns the decisions on a shortest way between two messages of one part.
func (c *chains) path(pair [2]int64) []*campaigns.Decision {
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
	var out []*campaigns.Decision
	for m := b; m != a; m = from[m].to {
		if by := from[m].by; by != nil && !slices.Contains(out, by) {
			out = append(out, by)
		}
	}
	slices.Reverse(out)
	return out
}
