package polite

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"spoor/enrich"
)

func TestBackOffDoublesUpToAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{Rate: 10}), newMemory(), nil)
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			if i == 0 {
				quota(t, g)
			} else if err := once(t, g, enrich.Throttled); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			err := once(t, g, enrich.Answered)
			if got := leftAloneFor(err); got != want*time.Minute || time.Since(start) != 0 {
				t.Errorf("left alone for %v, told after %v; want %v", got, time.Since(start), want*time.Minute)
			}
			time.Sleep(leftAloneFor(err))
		}
		if err := once(t, g, enrich.Answered); err != nil {
			t.Fatal(err)
		}
		quota(t, g)
		if got := leftAloneFor(once(t, g, enrich.Answered)); got != time.Minute {
			t.Errorf("after an answer the next back-off is %v", got)
		}
	})
}

func TestManyThrottledAtOnceAreOneBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{}), nil, nil)
		var releases []func(enrich.Outcome)
		for i := range 10 {
			release, err := g.Wait(t.Context(), "whois.test:43", fmt.Sprintf("a%d.test", i))
			if err != nil {
				t.Fatal(err)
			}
			releases = append(releases, release)
		}
		for _, release := range releases {
			time.Sleep(time.Second)
			release(enrich.Throttled)
		}
		if got := leftAloneFor(once(t, g, enrich.Answered)); got != time.Minute-7*time.Second {
			t.Errorf("left alone for %v", got)
		}
	})
}

// After a back-off one question goes out and the others wait for its outcome.
func TestOneQuestionProbesAfterABackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{Failures: 9}), nil, nil)
		quota(t, g)
		time.Sleep(time.Minute)
		for _, o := range []enrich.Outcome{enrich.TimedOut, enrich.Answered} {
			release, err := g.Wait(t.Context(), "whois.test:43", "a.test")
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			if _, err := g.Wait(ctx, "whois.test:43", "b.test"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
				t.Errorf("beside the probe: %v after %v", err, time.Since(start))
			}
			cancel()
			if got := leftAloneFor(once(t, g, enrich.Answered)); got != patience {
				t.Errorf("beside a long probe: come back in %v", got)
			}
			release(o)
		}
		for range 2 {
			if _, err := g.Wait(t.Context(), "whois.test:43", "a.test"); err != nil {
				t.Errorf("it answers again, and is still probed: %v", err)
			}
		}
	})
}

// One domain's quota answer is no reason to leave its server alone: others are asked, one
// at a time until one is answered. Nor is the same domain's second one.
func TestQuotaOfOneSubject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(constant(Limit{Rate: 100, AtOnce: 4}), newMemory(), nil)
		ask := func(about string, o enrich.Outcome) {
			t.Helper()
			release, err := g.Wait(t.Context(), "whois.test:43", about)
			if err != nil {
				t.Fatalf("%s: %v", about, err)
			}
			release(o)
		}
		for range 20 {
			ask("touchy1.test", enrich.Throttled)
			ask("touchy2.test", enrich.Throttled)
			ask("good.test", enrich.Answered)
		}
		for range 20 { // nothing else is left to be asked
			ask("touchy1.test", enrich.Throttled)
			ask("touchy2.test", enrich.Throttled)
		}
		if st := g.States(); st[0].BackOffs != 0 {
			t.Errorf("left alone %d times", st[0].BackOffs)
		}
		quota(t, g)
		if got := leftAloneFor(once(t, g, enrich.Answered)); got != time.Minute {
			t.Errorf("three others told so: left alone for %v", got)
		}
	})
}
