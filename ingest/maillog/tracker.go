package maillog

import (
	"net/netip"
	"strings"
	"time"
)

// Waiting times of the tracker, in seconds of the log's own time, and limits of
// its size.
const (
	// afterEnd is the wait for late lines after a transaction has ended:
	// daemons write to syslog independently, some seconds apart under load.
	afterEnd = 30
	// outOfOrder is how much earlier lines of other daemons may precede
	// smtpd's.
	outOfOrder = 5
	// silence is the time after which an open transaction is yielded. A queue
	// file that waits for a retry is yielded again with its news; smtpd_timeout
	// is five minutes.
	silence = 10 * 60
	// sessionGap is the silence after which the same process, or the same
	// client if no process is logged, has another connection.
	sessionGap = 5 * 60

	maxTransactions = 25_000
	maxRows         = 40_000 // recipients of all of them
	maxSessions     = 20_000
	maxRecipients   = 2_000 // of one transaction in memory; more of them are yielded apart
	maxInner        = 16    // queue files behind one
	maxChain        = 8     // queue files of one id at one time
)

// tracker gathers lines into transactions.
//
// Its memory is bounded by the limits above for any log. Time is
// that of the lines, so a log of a year is read as it happened.
type tracker struct {
	byID      map[uint64]*transaction
	byMessage map[uint64]*transaction // last opened from outside, by server and Message-ID
	again     map[uint64]*transaction // last that the server itself opened, by the same
	promised  map[uint64]*transaction // by the queue id that a filter named before it was seen
	waiting   queue
	closed    queue
	sessions  map[sessionKey]*session
	oldest    *session
	latest    *session
	ghosts    ghosts
	managers  map[string]int // of servers' instances: -1 with a queue manager, else the number of requests for another's queue id
	rows      int            // recipients held
	now       int64
	out       []Delivery
}

// newTracker returns an empty tracker.
func newTracker() *tracker {
	return &tracker{byID: map[uint64]*transaction{}, byMessage: map[uint64]*transaction{}, again: map[uint64]*transaction{}, promised: map[uint64]*transaction{}, sessions: map[sessionKey]*session{},
		managers: map[string]int{}, ghosts: ghosts{known: map[uint64]ghost{}}}
}

// where is the data of a line's header.
type where struct {
	at       int64 // unix nanoseconds
	floating bool
	file     string
	line     int64
	server   *server
	program  *program
	pid      int
	stamp    stamp
	folded   int64 // lines replaced by "message repeated"
}

// time is the time of the line in UTC, or of the wall clock if the zone is not
// known.
func (w *where) time() time.Time { return time.Unix(0, w.at).UTC() }

// sec is the same in seconds.
func (w *where) sec() int64 { return w.at / 1e9 }

// advance moves the tracker's clock and yields the transactions that have
// waited long enough.
//
// If there are too many, the least recently touched are yielded early. Their
// later lines become fragments that Merge joins.
func (t *tracker) advance(sec int64) {
	t.now = sec
	for x := t.closed.first; x != nil && t.over(x.touched, afterEnd); x = t.closed.first {
		t.finish(x)
	}
	for x := t.waiting.first; x != nil && t.over(x.touched, silence); x = t.waiting.first {
		t.finish(x)
	}
	for t.waiting.n+t.closed.n > maxTransactions || t.rows > maxRows && t.waiting.n+t.closed.n > 0 {
		x := t.closed.first
		if x == nil {
			x = t.waiting.first
		}
		t.finish(x)
	}
	for s := t.oldest; s != nil && (t.over(s.at, silence) || len(t.sessions) > maxSessions); s = t.oldest {
		t.dropSession(s)
	}
}

// over reports whether a time is long past. Far ahead counts too: an older file
// follows.
func (t *tracker) over(since, wait int64) bool { return t.now-since > wait || since-t.now > day }

// key hashes the identity of a queue file within the instances of one server.
//
// The lowest bit is set, as 0 means a refusal without a queue file.
func (w *where) key(id []byte) uint64 { return hash(uint64(w.server.id)*0x9e3779b97f4a7c15, id) | 1 }

