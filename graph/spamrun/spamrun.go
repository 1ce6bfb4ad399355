// Package spamrun finds spamruns: bursts of one sender's mail at the trust
// boundary. A burst is the work of one operator, while a rented bot serves
// another the next day.
//
// Its input is arrivals: messages and log transactions, with client address,
// time, and marks that separate operators. Its output is runs of at least two
// mails. The package does no I/O and does not decide the weight of runs as
// evidence.
//
// # Method
//
// No threshold in time was set by eye, apart from the definition of a run: a
// pause of ten minutes never ends one, one of four hours does, and mail less
// than hourly is none. A hidden Markov model separates the operators of one
// sender (hands.go), by the rate over the sender's own base rate and by the
// marks of each mail. A burst, of a rented machine too, is parted into operators
// that send at one time or in turn, if their own times and habits explain it better than one operator's
// (parts.go, habit.go, names.go). Each operator's arrivals are cut at the pauses
// that two runs explain better than one: by rates, names, lists and sizes (cut.go).
// A retry belongs to the run of its first attempt, whenever it comes. Each burst
// is classified as ham or spam (wanted.go). Finally, bursts of several senders
// that begin together are joined into one coordinated run if they agree more than
// two bursts by chance (coordinate.go, chance.go).
//
// Sizes of runs, and how often a pause ends one, are learned from the runs of
// other senders (usual.go), in the order of the senders' addresses.
//
// New mail can extend the last run of its sender or begin another. It changes
// an earlier one only if it shows that a pause was not its end; the id of that
// run is kept.
//
// The time is O(n log n) for sorting and O(n) for the rest.
package spamrun

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"math"
	"net/netip"
	"slices"
)

// Run is a spamrun.
type Run struct {
	ID          int64 // positive; made from Sender and Start, so that it stays while the run grows
	Sender      netip.Addr
	Start, End  int64   // first and last arrival
	Messages    []int64 // in the order of their arrival: at least two, or one transaction of several mails
	Wanted      bool    // it looks like wanted mail
	Odds        float64 // log odds of that, in bits; negative for spam
	Open        bool    // Wanted is to be decided when all runs are known
	Coordinated int64   // ID of the first of the joined runs; 0 for a run alone
	Method      string  // method of separation from the sender's other mail

	traits *traits
	class  *class
}

// Methods of separating a run from its sender's other mail.
const (
	Burst = "burst" // the sender sent nothing else, or at other times
	Hands = "hands" // it carries the mail of several hands at one time
)

// Find returns the runs, by sender and then by time. The order of arrivals does
// not matter. Arrivals without a sender or a time are in no run.
func Find(arrivals []Arrival) []Run {
	known := sorted(arrivals)
	return FindBySender(func(yield func([]Arrival) bool) {
		for from := 0; from < len(known); {
			to := from + 1
			for to < len(known) && known[to].Sender == known[from].Sender {
				to++
			}
			if !yield(known[from:to]) {
				return
			}
			from = to
		}
	})
}

// FindBySender is Find for the arrivals of one sender after another, by address. A list is
// not used any more when the next is asked for.
func FindBySender(senders iter.Seq[[]Arrival]) []Run {
	var runs []Run
	var f Finder
	for arrivals := range senders {
		runs = append(runs, f.Sender(arrivals)...)
	}
	d := f.Decide()
	for i := range runs {
		if r := &runs[i]; r.Open {
			r.Wanted = d.Wanted[r.ID]
		}
		runs[i].Coordinated = d.Coordinated[runs[i].ID]
	}
	return runs
}

// Finder finds the runs of one sender after another. The zero value is ready.
// It keeps the traits by which runs are coordinated: some hundred bytes for
// each run of spam, or that may be spam.
type Finder struct {
	ids     map[int64]bool
	traits  []*traits
	classes []*class
	usual   usual

	recipients int // in traits
	least      int // leading zeros of their hashes
}

// Sender returns the runs of one sender's arrivals by time. Their field
// Coordinated is not set yet, nor Wanted of open ones: call Decide after the last
// sender.
func (f *Finder) Sender(arrivals []Arrival) []Run {
	if f.ids == nil {
		f.ids = map[int64]bool{}
	}
	runs := ofSender(sorted(arrivals), f.ids, &f.usual)
	for i := range runs {
		f.remember(&runs[i])
	}
	return runs
}

