package correlation

import (
	"net/netip"
	"testing"

	"spoor/graph/evidence"
)

// An answer of a registry that is new, or another, is a reason for a run; their order is none.
func TestAnswersAreAReasonForARun(t *testing.T) {
	one := evidence.Domain{Name: "one.example", Registrar: "a"}
	two := evidence.Domain{Name: "two.example", Registrar: "b"}
	host := evidence.Address{Addr: netip.MustParseAddr("192.0.2.1"), Owner: "o"}
	m := newMemory()
	run := func(name string, unchanged bool, k evidence.Knowledge) {
		t.Helper()
		m.known = k
		sum, err := Run(t.Context(), m, Options{})
		if err != nil || sum.Unchanged != unchanged {
			t.Errorf("%s: unchanged %v, %v", name, sum.Unchanged, err)
		}
	}
	run("first", false, evidence.Knowledge{Domains: []evidence.Domain{one, two}})
	run("other order", true, evidence.Knowledge{Domains: []evidence.Domain{two, one}})
	two.Registrar = "a"
	run("another answer", false, evidence.Knowledge{Domains: []evidence.Domain{one, two}})
	run("an address", false, evidence.Knowledge{Domains: []evidence.Domain{one, two}, Addresses: []evidence.Address{host}})
	run("the same", true, evidence.Knowledge{Domains: []evidence.Domain{one, two}, Addresses: []evidence.Address{host}})
	run("none", false, evidence.Knowledge{})
}
