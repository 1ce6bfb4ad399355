package rdap

import (
	"cmp"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go4.org/netipx"

	"spoor/enrich"
	"spoor/enrich/whois"
	"spoor/internal/text"
)

// ParseNetwork parses an answer about an address (RFC 9083 section 5.4). server
// is the URL or host of the server, "" if unknown.
//
// A network without the address in question is refused: it would be stored as
// the holder of a stranger's address.
func ParseNetwork(addr netip.Addr, server string, raw []byte) Answer {
	o, a := read(raw)
	if o == nil {
		return a
	}
	if class := strings.ToLower(o.str("objectClassName")); class != "" && class != "ip network" {
		return Answer{Outcome: enrich.Malformed, Detail: "the answer is about a " + text.Cut(class, 60)}
	}
	addr = addr.Unmap().WithZone("")
	rng := networkRange(o, addr)
	if !rng.Contains(addr) {
		return Answer{Outcome: enrich.Malformed, Detail: "the answer has no network with " + addr.String()}
	}
	nb := &enrich.Netblock{
		First: rng.From(), Last: rng.To(), Prefixes: rng.Prefixes(),
		Handle: handleOf(o), Name: o.str("name"), Status: cmp.Or(o.str("type"), o.str("status")), Registry: registryOf(o, server),
	}
	t := events(o)
	nb.Created, nb.Updated = t.created, t.updated
	all := flatten(o, 0, nil)
	nb.Owner = holder(o, all)
	nb.Country = networkCountry(o, all)
	nb.AbuseEmail = abuseOf(o, all)
	return Answer{Outcome: enrich.Answered, Netblock: nb}
}

// networkRange returns the range by its ends, else by the CIDR extension, else
// by the handle, which is the range at most registries.
func networkRange(o object, addr netip.Addr) netipx.IPRange {
	first, ok1 := Address(o.str("startAddress"))
	last, ok2 := Address(o.str("endAddress"))
	if r := netipx.IPRangeFrom(first, last); ok1 && ok2 && r.IsValid() && r.Contains(addr) {
		return r
	}
	for _, c := range o.objects("cidr0_cidrs") {
		a, ok := Address(cmp.Or(c.str("v4prefix"), c.str("v6prefix")))
		bits, err := strconv.Atoi(c.str("length"))
		if pre, e := a.Prefix(bits); ok && err == nil && e == nil && pre.Contains(addr) {
			return netipx.RangeOfPrefix(pre)
		}
	}
	handle := o.str("handle")
	if pre, err := netip.ParsePrefix(handle); err == nil && pre.Contains(addr) {
		return netipx.RangeOfPrefix(pre)
	}
	if a, b, ok := strings.Cut(handle, " - "); ok {
		first, ok1 := Address(a)
		last, ok2 := Address(b)
		if r := netipx.IPRangeFrom(first, last); ok1 && ok2 && r.Contains(addr) {
			return r
		}
	}
	return netipx.IPRange{}
}

// Address parses an address, also in the forms 074.125.000.000 (ARIN in 2015)
// and with "/32" (RIPE in 2015).
func Address(s string) (netip.Addr, bool) {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "/")
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap(), a.Zone() == ""
	}
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return netip.Addr{}, false
	}
	var b [4]byte
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil || len(p) > 3 {
			return netip.Addr{}, false
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b), true
}

// party is an entity of the network at any depth, with its card.
//
// Depth 0 are the network's own entities; deeper ones belong to their parents.
type party struct {
	card
	roles []string
	depth int
}

func (p *party) is(role string) bool { return slices.Contains(p.roles, role) }

// name is the party's name. The handle of a maintainer or organisation does not
// count.
func (p *party) name() string {
	n := cmp.Or(p.Organization, p.Name)
	if strings.EqualFold(n, p.Handle) || Hides(n) {
		return ""
	}
	return n
}

// flatten lists nested entities with their depth. Contacts of the holder are
// often inside the holder's entity.
func flatten(o object, depth int, out []party) []party {
	if depth == maxNested {
		return out
	}
	for _, e := range o.objects("entities") {
		if len(out) == maxList {
			break
		}
		p := party{card: readCard(e), depth: depth}
		for _, r := range e.strs("roles") {
			p.roles = append(p.roles, strings.ToLower(r))
		}
		out = append(out, p)
	}
	for _, e := range o.objects("entities") {
		out = flatten(e, depth+1, out)
	}
	return out
}

// holder returns the name of the network's holder: the registrant. If RIPE or
// APNIC have only a maintainer or none, it is the first line of the
// description, as in WHOIS. If AFRINIC gives no roles, it is the organisation,
// if need be by its handle.
func holder(o object, all []party) string {
	for i := range all {
		if p := &all[i]; p.depth == 0 && p.is("registrant") && p.kind != "individual" && p.name() != "" {
			return p.name()
		}
	}
	if d := description(o); d != "" {
		return d
	}
	for _, fits := range []func(*party) bool{
		func(p *party) bool { return p.is("registrant") && p.name() != "" },
		func(p *party) bool { return p.kind == "org" && p.name() != "" },
	} {
		if i := slices.IndexFunc(all, func(p party) bool { return p.depth == 0 && fits(&p) }); i >= 0 {
			return all[i].name()
		}
	}
	for i := range all {
		if n := cmp.Or(all[i].Organization, all[i].Name); all[i].depth == 0 && all[i].kind == "org" && !Hides(n) {
			return n
		}
	}
	return ""
}

// description returns the first line of WHOIS's "descr:". RIPE puts it in the
// remark without a title, APNIC in the one with that title.
func description(o object) string {
	for _, r := range o.objects("remarks") {
		if t := strings.ToLower(r.str("title")); t != "" && t != "description" {
			continue
		}
		for _, d := range r.strs("description") {
			if strings.Trim(d, "*-=#. ") != "" {
				return d
			}
		}
	}
	return ""
}

// networkCountry returns the network's country. ARIN gives only the holder's.
func networkCountry(o object, all []party) string {
	if c := Country(o.str("country")); c != "" {
		return c
	}
	for i := range all {
		if p := &all[i]; p.depth == 0 && p.is("registrant") {
			if c := cmp.Or(p.Country, Country(p.CountryRaw)); c != "" {
				return c
			}
		}
	}
	return ""
}

// abuseOf returns the complaint address of the nearest entity with that role,
// else one in a remark.
//
// flatten lists outer entities first, so the first match is the nearest.
func abuseOf(o object, all []party) string {
	for i := range all {
		if p := &all[i]; p.is("abuse") && p.Email != "" {
			return p.Email
		}
	}
	for _, r := range o.objects("remarks") {
		for _, d := range r.strs("description") {
			if low := strings.ToLower(d); strings.Contains(low, "abuse") || strings.Contains(low, "spam") {
				if m := whois.Email(d); m != "" {
					return m
				}
			}
		}
	}
	return ""
}

// registryOf returns the registry of the record by its WHOIS server, else by
// its own link, else by the server that answered.
func registryOf(o object, server string) string {
	if r := Registry(o.str("port43")); r != "" {
		return r
	}
	for _, l := range o.objects("links") {
		if u, err := url.Parse(l.str("href")); err == nil && l.str("rel") == "self" {
			if r := Registry(u.Hostname()); r != "" {
				return r
			}
		}
	}
	if u, err := url.Parse(server); err == nil && u.Host != "" {
		server = u.Hostname()
	}
	return Registry(server)
}
