package graph

import (
	"cmp"
	"slices"
)

// perGroup is how many features of each group stand for a message: those worth most,
// of equals those that more messages have.
var perGroup = [groups]int{Content: 3, Subject: 1, Links: 4, Mailer: 4, Sending: 5}

// component is a set of messages that links hold together.
type component struct {
	members []int32
	weakest int
}

// connect links messages that share two features of different groups which together are
// worth enough. Every such pair of features is a bucket; the messages in one bucket are
// linked without listing their pairs (union-find), strongest buckets first, so that the
// last bucket that joins two parts of a component is its weakest link.
//
// Cost: messages x pairs of their chosen features, at most 100 each.
func (x *incidence) connect(o Options) []component {
	all := make([]int32, 0, x.spam)
	for m := range int32(len(x.keys)) {
		if !x.background[m] {
			all = append(all, m)
		}
	}
	large := max(x.spam*o.LargeShare/1000, largeAtLeast)
	return x.split(all, o.LinkBits+caution(len(x.keys)), large)
}

// caution is what is asked for on top in a larger store: with each doubling twice as many
// strangers stand ready to agree by chance. The ceilings of kinds bound what can be asked.
func caution(messages int) int { return min(doublings(messages)-doublings(0), maxCaution) }

const (
	maxCaution   = 3
	largeAtLeast = 24 // below that, nobody needs a guard against blobs
	maxStricter  = 8  // how often a blob is tried again, a bit stricter each time
)

// split joins the messages by links of at least floor bits. A component that is large
// and has no trait common to half of its members is a blob that chance links glued
// together: it is taken apart with stricter links.
func (x *incidence) split(messages []int32, floor, large int) []component {
	var done []component
	for again := 0; len(messages) > 0; again++ {
		var blobs []int32
		for _, c := range x.components(messages, floor+again) {
			if again < maxStricter && len(c.members) > large && !x.cohesive(c.members) {
				blobs = append(blobs, c.members...)
				continue
			}
			done = append(done, c)
		}
		slices.Sort(blobs)
		messages = blobs
	}
	return done
}

// cohesive reports whether one feature that is evidence is common to half the members.
func (x *incidence) cohesive(members []int32) bool {
	count := make(map[int32]int)
	for _, m := range members {
		for _, f := range x.rows.row(m) {
			if x.bits[f] > 0 {
				count[f]++
				if 2*count[f] >= len(members) {
					return true
				}
			}
		}
	}
	return false
}

// components returns the components of two or more messages.
func (x *incidence) components(messages []int32, floor int) []component {
	chosen := make([][]int32, len(messages))
	for i, m := range messages {
		chosen[i] = x.choose(m)
	}
	u := newUnion(len(messages))
	first := make(map[uint64]int32)
	for level := maxPairBits; level >= floor; level-- {
		clear(first)
		for i := range messages {
			x.pairs(chosen[i], x.newsletter[messages[i]], level, func(bucket uint64) {
				j, ok := first[bucket]
				if !ok {
					first[bucket] = int32(i)
				} else {
					u.join(j, int32(i), level)
				}
			})
		}
	}
	return u.components(messages)
}

// maxPairBits is the most that two features can be worth together; see kindTable.
const maxPairBits = 22

// choose picks the features that stand for a message.
func (x *incidence) choose(m int32) []int32 {
	var out []int32
	for _, f := range x.rows.row(m) {
		if x.bits[f] > 0 {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(p, q int32) int {
		return cmp.Or(cmp.Compare(x.bits[q], x.bits[p]), cmp.Compare(x.df(q), x.df(p)), cmp.Compare(p, q))
	})
	var taken [groups]int
	kept := out[:0]
	for _, f := range out {
		g := x.features[f].Kind.Group()
		if taken[g] < perGroup[g] {
			taken[g]++
			kept = append(kept, f)
		}
	}
	slices.Sort(kept)
	return kept
}

func (x *incidence) df(f int32) int { return len(x.cols.row(f)) }

// pairs yields the buckets of exactly level bits that chosen features make. One of the
// two must be what the message says or where it leads: what a mailer and an address
// have in common, all customers of one mailing service have.
func (x *incidence) pairs(chosen []int32, newsletter bool, level int, yield func(uint64)) {
	for i, f := range chosen {
		g := x.features[f].Kind.Group()
		if g > Links || newsletter && g != Content {
			break // chosen is ordered by kind, and kinds by group
		}
		for _, h := range chosen[i+1:] {
			if x.features[h].Kind.Group() != g && int(x.bits[f])+int(x.bits[h]) == level {
				yield(uint64(f)<<32 | uint64(h))
			}
		}
	}
}
