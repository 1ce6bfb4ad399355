package simnet

import (
	"fmt"
	"net/netip"
	"time"
)

// DefaultRegistries returns the registries of a World that declares none, one
// for each layout. Their servers are named whois.LAYOUT.test and
// rdap.LAYOUT.test.
//
// Those with "" as the RDAP server answer by WHOIS only.
func DefaultRegistries() []Registry {
	return []Registry{
		{[]string{"com", "net"}, "whois.verisign.test", "rdap.verisign.test", Verisign},
		{[]string{"org"}, "whois.pir.test", "rdap.pir.test", PIR},
		{[]string{"info"}, "whois.afilias.test", "", Afilias},
		{[]string{"de"}, "whois.denic.test", "", DENIC},
		{[]string{"uk", "co.uk", "org.uk"}, "whois.nominet.test", "rdap.nominet.test", Nominet},
		{[]string{"fr"}, "whois.afnic.test", "rdap.afnic.test", AFNIC},
		{[]string{"ru"}, "whois.tci.test", "", TCI},
		{[]string{"jp", "co.jp"}, "whois.jprs.test", "", JPRS},
		{[]string{"kr", "co.kr"}, "whois.krnic.test", "", KRNIC},
		{[]string{"br", "com.br"}, "whois.nicbr.test", "rdap.nicbr.test", NICBR},
		{[]string{"nl"}, "whois.sidn.test", "rdap.sidn.test", SIDN},
		{[]string{"eu"}, "whois.eurid.test", "", EURid},
		{[]string{"cn", "com.cn"}, "whois.cnnic.test", "", CNNIC},
		{[]string{"test", "example"}, "whois.pir.test", "rdap.pir.test", PIR},
	}
}

// DefaultRegional returns the address registries of a World that declares none.
func DefaultRegional() []Regional {
	var all []Regional
	for _, l := range []Layout{RIPE, ARIN, APNIC, LACNIC, AFRINIC} {
		all = append(all, Regional{string(l), fmt.Sprintf("whois.%s.test", l), fmt.Sprintf("rdap.%s.test", l), l})
	}
	return append(all, Regional{"rwhois", "rwhois.provider.test", "", RWhois})
}

// Invented returns the n-th domain of a TLD in a World with Invent:
// inv000123.TLD. Its registrar is the World's first.
//
// All of it follows from n, so a World of a million domains needs no memory for
// them. A thousand persons and a hundred pools of name servers repeat, which
// gives a correlator something to find.
func Invented(n int, tld string) Domain {
	day := time.Date(2024, 1, 1, 9, 45, 58, 0, time.UTC).AddDate(0, 0, n%700)
	name := fmt.Sprintf("inv%06d.%s", n, tld)
	pool := fmt.Sprintf("pool%03d.%s", n%100, tld)
	addr := netip.AddrFrom4([4]byte{198, 51, 100, byte(n)})
	person := Contact{
		Handle: fmt.Sprintf("P%06d", n%1000), Name: fmt.Sprintf("Person %d", n%1000), Street: []string{"1 Main Street"},
		City: "Springfield", PostalCode: "12345", Country: "US", Phone: "+1.2125550100",
		Email: fmt.Sprintf("person%d@mail.example", n%1000),
	}
	return Domain{
		Name: name, Handle: fmt.Sprintf("D%06d-INV", n), Registrant: person, Admin: person, Tech: person,
		Created: day, Updated: day.AddDate(0, 0, 5), Expires: day.AddDate(1, 0, 0),
		NameServers: []NameServer{{Host: "one." + pool}, {Host: "two." + pool}},
		Status:      []string{"clientTransferProhibited"},
		Addrs:       []netip.Addr{addr}, MX: []string{"10 mail." + name},
	}
}
