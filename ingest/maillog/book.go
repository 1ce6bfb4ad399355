package maillog

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Book keeps Deliveries in memory and merges them in any order, also repeated
// ones. It is the reference for a store, and tests compare with it.
//
// It holds everything it was given, so it is for tests and small logs.
type Book struct {
	heads map[Key]Delivery
	tails []Delivery
}

// Put adds a Delivery. One whose Key is not known waits until All is called, because its
// beginning may come later.
func (b *Book) Put(d Delivery) {
	if b.heads == nil {
		b.heads = map[Key]Delivery{}
	}
	d.Recipients = slices.Clone(d.Recipients)
	d.tidy()
	k, ok := d.Key()
	if !ok {
		b.tails = append(b.tails, d)
		return
	}
	if old, has := b.heads[k]; has {
		d = Merge(old, d)
	}
	b.heads[k] = d
}

// line of heads and tails that may belong together.
type thread struct{ server, instance, id string }

// thread identifies where fragments of one transaction meet. Instances of
// Postfix have separate queues, so an id is unique only within its instance.
func (d *Delivery) thread(id string) thread { return thread{d.Server, baseOf(d.Instance), id} }

// All returns the transactions in the order of time.
//
// Three kinds of fragments find each other here: mail behind a filter and its
// front, a tail and its beginning, and mail that came back from a filter with
// no line of both ids. It may be called again after more was put in.
func (b *Book) All() []Delivery {
	all := slices.Collect(maps.Values(b.heads))
	slices.SortFunc(all, inTime)
	tails := slices.Clone(b.tails)
	slices.SortFunc(tails, func(x, y Delivery) int {
		return cmp.Or(x.earliest().Compare(y.earliest()), cmp.Compare(x.QueueID, y.QueueID), inTime(x, y))
	})
	gone := make([]bool, len(all))
	by := map[thread][]int{} // in the order of time
	for i := range all {
		name(by, &all[i], i)
	}
	for i := range all { // mail behind filters, and connections that span two files
		if j := beginning(all, gone, by, &all[i], i); j >= 0 {
			all[j], gone[i] = Merge(all[j], all[i]), true
			name(by, &all[j], j)
		}
	}
	for _, tail := range tails {
		if j := beginning(all, gone, by, &tail, -1); j >= 0 {
			all[j] = Merge(all[j], tail)
			name(by, &all[j], j)
			continue
		}
		all, gone = append(all, tail), append(gone, false)
		name(by, &tail, len(all)-1)
	}
	refilter(all, gone)
	out := all[:0]
	for i := range all {
		if !gone[i] {
			out = append(out, all[i])
		}
	}
	slices.SortFunc(out, inTime)
	return out
}

// name indexes a transaction by all of its queue ids or, without any, by the
// client and the envelope sender.
func name(by map[thread][]int, d *Delivery, i int) {
	if d.QueueID == "" {
		by[d.thread(d.Client.String()+" "+d.ReturnPath)] = append(by[d.thread(d.Client.String()+" "+d.ReturnPath)], i)
		return
	}
	for _, id := range append([]string{d.QueueID}, d.QueueIDs...) {
		if at := by[d.thread(id)]; !slices.Contains(at, i) {
			by[d.thread(id)] = append(at, i)
		}
	}
}

// beginning finds the transaction that d continues: the last one that started
// before d.
//
// self is the index of d in all, -1 for a tail. -1 as the result means that
// nothing fits.
func beginning(all []Delivery, gone []bool, by map[thread][]int, d *Delivery, self int) int {
	if d.QueueID == "" && !d.Connected.IsZero() {
		return -1
	}
	id := d.QueueID
	if id == "" {
		id = d.Client.String() + " " + d.ReturnPath
	}
	best, bestAfter := -1, true
	var started time.Time
	for _, j := range by[d.thread(id)] {
		if j == self || gone[j] || self >= 0 && all[j].QueueID == d.QueueID && d.QueueID != "" {
			continue
		}
		if !all[j].Continues(d) {
			continue
		}
		// Lines out of order may be a little older than the first one; but an earlier
		// transaction under the same id comes first.
		after := all[j].Started.After(d.earliest())
		if best < 0 || bestAfter && !after || bestAfter == after && all[j].Started.After(started) {
			best, bestAfter, started = j, after, all[j].Started
		}
	}
	return best
}

// inTime orders by time. All other fields are there only to make the order the same in
// each run.
func inTime(a, b Delivery) int {
	return cmp.Or(a.earliest().Compare(b.earliest()), cmp.Compare(a.Server, b.Server), cmp.Compare(a.QueueID, b.QueueID), a.Client.Compare(b.Client),
		cmp.Compare(a.ReturnPath, b.ReturnPath), cmp.Compare(a.PID, b.PID), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

// refilter merges mail returned by filters into the transaction before the
// filter.
func refilter(all []Delivery, gone []bool) {
	type mail struct{ server, id string }
	front := map[mail][]int{}
	for i := range all {
		if d := &all[i]; !gone[i] && d.MessageID != "" && d.Client.IsValid() && !d.Client.IsLoopback() {
			front[mail{d.Server, d.MessageID}] = append(front[mail{d.Server, d.MessageID}], i)
		}
	}
	for i := range all {
		for _, j := range front[mail{all[i].Server, all[i].MessageID}] {
			if !gone[i] && !gone[j] && i != j && all[j].Refiltered(&all[i]) {
				all[j], gone[i] = Merge(all[j], all[i]), true
			}
		}
	}
}
