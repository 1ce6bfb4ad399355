package wellformed

import (
	"net/url"
	"strings"
	"testing"
)

func TestForms(t *testing.T) {
	for _, c := range []struct {
		name string
		form func(string) (string, bool)
		yes  map[string]string
		no   []string
	}{
		{"host", Host, map[string]string{"WWW.Shop.example": "www.shop.example", "_dmarc.x.example": "_dmarc.x.example", "4711": "4711"},
			[]string{"", ".", "a..b", "a b", "a\nb", "a.example.", "ü.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 120) + "b", "x\"y", "$INCLUDE"}},
		{"address", Address, map[string]string{"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:DB8::1": "2001:db8::1", "fe80::1%eth0": "fe80::1"},
			[]string{"", "192.0.2", "192.0.2.1/24", "01.2.3.4"}},
		{"URI", URI, map[string]string{"http://x.example/a|b": "http://x.example/a%7Cb", "http://x.example?a=[1]#b#c": "http://x.example?a=%5B1%5D#b%23c", "http://[2001:db8::1]/": "http://[2001:db8::1]/",
			"http://x.example/%zz": "http://x.example/%25zz", "http://x.example/ü": "http://x.example/%C3%BC"},
			[]string{"", "x.example", "http://", "http://a b/", "javascript:alert(1)", "://x", "http://x.example:port/"}},
		{"mail", Mail, map[string]string{"a@B.example": "a@b.example", "o'x+y@b.example": "o'x+y@b.example"},
			[]string{"", "@b.example", "a@", "a@b", "a b@c.example", "\"a\"@b.example", "a@b.example\n", "a@-b.example", ".a@b.example", "a..b@c.example", strings.Repeat("a", 65) + "@b.example"}},
	} {
		for in, want := range c.yes {
			if got, ok := c.form(in); !ok || got != want {
				t.Errorf("%s %q: %q, %v; want %q", c.name, in, got, ok, want)
			}
		}
		for _, in := range c.no {
			if got, ok := c.form(in); ok {
				t.Errorf("%s %q: %q", c.name, in, got)
			}
		}
	}
}

func FuzzURI(f *testing.F) {
	f.Add("http://x.example/a b")
	f.Fuzz(func(t *testing.T, s string) {
		if uri, ok := URI(s); ok {
			if again, ok := URI(uri); !ok || again != uri {
				t.Errorf("%q: %q, then %q", s, uri, again)
			}
			if _, err := url.Parse(uri); err != nil || strings.ContainsAny(uri, " \r\n\"<>\\^`{|}") {
				t.Errorf("%q: %q, %v", s, uri, err)
			}
		}
	})
}
