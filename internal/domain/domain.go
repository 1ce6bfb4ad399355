// Package domain normalises host names and determines their possible owners:
// the registered domain by the public suffix list, and hosts that many
// customers share.
//
// A name as written in mail goes in. Its ASCII form, its registered domain, and
// the kind of service (if many owners share it) come out. The package looks
// nothing up; its knowledge is compiled in (golang.org/x/net/publicsuffix and
// shared.txt).
package domain

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Name holds the parts and properties that a host name itself shows, without
// any look-up.
type Name struct {
	Host       string // ASCII, lower case, no trailing dot
	Registered string // registered domain by ICANN and private suffixes; "" for a bare suffix or a name without a dot
	Suffix     string
	Private    bool   // Suffix is in the private part of the list: a provider's customers are below it
	Shared     string // kind of sharing ("shortener", "hosting", "storage", "redirector", "esp", "mail", "cdn", ...); "" if none is known

	Operator  string // registered domain by ICANN suffixes alone, which a registry knows: "blogspot.com" for "a.blogspot.com"
	Known     bool   // the top-level domain exists, or is reserved for examples and tests (RFC 2606, RFC 6761)
	Tenant    string // labels before the shared name or private suffix, which identify the customer; "" if the host has none
	InPath    bool   // the shared host distinguishes customers by path and not by label
	IDN       bool   // a label is internationalised (xn-- or not ASCII)
	Malformed bool   // violates the rules of host names or IDNA, so no registry would register it; kept nevertheless
}

// Parse normalises host (IDNA, case, trailing dot). ok is false if it cannot be
// a host name: empty, too long, with a character that resolvers do not accept,
// or an address.
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

// suffixOf returns the public suffix of host, whether it is in the private part
// of the list, and whether the top-level domain is known.
func suffixOf(host string) (suffix string, private, known bool) {
	suffix, icann := publicsuffix.PublicSuffix(host)
	switch {
	case icann:
		return suffix, false, true
	case strings.IndexByte(suffix, '.') >= 0:
		return suffix, true, true
	}
	// For an unlisted name the list's rule is "the last label".
	return suffix, false, reservedTLD(suffix)
}

// reservedTLD recognises top-level names that no registry sells but that people
// and documents use (RFC 2606 section 2, RFC 6761, RFC 6762, RFC 7686, RFC
// 8375).
func reservedTLD(tld string) bool {
	switch tld {
	case "test", "example", "invalid", "localhost", "local", "onion", "internal", "arpa":
		return true
	}
	return false
}

// operator returns the domain that the owner of a private suffix registered.
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
