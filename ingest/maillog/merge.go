package maillog

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Key identifies a transaction permanently: the same lines give the same Key
// for every division of the log and every order of reading.
type Key struct {
	Server     string
	Instance   string // without the part that master.cf adds for one service
	QueueID    string
	Start      int64 // second of the first line, or of the connection; 0 if the queue id is unique
	Client     netip.Addr
	Port       uint16
	PID        int
	ReturnPath string // of refusals before a queue id
}

// Key returns the Key. It is not known (ok is false) for a tail whose beginning is in
// another file, unless its queue id is a long one or one of Exim's, which never repeat.
//
// Two transactions of one Key would be joined for good, so in doubt the Key is
// not known.
func (d *Delivery) Key() (k Key, ok bool) {
	k = Key{Server: d.Server, Instance: baseOf(d.Instance), QueueID: d.QueueID}
	switch {
	case d.QueueID == "":
		k.Client, k.Port, k.PID, k.ReturnPath = d.Client, d.Port, d.PID, d.ReturnPath
		k.Start = d.Started.Unix()
		if !d.Connected.IsZero() {
			k.Start = d.Connected.Unix()
		}
	case madeAt([]byte(d.QueueID)) != 0:
	case d.Started.IsZero():
		return k, false
	default:
		k.Start = d.Started.Unix()
	}
	return k, true
}

// baseOf is the instance of a service: "postfix" of "postfix/submission".
func baseOf(instance string) string {
	for i := range len(instance) {
		if instance[i] == '/' && i > 0 {
			return instance[:i]
		}
	}
	return instance
}

// Maximum distance in time of the lines of one queue file, and of one
// connection.
const (
	// lifetime is longer than maximal_queue_lifetime and Exim's retry rules.
	lifetime = 8 * day * time.Second
	skew     = 5 * time.Second
	gap      = sessionGap * time.Second
)

// Continues reports whether tail, whose beginning is in another file, may belong to d. Of
// several the one that started last before the tail is the right one.
func (d *Delivery) Continues(tail *Delivery) bool {
	if d.Server != tail.Server || baseOf(d.Instance) != baseOf(tail.Instance) {
		return false
	}
	at := tail.earliest()
	if d.QueueID == "" || tail.QueueID == "" {
		return d.QueueID == tail.QueueID && d.PID == tail.PID && d.Client == tail.Client && d.Port == tail.Port && d.ReturnPath == tail.ReturnPath &&
			d.HasReturnPath == tail.HasReturnPath && !d.Closed && tail.Connected.IsZero() && !at.Before(d.Started) && at.Sub(d.Ended) <= gap
	}
	if !d.has(tail.QueueID) || tail.Opened && tail.QueueID == d.QueueID {
		return false
	}
	if tail.Opened && tail.Client.IsValid() && !inside(tail.Client) {
		return false // another mail, that came from outside under an id that is used again
	}
	return d.Started.IsZero() || !at.Before(d.Started.Add(-skew)) && at.Sub(d.Started) <= lifetime
}

// Refiltered reports whether again is the mail of d, returned by a content
// filter under another queue id, where no line has both ids. It has the same
// Message-ID, envelope sender and recipients, comes from the server itself, and
// soon.
func (d *Delivery) Refiltered(again *Delivery) bool {
	return d.sameMail(again) && d.QueueID != again.QueueID && d.QueueID != "" && again.QueueID != "" &&
		d.Client.IsValid() && !d.Client.IsLoopback() && again.Opened && (!again.Client.IsValid() || again.Client.IsLoopback()) &&
		!again.Started.Before(d.Started) && again.Started.Sub(d.LastSeen) <= silence*time.Second
}

// has reports whether a queue file of d has the id.
func (d *Delivery) has(id string) bool { return d.QueueID == id || slices.Contains(d.QueueIDs, id) }

// earliest is the time of the first line that is known of.
func (d *Delivery) earliest() time.Time {
	if d.Seen.IsZero() { // of a listing
		return d.Started
	}
	return d.Seen
}

