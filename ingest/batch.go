package ingest

import (
	"context"
	"fmt"
)

// write is the single writer of a run. It collects the workers' results into
// batches and stores each batch in one transaction. The rest at the end is
// stored as a last, smaller batch.
func (r *run) write(ctx context.Context, in <-chan *result) error {
	b := newBatch()
	for res := range in {
		r.note(res)
		b.add(res)
		if b.full() {
			if err := r.store(ctx, b); err != nil {
				return err
			}
			b = newBatch()
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.store(ctx, b)
}

// note adds a worker's result to the summary. Only the first maxListed failures
// are kept here; the sink receives all of them.
func (r *run) note(res *result) {
	s := &r.summary
	s.Read += res.read
	s.Bytes += res.bytes
	s.Failed += int64(len(res.failures))
	s.NoForward += res.noForward
	for _, f := range res.failures {
		if len(s.Failures) < maxListed {
			s.Failures = append(s.Failures, f)
		}
	}
}

// store hands one batch to the sink and then counts the messages that the sink
// reports as new. Another import may have stored some of the messages since
// Known was asked, so the sink's figure and not the length of the batch is the
// truth. The quota of the batch is released even after an error, because no
// worker may wait for it for ever.
func (r *run) store(ctx context.Context, b *batch) error {
	s := &r.summary
	s.Known = s.Read - s.Failed - s.New - int64(len(b.Messages))
	b.Progress = s.Counts
	b.Progress.New += int64(len(b.Messages))
	added, err := r.sink.Store(ctx, &b.Batch)
	r.room.Release(b.held)
	if err != nil {
		return fmt.Errorf("store %d messages: %w", len(b.Messages), err)
	}
	s.New += int64(added)
	s.Known = s.Read - s.Failed - s.New
	r.options.Progress.New.Store(s.New)
	for i := range b.Messages {
		s.tally(&b.Messages[i])
	}
	return nil
}

// week is the difference between the Date field and the arrival, in seconds,
// from which a Date counts as wrong. Mail queues give up after five days by
// default (RFC 5321 section 4.5.4.1), so a correct Date is never off by more.
const week = 7 * 24 * 60 * 60

// tally counts the properties of a new message for the summary. Defects are
// sorted by code, so comparing with the previous one counts each code once a
// message.
func (s *Summary) tally(f *Facts) {
	if f.Boundary < 0 {
		s.NoHops++
	}
	switch {
	case f.Date.IsZero():
		s.Undated++
	case !f.ReceivedAt.IsZero():
		if d := f.Date.Unix() - f.ReceivedAt.Unix(); d > week || d < -week {
			s.DatesOff++
		}
	}
	last := ""
	for _, d := range f.Defects {
		if d.Code != last {
			s.Defects[d.Code]++
			last = d.Code
		}
	}
}

// batch collects a Batch. The maps and sizes that it needs for that are not
// passed to the sink.
type batch struct {
	Batch
	in   map[Hash]bool // messages of this batch
	size int           // estimated bytes of memory
	held int64         // bytes of the run's quota to release
}

func newBatch() *batch { return &batch{in: map[Hash]bool{}} }

// add appends a result. Two workers may meet the same message at the same time;
// the second copy only adds a sighting.
func (b *batch) add(res *result) {
	b.held += res.held
	for _, f := range res.facts {
		if b.in[f.Hash] {
			b.size += len(f.Raw) // count it, so that a batch of copies is also stored early
		} else {
			b.in[f.Hash] = true
			b.Messages = append(b.Messages, *f)
			b.size += f.weight()
		}
	}
	b.Sightings = append(b.Sightings, res.sightings...)
	b.Failures = append(b.Failures, res.failures...)
}

// full reports whether one of the limits of a transaction is reached.
func (b *batch) full() bool {
	return len(b.Messages) >= batchMessages || b.size >= batchBytes || len(b.Sightings)+len(b.Failures) >= batchSightings
}

// weight estimates the memory, in bytes, that the facts occupy until their
// batch is stored. The constants stand for the structs and their short strings.
func (f *Facts) weight() int {
	n := 1500 + len(f.Raw) + len(f.HeaderNames) + len(f.Subject)
	for i := range f.Hops {
		n += 500 + len(f.Hops[i].Raw)
	}
	for i := range f.Links {
		n += 300 + len(f.Links[i].Raw) + len(f.Links[i].URL) + len(f.Links[i].Visible)
	}
	for i := range f.Anomalies {
		n += 150 + len(f.Anomalies[i].Evidence)
	}
	for i := range f.Reports {
		n += 200 + len(f.Reports[i].Diagnostic)
	}
	return n + 200*len(f.Parts) + 150*len(f.Contacts) + 300*len(f.Defects)
}
