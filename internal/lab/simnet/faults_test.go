package simnet

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// fetch reads at most limit bytes of an RDAP answer within a time.
func fetch(t *testing.T, url string, limit int64, within time.Duration) (*http.Response, []byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(io.LimitReader(r.Body, limit))
	return r, b, err
}

func TestFaultsOfRDAP(t *testing.T) {
	type result struct {
		r   *http.Response
		b   []byte
		err error
	}
	for name, tc := range map[string]struct {
		Behaviour
		check func(result) bool
	}{
		"endless":   {Behaviour{Fault: Endless}, func(g result) bool { return len(g.b) == 20<<20 && g.err == nil }},
		"drip":      {Behaviour{Fault: Drip}, func(g result) bool { return errors.Is(g.err, context.DeadlineExceeded) }},
		"blackhole": {Behaviour{Fault: Blackhole}, func(g result) bool { return errors.Is(g.err, context.DeadlineExceeded) }},
		"huge":      {Behaviour{Fault: HugeJSON}, func(g result) bool { return len(g.b) > 10<<20 && json.Valid(g.b) }},
		"deep": {Behaviour{Fault: DeepJSON}, func(g result) bool {
			return strings.HasPrefix(string(g.b), `{"entities":[{"entities":[`) && len(g.b) > 1<<20
		}},
		"html": {Behaviour{Fault: HTMLPage}, func(g result) bool {
			return g.r.StatusCode == 200 && g.r.Header.Get("Content-Type") != "application/rdap+json"
		}},
		"reset":   {Behaviour{Fault: Reset}, func(g result) bool { return g.err != nil && len(g.b) > 0 }},
		"closed":  {Behaviour{Fault: Closed}, func(g result) bool { return g.err != nil && g.r == nil }},
		"lame":    {Behaviour{Fault: Lame}, func(g result) bool { return g.r.StatusCode == 500 }},
		"refuses": {Behaviour{Refuse: true}, func(g result) bool { return g.r.StatusCode == 403 }},
		"raw":     {Behaviour{Raw: []byte("{}")}, func(g result) bool { return string(g.b) == "{}" }},
		"redirect": {Behaviour{Redirect: "file:///etc/passwd"}, func(g result) bool {
			return g.r.StatusCode == 302 && g.r.Header.Get("Location") == "file:///etc/passwd"
		}},
		"refers": {Behaviour{Refers: "http://127.0.0.1:1/domain/spam.org"}, func(g result) bool {
			return strings.Contains(string(g.b), `"href":"http://127.0.0.1:1/domain/spam.org"`)
		}},
		"dead": {Behaviour{Fault: Dead}, func(g result) bool { return g.err != nil && g.r == nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world()
			w.Behave = map[string]Behaviour{"rdap.pir.test": tc.Behaviour}
			n := New(t, w)
			var got result
			within := 10 * time.Second
			if tc.Fault == Drip || tc.Fault == Blackhole {
				within = 500 * time.Millisecond
			}
			got.r, got.b, got.err = fetch(t, n.RDAP("org")+"domain/spam.org", 20<<20, within)
			if !tc.check(got) {
				t.Errorf("%v, %d bytes, %v", got.r, len(got.b), got.err)
			}
		})
	}
}

func TestFaultsOfWHOISThatNeverEnd(t *testing.T) {
	w := world()
	w.Behave = map[string]Behaviour{"whois.pir.test": {Fault: Endless}, "whois.sidn.test": {Fault: Drip}, "whois.denic.test": {Fault: Blackhole}, "whois.afnic.test": {Fault: Dead}}
	n := New(t, w)
	// Each reads as much as the fault must give within a long time, and then finds nothing
	// more within a short one.
	for tld, want := range map[string]int64{"org": 1 << 20, "nl": 1, "de": 0} {
		c, err := net.Dial("tcp", n.WHOIS(tld))
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(c, "spam."+tld+"\r\n")
		if got, err := io.CopyN(io.Discard, c, want); got != want {
			t.Errorf(".%s: read %d bytes, want %d: %v", tld, got, want, err)
		}
		if tld != "org" {
			c.SetDeadline(time.Now().Add(100 * time.Millisecond))
			if more, _ := io.ReadAll(c); len(more) > 1 {
				t.Errorf(".%s: %d bytes more at once", tld, len(more))
			}
		}
		c.Close()
	}
	if c, err := net.Dial("tcp", n.WHOIS("fr")); err == nil {
		if b, err := io.ReadAll(c); err == nil || len(b) > 0 {
			t.Errorf("a dead server answers %q", b)
		}
	}
}

func TestHostileRecordsArriveAsTheyAre(t *testing.T) {
	d := spam("evil.org")
	d.Registrant = HostileContact()
	n := New(t, World{Domains: []Domain{d}})
	answer, err := ask(t, n.WHOIS("org"), "evil.org")
	if err != nil || !strings.Contains(string(answer), "Registrant Name: "+HostileText) {
		t.Errorf("%v\n%q", err, answer)
	}
	_, b, err := fetch(t, n.RDAP("org")+"domain/evil.org", 1<<20, 3*time.Second)
	if err != nil || !json.Valid(b) || !strings.Contains(string(b), `DROP TABLE`) {
		t.Errorf("%v\n%q", err, b)
	}
}

func TestTLS(t *testing.T) {
	w := world()
	w.TLS = true
	n := New(t, w)
	d := n.Dialer()
	transport := &http.Transport{DialContext: d.DialContext, TLSClientConfig: n.ClientTLS()}
	r, err := (&http.Client{Transport: transport}).Get("https://rdap.pir.test/domain/spam.org")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != 200 || !strings.Contains(string(n.BootstrapFile("dns.json")), `"https://rdap.pir.test/"`) {
		t.Errorf("%s\n%s", r.Status, n.BootstrapFile("dns.json"))
	}
}

func TestTheSameQuestionGetsTheSameBytes(t *testing.T) {
	var first []byte
	for range 3 {
		n := New(t, world())
		var all []byte
		for _, r := range DefaultRegistries() {
			answer, err := ask(t, n.WHOIS(""), "spam."+r.TLDs[0])
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, answer...)
			if r.RDAP != "" {
				_, b, err := fetch(t, n.RDAP(r.TLDs[0])+"domain/spam."+r.TLDs[0], 1<<20, 3*time.Second)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, b...)
			}
		}
		if first == nil {
			first = all
		}
		if string(first) != string(all) {
			t.Fatal("another run answers otherwise")
		}
	}
}
