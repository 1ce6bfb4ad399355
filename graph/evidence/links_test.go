package evidence

import (
	"slices"
	"strings"
	"testing"
)

func linkTo(url, host, domain string) *Message {
	return &Message{Links: []Link{{URL: url, Host: host, Domain: domain, Found: "a@href"}}}
}

func TestLinkPlaces(t *testing.T) {
	m := linkTo("http://Shop.pills.test/offer/buynow.html?x=1", "shop.pills.test", "pills.test")
	want(t, m, LinkDomain, "pills.test")
	want(t, m, LinkHost, "shop.pills.test")
	want(t, m, LinkPathText, "/offer/buynow.html")
	m = linkTo("http://www.pills.test/", "www.pills.test", "pills.test")
	want(t, m, LinkHost)
	want(t, m, LinkPathText)
	m = linkTo("http://192.0.2.7/a", "192.0.2.7", "")
	want(t, m, LinkDomain, "192.0.2.7")
	want(t, m, LinkHost)
	// A host to which everybody links is no evidence, and neither are ids in
	// its paths.
	m = linkTo("http://www.w3.org/TR/html4/12345678", "www.w3.org", "w3.org")
	want(t, m, LinkDomain)
	want(t, m, LinkToken)
	// A shared host is its operator's; the customer's corner is the customer's.
	m = &Message{Links: []Link{{URL: "http://pages.host.test/~glenn/p.html?id=1", Host: "pages.host.test", Domain: "host.test", Shared: "hosting", Tenant: "glenn"}}}
	want(t, m, LinkDomain)
	want(t, m, LinkTenant, "pages.host.test glenn", "pages.host.test/~glenn/p.html")
	m = &Message{Links: []Link{{URL: "http://glenn.blog.test/p", Host: "glenn.blog.test", Domain: "glenn.blog.test", Shared: "private-suffix", Tenant: "glenn"}}}
	want(t, m, LinkDomain, "glenn.blog.test")
	want(t, &Message{Links: []Link{{URL: "http://l.pills.test/u", Host: "l.pills.test", Domain: "pills.test", Found: "list-unsubscribe"}}}, Unsubscribe, "pills.test")
	// A list's footer is the list's, not the writer's.
	m = &Message{From: "a@else.test", HeaderNames: "List-Post", ListID: "<talk.list.test>", Links: []Link{{URL: "http://list.test/info12345", Host: "list.test", Domain: "list.test"}}}
	want(t, m, LinkDomain)
	// A service that sends for its customers puts links of its own into their
	// mail.
	m = &Message{From: "a@shop.test", ReturnPath: "b@bounce.service.test", HELO: "o1.service.test", Links: []Link{{URL: "http://click.service.test/x", Host: "click.service.test", Domain: "service.test"}}}
	want(t, m, LinkDomain)
	want(t, m, LinkService, "service.test")
}

func TestLinksAreBounded(t *testing.T) {
	m := &Message{Links: linksTo10(10_000)}
	if n := len(Of(m)); n > maxFeatures {
		t.Errorf("%d features", n)
	}
	if n := len(valuesOf(m, LinkToken)); n > maxTokens {
		t.Errorf("%d tokens", n)
	}
	for _, url := range []string{"", "://", "http://", "http:///", "http://?", "http://#", "http://a", "http://a#?", "http://a?#", "http://a/%", "http://a/?=&==&;", "http://a/?&&&&", "no scheme", "http://a/http://b/http://c/"} {
		sound(t, Of(&Message{Links: []Link{{URL: url, Host: "h.test", Domain: "h.test"}, {URL: url}, {URL: url, Host: "h.test", Shared: "cdn"}}}))
	}
}

func TestPathForm(t *testing.T) {
	for name, c := range map[string]struct{ url, form string }{
		"words stay":           {"http://a.test/offers/special/loans.html", "/offers/special/loans.html"},
		"ids go":               {"http://a.test/offers/special/x81f93a2b", "/offers/special/*"},
		"numbers go":           {"http://a.test/offers4/special9", "/offers0/special0"},
		"values go":            {"http://a.test/special.php?customer=1&order=2", "/special.php?customer=&order="},
		"fragments go":         {"http://a.test/offers/special/#top", "/offers/special/"},
		"too little is left":   {"http://a.test/a/b?c=1", ""},
		"any site has it":      {"http://a.test/index.html", ""},
		"only an id":           {"http://a.test/81f93a2b81f93a2b", ""},
		"no path":              {"http://a.test", ""},
		"longer than it helps": {"http://a.test/offers/" + strings.Repeat("special/", 60), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pathForm(c.url); got != c.form {
				t.Errorf("%q, want %q", got, c.form)
			}
		})
	}
	if got := hostForm("shop.pills.test", "pills.test"); got == "" {
		t.Error("a host below a domain has a form")
	}
	if got := hostForm("www.pills.test", "pills.test"); got != "" {
		t.Errorf("a word is no form: %q", got)
	}
	if a, b := hostForm("q8w3.pills.test", "pills.test"), hostForm("z1x9.loans.test", "loans.test"); a != b {
		t.Errorf("%q and %q are made alike", a, b)
	}
}

func TestEveryday(t *testing.T) {
	for host, known := range map[string]bool{"w3.org": true, "www.w3.org": true, "notw3.org": false, "google.com": true, "docs.google.com": false, "a.docs.google.com": false,
		"mail.google.com": true, "org": false, "": false, ".": false, "..": false, "pills.test": false} {
		if everyday(host) != known {
			t.Errorf("%q: %v", host, !known)
		}
	}
	if !freeMail("gmail.com") || freeMail("pills.test") || freeMail("") {
		t.Error("free mail")
	}
	for domain := range everydayHosts {
		if strings.ToLower(domain) != domain || !strings.Contains(domain, ".") {
			t.Errorf("%q never matches", domain)
		}
	}
	if slices.Contains([]bool{commonPaths["/index.html"], commonName("width")}, false) {
		t.Error("common names")
	}
}

// Kits write one id in several ways.
func TestOneIDInTwoWays(t *testing.T) {
	for _, url := range []string{"http://a.test/v609.html", "http://b.test/go?id=609", "http://c.test/609/x", "http://d.test/r/k609?u=1", "http://e.test/x_609-en"} {
		want(t, linkTo(url, url[7:13], url[7:13]), LinkNumber, "609")
	}
	for _, url := range []string{"http://a.test/mp609.html", "http://a.test/v60.html", "http://a.test/609x", "http://a.test/v609b"} {
		want(t, linkTo(url, "a.test", "a.test"), LinkNumber)
	}
}
