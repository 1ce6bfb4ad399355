package polite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spoor/enrich"
)

// memory is a Shared of several processes.
type memory struct {
	*alone
	mu       sync.Mutex
	until    map[string]time.Time
	reserved int
	latency  time.Duration
	broken   bool
}

func newMemory() *memory { return &memory{alone: newAlone(), until: map[string]time.Time{}} }

func (m *memory) Reserve(ctx context.Context, server string, now time.Time, each time.Duration, n int) (first, backedOff time.Time, reason string, err error) {
	time.Sleep(m.latency)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reserved++
	if m.broken {
		return time.Time{}, time.Time{}, "", errors.New("the database has gone")
	}
	if until := m.until[server]; now.Before(until) {
		return time.Time{}, until, "remembered", nil
	}
	return m.alone.Reserve(ctx, server, now, each, n)
}

func (m *memory) BackOff(_ context.Context, server string, until time.Time, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return errors.New("the database has gone")
	}
	if until.After(m.until[server]) {
		m.until[server] = until
	}
	return nil
}

func constant(l Limit) func(string) Limit { return func(string) Limit { return l } }

// counter counts as a server would.
type counter struct {
	mu            sync.Mutex
	times         []time.Time
	under, atOnce int
}

func (c *counter) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times = append(c.times, time.Now())
	c.under++
	c.atOnce = max(c.atOnce, c.under)
}

func (c *counter) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.under--
}

// most is the largest number of questions in any second.
func (c *counter) most() int {
	most, from := 0, 0
	for i, t := range c.times {
		for t.Sub(c.times[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// ask puts questions by so many workers through each gate until the time is over. The
// latency varies by a fifth, as it does.
func ask(c *counter, gates []*Gate, workers int, latency, length time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	var wg sync.WaitGroup
	for _, g := range gates {
		for w := range workers {
			wg.Go(func() {
				vary := rand.New(rand.NewPCG(1, uint64(w)))
				for ctx.Err() == nil {
					release, err := g.Wait(ctx, "whois.test:43", "a.test")
					if err != nil {
						sleep(ctx, time.Second)
						continue
					}
					c.begin()
					time.Sleep(latency + time.Duration(vary.Int64N(int64(latency)/5+1)) - latency/10)
					c.end()
					release(enrich.Answered)
				}
			})
		}
	}
	wg.Wait()
}

func TestNeverAboveTheLimitAndNearIt(t *testing.T) {
	for _, tc := range []struct {
		rate      float64
		processes int
		workers   int
		atOnce    int
	}{
		{1, 1, 1, 0}, {1, 3, 20, 2}, {3, 2, 5, 0}, {20, 3, 10, 4}, {25, 1, 8, 0}, {33, 2, 8, 0}, {100, 3, 10, 0}, {300, 3, 20, 20}, {1000, 2, 50, 0}, {5000, 1, 300, 0}, {5000, 3, 100, 0},
	} {
		t.Run(fmt.Sprintf("%v a second, %d processes", tc.rate, tc.processes), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shared, c := newMemory(), &counter{}
				var gates []*Gate
				for range tc.processes {
					gates = append(gates, New(constant(Limit{Rate: tc.rate, AtOnce: tc.atOnce}), shared, nil))
				}
				const length = 10 * time.Second
				ask(c, gates, tc.workers, 50*time.Millisecond, length)
				if got := c.most(); float64(got) > tc.rate {
					t.Errorf("%d questions in a second", got)
				}
				if want := 0.9 * tc.rate * length.Seconds(); float64(len(c.times)) < want {
					t.Errorf("%d questions in %v, fewer than %v", len(c.times), length, want)
				}
				if tc.atOnce > 0 && c.atOnce > tc.atOnce*tc.processes {
					t.Errorf("%d at once", c.atOnce)
				}
				if most := int(length/ahead) * tc.processes * 2; tc.rate >= 100 && shared.reserved > most {
					t.Errorf("%d reservations for %d questions", shared.reserved, len(c.times))
				}
			})
		})
	}
}

func TestASlowDatabaseCostsLittle(t *testing.T) {
	for _, latency := range []time.Duration{5 * time.Millisecond, 15 * time.Millisecond, 50 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			shared, c := newMemory(), &counter{}
			shared.latency = latency
			g := New(constant(Limit{Rate: 1000}), shared, nil)
			ask(c, []*Gate{g}, 100, 50*time.Millisecond, 10*time.Second)
			if got := c.most(); got > 1000 {
				t.Errorf("%v: %d questions in a second", latency, got)
			}
			if least := map[bool]int{true: 9000, false: 6000}[latency < late]; len(c.times) < least {
				t.Errorf("%v: %d questions in 10 s", latency, len(c.times))
			}
		})
	}
}

func TestNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{}), nil, nil)
		start := time.Now()
		for range 1000 {
			release, err := g.Wait(t.Context(), "ns.test:53", "a.test")
			if err != nil {
				t.Fatal(err)
			}
			release(enrich.Answered)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v", took)
		}
	})
}

// quota lets a server answer "too many" to several subjects, so that it is
// backed off.
func quota(t *testing.T, g *Gate) {
	t.Helper()
	for i := range strikes {
		release, err := g.Wait(t.Context(), "whois.test:43", fmt.Sprintf("a%d.test", i))
		if err != nil {
			t.Fatal(err)
		}
		release(enrich.Throttled)
	}
}

