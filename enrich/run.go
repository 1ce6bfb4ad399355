package enrich

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
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
	For   time.Duration // time to work, waiting included; 0 for as long as it takes
	Watch bool          // wait for more instead of ending

	// NoWait ends the run when servers want to be left alone for longer than moments.
	// Without it the run waits for them as long as work is left for them.
	NoWait bool

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
// for servers that are left alone, and for claims of other processes, also of dead ones.
type Waiting interface {
	// Backlog tells what is not due yet, without the lanes that skip names.
	Backlog(ctx context.Context, skip func(lane string) bool) (Backlog, error)
}

// Backlog is work that is not due yet.
type Backlog struct {
	Leased int       // claims that other processes hold
	PutOff []PutOff  // given back unasked, by server, the most first
	Next   time.Time // when the next of the others is due; zero for never
}

// PutOff is the work that waits for a server which is left alone.
type PutOff struct {
	BackedOff
	Tasks int
}

// tasks counts what waits for servers.
func (b *Backlog) tasks() (n int) {
	for _, p := range b.PutOff {
		n += p.Tasks
	}
	return n
}

// until is when the first server may be asked again.
func (b *Backlog) until() (t time.Time) {
	for _, p := range b.PutOff {
		if t.IsZero() || p.Until.Before(t) {
			t = p.Until
		}
	}
	return t
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
		resting: map[string]time.Time{},
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

	// pending counts the results that are not stored yet: to store them may make more tasks.
	pending atomic.Int64

	lanes map[string]bool // being worked on; the coordinator's alone

	mu      sync.Mutex
	left    int                  // of Limit
	resting map[string]time.Time // lanes whose server is left alone until then
	cancel  context.CancelCauseFunc
}

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

// budgeted is the context under which tasks are claimed: it ends with ctx and with For.
func (r *runner) budgeted(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	if r.For > 0 {
		timer := time.AfterFunc(r.For, func() { stop(nil) })
		context.AfterFunc(ctx, func() { timer.Stop() })
	}
	return ctx, stop
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
