// Package polite keeps the program within the limits of the servers that it
// asks. A Gate enforces the rate and the number of concurrent questions of each
// server. It backs off from a server that answers "too many" or fails
// repeatedly. Through Shared all processes with one database share the rates,
// and back-offs survive a restart.
//
//	Wait ──▶ room (AtOnce) ──▶ slot (rate; reserved in Shared) ──▶ ask ──▶ release(outcome) ──▶ back-off, or not
//
// Slots are points in time at even distances. A missed slot is lost. So a
// caller that was delayed cannot catch up with a burst. Servers count bursts.
package polite

import (
	"context"
	"fmt"
	"sync"
	"time"

	"spoor/enrich"
)

// Shared is the state that several processes share.
type Shared interface {
	// Reserve takes n slots at server, each apart, and returns the begin of the
	// first: the end of all slots reserved before, or now if that is later. If
	// the server is backed off, it takes none and returns until when and why.
	Reserve(ctx context.Context, server string, now time.Time, each time.Duration, n int) (first, backedOff time.Time, reason string, err error)
	// BackOff blocks the server until a time. A time before the known one has
	// no effect.
	BackOff(ctx context.Context, server string, until time.Time, reason string) error
}

// Constants of the pacing.
const (
	// pace is the used share of a server's limit, since questions sent at even
	// distances do not arrive so.
	pace = 0.95
	// late is the delay after which a slot is lost. Together with pace it keeps
	// every window of a second within the limit: a window contains the slots of
	// at most 1.04 seconds, and 1.04 times 0.95 is less than 1.
	late = 40 * time.Millisecond
	// early is how much before its time a slot may be used, because timers are
	// no finer.
	early = time.Millisecond
	// ahead is the least time that is reserved at once, so that a fast server
	// does not cost a round trip to the database for each question. With a slow
	// database it is tripsAhead round trips. A longer time would give one
	// process more slots than its concurrent questions can use.
	ahead      = 10 * time.Millisecond
	tripsAhead = 3
	// patience is the time that Wait may block. Longer waits are left to the
	// queue.
	patience = 30 * time.Second
)

// Gate implements enrich.Gate.
type Gate struct {
	limit  func(server string) Limit
	shared Shared
	now    func() time.Time
	failed func(error)

	mu      sync.Mutex
	servers map[string]*server
}

// New returns a Gate that calls limit once for each server. shared may be nil;
// then other processes are unknown. failed is called if shared fails while no
// caller waits for it; nil ignores that.
func New(limit func(server string) Limit, shared Shared, failed func(error)) *Gate {
	if shared == nil {
		shared = newAlone()
	}
	if failed == nil {
		failed = func(error) {}
	}
	return &Gate{limit: limit, shared: shared, now: time.Now, failed: failed, servers: map[string]*server{}}
}

// server is the state of one server in this process.
type server struct {
	name  string
	limit Limit
	each  time.Duration // distance of slots; 0 for no limit
	room  chan struct{} // one entry for each question in progress; nil for no limit
	turn  chan struct{} // one entry while a caller takes a slot

	// The fields below are guarded by turn.
	slot time.Time     // next slot reserved for this process
	left int           // reserved slots, from slot on
	trip time.Duration // duration of the last reservation
	size int           // slots of the last reservation
	lost int           // slots of it that were missed

	mu        sync.Mutex
	waiting   int // callers between Wait and their slot
	backedOff time.Time
	reason    string
	penalty   time.Duration   // length of the next back-off
	failures  int             // successive failures
	throttled int             // successive subjects answered with "too many"
	touchy    map[string]bool // subjects answered so while others were served, or not yet known
	relapse   bool            // was backed off and has not answered since
	doubtful  bool            // may still refuse: asked one question at a time
	resume    time.Time       // while doubtful, not asked before
	probed    chan struct{}   // closed when the testing question is over; nil for none
	asked     int
	backOffs  int
}

// server returns the state of a server, and creates it with its limits at the
// first question.
func (g *Gate) server(name string) *server {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.servers[name]
	if s == nil {
		s = &server{name: name, limit: g.limit(name), turn: make(chan struct{}, 1), penalty: firstPenalty}
		if s.limit.Rate > 0 {
			s.each = time.Duration(float64(time.Second) / (s.limit.Rate * pace))
		}
		if s.limit.AtOnce > 0 {
			s.room = make(chan struct{}, s.limit.AtOnce)
		}
		g.servers[name] = s
	}
	return s
}

// Wait implements enrich.Gate.
func (g *Gate) Wait(ctx context.Context, name, about string) (release func(enrich.Outcome), err error) {
	s := g.server(name)
	deadline := g.now().Add(patience)
	probe, err := g.join(ctx, s, deadline)
	if err != nil {
		return nil, err
	}
	defer s.leaveQueue()
	if err := s.takeRoom(ctx, deadline); err != nil {
		s.endProbe(probe)
		return nil, err
	}
	if err := g.waitForSlot(ctx, s); err != nil {
		s.giveRoom()
		s.endProbe(probe)
		return nil, err
	}
	asked := g.now()
	var once sync.Once
	return func(o enrich.Outcome) {
		once.Do(func() {
			s.giveRoom()
			g.report(ctx, s, asked, about, o)
			s.endProbe(probe)
		})
	}, nil
}

// leaveQueue ends the wait of a caller.
func (s *server) leaveQueue() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting--
}

