package enrich

import "net/netip"

// Neighbourhood returns the network that a customer commonly gets around an address, and
// the one that a provider commonly holds: /24 and /16 of IPv4, /48 and /32 of IPv6 (RFC
// 6177 section 2 on sites, the registries' policies on providers). The answer about an
// address mostly serves the first network and often the second. So the queue and the
// look-ups ask about one address of each at a time, and let its neighbours wait.
func Neighbourhood(a netip.Addr) (customer, provider netip.Prefix) {
	small, large := 24, 16
	if a = a.Unmap().WithZone(""); a.Is6() {
		small, large = 48, 32
	}
	customer, _ = a.Prefix(small) // fails for the zero address, and returns the zero prefix
	provider, _ = a.Prefix(large)
	return customer, provider
}
