package campaign

import (
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

// decided is what a person's word is worth, in bits.
const decided = 20