// takeRoom waits until fewer questions are in progress than the server allows.
func (s *server) takeRoom(ctx context.Context, deadline time.Time) error {
	if s.room == nil {
		return nil
	}
	select {
	case s.room <- struct{}{}:
		return nil
	default:
	}
	t := time.NewTimer(time.Until(deadline))
	defer t.Stop()
	select {
	case s.room <- struct{}{}:
		return nil
	case <-t.C:
		return &enrich.BackedOff{Server: s.name, Until: deadline.Add(patience), Reason: "the questions under way are not answered"}
	case <-ctx.Done():
		return fmt.Errorf("wait for %s: %w", s.name, ctx.Err())
	}
}

// giveRoom ends a question in progress.
func (s *server) giveRoom() {
	if s.room != nil {
		<-s.room
	}
}

// waitForSlot waits for a slot that belongs to this caller alone.
func (g *Gate) waitForSlot(ctx context.Context, s *server) error {
	if err := sleep(ctx, s.pause(g.now())); err != nil {
		return fmt.Errorf("wait for %s: %w", s.name, err)
	}
	for {
		at, err := g.takeSlot(ctx, s)
		if err != nil {
			return err
		}
		if err := sleep(ctx, at.Sub(g.now())); err != nil {
			return fmt.Errorf("wait for %s: %w", s.name, err)
		}
		if err := g.stillWelcome(s); err != nil {
			return err
		}
		if s.each == 0 || g.now().Sub(at) <= late {
			s.count()
			return nil
		}
	}
}

// count counts a question for display.
func (s *server) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
}

// stillWelcome checks again after a wait, because another caller may have been
// answered "too many".
func (g *Gate) stillWelcome(s *server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.now().Before(s.backedOff) {
		return &enrich.BackedOff{Server: s.name, Until: s.backedOff, Reason: s.reason}
	}
	return nil
}

// takeSlot returns the next slot of this process and reserves more if none is
// left. A slot that is too far off is kept for a later caller: reservations
// cannot be returned, and a new one for each unsuccessful caller would delay
// all others.
func (g *Gate) takeSlot(ctx context.Context, s *server) (time.Time, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return time.Time{}, fmt.Errorf("wait for %s: %w", s.name, ctx.Err())
	}
	now := g.now()
	for s.left > 0 && now.Sub(s.slot) > late {
		s.slot, s.left, s.lost = s.slot.Add(s.each), s.left-1, s.lost+1
	}
	if s.left == 0 {
		if err := g.reserve(ctx, s, now); err != nil {
			return time.Time{}, err
		}
	}
	if s.slot.Sub(now) > patience {
		return time.Time{}, &enrich.BackedOff{Server: s.name, Until: s.slot, Reason: "its rate is used up until then"}
	}
	at := s.slot
	s.slot, s.left = s.slot.Add(s.each), s.left-1
	return at, nil
}

// reserve takes slots for the next moments.
func (g *Gate) reserve(ctx context.Context, s *server, now time.Time) error {
	n := s.howMany()
	first, until, reason, err := g.shared.Reserve(ctx, s.name, now, s.each, n)
	if err != nil {
		return fmt.Errorf("reserve questions at %s: %w", s.name, err)
	}
	if now.Before(until) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.backedOff, s.reason, s.doubtful, s.relapse = until, reason, true, true
		return &enrich.BackedOff{Server: s.name, Until: until, Reason: reason}
	}
	s.slot, s.left, s.size, s.lost = first, n, n, 0
	s.trip = min(g.now().Sub(now), time.Second)
	return nil
}

// howMany returns how many slots to reserve. It grows a little while all are
// used and shrinks by those that were missed, since slots that one process
// wastes are lost for the others.
func (s *server) howMany() int {
	if s.each == 0 {
		return 1
	}
	most := max(1, int(max(ahead, tripsAhead*s.trip)/s.each))
	n := s.size + s.size/8 + 1
	if s.lost > 0 {
		n = s.size - s.lost
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return min(max(n, s.waiting, 1), most)
}

// sleep waits for d, unless d is shorter than timers can measure.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= early {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// earlier returns the earlier of two times.
func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// State describes a server for display.
type State struct {
	Server    string
	Limit     Limit
	Asked     int
	Waiting   int
	BackedOff time.Time // zero if it may be asked
	Reason    string
	BackOffs  int
}

// States returns the state of all servers in no particular order.
func (g *Gate) States() []State {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	states := make([]State, 0, len(g.servers))
	for _, s := range g.servers {
		s.mu.Lock()
		st := State{Server: s.name, Limit: s.limit, Asked: s.asked, Waiting: s.waiting, BackOffs: s.backOffs}
		if now.Before(s.backedOff) {
			st.BackedOff, st.Reason = s.backedOff, s.reason
		}
		s.mu.Unlock()
		states = append(states, st)
	}
	return states
}

// alone implements Shared for a single process.
type alone struct {
	mu   sync.Mutex
	ends map[string]time.Time // end of the reserved slots
}

// newAlone returns the state of a process without a database.
func newAlone() *alone { return &alone{ends: map[string]time.Time{}} }

// Reserve implements Shared.
func (a *alone) Reserve(_ context.Context, server string, now time.Time, each time.Duration, n int) (first, backedOff time.Time, reason string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first = a.ends[server]
	if first.Before(now) {
		first = now
	}
	a.ends[server] = first.Add(time.Duration(n) * each)
	return first, time.Time{}, "", nil
}

// BackOff implements Shared; the Gate itself remembers back-offs.
func (a *alone) BackOff(context.Context, string, time.Time, string) error { return nil }
