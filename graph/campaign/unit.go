package campaign

import (
	"spoor/graph/evidence"
)

// heads is the number of messages kept per feature for comparison with later
// ones, because several campaigns can share it.
const heads = 4

// minMeeting is the minimum weight of a feature whose messages are compared.
const minMeeting = 3

// compare yields pairs of spam messages with a common feature of content or
// links, until yield returns false. Each message is paired with the last few
// that it was not joined with; yield reports through joined. The number of
// pairs is linear in the incidence.
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

// decided is the weight of a user's decision, in bits.
const decided = 20