// ofSender finds the runs of one sender.
func ofSender(all []Arrival, ids map[int64]bool, u *usual) (found []Run) {
	first, again := retries(all)
	own, others := hands(first, u)
	odds := wantedOdds(own)
	var spam [][]Arrival
	add := func(members []Arrival, odds float64) {
		found = append(found, newRun(members, odds))
		if odds <= 0 {
			spam = append(spam, members)
		}
	}
	for _, members := range cutUp(own, again, u) {
		add(members, odds)
	}
	for _, part := range others {
		for _, members := range cutUp(part, again, u) {
			add(members, wantedOdds(members))
		}
	}
	u.learn(spam)
	slices.SortFunc(found, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Messages[0], b.Messages[0]))
	})
	for i := range found {
		found[i].ID = free(ids, identity(found[i].Sender, found[i].Start))
		found[i].Method = Burst
		if len(own) > 0 && len(others) > 0 {
			found[i].Method = Hands
		}
		if t := found[i].traits; t != nil {
			t.run, t.sender, t.start = found[i].ID, found[i].Sender, found[i].Start
			if found[i].Method == Hands {
				t.names[bySender] = "relay"
			}
		}
	}
	return found
}

// cutUp cuts one operator's mail into bursts of two or more, each with its
// retries.
func cutUp(part []Arrival, again map[int64][]Arrival, u *usual) (runs [][]Arrival) {
	from := 0
	for _, to := range bursts(part, u) {
		span := since(part[from].At, part[to-1].At)
		members := withRetries(part[from:to], again)
		if len(members) > 1 && span <= seldom*uint64(len(members)-1) || len(members) == 1 && isBurst(&members[0]) {
			runs = append(runs, members)
		}
		from = to
	}
	return runs
}

// dialogue is the maximum time, in seconds, from the first to the last recipient of
// one mail.
const dialogue = 60

// isBurst reports whether one arrival is a burst. Exim's refusals do not name the
// connection, so all of one client and envelope sender are one transaction.
func isBurst(a *Arrival) bool {
	span := since(a.At, a.until())
	return a.Tried > 1 && span > dialogue && span <= seldom*uint64(a.Tried-1)
}

// newRun sums up the members of a run.
func newRun(members []Arrival, odds float64) Run {
	r := Run{Sender: members[0].Sender, Start: members[0].At, Odds: odds, Wanted: odds > 0}
	for i := range members {
		r.Messages = append(r.Messages, members[i].Message)
		r.End = max(r.End, members[i].until())
	}
	r.class = classOf(members, odds)
	r.Open = r.class != nil && math.Abs(odds) <= open
	if r.Open || !r.Wanted {
		r.traits = traitsOf(members)
	}
	return r
}

// patience is the maximum time, in seconds, until a deferred client returns.
const patience = 8 * 60 * 60

// try is a recipient that an envelope sender names.
type try struct {
	from string
	to   uint64
}

// retries separates retries from first attempts. again lists them by the
// message of the first attempt. Without a deferral there are no retries.
// Programs that retry a mail also name recipients that were refused.
func retries(all []Arrival) (first []Arrival, again map[int64][]Arrival) {
	if !slices.ContainsFunc(all, func(a Arrival) bool { return len(a.PutOff) > 0 }) {
		return all, nil
	}
	type wait struct{ message, at int64 }
	waiting := map[try]wait{}
	again = map[int64][]Arrival{}
	for _, a := range all {
		parent, expected := a.Message, 0
		for _, t := range a.Tries {
			if w, ok := waiting[try{a.ReturnPath, t}]; ok && since(w.at, a.At) <= patience {
				expected++
				parent = w.message
			}
		}
		if 2*expected > len(a.Tries) {
			again[parent] = append(again[parent], a)
		} else {
			parent = a.Message
			first = append(first, a)
		}
		for _, t := range a.Tries {
			waiting[try{a.ReturnPath, t}] = wait{parent, a.At}
		}
	}
	return first, again
}

// withRetries adds to a burst the retries of its members.
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

// identity makes an id from properties that are stable while a run grows.
func identity(sender netip.Addr, start int64) int64 {
	a := sender.As16()
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(a[:], uint64(start)))
	return positive(int64(binary.BigEndian.Uint64(sum[:8]) & math.MaxInt64))
}

// free returns id, or the next one that no other run has. Ids are keys of a
// database, and an operator with a large network could search for two addresses
// whose ids collide.
func free(taken map[int64]bool, id int64) int64 {
	for taken[id] {
		id = positive((id + 1) & math.MaxInt64)
	}
	taken[id] = true
	return id
}

func positive(id int64) int64 { return max(id, 1) }
