// Package spamrun finds spamruns: the bursts in which one sender's mail arrives at the
// trust boundary. What a sender delivers in one burst is one hand's work, while a rented
// zombie serves somebody else the next day.
//
// In go arrivals: messages and transactions of logs, with the address of the client that
// connected to our own servers, the time, and whatever tells hands apart. Out come runs of
// at least two of them. The package reads nothing and decides nothing about what the runs
// are worth as evidence.
//
// # Method
//
// The arrivals of one sender are first told apart by hands (hands.go): a mail server that
// was broken into goes on with its own mail, which comes under domains that it uses on
// other occasions too. Each hand's arrivals are then cut where the rate changes for good
// (cut.go): at a gap of ten minutes to four hours that all the nearest gaps on one side
// are less than a third of. Mail that is tried again after it was put off belongs to the
// run of its first try, whenever it comes. Each burst is weighed as wanted mail or spam
// (wanted.go), and at last the bursts of several senders that begin together and share a
// list out among them are put into one coordinated run (coordinate.go).
//
// Kleinberg's automaton (Bursty and Hierarchical Structure in Streams, KDD 2002) is the
// known alternative. It finds bursts above a sender's own base rate. Most senders of spam
// have none: 36 mails in eight minutes and none before or after are all there is, and the
// automaton, whose states are multiples of the overall rate, sees one uniform stream.
//
// New mail can lengthen the last run of its sender or begin another; it changes an earlier
// one only where it shows that a silence was no end, and the id of that is kept.
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

// Run is a spamrun.
type Run struct {
	ID          int64 // positive; made from Sender and Start, so that it stays while the run grows
	Sender      netip.Addr
	Start, End  int64   // first and last arrival
	Messages    []int64 // at least two, in the order of their arrival
	Wanted      bool    // it looks like wanted mail
	Odds        float64 // bits that say so; negative for spam
	Coordinated int64   // ID of the first of the runs that are one; 0 if it stands alone
	Method      string  // how it was told from what else the sender sent

	tried int
	tries []uint64
	helo  string
}

// How a run was told from what else its sender sent.
const (
	Burst = "burst" // the sender sent nothing else, or at other times
	Hands = "hands" // it carries the mail of several hands at one time
)

// Find returns the runs, by sender and then by time. The order of arrivals does not
// matter. Those whose sender or time is not known are in no run.
func Find(arrivals []Arrival) []Run {
	known := sorted(arrivals)
	var runs []Run
	ids := make(map[int64]bool)
	for from := 0; from < len(known); {
		to := from + 1
		for to < len(known) && known[to].Sender == known[from].Sender {
			to++
		}
		runs = append(runs, ofSender(known[from:to], ids)...)
		from = to
	}
	coordinate(runs)
	return runs
}

// ofSender finds the runs of one sender.
func ofSender(all []Arrival, ids map[int64]bool) []Run {
	first, again := retries(all)
	var found []Run
	parts := hands(first)
	gaps := ofZombie
	if server(first) {
		gaps = ofServer
	}
	method := Burst
	if len(parts) > 1 {
		method = Hands
	}
	for _, part := range parts {
		from := 0
		for _, to := range bursts(part, gaps) {
			members := withRetries(part[from:to], again)
			from = to
			if len(members) < 2 {
				continue
			}
			found = append(found, newRun(members, method))
		}
	}
	slices.SortFunc(found, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Messages[0], b.Messages[0]))
	})
	for i := range found {
		found[i].ID = free(ids, identity(found[i].Sender, found[i].Start))
	}
	return found
}

// newRun sums up the members of a run.
func newRun(members []Arrival, method string) Run {
	r := Run{Sender: members[0].Sender, Start: members[0].At, Method: method}
	for i := range members {
		m := &members[i]
		r.Messages = append(r.Messages, m.Message)
		r.End = max(r.End, m.until())
		r.tries = append(r.tries, m.Tries...)
		r.tried += max(m.Tried, 1)
		if r.helo == "" {
			r.helo = helloClass(m.HELO)
		}
	}
	r.Odds = wantedOdds(members)
	r.Wanted = r.Odds > 0
	return r
}

// patience is how long a client that was put off may take to come back.
const patience = 8 * 60 * 60

// retries parts what is tried again from first tries. again lists them by the message of the
// first try.
func retries(all []Arrival) (first []Arrival, again map[int64][]Arrival) {
	type wait struct{ message, at int64 }
	var waiting map[uint64]wait
	for _, a := range all {
		parent := int64(0)
		if waiting != nil && len(a.Tries) > 0 {
			expected := 0
			for _, t := range a.Tries {
				if w, ok := waiting[t]; ok && since(w.at, a.At) <= patience {
					expected++
					parent = w.message
				}
			}
			if 2*expected <= len(a.Tries) {
				parent = 0
			}
		}
		root := a.Message
		if parent != 0 {
			if again == nil {
				again = map[int64][]Arrival{}
			}
			again[parent] = append(again[parent], a)
			root = parent
		} else {
			first = append(first, a)
		}
		for _, t := range a.PutOff {
			if waiting == nil {
				waiting = map[uint64]wait{}
			}
			waiting[t] = wait{root, a.At}
		}
	}
	return first, again
}

// withRetries adds to the members of a burst what was tried again of them.
func withRetries(burst []Arrival, again map[int64][]Arrival) []Arrival {
	if again == nil {
		return burst
	}
	var more []Arrival
	for i := range burst {
		more = append(more, again[burst[i].Message]...)
	}
	if len(more) == 0 {
		return burst
	}
	all := append(slices.Clone(burst), more...)
	slices.SortFunc(all, func(a, b Arrival) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Message, b.Message)) })
	return all
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
