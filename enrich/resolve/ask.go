package resolve

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/miekg/dns"

	"spoor/enrich"
)

// together is the number of concurrent questions of one look-up.
// A domain has six types and up to thirteen name servers. More at once would
// only wait at the gate.
const together = 8

// askAll asks questions concurrently and returns their sets in order. If cached
// is true, known answers are reused.
func (c *Client) askAll(ctx context.Context, questions []question, cached bool) []set {
	sets := make([]set, len(questions))
	var wg sync.WaitGroup
	slots := make(chan struct{}, together)
	for i, q := range questions {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if cached {
				sets[i] = c.askCached(ctx, q)
			} else {
				sets[i] = c.ask(ctx, q)
			}
		})
	}
	wg.Wait()
	return sets
}

// ask asks the resolvers in turn until the question is settled or the tries are
// used up.
//
// Tries go round over the resolvers, beginning with another one for each
// question. Each waits half as long again: a resolver that is slow for one zone
// may be busy with its dead name servers.
func (c *Client) ask(ctx context.Context, q question) set {
	var last set
	hopeless := make([]bool, len(c.upstreams)) // refused, and would do so again
	turn := int(c.turn.Add(1)-1) % len(c.upstreams)
	timeout := c.Timeout
	for try := 0; try < c.Tries && ctx.Err() == nil; try++ {
		i := c.choose(turn+try, hopeless)
		if i < 0 {
			break
		}
		s := c.askOne(ctx, c.upstreams[i], q, timeout)
		if s.final() {
			return s
		}
		if s.backedOff != nil {
			try-- // not a try
		}
		hopeless[i] = s.outcome != enrich.TimedOut && s.outcome != enrich.Malformed
		if last.outcome == "" || s.backedOff == nil {
			last = s
		}
		timeout += timeout / 2
	}
	if ctx.Err() != nil && last.backedOff == nil {
		last.outcome, last.detail = enrich.TimedOut, "stopped before the answer came"
	}
	return last
}

// choose returns the first resolver from index from on that may still answer,
// or -1.
func (c *Client) choose(from int, hopeless []bool) int {
	for i := range hopeless {
		if at := (from + i) % len(hopeless); !hopeless[at] {
			return at
		}
	}
	return -1
}

// askOne asks one resolver over UDP. It asks again over TCP if the answer was
// truncated or stray datagrams came, and again without EDNS if an old server
// rejects it (RFC 6891 section 7).
func (c *Client) askOne(ctx context.Context, u *upstream, q question, timeout time.Duration) set {
	m, raw, err := c.exchange(ctx, u, u.overUDP, q, timeout, true)
	if err == nil && m.Truncated || errors.Is(err, errStray) {
		select {
		case u.large <- struct{}{}:
			defer func() { <-u.large }()
		case <-ctx.Done():
			return set{outcome: enrich.TimedOut, server: u.address}
		}
		m, raw, err = c.exchange(ctx, u, u.overTCP, q, timeout, true)
	}
	if err == nil && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented || m.Rcode == dns.RcodeBadVers) {
		m, raw, err = c.exchange(ctx, u, u.overUDP, q, timeout, false)
	}
	var shut *notLetIn
	if errors.As(err, &shut) {
		return notAsked(shut.error, u.address)
	}
	return settled(m, raw, err, q, u.address)
}

// notLetIn is the gate's reason for not letting a question through.
type notLetIn struct{ error }

// exchange passes the gate, sends a question once and reports the server's
// behaviour. Each datagram and each connection is a question, because servers
// count them so.
//
// Silence is ambiguous: the resolver or the zone may be dead. Only the former
// counts against the resolver, and alive tells them apart.
func (c *Client) exchange(ctx context.Context, u *upstream, over transport, q question, timeout time.Duration, edns bool) (*dns.Msg, []byte, error) {
	release := func(enrich.Outcome) {}
	if c.Gate != nil {
		var err error
		if release, err = c.Gate.Wait(ctx, u.address, q.name); err != nil {
			return nil, nil, &notLetIn{err}
		}
	}
	asked := time.Now()
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	m, raw, err := ask(within, over, q, edns)
	outcome := behaviour(m, err)
	if c.Gate != nil && outcome == enrich.TimedOut && u.alive(ctx, asked, timeout) {
		outcome = enrich.None // its silence concerns this name
	}
	if err == nil {
		u.heard(time.Now())
	}
	release(outcome)
	return m, raw, err
}

