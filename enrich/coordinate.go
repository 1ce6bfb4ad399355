package enrich

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// Intervals at which the coordinator looks for lanes with due work: while lanes
// are busy, while the rest is due in moments, soon, or later.
const (
	pollBusy = time.Second
	pollSoon = 100 * time.Millisecond
	pollNear = 500 * time.Millisecond
	pollIdle = 5 * time.Second
)

// patience is the time for which even a run with NoWait waits for work to
// become due.
const patience = 15 * time.Second

// coordinate starts a worker for each lane with due tasks until there are none.
func (r *runner) coordinate(claiming, looking context.Context, working *sync.WaitGroup) error {
	for claiming.Err() == nil {
		due, err := r.due(claiming)
		if err != nil || claiming.Err() != nil {
			return err
		}
		share, err := r.shares(claiming)
		if err != nil {
			return err
		}
		// One worker for each lane that is due, is not worked on, and whose
		// server may be asked.
		for name, n := range due {
			if n > 0 && !r.lanes[name] && !r.rests(name) && !r.spent() && (share == nil || share[name] > 0) {
				r.lanes[name] = true
				l := newLane(r, name, share[name])
				working.Go(func() {
					l.work(claiming, looking)
					r.rest(l)
					r.ended <- name
				})
			}
		}
		// Look again even if no lane is due: results in progress may add tasks,
		// and back-offs end.
		wait, more, err := r.pause(claiming, due)
		if err != nil || !more {
			return err
		}
		r.wait(claiming, wait)
	}
	return nil
}

// due counts the due tasks by lane.
func (r *runner) due(ctx context.Context) (map[string]int, error) {
	due, err := r.Queue.Lanes(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil
		}
		return nil, fmt.Errorf("look for due tasks: %w", err)
	}
	if r.Skip != nil {
		maps.DeleteFunc(due, func(lane string, _ int) bool { return r.Skip(lane) })
	}
	r.Progress.setDue(due)
	return due, nil
}

// rest remembers that the server of a finished lane is backed off. Claiming its
// tasks would only return them one by one.
func (r *runner) rest(l *lane) {
	if !l.paused() {
		return
	}
	until, _ := l.resumes()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.resting[l.name] = until
}

// rests reports whether the server of a lane is backed off.
func (r *runner) rests(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.resting[name].After(r.Clock())
}

// awake returns the time at which the first resting lane with due tasks may
// continue.
func (r *runner) awake(due map[string]int) (t time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Clock()
	for name, until := range r.resting {
		if due[name] > 0 && until.After(now) && (t.IsZero() || until.Before(t)) {
			t = until
		}
	}
	return t
}

// shares returns the part of Limit that each lane may use, so that the best
// tasks of all lanes are taken. nil means no bound.
func (r *runner) shares(ctx context.Context) (map[string]int, error) {
	q, ok := r.Queue.(Ranked)
	if !ok || r.Limit <= 0 {
		return nil, nil
	}
	r.mu.Lock()
	left := r.left
	r.mu.Unlock()
	if left <= 0 {
		return nil, nil
	}
	share, err := q.Best(ctx, left, r.Skip)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("look for the best tasks: %w", err)
	}
	return share, nil
}

// pause returns how long to wait before looking again, and whether to look
// again at all.
func (r *runner) pause(ctx context.Context, due map[string]int) (wait time.Duration, more bool, err error) {
	storing := r.pending.Load() > 0 // read before the backlog: a result that is stored by then is part of it
	b, known, err := r.backlog(ctx)
	switch {
	case err != nil || ctx.Err() != nil:
		return 0, false, err
	case len(r.lanes) > 0:
		return pollBusy, true, nil
	case r.spent():
		return 0, false, nil
	case storing:
		return pollSoon, true, nil
	case r.Watch:
		return pollIdle, true, nil
	case !known:
		return 0, false, nil
	}
	now, awake := r.Clock(), r.awake(due)
	near := b.Leased > 0
	for _, t := range []time.Time{b.Next, b.until(), awake} {
		near = near || !t.IsZero() && t.Sub(now) < patience
	}
	if near {
		return pollNear, true, nil
	}
	return pollIdle, !r.NoWait && (b.tasks() > 0 || !awake.IsZero()), nil
}

// recount counts the remaining work at the end, even after a signal.
func (r *runner) recount(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if _, err := r.due(ctx); err != nil {
		r.Progress.fail(err)
	} else if _, _, err := r.backlog(ctx); err != nil {
		r.Progress.fail(err)
	}
}

// backlog counts the tasks that are not due yet and updates Progress. known is
// false if the queue cannot count them.
func (r *runner) backlog(ctx context.Context) (b Backlog, known bool, err error) {
	q, ok := r.Queue.(Waiting)
	if !ok {
		return b, false, nil
	}
	if b, err = q.Backlog(ctx, r.Skip); err != nil {
		if ctx.Err() != nil {
			return b, false, nil
		}
		return b, false, fmt.Errorf("look for what waits: %w", err)
	}
	r.Progress.setBacklog(b)
	return b, true, nil
}

// wait waits up to d for a lane to end.
func (r *runner) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case name := <-r.ended:
		delete(r.lanes, name)
		// Other lanes mostly end at the same moment, and the tasks that they
		// returned are due soon.
		r.settle(ctx)
	case <-timer.C:
	case <-ctx.Done():
	}
}

// settle waits a moment for further lanes to end.
func (r *runner) settle(ctx context.Context) {
	timer := time.NewTimer(pollSoon)
	defer timer.Stop()
	for {
		select {
		case name := <-r.ended:
			delete(r.lanes, name)
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
