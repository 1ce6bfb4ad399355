package guard

import "net/netip"

// notPublic lists the IPv4 blocks outside of the public Internet: the IANA IPv4
// Special-Purpose Address Registry (RFC 6890 with updates), multicast, and the
// reserved rest.
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)

// global6 is the only IPv6 block from which unicast addresses are assigned (RFC
// 4291 section 2.4). notPublic6 lists the special blocks inside it.
var (
	global6    = netip.MustParsePrefix("2000::/3")
	notPublic6 = prefixes("2001::/23", "2001:db8::/32", "3fff::/20")
	sixToFour  = netip.MustParsePrefix("2002::/16") // RFC 3056: contains an IPv4 address
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
)

// prefixes parses blocks; a wrong one panics at the start of the program.
func prefixes(s ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(s))
	for i := range s {
		out[i] = netip.MustParsePrefix(s[i])
	}
	return out
}

// Public reports whether a is an ordinary public address. An address that
// contains an IPv4 address is judged by that one.
func Public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if a.Is4() {
		return a.IsValid() && !within(a, notPublic)
	}
	b := a.As16()
	switch {
	case !a.IsValid():
		return false
	case sixToFour.Contains(a):
		return Public(netip.AddrFrom4([4]byte(b[2:6])))
	case nat64.Contains(a):
		return Public(netip.AddrFrom4([4]byte(b[12:16])))
	}
	return global6.Contains(a) && !within(a, notPublic6)
}

// within reports whether one of the blocks contains an address.
func within(a netip.Addr, blocks []netip.Prefix) bool {
	for _, p := range blocks {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
