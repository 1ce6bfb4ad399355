package storetest

import (
	"net/netip"
	"time"

	"spoor/enrich"
)

// Day returns the noon of a day of 2006.
func Day(month time.Month, d int) time.Time {
	return time.Date(2006, month, d, 12, 0, 0, 0, time.UTC)
}

// Addrs parses addresses.
func Addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// Registration is an answer of a registry at a time, valid for a day.
func Registration(domain string, source enrich.Source, at time.Time, change func(*enrich.Registration)) enrich.Observation {
	r := &enrich.Registration{
		Domain: domain, Registrar: enrich.Registrar{Name: "Example Registrar, Inc.", Key: "example registrar", IANAID: 9999},
		Registrant:  enrich.Contact{Name: "A. Person", Organization: "Shop", Email: "Owner@Example.org", Phone: "+12025550100", Country: "US"},
		Created:     Day(time.October, 1),
		Expires:     Day(time.October, 1).AddDate(1, 0, 0),
		NameServers: []enrich.NameServer{{Host: "ns1." + domain, Addrs: Addrs("192.0.2.53")}, {Host: "ns2." + domain}},
	}
	if change != nil {
		change(r)
	}
	return enrich.Observation{
		Subject: enrich.Subject{Kind: enrich.Domain, Name: domain}, Source: source, Server: "whois.example:43", AskedAt: at, Took: 40 * time.Millisecond,
		Outcome: enrich.Answered, Raw: []byte("Domain: " + domain + "\nasked " + at.String()), Parsed: r, Expires: at.Add(24 * time.Hour),
	}
}

// Records is an answer of DNS about a domain.
func Records(domain string, at time.Time, list ...string) enrich.Observation {
	return enrich.Observation{
		Subject: enrich.Subject{Kind: enrich.Domain, Name: domain}, Source: enrich.DNS, Server: "192.0.2.1:53", AskedAt: at, Outcome: enrich.Answered,
		Parsed: &enrich.Records{A: Addrs(list...), TTL: uint32(at.Second() + 60), NS: []enrich.NameServer{{Host: "ns1." + domain, Addrs: Addrs("192.0.2.53", "192.0.2.54")}},
			MX: []enrich.MX{{Preference: 10, Host: "mail." + domain}}}, Expires: at.Add(24 * time.Hour),
	}
}

// Netblock is an answer of a regional registry about an address.
func Netblock(address, prefix, owner string, at time.Time) enrich.Observation {
	p := netip.MustParsePrefix(prefix)
	return enrich.Observation{
		Subject: enrich.Subject{Kind: enrich.Address, Name: address}, Source: enrich.IPWHOIS, Server: "whois.rir.example:43", AskedAt: at, Outcome: enrich.Answered,
		Parsed:  &enrich.Netblock{First: p.Addr(), Prefixes: []netip.Prefix{p}, Name: "NET-" + owner, Owner: owner, Country: "CN", Registry: "apnic", AbuseEmail: "abuse@example.net"},
		Expires: at.AddDate(0, 0, 30),
	}
}

// Failure is an observation that did not answer.
func Failure(o enrich.Observation, outcome enrich.Outcome, detail string) enrich.Observation {
	o.Outcome, o.Detail, o.Parsed, o.Raw = outcome, detail, nil, nil
	return o
}
