package enrich

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// lane works on the tasks that mostly share a server. Its window of concurrent
// look-ups grows while they return quickly and shrinks when they wait for their
// server or its limits. So a slow server holds few claims and slots.
type lane struct {
	r    *runner
	name string
	most int

	mu      sync.Mutex
	freed   sync.Cond
	window  int // permitted concurrent look-ups
	running int
	share   int // remaining part of the run's Limit, if bounded
	bounded bool
	quick   int       // quick look-ups since the window last grew
	backs   int       // successive claims whose server is backed off
	backed  BackedOff // the last of them
}

// A look-up that takes a fifteenth of the lease is waiting for its server's
// turn. One that takes less than a sixtieth is quick.
const (
	firstWindow = 8
	maxBatch    = 512
	slowPart    = 15
	quickPart   = 60
)

// newLane returns a lane that looks up at most share tasks; 0 for no bound.
func newLane(r *runner, name string, share int) *lane {
	l := &lane{r: r, name: name, share: share, bounded: share > 0, most: max(1, min(r.PerLane(name), r.InFlight))}
	l.window = min(firstWindow, l.most)
	l.freed.L = &l.mu
	return l
}

// held is a batch of claims with the end of the time in which they must begin.
type held struct {
	claims []Claim
	until  time.Time
}

// work claims and looks up until nothing is due or claiming ends.
func (l *lane) work(claiming, looking context.Context) {
	var under sync.WaitGroup
	defer under.Wait()
	defer context.AfterFunc(claiming, func() { l.mu.Lock(); l.freed.Broadcast(); l.mu.Unlock() })()
	batches := make(chan held) // claim the next batch while this one is worked on
	under.Go(func() { l.claim(claiming, looking, batches) })
	for b := range batches {
		for i, c := range b.claims {
			if !l.enter(claiming, b.until) {
				due, server := l.resumes()
				l.giveBack(looking, b.claims[i:], due, server)
				break
			}
			under.Go(func() {
				began := l.r.Clock()
				backed := l.look(looking, c, b.until)
				l.leave(l.r.Clock().Sub(began), backed)
			})
		}
	}
}

// claim fetches batches until the lane is empty, paused or stopped.
func (l *lane) claim(claiming, looking context.Context, out chan<- held) {
	defer close(out)
	for claiming.Err() == nil && !l.paused() {
		n := l.r.reserve(l.batch())
		if n == 0 {
			return
		}
		asked := l.r.Clock()
		claims, err := l.r.Queue.Claim(claiming, l.name, n, l.r.Lease)
		l.r.refund(n - len(claims))
		if err != nil && claiming.Err() == nil {
			l.r.Progress.fail(err)
		}
		if err != nil || len(claims) == 0 {
			return
		}
		l.r.Progress.claimed(len(claims))
		l.use(len(claims))
		// Half of the lease is for beginning: a claim that has not begun by
		// then is returned.
		out <- held{claims, asked.Add(l.r.Lease / 2)}
	}
}

// batch is the number of claims to take at once: the work of some hundred
// milliseconds.
func (l *lane) batch() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(2*l.window, maxBatch)
	if l.bounded {
		n = min(n, l.share)
	}
	return n
}

// use subtracts claims from the lane's share.
func (l *lane) use(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.share -= n
}

// paused reports whether the lane's servers are backed off.
func (l *lane) paused() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.backs >= firstWindow && l.backed.Until.After(l.r.Clock())
}

