package evidence

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// ownMessage names our servers, domains and addresses wherever a message can.
func ownMessage(ours string, address netip.Addr) *Message {
	return &Message{
		Subject: "x", From: "boss@" + ours, ReturnPath: "bounce7@mail." + ours, ReplyTo: []string{"desk@" + ours}, Mailboxes: []string{"susan@" + ours, "buy@pills.example"},
		MessageID: "20240101.A1B2C3D4@mx1." + ours, MessageIDForm: "9.A@host", HeaderNames: "Received,From,To,Subject,List-Unsubscribe", HELO: "mx1." + ours, ReverseName: "mx1." + ours,
		Sender: address, AcceptedBy: "mx1." + ours, MXPriority: 10,
		Claims: []Claim{{Raw: "from x by mx1." + ours, Address: address}, {Raw: "from 198.51.100.9 by y", Address: netip.MustParseAddr("198.51.100.9")}},
		Links: []Link{
			{URL: "http://www." + ours + "/scan/A81B27C9D22?id=4711", Host: "www." + ours, Domain: ours, Found: "a@href"},
			{URL: "http://mx1." + ours + "/quarantine", Host: "mx1." + ours, Domain: ours, Found: "list-unsubscribe"},
			{URL: "http://shop.example/order/B7731", Host: "shop.example", Domain: "shop.example", Found: "a@href"},
		},
		Anomalies: []string{"helo-own-name"},
	}
}

// Our own hosts, domains and addresses are never evidence, however we were told of them.
func TestOwnIsNoEvidence(t *testing.T) {
	address := netip.MustParseAddr("192.0.2.7")
	domains := []string{"ours.example"}
	for name, own := range map[string]Own{
		"own-domain": {Servers: []string{"192.0.2.0/24"}, Domains: []string{"ours.example"}},
		"own-mx":     {Servers: []string{"*.ours.example", "192.0.2.7"}, Domains: domains},
		"inferred":   {Servers: []string{"ours.example", "mx1.ours.example", "www.ours.example", "mail.ours.example", "192.0.2.7"}, Domains: domains},
	} {
		m := ownMessage("ours.example", address)
		m.Own = own
		before := m.From + m.HELO + m.Links[0].Host + m.Mailboxes[0]
		got := Of(m)
		for _, f := range got {
			if strings.Contains(f.Value, "ours") && f.Kind != MXChosen && f.Kind != MessageID || strings.HasPrefix(f.Value, "192.0.2.") || strings.Contains(f.Value, "4711") || strings.Contains(strings.ToLower(f.Value), "a81b27") {
				t.Errorf("%s: %v %q is evidence", name, f.Kind, f.Value)
			}
		}
		for _, want := range []Feature{{LinkDomain, "shop.example"}, {Mailbox, "buy@pills.example"}, {Origin, "198.51.100.9"}, {Anomalies, "helo-own-name"}} {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %v %q is no evidence any more", name, want.Kind, want.Value)
			}
		}
		if m.From+m.HELO+m.Links[0].Host+m.Mailboxes[0] != before || len(m.Links) != 3 {
			t.Errorf("%s: the message was changed", name)
		}
	}
	// Of a stranger all of it is evidence: the test would fail otherwise.
	m := ownMessage("ours.example", address)
	m.Own = Own{Servers: []string{"mx.elsewhere.example"}}
	got := Of(m)
	for _, want := range []Feature{{LinkDomain, "ours.example"}, {SenderAddress, "192.0.2.7"}, {FromAddress, "boss@ours.example"}, {Mailbox, "susan@ours.example"}} {
		if !slices.Contains(got, want) {
			t.Errorf("of a stranger %v %q is no evidence", want.Kind, want.Value)
		}
	}
}

// A provider's servers may receive for us; strangers have addresses there, and send by it.
func TestAddressesAtOurProviderAreEvidence(t *testing.T) {
	m := &Message{From: "buy77@mail.provider.example", ReplyTo: []string{"pay@provider.example"}, HELO: "out1.provider.example", MessageID: "A1B2C3@out1.provider.example",
		Own: Own{Servers: []string{"*.provider.example"}}}
	got := Of(m)
	for _, want := range []Feature{{FromAddress, "buy77@mail.provider.example"}, {ReplyTo, "pay@provider.example"}} {
		if !slices.Contains(got, want) {
			t.Errorf("%v %q is no evidence", want.Kind, want.Value)
		}
	}
	for _, f := range got {
		if f.Kind == HELOName || f.Kind == MessageIDHost {
			t.Errorf("%v %q is evidence", f.Kind, f.Value)
		}
	}
	// A message that a server of the provider sent, by its verified name, is a stranger's.
	m.From, m.ReverseName = "buy77@shop.example", "out1.provider.example"
	if got := Of(m); !slices.Contains(got, Feature{HELOName, "out1.provider.example"}) {
		t.Errorf("nothing tells that the provider sent it: %v", got)
	}
}

func TestRegistriesOfOwnAreNoEvidence(t *testing.T) {
	ours, other := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("198.51.100.9")
	k := Knowledge{
		Domains: []Domain{
			{Name: "ours.example", Registrar: "registrar", Addresses: []netip.Addr{ours}},
			{Name: "shop.example", Registrar: "registrar", NameServers: []string{"ns1.ours.example", "ns.host.example"}, Addresses: []netip.Addr{ours, other}, ServerAddresses: []netip.Addr{ours, other}},
		},
		Addresses: []Address{{Addr: ours, Owner: "us"}, {Addr: other, Owner: "them"}},
	}
	got := k.Foreign(Own{Servers: []string{"192.0.2.0/24"}, Domains: []string{"ours.example"}})
	if len(got.Domains) != 1 || len(got.Addresses) != 1 || got.Addresses[0].Addr != other {
		t.Fatalf("%+v", got)
	}
	if d := got.Domains[0]; d.Name != "shop.example" || !slices.Equal(d.NameServers, []string{"ns.host.example"}) || !slices.Equal(d.Addresses, []netip.Addr{other}) || !slices.Equal(d.ServerAddresses, []netip.Addr{other}) {
		t.Errorf("%+v", d)
	}
	if len(k.Domains[1].NameServers) != 2 || len(k.Foreign(Own{}).Domains) != 2 {
		t.Errorf("%+v", k)
	}
}
