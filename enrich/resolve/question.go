package resolve

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// question is what is asked: a name with its final dot, in lower case, and a type.
type question struct {
	name  string
	qtype uint16
}

func (q question) String() string { return dns.TypeToString[q.qtype] }

// Why a name is never asked.
var (
	errNoName  = errors.New("it is not a host name")
	errNotDNS  = errors.New("its top-level domain is never in the public DNS (RFC 6761)")
	errAddress = errors.New("it is an address")
	errBare    = errors.New("it is a bare name without a domain")
)

// fqdn checks a name that is to be asked, and returns it in the form of a question. Names
// come out of mail: whatever is not made of letters, digits, "-" and "_" in labels of at
// most 63 bytes is no name that DNS is asked about.
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
	case "localhost", "local", "onion", "invalid", "internal", "alt":
		return "", errNotDNS
	}
	return name + ".", nil
}

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

// reversed writes an address as reverse zones have it, and origin zones: octets or nibbles
// from the last to the first, a dot after each.
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

// reverseName is where the PTR record of an address is (RFC 1035, 3.5; RFC 3596, 2.5).
func reverseName(a netip.Addr) string {
	if a.Is4() {
		return reversed(a) + "in-addr.arpa."
	}
	return reversed(a) + "ip6.arpa."
}

// addressType is the type that has addresses like a.
func addressType(a netip.Addr) uint16 {
	if a.Is4() {
		return dns.TypeA
	}
	return dns.TypeAAAA
}

// sharedSpace is for carriers' own networks (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// local reports whether an address has a meaning only inside somebody's network, so that
// the public DNS knows nothing of it.
func local(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() ||
		a.IsInterfaceLocalMulticast() || sharedSpace.Contains(a) || a.Is4() && a.As4()[0] >= 240
}
