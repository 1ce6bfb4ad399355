// Package spamrun finds spamruns: the bursts in which one sender's mail arrives at the
// trust boundary. What a sender delivers in one burst is one hand's work, while a rented
// zombie serves somebody else the next day.
//
// In go arrivals: message, address of the client that connected to our own servers, and
// the time at which they took it. Out come runs of at least two messages. The package
// reads nothing and decides nothing about what the runs are worth as evidence.
//
// # Method
//
// A run goes on while the next message comes within an allowed gap, and that gap adapts to
// the rate of the run so far: eight times its mean gap, at least ten minutes, at most four
// hours. Of messages that come at random at a steady rate one gap in three thousand (e^-8)
// is longer than eight means, so a newsletter server that sends one every ten minutes all
// day is a run or two and not hundreds, while a zombie that sent one mail each fifteen
// seconds has ended once it is silent for ten minutes. Those ten minutes span what a
// mail that was put off waits for its first retry with most servers (Postfix begins at five
// minutes); the four hours keep two evenings apart. The mean forgets:
// it is that of about the last sixteen gaps, because rates change over a day. A run
// whose rate is not known yet waits for an hour. No run is longer than a day: what goes on
// for longer, such as the relay of a provider with many customers, is a service and no
// burst, and its next day is as good as another sender's.
//
// Kleinberg's automaton (Bursty and Hierarchical Structure in Streams, KDD 2002) is the
// known alternative. It finds bursts above a sender's own base rate, by the cheapest path
// through states of rising rate over the whole sequence. Most senders of spam have no base
// rate: 36 mails in eight minutes and none before or after are all there is, and the
// automaton, whose states are multiples of the overall rate, sees one uniform stream. And
// its path depends on what comes later, so that new mail would redraw old runs. The gap
// rule looks back only: mail that arrives later lengthens the last run of its sender or
// begins another, and changes no earlier one. What it cannot do is to tell where a
// burst begins within a trickle through the same relay: the run is both, up to the burst's
// end.
//
// It takes O(n log n) for sorting and O(n) after that.
package spamrun

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"net/netip"
	"slices"
)

// The limits of the rule, in seconds.
const (
	shortest = 10 * 60      // a gap of this or less never ends a run
	unknown  = 60 * 60      // allowed after the first message, when no rate is known
	longest  = 4 * 60 * 60  // a gap of more than this always does
	day      = 24 * 60 * 60 // that a run lasts at most

	means  = 8  // that a gap may be long
	memory = 16 // gaps that the mean remembers
)

// Arrival is one message at the trust boundary. There is at most one of each message.
type Arrival struct {
	Message int64
	Sender  netip.Addr // of the client that connected; the zero Addr if unknown
	At      int64      // seconds of Unix time; 0 if unknown
}

// Run is a spamrun.
type Run struct {
	ID         int64 // positive; made from Sender and Start, so that it stays while the run grows
	Sender     netip.Addr
	Start, End int64   // arrival of the first and of the last message
	Messages   []int64 // at least two, in the order of their arrival
}

// Find returns the runs, by sender and then by time. The order of arrivals does not
// matter. Those whose sender or time is not known are in no run.
func Find(arrivals []Arrival) []Run {
	known := sorted(arrivals)
	messages := make([]int64, len(known))
	var runs []Run
	ids := make(map[int64]bool)
	for from := 0; from < len(known); {
		to := from + length(known[from:])
		for i := from; i < to; i++ {
			messages[i] = known[i].Message
		}
		if to-from > 1 {
			first, last := known[from], known[to-1]
			runs = append(runs, Run{ID: free(ids, identity(first.Sender, first.At)), Sender: first.Sender,
				Start: first.At, End: last.At, Messages: messages[from:to:to]})
		}
		from = to
	}
	return runs
}

// sorted returns the arrivals that can be in a run, by sender, time and message.
func sorted(arrivals []Arrival) []Arrival {
	out := make([]Arrival, 0, len(arrivals))
	for _, a := range arrivals {
		if !a.Sender.IsValid() || a.At == 0 {
			continue
		}
		a.Sender = a.Sender.Unmap().WithZone("")
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Arrival) int {
		return cmp.Or(a.Sender.Compare(b.Sender), cmp.Compare(a.At, b.At), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(out)
}

// length is how many of the sorted arrivals are the first run: 1 or more.
func length(sorted []Arrival) int {
	r := rate{mean: float64(unknown) / means, weight: 1}
	first := sorted[0]
	for i, a := range sorted[1:] {
		gap := since(sorted[i].At, a.At)
		if a.Sender != first.Sender || gap > r.allowed() || since(first.At, a.At) > day {
			return i + 1
		}
		r.add(gap)
	}
	return len(sorted)
}

// since is the time from a to b, b being no earlier. Clocks that stand in 1904 or at the
// end of time make differences that no int64 holds.
func since(a, b int64) uint64 { return uint64(b) - uint64(a) }

// rate is the mean gap of a run; it begins with a guess that counts as one gap.
type rate struct {
	mean   float64
	weight float64
}

func (r *rate) add(gap uint64) {
	r.weight = min(r.weight+1, memory)
	r.mean += (float64(gap) - r.mean) / r.weight
}

// allowed is the longest gap that does not end the run.
func (r *rate) allowed() uint64 {
	return uint64(min(max(means*r.mean, shortest), longest))
}

// identity makes an id of what does not change while a run grows.
func identity(sender netip.Addr, start int64) int64 {
	a := sender.As16()
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(a[:], uint64(start)))
	return positive(int64(binary.BigEndian.Uint64(sum[:8]) & math.MaxInt64))
}

// free returns id, or the next one that no other run has: ids are a database's keys, and
// somebody with a network of addresses can look for two that meet.
func free(taken map[int64]bool, id int64) int64 {
	for taken[id] {
		id = positive((id + 1) & math.MaxInt64)
	}
	taken[id] = true
	return id
}

func positive(id int64) int64 { return max(id, 1) }
