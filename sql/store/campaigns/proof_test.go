package campaigns_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"spoor/graph/campaign"
	"spoor/ingest"
	"spoor/sql/store/campaigns"
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
		p := campaigns.Proof{Raw: c.raw}
		if got := string(p.Header()); got != c.want && !strings.HasPrefix(got, "Subject: x\n") {
			t.Errorf("%s: %q", c.name, got[:min(len(got), 100)])
		}
	}
	p := campaigns.Proof{Raw: packed(strings.Repeat("X: endless\n", 1_000_000))}
	if n := len(p.Header()); n > 1<<20 {
		t.Errorf("%d bytes of a header without an end", n)
	}
}

func TestProofs(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 20)
	keys := keysOf(t, s)
	proofs, err := campaigns.New(s).Proofs(t.Context(), append(keys[:3:3], 12345))
	if err != nil || len(proofs) != 3 {
		t.Fatal(len(proofs), err)
	}
	for _, p := range proofs {
		if !slices.Contains(keys[:3], p.Key) || len(p.SHA256) != 64 || p.Campaign != 0 || !strings.Contains(p.Received, "by mx.example.org") ||
			len(p.Raw) == 0 || !slices.Equal(p.Anomalies, []string{"helo-number", "reverse-unknown"}) || len(p.Evidence) != 2 {
			t.Errorf("%+v", p)
		}
	}
	seen := 0
	if err := campaigns.New(s).Incidence(t.Context(), func(r campaign.Row) { seen += min(len(r.Features), 1) }); err != nil || seen != 20 {
		t.Errorf("evidence of %d messages, %v", seen, err)
	}
}

func TestMessagesAt(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 20)
	f := storetest.Facts(3)
	messages, err := campaigns.New(s).Evidence(t.Context(), keysOf(t, s))
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
		of   campaigns.Indicator
		want []int64
	}{
		{campaigns.Indicator{Kind: "host", Value: f.Links[0].Host}, host},
		{campaigns.Indicator{Kind: "host", Value: f.Links[0].Domain}, host},
		{campaigns.Indicator{Kind: "net", Net: netip.PrefixFrom(f.SenderAddr, 32)}, sender},
		{campaigns.Indicator{Kind: "net", Net: net}, within},
		{campaigns.Indicator{Kind: "host", Value: "absent.example"}, nil},
		{campaigns.Indicator{Kind: "net", Net: netip.MustParsePrefix("2001:db8::/32")}, nil},
	} {
		got, err := campaigns.New(s).MessagesAt(t.Context(), c.of, 100)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, %v; want %v", c.of, got, err, c.want)
		}
	}
	if len(within) < 2 {
		t.Fatalf("%d messages from %s test nothing", len(within), net)
	}
	if got, err := campaigns.New(s).MessagesAt(t.Context(), campaigns.Indicator{Kind: "net", Net: net}, 1); err != nil || len(got) != 1 {
		t.Errorf("limit: %v, %v", got, err)
	}
}
