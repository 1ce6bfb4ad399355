package received

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Thresholds for a host of another domain to be taken for a relay of the
// receiver.
const (
	relayMessages  = 5   // messages that it passed on
	relayPercent   = 2   // of the sample
	relayDays      = 3   // distinct days, if the sample has as many
	relayNets      = 5   // networks of its clients, and domains of them
	relayAddrs     = 4   // most addresses that it used, unless gatewayPercent holds
	gatewayPercent = 30  // this share of the sample came through it: then it may be a pool
	mainPercent    = 70  // this share makes it the main way in, even with few clients
	strangePercent = 50  // the same for a service that receives and passes on under two domains
	relayRounds    = 6   // nesting of relays behind relays
	maxSeen        = 256 // distinct values that are counted of anything
)

// relay counts the mail of one host that connects to the receiver and wrote the
// hop below.
type relay struct {
	name     string // host name, or pattern of a pool
	kind     relayKind
	to       string // domain of the receiver's servers to which it connects
	messages int
	lists    int // messages of a mailing list that it distributed itself
	logins   int // messages of authenticated clients
	inside   int // messages of clients in its own domain
	vouched  int // messages for which the receiver's server verified its name
	total    int // messages of the receiver's servers to which it connects
	addrs    map[netip.Addr]int
	nets     map[netip.Prefix]bool
	houses   map[string]bool // domains in its clients' HELO names
	days     map[int64]bool
}

// relayKind is the way in which the hosts of a relay are grouped.
type relayKind byte

// The ways of grouping.
const (
	oneHost relayKind = iota
	pool              // hosts of one domain: a filtering service uses dozens
	strange           // the receiving hosts are in another domain than the sending ones
)

// inference is the state of one call of Infer.
type inference struct {
	chains []*chain
	total  int
	own    Own
	why    map[string]string // reasons for learned relays, by name
	days   map[int64]bool
}

// Infer returns the servers taken to be the receiver's, and the grounds for
// each, most hops first.
//
// The top hop of a message was written by the server that stored it. From there
// the walk of Own.Boundary goes down as far as structure alone carries it. It
// stops at a client that is either a stranger or a relay of the receiver with
// another name: a secondary exchanger, a filtering service, or the provider of
// a forwarded mailbox.
//
// Such a relay shows in the sample as a whole. Many messages come through it,
// on many days and from fixed addresses, and its own clients come from all over
// the network. The server of a mailing list looks alike, but its messages have
// List fields. Each relay that is found moves the boundary down, and the next
// round searches there.
//
// A relay that is missed leaves its clients unknown, but with a wrong one a
// forger is believed. The thresholds therefore err on the former side. The
// result does not depend on the order in which messages were added.
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

