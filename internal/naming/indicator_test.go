package naming

import (
	"testing"
)

func TestParseIndicator(t *testing.T) {
	hash := "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
	for _, c := range []struct{ text, kind, value string }{
		{"www.shop.example", "host", "www.shop.example"},
		{"WWW.Shop.Example.", "host", "www.shop.example"},
		{"hxxp://www.shop[.]example", "host", "www.shop.example"},
		{"hxxps://www[.]shop[.]example/", "host", "www.shop.example"},
		{"http://shop.example:8080/", "host", "shop.example"},
		{"hxxp://Shop[.]example/order.php?id=1", "url", "http://shop.example/order.php?id=1"},
		{"192.0.2.7", "net", "192.0.2.7"},
		{"192[.]0[.]2[.]7", "net", "192.0.2.7"},
		{"[192.0.2.7]", "net", "192.0.2.7"},
		{"http://192.0.2.7/", "net", "192.0.2.7"},
		{"192.0.2.77/24", "net", "192.0.2.0/24"},
		{"2001:db8::1", "net", "2001:db8::1"},
		{"[IPv6:2001:db8::1]", "net", "2001:db8::1"},
		{"::ffff:192.0.2.7", "net", "192.0.2.7"},
		{"Ann@Shop.Example", "mail", "ann@shop.example"},
		{"ann[at]shop[.]example", "mail", "ann@shop.example"},
		{"@shop.example", "host", "shop.example"},
		{"<1a2B@mail.example>", "message-id", "1a2B@mail.example"},
		{hash, "hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
		{"+1 (555) 555-0100", "phone", "+15555550100"},
		{"", "", ""},
		{"   ", "", ""},
		{"two words", "", ""},
		{"ann@", "", ""},
	} {
		i, ok := ParseIndicator(c.text)
		if ok != (c.kind != "") || i.Kind != c.kind || i.Value != c.value {
			t.Errorf("%q is read as %s %q (%v), want %s %q", c.text, i.Kind, i.Value, ok, c.kind, c.value)
		}
	}
}

func FuzzParseIndicator(f *testing.F) {
	for _, s := range []string{"hxxp://a[.]example/x", "<a@b>", "+1 555", "1.2.3.4/8", "[::1]", "a:1:2", "://", "@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, ok := ParseIndicator(s)
		if ok && (i.Value == "" || i.Kind == "" || (i.Kind == "net") != i.Net.IsValid()) {
			t.Errorf("%q is read as %+v", s, i)
		}
	})
}
