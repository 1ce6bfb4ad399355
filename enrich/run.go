package enrich

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"
)

// Options say what Run works on and within which bounds.
type Options struct {
	Queue   Queue
	Lookups map[Task][]Lookup // all of a task's are asked, in order; First tells alternatives

	InFlight int                   // look-ups under way at one time; 0 for 1,024
	PerLane  func(lane string) int // the same of one lane; nil for DefaultPerLane
	Lease    time.Duration         // how long a claim is held at most; 0 for a minute

	// Skip leaves out lanes whose tasks have no Lookup; nil skips none.
	Skip func(lane string) bool

	Limit int           // subjects to look up; 0 for all that is due
	For   time.Duration // time to spend; 0 for as long as it takes
	Watch bool          // wait for more instead of ending

	// GiveUp ends the run when nothing answered for so long and nothing but network
	// failures came back; 0 never does.
	GiveUp time.Duration
	// Drain is how long look-ups under way may go on after ctx ended; 0 for five seconds.
	Drain time.Duration

	Clock    func() time.Time // nil for time.Now
	Progress *Progress        // may be nil
}

// ErrNoNetwork ends a run whose questions all failed on the way.
var ErrNoNetwork = errors.New("no server could be reached")

// Waiting is a Queue that can tell what it holds beside what is due. Run uses it to wait
// for claims of other processes, and of dead ones, instead of ending before them.
type Waiting interface {
	// Waiting tells how many claims other processes hold, and when the next task is due.
	Waiting(ctx context.Context) (leased int, next time.Time, err error)
}

// Ranked is a Queue that can tell to which lanes its best tasks belong. A run with a Limit
// takes those.
type Ranked interface {
	// Best counts the n due tasks of the highest priority by lane, without those of lanes
	// that skip names.
	Best(ctx context.Context, n int, skip func(lane string) bool) (map[string]int, error)
}

// DefaultPerLane bounds one lane. A top-level domain is mostly one server; DNS questions
// are many, short, and go to a resolver that is meant for them.
func DefaultPerLane(lane string) int {
	switch lane {
	case "dns":
		return 512
	case "addresses":
		return 128
	}
	return 32
}

// Run looks up what is due until nothing is, or a budget is spent, or ctx ends.
//
// Lanes are worked on side by side, each claiming small batches and keeping as many
// look-ups under way as its servers keep up with. Every outcome is stored with the time
// of the next try, in batches; a claim whose server is left alone for now goes back
// unasked. When ctx ends, no more is claimed, look-ups under way may finish, and what was
// not asked is given back.
func Run(ctx context.Context, o Options) (Summary, error) {
	r := newRunner(o)
	return r.run(ctx)
}