// resumes returns when claims that have not begun may be taken again, and the
// server that is backed off until then.
func (l *lane) resumes() (due time.Time, server string) {
	if !l.paused() {
		return l.r.Clock(), ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.backed.Until, l.backed.Server
}

// enter waits for room in the window and in the run. It returns false if the
// claim must not begin any more.
func (l *lane) enter(claiming context.Context, until time.Time) bool {
	l.mu.Lock()
	for l.running >= l.window && claiming.Err() == nil {
		l.freed.Wait()
	}
	l.running++
	l.mu.Unlock()
	select {
	case l.r.slots <- struct{}{}:
		if claiming.Err() == nil && l.r.Clock().Before(until) && !l.paused() {
			return true
		}
		<-l.r.slots
	case <-claiming.Done():
	}
	l.mu.Lock()
	l.running--
	l.mu.Unlock()
	return false
}

// leave frees the slot and adapts the window to the duration of the look-up.
func (l *lane) leave(took time.Duration, backed *BackedOff) {
	<-l.r.slots
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	switch {
	case backed != nil:
		l.backs++
		l.backed = *backed
		l.window, l.quick = max(1, l.window/2), 0
	case took > l.r.Lease/slowPart:
		l.backs = 0
		l.window, l.quick = max(1, l.window-1), 0
	case took < l.r.Lease/quickPart:
		l.backs = 0
		if l.quick++; l.quick >= l.window/2 {
			l.window, l.quick = min(2*l.window, l.most), 0
		}
	default:
		l.backs = 0
	}
	l.freed.Broadcast()
}

// unaskedFor is the delay of a task for which this run has no Lookup. It shares
// its lane with others and would be claimed again at once.
const unaskedFor = 10 * time.Minute

// look asks everything about a claim and passes the result on.
func (l *lane) look(looking context.Context, c Claim, until time.Time) *BackedOff {
	r := l.r
	if len(r.Lookups[c.Task]) == 0 {
		l.giveBack(looking, []Claim{c}, r.Clock().Add(unaskedFor), "")
		return nil
	}
	// The other half of the lease is for the answer and for storing it.
	ctx, cancel := context.WithDeadline(looking, until.Add(r.Lease/3))
	defer cancel()
	obs, err := askAll(ctx, r.Lookups[c.Task], c.Subject)
	if hungUp := ctx.Err(); hungUp != nil {
		obs = withoutCutOff(obs, r.Clock(), looking.Err() != nil)
		if len(obs) == 0 && err == nil {
			err = hungUp
		}
	}
	backed, _ := errors.AsType[*BackedOff](err)
	switch now := r.Clock(); {
	case len(obs) > 0 || err == nil:
		d := Done{Claim: c, Observations: obs, Due: dueAt(c, obs, now)}
		if backed != nil && backed.Until.Before(d.Due) { // the registrar's answer is still missing
			r.Progress.backedOff(backed)
			d.Due, d.PutOffBy = backed.Until, backed.Server
		}
		r.Progress.observed(obs, now)
		r.pending.Add(1)
		r.results <- d
		r.giveUpIfDead()
		return nil
	case backed != nil:
		r.Progress.backedOff(backed)
		l.giveBack(looking, []Claim{c}, backed.Until, backed.Server)
		return backed
	case ctx.Err() != nil: // stopped, or the lease ended while waiting for the server
		l.giveBack(looking, []Claim{c}, now, "")
	default: // the Lookup could not ask, for example because limits can't be read
		r.Progress.fail(err)
		l.giveBack(looking, []Claim{c}, now.Add(retryAfter(c, TimedOut)), "")
	}
	return nil
}

// withoutCutOff drops failures that our own end of the run caused.
func withoutCutOff(obs []Observation, now time.Time, all bool) []Observation {
	const moment = 100 * time.Millisecond
	return slices.DeleteFunc(obs, func(o Observation) bool {
		return !o.Outcome.Final() && (all || now.Sub(o.AskedAt.Add(o.Took)) < moment)
	})
}

// giveBack returns claims unasked.
func (l *lane) giveBack(ctx context.Context, claims []Claim, due time.Time, server string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	l.r.refund(len(claims))
	l.r.Progress.returned(len(claims))
	if err := l.r.Queue.Return(ctx, claims, due, server); err != nil {
		l.r.Progress.fail(err) // their leases will end
	}
}
