package resolve

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// question is a name in lower case with its final dot, and a type.
type question struct {
	name  string
	qtype uint16
}

func (q question) String() string { return dns.TypeToString[q.qtype] }

// Reasons for which a name is never asked.
var (
	errNoName  = errors.New("it is not a host name")
	errNotDNS  = errors.New("its top-level domain is never in the public DNS (RFC 6761)")
	errAddress = errors.New("it is an address")
	errBare    = errors.New("it is a bare name without a domain")
)

// fqdn validates a name and returns it in the form of a question. Names come
// from mail. Only letters, digits, "-" and "_" in labels of at most 63 bytes
// are accepted.
func fqdn(name string) (string, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if len(name) == 0 || len(name) > 253 {
		return "", errNoName
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !validLabel(label) {
			return "", errNoName
		}
	}
	last := labels[len(labels)-1]
	if allDigits(last) {
		return "", errAddress
	}
	if len(labels) == 1 {
		return "", errBare
	}
	switch last {
	// RFC 6761, 6762, 7686, 9476; "internal" was reserved by ICANN in 2024. A
	// question about them would only tell others what the mail contains. Test
	// domains (.test, .example) are asked, since laboratories have them.
	case "localhost", "local", "onion", "invalid", "internal", "alt":
		return "", errNotDNS
	}
	return name + ".", nil
}

// validLabel accepts labels of hosts and of services; the name is in lower
// case.
func validLabel(label string) bool {
	if len(label) == 0 || len(label) > 63 {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if c != '-' && c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return label[0] != '-' && label[len(label)-1] != '-'
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// reversed writes an address as reverse and origin zones do: octets or nibbles
// from last to first, each followed by a dot.
func reversed(a netip.Addr) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	if a.Is4() {
		octets := a.As4()
		for i := len(octets) - 1; i >= 0; i-- {
			b.WriteString(strconv.Itoa(int(octets[i])))
			b.WriteByte('.')
		}
		return b.String()
	}
	bytes := a.As16()
	for i := len(bytes) - 1; i >= 0; i-- {
		b.Write([]byte{hex[bytes[i]&15], '.', hex[bytes[i]>>4], '.'})
	}
	return b.String()
}

// reverseName is the name of an address's PTR record (RFC 1035 section 3.5, RFC
// 3596 section 2.5).
func reverseName(a netip.Addr) string {
	if a.Is4() {
		return reversed(a) + "in-addr.arpa."
	}
	return reversed(a) + "ip6.arpa."
}

// addressType is the record type for addresses like a.
func addressType(a netip.Addr) uint16 {
	if a.Is4() {
		return dns.TypeA
	}
	return dns.TypeAAAA
}

// sharedSpace is for carrier-grade NAT (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// local reports whether an address has a meaning only within a network, so that
// public DNS knows nothing about it.
func local(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() ||
		a.IsInterfaceLocalMulticast() || sharedSpace.Contains(a) || a.Is4() && a.As4()[0] >= 240
}