func newRunner(o Options) *runner {
	if o.InFlight <= 0 {
		o.InFlight = 1024
	}
	if o.PerLane == nil {
		o.PerLane = DefaultPerLane
	}
	if o.Lease <= 0 {
		o.Lease = time.Minute
	}
	if o.Drain <= 0 {
		o.Drain = 5 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	r := &runner{
		Options: o, slots: make(chan struct{}, o.InFlight), results: make(chan Done, 4*flushAt),
		ended: make(chan string, 64), lanes: map[string]bool{}, left: o.Limit,
	}
	o.Progress.begin(o.Clock())
	return r
}

// runner is one Run.
type runner struct {
	Options
	slots   chan struct{} // one a look-up under way
	results chan Done
	ended   chan string // names of lanes that found nothing more to claim

	lanes map[string]bool // being worked on; the coordinator's alone

	mu     sync.Mutex
	left   int // of Limit
	cancel context.CancelCauseFunc
}

// pollIdle is how often lanes are looked for while others work or nothing is due.
const (
	pollBusy = time.Second
	pollIdle = 5 * time.Second
	pollSoon = 100 * time.Millisecond
)

func (r *runner) run(ctx context.Context) (Summary, error) {
	claiming, stop := r.budgeted(ctx)
	defer stop(nil)
	r.cancel = stop
	looking, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	defer context.AfterFunc(claiming, func() { time.AfterFunc(r.Drain, kill) })()

	var flushing sync.WaitGroup
	var flushErr error
	flushing.Go(func() {
		flushErr = r.flush(context.WithoutCancel(ctx), func(err error) { stop(err); kill() })
	})
	var working sync.WaitGroup
	err := r.coordinate(claiming, looking, &working)
	stop(err)
	for len(r.lanes) > 0 { // lanes end by themselves, and somebody has to hear it
		delete(r.lanes, <-r.ended)
	}
	working.Wait()
	close(r.results)
	flushing.Wait()

	if flushErr != nil {
		err = flushErr
	} else if err == nil && errors.Is(context.Cause(claiming), ErrNoNetwork) {
		err = ErrNoNetwork
	} else if err == nil {
		err = ctx.Err()
	}
	return r.Progress.Summary(), err
}

// budgeted is the context under which tasks are claimed: it ends with ctx and with For.
func (r *runner) budgeted(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	if r.For > 0 {
		timer := time.AfterFunc(r.For, func() { stop(nil) })
		context.AfterFunc(ctx, func() { timer.Stop() })
	}
	return ctx, stop
}

// coordinate starts a worker for each lane that has something due, until there is none.
func (r *runner) coordinate(claiming, looking context.Context, working *sync.WaitGroup) error {
	for claiming.Err() == nil {
		due, err := r.Queue.Lanes(claiming)
		if err != nil {
			if claiming.Err() != nil {
				return nil
			}
			return fmt.Errorf("look for due tasks: %w", err)
		}
		if r.Skip != nil {
			maps.DeleteFunc(due, func(lane string, _ int) bool { return r.Skip(lane) })
		}
		r.Progress.setDue(due)
		share, err := r.shares(claiming)
		if err != nil {
			return err
		}
		for name, n := range due {
			if n > 0 && !r.lanes[name] && !r.spent() && (share == nil || share[name] > 0) {
				r.lanes[name] = true
				l := newLane(r, name, share[name])
				working.Go(func() {
					l.work(claiming, looking)
					r.ended <- name
				})
			}
		}
		wait, more, err := r.pause(claiming)
		if err != nil || !more {
			return err
		}
		r.wait(claiming, wait)
	}
	return nil
}

// shares tells how much of the Limit each lane may use, so that the best tasks of all
// lanes are taken; nil for no bound.
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

// pause tells how long to wait before looking again, and whether to look at all.
func (r *runner) pause(ctx context.Context) (wait time.Duration, more bool, err error) {
	if r.spent() {
		return pollBusy, len(r.lanes) > 0, nil
	}
	switch {
	case len(r.lanes) > 0:
		return pollBusy, true, nil
	case r.Watch:
		return pollIdle, true, nil
	}
	q, ok := r.Queue.(Waiting)
	if !ok {
		return 0, false, nil
	}
	leased, next, err := q.Waiting(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return 0, false, nil
		}
		return 0, false, fmt.Errorf("look for what waits: %w", err)
	}
	soon := !next.IsZero() && next.Sub(r.Clock()) < patience
	r.Progress.setHeld(leased)
	return pollSoon * 5, leased > 0 || soon, nil
}

// patience is how long a run waits for a server that is left alone before it leaves the
// rest to the next run.
const patience = 15 * time.Second

// wait waits, at most so long, for a lane to end.
func (r *runner) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case name := <-r.ended:
		delete(r.lanes, name)
		// Others mostly end at the same moment, and what they returned is due soon.
		r.settle(ctx)
	case <-timer.C:
	case <-ctx.Done():
	}
}

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

// reserve takes up to n of what Limit leaves.
func (r *runner) reserve(n int) int {
	if r.Limit <= 0 {
		return n
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n = min(n, r.left)
	r.left -= n
	return n
}

// refund gives back what was reserved and not used.
func (r *runner) refund(n int) {
	if r.Limit > 0 && n > 0 {
		r.mu.Lock()
		r.left += n
		r.mu.Unlock()
	}
}

func (r *runner) spent() bool {
	if r.Limit <= 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left <= 0
}
