package received

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// privateUse are top-level names that no public host has: those of RFC 6762
// (section 3 and appendix G) and RFC 8375, and "internal", which ICANN
// reserves. Servers behind an exchanger have such names.
var privateUse = []string{"local", "localdomain", "localhost", "internal", "lan", "corp", "home", "private", "intranet", "intra", "arpa"}

// qualified reports whether a name could be looked up in the public DNS: at
// least two labels, the last one neither numeric nor for private use.
//
// The name need not exist. An underscore is let through, as hosts of Windows
// networks have it. Names in UTF-8 (RFC 6531) count too.
func qualified(name string) bool {
	name = strings.TrimRight(name, ".")
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || len(name) > 253 || name[0] == '.' {
		return false
	}
	tld := name[dot+1:]
	if len(tld) < 2 || tld[0] != '-' && tld[0] < utf8.RuneSelf && !letter(tld[0]) {
		return false
	}
	for _, p := range privateUse {
		if len(p) == len(tld) && strings.EqualFold(p, tld) {
			return false
		}
	}
	for i := 0; i < len(name); i++ {
		if notInHost[name[i]] {
			return false
		}
	}
	return true
}

// notInHost holds the bytes that cannot occur in a host name.
// Brackets and colons are those of literals, the rest of addresses, paths and
// markup.
var notInHost = [256]bool{'[': true, ']': true, ':': true, '@': true, ' ': true, '/': true, '\\': true, '<': true, '>': true, '"': true}

// registered returns the registered domain of a host name in lower case, or ""
// for names without one ("localhost", "mail", "store.lan", literals).
//
// The public suffix list gives the boundary: "example.co.uk" of
// "mx.example.co.uk". Private suffixes such as github.io count, as their
// domains have different owners.
func registered(name string) string {
	if !qualified(name) {
		return ""
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(strings.TrimRight(name, ".")))
	if err != nil {
		return ""
	}
	return d
}

// sameName compares host names without regard to case and a final dot.
func sameName(a, b string) bool {
	a, b = strings.TrimRight(a, "."), strings.TrimRight(b, ".")
	return a != "" && strings.EqualFold(a, b)
}

// firstLabel returns a name up to its first dot.
func firstLabel(name string) string {
	if i := strings.IndexByte(name, '.'); i >= 0 {
		return name[:i]
	}
	return name
}

// sameHost reports whether two names probably denote one machine: they are
// equal, or one is short, or they share the first label and the registered
// domain. Exchange Online needs the last rule:
// BN8NAM11FT066.eop-nam11.prod.protection.outlook.com also writes
// BN8NAM11FT066.mail.protection.outlook.com.
func sameHost(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if sameName(a, b) {
		return true
	}
	if !strings.EqualFold(firstLabel(a), firstLabel(b)) || isLocalName(a) || isLocalName(b) {
		return false
	}
	if !strings.Contains(a, ".") || !strings.Contains(b, ".") {
		return true
	}
	da := registered(a)
	return da != "" && da == registered(b)
}

// sameDomain reports whether two names have the same registered domain. A
// registered domain has at least two labels, so comparing the last two decides
// most pairs cheaply.
func sameDomain(a, b string) bool {
	a, b = strings.TrimRight(a, "."), strings.TrimRight(b, ".")
	if !strings.EqualFold(lastLabels(a), lastLabels(b)) || !qualified(a) || !qualified(b) {
		return false
	}
	da := registered(a)
	return da != "" && (strings.EqualFold(a, b) || da == registered(b))
}

// lastLabels returns the last two labels of a name.
func lastLabels(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 {
		return name
	}
	return name[strings.LastIndexByte(name[:i], '.')+1:]
}

// isLocalName reports whether a name is one that every machine gives itself.
func isLocalName(name string) bool {
	return strings.EqualFold(firstLabel(name), "localhost")
}

// isPrivate reports whether an address cannot be a client from outside:
// loopback, link-local, RFC 1918, RFC 4193, carrier-grade NAT (RFC 6598), or
// 2002:a00::/24, in which Google writes 10.0.0.0/8.
func isPrivate(a netip.Addr) bool {
	return a.IsValid() && (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsUnspecified() ||
		carrierNAT.Contains(a) || a.Is6() && sixToFourPrivate(a))
}

// isPublic reports whether an address can be a client on the Internet.
func isPublic(a netip.Addr) bool { return a.IsValid() && !isPrivate(a) }

// carrierNAT is the space shared by providers (RFC 6598).
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// sixToFourPrivate recognises 6to4 addresses (RFC 3056) of private IPv4
// addresses.
func sixToFourPrivate(a netip.Addr) bool {
	b := a.As16()
	return b[0] == 0x20 && b[1] == 0x02 && netip.AddrFrom4([4]byte(b[2:6])).IsPrivate()
}

