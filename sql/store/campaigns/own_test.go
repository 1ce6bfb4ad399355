package campaigns_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

// Settings, options of an import and inferred servers reach the evidence;
// users' settings replace inferred ones, and evidence is derived anew.
func TestOwnIsNoEvidence(t *testing.T) {
	f := storetest.Facts(1)
	host, domain := f.Links[0].Host, f.Links[0].Domain
	link := evidence.Feature{Kind: evidence.LinkDomain, Value: domain}.Key()
	for _, c := range []struct {
		name     string
		imported received.Own
		said     facts.OwnSettings
		evident  bool
	}{
		{"nothing is said", received.Own{}, nil, true},
		{"inferred", received.Own{Names: []string{host}, Inferred: true}, nil, false},
		{"--own-mx of the import", received.Own{Names: []string{"*." + domain, domain}}, nil, false},
		{"inferred, but people name another", received.Own{Names: []string{host}, Inferred: true}, facts.OwnSettings{{Kind: facts.OwnServer, Pattern: "mx.elsewhere.example"}}, true},
		{"own-mx", received.Own{}, facts.OwnSettings{{Kind: facts.OwnServer, Pattern: host}}, false},
		{"own-domain", received.Own{}, facts.OwnSettings{{Kind: facts.OwnDomain, Pattern: domain}}, false},
		{"an exchanger", received.Own{}, facts.OwnSettings{{Kind: facts.OwnExchanger, Pattern: host + "=10"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := storetest.New(t)
			b := storetest.Batch("/var/mail/trap", 1, 2)
			imp, err := facts.New(s).Begin(t.Context(), facts.Import{Class: ingest.Spam, Own: c.imported, StartedAt: time.Now()})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := imp.Store(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			deriveAll(t, s)
			if _, err := facts.New(s).AddOwn(t.Context(), c.said); err != nil {
				t.Fatal(err)
			}
			if n := deriveAll(t, s); n != int64(len(c.said)) {
				t.Errorf("evidence of %d messages was derived anew", n)
			}
			for _, r := range incidenceOf(t, s) {
				if slices.Contains(r.Features, link) != c.evident {
					t.Errorf("link domain %s is evidence: %v, want %v", domain, !c.evident, c.evident)
				}
			}
		})
	}
}

// Registries' data on our own hosts are no evidence either.
func TestRegistriesOfOwnAreNoEvidence(t *testing.T) {
	s := storetest.New(t)
	day := storetest.Day(10, 5)
	err := lookups.New(s).Observe(t.Context(), []enrich.Observation{storetest.Registration("ours.example", enrich.WHOIS, day, nil), storetest.Registration("shop.example", enrich.WHOIS, day, nil),
		storetest.Records("shop.example", day, "192.0.2.9", "203.0.113.9")})
	if err != nil {
		t.Fatal(err)
	}
	names := func() (out []string) {
		k, err := campaigns.New(s).Knowledge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range k.Domains {
			out = append(out, d.Name)
			for _, a := range d.Addresses {
				out = append(out, a.String())
			}
		}
		slices.Sort(out)
		return out
	}
	if got := names(); !slices.Equal(got, []string{"192.0.2.9", "203.0.113.9", "ours.example", "shop.example"}) {
		t.Fatalf("%q are known", got)
	}
	imp, err := facts.New(s).Begin(t.Context(), facts.Import{Class: ingest.Spam, StartedAt: time.Now(),
		Own: received.Own{Names: []string{"*.ours.example"}, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Inferred: true}})
	if err != nil || imp.ID == 0 {
		t.Fatal(err)
	}
	if got := names(); !slices.Equal(got, []string{"203.0.113.9", "shop.example"}) {
		t.Errorf("%q are evidence", got)
	}
}
