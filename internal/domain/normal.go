package domain

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxName is the longest name in presentation form (RFC 1035 section 2.3.4), maxLabel
// the longest label.
const (
	maxName  = 253
	maxLabel = 63
)

// lookup maps as browsers do before they resolve (UTS #46, non-transitional) but is not
// strict about STD 3: names with underscores exist in mail.
var lookup = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.CheckHyphens(false),
	idna.VerifyDNSLength(false),
)

var display = idna.New(idna.StrictDomainName(false), idna.CheckHyphens(false))

// normalise fills Host, IDN and Malformed.
func normalise(host string, n *Name) bool {
	// A form that expands beyond this is no name any more, and IDNA is slow on it.
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

// survey tells whether host needs no mapping (lower-case ASCII name characters only) and
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

// toASCII applies IDNA. What IDNA refuses (a label that decodes to forbidden characters,
// disallowed symbols such as emoji joined oddly) is still the name that stood there: it
// is kept, label by label, and ok is false.
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

// checkLabels reports whether host can be asked for in DNS, and marks what a host name
// must not have (RFC 952, RFC 1123 section 2.1).
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

// isAddress tells an IPv4 address, or what resolvers would take for one: no top-level
// domain is a number (RFC 3696 section 2). The colons of IPv6 have been refused before.
func isAddress(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	for i := 0; i < len(last); i++ {
		if last[i] < '0' || last[i] > '9' {
			return false
		}
	}
	return true
}
