package campaigns_test

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

func TestKnowledge(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 1)
	deriveAll(t, s)
	if err := storetest.Exec(s, "UPDATE incidence SET sender = '198.51.100.9'"); err != nil {
		t.Fatal(err)
	}
	if k, err := campaigns.New(s).Knowledge(t.Context()); err != nil || len(k.Domains)+len(k.Addresses) > 0 {
		t.Errorf("with nothing known: %+v, %v", k, err)
	}
	behindProxy := func(r *enrich.Registration) { r.Privacy = "Proxy Service" }
	err := lookups.New(s).Observe(t.Context(), []enrich.Observation{storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 5), nil), storetest.Records("x.example", storetest.Day(10, 5), "203.0.113.8", "203.0.113.9"),
		storetest.Failure(storetest.Registration("x.example", enrich.WHOIS, storetest.Day(11, 5), nil), enrich.None, "no match"), // gone, and still known
		storetest.Registration("hidden.example", enrich.WHOIS, storetest.Day(10, 5), behindProxy),
		storetest.Netblock("203.0.113.8", "203.0.113.0/24", "Wide", storetest.Day(10, 5)), storetest.Netblock("203.0.113.8", "203.0.113.8/29", "Narrow", storetest.Day(10, 5)),
		storetest.Netblock("198.51.100.9", "198.51.100.0/24", "Senders", storetest.Day(10, 5))})
	if err != nil {
		t.Fatal(err)
	}
	k, err := campaigns.New(s).Knowledge(t.Context())
	if err != nil || len(k.Domains) != 2 {
		t.Fatalf("%+v, %v", k, err)
	}
	if d := k.Domains[0]; d.Name != "hidden.example" || !d.Privacy {
		t.Errorf("%+v", d)
	}
	want := evidence.Domain{Name: "x.example", RegistrantName: "A. Person", RegistrantOrg: "Shop", RegistrantEmail: "owner@example.org", RegistrantPhone: "+12025550100",
		Registrar: "example registrar", Created: storetest.Day(time.October, 1), NameServers: []string{"ns1.x.example"}, // as DNS said
		Addresses: storetest.Addrs("203.0.113.8", "203.0.113.9"), ServerAddresses: k.Domains[1].ServerAddresses}
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

// A domain that was registered anew after the last mail that names it: its new
// registrant sent none of it, and the earlier registration counts.
func TestKnowledgeOfTheLifeThatMailNames(t *testing.T) {
	s := storetest.New(t)
	of := func(name string, asked, created time.Time, who string) enrich.Observation {
		return storetest.Registration(name, enrich.WHOIS, asked, func(r *enrich.Registration) {
			r.Created, r.Registrant = created, enrich.Contact{Name: who}
		})
	}
	year := func(y int) time.Time { return time.Date(y, 6, 1, 12, 0, 0, 0, time.UTC) }
	err := lookups.New(s).Observe(t.Context(), []enrich.Observation{
		of("anew.example", year(2006), year(2004), "First"), of("anew.example", year(2020), year(2015), "Second"),
		of("unknown.example", year(2020), year(2015), "Second"), of("same.example", year(2020), year(2004), "Same"),
	})
	if err == nil {
		err = storetest.Exec(s, "UPDATE domains SET last_mail = '2007-01-01'")
	}
	if err != nil {
		t.Fatal(err)
	}
	k, err := campaigns.New(s).Knowledge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, d := range k.Domains {
		got[d.Name] = d.RegistrantName
	}
	if want := map[string]string{"anew.example": "First", "same.example": "Same"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
