package rdap

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/servers"
	"spoor/internal/lab/simnet"
)

// server answers by f, and returns its host:port. A guard in whose world 127.0.0.1 is
// configured reaches it.
func server(t *testing.T, f http.HandlerFunc) (base, hostport string) {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

func client(base string, configured ...string) *Client {
	c := NewClient(&guard.Dialer{Configured: configured, Ports: []uint16{443}, Timeout: 2 * time.Second}, nil, nil)
	c.Base, c.Timeout = base, time.Second
	return c
}

// servings are ways in which a server answers or does not, and the outcome of each.
var servings = map[string]struct {
	serve  http.HandlerFunc
	want   enrich.Outcome
	detail string
}{
	"404":  {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 404) }, enrich.None, "404"},
	"429":  {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "120"); w.WriteHeader(429) }, enrich.Throttled, "retry after 120"},
	"503":  {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "9"); w.WriteHeader(503) }, enrich.Throttled, "retry after 9"},
	"500":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, enrich.Failed, "500"},
	"403":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, enrich.Refused, "403"},
	"html": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, enrich.Malformed, ""},
	"text type": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, network)
	}, enrich.Answered, ""},
	"endless": {func(w http.ResponseWriter, _ *http.Request) {
		for range 100_000 {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	}, enrich.Malformed, "larger"},
	"drip": {func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}, enrich.TimedOut, "in time"},
	"reset": {func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, enrich.Failed, ""},
	"redirect to a private address": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://10.0.0.1/ip/x", http.StatusFound)
	}, enrich.Guarded, "not a public address"},
	"redirect to loopback": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://localhost/", http.StatusMovedPermanently)
	}, enrich.Guarded, ""},
	"redirect to another port": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://8.8.8.8:6379/", http.StatusTemporaryRedirect)
	}, enrich.Guarded, "port 6379"},
	"redirect to a file": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(302)
	}, enrich.Guarded, "not the URL"},
	"redirect for ever": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, enrich.Malformed, "more than 5"},
}

func TestStatusesAndHostileServers(t *testing.T) {
	for name, tc := range servings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, hostport := server(t, tc.serve)
			o, ok, err := client(base, hostport).Address(t.Context(), netip.MustParseAddr("192.0.2.9"))
			if !ok || err != nil || o.Outcome != tc.want || !strings.Contains(o.Detail, tc.detail) {
				t.Errorf("%s %q (%v), want %s %q", o.Outcome, o.Detail, err, tc.want, tc.detail)
			}
			if len(o.Raw) > guard.MaxAnswer || len(o.Detail) > 300 {
				t.Errorf("%d bytes, detail of %d", len(o.Raw), len(o.Detail))
			}
			if o.Source != enrich.IPRDAP || o.Server == "" || o.AskedAt.IsZero() || o.Outcome.Final() == o.Expires.IsZero() {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestHTTPSIsNotLeftForHTTP(t *testing.T) {
	c := client("https://rdap.example/")
	if _, err := c.target("http://rdap.example/ip/x", true); err == nil {
		t.Error("followed from https to http")
	}
	c = client("https://rdap.example/", "rdap.example:80")
	if _, err := c.target("http://rdap.example/ip/x", true); err != nil {
		t.Errorf("the user's own server: %v", err)
	}
	for _, bad := range []string{"", "rdap.example", "ftp://x/", "https:///ip", "https://a b/", "https://%zz/", "file:///x"} {
		if _, err := c.target(bad, false); err == nil {
			t.Errorf("%q is taken for the URL of a server", bad)
		}
	}
	if u, err := c.target("https://user:secret@rdap.example/#x", false); err != nil || strings.Contains(u.String(), "secret") {
		t.Errorf("%v, %v", u, err)
	}
}

// gate records the questions that pass, and may close.
type gate struct {
	mu     sync.Mutex
	passed []string
	done   []enrich.Outcome
	closed bool
}

func (g *gate) Wait(_ context.Context, server, _ string) (func(enrich.Outcome), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, &enrich.BackedOff{Server: server, Until: time.Now().Add(time.Hour), Reason: "429"}
	}
	g.passed = append(g.passed, server)
	return func(o enrich.Outcome) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.done = append(g.done, o)
	}, nil
}

