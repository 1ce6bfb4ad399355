package enrich

import (
	"maps"
	"sync"
	"time"
)

// Counts are the questions put to one Source, by outcome.
type Counts struct {
	Asked     int64
	ByOutcome map[Outcome]int64 // adds up to Asked
	Took      time.Duration     // of all together
}

// Summary is what a run did. Claimed = Stored + Returned once it has ended well.
type Summary struct {
	Claimed  int64   // tasks taken from the queue
	Stored   int64   // tasks that were looked up and stored
	Returned int64   // tasks given back unasked
	Cached   int64   // of Stored: known from another answer, so nothing was asked
	Due      int     // tasks that were due when last counted
	Backlog  Backlog // what was not due when last counted
	Sources  map[Source]Counts
	Backed   map[string]BackedOff // servers left alone, by name
	Began    time.Time
	Problems []error // of the queue, that did not end the run; at most ten
}

// Asked counts the questions of all sources.
func (s *Summary) Asked() (n int64) {
	for _, c := range s.Sources {
		n += c.Asked
	}
	return n
}

// Left counts the work of this run that is not done: due, under way elsewhere, or waiting
// for servers that are left alone.
func (s *Summary) Left() int { return s.Due + s.Backlog.Leased + s.Backlog.tasks() }

// Outcome counts the questions of all sources that ended so.
func (s *Summary) Outcome(o Outcome) (n int64) {
	for _, c := range s.Sources {
		n += c.ByOutcome[o]
	}
	return n
}

// Progress tells what a Run has done so far. Any goroutine may ask.
type Progress struct {
	mu       sync.Mutex
	s        Summary
	answered time.Time // the last answer of any kind, or the beginning
	failures int       // network failures since
}

// Summary returns a copy of the counts.
func (p *Progress) Summary() Summary {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.s
	s.Sources = map[Source]Counts{}
	for k, c := range p.s.Sources {
		c.ByOutcome = maps.Clone(c.ByOutcome)
		s.Sources[k] = c
	}
	s.Backed = maps.Clone(p.s.Backed)
	s.Problems = append([]error(nil), p.s.Problems...)
	return s
}

func (p *Progress) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.s.Began, p.answered = now, now
	p.s.Sources, p.s.Backed = map[Source]Counts{}, map[string]BackedOff{}
}

func (p *Progress) setDue(lanes map[string]int) {
	n := 0
	for _, v := range lanes {
		n += v
	}
	p.mu.Lock()
	p.s.Due = n
	p.mu.Unlock()
}

func (p *Progress) setBacklog(b Backlog) { p.mu.Lock(); p.s.Backlog = b; p.mu.Unlock() }

func (p *Progress) claimed(n int) { p.mu.Lock(); p.s.Claimed += int64(n); p.mu.Unlock() }

func (p *Progress) returned(n int) { p.mu.Lock(); p.s.Returned += int64(n); p.mu.Unlock() }

func (p *Progress) stored(n int) { p.mu.Lock(); p.s.Stored += int64(n); p.mu.Unlock() }

func (p *Progress) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.s.Problems) < 10 {
		p.s.Problems = append(p.s.Problems, err)
	}
}

func (p *Progress) backedOff(b *BackedOff) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.s.Backed) < 1000 {
		p.s.Backed[b.Server] = *b
	}
}

// observed counts the outcome of one claim.
func (p *Progress) observed(obs []Observation, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(obs) == 0 {
		p.s.Cached++
	}
	for i := range obs {
		o := &obs[i]
		c := p.s.Sources[o.Source]
		if c.ByOutcome == nil {
			c.ByOutcome = map[Outcome]int64{}
		}
		c.Asked++
		c.ByOutcome[o.Outcome]++
		c.Took += o.Took
		p.s.Sources[o.Source] = c
		switch o.Outcome {
		case Failed, TimedOut:
			p.failures++
		case Guarded:
		default:
			p.answered, p.failures = now, 0
		}
	}
}

// dead reports whether nothing answered for d although enough was asked.
func (p *Progress) dead(now time.Time, d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failures >= 3 && now.Sub(p.answered) >= d
}

// giveUpIfDead ends the run where the network is not there.
func (r *runner) giveUpIfDead() {
	if r.GiveUp > 0 && !r.Watch && r.Progress.dead(r.Clock(), r.GiveUp) {
		r.cancel(ErrNoNetwork)
	}
}
