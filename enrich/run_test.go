package enrich_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"spoor/enrich"
)

// memory is a Queue in memory that keeps its promises: leases, due times, one holder.
type memory struct {
	mu    sync.Mutex
	tasks map[enrich.Claim]*task
	order []*task
	done  []enrich.Done
	fail  error // of Finish

	finishes int
}

type task struct {
	claim  enrich.Claim
	due    time.Time
	leased time.Time
	server string // that is left alone until due
}

func newMemory(claims ...enrich.Claim) *memory {
	m := &memory{tasks: map[enrich.Claim]*task{}}
	for _, c := range claims {
		t := &task{claim: c, due: time.Now()}
		m.tasks[key(c)] = t
		m.order = append(m.order, t)
	}
	return m
}

func key(c enrich.Claim) enrich.Claim {
	return enrich.Claim{Subject: c.Subject, Task: c.Task, Lane: c.Lane}
}

func (m *memory) Claim(_ context.Context, lane string, n int, lease time.Duration) ([]enrich.Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []enrich.Claim
	now := time.Now()
	for i := 0; i < len(m.order) && len(out) < n; i++ {
		t := m.order[i]
		if t.claim.Lane == lane && !t.due.After(now) && !t.leased.After(now) {
			t.leased = now.Add(lease)
			out = append(out, t.claim)
		}
	}
	return out, nil
}

func (m *memory) Lanes(context.Context) (map[string]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]int{}
	now := time.Now()
	for _, t := range m.order {
		if !t.due.After(now) && !t.leased.After(now) {
			out[t.claim.Lane]++
		}
	}
	return out, nil
}

func (m *memory) Finish(_ context.Context, done []enrich.Done) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.finishes++
	if m.fail != nil {
		return m.fail
	}
	for _, d := range done {
		t := m.tasks[key(d.Claim)]
		t.due, t.leased, t.server = d.Due, time.Time{}, d.PutOffBy
		m.done = append(m.done, d)
	}
	return nil
}

func (m *memory) Return(_ context.Context, claims []enrich.Claim, due time.Time, server string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range claims {
		t := m.tasks[key(c)]
		t.due, t.leased, t.server = due, time.Time{}, server
	}
	return nil
}

func (m *memory) Backlog(_ context.Context, skip func(string) bool) (b enrich.Backlog, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.order {
		switch {
		case skip != nil && skip(t.claim.Lane):
		case t.leased.After(time.Now()):
			b.Leased++
		case !t.due.After(time.Now()):
		case t.server != "":
			b.PutOff = append(b.PutOff, enrich.PutOff{BackedOff: enrich.BackedOff{Server: t.server, Until: t.due}, Tasks: 1})
		case b.Next.IsZero() || t.due.Before(b.Next):
			b.Next = t.due
		}
	}
	return b, nil
}

// fake is a Lookup made of a function; it counts how many run at once.
type fake struct {
	look    func(context.Context, enrich.Subject) ([]enrich.Observation, error)
	now     atomic.Int64
	most    atomic.Int64
	asked   sync.Map // name -> *atomic.Int64
	askedIn atomic.Int64
}

func (f *fake) Source() enrich.Source { return enrich.DNS }

func (f *fake) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	n := f.now.Add(1)
	defer f.now.Add(-1)
	for {
		most := f.most.Load()
		if n <= most || f.most.CompareAndSwap(most, n) {
			break
		}
	}
	f.askedIn.Add(1)
	c, _ := f.asked.LoadOrStore(s.Name, new(atomic.Int64))
	c.(*atomic.Int64).Add(1)
	return f.look(ctx, s)
}

func (f *fake) times(name string) int64 {
	c, ok := f.asked.Load(name)
	if !ok {
		return 0
	}
	return c.(*atomic.Int64).Load()
}

// says answers after a while.
func says(d time.Duration, o enrich.Outcome) func(context.Context, enrich.Subject) ([]enrich.Observation, error) {
	return func(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return []enrich.Observation{{Subject: s, Source: enrich.DNS, AskedAt: time.Now(), Took: d, Outcome: o}}, nil
	}
}

func claims(lane string, n int) []enrich.Claim {
	out := make([]enrich.Claim, n)
	for i := range out {
		out[i] = enrich.Claim{
			Subject: enrich.Subject{Kind: enrich.Host, Name: fmt.Sprintf("h%05d.%s", i, lane)}, Task: enrich.NamesTask, Lane: lane,
		}
	}
	return out
}

