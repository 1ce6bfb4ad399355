// Package polite keeps Spoor welcome at the servers that it asks. A Gate gives each
// server its own rate and number of questions under way, and leaves a server alone that
// says "too many" or fails again and again. Through Shared all processes on one database
// keep to one rate together, and back-offs outlive the run.
//
//	Wait ──▶ room (AtOnce) ──▶ slot (rate; reserved in Shared) ──▶ ask ──▶ release(outcome) ──▶ back-off, or not
//
// Slots are points in time, evenly spread. One that was missed is lost, so that whoever
// was held up does not catch up in a burst, which is what servers count.
package polite

import (
	"context"
	"fmt"
	"sync"
	"time"

	"spoor/enrich"
)

// Shared is the memory that processes have in common.
type Shared interface {
	// Reserve takes n slots at server, a time of each apart, and returns when the first
	// begins: at the end of all slots reserved before, or now if that has passed. Where the
	// server is backed off it takes none, and returns until when and why.
	Reserve(ctx context.Context, server string, now time.Time, each time.Duration, n int) (first, backedOff time.Time, reason string, err error)
	// BackOff leaves the server alone until a time; an earlier time than the one that is
	// known changes nothing.
	BackOff(ctx context.Context, server string, until time.Time, reason string) error
}

const (
	// pace is the share of a server's limit that is used: what leaves here evenly does not
	// arrive evenly.
	pace = 0.95
	// late is by how much a slot may be missed and still be used. Together with pace it
	// keeps every window of a second at or below the limit: a window holds the slots of
	// 1.04 seconds at most, and 1.04 times 0.95 is less than 1.
	late = 40 * time.Millisecond
	// early is by how much a slot may be used before its time: timers are no finer.
	early = time.Millisecond
	// ahead is how much time is reserved at once at least, so that a fast server does not
	// cost a round trip to the database for each question; where that is slow, it is
	// tripsAhead of them. More would give one process all slots of a moment, more than its
	// questions under way can use.
	ahead      = 10 * time.Millisecond
	tripsAhead = 3
	// patience is how long Wait may hold a caller; longer waits are for the queue.
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

// New returns a Gate that asks limit once for each server. shared may be nil: then
// nothing is known of other processes. failed is told when shared does not work while
// nobody waits for it; nil to ignore that.
func New(limit func(server string) Limit, shared Shared, failed func(error)) *Gate {
	if shared == nil {
		shared = newAlone()
	}
	if failed == nil {
		failed = func(error) {}
	}
	return &Gate{limit: limit, shared: shared, now: time.Now, failed: failed, servers: map[string]*server{}}
}

// server is what the process knows of one server.
type server struct {
	name  string
	limit Limit
	each  time.Duration // between two slots; 0 for no limit
	room  chan struct{} // holds an entry for each question under way; nil for no limit
	turn  chan struct{} // holds an entry while somebody takes a slot

	// Under turn.
	slot time.Time     // the next slot that is reserved for this process
	left int           // slots reserved, from slot on
	trip time.Duration // what the last reservation took
	size int           // of the last reservation
	lost int           // slots of it that nobody used in time

	mu        sync.Mutex
	waiting   int // callers between Wait and their slot
	backedOff time.Time
	reason    string
	penalty   time.Duration   // of the next back-off
	failures  int             // in a row
	throttled int             // subjects told "too many" in a row
	touchy    map[string]bool // subjects told so while others were answered, or not yet known better
	relapse   bool            // was backed off, and has not answered since
	doubtful  bool            // may not want to be asked: it gets one question at a time
	resume    time.Time       // not asked before, while doubtful
	probed    chan struct{}   // closed when the question that is out is over; nil for none
	asked     int
	backOffs  int
}

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

func (s *server) leaveQueue() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting--
}

// takeRoom waits until fewer questions are under way than the server may have.
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

func (s *server) giveRoom() {
	if s.room != nil {
		<-s.room
	}
}

// waitForSlot waits until a slot begins that is this caller's alone.
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

func (s *server) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
}

// stillWelcome looks again after a wait: somebody may have met a "too many" meanwhile.
func (g *Gate) stillWelcome(s *server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.now().Before(s.backedOff) {
		return &enrich.BackedOff{Server: s.name, Until: s.backedOff, Reason: s.reason}
	}
	return nil
}

// takeSlot returns the next slot of this process, and reserves more where none is left. A
// slot too far off stays for a later caller: reserved ones can't be given back, and a
// new one for each who asks in vain would push all others into the future.
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

// howMany slots are worth reserving: a few more than last time while all are used, fewer
// by those that were not, since what one process wastes another can't use.
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

// sleep waits for d, except where that is less than timers can tell.
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

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// State is what a Gate knows of a server; for people to look at.
type State struct {
	Server    string
	Limit     Limit
	Asked     int
	Waiting   int
	BackedOff time.Time // zero if it may be asked
	Reason    string
	BackOffs  int
}

// States returns what is known of all servers, in no order.
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

// alone is the Shared of a process by itself.
type alone struct {
	mu   sync.Mutex
	ends map[string]time.Time // of the slots reserved
}

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

// BackOff implements Shared; the Gate itself remembers.
func (a *alone) BackOff(context.Context, string, time.Time, string) error { return nil }
