package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/simnet"
)

// byName finds a registered domain.
type byName map[string]*simnet.Domain

// zone holds the contents of the world's registries and DNS.
type zone struct {
	*nameMaker
	domains    []*simnet.Domain
	byName     byName
	records    []string
	hosts      map[string]bool // that have an address record
	registrars []simnet.Registrar
	shares     []float64
	privacy    []string // domains of privacy services, used before registries redacted contacts
	freemail   []*mailService
	redacts    bool // the years after 2018: registrars hide contacts
}

// found makes the registrars with shares such as the market has: one with a quarter, a
// long tail (the five largest have more than half).
func (z *zone) foundRegistrars(old bool) {
	n := z.Between(14, 22)
	for i := range n {
		d := z.domain(twoWords, "com")
		r := simnet.Registrar{
			Key: fmt.Sprintf("r%d", i), Name: title(strings.TrimSuffix(d, ".com")) + dice.Pick(z.Dice, []string{", Inc.", " LLC", " GmbH", " Ltd.", ", Inc. d/b/a " + title(d)}),
			IANAID: 100 + i*37 + z.IntN(30), URL: "http://www." + d, WHOIS: fmt.Sprintf("whois.registrar%d.test", i), AbuseEmail: "abuse@" + d,
			AbusePhone: z.phone("US"),
		}
		if !old {
			r.RDAP = fmt.Sprintf("rdap.registrar%d.test", i)
		} else if z.Chance(0.3) {
			r.Layout = dice.Pick(z.Dice, []simnet.Layout{simnet.Old2005, simnet.NetSol})
		}
		z.registrars = append(z.registrars, r)
		z.shares = append(z.shares, 1/(float64(i)+1.3))
		z.register(d, owner{registrar: r.Key, who: z.corporate(d), servers: own(d)}, z.long(), netip.Addr{})
		z.privacy = append(z.privacy, d)
	}
}

func (z *zone) registrar() string { return z.registrars[z.Weighted(z.shares...)].Key }

// owner is a registrant with a manner of registering.
type owner struct {
	registrar string
	who       simnet.Contact
	redacted  bool
	servers   []simnet.NameServer
}

// own are name servers below the domain itself.
func own(d string) []simnet.NameServer {
	return []simnet.NameServer{{Host: "ns1." + d}, {Host: "ns2." + d}}
}

// parked are the name servers that a registrar gives to all its customers.
func (z *zone) parked(registrar string) []simnet.NameServer {
	for i, r := range z.registrars {
		if r.Key == registrar {
			return []simnet.NameServer{{Host: "dns1." + z.privacy[i]}, {Host: "dns2." + z.privacy[i]}}
		}
	}
	return nil
}

// long is a day well before the world begins.
func (z *zone) long() time.Time { return time.Time{} }

// register registers a domain once; its first registration stays.
func (z *zone) register(name string, o owner, created time.Time, a netip.Addr) *simnet.Domain {
	if d := z.byName[name]; d != nil {
		return d
	}
	d := &simnet.Domain{
		Name: name, Handle: fmt.Sprintf("D%d-WLD", len(z.domains)+100003), Registrar: o.registrar, Registrant: o.who, Admin: o.who, Tech: o.who,
		Created: created, NameServers: o.servers, Status: []string{"clientTransferProhibited"}, Redacted: o.redacted,
	}
	if a.IsValid() {
		d.Addrs = []netip.Addr{a}
		z.hosts[name], z.hosts["www."+name] = true, true
	}
	z.byName[name] = d
	z.domains = append(z.domains, d)
	return d
}

// host gives a host name an address unless it has one.
func (z *zone) host(name string, a netip.Addr) {
	if !z.hosts[name] {
		z.hosts[name] = true
		z.records = append(z.records, fmt.Sprintf("%s. 300 IN A %s", name, a))
	}
}

// settle fills in the dates that were left open: all of them before the world begins.
func (z *zone) settle(start time.Time) []simnet.Domain {
	out := make([]simnet.Domain, len(z.domains))
	for i, d := range z.domains {
		if d.Created.IsZero() {
			d.Created = start.AddDate(-z.Between(1, 7), 0, -z.IntN(365)).Add(time.Duration(z.IntN(86400)) * time.Second)
		}
		d.Updated = d.Created.Add(time.Duration(z.Between(1, 90)) * time.Hour)
		d.Expires = d.Created.AddDate(z.Between(1, 2), 0, 0)
		for d.Expires.Before(start) {
			d.Expires = d.Expires.AddDate(1, 0, 0)
			d.Updated = d.Expires.AddDate(-1, 0, -z.IntN(30))
		}
		out[i] = *d
	}
	return out
}

// identity invents a natural person as registrant.
func (z *zone) identity() simnet.Contact {
	p, c := z.person(), dice.Pick(z.Dice, countries)
	m := dice.Pick(z.Dice, z.freemail).domain
	return simnet.Contact{
		Handle: fmt.Sprintf("%s%s%d-WLD", p.given[:1], p.family[:1], z.IntN(90000)+1000), Name: p.String(),
		Street: []string{fmt.Sprintf("%d %s Street", z.Between(1, 900), dice.Pick(z.Dice, streets))}, City: dice.Pick(z.Dice, cities),
		Region: z.Chars(dice.Upper, 2), PostalCode: z.Chars(dice.Digits, 5), Country: c, Phone: z.phone(c), Email: z.local(p) + z.Chars(dice.Digits, 2) + "@" + m,
	}
}

// corporate is the registrant of a firm's own domain.
func (z *zone) corporate(domain string) simnet.Contact {
	c := z.identity()
	c.Organization = z.company()
	c.Email = dice.Pick(z.Dice, []string{"hostmaster", "admin", "domains", "info", "it"}) + "@" + domain
	return c
}

// hidden is the contact that a privacy service puts in the registrant's place: one
// address for each domain, one name for all.
func (z *zone) hidden(registrar string) simnet.Contact {
	i := 0
	for j, r := range z.registrars {
		if r.Key == registrar {
			i = j
		}
	}
	return simnet.Contact{
		Handle: "PRIV-WLD", Name: "Registration Private", Organization: "Domains By " + title(strings.Split(z.privacy[i], ".")[0]),
		Street: []string{"14455 N. Hayden Road"}, City: "Scottsdale", Region: "AZ", PostalCode: "85260", Country: "US", Phone: "+1.4805550100",
		Email: z.Chars(dice.Slug, 16) + "@" + z.privacy[i],
	}
}

// legitimate registers a firm's domain in the usual way: a registrar by market
// share, name servers of its own or of a provider, shared hosting.
func (z *zone) legitimate(name string, a netip.Addr) *simnet.Domain {
	r := z.registrar()
	o := owner{registrar: r, who: z.corporate(name), servers: z.parked(r), redacted: z.redacts && z.Chance(0.8)}
	if z.Chance(0.2) {
		o.servers = own(name)
	}
	if !z.redacts && z.Chance(0.15) {
		o.who = z.hidden(r)
	}
	return z.register(name, o, time.Time{}, a)
}

// registries are the default ones and those of further top-level domains.
func registries() []simnet.Registry {
	more := strings.Fields("biz us io co me cc tv app dev page xyz top online shop site click link live store club pro ly gd gl at ch it es ca au com.au in tk ml ws email news")
	return append(simnet.DefaultRegistries(), simnet.Registry{TLDs: more, WHOIS: "whois.morenames.test", RDAP: "rdap.morenames.test", Layout: simnet.PIR})
}
