package evidence

import (
	"net/netip"
	"testing"
)

func TestSender(t *testing.T) {
	m := &Message{Sender: netip.MustParseAddr("::ffff:192.0.2.9")}
	want(t, m, SenderAddress, "192.0.2.9")
	want(t, m, SenderNet, "192.0.2.0/24")
	m = &Message{Sender: netip.MustParseAddr("fe80::1%eth0")}
	want(t, m, SenderAddress, "fe80::1")
	want(t, m, SenderNet, "fe80::/48")
	want(t, &Message{}, SenderAddress)
}

func TestHELO(t *testing.T) {
	sender := netip.MustParseAddr("192.0.2.9")
	for name, c := range map[string]struct {
		helo, reverse, form string
		named               bool
	}{
		"a bare number":            {"144848872", "", "99", true},
		"a bare word":              {"oemcomputer", "", "a16", true},
		"its own address":          {"192.0.2.9", "", "address", true},
		"in brackets":              {"[192.0.2.9]", "", "[address]", true},
		"another's address":        {"198.51.100.7", "", "another's address", true},
		"another's, in brackets":   {"[198.51.100.7]", "", "another's [address]", true},
		"the reverse name":         {"Mail.Shop.test.", "mail.shop.test", "", true},
		"not the reverse name":     {"mail3.shop.test", "p77.dial.test", "not the reverse name: shop.test", true},
		"no reverse name":          {"mail.shop.test", "", "", true},
		"nothing":                  {"", "p77.dial.test", "", false},
		"only a dot":               {".", "", "", false},
		"a host that it links to":  {"pills.test", "", "", false},
		"the From address's":       {"mx.home.test", "", "", false},
		"a free provider's":        {"gmail.com", "", "", false},
		"brackets without address": {"[nothing]", "", "[a8]", true},
	} {
		t.Run(name, func(t *testing.T) {
			m := &Message{Sender: sender, HELO: c.helo, ReverseName: c.reverse, From: "a@home.test", Links: []Link{{Host: "pills.test", Domain: "pills.test"}}}
			if got := valuesOf(m, HELOName); (len(got) == 1) != c.named {
				t.Errorf("names %q", got)
			}
			form := ""
			if got := valuesOf(m, HELOForm); len(got) > 0 {
				form = got[0]
			}
			if form != c.form {
				t.Errorf("%q, want %q", form, c.form)
			}
		})
	}
}

func TestFromAndBounce(t *testing.T) {
	m := &Message{From: "Glenn48211@GMAIL.com", FromName: " Glenn Marston ", ReturnPath: "bounce-77-maria=example.com@list.mailer.test", Readers: []string{"Maria@example.com"}}
	want(t, m, FromAddress, "glenn48211@gmail.com")
	want(t, m, FromDomain) // anybody's
	want(t, m, FromForm, "A2a895@gmail.com")
	want(t, m, FromName, "glenn marston")
	want(t, m, BounceDomain, "mailer.test")
	other := &Message{From: "x@y.test", ReturnPath: "bounce-91-someoneelse=example.net@list.mailer.test", Readers: []string{"someoneelse@example.net"}}
	if a, b := valuesOf(m, BounceForm), valuesOf(other, BounceForm); len(a) != 1 || len(b) != 1 || a[0] != b[0] {
		t.Errorf("%q and %q: a reader's name is in the form", a, b)
	}
	want(t, &Message{From: "a@shop.test", ReturnPath: "A@Shop.test"}, BounceDomain)
	want(t, &Message{From: "a@shop.test", ReturnPath: "b@gmail.com"}, BounceDomain)
	want(t, &Message{From: "a@shop.test", ReturnPath: "b@pills.test", Links: []Link{{Domain: "pills.test"}}}, BounceDomain)
	want(t, &Message{From: "a@shop.test", FromName: "A@shop.test"}, FromName)
	want(t, &Message{From: "a@shop.test", ReplyTo: []string{"A@SHOP.test", "b@gmail.com", ""}}, ReplyTo, "b@gmail.com")
	for _, broken := range []string{"", "@", "a@", "@b.test", "no at sign"} {
		sound(t, Of(&Message{From: broken, ReturnPath: broken + "x", ReplyTo: []string{broken}, Readers: []string{broken}}))
	}
}

// The lowest claim names where mail began, if it can be true.
func TestOrigin(t *testing.T) {
	claims := func(addresses ...string) []Claim {
		var out []Claim
		for _, a := range addresses {
			addr, _ := netip.ParseAddr(a)
			out = append(out, Claim{Address: addr})
		}
		return out
	}
	for name, c := range map[string]struct {
		claims []Claim
		want   []string
	}{
		"the lowest":            {claims("198.51.100.1", "203.0.113.5"), []string{"203.0.113.5"}},
		"not a private one":     {claims("198.51.100.1", "10.0.0.1", "192.168.1.1"), []string{"198.51.100.1"}},
		"not a loopback":        {claims("127.0.0.1", "::1", "fe80::1"), nil},
		"not one that is none":  {claims("", "x"), nil},
		"not the sender":        {claims("192.0.2.9"), nil},
		"written as IPv6":       {claims("::ffff:203.0.113.5"), []string{"203.0.113.5"}},
		"private, as IPv6":      {claims("::ffff:10.0.0.1"), nil},
		"the sender, as IPv6":   {claims("::ffff:192.0.2.9"), nil},
		"unspecified":           {claims("0.0.0.0", "::"), nil},
		"multicast":             {claims("224.0.0.1"), nil},
		"nothing":               {nil, nil},
		"of ten thousand hops":  {claims(append(many("192.168.%d.%d", 255), "10.1.1.1")...), nil},
		"the sender, then more": {claims("203.0.113.5", "192.0.2.9"), []string{"203.0.113.5"}},
	} {
		t.Run(name, func(t *testing.T) {
			want(t, &Message{Sender: netip.MustParseAddr("192.0.2.9"), Claims: c.claims}, Origin, c.want...)
		})
	}
}

func TestReverseDomain(t *testing.T) {
	for name, c := range map[string]struct{ reverse, want string }{
		"a pool":            {"p77-12.dial3.provider.test", "dial0.provider.test"},
		"two labels":        {"mail.test", ""},
		"a dot at the end":  {"a.b.test.", "b.test"},
		"linked to as well": {"mx.pills.test", ""},
		"the From domain's": {"mx.out.home.test", ""},
		"nothing":           {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := &Message{ReverseName: c.reverse, From: "a@home.test", Links: []Link{{Domain: "pills.test"}}}
			if c.want == "" {
				want(t, m, ReverseDomain)
			} else if got := valuesOf(m, ReverseDomain); len(got) != 1 || got[0] != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestMXChosen(t *testing.T) {
	want(t, &Message{AcceptedBy: "MX2.ours.test", MXPriority: 20}, MXChosen, "20 mx2.ours.test")
	want(t, &Message{AcceptedBy: "mx1.ours.test"}, MXChosen, "0 mx1.ours.test")
	want(t, &Message{AcceptedBy: "mx.ours.test", MXPriority: -1}, MXChosen) // nobody said which it is
	want(t, &Message{MXPriority: 20}, MXChosen)
}
