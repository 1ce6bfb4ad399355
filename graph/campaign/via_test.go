package campaign

import (
	"fmt"
	"testing"

	"spoor/graph/evidence"
)

// Each message links to a domain of its own; the shared values are those of the
// domains' registrations.
func TestTraitsThroughDomains(t *testing.T) {
	var b Builder
	for i := range 6 {
		domain := fmt.Sprintf("shop%d.example", i)
		b.AddDomain(evidence.Domain{Name: domain, RegistrantName: "Glenn Marston", Registrar: "pens"})
		b.Add(Row{Key: int64(i + 1), Features: keysOf(t, "text=a", "subject=s", "token=t", "core=m", "domain="+domain)})
	}
	r := b.Index(Options{}).Cluster()
	if len(r.Campaigns) != 1 {
		t.Fatalf("%d campaigns", len(r.Campaigns))
	}
	found := false
	for _, trait := range r.Campaigns[0].Traits {
		switch trait.Feature.Kind() {
		case evidence.Registrant:
			if found = true; trait.Via != "shop0.example" {
				t.Errorf("the registrant is known through %q", trait.Via)
			}
		case evidence.Text:
			if trait.Via != "" {
				t.Errorf("the text is known through %q", trait.Via)
			}
		}
	}
	if !found {
		t.Errorf("no registrant among %+v", r.Campaigns[0].Traits)
	}
}
