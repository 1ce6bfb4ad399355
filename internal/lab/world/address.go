package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/simnet"
)

// A network is an organisation with address space: a provider of lines, a hoster, a
// content network, a sender of mail for others.
type network struct {
	name, domain string
	country      string
	prefix       netip.Prefix
	reverse      string // pattern of reverse names: %{1} to %{4} are octets
	handed       map[netip.Addr]bool
}

// space allocates address ranges and keeps the registries' data about them.
//
// A /16 belongs to one organisation, so that two networks never overlap by
// chance. taken holds the first two octets.
type space struct {
	*nameMaker
	taken  map[[2]byte]bool
	blocks []simnet.Netblock
	ases   []simnet.AS
	birth  time.Time // before anything in the world
}

// registryOf is the registry of addresses of each country.
var registryOf = map[string]string{
	"US": "arin", "CA": "arin", "DE": "ripe", "FR": "ripe", "NL": "ripe", "GB": "ripe", "RU": "ripe", "UA": "ripe", "RO": "ripe",
	"PL": "ripe", "TR": "ripe", "CN": "apnic", "KR": "apnic", "IN": "apnic", "VN": "apnic", "JP": "apnic", "BR": "lacnic",
	"AR": "lacnic", "MX": "lacnic", "ZA": "afrinic", "NG": "afrinic",
}

// sixteen finds a free /16 of ordinary unicast space.
//
// The octets that are left out begin blocks of special use (RFC 6890): a finder
// rightly disregards these.
func (s *space) sixteen() netip.Prefix {
	for {
		a, b := byte(s.Between(24, 222)), byte(s.IntN(256))
		switch a {
		case 100, 127, 169, 172, 192, 198, 203:
			continue
		}
		if !s.taken[[2]byte{a, b}] {
			s.taken[[2]byte{a, b}] = true
			return netip.PrefixFrom(netip.AddrFrom4([4]byte{a, b, 0, 0}), 16)
		}
	}
}

// network founds an organisation with a range of the given length.
//
// It stands in the registry and in a route of an autonomous system of its own.
// bits is the length of the prefix.
func (s *space) network(owner, domain, country, reverse string, bits int) *network {
	base := s.sixteen().Addr().As4()
	base[2] = byte(s.IntN(256))
	p := netip.PrefixFrom(netip.AddrFrom4(base), bits).Masked()
	n := &network{name: owner, domain: domain, country: country, prefix: p, reverse: reverse, handed: map[netip.Addr]bool{}}
	s.record(p, owner, domain, country, s.birth.AddDate(-s.Between(1, 9), 0, -s.IntN(300)), "")
	s.ases = append(s.ases, simnet.AS{
		Number: uint32(s.Between(3000, 64000)), Name: strings.ToUpper(strings.Split(domain, ".")[0]) + "-AS " + owner, Country: country,
		Registry: registryOf[country], Created: s.birth.AddDate(-s.Between(2, 9), 0, 0), Prefixes: []netip.Prefix{p},
	})
	return n
}

// record adds a netblock to the registries.
func (s *space) record(p netip.Prefix, owner, domain, country string, created time.Time, status string) {
	s.blocks = append(s.blocks, simnet.Netblock{
		Prefix: p, Handle: fmt.Sprintf("NET-%s-%d", strings.ReplaceAll(p.Addr().String(), ".", "-"), p.Bits()),
		Name: strings.ToUpper(strings.Split(domain, ".")[0]) + "-NET", Owner: owner, Country: country, Registry: registryOf[country],
		Status: status, AbuseEmail: "abuse@" + domain, Created: created, Updated: created.AddDate(0, 0, s.Between(1, 200)),
	})
}

// part hands a customer a range of a hoster under the customer's own name.
//
// Two customers share a range in one of a hundred tries, as resold ranges
// change hands.
func (s *space) part(of *network, bits int, owner, domain string, created time.Time) *network {
	for {
		a := offset(of.prefix, s.IntN(1<<(32-of.prefix.Bits())))
		p := netip.PrefixFrom(a, bits).Masked()
		if of.handed[p.Addr()] && s.Chance(0.99) {
			continue
		}
		of.handed[p.Addr()] = true
		s.record(p, owner, domain, of.country, created, "ASSIGNED PA")
		return &network{name: owner, domain: domain, country: of.country, prefix: p, reverse: of.reverse, handed: map[netip.Addr]bool{}}
	}
}

// offset is the n-th address of a network.
func offset(p netip.Prefix, n int) netip.Addr {
	b := p.Masked().Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// address hands out one address that was not handed out before, as long as there are any.
//
// Small networks run out: after 20 tries an address is handed out twice.
func (n *network) address(d dice.Dice) netip.Addr {
	size := 1<<(32-n.prefix.Bits()) - 2
	for try := 0; ; try++ {
		a := offset(n.prefix, 1+d.IntN(size))
		if !n.handed[a] || try > 20 {
			n.handed[a] = true
			return a
		}
	}
}

// reverseOf is the name that the network's own DNS has for an address.
//
// "" means that the network has no reverse names, which is usual for a
// bullet-proof hoster.
func (n *network) reverseOf(d dice.Dice, a netip.Addr) string {
	if n.reverse == "" {
		return ""
	}
	b := a.As4()
	named := map[string]string{"h": n.domain}
	for i, octet := range b {
		named[fmt.Sprint(i+1)] = fmt.Sprint(octet)
	}
	named["hex"] = fmt.Sprintf("%02x%02x%02x%02x", b[0], b[1], b[2], b[3])
	return expand(d, n.reverse, fill{host: n.domain, named: named})
}

// Patterns of reverse names of end users' lines and of servers, and countries
// by frequency.
var (
	lineReverses = []string{
		"%{1}-%{2}-%{3}-%{4}.dsl.%h", "dyn-%{4}-%{3}.pool.%h", "%{4}.%{3}.%{2}.%{1}.dynamic.%h", "ppp%{3}-%{4}.%h", "cable-%{hex}.cust.%h",
		"host%{4}.%{3}-%{2}-%{1}.adsl.%h", "p%{hex}.dip.%h", "c-%{1}-%{2}-%{3}-%{4}.hsd.%h", "", "",
	}
	hostReverses = []string{"static.%{4}.%{3}.%{2}.%{1}.clients.%h", "vps-%{hex}.%h", "%{1}-%{2}-%{3}-%{4}.static.%h", "srv%{3}%{4}.%h", ""}
	countries    = strings.Fields("US US US CA DE FR NL GB RU RU UA RO PL TR CN CN KR IN VN JP BR BR AR MX ZA NG")
)

// octetReverse is the in-addr.arpa name of an address.
func octetReverse(a netip.Addr) string {
	b := a.As4()
	return fmt.Sprintf("%d.%d.%d.%d.in-addr.arpa.", b[3], b[2], b[1], b[0])
}