func TestEveryRequestPassesTheGate(t *testing.T) {
	base, hostport := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/there" {
			http.Redirect(w, r, "/there", http.StatusFound)
			return
		}
		w.WriteHeader(429)
	})
	g := &gate{}
	c := client(base, hostport)
	c.Gate = g
	if o, _, err := c.Address(t.Context(), netip.MustParseAddr("192.0.2.9")); err != nil || o.Outcome != enrich.Throttled {
		t.Errorf("%+v %v", o, err)
	}
	if len(g.passed) != 2 || g.passed[1] != hostport || len(g.done) != 2 || g.done[1] != enrich.Throttled {
		t.Errorf("passed %v, told %v", g.passed, g.done)
	}
	g.closed = true
	l := &Lookup{c}
	var backed *enrich.BackedOff
	if out, err := l.Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: "x.example"}); len(out) != 0 || !errors.As(err, &backed) {
		t.Errorf("%v, %v", out, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	c.Gate = nil
	if _, _, err := c.Address(ended, netip.MustParseAddr("192.0.2.9")); !errors.Is(err, context.Canceled) {
		t.Errorf("asked although stopped: %v", err)
	}
}

func TestNamesAreCheckedBeforeTheyAreSent(t *testing.T) {
	asked := 0
	base, hostport := server(t, func(w http.ResponseWriter, r *http.Request) { asked++ })
	c := client(base, hostport)
	for _, name := range []string{"a b.example", "x.example\r\nHost: y", "../../ip/192.0.2.1", "x.example?y", "", "-x-.example"} {
		if out, err := (&Lookup{c}).Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: name}); err != nil || len(out) != 1 || out[0].Outcome != enrich.Guarded {
			t.Errorf("%q: %+v %v", name, out, err)
		}
	}
	if asked != 0 {
		t.Errorf("asked %d times", asked)
	}
}

// world is a simulated Internet with a thin and a thick registry.
func world() simnet.World {
	person := simnet.Contact{Handle: "P1", Name: "Jan Kowalski", Organization: "Spam Sp. z o.o.", City: "Warszawa", Country: "PL", Phone: "+48.223895469", Email: "jan@mail.example"}
	when := time.Date(2005, 12, 30, 9, 45, 58, 0, time.UTC)
	d := func(name string) simnet.Domain {
		return simnet.Domain{Name: name, Registrar: "acme", Registrant: person, Admin: person, Tech: person, Created: when, Updated: when, Expires: when.AddDate(1, 0, 0),
			NameServers: []simnet.NameServer{{Host: "ns1.pool.example"}, {Host: "ns2.pool.example"}}}
	}
	hidden := d("hidden.org")
	hidden.Redacted = true
	return simnet.World{
		TLS:        true,
		Domains:    []simnet.Domain{d("spam.com"), d("spam.org"), hidden},
		Registrars: []simnet.Registrar{{Key: "acme", Name: "Acme Registrar", IANAID: 9999, WHOIS: "whois.acme.test", RDAP: "rdap.acme.test"}},
	}
}

// inside returns a client inside a simulated Internet, with its bootstrap.
func inside(t *testing.T, n *simnet.Net) *Client {
	t.Helper()
	b := NewBootstrap()
	for _, f := range bootstrapFiles {
		if err := b.Add(n.BootstrapFile(f)); err != nil {
			t.Fatal(err)
		}
	}
	c := NewClient(n.Dialer(), b, nil)
	c.Trust(n.Roots())
	c.Timeout = 3 * time.Second
	t.Cleanup(c.Close)
	return c
}

func TestLookupInASimulatedInternet(t *testing.T) {
	n := simnet.New(t, world())
	l := &Lookup{inside(t, n)}
	for _, tc := range []struct {
		name    string
		answers int
		owner   string
		outcome enrich.Outcome
	}{
		{"spam.org", 1, "Jan Kowalski", enrich.Answered},
		{"spam.com", 2, "Jan Kowalski", enrich.Answered}, // thin: the registrar is asked too
		{"hidden.org", 1, "", enrich.Answered},
		{"free.org", 1, "", enrich.None},
		{"spam.de", 0, "", ""}, // no RDAP there
	} {
		out, err := l.Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: tc.name})
		if err != nil || len(out) != tc.answers {
			t.Errorf("%s: %d answers, %v: %+v", tc.name, len(out), err, out)
			continue
		}
		if len(out) == 0 {
			continue
		}
		last := out[len(out)-1]
		reg, _ := last.Parsed.(*enrich.Registration)
		if last.Outcome != tc.outcome || reg != nil && reg.Registrant.Name != tc.owner || tc.outcome == enrich.Answered && (reg == nil || reg.Created.Year() != 2005 || reg.Registrar.IANAID != 9999) {
			t.Errorf("%s: %s %s %+v", tc.name, last.Outcome, last.Detail, reg)
		}
		if tc.name == "hidden.org" && (reg == nil || len(reg.Redacted) == 0) {
			t.Errorf("%s: nothing marked as redacted: %+v", tc.name, reg)
		}
	}
	if s := n.Outside(); len(s) != 0 {
		t.Errorf("dialled outside of the world: %v", s)
	}
}

