package store_test

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store/storetest"
)

func TestKnowledge(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 1)
	deriveAll(t, s)
	if err := execAll(s, "UPDATE incidence SET sender = '198.51.100.9'"); err != nil {
		t.Fatal(err)
	}
	if k, err := s.Knowledge(t.Context()); err != nil || len(k.Domains)+len(k.Addresses) > 0 {
		t.Errorf("with nothing known: %+v, %v", k, err)
	}
	behindProxy := func(r *enrich.Registration) { r.Privacy = "Proxy Service" }
	observe(t, s, registration("x.example", enrich.WHOIS, day(10, 5), nil), records("x.example", day(10, 5), "203.0.113.8", "203.0.113.9"),
		failure(registration("x.example", enrich.WHOIS, day(11, 5), nil), enrich.None, "no match"), // gone, and still known
		registration("hidden.example", enrich.WHOIS, day(10, 5), behindProxy),
		netblock("203.0.113.8", "203.0.113.0/24", "Wide", day(10, 5)), netblock("203.0.113.8", "203.0.113.8/29", "Narrow", day(10, 5)),
		netblock("198.51.100.9", "198.51.100.0/24", "Senders", day(10, 5)))
	k, err := s.Knowledge(t.Context())
	if err != nil || len(k.Domains) != 2 {
		t.Fatalf("%+v, %v", k, err)
	}
	if d := k.Domains[0]; d.Name != "hidden.example" || !d.Privacy {
		t.Errorf("%+v", d)
	}
	want := evidence.Domain{Name: "x.example", RegistrantName: "A. Person", RegistrantOrg: "Shop", RegistrantEmail: "owner@example.org", RegistrantPhone: "+12025550100",
		Registrar: "example registrar", Created: day(time.October, 1), NameServers: []string{"ns1.x.example"}, // as DNS said
		Addresses: addrs("203.0.113.8", "203.0.113.9"), ServerAddresses: k.Domains[1].ServerAddresses}
	if d := k.Domains[1]; !reflect.DeepEqual(d, want) || len(d.ServerAddresses) == 0 {
		t.Errorf("got\n%+v\nwant\n%+v", d, want)
	}
	owners := map[netip.Addr]string{}
	for _, a := range k.Addresses {
		owners[a.Addr] = a.Owner
	}
	for address, owner := range map[string]string{"203.0.113.8": "Narrow", "203.0.113.9": "Narrow", "198.51.100.9": "Senders"} {
		if got := owners[netip.MustParseAddr(address)]; got != owner {
			t.Errorf("%s is %q's, want %q", address, got, owner)
		}
	}
}