// once asks one question with the given outcome. It returns the error of Wait.
func once(t *testing.T, g *Gate, o enrich.Outcome) error {
	t.Helper()
	release, err := g.Wait(t.Context(), "whois.test:43", "a.test")
	if err == nil {
		release(o)
		release(o) // counts once
	}
	return err
}

// leftAloneFor is how long the server is backed off; 0 if it is not.
func leftAloneFor(err error) time.Duration {
	var off *enrich.BackedOff
	if errors.As(err, &off) {
		return time.Until(off.Until)
	}
	return 0
}

func TestFailuresInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{Failures: 3}), nil, nil)
		for i, o := range []enrich.Outcome{
			enrich.TimedOut, enrich.Failed, enrich.Answered, enrich.Refused, enrich.Malformed, enrich.Guarded, enrich.None,
			enrich.TimedOut, enrich.TimedOut, enrich.TimedOut,
		} {
			if err := once(t, g, o); err != nil {
				t.Fatalf("question %d: %v", i, err)
			}
		}
		err := once(t, g, enrich.Answered)
		if leftAloneFor(err) != time.Minute || !strings.Contains(err.Error(), "3 failures in a row, the last: timed out") {
			t.Errorf("after three failures: %v", err)
		}
		if st := g.States(); len(st) != 1 || st[0].Asked != 10 || st[0].BackOffs != 1 || st[0].BackedOff.IsZero() {
			t.Errorf("state %+v", st)
		}
	})
}

func TestBackOffsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := newMemory()
		limit := constant(Limit{Rate: 10})
		quota(t, New(limit, shared, nil))
		if got := leftAloneFor(once(t, New(limit, shared, nil), enrich.Answered)); got != time.Minute {
			t.Errorf("another process leaves it alone for %v", got)
		}
	})
}

func TestFarSlotsAreToldAtOnceAndNotWasted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := newMemory()
		g := New(constant(Limit{Rate: 1.0 / 60}), shared, nil)
		if err := once(t, g, enrich.Answered); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for range 100 {
			if got := leftAloneFor(once(t, g, enrich.Answered)); got < patience || got > 64*time.Second {
				t.Fatalf("told to come back in %v", got)
			}
		}
		if time.Since(start) != 0 || shared.reserved != 2 {
			t.Errorf("waited %v, reserved %d times", time.Since(start), shared.reserved)
		}
		time.Sleep(40 * time.Second)
		if err := once(t, g, enrich.Answered); err != nil {
			t.Errorf("the slot came near and was not given: %v", err)
		}
	})
}

func TestWhoWasHeldUpDoesNotCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, c := New(constant(Limit{Rate: 100}), newMemory(), nil), &counter{}
		ask(c, []*Gate{g}, 10, time.Millisecond, time.Second)
		time.Sleep(10 * time.Second)
		ask(c, []*Gate{g}, 200, time.Millisecond, 3*time.Second)
		if got := c.most(); got > 100 {
			t.Errorf("%d questions in a second after a pause", got)
		}
	})
}

func TestCancelledAndBroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := newMemory()
		var failures []error
		g := New(constant(Limit{Rate: 0.1, AtOnce: 1, Failures: 1}), shared, func(err error) { failures = append(failures, err) })
		release, err := g.Wait(t.Context(), "whois.test:43", "a.test")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.Wait(ctx, "whois.test:43", "a.test"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("no room: %v", err)
		}
		release(enrich.Answered)
		if _, err := g.Wait(ctx, "whois.test:43", "a.test"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("no slot: %v", err)
		}
		if release, err = g.Wait(t.Context(), "whois.test:43", "a.test"); err != nil {
			t.Fatalf("room was not given back: %v", err)
		}
		shared.broken = true
		release(enrich.TimedOut)
		if len(failures) != 1 {
			t.Errorf("failures %v", failures)
		}
		if _, err := g.Wait(t.Context(), "other.test:43", "a.test"); err == nil || leftAloneFor(err) != 0 {
			t.Errorf("asked without a database: %v", err)
		}
	})
}

func TestLeaveAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := newMemory()
		g := New(constant(Limit{Rate: 10}), shared, nil)
		for _, tc := range []struct{ asked, want time.Duration }{{-time.Hour, 0}, {5 * time.Minute, 5 * time.Minute}, {time.Minute, 5 * time.Minute}, {1000 * time.Hour, 24 * time.Hour}} {
			if err := g.LeaveAlone(t.Context(), "whois.test:43", time.Now().Add(tc.asked), "Retry-After"); err != nil {
				t.Fatal(err)
			}
			if got := leftAloneFor(once(t, g, enrich.Answered)); got != tc.want {
				t.Errorf("asked for %v, left alone for %v", tc.asked, got)
			}
		}
		if got := leftAloneFor(once(t, New(constant(Limit{}), shared, nil), enrich.Answered)); got != 24*time.Hour {
			t.Errorf("another process leaves it alone for %v", got)
		}
	})
}

func TestNoRoomForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{AtOnce: 1}), nil, nil)
		if _, err := g.Wait(t.Context(), "whois.test:43", "a.test"); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := once(t, g, enrich.Answered); leftAloneFor(err) == 0 || time.Since(start) != patience {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
