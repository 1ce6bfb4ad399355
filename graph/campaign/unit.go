package campaign

import (
	"cmp"
	"slices"

	"spoor/graph/evidence"
)

// heads is how many of those that met under a feature are kept for the next to be compared
// with: several campaigns can share it.
const heads = 4

// minMeeting is what a feature must be worth for its messages to be compared.
const minMeeting = 3

// compare yields the pairs of spam that meet under a feature of content or links, until
// yield returns false: each message with the last few that it was not told to be one with.
// yield reports through joined. The number of pairs is linear in the incidence.
func (x *Index) compare(yield func(a, b int32) bool) {
	x.meetings(func(a, b int32) (joined, more bool) { return false, yield(a, b) })
}

func (x *Index) meetings(yield func(a, b int32) (joined, more bool)) {
	var last [heads]int32
	for f := range int32(len(x.features)) {
		g := x.kind[f].Group()
		if g != evidence.Content && g != evidence.Links || x.weight[f] < minMeeting {
			continue
		}
		n, next := 0, 0
	messages:
		for _, m := range x.cols.row(f) {
			if x.apart(m) {
				continue
			}
			for i := range n {
				joined, more := yield(last[i], m)
				if !more {
					return
				}
				if joined {
					continue messages
				}
			}
			last[next] = m
			next = (next + 1) % heads
			n = min(n+1, heads)
		}
	}
}

// units joins the messages that are surely of one campaign, each with its like: same
// texts, same links. It returns the unit of each message, how sure that is, and the links
// that were too weak for it.
func (x *Index) units() (u union, sure []float32, weak []link) {
	u = newUnion(len(x.keys))
	sure = make([]float32, len(x.keys))
	size, other := make([]int32, len(u)), make([]int32, len(u))
	for i := range size {
		size[i], other[i] = 1, -1
	}
	judge := func(a, b int32) bool {
		if u.find(a) == u.find(b) {
			return true
		}
		t := x.tally(a, b)
		total := t.total(x.prior)
		if !x.linked(&t) {
			return false
		}
		if total < linkBits+unitBits {
			weak = append(weak, link{a, b, total})
			return false
		}
		if x.bridges(u, size, other, a, b) {
			weak = append(weak, link{a, b, total})
			return false
		}
		p, q := u.find(a), u.find(b)
		u.join(a, b)
		r, c := min(p, q), max(p, q)
		size[r] += size[c]
		if other[r] < 0 {
			other[r] = c
		}
		sure[a], sure[b] = max(sure[a], total), max(sure[b], total)
		return true
	}
	x.meetings(func(a, b int32) (joined, more bool) { return judge(a, b), true })
	for _, p := range x.pairsOf(x.decisions.Same) {
		u.join(p[0], p[1])
		sure[p[0]], sure[p[1]] = decided, decided
	}
	// Texts that are alike meet by their sketches.
	var texts []int32
	seen := make(map[uint64]bool)
	for m := range int32(len(x.keys)) {
		if x.sketch[m] < 0 || x.apart(m) {
			continue
		}
		if id := uint64(u.find(m))<<32 | uint64(uint32(x.text[m])); !seen[id] {
			seen[id] = true
			texts = append(texts, m)
		}
	}
	x.meet(texts, func(a, b int32) { judge(a, b) })
	x.crossings(func(a, b int32) { judge(a, b) })
	return u, sure, weak
}

// crossings yields the messages that have the same text or subject, near-duplicates
// included, and also something in common in who sends them: neighbours under each such pair
// of traits.
func (x *Index) crossings(yield func(a, b int32)) {
	type entry struct {
		pair    uint64
		message int32
	}
	var all []entry
	var who [whoFeatures]int32
	for m := range int32(len(x.keys)) {
		if x.apart(m) {
			continue
		}
		n := x.strongest(m, who[:])
		if n == 0 {
			continue
		}
		what := [2]int32{x.text[m], x.subject(m)}
		for _, w := range what {
			if w < 0 {
				continue
			}
			for _, f := range who[:n] {
				all = append(all, entry{uint64(w)<<32 | uint64(f), m})
			}
		}
	}
	slices.SortFunc(all, func(p, q entry) int {
		return cmp.Or(cmp.Compare(p.pair, q.pair), cmp.Compare(p.message, q.message))
	})
	for i := 1; i < len(all); i++ {
		if all[i].pair == all[i-1].pair {
			yield(all[i-1].message, all[i].message)
		}
	}
}

// whoFeatures is how many features stand for who sent a message.
const whoFeatures = 4

// strongest fills in the features that say most of who sent a message.
func (x *Index) strongest(m int32, out []int32) int {
	n := 0
	for _, f := range x.rows.row(m) {
		if x.kind[f].Group() < evidence.Registration || x.weight[f] < 4 {
			continue
		}
		i := n
		if n < len(out) {
			n++
		} else if i--; x.weight[f] <= x.weight[out[i]] {
			continue
		}
		for ; i > 0 && x.weight[out[i-1]] < x.weight[f]; i-- {
			out[i] = out[i-1]
		}
		out[i] = f
	}
	return n
}

// subject is the feature of a message's subject; -1 for none that says something.
func (x *Index) subject(m int32) int32 {
	for _, f := range x.rows.row(m) {
		if k := x.kind[f]; (k == evidence.SubjectKey || k == evidence.SubjectForm) && x.weight[f] > 0 {
			return f
		}
	}
	return -1
}

// decided is what a person's word is worth, in bits.
const decided = 20
