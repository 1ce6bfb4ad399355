// Package rdap asks registries about domains and addresses by RDAP (RFC 7480, 9082, 9083)
// and reads what they answer.
//
// The reading half is pure: ParseDomain and ParseNetwork take the bytes of one answer.
// They are lenient where servers are: of ten answers from the five regional registries,
// two leave out the objectClassName that tells a network from a help page, so that
// openrdap/rdap reads them as help; others write 074.125.000.000, "text", null, or a
// single object for a list. A field that makes no sense is left out, the rest is read. In
// the tests openrdap/rdap checks what it can read.
//
// The asking half is a Client, which knows from the bootstrap files (RFC 9224) whom to
// ask, and a Lookup for domains. All its connections are the guard's; it follows
// redirects itself, five at most, and a registry's link to the registrar once.
package rdap

import (
	"strings"

	"spoor/enrich"
	"spoor/enrich/whois"
)

// Answer is what one RDAP answer says.
type Answer struct {
	Outcome enrich.Outcome
	Detail  string // where Outcome is not Answered

	Registration *enrich.Registration // of a domain
	Netblock     *enrich.Netblock     // of an address
	Related      string               // URL where the registrar's own answer is; "" for none
}

// registries are the keepers of addresses by a part of their servers' host names.
var registries = []struct{ part, name string }{
	{"ripe", "ripe"}, {"arin", "arin"}, {"apnic", "apnic"}, {"lacnic", "lacnic"}, {"afrinic", "afrinic"},
	{"nic.ad.jp", "jpnic"}, {"jpnic", "jpnic"}, {"krnic", "krnic"}, {"kisa.or.kr", "krnic"}, {"nic.or.kr", "krnic"}, {"twnic", "twnic"},
	{"cnnic", "cnnic"}, {"idnic", "idnic"}, {"vnnic", "vnnic"}, {"irinn", "irinn"}, {"registro.br", "nicbr"}, {"nic.br", "nicbr"}, {"nic.mx", "nicmx"}, {"rwhois", "rwhois"}, {"iana", "iana"},
}

// Registry returns the registry of addresses that a server's host name tells, or "".
func Registry(host string) string {
	host = "." + strings.ToLower(host) + "."
	for _, r := range registries {
		if strings.Contains(host, "."+r.part) {
			return r.name
		}
	}
	return ""
}

// Country returns the ISO code of a country in an answer about addresses. "EU" is not a
// country but what RIPE has for networks of several; ISO 3166-1 reserves it. "AP" and
// "ZZ" say nothing.
func Country(s string) string {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s = s[:i]
	}
	s = strings.ToUpper(strings.TrimSpace(s))
	switch s {
	case "EU":
		return s
	case "UK":
		return "GB"
	case "", "AP", "ZZ":
		return ""
	}
	return whois.Country(s)
}

// Hides reports whether the name of a holder of addresses only says that it is hidden, as
// ARIN's "Private Customer" does. Registries of addresses have few words for that, and
// holders are called many things.
func Hides(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "private customer", "private residence", "private", "private address", "confidential", "withheld", "non-public data":
		return true
	}
	return strings.Contains(name, "redacted")
}