// learn walks all chains with the present knowledge and adds the relays that it
// finds. It adds single hosts first, and pools only if no more hosts are found.
//
// It reports whether it found one. A host comes before the pool of its domain,
// since a name that covers less believes less.
func (in *inference) learn() bool {
	found := map[string]*relay{}
	direct := map[netip.Prefix]bool{} // networks whose clients connected to the receiver directly
	totals := map[string]int{}        // messages by the server of the boundary hop
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

// candidates counts one message for the host, and for its domain, that
// connected to the receiver and wrote the hop below.
func (in *inference) candidates(found map[string]*relay, c *chain, b int) {
	h, next := &c.hops[b], writerBelow(c.hops, b)
	// A user who logged in is the sender, no relay.
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

// clientOf returns the hop that names the candidate's client, provided the
// candidate at boundary b is a relay. It lies below the candidate's own
// filters.
//
// If the walk meets the end of the header, the last hop is returned: its writer
// recorded the client.
func (in *inference) clientOf(c *chain, b int) *Hop {
	i := b + 1
	for i+1 < len(c.hops) && isFilter(&c.hops[i]) && in.own.passes(c.hops, i) {
		i++
	}
	return &c.hops[i]
}

// isFilter reports whether a host took the message from its own filter or inner
// network. Mailing list software uses loopback or a local account too, but it
// distributes its own messages and gives its host's name, while filters say
// "localhost".
func isFilter(h *Hop) bool {
	switch {
	case noClient(h):
		return h.By == "" && strings.Contains(h.Comment, "from network") // qmail
	case h.Addr.IsLoopback():
		return !sameHost(h.From, h.By)
	}
	return isPrivate(h.Addr)
}

// house is the domain by which servers are grouped.
//
// A short name has no registered domain and stands for itself.
func house(by string) string {
	if d := registered(by); d != "" {
		return d
	}
	return strings.ToLower(by)
}

// relayNamed returns the relay of a name, and creates it if necessary.
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

// count adds one message to r. h is the receiver's hop about r, next the hop
// that r wrote, and client the hop that names r's client.
func (r *relay) count(c *chain, h, next, client *Hop) {
	r.messages += c.count
	// If it hands on to several, the least name counts, so that the order of
	// the messages does not matter.
	if to := house(h.By); r.to == "" || to < r.to {
		r.to = to
	}
	// A relay of the receiver names the same recipient as the receiver does.
	// The server of a list names the list.
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

// countClient counts a client of the relay by network, organization and day.
// Many different ones mean that the relay accepts mail from outside.
func (r *relay) countClient(c *chain, client *Hop) {
	if len(r.nets) < maxSeen {
		r.nets[net16(client.Addr)] = true
	}
	if len(r.houses) < maxSeen {
		name := registered(client.From)
		if name == "" {
			name = net16(client.Addr).String() // spammers give no name or a short one
		}
		r.houses[name] = true
	}
	if sameDomain(client.Reverse, client.By) || client.Reverse == "" && sameDomain(client.From, client.By) {
		r.inside += c.count
	}
}

// isOurs weighs the evidence. The clients of a receiver's relay are the world:
// nearly as many networks and domains as messages. The outgoing server of a
// company has few clients, and an outgoing filtering service has those of its
// customers who write to the receiver.
//
// direct holds the networks that connected to the receiver themselves. Senders
// that use a secondary exchanger connect directly at other times, which no
// forger can arrange.
//
// days is the number of days of the sample: mail of two days cannot show a
// relay on three.
func (r *relay) isOurs(direct map[netip.Prefix]bool, days int) bool {
	both := 0
	for n := range r.nets {
		if direct[n] {
			both++
		}
	}
	shared := both >= relayNets && both*2 >= len(r.nets)
	part := r.messages * 100
	// Forgers can invent HELO names and botnets have many networks, so the
	// lesser number counts. In a large sample the same clients come again,
	// hence at most 64.
	clients, seen := min(len(r.nets), len(r.houses)), min(r.messages, 64)
	various := clients*4 >= seen || clients >= relayNets && part >= mainPercent*r.total
	switch {
	case clients < 3 || !various && !shared:
		return false
	// A list server, an outgoing server with logins, and one for its own domain
	// are senders.
	case r.lists*2 > r.messages, r.logins*10 > r.messages, r.inside*3 > r.messages:
		return false
	case r.messages < relayMessages || len(r.days) < min(relayDays, days):
		return false
	case r.kind == strange:
		return part >= strangePercent*r.total
	case part >= gatewayPercent*r.total:
		return true
	}
	// One of several ways in must prove that it is not some sender's way out.
	known := shared || r.vouched*2 > r.messages && clients >= relayNets && clients*2 >= seen
	return r.kind == oneHost && known && len(r.addrs) <= relayAddrs && part >= relayPercent*r.total
}

// adopt adds the name and addresses of a relay. If two addresses are neighbours
// in a /24, it adds the /24, because a sample shows a pool only in part. For
// private addresses, which anybody can have, it adds only the name.
//
// Names are added in the order of learning, which is that of their letters
// within a round.
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

// plural words a number.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Guess is one server taken to be the receiver's, with the reason.
type Guess struct {
	Name   string // pattern for Own.Names, or address
	Hops   int    // sampled hops that it wrote
	Reason string // in words
}
