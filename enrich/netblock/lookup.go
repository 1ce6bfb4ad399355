package netblock

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"go4.org/netipx"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/rdap"
	"spoor/enrich/whois"
)

// Limits and defaults.
const (
	// A chain that is longer leads in a circle, or is made to cause work.
	maxReferrals = 3 // after the first server: IANA, region, nation, provider
	defaultFresh = 30 * 24 * time.Hour
)

// Lookup finds the holders and origin ASes of addresses. Its fields must not
// change once it is in use.
type Lookup struct {
	// WHOIS asks the servers. If the user named one for everything (All),
	// referrals are followed only to servers that the user named. Servers may
	// name those of registries ("ripe", "iana").
	WHOIS     *whois.Client
	RDAP      *rdap.Client    // nil for WHOIS only
	Bootstrap *rdap.Bootstrap // regional registry of an address; nil asks IANA's WHOIS
	WHOISOnly bool            // do not use RDAP
	NoWHOIS   bool            // do not use WHOIS; together with WHOISOnly no registry is asked

	Tables *Tables       // the user's files; if they know the holder, no server is asked
	Origin enrich.Lookup // look-up of the origin AS; nil for none
	Known  Known         // fresh answers in the database; nil for none

	// AskReserved asks about addresses that nobody can hold (RFC 6890) too, for
	// tests with their own servers. WHOIS.All and RDAP.Base imply it.
	AskReserved bool

	Fresh time.Duration // time for which an answer is fresh; 30 days if zero
	Now   func() time.Time

	memory memory
}

// Source is the protocol that is used first.
func (l *Lookup) Source() enrich.Source {
	if l.RDAP != nil && !l.WHOISOnly {
		return enrich.IPRDAP
	}
	return enrich.IPWHOIS
}

// Look asks for the holder and the origin AS of an Address. A fresh answer is
// not asked for again, so there may be no observation at all. If all servers
// are backed off and nothing was asked, the error is the Gate's
// *enrich.BackedOff.
//
// Holder and origin are independent: the failure of one does not lose the
// other. An error is returned only if there is no observation at all, because
// observations have to be stored.
func (l *Lookup) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	addr, ok := s.Addr()
	if !ok {
		return nil, nil
	}
	addr = addr.Unmap().WithZone("")
	out, err := l.holder(ctx, s, addr)
	origin, originErr := l.origin(ctx, s, addr)
	out = append(out, origin...)
	if err = cmp.Or(err, originErr); len(out) == 0 && err != nil {
		return nil, err
	}
	return out, nil
}

// holder finds the holder of addr, with one question for all addresses of a
// block.
func (l *Lookup) holder(ctx context.Context, s enrich.Subject, addr netip.Addr) ([]enrich.Observation, error) {
	leave, ask, err := l.memory.enter(ctx, addr, l.now)
	if err != nil || !ask {
		return nil, err
	}
	defer leave()
	if l.Known != nil {
		if nb, ok := l.Known.NetblockOf(ctx, addr, l.now()); ok {
			// The database knows the real expiry. An hour saves most queries to
			// it.
			l.memory.learn(&l.memory.blocks, nb.Prefixes, l.now().Add(time.Hour))
			return nil, nil
		}
	}
	out, done := l.fromTables(s, addr)
	if !done && l.reserved(addr) {
		out, done = append(out, l.nobodys(s)), true
	}
	if !done {
		asked, err := l.fromRegistries(ctx, s, addr)
		if out = append(out, asked...); err != nil && len(out) == 0 {
			return nil, err
		}
	}
	l.remember(addr, out)
	return out, nil
}

// fromTables asks the user's tables. done is true if they know the holder of
// addr.
func (l *Lookup) fromTables(s enrich.Subject, addr netip.Addr) (out []enrich.Observation, done bool) {
	if l.Tables == nil {
		return nil, false
	}
	out = l.Tables.observe(s, addr, l.now(), l.fresh(), true, false)
	for _, o := range out {
		if nb, ok := o.Parsed.(*enrich.Netblock); ok && nb.Owner != "" {
			return out, true
		}
	}
	return out, false
}