// Merge joins two fragments of one transaction. It is commutative and
// associative.
//
// A known value of the earlier fragment wins over that of the later one, but
// for outcomes, of which the final one wins.
func Merge(a, b Delivery) Delivery {
	if b.before(&a) {
		a, b = b, a
	}
	d := a
	fill(&d.PID, b.PID)
	fill(&d.Port, b.Port)
	fill(&d.Client, b.Client)
	fill(&d.ReverseName, b.ReverseName)
	fill(&d.HELO, b.HELO)
	fill(&d.Protocol, b.Protocol)
	fill(&d.Login, b.Login)
	fill(&d.MessageID, b.MessageID)
	fill(&d.Size, b.Size)
	fill(&d.Started, b.Started)
	if !d.HasReturnPath {
		d.ReturnPath, d.HasReturnPath = b.ReturnPath, b.HasReturnPath
	}
	if d.Connected.IsZero() || !b.Connected.IsZero() && b.Connected.Before(d.Connected) {
		d.Connected = b.Connected
	}
	if b.Ended.After(d.Ended) && b.QueueID == d.QueueID {
		d.Ended = b.Ended
	}
	if d.Seen.IsZero() || !b.Seen.IsZero() && b.Seen.Before(d.Seen) {
		d.Seen = b.Seen
	}
	if b.LastSeen.After(d.LastSeen) {
		d.LastSeen = b.LastSeen
	}
	d.Opened = a.Opened || b.Opened
	d.Closed = a.Closed || b.Closed
	d.Origin = min(a.Origin, b.Origin) // a log has more data than a listing
	if b.Direction.weight() > d.Direction.weight() {
		d.Direction = b.Direction
	}
	if a.QueueID == b.QueueID {
		d.GivenUp = max(a.GivenUp, b.GivenUp)
	}
	d.QueueIDs = mergeIDs(&a, &b)
	d.Recipients = slices.Clone(a.Recipients)
	if a.QueueID != b.QueueID {
		handOver(&d, b.Recipients, b.QueueID, false)
	} else {
		mergeRows(&d, b.Recipients)
	}
	d.tidy()
	return d
}

// weight orders directions by the evidence that they need: a fragment with only
// the way out of a filter takes the mail for a local one.
func (d Direction) weight() int {
	switch d {
	case Out:
		return 3
	case In:
		return 2
	case Local:
		return 1
	}
	return 0
}

// fill sets an unknown value.
func fill[T comparable](to *T, from T) {
	var zero T
	if *to == zero {
		*to = from
	}
}

// before orders by the beginning: the queue file before the filter, then the
// fragment with the first line, then the earlier one.
func (d *Delivery) before(o *Delivery) bool {
	if d.QueueID != o.QueueID {
		front, behind := slices.Contains(d.QueueIDs, o.QueueID), slices.Contains(o.QueueIDs, d.QueueID)
		if front != behind {
			return front
		}
	}
	if d.Opened != o.Opened {
		return d.Opened
	}
	if d.Started.IsZero() != o.Started.IsZero() {
		return o.Started.IsZero()
	}
	return cmp.Or(d.Started.Compare(o.Started), cmp.Compare(d.Origin, o.Origin), cmp.Compare(d.File, o.File), cmp.Compare(d.Line, o.Line)) < 0
}

// mergeIDs lists the queue ids of both but that of a, which is in front.
func mergeIDs(a, b *Delivery) []string {
	all := append(slices.Clone(a.QueueIDs), b.QueueIDs...)
	all = append(all, b.QueueID)
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(id string) bool { return id == a.QueueID || id == "" })
}

// mergeRows adds rows to those of d.
//
// It is linear in both, as mailing lists have thousands of recipients.
func mergeRows(d *Delivery, rows []Recipient) {
	type rowKey struct {
		address string
		verdict Verdict
		code    int
		at      int64
		reply   string
	}
	key := func(r *Recipient) rowKey {
		// An accepted recipient is one row, whose outcome may change. Each
		// refusal is a row of its own.
		if r.Verdict == Accepted {
			return rowKey{address: r.Address, verdict: Accepted}
		}
		return rowKey{r.Address, r.Verdict, r.Code, r.At.UnixNano(), r.Reply}
	}
	at := make(map[rowKey]int, len(d.Recipients))
	for i := range d.Recipients {
		at[key(&d.Recipients[i])] = i
	}
	for j := range rows {
		o := &rows[j]
		i, ok := at[key(o)]
		if !ok {
			at[key(o)] = len(d.Recipients)
			d.Recipients = append(d.Recipients, *o)
			continue
		}
		r := &d.Recipients[i]
		r.Repeats = max(r.Repeats, o.Repeats)
		fill(&r.Via, o.Via)
		fill(&r.DSN, o.DSN)
		fill(&r.Reason, o.Reason)
		r.outcome(*o)
	}
}

// tidy makes the recipients consistent with the whole transaction.
func (d *Delivery) tidy() {
	took := d.Size > 0
	for i := range d.Recipients {
		r := &d.Recipients[i]
		if r.Verdict != Accepted {
			continue
		}
		took = true
		if r.At.IsZero() || d.QueueID != "" {
			r.At = d.Started
		}
	}
	if took { // the session broke after the end of data, by another file
		d.Recipients = slices.DeleteFunc(d.Recipients, func(r Recipient) bool { return r.Verdict == Lost && r.Address == "" })
	}
	d.giveUp()
	d.Sort()
}

// Sort puts the recipients in the order of time and address.
func (d *Delivery) Sort() {
	slices.SortStableFunc(d.Recipients, func(a, b Recipient) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Reply, b.Reply))
	})
}
