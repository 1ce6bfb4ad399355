package dossier

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"spoor/internal/block"
)

// judged gives the verdict on one sender of a campaign.
func judged(t *testing.T, s Sender, k Known) block.Verdict {
	t.Helper()
	c := Campaign{Senders: []Sender{s}, Indicators: []Indicator{{Kind: SenderIP, Value: s.Addr.String(), Members: 9, Spam: 9}}}
	c.Judge(k)
	return c.Indicators[0].Verdict
}

// neighbours are mail of n parties through servers of one name's domain.
func neighbours(name string, n int, ham bool) (out []Neighbour) {
	for i := range n {
		out = append(out, Neighbour{netip.MustParsePrefix("192.0.2.0/24"), fmt.Sprintf(name, i), fmt.Sprint("c", i), ham})
	}
	return out
}

func TestProvidersServers(t *testing.T) {
	at := netip.MustParseAddr("192.0.2.77")
	for _, c := range []struct {
		name string
		s    Sender
		k    Known
		want block.Reason
	}{
		{"its own", Sender{Addr: at, HELO: "mail.spam.example"}, Known{}, block.Alone},
		{"mailbox provider by its reverse name", Sender{Addr: at, ReverseName: "mail-lf1-f67.google.com", HELO: "mail-lf1-f67.google.com"}, Known{}, block.Relay},
		{"mailbox provider by its HELO, nobody looked", Sender{Addr: at, HELO: "mail-lf1-f67.google.com"}, Known{}, block.Relay},
		{"free-mail provider by its HELO, nobody looked", Sender{Addr: at, HELO: "out3.gmx.net"}, Known{}, block.Relay},
		{"HELO of a provider, but nameless", Sender{Addr: at, HELO: "out3.gmx.net", Nameless: true}, Known{}, block.Alone},
		{"many unrelated parties", Sender{Addr: at, ReverseName: "b9.bulk.example", HELO: "b9"}, Known{Neighbours: neighbours("b%d.bulk.example", 4, false)}, block.Parties},
		{"three parties", Sender{Addr: at, ReverseName: "b9.bulk.example", HELO: "b9"}, Known{Neighbours: neighbours("b%d.bulk.example", 3, false)}, block.Alone},
		{"wanted mail among two parties", Sender{Addr: at, ReverseName: "b9.bulk.example", HELO: "b9"}, Known{Neighbours: neighbours("b%d.bulk.example", 2, true)}, block.Parties},
		{"parties of another domain", Sender{Addr: at, ReverseName: "b9.bulk.example", HELO: "b9"}, Known{Neighbours: neighbours("b%d.other.example", 9, true)}, block.Alone},
		{"an end user's line", Sender{Addr: at, ReverseName: "p2-77.pool.lines.example", HELO: "77"}, Known{Neighbours: neighbours("p2-%d.pool.lines.example", 9, true)}, block.Alone},
		{"the free-mail domain's SPF", Sender{Addr: at, HELO: "x"}, Known{FreeMail: ReadSPF("v=spf1 ip4:192.0.2.0/24 -all")}, block.FreeMail},
	} {
		if v := judged(t, c.s, c.k); v.Reason != c.want {
			t.Errorf("%s: %q, want %q", c.name, v.Reason, c.want)
		}
	}
}

func TestReadSPF(t *testing.T) {
	got := fmt.Sprint(ReadSPF("v=spf1 +ip4:192.0.2.0/24 ip6:2001:db8::/32 ip4:203.0.113.9 include:_spf.example.com ip4:0.0.0.0/0 ip4:junk a mx -all"))
	if want := "[192.0.2.0/24 2001:db8::/32 203.0.113.9/32]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A phish that calls itself by the brand links to the brand's own pages.
func TestBrandsByName(t *testing.T) {
	first := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	c := Campaign{FirstSeen: first, Domains: []Domain{{Name: "bigbank.example"}, {Name: "bigbank.test", Created: first.AddDate(0, 0, -3)}},
		Messages: []Message{{FromName: "BigBank, Security"}, {FromName: "bigbank"}}}
	for _, d := range []string{"bigbank.example", "bigbank.test"} {
		c.Indicators = append(c.Indicators, Indicator{Kind: LinkHost, Value: d, Members: 9, Spam: 9})
	}
	c.Judge(Known{})
	if v := c.Indicators[0].Verdict; v.Reason != block.Claimed {
		t.Errorf("the brand's own: %q", v.Reason)
	}
	if v := c.Indicators[1].Verdict; !v.Block {
		t.Errorf("registered three days before: %q", v.Reason)
	}
}
