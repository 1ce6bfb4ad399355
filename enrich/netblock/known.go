package netblock

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/gaissmai/bart"

	"spoor/enrich"
)

// Known tells what earlier runs, and other processes, learnt.
type Known interface {
	// NetblockOf returns the most specific block with addr whose answer is fresh at now.
	NetblockOf(ctx context.Context, addr netip.Addr, now time.Time) (enrich.Netblock, bool)
}

// maxLearnt bounds what one process remembers; past that it starts anew, and asks again
// at worst.
const maxLearnt = 200_000

// memory is what this process learnt, and what it is asking now.
type memory struct {
	mu      sync.Mutex
	blocks  bart.Table[time.Time] // until when a block needs no asking
	origins bart.Table[time.Time]
	flights map[netip.Prefix]chan struct{}
	// split holds the wide neighbourhoods in which one answer did not serve all: there only
	// the close neighbours of an address wait for it.
	split map[netip.Prefix]bool
}

// fresh reports whether a table holds addr at now.
func (m *memory) fresh(t *bart.Table[time.Time], addr netip.Addr, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	until, ok := t.Lookup(addr)
	return ok && now.Before(until)
}

// learn enters prefixes that need no asking until a time.
func (m *memory) learn(t *bart.Table[time.Time], prefixes []netip.Prefix, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t.Size()+len(prefixes) > maxLearnt {
		*t = bart.Table[time.Time]{}
	}
	for _, p := range prefixes {
		t.Insert(p, until)
	}
}

// enter waits until nobody asks about a neighbour whose answer may serve addr too. It
// returns ok false where addr is fresh by then; otherwise leave must be called when addr
// was asked about.
func (m *memory) enter(ctx context.Context, addr netip.Addr, now func() time.Time) (leave func(), ok bool, err error) {
	close, wide := enrich.Neighbourhood(addr)
	for {
		if m.fresh(&m.blocks, addr, now()) {
			return nil, false, nil
		}
		m.mu.Lock()
		key := wide
		if m.split[wide] {
			key = close
		}
		wait, busy := m.flights[key]
		if !busy {
			done := m.start(key)
			m.mu.Unlock()
			return func() { m.leave(key, wide, done, now()) }, true, nil
		}
		m.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// start marks key as asked about. The caller holds mu.
func (m *memory) start(key netip.Prefix) chan struct{} {
	if m.flights == nil {
		m.flights = make(map[netip.Prefix]chan struct{})
		m.split = make(map[netip.Prefix]bool)
	}
	done := make(chan struct{})
	m.flights[key] = done
	return done
}

// leave lets the waiting go on. If the answer did not cover all of a wide neighbourhood,
// those outside of it need not wait for one another any more.
func (m *memory) leave(key, wide netip.Prefix, done chan struct{}, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.flights, key)
	if len(m.split) > maxLearnt {
		clear(m.split)
	}
	if until, ok := m.blocks.LookupPrefix(wide); key == wide && (!ok || !now.Before(until)) {
		m.split[wide] = true
	}
	close(done)
}
