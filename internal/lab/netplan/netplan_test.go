package netplan

import (
	"net/netip"
	"testing"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/simnet"
)

// TestPlan checks that all that is handed out is new, lies where it should, and is known
// to registries and DNS.
func TestPlan(t *testing.T) {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	p := New(dice.New(1, "plan"), start, []Format{{"test", "whois.test.example", "icann"}})
	names := map[string]bool{}
	for i := range 3000 {
		n := p.Name(i, "test")
		if names[n] {
			t.Fatalf("%s twice", n)
		}
		names[n] = true
	}
	b := p.Block("Some Lines Inc.", 20, "dyn-%d.lines.example")
	for range 200 {
		a := b.Addr()
		if !b.prefix.Contains(a) || p.Registries.IPs[a.String()].Net != b.prefix.String() || p.RDNS(a) == "" {
			t.Fatalf("%s of %s: %+v", a, b.prefix, p.Registries.IPs[a.String()])
		}
	}
	o := p.Owner(2, true, true)
	p.Register("shop.test", o, b.Addr(), start)
	d := p.Registries.Domains["shop.test"]
	if d == nil || d.NS[0] != o.NS[0] || d.Privacy == nil || p.Registries.Hosts["mail.shop.test"] == nil {
		t.Errorf("%+v", d)
	}
	p.Register("shop.test", p.Owner(1, false, false), netip.Addr{}, start)
	if p.Registries.Domains["shop.test"] != d {
		t.Error("a registration was replaced")
	}
	w, err := p.Registries.Simnet()
	if err != nil {
		t.Fatal(err)
	}
	simnet.New(t, w)
}