func names(l enrich.Lookup) map[enrich.Task][]enrich.Lookup {
	return map[enrich.Task][]enrich.Lookup{enrich.NamesTask: {l}}
}

func TestEverythingIsDoneOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(append(claims("com", 300), claims("dns", 2000)...)...)
		f := &fake{look: says(50*time.Millisecond, enrich.Answered)}
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f)})
		if err != nil {
			t.Fatal(err)
		}
		if len(q.done) != 2300 || sum.Stored != 2300 || sum.Claimed != 2300 || sum.Returned != 0 || sum.Asked() != 2300 {
			t.Errorf("done %d, summary %+v", len(q.done), sum)
		}
		for _, c := range q.order {
			if n := f.times(c.claim.Name); n != 1 {
				t.Fatalf("%s was asked %d times", c.claim.Name, n)
			}
			if fresh := time.Until(c.due); fresh < 20*time.Hour || fresh > 30*time.Hour {
				t.Fatalf("%s is due in %s", c.claim.Name, fresh)
			}
		}
		if q.finishes > 2300/50 {
			t.Errorf("%d transactions for 2,300 results", q.finishes)
		}
	})
}

func TestBoundsOfLookupsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(append(claims("a", 500), claims("b", 500)...)...)
		f := &fake{look: says(50*time.Millisecond, enrich.Answered)}
		o := enrich.Options{Queue: q, Lookups: names(f), InFlight: 50, PerLane: func(lane string) int {
			if lane == "a" {
				return 3
			}
			return 40
		}}
		if _, err := enrich.Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if most := f.most.Load(); most > 43 || most < 40 {
			t.Errorf("%d at once; 3 and 40 are allowed", most)
		}
	})
}

func TestBackedOffGoesBackAndComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 40)...)
		until := time.Now().Add(10 * time.Second)
		answer := says(time.Millisecond, enrich.Answered)
		f := &fake{look: func(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
			if time.Now().Before(until) {
				return nil, fmt.Errorf("ask: %w", &enrich.BackedOff{Server: "w:43", Until: until, Reason: "quota"})
			}
			return answer(ctx, s)
		}}
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f)})
		if err != nil || len(q.done) != 40 {
			t.Fatalf("done %d, %v", len(q.done), err)
		}
		if f.askedIn.Load() > 40+32 {
			t.Errorf("looked %d times although the server was left alone", f.askedIn.Load())
		}
		if sum.Claimed != sum.Stored+sum.Returned || sum.Backed["w:43"].Reason != "quota" {
			t.Errorf("summary %+v", sum)
		}
	})
}

func TestPanicsAreOutcomes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 3)...)
		f := &fake{look: func(_ context.Context, s enrich.Subject) ([]enrich.Observation, error) {
			var none []int
			return nil, fmt.Errorf("%d", none[len(s.Name)])
		}}
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f)})
		if err != nil || len(q.done) != 3 || sum.Outcome(enrich.Malformed) != 3 {
			t.Fatalf("done %v, %v", q.done, err)
		}
		if o := q.done[0].Observations[0]; o.Detail == "" || o.Subject != q.done[0].Subject {
			t.Errorf("%+v", o)
		}
	})
}

func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 400)...)
		f := &fake{look: says(time.Second, enrich.Answered)}
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f), Limit: 25})
		if err != nil || len(q.done) != 25 || sum.Claimed != 25 {
			t.Errorf("limit 25: done %d, claimed %d, %v", len(q.done), sum.Claimed, err)
		}
		q.done = nil
		began := time.Now()
		_, err = enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f), For: 3 * time.Second})
		if took := time.Since(began); err != nil || took > 5*time.Second || len(q.done) == 0 || len(q.done) > 120 {
			t.Errorf("for 3 s: done %d in %s, %v", len(q.done), took, err)
		}
		for _, c := range q.order {
			if c.leased.After(time.Now()) {
				t.Fatalf("%s is still claimed", c.claim.Name)
			}
		}
	})
}

func TestStopDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(append(claims("slow", 50), claims("dns", 50)...)...)
		quick := says(2*time.Second, enrich.Answered)
		f := &fake{look: func(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
			if s.Name[len(s.Name)-4:] == "slow" {
				<-ctx.Done()
				// As a Lookup does that had asked and was hung up on.
				return []enrich.Observation{{Subject: s, Source: enrich.DNS, Outcome: enrich.TimedOut}}, nil
			}
			return quick(ctx, s)
		}}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		sum, err := enrich.Run(ctx, enrich.Options{Queue: q, Lookups: names(f)})
		if !errors.Is(err, context.Canceled) || time.Since(began) > 7*time.Second {
			t.Errorf("ended after %s with %v", time.Since(began), err)
		}
		if sum.Claimed != sum.Stored+sum.Returned || len(q.done) != 8 {
			t.Errorf("done %d, %+v", len(q.done), sum)
		}
		for _, c := range q.order {
			if c.leased.After(time.Now()) {
				t.Fatalf("%s is still claimed", c.claim.Name)
			}
		}
	})
}

func TestNoNetworkEndsSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("dns", 100000)...)
		f := &fake{look: says(200*time.Millisecond, enrich.Failed)}
		began := time.Now()
		_, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f), GiveUp: 3 * time.Second})
		if !errors.Is(err, enrich.ErrNoNetwork) || time.Since(began) > 6*time.Second {
			t.Errorf("ended after %s with %v", time.Since(began), err)
		}
		if len(q.done) == 0 {
			t.Error("the failures are not kept")
		}
	})
}

func TestAFailedStoreEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("dns", 5000)...)
		q.fail = errors.New("disk full")
		f := &fake{look: says(10*time.Millisecond, enrich.Answered)}
		_, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f)})
		if err == nil || !errors.Is(err, q.fail) {
			t.Errorf("ended with %v", err)
		}
	})
}

// A claim of a process that was killed is waited for, and taken over.
func TestClaimsOfTheDeadAreTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 20)...)
		if dead, err := q.Claim(t.Context(), "com", 7, 30*time.Second); err != nil || len(dead) != 7 {
			t.Fatal(dead, err)
		}
		f := &fake{look: says(50*time.Millisecond, enrich.Answered)}
		_, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f)})
		if err != nil || len(q.done) != 20 {
			t.Errorf("done %d, %v", len(q.done), err)
		}
	})
}

func TestWatchWaitsForMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 5)...)
		f := &fake{look: says(50*time.Millisecond, enrich.Answered)}
		ctx, cancel := context.WithTimeout(t.Context(), 45*time.Hour)
		defer cancel()
		_, err := enrich.Run(ctx, enrich.Options{Queue: q, Lookups: names(f), Watch: true})
		if !errors.Is(err, context.DeadlineExceeded) || len(q.done) != 10 {
			t.Errorf("done %d, %v: names are due once a day", len(q.done), err)
		}
	})
}

// Slow servers do not hold claims that others could ask elsewhere.
func TestASlowLaneHoldsFewClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 1000)...)
		f := &fake{look: says(10*time.Second, enrich.Answered)}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		_, _ = enrich.Run(ctx, enrich.Options{Queue: q, Lookups: names(f)})
		for _, c := range q.order {
			if n := f.times(c.claim.Name); n > 1 {
				t.Fatalf("%s was asked %d times", c.claim.Name, n)
			}
		}
		if f.most.Load() > 8 {
			t.Errorf("%d at once of a lane that takes ten seconds each", f.most.Load())
		}
	})
}

func TestFirstAsksUntilOneKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := enrich.Subject{Kind: enrich.Domain, Name: "a.example"}
		silent := &fake{look: func(context.Context, enrich.Subject) ([]enrich.Observation, error) { return nil, nil }}
		backed := &fake{look: func(context.Context, enrich.Subject) ([]enrich.Observation, error) {
			return nil, &enrich.BackedOff{Server: "r"}
		}}
		failed, none, never := &fake{look: says(1, enrich.Failed)}, &fake{look: says(1, enrich.None)}, &fake{look: says(1, enrich.Answered)}
		obs, err := enrich.First(silent, backed, failed, none, never).Look(t.Context(), s)
		if err != nil || len(obs) != 2 || obs[1].Outcome != enrich.None || never.askedIn.Load() != 0 {
			t.Errorf("%+v, %v", obs, err)
		}
		obs, err = enrich.First(silent, backed).Look(t.Context(), s)
		var b *enrich.BackedOff
		if !errors.As(err, &b) || len(obs) != 0 {
			t.Errorf("%+v, %v", obs, err)
		}
	})
}
