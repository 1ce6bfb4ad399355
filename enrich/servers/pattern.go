// Package servers defines patterns of server names. Rate limits and the guard
// use them to select the servers of a rule.
//
// A server is "host:port". A Pattern is one of
//
//	whois.example.com        a host, at any port
//	whois.example.com:43     a host at one port
//	*.example.com            every host below a domain
//	192.0.2.*, 192.0.2.0/24  every address of a prefix; 2001:db8::/32 likewise
//	:43                      every server at a port
//
// All but the last may have ":PORT" too. Anything else is refused, so that a
// typing error does not become a rule without effect.
package servers

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Pattern selects servers.
type Pattern struct {
	host   string       // exact name in lower case; "" for the other forms
	suffix string       // such as ".example.com"
	prefix netip.Prefix // of addresses
	port   string       // "" for any
}

// Parse parses a pattern.
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

// splitPort splits off the port. An IPv6 address with a port needs brackets
// (RFC 3986 section 3.2.2).
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

// parsePrefix parses "192.0.2.0/24", "2001:db8::/32" and "192.0.2.*".
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

// isDigit distinguishes addresses from names by the last byte: no top-level
// domain ends in a digit (RFC 3696 section 2).
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isName reports whether s has the form of a host name.
func isName(s string) bool {
	const longest = 253 // RFC 1035 section 3.1
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

// Match reports whether the pattern includes a server ("host:port").
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

// MatchHost reports whether the pattern includes a host or the address to which
// it resolves, at any port.
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

// MatchDialled reports whether the pattern includes a server by its name or by
// the dialled address a.
func (p Pattern) MatchDialled(host string, port uint16, a netip.Addr) bool {
	return (p.port == "" || p.port == strconv.Itoa(int(port))) && p.MatchHost(strings.ToLower(host), a)
}

// Exactness orders patterns that match the same server: a higher value is more
// specific.
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

// Private reports whether a pattern names only this machine or a private
// network.
func (p Pattern) Private() bool {
	a := p.prefix.Addr()
	if p.host != "" {
		a, _ = netip.ParseAddr(p.host)
	}
	return p.host == "localhost" || a.IsValid() && (a.IsLoopback() || a.IsPrivate())
}
