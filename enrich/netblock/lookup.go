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

const (
	maxReferrals = 3 // after the first server: IANA, region, nation, provider
	defaultFresh = 30 * 24 * time.Hour
)

// Lookup finds out who holds addresses, and from which AS they are announced. Its fields
// must not change once it is in use.
type Lookup struct {
	// WHOIS asks the servers. Where the user named one for everything (All), referrals are
	// followed to named servers alone; Servers may hold those of registries ("ripe", "iana").
	WHOIS     *whois.Client
	RDAP      *rdap.Client    // nil for WHOIS only
	Bootstrap *rdap.Bootstrap // tells which registry looks after an address; nil asks IANA's WHOIS
	WHOISOnly bool            // do not ask by RDAP although there is one
	NoWHOIS   bool            // do not ask by WHOIS; with WHOISOnly, no registry is asked at all

	Tables *Tables       // the user's own; asked first, and nothing else where they know the holder
	Origin enrich.Lookup // origin AS; nil for none
	Known  Known         // what is fresh in the database; nil for nothing

	// AskReserved asks also about addresses that nobody can hold (RFC 6890), as tests with
	// servers of their own do. WHOIS.All and RDAP.Base imply it.
	AskReserved bool

	Fresh time.Duration // how long an answer holds; 30 days if zero
	Now   func() time.Time

	memory memory
}

// Source is the protocol that is asked first.
func (l *Lookup) Source() enrich.Source {
	if l.RDAP != nil && !l.WHOISOnly {
		return enrich.IPRDAP
	}
	return enrich.IPWHOIS
}

// Look asks who holds an Address, and for its origin AS. What is known and fresh is not
// asked: then there may be no observation at all. Where all servers are left alone for now
// and nothing was asked, the error is the Gate's (*enrich.BackedOff).
func (l *Lookup) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	addr, ok := s.Addr()
	if !ok {
		return nil, nil
	}
	addr = addr.Unmap().WithZone("")
	out, err := l.holder(ctx, s, addr)
	origin, originErr := l.origin(ctx, s, addr)
	out = append(out, origin...)
	if err = cmpErr(err, originErr); len(out) == 0 && err != nil {
		return nil, err
	}
	return out, nil
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// holder finds out who holds addr, once for all addresses of a block.
func (l *Lookup) holder(ctx context.Context, s enrich.Subject, addr netip.Addr) ([]enrich.Observation, error) {
	leave, ask, err := l.memory.enter(ctx, addr, l.now)
	if err != nil || !ask {
		return nil, err
	}
	defer leave()
	if l.Known != nil {
		if nb, ok := l.Known.NetblockOf(ctx, addr, l.now()); ok {
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

// fromTables asks the user's tables. done is true where they know who holds addr.
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

// reserved reports whether nobody can hold addr, so that no registry need be asked.
func (l *Lookup) reserved(addr netip.Addr) bool {
	own := l.AskReserved || l.all() != "" || l.RDAP != nil && l.RDAP.Base != ""
	return !own && !guard.Public(addr)
}

func (l *Lookup) nobodys(s enrich.Subject) enrich.Observation {
	return enrich.Observation{
		Subject: s, Source: enrich.Table, Server: "special-purpose addresses", AskedAt: l.now(), Expires: l.now().Add(l.fresh()),
		Outcome: enrich.None, Detail: "reserved: no registry gives this address out (RFC 6890)",
	}
}

// fromRegistries asks by RDAP, and by WHOIS where that has no answer or where a national
// registry or a provider knows more.
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
		return nil, cmpErr(err, first)
	}
	return out, nil
}

const notHolder = "not a holder: "

// settle takes an entry that names no holder out of an RDAP answer, and returns the
// national registry that knows more.
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

// chain asks by WHOIS, from the first server on.
func (l *Lookup) chain(ctx context.Context, s enrich.Subject, addr netip.Addr) ([]enrich.Observation, error) {
	server := l.whoisServer(addr)
	o, a, err := l.whois(ctx, s, addr, server)
	if err != nil {
		return nil, err
	}
	out := []enrich.Observation{o}
	next := a.Refers
	if next == "" && a.Outcome == enrich.None && strings.HasPrefix(a.Detail, notHolder) && l.all() == "" {
		next = whoisServers["arin"] // it knows where early registrations went
	}
	if next == "" {
		return out, nil
	}
	return append(out, l.follow(ctx, s, addr, withPort(next), []string{server})...), nil
}

// follow asks the servers that answers refer to, one after another, none twice. Where the
// user named one server for everything, only others that he named are asked.
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

// whois puts one question to one server and reads the answer. The error is the Gate's, or
// that ctx ended before anything was asked.
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

// judge reads the answer. Where the connection broke, only a refusal counts that the
// server gave before.
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

// remember keeps what was learnt, so that no address in the block is asked about again.
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

// origin asks for the origin AS: the user's tables, else the Lookup for it. One answer
// serves the whole announced prefix.
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

func (l *Lookup) fresh() time.Duration { return cmp.Or(l.Fresh, defaultFresh) }

func (l *Lookup) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}