// microsoft is the network in which hosts of Exchange Online pass mail to each
// other.
var microsoft = netip.MustParsePrefix("2603:1000::/24")

// microsoftEdges is the network of the servers that accept and send mail for
// Exchange Online.
var microsoftEdges = netip.MustParsePrefix("2a01:111::/32")

// sameNet reports whether two addresses probably have one owner: they share a
// /24 of IPv4 or a /48 of IPv6.
//
// Providers give nothing smaller than these to a site as a rule.
func sameNet(a, b netip.Addr) bool {
	if !a.IsValid() || !b.IsValid() || a.Is4() != b.Is4() {
		return false
	}
	if microsoft.Contains(a) && microsoft.Contains(b) {
		return true
	}
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	return err == nil && p.Contains(b)
}

// dynamicWords are labels, or their beginnings and ends, in the names that
// providers give to end users' lines.
var dynamicWords = []string{
	"dsl", "adsl", "vdsl", "xdsl", "sdsl", "dslb", "dialup", "dial", "dyn", "dynamic", "dynip", "dhcp", "pool", "pools",
	"ppp", "pppoe", "cable", "catv", "hsd", "hfc", "cpe", "docsis", "modem", "broadband", "bband", "wireless",
	"mobile", "gprs", "umts", "lte", "fiber", "fibre", "ftth", "fttx", "client", "cust", "customer", "customers",
	"user", "users", "home", "res", "residential", "dip", "tdial", "isdn", "wifi", "nat", "cgnat", "retail", "revip",
}

// isDynamic reports whether a provider generated the reverse name for an end
// user's line. Such a name spells the address
// (dslb-084-060-208-031.pools.example) or has one of dynamicWords beside
// digits.
func isDynamic(name string, a netip.Addr) bool {
	digits := 0
	for i := 0; i < len(name); i++ {
		if digit(name[i]) {
			digits++
		}
	}
	// Most names have fewer digits, and the costlier search for the registered
	// domain is saved.
	if digits < 2 {
		return false
	}
	// Digits of the domain itself say nothing about the host.
	dom := registered(name)
	if dom == "" || len(name) <= len(dom) {
		return false
	}
	host := strings.ToLower(strings.TrimRight(name, "."))
	host = host[:len(host)-len(dom)]
	// A company's mail server has a fixed line.
	if strings.Contains(host, "static") {
		return false
	}
	digits = 0
	for i := 0; i < len(host); i++ {
		if digit(host[i]) {
			digits++
		}
	}
	// Providers name the hosts of their customers by their addresses.
	if digits >= 4 && spells(host, a) {
		return true
	}
	return digits >= 2 && hasDynamicWord(host)
}

// hasDynamicWord reports whether a part of the name is a word of dial-up lines,
// such as "dsl" or "pool". Digits and hyphens separate the parts.
func hasDynamicWord(host string) bool {
	for rest := host; rest != ""; {
		i := 0
		for i < len(rest) && rest[i] >= 'a' && rest[i] <= 'z' {
			i++
		}
		for _, w := range dynamicWords {
			if rest[:i] == w {
				return true
			}
		}
		for i < len(rest) && (rest[i] < 'a' || rest[i] > 'z') {
			i++
		}
		rest = rest[i:]
	}
	return false
}

// spells reports whether host contains three or four octets of an IPv4 address
// in either order, in decimal with or without leading zeros, or all four in
// hexadecimal.
func spells(host string, a netip.Addr) bool {
	if !a.Is4() {
		return false
	}
	o := a.As4()
	// Names with an address have four or five numbers.
	var runs [24]int
	n := 0
	for i := 0; i < len(host) && n < len(runs); {
		if host[i] < '0' || host[i] > '9' {
			i++
			continue
		}
		start := i
		for i < len(host) && host[i] >= '0' && host[i] <= '9' {
			i++
		}
		if v, ok := number(host[start:i]); ok && v < 256 {
			runs[n] = v
			n++
		}
	}
	// Three octets in a row, in either order, are enough.
	for i := 0; i+3 <= n; i++ {
		r := runs[i : i+3]
		for k := 0; k < 2; k++ {
			if r[0] == int(o[k]) && r[1] == int(o[k+1]) && r[2] == int(o[k+2]) ||
				r[2] == int(o[k]) && r[1] == int(o[k+1]) && r[0] == int(o[k+2]) {
				return true
			}
		}
	}
	const hex = "0123456789abcdef"
	var b [8]byte
	var padded [12]byte
	for k, v := range o {
		b[2*k], b[2*k+1] = hex[v>>4], hex[v&15]
		padded[3*k], padded[3*k+1], padded[3*k+2] = '0'+v/100, '0'+v/10%10, '0'+v%10
	}
	return strings.Contains(host, string(b[:])) || strings.Contains(host, string(padded[:]))
}
