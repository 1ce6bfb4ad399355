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
	relayNets      = 5   // networks its clients came from, and domains
	relayAddrs     = 4   // addresses it did it from, unless
	gatewayPercent = 30  // so much of the sample came by it: then it may be a pool
	mainPercent    = 70  // so much, and it is the way in, though few write to us
	strangePercent = 50  // the same of a service that receives and hands on under two domains
	relayRounds    = 6   // relays behind relays
	maxSeen        = 256 // distinct values counted of anything
)

// relay counts the mail of one host that hands mail to us and writes the hop below.
type relay struct {
	name     string // host name, or pattern of a pool
	kind     relayKind
	to       string // domain of our servers to which it hands on
	messages int
	lists    int // of a mailing list that the relay itself spread
	logins   int
	inside   int // clients of its own domain
	vouched  int // its name was looked up by our server
	total    int // messages at our servers to which it handed on
	addrs    map[netip.Addr]int
	nets     map[netip.Prefix]bool
	houses   map[string]bool // domains its clients call themselves by
	days     map[int64]bool
}

// relayKind tells how the hosts of a relay are grouped.
type relayKind byte

const (
	oneHost relayKind = iota
	pool              // hosts of one domain: a filtering service answers from dozens
	strange           // hosts that receive bear another domain than those that hand on
)

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

// learn walks all chains with the present knowledge and adds the relays that show themselves;
// single hosts first, and only where no more of them appear, pools.
func (in *inference) learn() bool {
	found := map[string]*relay{}
	direct := map[netip.Prefix]bool{} // networks whose clients came to our servers themselves
	totals := map[string]int{}        // messages by the server that holds the boundary
	for _, c := range in.chains {
		b := in.own.Boundary(c.hops)
		if b < 0 {
			continue
		}
		totals[house(c.hops[b].By)] += c.count
		if a := c.hops[b].Addr; isPublic(a) {
			direct[net16(a)] = true
		}
		if b+1 < len(c.hops) {
			in.candidates(found, c, b)
		}
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	for kind := oneHost; kind <= strange; kind++ {
		learned := false
		for _, name := range names {
			r := found[name]
			r.total = totals[r.to]
			if r.kind == kind && r.isOurs(direct, len(in.days)) {
				in.adopt(r)
				learned = true
			}
		}
		if learned {
			return true
		}
	}
	return false
}

// candidates counts one message for the host, and for the domain, that handed it to us
// and wrote the hop below.
func (in *inference) candidates(found map[string]*relay, c *chain, b int) {
	h, next := &c.hops[b], writerBelow(c.hops, b)
	if h.Authenticated || next.By == "" || !h.Addr.IsValid() || h.Addr.IsLoopback() || in.own.wrote(next) {
		return
	}
	client := in.clientOf(c, b)
	domain := registered(next.By)
	if !continues(h, next, h.Reverse) && !sameDomain(h.From, next.By) {
		if domain != "" && qualified(h.From) {
			relayNamed(found, "*."+domain, strange).count(c, h, next, client)
		}
		return
	}
	relayNamed(found, strings.ToLower(next.By), oneHost).count(c, h, next, client)
	if domain != "" && len(domain) < len(next.By) {
		relayNamed(found, "*."+domain, pool).count(c, h, next, client)
	}
}

// clientOf returns the hop that tells whose mail the candidate at boundary b took, if it
// were ours: below its own filters.
func (in *inference) clientOf(c *chain, b int) *Hop {
	i := b + 1
	for i+1 < len(c.hops) && isFilter(&c.hops[i]) && in.own.passes(c.hops, i) {
		i++
	}
	return &c.hops[i]
}

// isFilter tells whether a host took a message from its own filter or inner network.
// A mailing list's software hands on by loopback too, or from a local account; but what it
// hands on is its own, and it gives the name of its host where filters say "localhost".
func isFilter(h *Hop) bool {
	switch {
	case noClient(h):
		return h.By == "" && strings.Contains(h.Comment, "from network") // qmail
	case h.Addr.IsLoopback():
		return !sameHost(h.From, h.By)
	}
	return isPrivate(h.Addr)
}

// house is the domain by which servers are taken together.
func house(by string) string {
	if d := registered(by); d != "" {
		return d
	}
	return strings.ToLower(by)
}

func relayNamed(found map[string]*relay, name string, kind relayKind) *relay {
	key := name
	if kind == strange {
		key = "?" + name // counted apart from the pool of the same name
	}
	r := found[key]
	if r == nil {
		r = &relay{name: name, kind: kind, addrs: map[netip.Addr]int{},
			nets: map[netip.Prefix]bool{}, houses: map[string]bool{}, days: map[int64]bool{}}
		found[key] = r
	}
	return r
}

// count adds one message to the counts of r: h is our hop about r, next the one that
// r wrote, client the one by which it names the client.
func (r *relay) count(c *chain, h, next, client *Hop) {
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
	case client.Authenticated:
		r.logins += c.count
	case isPublic(client.Addr):
		r.countClient(c, client)
	}
}