// reserved reports whether nobody can hold addr, which makes a question
// pointless.
func (l *Lookup) reserved(addr netip.Addr) bool {
	own := l.AskReserved || l.all() != "" || l.RDAP != nil && l.RDAP.Base != ""
	return !own && !guard.Public(addr)
}

// nobodys is the answer for a reserved address, given without a question.
func (l *Lookup) nobodys(s enrich.Subject) enrich.Observation {
	return enrich.Observation{
		Subject: s, Source: enrich.Table, Server: "special-purpose addresses", AskedAt: l.now(), Expires: l.now().Add(l.fresh()),
		Outcome: enrich.None, Detail: "reserved: no registry gives this address out (RFC 6890)",
	}
}

// fromRegistries asks by RDAP. It asks by WHOIS if RDAP has no answer, or if a
// national registry or a provider has a more specific one.
func (l *Lookup) fromRegistries(ctx context.Context, s enrich.Subject, addr netip.Addr) ([]enrich.Observation, error) {
	var out []enrich.Observation
	var first error
	if l.RDAP != nil && !l.WHOISOnly {
		o, ok, err := l.RDAP.Address(ctx, addr)
		first = err
		if ok && err == nil {
			o.Subject = s
			more := settle(&o)
			out = append(out, o)
			// RDAP's "not found" is final, too, unless the record only named a
			// registry.
			if o.Outcome == enrich.Answered && more == "" || o.Outcome == enrich.None && !strings.HasPrefix(o.Detail, notHolder) {
				return out, nil
			}
			if more != "" && !l.NoWHOIS {
				return append(out, l.follow(ctx, s, addr, withPort(more), nil)...), nil
			}
		}
	}
	if l.NoWHOIS {
		return out, first
	}
	asked, err := l.chain(ctx, s, addr)
	if out = append(out, asked...); len(out) == 0 {
		return nil, cmp.Or(err, first)
	}
	return out, nil
}

// notHolder begins the detail of an answer whose record names a registry and
// not a holder.
const notHolder = "not a holder: "

// settle removes an entry that names no holder from an RDAP answer, and returns
// the national registry with the real one.
func settle(o *enrich.Observation) (more string) {
	nb, ok := o.Parsed.(*enrich.Netblock)
	if !ok {
		return ""
	}
	if Stub(nb, netipx.IPRangeFrom(nb.First, nb.Last)) {
		o.Outcome, o.Detail, o.Parsed, o.Expires = enrich.None, notHolder+cmp.Or(nb.Name, "a placeholder"), nil, time.Time{}
		return ""
	}
	nb.AbuseEmail = lowerHost(nb.AbuseEmail)
	nb.Refers = nationalServer(nb)
	return nb.Refers
}

// chain asks by WHOIS, beginning with the first server.
func (l *Lookup) chain(ctx context.Context, s enrich.Subject, addr netip.Addr) ([]enrich.Observation, error) {
	server := l.whoisServer(addr)
	o, a, err := l.whois(ctx, s, addr, server)
	if err != nil {
		return nil, err
	}
	out := []enrich.Observation{o}
	next := a.Refers
	if next == "" && a.Outcome == enrich.None && strings.HasPrefix(a.Detail, notHolder) && l.all() == "" {
		next = whoisServers["arin"] // it knows the registry of early registrations
	}
	if next == "" {
		return out, nil
	}
	return append(out, l.follow(ctx, s, addr, withPort(next), []string{server})...), nil
}

