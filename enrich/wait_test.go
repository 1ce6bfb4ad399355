package enrich_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spoor/enrich"
)

// closedFor is a Lookup whose server of one lane is left alone for a while.
func closedFor(lane string, d time.Duration) *fake {
	until, answer := time.Now().Add(d), says(time.Millisecond, enrich.Answered)
	return &fake{look: func(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
		if strings.HasSuffix(s.Name, "."+lane) && time.Now().Before(until) {
			return nil, &enrich.BackedOff{Server: "w:43", Until: until}
		}
		return answer(ctx, s)
	}}
}

// A back-off is waited out, however long, while others are asked; its tasks are not handed
// out and back in the meantime.
func TestALongBackOffIsWaitedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		q := newMemory(append(claims("com", 400), claims("dns", 40)...)...)
		f := closedFor("com", time.Hour)
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(f)})
		if took := time.Since(began); err != nil || len(q.done) != 440 || took < time.Hour || took > time.Hour+time.Minute {
			t.Fatalf("done %d after %s, %v", len(q.done), took, err)
		}
		if sum.Left() != 0 || sum.Returned > 40 {
			t.Errorf("left %d, given back %d", sum.Left(), sum.Returned)
		}
	})
}

func TestNoWaitLeavesALongBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		q := newMemory(append(claims("com", 40), claims("dns", 40)...)...)
		until := began.Add(time.Hour)
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(closedFor("com", time.Hour)), NoWait: true})
		if err != nil || len(q.done) != 40 || time.Since(began) > 10*time.Second {
			t.Fatalf("done %d after %s, %v", len(q.done), time.Since(began), err)
		}
		if sum.Left() != 40 {
			t.Errorf("left %d of 40", sum.Left())
		}
		for _, c := range q.order {
			if c.claim.Lane == "com" && !c.due.Equal(until) && c.due.After(time.Now()) {
				t.Errorf("%s is due at %s", c.claim.Name, c.due)
			}
		}
	})
}

// follower is a Queue in which a stored result makes another task, as DNS answers do with
// addresses.
type follower struct{ *memory }

func (f follower) Finish(ctx context.Context, done []enrich.Done) error {
	if err := f.memory.Finish(ctx, done); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range done {
		if c := d.Claim; c.Lane == "dns" {
			c.Lane, c.Name = "addresses", c.Name+".address"
			t := &task{claim: c, due: time.Now()}
			f.tasks[key(c)] = t
			f.order = append(f.order, t)
		}
	}
	return nil
}

// The last results are stored after the last lane ended. Tasks that they add
// are done too.
func TestWhatResultsLeadToIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := follower{newMemory(claims("dns", 3)...)}
		_, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(&fake{look: says(time.Millisecond, enrich.Answered)}), NoWait: true})
		if err != nil || len(q.done) != 6 {
			t.Errorf("done %d of 6, %v", len(q.done), err)
		}
	})
}

// For is a time to work: the run neither ends before it while work is left, nor after it.
func TestForIsATimeToWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		q := newMemory(claims("com", 400)...)
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(closedFor("com", time.Hour)), For: 5 * time.Minute})
		if took := time.Since(began); err != nil || took < 5*time.Minute || took > 5*time.Minute+10*time.Second || sum.Left() != 400 {
			t.Errorf("ended after %s with %d left, %v", took, sum.Left(), err)
		}
	})
}

// A run does not wait for the servers of lanes that it skips.
func TestSkippedLanesAreNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(append(claims("com", 5), claims("dns", 5)...)...)
		if held, err := q.Claim(t.Context(), "com", 5, time.Minute); err != nil || q.Return(t.Context(), held, time.Now().Add(time.Hour), "w:43") != nil {
			t.Fatal(err)
		}
		began := time.Now()
		sum, err := enrich.Run(t.Context(), enrich.Options{
			Queue: q, Lookups: names(&fake{look: says(time.Second, enrich.Answered)}), Skip: func(lane string) bool { return lane == "com" },
		})
		if err != nil || len(q.done) != 5 || sum.Left() != 0 || time.Since(began) > time.Minute {
			t.Errorf("done %d, left %d after %s, %v", len(q.done), sum.Left(), time.Since(began), err)
		}
	})
}

// A registrar that is left alone has its answer fetched later, in the same run.
func TestTheRestOfAnAnswerIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newMemory(claims("com", 3)...)
		until, answer := time.Now().Add(10*time.Minute), says(time.Millisecond, enrich.Answered)
		f := &fake{look: func(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
			obs, err := answer(ctx, s)
			if time.Now().Before(until) {
				err = &enrich.BackedOff{Server: "registrar:43", Until: until}
			}
			return obs, err
		}}
		sum, err := enrich.Run(t.Context(), enrich.Options{Queue: q, Lookups: names(enrich.First(f, f))})
		if err != nil || len(q.done) != 6 || sum.Left() != 0 {
			t.Errorf("done %d, left %d, %v", len(q.done), sum.Left(), err)
		}
	})
}
