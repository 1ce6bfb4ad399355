package evidence

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func tokensOf(u string, readers ...string) []string {
	t := tokens{readers: readers}
	t.url(u, 0)
	return t.out
}

func TestTokens(t *testing.T) {
	std, raw := base64.StdEncoding.EncodeToString, base64.RawURLEncoding.EncodeToString
	for name, c := range map[string]struct {
		url  string
		want []string
	}{
		"a parameter":              {"http://a.test/?aff=84213", []string{"aff=84213"}},
		"names without case":       {"http://a.test/?AFF=84213", []string{"aff=84213"}},
		"two digits say nothing":   {"http://a.test/?page=12", nil},
		"a name's name":            {"http://a.test/?affiliate=glennm", []string{"affiliate=glennm"}},
		"a word":                   {"http://a.test/?colour=purple", nil},
		"sizes":                    {"http://a.test/?width=640&h=480&ts=1028212800", nil},
		"a path segment":           {"http://a.test/c/x81f93a2b/", []string{"x81f93a2b"}},
		"a word in a path":         {"http://a.test/products/loans.html", nil},
		"a year in a path":         {"http://a.test/2002/08/", nil},
		"fragment":                 {"http://a.test/#/go/48211?x", nil},
		"fragment with parameters": {"http://a.test/#aff=84213", []string{"aff=84213"}},
		"a query after a fragment": {"http://a.test/#x?aff=84213", []string{"aff=84213"}},
		"semicolons":               {"http://a.test/?a1=100;aff=84213", []string{"a1=100", "aff=84213"}},
		"percent":                  {"http://a.test/?aff=84%32%31%33", []string{"aff=84213"}},
		"percent gone wrong":       {"http://a.test/?aff=842%zz13", nil},
		"nested":                   {"http://a.test/?u=http%3A%2F%2Fb.test%2F%3Faff%3D84213", []string{"aff=84213"}},
		"nested twice":             {"http://a.test/?u=" + url.QueryEscape("http://b.test/?next="+url.QueryEscape("http://c.test/?aff=84213")), []string{"aff=84213"}},
		"base64":                   {"http://a.test/?d=" + std([]byte("aff=84213&k=77711")), []string{"aff=84213", "k=77711"}},
		"base64 of pieces":         {"http://a.test/?d=" + raw([]byte("84213|55512|word")), []string{"d=84213", "d=55512"}},
		"base64 of a URL":          {"http://a.test/?d=" + raw([]byte("http://b.test/?aff=84213")), []string{"aff=84213"}},
		"the same twice":           {"http://a.test/?aff=84213&aff=84213", []string{"aff=84213"}},
		"the reader":               {"http://a.test/?e=victim99@example.com&r=victim99", nil},
		"no host":                  {"mailto:x?aff=84213", nil},
		"nothing":                  {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tokensOf(c.url, "victim99@example.com"); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Unwrapping ends at any depth, and no wrapping multiplies the tokens.
func TestTokensEnd(t *testing.T) {
	nested, coded := "http://a.test/?aff=84213", "aff=84213"
	for range 40 {
		nested = "http://a.test/?u=" + url.QueryEscape(nested)
		if len(coded) < 1<<16 {
			coded = "d=" + base64.RawURLEncoding.EncodeToString([]byte(coded))
		}
		for _, u := range []string{nested[:min(len(nested), 1<<20)], "http://a.test/?" + coded} {
			if got := tokensOf(u); len(got) > maxTokens {
				t.Fatalf("%d tokens", len(got))
			}
		}
		if len(nested) > 1<<20 {
			break
		}
	}
	for _, u := range []string{
		"http://a.test/" + strings.Repeat("x81f93a2b/", 20_000), "http://a.test/?" + strings.Repeat("a=12345&", 20_000), strings.Repeat("http://a.test/?u=", 20_000),
		"http://a.test/?u=" + strings.Repeat("%25", 40_000), "http://a.test/?d=" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("12345|", 10_000))),
	} {
		if got := tokensOf(u); len(got) > maxTokens {
			t.Errorf("%d tokens of %.40s", len(got), u)
		}
	}
}

func TestIDLike(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"", "12345", true}, {"", "1234", false}, {"", "word", false}, {"", "word.html", false}, {"", "x81f93a2b.gif", true}, {"", "a b12345", false}, {"", "", false},
		{"id", "123", true}, {"id", "12", false}, {"id", "abcde", true}, {"x", "abcde", false}, {"x", "a1", false}, {"x", "ab1", true}, {"x", "語12345", false},
	} {
		if got := idLike(c.name, c.value); got != c.want {
			t.Errorf("idLike(%q, %q) = %v", c.name, c.value, got)
		}
	}
}
