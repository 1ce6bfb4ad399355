package evidence

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// A kind without a complete record would be weighed as nothing and shown without words.
func TestRecordsAreComplete(t *testing.T) {
	names := make(map[string]bool)
	for k := range Kinds {
		r := &records[k]
		switch {
		case r.name == "" || names[r.name]:
			t.Errorf("kind %d is named %q", k, r.name)
		case r.group >= Groups:
			t.Errorf("%s: group %d", k, r.group)
		case strings.TrimSpace(r.words) == "":
			t.Errorf("%s: no words for people", k)
		case r.source.Place == 0:
			t.Errorf("%s: nobody knows where it can be read", k)
		case (r.source.Place == Fields) != (len(r.source.Fields) > 0 && r.source.Fact != nil):
			t.Errorf("%s: header fields %q", k, r.source.Fields)
		case k.Is(Telling) && (r.show == Digits || r.show == Hidden):
			t.Errorf("%s: tells people something, but is not shown to them", k)
		case k.Is(Person) && !k.Is(Inherited):
			t.Errorf("%s: names a registrant, yet messages have it themselves", k)
		}
		names[r.name] = true
		if got, ok := KindOf(r.name); !ok || got != k {
			t.Errorf("KindOf(%q) is %d", r.name, got)
		}
	}
	if Kinds.String() != "unknown" {
		t.Error(Kinds.String())
	}
	if _, ok := KindOf("no kind"); ok {
		t.Error("there is no such kind")
	}
}

func TestGroupsAreComplete(t *testing.T) {
	for g := range Groups {
		if got, ok := GroupOf(g.String()); !ok || got != g || g.About() == "" || g.Differ() == "" || len(g.Kinds()) == 0 {
			t.Errorf("group %d: %+v, %d kinds", g, groups[g], len(g.Kinds()))
		}
	}
	if _, ok := GroupOf(""); ok {
		t.Error("a group without a name")
	}
}

// Each kind has a value in some message, or in some answer of a registry. Only the grouping
// gives spamruns.
func TestEveryKindIsOffered(t *testing.T) {
	plain := Message{
		Text: 1, HTMLForm: 2, Subject: "Cheap watches for all", SubjectKey: "cheap watches for all", FromName: "Marston Watches", From: "glenn.m7@shop.example", ReplyTo: []string{"desk@other.example"},
		ReturnPath: "bounce-7734@list.other.test", Readers: []string{"smtpann@client.example"}, MessageID: "abcdefgh.0123@maker.test", MessageIDForm: "9@d", BoundaryForm: "b", MIMESkeleton: "a(b)", Encodings: "7bit",
		HeaderNames: "From,Subject,X-Odd-Name", Mailer: "Mailer 1.0", DateForm: "odd", Sender: netip.MustParseAddr("192.0.2.9"), HELO: "mail.host.test", ReverseName: "p7.dial.provider.test",
		AcceptedBy: "mx.ours.example", MXPriority: 10, Claims: []Claim{{Raw: "from a by b; now", Address: netip.MustParseAddr("203.0.113.5")}},
		Phones: []string{"+15550100"}, Mailboxes: []string{"pay@other.example"}, Wallets: []string{"bc1qexample"}, Attachments: []string{"00ff"}, FileNames: []string{"invoice.pdf"}, Anomalies: []string{"helo-number"},
		SenderFields:  []string{"feedback-id: 8812:mailing", "list-id: shop", "x-account: 55123", "x-id: WyI1MDA4MSIsIjkw", "x-priority: high", "dkim-signature: shop.example s1", "x-originatororg: rented"},
		BoundaryStart: "----=_Part_12345", Invisible: "t200B", Words: []string{"watches"}, Report: true,
		Links: []Link{
			{URL: "http://www9.pills-shop.example/order/page.php?aff=a12345", Host: "www9.pills-shop.example", Domain: "pills-shop.example", Found: "text"},
			{URL: "http://sites.test/ann/x", Host: "sites.test", Domain: "sites.test", Shared: "hosting", Tenant: "ann", Found: "text"},
			{URL: "http://p123456.sites.test/a/7301.png", Host: "p123456.sites.test", Domain: "sites.test", Shared: "hosting", Found: "img@src"},
			{URL: "http://u.leave.example/", Host: "u.leave.example", Domain: "leave.example", Found: "list-unsubscribe"},
		},
	}
	service := Message{From: "ann@shop.example", ReturnPath: "b@service.test", ReverseName: "o1.service.test", Links: []Link{{URL: "http://t.service.test/", Host: "t.service.test", Domain: "service.test", Found: "text"}}}
	d := Domain{Name: "pills-shop.example", RegistrantName: "Glenn Marston", RegistrantOrg: "Glenn Ltd", RegistrantEmail: "g@home.example", RegistrantPhone: "+15550101", Handle: "GM12-TEST", Registrar: "pens",
		Created: time.Unix(1e9, 0), NameServers: []string{"ns1.pool.example"}, Addresses: []netip.Addr{netip.MustParseAddr("198.51.100.1")}, ServerAddresses: []netip.Addr{netip.MustParseAddr("198.51.100.2")}}
	a := Address{Owner: "Provider", ASN: 64501}
	offered := slices.Concat(Of(&plain), Of(&service), d.Features(), a.Features(), a.HostFeatures())
	for k := range Kinds {
		if k != Spamrun && !slices.ContainsFunc(offered, func(f Feature) bool { return f.Kind == k }) {
			t.Errorf("%s: nothing offers it", k)
		}
	}
	for _, f := range slices.Concat(d.Features(), a.Features(), a.HostFeatures()) {
		if !f.Kind.Is(Inherited) {
			t.Errorf("%s: registries say it, yet it is not inherited", f.Kind)
		}
	}
	for _, f := range slices.Concat(Of(&plain), Of(&service)) {
		if f.Kind.Is(Inherited) {
			t.Errorf("%s: a message has it itself", f.Kind)
		}
	}
}