func (r *relay) countClient(c *chain, client *Hop) {
	if len(r.nets) < maxSeen {
		r.nets[net16(client.Addr)] = true
	}
	if len(r.houses) < maxSeen {
		name := registered(client.From)
		if name == "" {
			name = net16(client.Addr).String() // spammers give no name, or a short one
		}
		r.houses[name] = true
	}
	if sameDomain(client.Reverse, client.By) || client.Reverse == "" && sameDomain(client.From, client.By) {
		r.inside += c.count
	}
}

// isOurs weighs the evidence. The clients of a relay of ours are whoever writes to us:
// from nearly as many networks and domains as there are messages. A company's way out
// has its own few, a filtering service on the way out those of its customers among our
// senders.
// direct holds the networks that came to us themselves: those that send by way of a
// secondary exchanger come directly at other times, which no forger can bring about.
func (r *relay) isOurs(direct map[netip.Prefix]bool, days int) bool {
	both := 0
	for n := range r.nets {
		if direct[n] {
			both++
		}
	}
	shared := both >= relayNets && both*2 >= len(r.nets)
	part := r.messages * 100
	clients, seen := min(len(r.nets), len(r.houses)), min(r.messages, 64)
	various := clients*4 >= seen || clients >= relayNets && part >= mainPercent*r.total
	switch {
	case clients < 3 || !various && !shared:
		return false
	case r.lists*2 > r.messages, r.logins*10 > r.messages, r.inside*3 > r.messages:
		return false
	case r.messages < relayMessages || len(r.days) < min(relayDays, days):
		return false
	case r.kind == strange:
		return part >= strangePercent*r.total
	case part >= gatewayPercent*r.total:
		return true
	}
	// One of several ways in must show that it is not some sender's way out.
	known := shared || r.vouched*2 > r.messages && clients >= relayNets && clients*2 >= seen
	return r.kind == oneHost && known && len(r.addrs) <= relayAddrs && part >= relayPercent*r.total
}

// adopt makes a relay ours: its name and its addresses, and where two of these are
// neighbours in a /24, the /24, because a pool shows itself only in part. Private
// addresses are everybody's, and only the name is taken.
func (in *inference) adopt(r *relay) {
	in.own.Names = append(in.own.Names, r.name)
	addrs := make([]netip.Addr, 0, len(r.addrs))
	near := map[netip.Prefix]int{}
	for a := range r.addrs {
		if isPublic(a) {
			addrs = append(addrs, a)
			near[netip.PrefixFrom(a, min(a.BitLen(), 24)).Masked()]++
		}
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	for _, a := range addrs {
		p := netip.PrefixFrom(a, a.BitLen())
		if net := netip.PrefixFrom(a, min(a.BitLen(), 24)).Masked(); r.kind != oneHost && a.Is4() && near[net] > 1 {
			p = net
		}
		if !slices.Contains(in.own.Addrs, p) {
			in.own.Addrs = append(in.own.Addrs, p)
		}
	}
	in.why[r.name] = fmt.Sprintf("handed us %d messages on %d days from %s, which it had taken from clients in %d networks",
		r.messages, len(r.days), plural(len(r.addrs), "address", "addresses"), len(r.nets))
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
