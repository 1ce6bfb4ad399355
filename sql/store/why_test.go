package store_test

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"spoor/enrich"
	"spoor/graph/campaign"
	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/storetest"
)

func TestHeaderAsItCame(t *testing.T) {
	packed := func(s string) []byte {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return z.EncodeAll([]byte(s), nil)
	}
	long := packed("Subject: x\n\n" + strings.Repeat("body body body ", 200_000))
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"unix lines", packed("Subject: a\n b\nFrom: c\n\nbody\n\nmore"), "Subject: a\n b\nFrom: c"},
		{"lines as on the wire", packed("Subject: a\r\nFrom: c\r\n\r\nbody\n\nmore"), "Subject: a\r\nFrom: c"},
		{"no body", packed("Subject: a"), "Subject: a"},
		{"not kept", nil, ""},
		{"not compressed", []byte("Subject: a\n\nbody"), ""},
		{"its beginning alone", long[:len(long)/2], "Subject: x"},
	} {
		p := store.Proof{Raw: c.raw}
		if got := string(p.Header()); got != c.want && !strings.HasPrefix(got, "Subject: x\n") {
			t.Errorf("%s: %q", c.name, got[:min(len(got), 100)])
		}
	}
	p := store.Proof{Raw: packed(strings.Repeat("X: endless\n", 1_000_000))}
	if n := len(p.Header()); n > 1<<20 {
		t.Errorf("%d bytes of a header without an end", n)
	}
}

func TestProofs(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 20)
	keys := keysOf(t, s)
	proofs, err := s.Proofs(t.Context(), append(keys[:3:3], 12345))
	if err != nil || len(proofs) != 3 {
		t.Fatal(len(proofs), err)
	}
	for _, p := range proofs {
		if !slices.Contains(keys[:3], p.Key) || len(p.SHA256) != 64 || p.Campaign != 0 || !strings.Contains(p.Received, "by mx.example.org") ||
			len(p.Raw) == 0 || !slices.Equal(p.Oddities, []string{"helo-number", "reverse-unknown"}) || len(p.Evidence) != 2 {
			t.Errorf("%+v", p)
		}
	}
	seen := 0
	if err := s.Incidence(t.Context(), func(r campaign.Row) { seen += min(len(r.Features), 1) }); err != nil || seen != 20 {
		t.Errorf("evidence of %d messages, %v", seen, err)
	}
}

func TestMessagesAt(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 20)
	f := makeFacts(3)
	messages, err := s.Evidence(t.Context(), keysOf(t, s))
	if err != nil {
		t.Fatal(err)
	}
	wanted := func(has func(int) bool) (out []int64) {
		for i := range messages {
			if has(i) {
				out = append(out, messages[i].Key)
			}
		}
		slices.Sort(out)
		return out
	}
	host := wanted(func(i int) bool { return messages[i].Links[0].Host == f.Links[0].Host })
	sender := wanted(func(i int) bool { return messages[i].Sender == f.SenderAddr })
	net := netip.PrefixFrom(f.SenderAddr, 25).Masked()
	within := wanted(func(i int) bool { return net.Contains(messages[i].Sender) })
	for _, c := range []struct {
		of   store.Indicator
		want []int64
	}{
		{store.Indicator{Kind: "host", Value: f.Links[0].Host}, host},
		{store.Indicator{Kind: "host", Value: f.Links[0].Domain}, host},
		{store.Indicator{Kind: "net", Net: netip.PrefixFrom(f.SenderAddr, 32)}, sender},
		{store.Indicator{Kind: "net", Net: net}, within},
		{store.Indicator{Kind: "host", Value: "absent.example"}, nil},
		{store.Indicator{Kind: "net", Net: netip.MustParsePrefix("2001:db8::/32")}, nil},
	} {
		got, err := s.MessagesAt(t.Context(), c.of, 100)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, %v; want %v", c.of, got, err, c.want)
		}
	}
	if len(within) < 2 {
		t.Fatalf("%d messages from %s test nothing", len(within), net)
	}
	if got, err := s.MessagesAt(t.Context(), store.Indicator{Kind: "net", Net: net}, 1); err != nil || len(got) != 1 {
		t.Errorf("limit: %v, %v", got, err)
	}
}

func TestAnswers(t *testing.T) {
	s := storetest.New(t)
	at := time.Date(2006, 1, 8, 15, 10, 0, 0, time.UTC)
	shop, address := enrich.Subject{Kind: enrich.Domain, Name: "shop.example"}, enrich.Subject{Kind: enrich.Address, Name: "198.51.100.202"}
	err := s.Observe(t.Context(), []enrich.Observation{
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
	answers, err := s.Answers(t.Context(), "domain", "shop.example")
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
	blocks, err := s.BlocksOf(t.Context(), netip.MustParseAddr("::ffff:198.51.100.202"))
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
