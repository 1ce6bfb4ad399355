package netblock

import (
	"net/netip"
	"strconv"
	"strings"

	"go4.org/netipx"

	"spoor/enrich/rdap"
)

// maxPrefixes limits a list of prefixes; ARIN's longest "CIDR:" lines have 30.
const maxPrefixes = 64

// parseRange parses a range in the forms of the registries:
//
//	192.0.2.0 - 192.0.2.255            RPSL, ARIN
//	192.0.2.0/24, 2001:0db8::/32       RPSL for IPv6, LACNIC, rwhois
//	200.118/16                         LACNIC leaves out the zeros
//	192.0.2.0 - 192.0.3.127 (/24+/25)  KRNIC
//	192.0.2.0/24, 192.0.3.0/25         ARIN's CIDR, when there is no range
//
// Of a list it returns the contiguous part that contains addr.
func parseRange(s string, addr netip.Addr) netipx.IPRange {
	if i := strings.IndexAny(s, "(#"); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimSpace(s)
	if from, to, ok := strings.Cut(s, "-"); ok {
		first, ok1 := parseAddr(from)
		last, ok2 := parseAddr(to)
		if !ok1 || !ok2 {
			return netipx.IPRange{}
		}
		return netipx.IPRangeFrom(first, last) // invalid if reversed or of two families
	}
	if strings.ContainsAny(s, ", ") {
		return listRange(s, addr)
	}
	if pre, ok := parsePrefix(s); ok {
		return netipx.RangeOfPrefix(pre)
	}
	if a, ok := parseAddr(s); ok {
		return netipx.IPRangeFrom(a, a)
	}
	return netipx.IPRange{}
}

// listRange merges a list of prefixes and returns the contiguous range that
// contains the address.
func listRange(s string, addr netip.Addr) netipx.IPRange {
	var b netipx.IPSetBuilder
	n := 0
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		pre, ok := parsePrefix(f)
		if !ok || n == maxPrefixes {
			return netipx.IPRange{}
		}
		b.AddPrefix(pre)
		n++
	}
	set, err := b.IPSet()
	if err != nil {
		return netipx.IPRange{}
	}
	for _, r := range set.Ranges() {
		if r.Contains(addr) {
			return r
		}
	}
	return netipx.IPRange{}
}

// parsePrefix parses a prefix, also with omitted zeros or with host bits set.
func parsePrefix(s string) (netip.Prefix, bool) {
	a, l, ok := strings.Cut(strings.TrimSpace(s), "/")
	if !ok || len(l) == 0 || len(l) > 3 {
		return netip.Prefix{}, false
	}
	bits, err := strconv.ParseUint(l, 10, 8)
	if err != nil {
		return netip.Prefix{}, false
	}
	if !strings.Contains(a, ":") {
		a += strings.Repeat(".0", max(0, 3-strings.Count(a, ".")))
	}
	addr, ok := parseAddr(a)
	if !ok {
		return netip.Prefix{}, false
	}
	pre, err := addr.Prefix(int(bits))
	return pre, err == nil
}

// parseAddr parses an address, also with leading zeros in decimal
// (074.125.000.000 in ARIN's RDAP) and with a length (192.0.2.0/32 in RIPE's).
func parseAddr(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if host, l, ok := strings.Cut(s, "/"); ok && (l == "32" || l == "128") {
		s = host
	}
	if len(s) > 45 || strings.Contains(s, "/") {
		return netip.Addr{}, false
	}
	return rdap.Address(s)
}

// compareSize orders ranges by their number of addresses. Both contain the same
// address, so comparing differences is enough.
//
// 128 bits are compared as bytes, as no integer type of Go holds the size of an
// IPv6 range.
func compareSize(a, b netipx.IPRange) int {
	x, y := sizeOf(a), sizeOf(b)
	for i := range x {
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return 0
}

// sizeOf returns the last address minus the first, big-endian.
func sizeOf(r netipx.IPRange) (d [16]byte) {
	from, to := r.From().As16(), r.To().As16()
	borrow := 0
	for i := 15; i >= 0; i-- {
		n := int(to[i]) - int(from[i]) - borrow
		borrow = 0
		if n < 0 {
			n += 256
			borrow = 1
		}
		d[i] = byte(n)
	}
	return d
}

// widerThan reports whether r has more addresses than a prefix of that length.
func widerThan(r netipx.IPRange, bits int) bool {
	pre, err := r.From().Prefix(bits)
	if err != nil {
		return false
	}
	return compareSize(r, netipx.RangeOfPrefix(pre)) > 0
}