func TestARegistrysLinkLeadsNowhereElse(t *testing.T) {
	for _, to := range []string{"http://127.0.0.1:6379/", "https://169.254.169.254/latest", "https://10.0.0.1/domain/x", "https://[::1]/"} {
		w := world()
		w.Behave = map[string]simnet.Behaviour{"rdap.verisign.test": {Refers: to}}
		n := simnet.New(t, w)
		out, err := (&Lookup{inside(t, n)}).Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: "spam.com"})
		if err != nil || len(out) != 2 || out[1].Outcome != enrich.Guarded {
			t.Errorf("%s: %+v %v", to, out, err)
		}
		if s := n.Outside(); len(s) != 0 {
			t.Errorf("dialled %v", s)
		}
	}
}

func TestBootstrap(t *testing.T) {
	b, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"spam.com": "https://rdap.verisign.com/com/v1/", "a.b.co.uk": "https://rdap.nominet.uk/uk/", "x.example": "", "com": "https://rdap.verisign.com/com/v1/"} {
		if got := b.Domain(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for addr, want := range map[string]string{"213.139.76.1": "ripe", "4.2.2.1": "arin", "203.0.113.1": "apnic", "200.1.2.3": "lacnic", "41.1.1.1": "afrinic", "::ffff:41.1.1.1": "afrinic", "2a00::1": "ripe", "2c0f::1": "afrinic", "10.1.1.1": "", "fe80::1": ""} {
		if got := b.Address(netip.MustParseAddr(addr)); Registry(strings.TrimPrefix(strings.TrimSuffix(strings.SplitN(got+"//", "//", 2)[1], "/"), "")) != want && want != "" || want == "" && got != "" {
			t.Errorf("%s: %q, want %s", addr, got, want)
		}
	}
}

func TestBootstrapFiles(t *testing.T) {
	file := func(services string) []byte { return []byte(`{"version":"1.0","services":[` + services + `]}`) }
	b := NewBootstrap()
	if err := b.Add(file(`[["test"],["http://a.test","https://b.test/x"]],[],[["bad"],["http://bad.test/%%"]],[["c.test"],["https://c.test/"]],[[""],["https://root.test"]],"x",[7,8],[["192.0.2.0/24"],["https://n.test"]],[["me@x"],["tag.test"],["https://t.test"]]`)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"x.test": "https://b.test/x/", "y.c.test": "https://c.test/", "x.bad": "https://root.test/"} {
		if got := b.Domain(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := b.Address(netip.MustParseAddr("192.0.2.7")); got != "https://n.test/" {
		t.Errorf("address: %q", got)
	}
	for _, bad := range []string{"", "{", "[]", `{"services":7}`, `{}`} {
		if b.Add([]byte(bad)) == nil {
			t.Errorf("%q is taken for a bootstrap file", bad)
		}
	}
}

func TestRefresh(t *testing.T) {
	dns := `{"services":[[["test"],["https://new.test/"]]]}`
	base, hostport := server(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".json") {
			fmt.Fprint(w, dns)
			return
		}
		http.NotFound(w, r)
	})
	c := client("", hostport)
	c.Bootstrap = NewBootstrap()
	if err := c.Refresh(t.Context(), base); err != nil || c.Bootstrap.Domain("x.test") != "https://new.test/" {
		t.Errorf("%v, %q", err, c.Bootstrap.Domain("x.test"))
	}
	if err := client("").Refresh(t.Context(), "https://127.0.0.1/rdap/"); err == nil {
		t.Error("read a bootstrap from loopback")
	}
	dir := t.TempDir()
	if err := c.Refresh(t.Context(), dir); err == nil {
		t.Error("an empty folder is taken for a bootstrap")
	}
	if err := os.WriteFile(filepath.Join(dir, "dns.json"), []byte(strings.ReplaceAll(dns, "new", "newer")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Refresh(t.Context(), dir); err != nil || c.Bootstrap.Domain("x.test") != "https://newer.test/" {
		t.Errorf("%v, %q", err, c.Bootstrap.Domain("x.test"))
	}
}

func TestRealBootstrapFiles(t *testing.T) {
	dir := os.Getenv("SPOOR_CORPORA")
	if dir == "" {
		t.Skip("SPOOR_CORPORA names no folder of real answers")
	}
	read := func(path string) (*Bootstrap, error) {
		b := NewBootstrap()
		return b, b.AddDir(filepath.Join(dir, "openrdap/test/testdata", path))
	}
	for path, name := range map[string]string{"bootstrap": "x.br", "bootstrap_complex": "a.sub.example.com", "bootstrap_malformed/dns_bad_services.json": "x.br", "bootstrap_malformed/dns_bad_url.json": "x.br"} {
		b, err := read(path)
		if err != nil || b.Domain(name) == "" {
			t.Errorf("%s: %v, %q", path, err, b.Domain(name))
		}
	}
	for _, path := range []string{"bootstrap_malformed/dns_empty.json", "bootstrap_malformed/dns_syntax_error.json", "bootstrap_http_error/404.html"} {
		if _, err := read(path); err == nil {
			t.Errorf("%s is taken for a bootstrap file", path)
		}
	}
	shipped, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := read("bootstrap/ipv4.json")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 224 {
		a := netip.AddrFrom4([4]byte{byte(n), 1, 2, 3})
		if want := theirs.Address(a); want != "" && shipped.Address(a) != want && !strings.HasPrefix(want, shipped.Address(a)) {
			t.Errorf("%s: %q, the real file has %q", a, shipped.Address(a), want)
		}
	}
	cards, err := filepath.Glob(filepath.Join(dir, "openrdap/test/testdata/jcard/*.json"))
	if err != nil || len(cards) == 0 {
		t.Fatal(err, len(cards))
	}
	for _, f := range cards {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		a := ParseDomain("x.example", []byte(`{"ldhName":"x.example","entities":[{"roles":["registrant"],"vcardArray":`+string(b)+`}]}`))
		if good := filepath.Base(f) == "example.json"; good && (a.Registration == nil || a.Registration.Registrant.Name != "Simon Perreault" || a.Registration.Registrant.Phone != "+14186569254") {
			t.Errorf("%s: %+v", f, a.Registration)
		}
	}
}

// A link or redirect leads to a private server only where the user named it.
func TestReferralsToNamedPrivateServers(t *testing.T) {
	private, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ldhName":"x.example","entities":[]}`) })
	base, hostport := server(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, private+"/domain/x.example", http.StatusFound)
	})
	for pattern, want := range map[string]enrich.Outcome{"": enrich.Guarded, "127.0.0.*": enrich.Answered, "10.0.0.0/8": enrich.Guarded} {
		d := &guard.Dialer{Configured: []string{hostport}, Ports: []uint16{443}, Timeout: 2 * time.Second}
		if pattern != "" {
			p, err := servers.Parse(pattern)
			if err != nil {
				t.Fatal(err)
			}
			d.Referred = []servers.Pattern{p}
		}
		c := NewClient(d, nil, nil)
		c.Base, c.Timeout = base, time.Second
		o, _, _, err := c.Domain(t.Context(), "x.example")
		if err != nil || o.Outcome != want {
			t.Errorf("%q: %s %q, %v", pattern, o.Outcome, o.Detail, err)
		}
	}
}

// patient is a Gate that notes the back-off that a server requests.
type patient struct{ until time.Time }

func (*patient) Wait(context.Context, string, string) (func(enrich.Outcome), error) {
	return func(enrich.Outcome) {}, nil
}

func (p *patient) LeaveAlone(_ context.Context, _ string, until time.Time, _ string) error {
	p.until = until
	return nil
}

func TestRetryAfterIsObeyed(t *testing.T) {
	base, hostport := server(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "120"); w.WriteHeader(429) })
	c, g, now := client(base, hostport), &patient{}, time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	c.Gate, c.Now = g, func() time.Time { return now }
	if o, _, _, err := c.Domain(t.Context(), "x.example"); err != nil || o.Outcome != enrich.Throttled || !g.until.Equal(now.Add(2*time.Minute)) {
		t.Errorf("%s, %v; left alone until %s", o.Outcome, err, g.until)
	}
	if d := retryAfter("Tue, 02 Jan 2024 03:05:05 GMT", now); d != time.Minute {
		t.Errorf("a date: %s", d)
	}
	for _, v := range []string{"", "soon", "-3", "Mon, 01 Jan 2024 00:00:00 GMT"} {
		if d := retryAfter(v, now); d != 0 {
			t.Errorf("%q: %s", v, d)
		}
	}
}
