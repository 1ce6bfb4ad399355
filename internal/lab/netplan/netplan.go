// Package netplan invents the network of a generated world: netblocks with
// their owners, registrars, registrations, zones and reverse names. They are
// stored in labelled.Registries, which the world's registries and DNS answer
// from.
package netplan

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
)

// Plan assigns names and addresses, each once.
type Plan struct {
	dice.Dice
	Registries *labelled.Registries

	start      time.Time
	taken      map[string]bool
	registrars []string
	tlds       []string
}

// Format is the layout of a top-level domain's registry.
type Format struct{ TLD, Server, Layout string }

// New begins a plan; start is the time of the world's first mail.
func New(d dice.Dice, start time.Time, formats []Format) *Plan {
	r := &labelled.Registries{
		Domains: map[string]*labelled.Domain{}, Hosts: map[string][]string{}, IPs: map[string]labelled.IP{}, ASNs: map[string]string{},
		TLDs: map[string]labelled.TLD{}, Registrars: map[string]labelled.Registrar{}, Faults: map[string]string{}, Nets: []labelled.Net{}, Net6: []labelled.Net{},
	}
	p := &Plan{Dice: d, Registries: r, start: start, taken: map[string]bool{}}
	for _, f := range formats {
		r.TLDs[f.TLD] = labelled.TLD{Server: f.Server, Format: f.Layout}
		p.tlds = append(p.tlds, f.TLD)
	}
	for i := range p.Between(6, 12) {
		name := p.Word(3) + dice.Pick(p.Dice, []string{" Names Inc.", " Domains LLC", " Registry Services", " Host GmbH"})
		style := dice.Pick(p.Dice, []string{"icann", "icann", "gdpr", "oldlist", "bookmyname"})
		r.Registrars[name] = labelled.Registrar{IANA: 100 + 37*i, WHOIS: fmt.Sprintf("whois.registrar%d.example", i), Style: style}
		p.registrars = append(p.registrars, name)
	}
	return p
}

// Complete ends the building of a world: it sorts the set's messages and gives
// it the registries with their description. Of meta it fills in the time of the
// first mail and the number of messages.
func (p *Plan) Complete(set *labelled.Set, meta labelled.Meta) {
	set.Sort()
	meta.Messages, meta.Epoch = len(set.Messages), p.start.Unix()
	p.Registries.Meta = meta
	set.Registries = p.Registries
}

// syllables make up names.
var syllables = strings.Fields(`ba bel bor ca cal cin da del dor fa fen fil ga gar gil ha hel jo kal ken la lan lem lor ma mar mel min na
	nor ol pa pel por qua ra ren rin sa sel sol ta tam tel tor va vel vin wa wes xan yor za zel`)

// Word invents a capitalised word of n syllables that is unique in the world.
func (p *Plan) Word(n int) string {
	for try := 0; ; try++ {
		var b strings.Builder
		for range n + try/20 {
			b.WriteString(dice.Pick(p.Dice, syllables))
		}
		w := b.String()
		if !p.taken[w] {
			p.taken[w] = true
			return strings.ToUpper(w[:1]) + w[1:]
		}
	}
}

// Name invents a domain. habit is one of Habits, by which an actor names all of
// its domains.
func (p *Plan) Name(habit int, tld string) string {
	for {
		name := p.label(habit) + "." + tld
		if !p.taken[name] {
			p.taken[name] = true
			return name
		}
	}
}

// Habits is the number of habits of naming domains.
const Habits = 5

// label makes up the label of a domain in the way that its owner is used to.
func (p *Plan) label(habit int) string {
	w := strings.ToLower(p.Word(2))
	switch habit % Habits {
	case 1:
		return w + "-" + strings.ToLower(p.Word(2))
	case 2:
		return p.Chars(dice.Lower, p.Between(6, 11))
	case 3:
		return w + p.Chars(dice.Digits, p.Between(2, 4))
	case 4:
		return dice.Pick(p.Dice, strings.Fields("secure login my get go the best top shop mail web pro")) + w
	}
	return strings.ToLower(p.Word(3))
}

// TLD picks one of the world's top-level domains.
func (p *Plan) TLD() string { return dice.Pick(p.Dice, p.tlds) }

// Block is a netblock of one owner.
type Block struct {
	net    labelled.Net
	prefix netip.Prefix
	rdns   string // pattern of reverse names: %d is the address with hyphens; "" for none
	plan   *Plan
}

// regions are registries with countries; those with more spam occur more often.
var regions = []struct{ rir, cc string }{
	{"ripe", "DE"}, {"ripe", "NL"}, {"ripe", "RO"}, {"ripe", "PL"}, {"ripe", "FR"}, {"arin", "US"}, {"arin", "US"}, {"arin", "CA"}, {"apnic", "VN"}, {"apnic", "IN"},
	{"apnic", "KR"}, {"lacnic", "BR"}, {"lacnic", "AR"},
}

// Block invents a netblock of the given length in ordinary unicast space.
func (p *Plan) Block(owner string, bits int, rdns string) *Block {
	for {
		a := p.Between(24, 222)
		switch a { // loopback, private, shared and documentation ranges
		case 100, 127, 169, 172, 192, 198, 203:
			continue
		}
		base := netip.AddrFrom4([4]byte{byte(a), byte(p.IntN(256)), byte(p.IntN(256)), 0})
		key := netip.PrefixFrom(base, 16).Masked().String()
		if p.taken[key] {
			continue
		}
		p.taken[key] = true
		r := dice.Pick(p.Dice, regions)
		b := &Block{prefix: netip.PrefixFrom(base, bits).Masked(), rdns: rdns, plan: p}
		name := strings.ToUpper(strings.Map(keepLetters, owner))
		b.net = labelled.Net{
			CIDR: b.prefix.String(), Owner: owner, CC: r.cc, RIR: r.rir, ASN: uint32(p.Between(3000, 63000)), Name: name[:min(len(name), 12)] + "-NET",
			Created: p.start.AddDate(-p.Between(1, 12), -p.IntN(12), 0).Format(time.DateOnly), Abuse: "abuse@" + strings.ToLower(name) + ".example", Address: "1 Example Street",
		}
		p.Registries.Nets = append(p.Registries.Nets, b.net)
		p.Registries.ASNs[fmt.Sprint(b.net.ASN)] = owner
		return b
	}
}

