// Package resolve queries DNS about names and addresses: forward records of
// domains and hosts, reverse names with forward confirmation, and the origin AS
// of an address from the zones of Team Cymru or others in their format. Each
// has a Lookup.
//
//	Names, Reverse, Origin ──▶ Client.ask ──▶ gate ──▶ a kept UDP socket, or TCP ──▶ read ──▶ set ──▶ Records
//
// It asks only the resolvers that it was given, with recursion desired, and
// never a server that an answer names. An answer counts if it comes from the
// address that was asked, with the id and question that were sent. Its content
// is bounded, sorted, and never assumed to be true.
package resolve

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"spoor/enrich"
	"spoor/enrich/guard"
)

// Options select the resolvers and their use.
type Options struct {
	// Servers are the resolvers, "host:port". System returns those of the
	// machine.
	Servers []string
	// Dialer provides Resolve and Dial. The Client connects to Servers alone.
	Dialer *guard.Dialer
	// Gate is passed before each question; nil for none.
	Gate enrich.Gate
	// Timeout is the time that the first try waits for an answer; 2 s if 0.
	// Each further try waits half as long again.
	Timeout time.Duration
	// Tries is the maximum number of questions for one answer, over all
	// servers; 3 if 0.
	Tries int
	// ASNZone is the parent zone of origin, origin6 and AS names; "" for
	// asn.cymru.com.
	ASNZone string
	// Now is the clock; nil for time.Now.
	Now func() time.Time
}

// Client asks resolvers. It keeps sockets, and it caches the answers that many
// subjects need: addresses of name servers and names of ASes.
//
// It is safe for concurrent use.
type Client struct {
	Options
	upstreams []*upstream
	turn      atomic.Uint32
	cache     cache
}

// New returns a Client.
func New(o Options) (*Client, error) {
	if len(o.Servers) == 0 {
		return nil, errors.New("no resolver is configured")
	}
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Second
	}
	if o.Tries <= 0 {
		o.Tries = 3
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.ASNZone = strings.TrimPrefix(strings.Trim(strings.ToLower(o.ASNZone), "."), "origin.")
	if o.ASNZone == "" {
		o.ASNZone = "asn.cymru.com"
	}
	c := &Client{Options: o, cache: newCache()}
	for _, server := range o.Servers {
		if _, err := netip.ParseAddrPort(server); err != nil {
			return nil, fmt.Errorf("resolver %q is not ADDRESS:PORT: %w", server, err)
		}
		c.upstreams = append(c.upstreams, newUpstream(server, o))
	}
	return c, nil
}

// System returns the machine's resolvers from a file in the format of
// /etc/resolv.conf.
//
// Entries that are no addresses are skipped. Search domains are ignored: names
// from mail are always complete.
func System(file string) ([]string, error) {
	conf, err := dns.ClientConfigFromFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the resolvers in %s: %w", file, err)
	}
	var servers []string
	for _, s := range conf.Servers {
		a, err := netip.ParseAddr(s)
		if err != nil {
			continue
		}
		if server := netip.AddrPortFrom(a, 53).String(); !slices.Contains(servers, server) {
			servers = append(servers, server)
		}
	}
	if len(servers) == 0 {
		return nil, fmt.Errorf("%s names no resolver", file)
	}
	return servers, nil
}

// Close closes the kept sockets.
func (c *Client) Close() {
	for _, u := range c.upstreams {
		u.close()
	}
}

// Resolve returns the addresses of a host, IPv4 first. guard.Dialer uses it, so
// that servers of registries are found by the configured resolvers only.
func (c *Client) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	name, err := fqdn(host)
	if err != nil {
		return nil, fmt.Errorf("resolve %q: %w", host, err)
	}
	sets := c.askAll(ctx, []question{{name, dns.TypeA}, {name, dns.TypeAAAA}}, true)
	addrs := slices.Concat(sets[0].addrs, sets[1].addrs)
	if len(addrs) > 0 {
		return addrs, nil
	}
	for _, s := range sets {
		if s.backedOff != nil {
			return nil, s.backedOff
		}
		if !s.final() {
			return nil, fmt.Errorf("resolve %q: %s: %s", host, s.outcome, s.detail)
		}
	}
	return nil, fmt.Errorf("resolve %q: it has no address", host)
}

// Lifetimes of answers, which replace their TTL. Zones of spammers have TTLs of
// seconds, and asking again so soon shows nothing that the queue's re-checks
// would not.
const (
	namesFor   = 24 * time.Hour
	reverseFor = 7 * 24 * time.Hour
	leastFresh = time.Hour
)

// fresh returns until when an answer with a TTL is fresh.
func fresh(asked time.Time, ttl uint32, most time.Duration) time.Time {
	return asked.Add(min(max(time.Duration(ttl)*time.Second, leastFresh), most))
}

// observe makes the Observation of a look-up from the answers to its questions.
// The first one, main, determines the outcome.
//
// Raw holds the answers one after another, each with its length, as far as
// maxRaw allows.
func (c *Client) observe(s enrich.Subject, source enrich.Source, asked time.Time, main set, sets []set) enrich.Observation {
	o := enrich.Observation{
		Subject: s, Source: source, Server: main.server, AskedAt: asked, Took: c.Now().Sub(asked),
		Outcome: main.outcome, Detail: main.detail,
	}
	o.Raw = append(o.Raw, main.raw...)
	for i := range sets {
		if len(o.Raw)+len(sets[i].raw) <= maxRaw {
			o.Raw = append(o.Raw, sets[i].raw...)
		}
	}
	if o.Outcome == enrich.Answered {
		o.Detail = ""
	}
	return o
}

// maxRaw limits the raw answers kept of one look-up, in bytes.
const maxRaw = 128 << 10

// guarded is the Observation of a question that is never asked.
func (c *Client) guarded(s enrich.Subject, source enrich.Source, reason string) []enrich.Observation {
	now := c.Now()
	return []enrich.Observation{{Subject: s, Source: source, AskedAt: now, Outcome: enrich.Guarded, Detail: reason, Expires: now.Add(reverseFor)}}
}
