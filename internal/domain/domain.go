// Package domain normalises host names and tells who may own them: the registered
// domain by the public suffix list, and hosts that many customers share.
//
// In goes a name as mail writes it; out come its ASCII form, the domain that somebody
// registered, and the kind of service where a name says nothing about one owner. The
// package looks nothing up: what it knows is compiled in (golang.org/x/net/publicsuffix
// and shared.txt).
package domain

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Name is what is known of a host name from the name alone.
type Name struct {
	Host       string // ASCII, lower case, no trailing dot
	Registered string // registered domain (ICANN and private suffixes); "" for a bare suffix or a name without dot
	Suffix     string
	Private    bool   // Suffix is in the list's private part (a provider's customers)
	Shared     string // kind of sharing ("shortener", "hosting", "storage", "redirector", "esp", "mail", "cdn", ...); "" if none is known

	Operator  string // registered domain by ICANN suffixes alone: what a registry knows, "blogspot.com" for "a.blogspot.com"
	Known     bool   // the top-level domain exists, or is reserved for examples and tests (RFC 2606, RFC 6761)
	Tenant    string // labels in front of the shared name or private suffix: the customer; "" if the host does not name one
	InPath    bool   // the shared host tells its customers apart by path, not by label
	IDN       bool   // a label is internationalised (xn-- or not ASCII)
	Malformed bool   // kept although it breaks the rules of host names or of IDNA: no registry would sell it
}

// Parse normalises host (IDNA, case, trailing dot). ok is false if it can't be a host
// name: empty, longer than a name may be, with a character that no resolver is asked
// for, or an address.
func Parse(host string) (n Name, ok bool) {
	if !normalise(host, &n) {
		return Name{}, false
	}
	n.Suffix, n.Private, n.Known = suffixOf(n.Host)
	n.Registered = oneMore(n.Host, n.Suffix)
	n.Operator = n.Registered
	if n.Private {
		n.Operator = operator(n.Suffix)
	}
	n.share()
	return n, true
}

// Registered returns the registered domain of host, or "".
func Registered(host string) string { n, _ := Parse(host); return n.Registered }

// Unicode returns host with its xn-- labels decoded for display; labels that decode to
// nothing sound stay as they are.
func Unicode(host string) string {
	if !strings.Contains(host, "xn--") {
		return host
	}
	u, err := display.ToUnicode(host)
	if err != nil {
		return host
	}
	return u
}

// suffixOf returns the public suffix of host, whether it is in the list's private part,
// and whether the top-level domain is known at all.
func suffixOf(host string) (suffix string, private, known bool) {
	suffix, icann := publicsuffix.PublicSuffix(host)
	switch {
	case icann:
		return suffix, false, true
	case strings.IndexByte(suffix, '.') >= 0:
		return suffix, true, true
	}
	// The list's rule for what it does not hold is "the last label".
	return suffix, false, reservedTLD(suffix)
}

// reservedTLD tells the top-level names that no registry sells but that people and
// documents use: RFC 2606 section 2, RFC 6761, RFC 6762, RFC 7686, RFC 8375.
func reservedTLD(tld string) bool {
	switch tld {
	case "test", "example", "invalid", "localhost", "local", "onion", "internal", "arpa":
		return true
	}
	return false
}

// operator returns the domain that the holder of a private suffix registered.
func operator(suffix string) string {
	s := suffix
	for {
		dot := strings.IndexByte(s, '.')
		if dot < 0 {
			return ""
		}
		rest := s[dot+1:]
		if ps, icann := publicsuffix.PublicSuffix(rest); icann && ps == rest {
			return s
		}
		s = rest
	}
}

// oneMore returns suffix with one more label of host, or "".
func oneMore(host, suffix string) string {
	if len(host) <= len(suffix)+1 {
		return ""
	}
	front := host[:len(host)-len(suffix)-1]
	if front[len(front)-1] == '.' {
		return ""
	}
	return host[strings.LastIndexByte(front, '.')+1:]
}
