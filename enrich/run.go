package enrich

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Options select the work of Run and its limits.
type Options struct {
	Queue   Queue
	Lookups map[Task][]Lookup // all of a task are asked, in order; First makes alternatives

	InFlight int                   // concurrent look-ups; 0 for 1,024
	PerLane  func(lane string) int // the same for one lane; nil for DefaultPerLane
	Lease    time.Duration         // length of a claim; 0 for a minute

	// Skip excludes lanes whose tasks have no Lookup; nil excludes none.
	Skip func(lane string) bool

	Limit int           // subjects to look up; 0 for all that are due
	For   time.Duration // duration of the run, waiting included; 0 for as long as it takes
	Watch bool          // wait for new work instead of ending

	// NoWait ends the run if only work for backed-off servers is left. Without
	// it the run waits for them.
	NoWait bool

	// GiveUp ends the run if nothing but network failures came back for this
	// time; 0 never ends it.
	GiveUp time.Duration
	// Drain is the time that look-ups may take after ctx ended; 0 for five
	// seconds.
	Drain time.Duration

	Clock    func() time.Time // nil for time.Now
	Progress *Progress        // may be nil
}

// ErrNoNetwork ends a run if no question reached a server.
var ErrNoNetwork = errors.New("no server could be reached")

// Waiting is a Queue that counts tasks which are not due yet. Run uses it to
// wait for backed-off servers and for claims of other processes, whose leases
// may end.
type Waiting interface {
	// Backlog returns the work that is not due yet, without the lanes that skip
	// names.
	Backlog(ctx context.Context, skip func(lane string) bool) (Backlog, error)
}

// Backlog is work that is not due yet.
type Backlog struct {
	Leased int       // claims that other processes hold
	PutOff []PutOff  // returned unasked, by server, the most first
	Next   time.Time // when the next of the others is due; zero for never
}

// PutOff is the work that waits for a backed-off server.
type PutOff struct {
	BackedOff
	Tasks int
}

// tasks counts the tasks that wait for servers.
func (b *Backlog) tasks() (n int) {
	for _, p := range b.PutOff {
		n += p.Tasks
	}
	return n
}

// until returns when the first server may be asked again.
func (b *Backlog) until() (t time.Time) {
	for _, p := range b.PutOff {
		if t.IsZero() || p.Until.Before(t) {
			t = p.Until
		}
	}
	return t
}

// Ranked is a Queue that knows the lanes of its best tasks. A run with a Limit
// takes those.
type Ranked interface {
	// Best counts the n due tasks of the highest priority by lane, without
	// those of skipped lanes.
	Best(ctx context.Context, n int, skip func(lane string) bool) (map[string]int, error)
}

// DefaultPerLane limits the concurrent look-ups of a lane. A top-level domain
// is mostly one server. DNS questions are many and short, and go to a resolver
// made for them.
func DefaultPerLane(lane string) int {
	switch lane {
	case "dns":
		return 512
	case "addresses":
		return 128
	}
	return 32
}

// Run looks up due tasks until none are left, a budget is spent, or ctx ends.
//
// Lanes run concurrently. Each claims small batches and has as many look-ups in
// progress as its servers keep up with. Every outcome is stored in a batch with
// the time of the next try. A claim whose server is backed off is returned
// unasked. When ctx ends, nothing more is claimed, look-ups in progress may
// finish, and the rest is returned.
func Run(ctx context.Context, o Options) (Summary, error) {
	r := newRunner(o)
	return r.run(ctx)
}

// newRunner fills in the defaults of the options.
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
		resting: map[string]time.Time{},
	}
	o.Progress.begin(o.Clock())
	return r
}

// runner is the state of one call of Run.
type runner struct {
	Options
	slots   chan struct{} // one entry for each look-up in progress
	results chan Done
	ended   chan string // names of lanes that found nothing more to claim

	// pending counts results that are not stored yet. Storing them may create
	// more tasks.
	pending atomic.Int64

	lanes map[string]bool // lanes with a worker; used by the coordinator alone

	mu      sync.Mutex
	left    int                  // remainder of Limit
	resting map[string]time.Time // lanes whose server is backed off, and until when
	cancel  context.CancelCauseFunc
}

// run claims and looks up until no work is left or the budget ends. Stopping
// has two stages: the end of claiming ends new look-ups, and after the drain
// time kill ends those in progress.
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
	for len(r.lanes) > 0 { // lanes end by themselves, and their channel must be read
		delete(r.lanes, <-r.ended)
	}
	working.Wait()
	close(r.results)
	flushing.Wait()
	if flushErr == nil {
		r.recount(ctx)
	}

	if flushErr != nil {
		err = flushErr
	} else if err == nil && errors.Is(context.Cause(claiming), ErrNoNetwork) {
		err = ErrNoNetwork
	} else if err == nil {
		err = ctx.Err()
	}
	return r.Progress.Summary(), err
}

// budgeted returns the context for claiming, which ends with ctx or after For.
func (r *runner) budgeted(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	if r.For > 0 {
		timer := time.AfterFunc(r.For, func() { stop(nil) })
		context.AfterFunc(ctx, func() { timer.Stop() })
	}
	return ctx, stop
}

// reserve takes up to n from the remainder of Limit.
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

// refund returns a reservation that was not used.
func (r *runner) refund(n int) {
	if r.Limit > 0 && n > 0 {
		r.mu.Lock()
		r.left += n
		r.mu.Unlock()
	}
}

// spent reports whether Limit is used up.
func (r *runner) spent() bool {
	if r.Limit <= 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left <= 0
}
