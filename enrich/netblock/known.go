package netblock

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/gaissmai/bart"

	"spoor/enrich"
)

// Known provides answers of earlier runs and of other processes.
type Known interface {
	// NetblockOf returns the most specific block that contains addr and is
	// fresh at now.
	NetblockOf(ctx context.Context, addr netip.Addr, now time.Time) (enrich.Netblock, bool)
}

// maxLearnt limits the memory of one process. When it is full, the memory
// starts anew; the cost is a repeated question.
const maxLearnt = 200_000

// memory holds the answers of this process, and the questions in progress.
//
// bart tables find the longest prefix of an address in some steps, whatever
// their size.
type memory struct {
	mu      sync.Mutex
	blocks  bart.Table[time.Time] // end of each block's freshness
	origins bart.Table[time.Time]
	flights map[netip.Prefix]chan struct{}
	// split holds the wide neighbourhoods that one answer did not cover. In
	// these, only the close neighbours of an address wait for its answer.
	split map[netip.Prefix]bool
}

// fresh reports whether a table contains addr at now.
func (m *memory) fresh(t *bart.Table[time.Time], addr netip.Addr, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	until, ok := t.Lookup(addr)
	return ok && now.Before(until)
}

// learn stores prefixes that need no question until a time.
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

// enter waits while another look-up asks about a neighbour whose answer may
// cover addr. ok is false if addr is fresh afterwards. Otherwise the caller
// asks and must then call leave.
//
// Without it, a hundred addresses of one block that become due together would
// ask a hundred times.
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

// start marks key as being asked about. The caller holds mu.
func (m *memory) start(key netip.Prefix) chan struct{} {
	if m.flights == nil {
		m.flights = make(map[netip.Prefix]chan struct{})
		m.split = make(map[netip.Prefix]bool)
	}
	done := make(chan struct{})
	m.flights[key] = done
	return done
}

// leave wakes the waiting look-ups. If the answer did not cover a whole wide
// neighbourhood, the addresses outside of it stop waiting for each other.
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
