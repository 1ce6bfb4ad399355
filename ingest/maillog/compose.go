package maillog

import (
	"slices"
	"sort"
	"time"
)

// nanos returns a time in UTC, so that stored values do not depend on the
// machine's zone.
func nanos(n int64) time.Time { return time.Unix(0, n).UTC() }

// compose makes the Delivery of a transaction and of the queue files behind it.
// ok is false for probes of address verification, which are no transactions.
//
// The result shares no memory with the transaction, which may live on.
func (x *transaction) compose() (d Delivery, ok bool) {
	if x.probe {
		return d, false
	}
	d = x.d
	d.Recipients = make([]Recipient, len(x.d.Recipients), len(x.d.Recipients)+1)
	copy(d.Recipients, x.d.Recipients)
	d.QueueIDs = append([]string(nil), x.d.QueueIDs...)
	x.behind(&d, 0)
	if x.as != "" { // the part before the filter was yielded earlier
		d.QueueIDs = append([]string{d.QueueID}, d.QueueIDs...)
		d.QueueID = x.as
	}
	sort.Strings(d.QueueIDs)
	d.Closed = x.over()
	for i := range d.Recipients {
		r := &d.Recipients[i]
		if r.Verdict != Accepted || r.Outcome == OutcomeDiscarded && !r.At.IsZero() {
			continue
		}
		r.At = d.Started
	}
	d.giveUp()
	// Data were under way, so there was a recipient, of whom the log says
	// nothing.
	if x.broken && !x.queued && len(d.Recipients) == 0 {
		d.Recipients = append(d.Recipients, Recipient{Line: d.Line, At: d.Started, Verdict: Lost})
	}
	d.Direction = x.direction(&d)
	return d, true
}

// behind adds the queue files that a filter created, and takes the recipients'
// outcomes from them.
func (x *transaction) behind(d *Delivery, depth int) {
	for _, in := range x.inner {
		if !slices.Contains(d.QueueIDs, in.d.QueueID) {
			d.QueueIDs = append(d.QueueIDs, in.d.QueueID)
		}
		var part Delivery
		part.Recipients = append(part.Recipients, in.d.Recipients...)
		// Filters behind filters: the depth bounds the recursion.
		if depth < 4 {
			in.behind(&part, depth+1)
			for _, id := range part.QueueIDs {
				if !slices.Contains(d.QueueIDs, id) {
					d.QueueIDs = append(d.QueueIDs, id)
				}
			}
		}
		part.GivenUp = in.d.GivenUp
		part.giveUp()
		if in.d.LastSeen.After(d.LastSeen) {
			d.LastSeen = in.d.LastSeen
		}
		if d.MessageID == "" {
			d.MessageID = in.d.MessageID
		}
		if !d.HasReturnPath && in.d.HasReturnPath {
			d.ReturnPath, d.HasReturnPath = in.d.ReturnPath, true
		}
		handOver(d, part.Recipients, in.d.QueueID, x.over() && x.d.Opened)
	}
}

// giveUp gives recipients that wait the outcome that was decided for the whole queue file.
func (d *Delivery) giveUp() {
	for i := range d.Recipients {
		r := &d.Recipients[i]
		if d.GivenUp != "" && r.Verdict == Accepted && (r.Outcome == OutcomeDeferred || r.Outcome == "") {
			r.Outcome = d.GivenUp
		}
	}
}

// handOver replaces "sent" to the filter by the outcome of each recipient
// behind it. With whole, no line is missing: a single recipient with another
// name behind the filter, because an alias was resolved, is the same one.
func handOver(d *Delivery, rows []Recipient, id string, whole bool) {
	adopt := len(d.Recipients) == 0
	for j := range rows {
		o := rows[j]
		if o.Verdict != Accepted {
			continue
		}
		if o.By == "" {
			o.By = id
		}
		if adopt {
			d.Recipients = append(d.Recipients, o)
			continue
		}
		for i := range d.Recipients {
			r := &d.Recipients[i]
			if r.Verdict != Accepted || r.Via != "" && r.Via != id {
				continue
			}
			if o.Address == r.Address || whole && r.Via == id && len(rows) == 1 && len(d.Recipients) == 1 {
				line := r.Line
				r.outcome(o)
				r.Line = line
				break
			}
		}
	}
}

// direction determines whether mail comes in, goes out or is local, as far as
// the log shows.
func (x *transaction) direction(d *Delivery) Direction {
	switch {
	case d.Login != "":
		return Out
	case x.local || d.Client.IsLoopback():
		return Local
	case !d.Client.IsValid():
		return ""
	case inside(d.Client) && x.relayed:
		return Out
	}
	return In
}
