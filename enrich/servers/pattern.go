// Package servers holds patterns of server names: the one way in which rates and the guard
// say which servers a rule is about.
//
// A server is "host:port". A Pattern is one of
//
//	whois.example.com        a host, at any port
//	whois.example.com:43     a host at one port
//	*.example.com            every host below a domain
//	192.0.2.*, 192.0.2.0/24  every address of a prefix; 2001:db8::/32 likewise
//	:43                      every server at a port
//
// All but the last may end in ":PORT" too. Anything else is refused, so that a slip never
// becomes a rule that matches nothing.
package servers

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Pattern says which servers a rule is about.
type Pattern struct {
	host   string       // exact, lower case; "" where one of the others is set
	suffix string       // ".example.com"
	prefix netip.Prefix // of addresses
	port   string       // "" for any
}

// Parse reads a pattern.
func Parse(s string) (Pattern, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	host, port, err := splitPort(text)
	if err != nil {
		return Pattern{}, fmt.Errorf("%q is not HOST, HOST:PORT, *.SUFFIX, 192.0.2.*, a prefix or :PORT", s)
	}
	p := Pattern{port: port}
	switch {
	case host == "" && port != "":
		return p, nil
	case strings.HasPrefix(host, "*.") && isName(host[2:]) && !isDigit(host[len(host)-1]):
		p.suffix = host[1:]
		return p, nil
	}
	if prefix, ok := parsePrefix(host); ok {
		p.prefix = prefix
		return p, nil
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Zone() == "" {
		p.host = a.Unmap().String()
		return p, nil
	}
	if !isName(host) {
		return Pattern{}, fmt.Errorf("%q is not HOST, HOST:PORT, *.SUFFIX, 192.0.2.*, a prefix or :PORT", s)
	}
	p.host = host
	return p, nil
}

// splitPort cuts the port off. An IPv6 address carries one in brackets only (RFC 3986, 3.2.2).
func splitPort(s string) (host, port string, err error) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 || strings.Count(s, ":") > 1 && !strings.HasPrefix(s, "[") {
		return strings.Trim(s, "[]"), "", nil
	}
	if strings.HasPrefix(s, "[") && s[len(s)-1] == ']' {
		return s[1 : len(s)-1], "", nil
	}
	n, err := strconv.ParseUint(s[at+1:], 10, 16)
	if err != nil || n == 0 {
		return "", "", fmt.Errorf("%q is no port", s[at+1:])
	}
	return strings.Trim(s[:at], "[]"), strconv.FormatUint(n, 10), nil
}

// parsePrefix reads "192.0.2.0/24", "2001:db8::/32" and "192.0.2.*".
func parsePrefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	octets := strings.Split(s, ".")
	given := len(octets)
	for given > 0 && octets[given-1] == "*" {
		given--
	}
	if given == 0 || given == len(octets) || len(octets) > 4 {
		return netip.Prefix{}, false
	}
	address := strings.Join(octets[:given], ".") + strings.Repeat(".0", 4-given)
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, 8*given), true
}

// isDigit tells names from addresses: no top-level domain ends in a digit (RFC 3696, 2).
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isName reports whether s has the form of a host name.
func isName(s string) bool {
	const longest = 253 // RFC 1035, 3.1
	if s == "" || len(s) > longest {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !(r == '-' || r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z')
	})
}

// Match reports whether the rule is about a server ("host:port").
func (p Pattern) Match(server string) bool {
	host, port, err := net.SplitHostPort(strings.ToLower(server))
	if err != nil {
		host, port = strings.ToLower(server), ""
	}
	if p.port != "" && p.port != port {
		return false
	}
	a, _ := netip.ParseAddr(host)
	return p.MatchHost(host, a)
}

// MatchHost reports whether the host part fits a host or the address that it leads to.
func (p Pattern) MatchHost(host string, a netip.Addr) bool {
	a = a.Unmap()
	switch {
	case p.host != "":
		return p.host == host || a.IsValid() && p.host == a.String()
	case p.suffix != "":
		return strings.HasSuffix(host, p.suffix)
	case p.prefix.IsValid():
		return a.IsValid() && p.prefix.Contains(a)
	}
	return true
}

// MatchDialled reports whether the rule is about a server of that name whose address is a.
func (p Pattern) MatchDialled(host string, port uint16, a netip.Addr) bool {
	return (p.port == "" || p.port == strconv.Itoa(int(port))) && p.MatchHost(strings.ToLower(host), a)
}

// Exactness orders patterns that match one server: the higher one is the more exact.
func (p Pattern) Exactness() int {
	n := 0
	switch {
	case p.host != "":
		n = 2000
	case p.suffix != "":
		n = 100 + len(p.suffix)
	case p.prefix.IsValid():
		n = 100 + p.prefix.Bits()
	}
	n *= 2
	if p.port != "" {
		n++
	}
	return n
}

// Private reports whether a pattern names only this machine or a private network.
func (p Pattern) Private() bool {
	a := p.prefix.Addr()
	if p.host != "" {
		a, _ = netip.ParseAddr(p.host)
	}
	return p.host == "localhost" || a.IsValid() && (a.IsLoopback() || a.IsPrivate())
}
