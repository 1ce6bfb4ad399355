package domain

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxName is the longest name in presentation form (RFC 1035 section 2.3.4),
// and maxLabel the longest label, in bytes.
const (
	maxName  = 253
	maxLabel = 63
)

// lookup maps names as browsers do before resolution (UTS #46,
// non-transitional). It does not enforce STD 3, because names with underscores
// occur in mail.
var lookup = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.CheckHyphens(false),
	idna.VerifyDNSLength(false),
)

// normalise sets Host, IDN and Malformed.
func normalise(host string, n *Name) bool {
	// A form that expands to more is not a name, and IDNA is slow on it.
	if host == "" || len(host) > 4*maxName {
		return false
	}
	plain, ascii := survey(host)
	if !plain {
		host = strings.TrimSpace(host)
		if ascii {
			host = strings.ToLower(host)
		}
	}
	if !ascii || strings.Contains(host, "xn--") {
		n.IDN = true
		var ok bool
		if host, ok = toASCII(host); !ok {
			n.Malformed = true
		}
	}
	host = strings.TrimSuffix(host, ".")
	if len(host) == 0 || len(host) > maxName || !checkLabels(host, n) || isAddress(host) {
		return false
	}
	n.Host = host
	return true
}

// survey reports whether host needs no mapping (lower-case ASCII only), and
// whether it is ASCII at all.
func survey(host string) (plain, ascii bool) {
	plain, ascii = true, true
	for i := 0; i < len(host); i++ {
		c := host[i]
		switch {
		case c >= utf8.RuneSelf:
			return false, false
		case 'A' <= c && c <= 'Z' || c <= ' ':
			plain = false
		}
	}
	return plain, ascii
}

// toASCII applies IDNA. A name that IDNA refuses, such as one with disallowed
// symbols, still occurred in the mail. It is kept label by label, and ok is
// false.
func toASCII(host string) (string, bool) {
	if a, err := lookup.ToASCII(host); err == nil {
		return a, true
	}
	host = strings.ToLower(strings.ToValidUTF8(host, "\uFFFD"))
	host = strings.NewReplacer("\u3002", ".", "\uFF0E", ".", "\uFF61", ".").Replace(host)
	labels := strings.Split(host, ".")
	for i, l := range labels {
		if a, err := lookup.ToASCII(l); err == nil {
			labels[i] = a
		} else if a, err := idna.Punycode.ToASCII(l); err == nil {
			labels[i] = a
		}
	}
	return strings.Join(labels, "."), false
}

// checkLabels reports whether DNS accepts host as a name, and marks violations
// of the rules for host names (RFC 952, RFC 1123 section 2.1).
func checkLabels(host string, n *Name) bool {
	start := 0
	for i := 0; i <= len(host); i++ {
		if i < len(host) && host[i] != '.' {
			switch c := host[i]; {
			case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-':
			case c == '_':
				n.Malformed = true
			default:
				return false
			}
			continue
		}
		l := host[start:i]
		if l == "" || len(l) > maxLabel {
			return false
		}
		if l[0] == '-' || l[len(l)-1] == '-' {
			n.Malformed = true
		}
		start = i + 1
	}
	return true
}

// isAddress recognises an IPv4 address, or a string that resolvers treat as
// one: no top-level domain is a number (RFC 3696 section 2). IPv6 was refused
// before because of its colons.
func isAddress(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	for i := 0; i < len(last); i++ {
		if last[i] < '0' || last[i] > '9' {
			return false
		}
	}
	return true
}