// keepLetters drops a rune that is no letter of ASCII.
func keepLetters(r rune) rune {
	if r < 'A' || r > 'z' || r > 'Z' && r < 'a' {
		return -1
	}
	return r
}

// Addr picks a random address of the block.
func (b *Block) Addr() netip.Addr {
	return b.At(1 + b.plan.IntN(1<<(32-b.prefix.Bits())-2))
}

// At is the n-th address of the block.
func (b *Block) At(n int) netip.Addr {
	v := b.prefix.Addr().As4()
	u := uint32(v[0])<<24 | uint32(v[1])<<16 | uint32(v[2])<<8 | uint32(v[3])
	u += uint32(n) % (1 << (32 - b.prefix.Bits()))
	a := netip.AddrFrom4([4]byte{byte(u >> 24), byte(u >> 16), byte(u >> 8), byte(u)})
	if _, ok := b.plan.Registries.IPs[a.String()]; !ok {
		ip := labelled.IP{Net: b.net.CIDR, Owner: b.net.Owner, ASN: b.net.ASN}
		if b.rdns != "" {
			name := strings.ReplaceAll(b.rdns, "%d", strings.ReplaceAll(a.String(), ".", "-"))
			ip.RDNS = &name
		}
		b.plan.Registries.IPs[a.String()] = ip
	}
	return a
}

// RDNS is the reverse name of an address, or "".
func (p *Plan) RDNS(a netip.Addr) string {
	if r := p.Registries.IPs[a.String()].RDNS; r != nil {
		return *r
	}
	return ""
}

// SetRDNS gives an address a reverse name.
func (p *Plan) SetRDNS(a netip.Addr, name string) {
	ip := p.Registries.IPs[a.String()]
	ip.RDNS = &name
	p.Registries.IPs[a.String()] = ip
}

// Owner describes a registrant of domains and its habits.
type Owner struct {
	Registrar   string
	Registrants []labelled.Registrant
	Private     bool
	NS          []string // name servers of all domains; nil for those of the registrar
}

// Owner invents an owner with n registrants; vanity gives it its own name
// servers.
func (p *Plan) Owner(n int, private, vanity bool) *Owner {
	o := &Owner{Registrar: dice.Pick(p.Dice, p.registrars), Private: private}
	for range n {
		o.Registrants = append(o.Registrants, p.registrant())
	}
	if vanity {
		d := p.Name(0, p.TLD())
		o.NS = []string{"ns1." + d, "ns2." + d}
		p.Register(d, o, netip.Addr{}, p.start.AddDate(0, -p.Between(1, 30), 0))
	}
	return o
}

// registrant makes up a person.
func (p *Plan) registrant() labelled.Registrant {
	given, family := p.Word(2), p.Word(2)
	return labelled.Registrant{
		Name: given + " " + family, Street: fmt.Sprintf("%d %s Street", p.Between(1, 900), p.Word(2)), City: p.Word(3), State: p.Chars(dice.Upper, 2),
		ZIP: p.Digits(5), Country: dice.Pick(p.Dice, regions).cc, Phone: "+1." + p.Digits(3) + "555" + p.Chars(dice.Digits, 4),
		Email: strings.ToLower(given) + p.Chars(dice.Digits, 3) + "@freebox.example",
	}
}

// Register registers a domain with an address; an invalid address gives it
// none.
func (p *Plan) Register(name string, o *Owner, addr netip.Addr, created time.Time) {
	if p.Registries.Domains[name] != nil {
		return
	}
	d := &labelled.Domain{
		NS: o.NS, A: []string{}, AAAA: []string{}, MX: []labelled.MX{}, TXT: []string{}, Registrar: o.Registrar, Registrant: dice.Pick(p.Dice, o.Registrants),
		Created: created.Unix(), Updated: created.Add(time.Duration(p.Between(1, 72)) * time.Hour).Unix(), Expires: created.AddDate(p.Between(1, 3), 0, 0).Unix(), DNS: "ok", WHOIS: "ok",
	}
	if d.NS == nil {
		key := p.Registries.Registrars[o.Registrar].WHOIS
		d.NS = []string{strings.Replace(key, "whois.", "dns1.", 1), strings.Replace(key, "whois.", "dns2.", 1)}
	}
	if o.Private {
		d.Privacy = &labelled.Privacy{Name: "Private Registration", Email: p.Chars(dice.Slug, 12) + "@privacy.example"}
	}
	d.SOA = labelled.SOA{MName: d.NS[0], RName: "hostmaster." + name, Serial: created.Unix(), Refresh: 10800, Retry: 3600, Expire: 604800, Minimum: 3600}
	if addr.IsValid() {
		d.A = []string{addr.String()}
		d.MX = []labelled.MX{{Preference: 10, Host: "mail." + name}}
		p.Host("mail."+name, addr)
	}
	p.Registries.Domains[name] = d
}

// Host gives a host name an address if it has none.
func (p *Plan) Host(name string, addr netip.Addr) {
	if _, ok := p.Registries.Hosts[name]; !ok {
		p.Registries.Hosts[name] = []string{addr.String()}
	}
}
