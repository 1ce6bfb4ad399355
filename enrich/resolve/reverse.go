package resolve

import (
	"context"
	"net/netip"
	"slices"

	"github.com/miekg/dns"

	"spoor/enrich"
)

// Reverse looks up the reverse name of an Address and confirms it. The holder
// of an address can write any name there; only the owner of the name can
// confirm it.
type Reverse struct{ *Client }

// Source implements enrich.Lookup.
func (r Reverse) Source() enrich.Source { return enrich.PTR }

// maxConfirmed limits the names that are confirmed.
// Shared hosts have hundreds of reverse names; the first ones show whether the
// holder's claims are true.
const maxConfirmed = 8

// Look implements enrich.Lookup. Its one Observation has *enrich.Reverse.
func (r Reverse) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, ok := address(s)
	if !ok {
		return r.guarded(s, enrich.PTR, "it is not an address of the public Internet"), nil
	}
	asked := r.Now()
	main := r.ask(ctx, question{reverseName(a), dns.TypePTR})
	if main.backedOff != nil {
		return nil, main.backedOff
	}
	if main.outcome != enrich.Answered || len(main.names) == 0 {
		if main.outcome == enrich.Answered {
			main.outcome, main.detail = enrich.None, "the address has no name"
		}
		return r.seal(r.observe(s, enrich.PTR, asked, main, nil), main.ttl), nil
	}
	reverse := &enrich.Reverse{Names: main.names}
	back := r.confirm(ctx, a, reverse)
	o := r.observe(s, enrich.PTR, asked, main, back)
	o.Parsed = reverse
	ttl := main.ttl
	// A name that could not be confirmed is asked again soon.
	if len(reverse.Missing) > 0 {
		ttl = 0
	}
	o.Expires = fresh(asked, ttl, reverseFor)
	return []enrich.Observation{o}, nil
}

// address returns the address of a Subject if it can be in public DNS.
func address(s enrich.Subject) (a netip.Addr, ok bool) {
	a, ok = s.Addr()
	a = a.Unmap()
	return a, ok && a.Zone() == "" && !local(a)
}

// confirm asks for the addresses of the names.
//
// Names that are no host names cannot be confirmed, and stay unconfirmed
// without being missing.
func (r Reverse) confirm(ctx context.Context, a netip.Addr, reverse *enrich.Reverse) []set {
	var questions []question
	var names []string
	for _, host := range reverse.Names {
		if name, err := fqdn(host); err == nil && len(questions) < maxConfirmed {
			questions, names = append(questions, question{name, addressType(a)}), append(names, host)
		}
	}
	sets := r.askAll(ctx, questions, false)
	for i, s := range sets {
		switch {
		case !s.final():
			reverse.Missing = append(reverse.Missing, questions[i].String()+" of "+names[i])
		case slices.Contains(s.addrs, a):
			reverse.Confirmed = append(reverse.Confirmed, names[i])
		}
	}
	return sets
}

// Origin looks up the AS that announces an Address and the AS's name, in zones
// of Team Cymru's format.
type Origin struct{ *Client }

// Source implements enrich.Lookup.
func (o Origin) Source() enrich.Source { return enrich.Origin }

// Look implements enrich.Lookup. Its one Observation has *enrich.OriginAS.
func (o Origin) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, ok := address(s)
	if !ok {
		return o.guarded(s, enrich.Origin, "it is not an address of the public Internet"), nil
	}
	asked := o.Now()
	main := o.ask(ctx, question{o.originName(a), dns.TypeTXT})
	if main.backedOff != nil {
		return nil, main.backedOff
	}
	var sets []set
	var origin *enrich.OriginAS
	if main.outcome == enrich.Answered {
		if origin, ok = readOrigin(main.texts, a); !ok {
			// Without a record nobody announces the address; with one that
			// cannot be read the zone has another format.
			main.outcome, main.detail = enrich.None, "nobody announces the address"
			if len(main.texts) > 0 {
				main.outcome, main.detail = enrich.Malformed, "the zone's answer is no origin"
			}
		} else {
			sets = o.asNames(ctx, origin)
		}
	}
	seen := o.observe(s, enrich.Origin, asked, main, sets)
	if origin != nil {
		seen.Parsed = origin
	}
	if seen.Outcome.Final() {
		seen.Expires = fresh(asked, uint32(reverseFor.Seconds()), reverseFor)
	}
	return []enrich.Observation{seen}, nil
}

// originName returns the name at which the zone has the origin of an address,
// in the format of Team Cymru.
func (o Origin) originName(a netip.Addr) string {
	if a.Is4() {
		return reversed(a) + "origin." + o.ASNZone + "."
	}
	return reversed(a) + "origin6." + o.ASNZone + "."
}

// asNames sets the names of the ASes. The cache serves most of them: few ASes
// announce most of the Internet.
func (o Origin) asNames(ctx context.Context, origin *enrich.OriginAS) []set {
	var questions []question
	for _, n := range origin.ASNs {
		questions = append(questions, question{"as" + decimalOf(n) + "." + o.ASNZone + ".", dns.TypeTXT})
	}
	sets := o.askAll(ctx, questions, true)
	found := false
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = readASName(s.texts, origin.ASNs[i])
		found = found || names[i] != ""
	}
	if found {
		origin.Names = names
	}
	return sets
}