// follow asks the servers to which answers refer, each at most once. If the
// user named one server for everything, it asks only servers that the user
// named.
func (l *Lookup) follow(ctx context.Context, s enrich.Subject, addr netip.Addr, next string, asked []string) []enrich.Observation {
	var out []enrich.Observation
	for len(out) < maxReferrals {
		next = l.obeyed(next)
		if slices.Contains(asked, next) || l.all() != "" && !l.WHOIS.Dialer.Named(next) {
			return out
		}
		o, a, err := l.whois(ctx, s, addr, next)
		if err != nil {
			return out
		}
		out = append(out, o)
		if a.Refers == "" {
			return out
		}
		asked = append(asked, next)
		next = withPort(a.Refers)
	}
	return out
}

// whois sends one question to one server and parses the answer. The error is
// the Gate's, or it says that ctx ended before the question.
func (l *Lookup) whois(ctx context.Context, s enrich.Subject, addr netip.Addr, server string) (enrich.Observation, Answer, error) {
	var a Answer
	o, err := l.WHOIS.Observe(ctx, s, enrich.IPWHOIS, server, question(server, addr), func(o *enrich.Observation) {
		a = l.judge(o, addr)
	})
	if err != nil {
		return enrich.Observation{}, Answer{}, err
	}
	if o.Outcome.Final() {
		o.Expires = o.AskedAt.Add(l.fresh())
	}
	return o, a, nil
}

// judge parses the answer. If the connection broke, only a refusal before that
// counts.
func (l *Lookup) judge(o *enrich.Observation, addr netip.Addr) Answer {
	a := Parse(addr, o.Server, o.Raw)
	if broken := o.Outcome != ""; broken && a.Outcome != enrich.Throttled && a.Outcome != enrich.Refused {
		return Answer{Outcome: o.Outcome}
	}
	o.Outcome, o.Detail = a.Outcome, a.Detail
	if a.Netblock != nil {
		o.Parsed = a.Netblock
	}
	return a
}

// remember stores the answer, so that no other address of the block is asked
// about.
//
// Of several answers the smallest block counts: a wider one belongs to the
// provider, and would keep neighbours with a holder of their own from being
// asked about.
func (l *Lookup) remember(addr netip.Addr, out []enrich.Observation) {
	var best *enrich.Netblock
	for _, o := range out {
		nb, ok := o.Parsed.(*enrich.Netblock)
		if !ok || o.Source == enrich.Table && nb.Owner == "" {
			continue
		}
		if best == nil || compareSize(netipx.IPRangeFrom(nb.First, nb.Last), netipx.IPRangeFrom(best.First, best.Last)) < 0 {
			best = nb
		}
	}
	if best != nil && netipx.IPRangeFrom(best.First, best.Last).Contains(addr) {
		l.memory.learn(&l.memory.blocks, best.Prefixes, l.now().Add(l.fresh()))
	}
}

// origin finds the origin AS in the user's tables or by its look-up. One answer
// covers the whole announced prefix.
func (l *Lookup) origin(ctx context.Context, s enrich.Subject, addr netip.Addr) ([]enrich.Observation, error) {
	if l.memory.fresh(&l.memory.origins, addr, l.now()) {
		return nil, nil
	}
	var out []enrich.Observation
	var err error
	if l.Tables != nil {
		out = l.Tables.observe(s, addr, l.now(), l.fresh(), false, true)
	}
	if len(out) == 0 && l.Origin != nil && !l.reserved(addr) {
		out, err = l.Origin.Look(ctx, s)
	}
	for _, o := range out {
		if as, ok := o.Parsed.(*enrich.OriginAS); ok && as.Prefix.IsValid() && as.Prefix.Contains(addr) {
			l.memory.learn(&l.memory.origins, []netip.Prefix{as.Prefix}, l.now().Add(l.fresh()))
		}
	}
	return out, err
}

// fresh returns the time for which an answer is fresh.
func (l *Lookup) fresh() time.Duration { return cmp.Or(l.Fresh, defaultFresh) }

// now returns the time of the look-up.
func (l *Lookup) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}