// lookup finds the transaction of a queue id. Instances of Postfix have queues
// of their own, in which short ids repeat; but the syslog name of a single
// service in master.cf may be anything, so an instance without a queue manager
// is part of another one.
func (t *tracker) lookup(w *where, id []byte) *transaction {
	var other *transaction
	for x := t.byID[w.key(id)]; x != nil; x = x.chain {
		if x.d.Server != w.server.name || !x.has(id) {
			continue
		}
		if x.base == w.program.base {
			return x
		}
		if t.partOf(w.server, x.base, w.program.base) || t.partOf(w.server, w.program.base, x.base) {
			other = x
		}
	}
	return other
}

// partOf reports whether base is the name of a service and not of an instance:
// no queue manager has it. Instances are named "postfix-…"
// (multi_instance_name), services seldom; of such a name some lines have to ask
// for another's queue id before it counts as a service.
func (t *tracker) partOf(s *server, base, of string) bool {
	k := managerKey(s, base)
	if t.managers[k] < 0 {
		return false
	}
	if !strings.HasPrefix(base, "postfix") {
		return true
	}
	if t.managers[managerKey(s, of)] >= 0 || len(t.managers) > maxNames {
		return false
	}
	t.managers[k]++
	return t.managers[k] > strangers
}

// strangers is the number of unmatched lines from which a service counts as an
// instance of its own. Two instances hardly ever use one queue id at one time.
const strangers = 5

// managerKey keys the table of managers: the same instance name on two hosts is
// two queues.
func managerKey(s *server, base string) string { return base + "@" + s.name }

// has compares the id itself, since keys are hashes and may collide.
func (t *transaction) has(id []byte) bool { return t.d.QueueID == string(id) }

// get finds the transaction of a queue id, or begins one whose first line was
// not seen.
func (t *tracker) get(w *where, id []byte) *transaction {
	x := t.lookup(w, id)
	if x == nil {
		x = t.begin(w, id)
		t.ghosts.recall(x)
	}
	t.touch(x)
	x.note(w)
	return x
}

// note notes a line of a transaction.
func (x *transaction) note(w *where) {
	x.dirty = true
	at := w.time()
	if x.d.Seen.IsZero() || at.Before(x.d.Seen) {
		x.d.Seen = at
	}
	if at.After(x.d.LastSeen) {
		x.d.LastSeen = at
	}
}

// open begins the transaction of a queue id whose first line is being read.
//
// Short ids are made of an inode and are used again.
func (t *tracker) open(w *where, id []byte) *transaction {
	x := t.lookup(w, id)
	switch {
	case x == nil:
	case x.d.Opened && x.openedAt == w.at && x.d.PID == w.pid: // the line twice
		t.touch(x)
		return x
	case x.d.Opened || x.d.Closed || abs(x.openedAt-w.at) > outOfOrder*1e9: // the id is used again
		t.finish(x)
		x = nil
	}
	if x == nil {
		x = t.begin(w, id)
	}
	x.d.Opened, x.openedAt = true, w.at
	x.d.File, x.d.Line, x.d.PID, x.d.Instance, x.base = w.file, w.line, w.pid, w.program.instance, w.program.base
	x.d.Started = w.time()
	x.d.Floating = w.floating
	x.smtpTime(w)
	x.note(w)
	t.touch(x)
	return x
}

// begin makes a transaction and files it under its id.
func (t *tracker) begin(w *where, id []byte) *transaction {
	x := &transaction{base: w.program.base, openedAt: w.at}
	x.d = Delivery{Origin: FromLog, Server: w.server.name, Instance: w.program.base, File: w.file, Line: w.line, Floating: w.floating}
	if id != nil {
		x.id = w.key(id)
		x.d.QueueID = string(id)
		n := 0
		for y := t.byID[x.id]; y != nil; y = y.chain {
			n++
		}
		if n >= maxChain {
			t.finish(t.byID[x.id])
		}
		x.chain = t.byID[x.id]
		t.byID[x.id] = x
	}
	t.waiting.add(x)
	if outer := t.promised[x.id]; outer != nil && id != nil {
		delete(t.promised, x.id)
		t.join(outer, x)
	}
	return x
}

// smtpTime notes that w is a line of the SMTP session.
func (x *transaction) smtpTime(w *where) {
	at := w.time()
	if x.d.Ended.IsZero() || at.After(x.d.Ended) {
		x.d.Ended = at
	}
}

