package replay

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"spoor/enrich"
)

// Lookup gives the observations of a replay the time of their recording. While
// recording it returns l unchanged.
func (t *Tape) Lookup(l enrich.Lookup) enrich.Lookup {
	if t.recording {
		return l
	}
	return &stamped{l, t}
}

// stamped is a Lookup with the times of a recording.
type stamped struct {
	enrich.Lookup
	tape *Tape
}

// Look sets AskedAt to the time at which the answers were recorded.
//
// Answers of DNS are found by name, since resolvers' sockets are shared; others
// by the server of the observation. Without a recorded time the present one
// stays.
func (s *stamped) Look(ctx context.Context, subject enrich.Subject) ([]enrich.Observation, error) {
	used := &clock{}
	obs, err := s.Lookup.Look(context.WithValue(ctx, clockKey{}, used), subject)
	for i := range obs {
		o := &obs[i]
		switch o.Source {
		case enrich.DNS, enrich.PTR, enrich.Origin:
			if at, ok := s.tape.timeOf(subject); ok {
				o.AskedAt = at
			}
		default:
			if at, ok := used.at(o.Server); ok {
				o.AskedAt = at
			}
		}
	}
	return obs, err
}

// clock collects the recording times of the answers of one look-up.
type clock struct {
	mu    sync.Mutex
	times map[string]time.Time // by server
}

// clockKey is the key of a clock in a context: between a look-up and the
// connections that it opens lies code that knows nothing of recordings.
type clockKey struct{}

// noteTime reports the recording time of an answer to the look-up of ctx.
func noteTime(ctx context.Context, server string, at time.Time) {
	c, ok := ctx.Value(clockKey{}).(*clock)
	if !ok || at.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times == nil {
		c.times = map[string]time.Time{}
	}
	c.times[server] = at
}

// at returns the time of an answer from a server, given as host:port or URL.
func (c *clock) at(server string) (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.times[server]
	return at, ok
}

// maxTimes limits the names whose time is remembered.
const maxTimes = 1_000_000

// noteName remembers when a DNS answer was recorded. It goes by name, because
// sockets to resolvers are shared by look-ups.
func (t *Tape) noteName(name string, at time.Time) {
	if at.IsZero() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.times) > maxTimes {
		clear(t.times)
	}
	t.times[subjectOf(name)] = at
}

// timeOf returns the time of the recording about a subject, so that a replayed
// observation does not seem new.
func (t *Tape) timeOf(s enrich.Subject) (time.Time, bool) {
	name := s.Name
	if a, err := netip.ParseAddr(s.Name); err == nil {
		if reverse, err := dns.ReverseAddr(a.String()); err == nil {
			name = subjectOf(reverse)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	at, ok := t.times[name]
	return at, ok
}

// subjectOf returns the part of a DNS name that identifies the subject. For a
// name made of an address these are its reversed digits, in any zone.
func subjectOf(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	labels := strings.Split(name, ".")
	n := 0
	for n < len(labels) && len(labels[n]) <= 3 && strings.Trim(labels[n], "0123456789abcdef") == "" {
		n++
	}
	// Octets of IPv4 or nibbles of IPv6.
	if n == 4 || n == 32 {
		return strings.Join(labels[:n], ".")
	}
	return name
}
