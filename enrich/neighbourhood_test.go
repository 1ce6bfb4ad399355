package enrich_test

import (
	"net/netip"
	"testing"

	"spoor/enrich"
)

func TestNeighbourhood(t *testing.T) {
	for in, want := range map[string][2]string{
		"192.0.2.7":           {"192.0.2.0/24", "192.0.0.0/16"},
		"::ffff:192.0.2.7":    {"192.0.2.0/24", "192.0.0.0/16"},
		"2001:db8:1:2::7":     {"2001:db8:1::/48", "2001:db8::/32"},
		"2001:db8:1:2::7%eth": {"2001:db8:1::/48", "2001:db8::/32"},
	} {
		customer, provider := enrich.Neighbourhood(netip.MustParseAddr(in))
		if customer.String() != want[0] || provider.String() != want[1] {
			t.Errorf("%s: %v and %v, want %v", in, customer, provider, want)
		}
	}
	if customer, provider := enrich.Neighbourhood(netip.Addr{}); customer.IsValid() || provider.IsValid() {
		t.Errorf("no address: %v and %v", customer, provider)
	}
}