// touch moves a transaction, and the one in front of its filter, to the end of
// its queue.
func (t *tracker) touch(x *transaction) {
	for ; x != nil; x = x.outer {
		x.touched = t.now
		t.settle(x)
	}
}

// settle puts a transaction into its queue.
func (t *tracker) settle(x *transaction) {
	to := &t.waiting
	if x.over() {
		to = &t.closed
	}
	if x.in != nil {
		x.in.remove(x)
	}
	to.add(x)
}

// over reports whether the queue file is gone, and those behind the filter too.
func (x *transaction) over() bool {
	for _, in := range x.inner {
		if !in.over() {
			return false
		}
	}
	return x.d.Closed
}

// end notes that a queue file or a connection is gone.
func (t *tracker) end(x *transaction) {
	x.d.Closed, x.dirty = true, true
	t.touch(x)
}

// finish yields a transaction and forgets it. One behind a filter waits for the
// one in front.
func (t *tracker) finish(x *transaction) {
	if x.outer != nil {
		if x.in != nil {
			x.in.remove(x)
		}
		return
	}
	t.yield(x)
	t.forget(x, x)
}

// yield hands out the present state of a transaction.
func (t *tracker) yield(x *transaction) {
	if d, ok := x.compose(); ok {
		t.out = append(t.out, d)
	}
	x.dirty = false
}

// forget drops x and the queue files behind it; root is the one that was
// yielded for it.
func (t *tracker) forget(x, root *transaction) {
	t.rows -= x.rows
	x.rows = 0
	if x.in != nil {
		x.in.remove(x)
	}
	for _, in := range x.inner {
		in.outer = nil
		t.forget(in, root)
	}
	if x.session != nil && x.session.current == x {
		x.session.current = nil
	}
	for _, p := range x.promises {
		if t.promised[p] == x {
			delete(t.promised, p)
		}
	}
	// A queue file leaves its identity behind. A refusal needs none: nothing
	// follows on it.
	if x.id != 0 {
		t.unchain(x)
		t.ghosts.add(x, root)
		if k := x.messageKey(); t.byMessage[k] == x {
			delete(t.byMessage, k)
		} else if t.again[k] == x {
			delete(t.again, k)
		}
		return
	}
	if s := x.session; s != nil {
		for i, r := range s.refusals {
			if r == x {
				s.refusals = append(s.refusals[:i], s.refusals[i+1:]...)
				break
			}
		}
	}
}

// unchain takes a transaction out of those that share its id.
func (t *tracker) unchain(x *transaction) {
	if t.byID[x.id] == x {
		if x.chain == nil {
			delete(t.byID, x.id)
		} else {
			t.byID[x.id] = x.chain
		}
		return
	}
	for y := t.byID[x.id]; y != nil; y = y.chain {
		if y.chain == x {
			y.chain = x.chain
			return
		}
	}
}

// spill counts the recipients of a transaction. One with too many to hold is
// yielded, and keeps its identity.
//
// The parts merge, as each has the Key.
func (t *tracker) spill(x *transaction) {
	t.rows += len(x.d.Recipients) - x.rows
	x.rows = len(x.d.Recipients)
	if len(x.d.Recipients) < maxRecipients || x.outer != nil {
		return
	}
	t.yield(x)
	x.d.Recipients, x.index = nil, nil
	t.rows -= x.rows
	x.rows = 0
}

// flush yields all that changed since it was yielded last.
func (t *tracker) flush() {
	for _, q := range [...]*queue{&t.waiting, &t.closed} {
		for x := q.first; x != nil; x = x.next {
			if x.outer == nil && x.changed() {
				t.yield(x)
			}
		}
	}
}

// changed reports whether anything was noted since the last call, behind the
// filter too.
func (x *transaction) changed() bool {
	c := x.dirty
	x.dirty = false
	for _, in := range x.inner {
		c = in.changed() || c
	}
	return c
}

// finishAll yields everything and forgets it.
func (t *tracker) finishAll() {
	for _, q := range [...]*queue{&t.closed, &t.waiting} {
		for q.first != nil {
			t.finish(q.first)
		}
	}
	for t.oldest != nil {
		t.dropSession(t.oldest)
	}
}

// abs is the absolute value.
func abs(n int64) int64 { return max(n, -n) }

// inside reports whether an address is of the server itself or of a private
// network.
func inside(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() }
