package enrich

import (
	"context"
	"fmt"
	"time"
)

// Results are stored in batches. A transaction for each would cost more than
// the look-up; a large batch would lose much if the process is killed.
const (
	flushAt    = 100
	flushAfter = 250 * time.Millisecond
)

// flush stores results until the channel closes. If storing fails it calls fail
// and discards the rest, so that look-ups in progress can end.
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
			// Empty the channel, or look-ups in progress would block for ever.
			for range r.results {
			}
			return err
		}
		batch = nil
	}
}

// finish stores a batch of results within a minute.
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
