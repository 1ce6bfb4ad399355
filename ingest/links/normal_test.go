package links

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nlnwa/whatwg-url/url"
)

// normal returns the normal form of a URL, and false where the standard has none.
func normal(raw string) (url string, ok bool) {
	n := parseURL(clean(raw))
	return n.text, n.ok
}

func TestNormal(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"http://shop.example", "http://shop.example/", true},
		{"HTTP://Shop.Example:80/a/../b/./c", "http://shop.example/b/c", true},
		{"https://shop.example:443/%7ea?b c#d e", "https://shop.example/%7ea?b%20c#d%20e", true},
		{"http://shop.example:8080/", "http://shop.example:8080/", true},
		{"http://shop.example?a", "http://shop.example/?a", true},
		{"http://shop.example./", "http://shop.example/", true},
		{"http://0x7f.1/", "http://127.0.0.1/", true},
		{"http://2130706433/", "http://127.0.0.1/", true},
		{"http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/", true},
		{`http://evil.example\@good.example/`, "http://evil.example/@good.example/", true},
		{"http://a_b.example/", "http://a_b.example/", true},
		{"http://a b.example/", "http://a b.example/", false},
		{"http://" + strings.Repeat("%41", 700) + "/", "http://" + strings.Repeat("%41", 700) + "/", false},
		{"no url", "no url", false},
		{" \x00http://shop.example/\x00", "http://shop.example/", true},
		{"http://shop.example/\xff", "http://shop.example/%EF%BF%BD", true},
	}
	for _, tt := range tests {
		if got, ok := normal(tt.in); got != tt.want || ok != tt.ok {
			t.Errorf("normal(%q) = %q, %v; want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

// samePlain holds the short way through parsePlain equal to the library.
func samePlain(t *testing.T, s string) (plain bool) {
	t.Helper()
	p, plain := parsePlain(s)
	if !plain {
		return false
	}
	u, err := url.Parse(s)
	if err != nil {
		t.Fatalf("parsePlain takes %q, which the library refuses: %v", s, err)
	}
	if p.text != u.Href(false) || p.host != u.Hostname() || p.scheme != u.Scheme() || u.Port() != "" || u.Username() != "" || u.IsIPv4() {
		t.Fatalf("parsePlain(%q) = %+v, the library has %q, host %q", s, p, u.Href(false), u.Hostname())
	}
	if p.text[p.tail:] != u.Pathname()+u.Search()+u.Hash() && !strings.HasSuffix(p.text, "?") && !strings.HasSuffix(p.text, "#") && !strings.Contains(p.text, "?#") {
		t.Fatalf("parsePlain(%q): tail %q, the library has %q", s, p.text[p.tail:], u.Pathname()+u.Search()+u.Hash())
	}
	return true
}

func TestPlainEqualsStandard(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	const chars = "abcxyz019-._~/?#[]@!$&'()*+,;=:%25|^`{}\\\" <>AZ\x00\x7fü"
	taken := 0
	for range 200_000 {
		b := []byte("http://a")
		if rnd.IntN(2) == 0 {
			b = []byte("https://a.example/")
		}
		for range rnd.IntN(14) {
			b = append(b, chars[rnd.IntN(len(chars))])
		}
		if samePlain(t, string(b)) {
			taken++
		}
	}
	if taken < 10_000 {
		t.Errorf("only %d URLs took the short way", taken)
	}
}

// xurls and the two classes of bytes agree wherever the classes alone decide.
func TestMatchEqualsXURLs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	const chars = "aZ0-._~/?#@!$&'*+,;=:%|^`)]}\\"
	n := 0
	for range 50_000 {
		b := []byte("http://a")
		for range rnd.IntN(16) {
			b = append(b, chars[rnd.IntN(len(chars))])
		}
		s := string(b)
		x := newExtractor()
		end := x.matchURL(s, 0, len("http://"))
		if x.regexp != maxRegexp {
			t.Fatalf("%q was given to xurls", s)
		}
		loc := strictURL().FindStringIndex(s)
		if loc == nil || loc[0] != 0 || loc[1] != end {
			t.Fatalf("%q ends at %d, xurls has %v", s, end, loc)
		}
		n++
	}
}

func FuzzNormal(f *testing.F) {
	for _, s := range []string{
		"http://shop.example/a?b#c", "HTTPS://u:p@Shop.Example:444/../x", "http://0x7f.1", "http://[::1]/", "http:\\\\a.example\\b",
		"http://xn--bcher-kva.example./", "http://bücher.example/ü?ü", "data:text/html,<b>", "mailto:a@b.example", "file:///C|/a", "javascript:x",
		"http://a.example/%2e%2e/b", "http://a.example/.%2E/b", "//a.example", "http://%zz/", "http://a..b./", "http://1.2.3.4.5/", "a:b", "http://ab\u00adc/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > MaxURLBytes {
			return
		}
		once, ok := normal(s)
		twice, again := normal(once)
		if once != twice || ok && !again {
			t.Fatalf("normal(%q) = %q, %v; again %q, %v", s, once, ok, twice, again)
		}
		samePlain(t, clean(s))
	})
}

func BenchmarkNormal(b *testing.B) {
	for name, s := range map[string]string{
		"plain":    "https://www.shop.example/a/path/of/some/length.html?with=a&query=string&of=parameters",
		"standard": "https://www.shop.example/a/path/of/some/length.html?with=a&query='string'&of=parameters",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parseURL(s)
			}
		})
	}
}

func TestHostOfRefused(t *testing.T) {
	if p := parseURL("http://www.a.example%40b%2Eexample/x"); p.ok || p.host != "b.example" || p.notes&(invalid|percentHost) != invalid|percentHost {
		t.Errorf("%+v", p)
	}
}
