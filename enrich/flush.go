package enrich

import (
	"context"
	"fmt"
	"time"
)

// Results are stored in batches: a transaction each would cost more than the look-up, and
// a kill must not lose many.
const (
	flushAt    = 100
	flushAfter = 250 * time.Millisecond
)

// flush stores results until there are no more, or they can't be stored: then it calls
// fail and drops the rest, so that look-ups under way can end.
func (r *runner) flush(ctx context.Context, fail func(error)) error {
	var batch []Done
	timer := time.NewTimer(flushAfter)
	timer.Stop()
	defer timer.Stop()
	for {
		full := false
		select {
		case d, ok := <-r.results:
			if !ok {
				return r.finish(ctx, batch)
			}
			if len(batch) == 0 {
				timer.Reset(flushAfter)
			}
			batch = append(batch, d)
			full = len(batch) >= flushAt
		case <-timer.C:
			full = true
		}
		if !full {
			continue
		}
		timer.Stop()
		if err := r.finish(ctx, batch); err != nil {
			fail(err)
			for range r.results {
			}
			return err
		}
		batch = nil
	}
}

func (r *runner) finish(ctx context.Context, batch []Done) error {
	if len(batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	defer r.pending.Add(-int64(len(batch)))
	if err := r.Queue.Finish(ctx, batch); err != nil {
		return fmt.Errorf("store %d results: %w", len(batch), err)
	}
	r.Progress.stored(len(batch))
	return nil
}
