package maillog

import (
	"cmp"
	"net/netip"
)

// transaction is the state of a queue file, or of the refusals of one envelope
// sender in one connection.
//
// It is in exactly one queue, or in none once it is forgotten.
type transaction struct {
	d    Delivery
	id   uint64 // hash of server and queue id; 0 for refusals
	as   string // queue id of the transaction that was yielded in front of this one, if any
	base string // instance without the part that master.cf adds

	session  *session     // that it came by
	outer    *transaction // in front of the content filter
	inner    []*transaction
	promises []uint64 // keys in tracker.promised
	local    bool     // came by pickup, or as a bounce
	queued   bool     // the queue manager took it
	broken   bool     // the session was lost during it
	probe    bool     // of address verification
	relayed  bool     // some recipient went to a host outside
	openedAt int64

	index   map[string]int // of accepted recipients, once there are many
	rows    int            // recipients that the tracker has counted
	touched int64
	dirty   bool
	chain   *transaction // next of the same id
	prev    *transaction
	next    *transaction
	in      *queue
}

// queue is a list of transactions, least recently touched first.
type queue struct {
	first, last *transaction
	n           int
}

// add puts a transaction at the end.
func (q *queue) add(t *transaction) {
	t.in, t.prev, t.next = q, q.last, nil
	if q.last != nil {
		q.last.next = t
	} else {
		q.first = t
	}
	q.last = t
	q.n++
}

// remove takes it out.
func (q *queue) remove(t *transaction) {
	if t.prev != nil {
		t.prev.next = t.next
	} else {
		q.first = t.next
	}
	if t.next != nil {
		t.next.prev = t.prev
	} else {
		q.last = t.prev
	}
	t.in, t.prev, t.next = nil, nil, nil
	q.n--
}

// session is one connection.
type session struct {
	key       sessionKey
	instance  string
	client    peer2
	connected int64 // unix nanoseconds; 0 if the line was not seen
	at        int64 // of its latest line
	floating  bool
	helo      string
	refusals  []*transaction
	current   *transaction // queue file of the transaction that is under way
	prev      *session
	next      *session
}

// peer2 is a peer that outlives its line.
type peer2 struct {
	name string
	addr netip.Addr
	port uint16
}

// sessionKey identifies a connection: by the process that serves one at a time,
// or by the client's port if one process serves all.
type sessionKey struct {
	server  int32
	pid     int32
	port    int32
	program *program
	addr    netip.Addr
}

// manyRecipients is the number from which a map finds a recipient, and not a walk.
const manyRecipients = 16

// accepted finds the row of an accepted recipient, or makes it.
//
// The pointer is valid until the next row is added.
func (t *transaction) accepted(address string) *Recipient {
	if i, ok := t.find(address); ok {
		return &t.d.Recipients[i]
	}
	t.d.Recipients = append(t.d.Recipients, Recipient{Address: address, Verdict: Accepted})
	if t.index != nil {
		t.index[address] = len(t.d.Recipients) - 1
	}
	return &t.d.Recipients[len(t.d.Recipients)-1]
}

// find looks an accepted recipient up.
func (t *transaction) find(address string) (int, bool) {
	if t.index == nil && len(t.d.Recipients) > manyRecipients {
		t.index = make(map[string]int)
		for i := range t.d.Recipients {
			if t.d.Recipients[i].Verdict == Accepted {
				t.index[t.d.Recipients[i].Address] = i
			}
		}
	}
	if t.index != nil {
		i, ok := t.index[address]
		return i, ok
	}
	for i := range t.d.Recipients {
		if t.d.Recipients[i].Verdict == Accepted && t.d.Recipients[i].Address == address {
			return i, true
		}
	}
	return 0, false
}

// refuse adds a verdict, unless the very line was read before: logs hold lines twice where
// two rules of syslog write to one file.
//
// The last 64 rows are looked at: the copies follow each other.
func (t *transaction) refuse(r Recipient) *Recipient {
	from := max(0, len(t.d.Recipients)-64)
	for i := range t.d.Recipients[from:] {
		if o := &t.d.Recipients[from+i]; o.sameVerdict(&r) {
			return o
		}
	}
	t.d.Recipients = append(t.d.Recipients, r)
	return &t.d.Recipients[len(t.d.Recipients)-1]
}

// sameVerdict reports whether two rows come from one line.
func (r *Recipient) sameVerdict(o *Recipient) bool {
	return r.Address == o.Address && r.Verdict == o.Verdict && r.Code == o.Code && r.DSN == o.DSN && r.At.Equal(o.At) && r.Reply == o.Reply
}

// outcome records the outcome of a recipient. Of several notices for one
// recipient (an alias with many members, a retry), one behind the filter beats
// one before it, a final one beats "deferred", and then the later counts.
func (r *Recipient) outcome(o Recipient) {
	if r.Line == 0 || o.Line > 0 && o.Line < r.Line {
		r.Line = o.Line
	}
	if o.outranks(r) {
		r.Outcome, r.OutcomeAt, r.OutcomeDSN, r.OutcomeReply, r.By = o.Outcome, o.OutcomeAt, o.OutcomeDSN, o.OutcomeReply, o.By
	}
}

// outranks reports whether r is more informative than o. The order is total, so
// that merging gives the same result in any order.
func (r *Recipient) outranks(o *Recipient) bool {
	if a, b := r.rank(), o.rank(); a != b {
		return a > b
	}
	if !r.OutcomeAt.Equal(o.OutcomeAt) {
		return r.OutcomeAt.After(o.OutcomeAt)
	}
	return cmp.Or(cmp.Compare(r.Outcome, o.Outcome), cmp.Compare(r.OutcomeReply, o.OutcomeReply), cmp.Compare(r.By, o.By)) > 0
}

// rank orders outcomes before their time is looked at.
func (r *Recipient) rank() int {
	n := 2
	switch r.Outcome {
	case "":
		return 0
	case OutcomeDeferred:
		n = 1
	}
	if r.By != "" {
		n += 2
	}
	return n
}
