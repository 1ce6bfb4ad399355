// Package rdap asks registries about domains and addresses by RDAP (RFC 7480,
// 9082, 9083) and parses the answers.
//
// The parsing half is pure: ParseDomain and ParseNetwork take the bytes of one
// answer. They are lenient because servers deviate. Of ten answers from the
// five regional registries, two lack the objectClassName, so openrdap/rdap
// takes them for help pages. Others write 074.125.000.000, "text", null, or a
// single object in place of a list. An invalid field is skipped and the rest is
// read. The tests compare with openrdap/rdap for answers that it can read.
//
// The asking half is Client, which selects servers by the bootstrap files (RFC
// 9224), and a Lookup for domains. All connections go through the guard. The
// Client follows at most five redirects, and a registry's link to the registrar
// once.
package rdap

import (
	"strings"

	"spoor/enrich"
	"spoor/enrich/whois"
)

// Answer is the content of one RDAP answer.
type Answer struct {
	Outcome enrich.Outcome
	Detail  string // if Outcome is not Answered

	Registration *enrich.Registration // of a domain
	Netblock     *enrich.Netblock     // of an address
	Related      string               // URL of the registrar's own answer; "" for none
}

// registries maps parts of host names to the registries of addresses.
var registries = []struct{ part, name string }{
	{"ripe", "ripe"}, {"arin", "arin"}, {"apnic", "apnic"}, {"lacnic", "lacnic"}, {"afrinic", "afrinic"},
	{"nic.ad.jp", "jpnic"}, {"jpnic", "jpnic"}, {"krnic", "krnic"}, {"kisa.or.kr", "krnic"}, {"nic.or.kr", "krnic"}, {"twnic", "twnic"},
	{"cnnic", "cnnic"}, {"idnic", "idnic"}, {"vnnic", "vnnic"}, {"irinn", "irinn"}, {"registro.br", "nicbr"}, {"nic.br", "nicbr"}, {"nic.mx", "nicmx"}, {"rwhois", "rwhois"}, {"iana", "iana"},
}

// Registry returns the address registry to which a host name belongs, or "".
//
// Parts are compared at the beginning of labels: "notripe.example" is none.
func Registry(host string) string {
	host = "." + strings.ToLower(host) + "."
	for _, r := range registries {
		if strings.Contains(host, "."+r.part) {
			return r.name
		}
	}
	return ""
}

// Country returns the ISO code of a country in an answer about addresses. "EU",
// which RIPE uses for networks of several countries, is reserved by ISO 3166-1
// and not a country. "AP" and "ZZ" mean nothing.
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

// Hides reports whether the name of a holder is a redaction, such as ARIN's
// "Private Customer". The list is short on purpose, because holders may have
// any name.
func Hides(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "private customer", "private residence", "private", "private address", "confidential", "withheld", "non-public data":
		return true
	}
	return strings.Contains(name, "redacted")
}
