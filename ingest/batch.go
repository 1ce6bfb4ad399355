package ingest

import (
	"context"
	"fmt"
)

// write gathers results into batches and stores them.
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

// week is how far a Date may be from arrival before it counts as off.
const week = 7 * 24 * 60 * 60

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

// batch is a Batch in the making.
type batch struct {
	Batch
	in   map[Hash]bool
	size int
	held int64
}

func newBatch() *batch { return &batch{in: map[Hash]bool{}} }

func (b *batch) add(res *result) {
	b.held += res.held
	for _, f := range res.facts {
		if b.in[f.Hash] {
			b.size += len(f.Raw) // so that its memory is released in time
		} else {
			b.in[f.Hash] = true
			b.Messages = append(b.Messages, *f)
			b.size += f.weight()
		}
	}
	b.Sightings = append(b.Sightings, res.sightings...)
	b.Failures = append(b.Failures, res.failures...)
}

func (b *batch) full() bool {
	return len(b.Messages) >= batchMessages || b.size >= batchBytes || len(b.Sightings)+len(b.Failures) >= batchSightings
}

// weight estimates the memory that the facts hold.
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