// behaviour returns the outcome of an exchange for the resolver itself, for the
// Gate. A failure to resolve a name is not its fault: zones of spammers are
// often broken.
func behaviour(m *dns.Msg, err error) enrich.Outcome {
	switch {
	case err != nil:
		outcome, _ := outcomeOf(err)
		return outcome
	case m.Rcode == dns.RcodeRefused:
		return enrich.Refused
	}
	return enrich.Answered
}

// settled returns the set of an exchange. Questions run in goroutines of their
// own, where a panic about an answer would end the process.
func settled(m *dns.Msg, raw []byte, err error, q question, server string) (s set) {
	defer func() {
		if r := recover(); r != nil {
			s = set{outcome: enrich.Malformed, detail: clean(fmt.Sprintf("reading the answer failed: %v", r), maxDetail)}
		}
		s.server = server
	}()
	if err != nil {
		s.outcome, s.detail = outcomeOf(err)
		return s
	}
	s = read(m, q)
	s.raw = raw
	return s
}

// notAsked is the set of a question that the gate rejected.
func notAsked(err error, server string) set {
	s := set{outcome: enrich.TimedOut, detail: "stopped before it was asked", server: server}
	if errors.As(err, &s.backedOff) {
		s.outcome, s.detail = enrich.Throttled, clean(err.Error(), maxDetail)
	}
	return s
}

// maxCached limits the questions whose answers are remembered.
const maxCached = 10_000

// cache remembers answers that many look-ups need. Concurrent look-ups share
// one question.
type cache struct {
	mu      sync.Mutex
	entries map[question]*entry
}

// entry is one remembered answer, or one that is on its way.
//
// expires is zero while the question is under way. An empty set then tells
// those who wait that the asker was stopped.
type entry struct {
	done    chan struct{} // closed when set is valid
	set     set
	expires time.Time
}

// newCache returns an empty cache.
func newCache() cache { return cache{entries: map[question]*entry{}} }

// askCached is ask for questions that recur.
func (c *Client) askCached(ctx context.Context, q question) set {
	for {
		e, mine := c.cache.claim(q, c.Now())
		if mine {
			return c.fill(ctx, q, e)
		}
		select {
		case <-e.done:
			if e.set.outcome != "" {
				return e.set
			}
			// The goroutine that asked was stopped, so this one asks.
		case <-ctx.Done():
			return set{outcome: enrich.TimedOut, detail: "stopped before it was asked"}
		}
	}
}

// claim returns the entry of q, known or in progress, or a new one that the
// caller must fill.
func (k *cache) claim(q question, now time.Time) (e *entry, mine bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.entries[q]; e != nil && (e.expires.IsZero() || now.Before(e.expires)) {
		return e, false
	}
	k.makeRoom(now)
	e = &entry{done: make(chan struct{})}
	k.entries[q] = e
	return e, true
}

// makeRoom drops expired entries when the cache is full, and otherwise some of
// the others.
//
// Entries under way are never dropped, since others wait for them.
func (k *cache) makeRoom(now time.Time) {
	if len(k.entries) < maxCached {
		return
	}
	dropped := 0
	for q, e := range k.entries {
		if !e.expires.IsZero() && (now.After(e.expires) || dropped < maxCached/10) {
			delete(k.entries, q)
			dropped++
		}
	}
}

// fill asks for an entry and wakes those who wait for it. They do not get the
// raw answer, which belongs to the look-up that asked.
func (c *Client) fill(ctx context.Context, q question, e *entry) set {
	s := c.ask(ctx, q)
	c.cache.mu.Lock()
	defer c.cache.mu.Unlock()
	defer close(e.done)
	e.set = s
	e.set.raw = nil
	if ctx.Err() != nil || s.backedOff != nil {
		delete(c.cache.entries, q) // nothing was learnt
		if ctx.Err() != nil {
			e.set = set{}
		}
		return s
	}
	e.expires = c.Now().Add(s.holds())
	return s
}
