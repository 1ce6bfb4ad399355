package campaign

import "spoor/graph/evidence"

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

// unitBits is what is asked of two messages on top of what links them to be put into one
// unit, which is never taken apart again.

// units joins the messages that are surely of one campaign, each with its like: same
// texts, same links. It returns the unit of each message, and of each how sure that is.
func (x *Index) units() (union, []float32) {
	u := newUnion(len(x.keys))
	sure := make([]float32, len(x.keys))
	x.meetings(func(a, b int32) (bool, bool) {
		if u.find(a) == u.find(b) {
			return true, true
		}
		t := x.tally(a, b)
		if total := t.total(x.prior); total >= linkBits+unitBits && x.linked(&t) && !x.forbidden(a, b) {
			u.join(a, b)
			sure[a], sure[b] = max(sure[a], total), max(sure[b], total)
			return true, true
		}
		return false, true
	})
	for _, p := range x.decisions.Same {
		a, ok := x.find(p[0])
		b, ok2 := x.find(p[1])
		if ok && ok2 {
			u.join(a, b)
			sure[a], sure[b] = decided, decided
		}
	}
	return u, sure
}

// decided is what a person's word is worth, in bits.
const decided = 20

func (x *Index) forbidden(a, b int32) bool { return false }
