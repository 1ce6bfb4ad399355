package enrich

import (
	"maps"
	"sync"
	"time"
)

// Counts are the questions to one Source by outcome.
type Counts struct {
	Asked     int64
	ByOutcome map[Outcome]int64 // its sum is Asked
	Took      time.Duration     // sum of all durations
}

// Summary counts the work of a run. After a regular end Claimed = Stored +
// Returned.
type Summary struct {
	Claimed  int64   // tasks taken from the queue
	Stored   int64   // tasks looked up and stored
	Returned int64   // tasks returned unasked
	Cached   int64   // part of Stored: known from another answer, so nothing was asked
	Due      int     // tasks due at the last count
	Backlog  Backlog // tasks not yet due at the last count
	Sources  map[Source]Counts
	Backed   map[string]BackedOff // backed-off servers by name
	Began    time.Time
	Problems []error // errors of the queue that did not end the run; at most ten
}

// Asked returns the number of questions to all sources.
func (s *Summary) Asked() (n int64) {
	for _, c := range s.Sources {
		n += c.Asked
	}
	return n
}

// Left returns the number of unfinished tasks: due, held by other processes, or
// waiting for servers that are backed off.
func (s *Summary) Left() int { return s.Due + s.Backlog.Leased + s.Backlog.tasks() }

// Outcome returns the number of questions with the outcome.
func (s *Summary) Outcome(o Outcome) (n int64) {
	for _, c := range s.Sources {
		n += c.ByOutcome[o]
	}
	return n
}

// Progress reports the work of a Run so far. It is safe for concurrent use.
type Progress struct {
	mu       sync.Mutex
	s        Summary
	answered time.Time // time of the last answer, or of the start
	failures int       // network failures since then
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

// begin starts the counts of a run.
func (p *Progress) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.s.Began, p.answered = now, now
	p.s.Sources, p.s.Backed = map[Source]Counts{}, map[string]BackedOff{}
}

// setDue sets the number of due tasks, summed over the lanes.
func (p *Progress) setDue(lanes map[string]int) {
	n := 0
	for _, v := range lanes {
		n += v
	}
	p.mu.Lock()
	p.s.Due = n
	p.mu.Unlock()
}

// setBacklog sets the work that is not due yet.
func (p *Progress) setBacklog(b Backlog) { p.mu.Lock(); p.s.Backlog = b; p.mu.Unlock() }

// claimed counts claims of this process.
func (p *Progress) claimed(n int) { p.mu.Lock(); p.s.Claimed += int64(n); p.mu.Unlock() }

// returned counts claims given back unasked.
func (p *Progress) returned(n int) { p.mu.Lock(); p.s.Returned += int64(n); p.mu.Unlock() }

// stored counts stored results.
func (p *Progress) stored(n int) { p.mu.Lock(); p.s.Stored += int64(n); p.mu.Unlock() }

// fail keeps a problem for the summary: the first ten, because one broken
// server causes thousands.
func (p *Progress) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.s.Problems) < 10 {
		p.s.Problems = append(p.s.Problems, err)
	}
}

// backedOff keeps the last back-off of each server. The names come from
// answers, so their number is limited.
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

// giveUpIfDead ends the run if the network seems to be down.
func (r *runner) giveUpIfDead() {
	if r.GiveUp > 0 && !r.Watch && r.Progress.dead(r.Clock(), r.GiveUp) {
		r.cancel(ErrNoNetwork)
	}
}
