package servers

import (
	"net/netip"
	"testing"
)

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, server string
		want            bool
	}{
		{"whois.example.com", "whois.example.com:43", true},
		{"WHOIS.example.com:43", "whois.Example.com:43", true},
		{"whois.example.com:43", "whois.example.com:4343", false},
		{"*.example.com", "a.b.example.com:43", true},
		{"*.example.com", "example.com:43", false},
		{"*.example.com:43", "a.example.com:43", true},
		{"*.example.com:43", "a.example.com:80", false},
		{":43", "whois.example.com:43", true},
		{":43", "whois.example.com:443", false},
		{"127.0.0.*", "127.0.0.7:4343", true},
		{"127.*", "127.9.0.7:4343", true},
		{"127.0.0.*:43", "127.0.0.7:4343", false},
		{"127.0.0.*", "127.0.1.7:4343", false},
		{"127.0.0.*", "127.0.0.example.com:43", false},
		{"192.0.2.0/25", "192.0.2.129:43", false},
		{"2001:db8::/32", "[2001:db8::1]:43", true},
		{"[2001:db8::1]:43", "[2001:db8::1]:43", true},
		{"2001:db8::1", "[2001:db8:0::1]:80", true},
	} {
		p, err := Parse(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
		} else if got := p.Match(c.server); got != c.want {
			t.Errorf("%s matches %s: %v", c.pattern, c.server, got)
		}
	}
	for _, s := range []string{"", "*", "*.", "a*.example.com", "whois.*", "127.*.0.1", "*.0.0.1", "1.2.3.4.*", "300.0.*", ":0", ":x", ":70000", "a b", "http://a", "a..b", "fe80::1%eth0", "10.0.0.0/40"} {
		if p, err := Parse(s); err == nil {
			t.Errorf("%q is taken for %+v", s, p)
		}
	}
}

// A rule on addresses holds for the address that a name leads to.
func TestDialled(t *testing.T) {
	p, err := Parse("127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	if !p.MatchDialled("whois.registrar.test", 43, netip.MustParseAddr("::ffff:127.0.0.3")) || p.MatchDialled("whois.registrar.test", 43, netip.MustParseAddr("10.0.0.3")) {
		t.Error("the address does not decide")
	}
	if !p.Private() {
		t.Error("loopback is not private")
	}
}