// A value typed without a kind is read as every kind with such values.
func TestBareValuesMayBeOfEveryKind(t *testing.T) {
	for k := range Kinds {
		if f := k.Form(); f != Free && !slices.Contains(Bare(f), k) {
			t.Errorf("%s: a bare value is never read so", k)
		}
	}
	for f, kinds := range bare {
		for _, k := range kinds {
			if k.Form() == Free {
				t.Errorf("form %d: %s has no normal form", f, k)
			}
		}
	}
}

func TestTypedWords(t *testing.T) {
	all := Typed()
	for word, first := range map[string]Kind{"link": LinkDomain, "host": LinkHost, "same text": Text, "sent from": SenderAddress, "from": FromAddress, "hosted in as": HostAS, "in the subject": SubjectWord} {
		if k := all[word]; len(k) == 0 || k[0] != first {
			t.Errorf("%q may be %v, want %s first", word, k, first)
		}
	}
	if len(typed["from"]) != 3 {
		t.Errorf("the table has changed: %v", typed["from"])
	}
}

func TestRegistered(t *testing.T) {
	at := time.Date(2002, 8, 1, 14, 44, 10, 0, time.UTC)
	d := Domain{Registrar: "Pens", Created: at}
	n := 0
	for _, f := range d.Features() {
		if f.Kind != RegisteredAt {
			continue
		}
		n++
		registrar, middle, day, ok := Registered(f.Value)
		if !ok || day || registrar != "pens" || middle.Sub(at).Abs() > window*time.Second/2 {
			t.Errorf("%q: %q, %v, %v, %v", f.Value, registrar, middle, day, ok)
		}
	}
	if n != 2 {
		t.Errorf("%d windows", n)
	}
	if _, at, day, ok := Registered("pens 2005-12-30"); !ok || !day || at.Day() != 30 {
		t.Error(at, day, ok)
	}
	for _, s := range []string{"", "pens ", "pens zzzzzzzzzzzzzzzz", "pens -1"} {
		if _, _, _, ok := Registered(s); ok {
			t.Errorf("%q was read", s)
		}
	}
}
