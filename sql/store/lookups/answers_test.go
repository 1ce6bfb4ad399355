package lookups_test

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"spoor/enrich"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

func TestAnswers(t *testing.T) {
	s := storetest.New(t)
	at := time.Date(2006, 1, 8, 15, 10, 0, 0, time.UTC)
	shop, address := enrich.Subject{Kind: enrich.Domain, Name: "shop.example"}, enrich.Subject{Kind: enrich.Address, Name: "198.51.100.202"}
	err := lookups.New(s).Observe(t.Context(), []enrich.Observation{
		{Subject: shop, Source: enrich.WHOIS, Server: "whois.nic.example:43", AskedAt: at, Outcome: enrich.Answered,
			Raw: []byte("Registrar: PENS\r\n\r\n  Registrant: Andr\xe9\n" + strings.Repeat("x", 5000)), Parsed: &enrich.Registration{Domain: "shop.example"}},
		{Subject: shop, Source: enrich.RDAP, Server: "rdap.nic.example", AskedAt: at, Outcome: enrich.Refused, Detail: "no"},
		{Subject: shop, Source: enrich.DNS, Server: "127.0.0.1:53", AskedAt: at, Outcome: enrich.Answered, Parsed: &enrich.Records{
			A: []netip.Addr{netip.MustParseAddr("198.51.100.202")}, MX: []enrich.MX{{Preference: 10, Host: "mx.shop.example"}},
			NS: []enrich.NameServer{{Host: "one.shop.example", Addrs: []netip.Addr{netip.MustParseAddr("2001:db8::53")}}}}},
		{Subject: address, Source: enrich.IPWHOIS, Server: "whois.rir.example:43", AskedAt: at, Outcome: enrich.Answered, Raw: []byte("descr: Commerce"),
			Parsed: &enrich.Netblock{First: netip.MustParseAddr("198.51.100.200"), Last: netip.MustParseAddr("198.51.100.207"),
				Prefixes: []netip.Prefix{netip.MustParsePrefix("198.51.100.200/29")}, Owner: "Commerce", Name: "COMMERCE-NET"}},
		{Subject: address, Source: enrich.Origin, Server: "127.0.0.1:53", AskedAt: at, Outcome: enrich.Answered,
			Parsed: &enrich.OriginAS{ASNs: []uint32{64501}, Prefix: netip.MustParsePrefix("198.51.100.0/24"), Names: []string{"COMMERCE-AS"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	answers, err := lookups.New(s).Answers(t.Context(), "domain", "shop.example")
	if err != nil || len(answers) != 2 {
		t.Fatalf("%+v, %v", answers, err)
	}
	for _, a := range answers {
		want := []string{"Registrar: PENS", "Registrant: André", strings.Repeat("x", 400)}
		if a.Source == "dns" {
			want = []string{"shop.example A 198.51.100.202", "shop.example MX 10 mx.shop.example", "shop.example NS one.shop.example", "one.shop.example AAAA 2001:db8::53"}
		}
		if !slices.Equal(a.Lines, want) || !a.At.Equal(at) || a.Server == "" {
			t.Errorf("%+v", a)
		}
	}
	blocks, err := lookups.New(s).Blocks(t.Context(), netip.MustParseAddr("::ffff:198.51.100.202"))
	if err != nil || len(blocks) != 2 {
		t.Fatalf("%+v, %v", blocks, err)
	}
	if b := blocks[0]; b.Owner != "Commerce" || b.Prefix.String() != "198.51.100.200/29" || b.Source != "whois-ip" || b.Server != "whois.rir.example:43" {
		t.Errorf("%+v", b)
	}
	if b := blocks[1]; !slices.Equal(b.ASNs, []int64{64501}) || !slices.Equal(b.ASNames, []string{"COMMERCE-AS"}) {
		t.Errorf("%+v", b)
	}
	if bytes.Contains([]byte(answers[0].Lines[0]), []byte("\r")) {
		t.Error("a line ends with a carriage return")
	}
}

// An answer is shown in the characters that its registry wrote, as it was parsed.
func TestAnswersInOtherCharacterSets(t *testing.T) {
	s := storetest.New(t)
	at := time.Date(2006, 1, 8, 15, 10, 0, 0, time.UTC)
	for _, c := range []struct {
		kind               enrich.Kind
		source             enrich.Source
		name, server, line string
		in                 encoding.Encoding
	}{
		{enrich.Domain, enrich.WHOIS, "koi8.example", "whois.nic.example:43", "org: Общество с ограниченной ответственностью", charmap.KOI8R},
		{enrich.Domain, enrich.WHOIS, "euc.example", "whois.nic.example:43", "[登録者名] エグザンプル株式会社のドメイン", japanese.EUCJP},
		{enrich.Domain, enrich.RegistrarWHOIS, "hint.tr", "whois.registrar.example:43", "İstanbul Şirketi, Ağrı", charmap.Windows1254},
		{enrich.Address, enrich.IPWHOIS, "192.0.2.1", "whois.example.jp:43", "登録者", japanese.EUCJP},
	} {
		raw, err := c.in.NewEncoder().String(c.line)
		if err != nil {
			t.Fatal(err)
		}
		o := enrich.Observation{Subject: enrich.Subject{Kind: c.kind, Name: c.name}, Source: c.source, Server: c.server, AskedAt: at,
			Outcome: enrich.Answered, Raw: []byte(raw + "\r\n")}
		if err := lookups.New(s).Observe(t.Context(), []enrich.Observation{o}); err != nil {
			t.Fatal(err)
		}
		got, err := lookups.New(s).Answers(t.Context(), string(c.kind), c.name)
		if err != nil || len(got) != 1 || !slices.Equal(got[0].Lines, []string{c.line}) {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.line)
		}
	}
}
