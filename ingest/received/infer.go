package received

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// What a server must show to be held for a relay of ours that is not of the same domain.
const (
	relayMessages  = 5   // messages it handed on
	relayPercent   = 2   // of the sample
	relayDays      = 3   // days on which it did, in a folder that has as many
	relayAddrs     = 4   // addresses it did it from, unless
	gatewayPercent = 30  // so much of the sample came by it: then it may be a pool
	relayRounds    = 6   // relays behind relays
	maxSeen        = 256 // distinct values counted of anything
)

// relay is what is known of one host that hands mail to us and writes the hop below.
type relay struct {
	name     string
	to       string // domain of our servers to which it hands on
	messages int
	lists    int // of a mailing list that the relay itself spread
	logins   int
	inside   int // clients of its own domain
	vouched  int // its name was looked up by our server
	total    int // messages at our servers to which it handed on
	addrs    map[netip.Addr]int
	clients  map[netip.Addr]bool
	nets     map[netip.Prefix]bool
	days     map[int64]bool
}

// inference is Infer at work.
type inference struct {
	chains []*chain
	total  int
	own    Own
	why    map[string]string // reasons of learned relays, by name
	days   map[int64]bool
}

// Infer returns the servers held to be ours and the grounds, most hops first.
//
// The top hop of a message was written by whoever stored it. From there the walk of
// Own.Boundary goes down as far as structure alone carries it. Where it stops, a
// stranger connected, or a relay of ours that has another name: a secondary mail
// exchanger, a filtering service, the provider from which mail is forwarded. Such a
// relay shows in the folder as a whole: many messages come by it, on many days, from a
// fixed address, and its own clients come from all over the network; a mailing list's
// server does too, but its messages bear List fields. What was learned moves the
// boundary down, and the next round looks there.
func (s *Survey) Infer() (Own, []Guess) {
	in := inference{chains: slices.Clone(s.chains), why: map[string]string{}, days: map[int64]bool{}}
	in.own.Inferred = true
	slices.SortFunc(in.chains, func(a, b *chain) int { return cmp.Compare(a.hash, b.hash) })
	for _, c := range in.chains {
		in.total += c.count
		if t := c.hops[0].Time; !t.IsZero() && len(in.days) < maxSeen {
			in.days[t.Unix()/86400] = true
		}
	}
	for range relayRounds {
		if !in.learn() {
			break
		}
	}
	return in.result()
}

// learn walks all chains with what is known and adds the relays that show themselves.
func (in *inference) learn() bool {
	found := map[string]*relay{}
	direct := map[netip.Addr]bool{} // clients that came to our servers themselves
	totals := map[string]int{}      // messages by the server that holds the boundary
	for _, c := range in.chains {
		b := in.own.Boundary(c.hops)
		if b < 0 {
			continue
		}
		totals[house(c.hops[b].By)] += c.count
		direct[c.hops[b].Addr] = true
		if b+1 < len(c.hops) && isCandidate(&c.hops[b], &c.hops[b+1]) {
			relayNamed(found, c.hops[b+1].By).count(c, b)
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	learned := false
	for _, name := range names {
		r := found[name]
		r.total = totals[r.to]
		if r.isOurs(direct, len(in.days)) {
			in.adopt(r)
			learned = true
		}
	}
	return learned
}

// house is the domain by which servers are taken together.
func house(by string) string {
	if d := registered(by); d != "" {
		return d
	}
	return strings.ToLower(by)
}

// isCandidate tells whether the stranger at the boundary may be a relay: the hop below
// was written by it.
func isCandidate(h, next *Hop) bool {
	if !isPublic(h.Addr) || h.Authenticated || next.By == "" {
		return false
	}
	return continues(h, next, h.Reverse) || sameDomain(h.From, next.By)
}

func relayNamed(found map[string]*relay, by string) *relay {
	name := strings.ToLower(by)
	r := found[name]
	if r == nil {
		r = &relay{name: name, addrs: map[netip.Addr]int{}, clients: map[netip.Addr]bool{},
			nets: map[netip.Prefix]bool{}, days: map[int64]bool{}}
		found[name] = r
	}
	return r
}

// count adds one message, with its boundary at hop b, to what is known of r.
func (r *relay) count(c *chain, b int) {
	h, next := &c.hops[b], &c.hops[b+1]
	r.messages += c.count
	if to := house(h.By); r.to == "" || to < r.to {
		r.to = to
	}
	// A relay of ours names the recipient whom we name as well; a list's server names
	// the list.
	if c.list && !(h.For != "" && strings.EqualFold(h.For, next.For)) {
		r.lists += c.count
	}
	if h.Reverse != "" && sameDomain(h.Reverse, next.By) {
		r.vouched += c.count
	}
	if len(r.addrs) < maxSeen {
		r.addrs[h.Addr] += c.count
	}
	if !h.Time.IsZero() && len(r.days) < maxSeen {
		r.days[h.Time.Unix()/86400] = true
	}
	switch {
	case next.Authenticated:
		r.logins += c.count
	case isPublic(next.Addr):
		if len(r.nets) < maxSeen {
			r.nets[net16(next.Addr)] = true
		}
		if len(r.clients) < maxSeen {
			r.clients[next.Addr] = true
		}
		if sameDomain(next.Reverse, next.By) {
			r.inside += c.count
		}
	}
}

// isOurs weighs the evidence. direct holds the clients that came to us themselves: the
// servers that send by way of a secondary exchanger come directly at other times, and
// no forger can bring that about, nor do the customers of somebody's smarthost.
func (r *relay) isOurs(direct map[netip.Addr]bool, days int) bool {
	both := 0
	for a := range r.clients {
		if direct[a] {
			both++
		}
	}
	shared := both >= 3 && both*2 >= len(r.clients)
	diverse := len(r.nets)*4 >= min(r.messages, 64)
	switch {
	case len(r.nets) < 3 || !diverse && !shared:
		return false
	case r.lists*2 > r.messages, r.logins*10 > r.messages, r.inside*3 > r.messages:
		return false
	case r.messages < relayMessages || len(r.days) < min(relayDays, days):
		return false
	}
	part := r.messages * 100
	if len(r.addrs) <= relayAddrs && (shared || r.vouched*2 > r.messages) {
		return part >= relayPercent*r.total
	}
	return part >= gatewayPercent*r.total
}

// adopt makes a relay ours.
func (in *inference) adopt(r *relay) {
	in.own.Names = append(in.own.Names, r.name)
	addrs := make([]netip.Addr, 0, len(r.addrs))
	for a := range r.addrs {
		addrs = append(addrs, a)
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	for _, a := range addrs {
		in.own.Addrs = append(in.own.Addrs, netip.PrefixFrom(a, a.BitLen()))
	}
	in.why[r.name] = fmt.Sprintf("handed us %d of %d messages on %d days from %s, which it had taken from clients in %d networks",
		r.messages, r.total, len(r.days), plural(len(r.addrs), "address", "addresses"), len(r.nets))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Guess is one line of the printed inference: a server held to be ours, and why.
type Guess struct {
	Name   string // pattern for Own.Names, or address
	Hops   int    // sampled hops it wrote
	Reason string // in words
}
