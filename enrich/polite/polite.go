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
	// firstPenalty is the first back-off; each further one is twice as long up to maxPenalty.
	firstPenalty = time.Minute
	maxPenalty   = time.Hour
	// maxAsked bounds what a server can ask for.
	maxAsked = 24 * time.Hour
	// probeFor is when to come back to a server that is being probed.
	probeFor = 5 * time.Second
	// reporting bounds the time that telling Shared of a back-off may take.
	reporting = 5 * time.Second
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
	penalty   time.Duration // of the next back-off
	failures  int           // in a row
	doubtful  bool          // was backed off, and has not answered since
	probing   bool          // the one question that a doubtful server gets at a time is out
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
func (g *Gate) Wait(ctx context.Context, name string) (release func(enrich.Outcome), err error) {
	s := g.server(name)
	probe, err := g.enter(s)
	if err != nil {
		return nil, err
	}
	defer s.leaveQueue()
	if err := s.takeRoom(ctx, g.now().Add(patience)); err != nil {
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
			g.report(ctx, s, asked, o)
			s.endProbe(probe)
		})
	}, nil
}

// enter joins those who wait, unless the server is left alone or too many do already.
// After a back-off one question at a time finds out whether it has passed.
func (g *Gate) enter(s *server) (probe bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := g.now()
	if now.Before(s.backedOff) {
		return false, &enrich.BackedOff{Server: s.name, Until: s.backedOff, Reason: s.reason}
	}
	if s.doubtful && s.probing {
		return false, &enrich.BackedOff{Server: s.name, Until: now.Add(probeFor), Reason: "one question finds out whether it answers again"}
	}
	if wait := time.Duration(s.waiting) * s.each; wait > patience {
		return false, &enrich.BackedOff{Server: s.name, Until: now.Add(wait), Reason: "questions already wait for its rate"}
	}
	s.waiting++
	s.probing = s.doubtful
	return s.probing, nil
}

func (s *server) endProbe(probe bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.probing = s.probing && !probe
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
		s.backedOff, s.reason, s.doubtful = until, reason, true
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

// report learns from what came of a question that was asked at a time.
func (g *Gate) report(ctx context.Context, s *server, asked time.Time, o enrich.Outcome) {
	until, reason := s.judge(asked, g.now(), o)
	if until.IsZero() {
		return
	}
	// Also the last answer before the end must be remembered, hence WithoutCancel.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reporting)
	defer cancel()
	if err := g.shared.BackOff(ctx, s.name, until, reason); err != nil {
		g.failed(fmt.Errorf("remember that %s is left alone: %w", s.name, err))
	}
}

// judge counts failures, and backs off where there is reason to: then it says until when.
func (s *server) judge(asked, now time.Time, o enrich.Outcome) (until time.Time, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if asked.Before(s.backedOff) {
		return time.Time{}, "" // it went out before the back-off, which says it all
	}
	switch o {
	case enrich.Answered, enrich.None:
		s.failures, s.penalty, s.doubtful = 0, firstPenalty, false
		return time.Time{}, ""
	case enrich.Guarded:
		return time.Time{}, "" // it was never asked
	case enrich.Throttled:
		reason = "it says that we ask too much"
	default:
		if s.failures++; s.failures < s.limit.tolerated() {
			return time.Time{}, ""
		}
		reason = fmt.Sprintf("%d failures in a row, the last: %s", s.failures, o)
	}
	s.failures, s.doubtful = 0, true
	s.backedOff, s.reason = now.Add(s.penalty), reason
	s.penalty = min(2*s.penalty, maxPenalty)
	s.backOffs++
	return s.backedOff, reason
}

// LeaveAlone backs off from a server until a time that it named itself (Retry-After, "try
// again in 300 seconds"), at most a day.
func (g *Gate) LeaveAlone(ctx context.Context, name string, until time.Time, reason string) error {
	s := g.server(name)
	now := g.now()
	until = earlier(until, now.Add(maxAsked))
	s.mu.Lock()
	if until.After(s.backedOff) && until.After(now) {
		s.backedOff, s.reason, s.doubtful = until, reason, true
		s.backOffs++
	}
	s.mu.Unlock()
	if err := g.shared.BackOff(ctx, name, until, reason); err != nil {
		return fmt.Errorf("remember that %s is left alone: %w", name, err)
	}
	return nil
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
