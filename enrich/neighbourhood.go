package enrich

import "net/netip"

// Neighbourhood returns the usual networks of a customer and of a provider
// around an address: /24 and /16 for IPv4, /48 and /32 for IPv6 (RFC 6177
// section 2 for sites, the registries' policies for providers). An answer about
// one address usually covers the first network and often the second. Queue and
// look-ups therefore ask about one address of each and let its neighbours wait
// for the answer.
func Neighbourhood(a netip.Addr) (customer, provider netip.Prefix) {
	small, large := 24, 16
	if a = a.Unmap().WithZone(""); a.Is6() {
		small, large = 48, 32
	}
	customer, _ = a.Prefix(small) // an invalid address gives the zero prefix
	provider, _ = a.Prefix(large)
	return customer, provider
}
