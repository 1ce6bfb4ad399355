package simnet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"spoor/enrich/guard"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		panic(err)
	}
	return t
}

// spam is a registration with everything in it.
func spam(name string) Domain {
	c := Contact{
		Handle: "GE1-BMN", Name: "Glen Example", Street: []string{"PO Box 51"}, City: "Westport", Region: "NY", PostalCode: "12993",
		Country: "US", Phone: "+48.223895469", Email: "glen@mail.example", Created: day("2005-12-30 00:00:00"),
	}
	return Domain{
		Name: name, Handle: "D1-TEST", Registrar: "acme", Registrant: c, Admin: c, Tech: c,
		Created: day("2005-12-30 09:45:58"), Updated: day("2006-01-04 17:57:33"), Expires: day("2006-12-30 04:45:58"),
		NameServers: []NameServer{{Host: "one.pool.test", Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.53")}, Handle: "OOC2-BMN-HST"}, {Host: "two.pool.test"}},
		Status:      []string{"clientTransferProhibited"},
		Addrs:       []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}, MX: []string{"10 mail." + name},
	}
}

func world() World {
	w := World{
		Registrars: []Registrar{
			{Key: "acme", Name: "Acme Names, Inc.", IANAID: 9999, URL: "http://acme.test", WHOIS: "whois.acme.test", RDAP: "rdap.acme.test",
				AbuseEmail: "abuse@acme.test", AbusePhone: "+1.5555550100"},
			{Key: "old", Name: "BookMyExample", IANAID: 9998, WHOIS: "whois.old.test", Layout: Old2005},
			{Key: "netsol", Name: "Example Solutions", WHOIS: "whois.netsol.test", Layout: NetSol},
		},
		ASes: []AS{{64500, "EXAMPLE-AS Example Network", "CN", "apnic", day("2001-02-03 00:00:00"), []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}},
		Records: []string{
			"chain.test. 60 IN CNAME www.spam.com.", "loop.test. 60 IN CNAME loop.test.",
			"7.2.0.192.in-addr.arpa. 60 IN PTR www.spam.com.",
		},
	}
	for _, r := range DefaultRegistries() {
		w.Domains = append(w.Domains, spam("spam."+r.TLDs[0]))
	}
	old := spam("old.com")
	old.Registrar = "old"
	solved := spam("netsol.com")
	solved.Registrar = "netsol"
	w.Domains = append(w.Domains, old, solved)
	for i, r := range DefaultRegional() {
		w.Netblocks = append(w.Netblocks, Netblock{
			Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(i * 16)}), 28), Handle: fmt.Sprintf("NET-%d", i), Name: "EXAMPLE-NET",
			Owner: "Example Commerce Co.,Ltd", Country: "CN", Registry: r.Key, AbuseEmail: "abuse@example.com", Created: day("2003-04-05 00:00:00"),
		})
	}
	return w
}

// ask puts a WHOIS question.
func ask(t *testing.T, server, question string) ([]byte, error) {
	t.Helper()
	c, err := net.Dial("tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	io.WriteString(c, question+"\r\n")
	return io.ReadAll(c)
}

func TestLayoutsSayWhatTheWorldHolds(t *testing.T) {
	n := New(t, world())
	for _, tc := range []struct {
		tld  string
		want []string
	}{
		{"com", []string{"   Domain Name: SPAM.COM", "Registrar WHOIS Server: whois.acme.test", "Creation Date: 2005-12-30T09:45:58Z"}},
		{"org", []string{"Registrant Name: Glen Example", "Registry Expiry Date: 2006-12-30T04:45:58Z", "Name Server: one.pool.test"}},
		{"info", []string{"Created On:30-Dec-2005 09:45:58 UTC", "Sponsoring Registrar:Acme Names, Inc."}},
		{"de", []string{"Nserver: one.pool.test 192.0.2.53", "Changed: 2006-01-04T17:57:33+00:00"}},
		{"uk", []string{"    Registrant:\r\n        Glen Example", "Registered on: 30-Dec-2005"}},
		{"fr", []string{"holder-c:                    GE1-BMN", "contact:                     Glen Example"}},
		{"ru", []string{"nserver:       one.pool.test. 192.0.2.53", "paid-till:     2006-12-30T04:45:58Z"}},
		{"jp", []string{"[Created on]                     2005/12/30", "[Last Updated]                   2006/01/05 02:57:33 (JST)"}},
		{"kr", []string{"Registered Date             : 2005. 12. 30.", "\xb5\xb5\xb8\xde\xc0\xce"}},
		{"br", []string{"owner:       Glen Example", "created:     20051230", "N\xe3o"}},
		{"nl", []string{"Registrar:\r\n   Acme Names, Inc.", "Creation Date: 2005-12-30"}},
		{"eu", []string{"NOT DISCLOSED!", "one.pool.test (192.0.2.53)"}},
		{"cn", []string{"Registration Time: 2005-12-30 17:45:58"}},
	} {
		for _, server := range []string{n.WHOIS(tc.tld), n.WHOIS("")} {
			answer, err := ask(t, server, "spam."+tc.tld)
			if err != nil {
				t.Errorf(".%s: %v", tc.tld, err)
			}
			for _, want := range tc.want {
				if !bytes.Contains(answer, []byte(want)) {
					t.Errorf(".%s: the answer lacks %q:\n%s", tc.tld, want, answer)
				}
			}
		}
		free, _ := ask(t, n.WHOIS(tc.tld), "free."+tc.tld)
		if len(free) == 0 || bytes.Contains(free, []byte("Glen")) {
			t.Errorf(".%s: a free domain is answered with %q", tc.tld, free)
		}
	}
	if got := n.Stats("whois.denic.test"); got.Asked != 2 || got.Questions["spam.de"] != 1 || got.Log[1].Outcome != "none" {
		t.Errorf("counted %+v", got)
	}
}

func TestRegistrarsKnowTheirOwn(t *testing.T) {
	n := New(t, world())
	for _, tc := range []struct{ registrar, domain, want string }{
		{"acme", "spam.com", "Registrar Registration Expiration Date: 2006-12-30T04:45:58Z"},
		{"acme", "old.com", "No Data Found"},
		{"old", "old.com", "  Glen Example (GE1-BMN)\r\n  PO Box 51, Westport\r\n  12993 NY\r\n  UNITED STATES\r\n  phone : +48 22 3895469"},
		{"old", "old.com", "Created on 12/30/2005 09:45:58"},
		{"netsol", "netsol.com", "   Record created on 30-Dec-2005."},
	} {
		if answer, _ := ask(t, n.WHOIS(tc.registrar), tc.domain); !bytes.Contains(answer, []byte(tc.want)) {
			t.Errorf("%s of %s: no %q in\n%s", tc.domain, tc.registrar, tc.want, answer)
		}
	}
}

func TestAddressRegistries(t *testing.T) {
	n := New(t, world())
	for i, r := range DefaultRegional() {
		answer, _ := ask(t, n.WHOIS(r.Key), fmt.Sprintf("198.51.100.%d", i*16+1))
		for _, want := range []string{"Example Commerce Co.,Ltd", "abuse@example.com", "CN"} {
			if !bytes.Contains(answer, []byte(want)) {
				t.Errorf("%s: no %q in\n%s", r.Key, want, answer)
			}
		}
	}
	if answer, _ := ask(t, n.WHOIS("arin"), "n + 198.51.100.1"); !bytes.Contains(answer, []byte("ReferralServer: whois://whois.ripe.test")) {
		t.Errorf("ARIN does not refer to RIPE:\n%s", answer)
	}
	if answer, _ := ask(t, n.WHOIS(IANAWHOIS), "spam.com"); !bytes.Contains(answer, []byte("refer:        whois.verisign.test")) {
		t.Errorf("IANA does not refer to Verisign:\n%s", answer)
	}
	if answer, _ := ask(t, n.WHOIS("apnic"), "AS64500"); !bytes.Contains(answer, []byte("as-name:         EXAMPLE-AS")) {
		t.Errorf("AS64500: %s", answer)
	}
}

func exchange(t *testing.T, n *Net, network, name string, qtype uint16) *dns.Msg {
	t.Helper()
	c := dns.Client{Net: network, Timeout: 2 * time.Second}
	m := new(dns.Msg)
	m.SetQuestion(name, qtype)
	r, _, err := c.Exchange(m, n.DNS())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

func TestDNS(t *testing.T) {
	w := world()
	w.Invent = true
	for i := range 200 {
		w.Records = append(w.Records, fmt.Sprintf("big.test. 60 IN A 198.51.100.%d", i))
	}
	n := New(t, w)
	for _, tc := range []struct {
		name    string
		qtype   uint16
		rcode   int
		answers int
	}{
		{"spam.com.", dns.TypeNS, 0, 2},
		{"WwW.sPam.com.", dns.TypeA, 0, 1},
		{"www.spam.com.", dns.TypeAAAA, 0, 1},
		{"www.spam.com.", dns.TypeTXT, 0, 0},
		{"none.spam.com.", dns.TypeA, dns.RcodeNameError, 0},
		{"chain.test.", dns.TypeA, 0, 2},
		{"loop.test.", dns.TypeA, dns.RcodeServerFailure, 16},
		{"7.2.0.192.in-addr.arpa.", dns.TypePTR, 0, 1},
		{"0.192.in-addr.arpa.", dns.TypePTR, 0, 0},
		{"7.2.0.192.origin.asn.cymru.com.", dns.TypeTXT, 0, 1},
		{"AS64500.asn.cymru.com.", dns.TypeTXT, 0, 1},
		{"www.inv000123.com.", dns.TypeA, 0, 1},
		{"inv000123.com.", dns.TypeMX, 0, 1},
	} {
		r := exchange(t, n, "udp", tc.name, tc.qtype)
		if r.Rcode != tc.rcode || len(r.Answer) != tc.answers {
			t.Errorf("%s: %s", tc.name, r)
		}
		if len(r.Answer) > 0 && r.Answer[0].Header().Name != tc.name {
			t.Errorf("%s: answered for %s", tc.name, r.Answer[0].Header().Name)
		}
	}
	if r := exchange(t, n, "udp", "big.test.", dns.TypeA); !r.Truncated {
		t.Error("200 addresses came whole in 512 bytes")
	}
	if r := exchange(t, n, "tcp", "big.test.", dns.TypeA); len(r.Answer) != 200 {
		t.Errorf("TCP brought %d of 200 addresses", len(r.Answer))
	}
	if got := n.Stats("dns").Questions["big.test. A"]; got != 2 {
		t.Errorf("counted %d questions of 2", got)
	}
}

func getJSON(t *testing.T, url string) (int, map[string]any) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		t.Errorf("%s: %v", url, err)
	}
	return r.StatusCode, v
}

func TestRDAP(t *testing.T) {
	n := New(t, world())
	status, thin := getJSON(t, n.RDAP("com")+"domain/spam.com")
	if b := fmt.Sprint(thin); status != 200 || strings.Contains(b, "Glen") || !strings.Contains(b, "http://rdap.acme.test/domain/spam.com") {
		t.Errorf("thin answer %d %v", status, b)
	}
	if _, thick := getJSON(t, n.RDAP("acme")+"domain/spam.com"); !strings.Contains(fmt.Sprint(thick), "glen@mail.example") {
		t.Errorf("the registrar hides its customer: %v", thick)
	}
	for path, want := range map[string]int{"domain/free.org": 404, "ip/198.51.100.1": 200, "ip/203.0.113.1": 404, "autnum/64500": 200, "entity/9999": 200, "odd": 400} {
		if status, _ := getJSON(t, n.RDAP("")+path); status != want {
			t.Errorf("%s: status %d, want %d", path, status, want)
		}
	}
	if _, files := getJSON(t, n.Bootstrap()+"dns.json"); !strings.Contains(fmt.Sprint(files), "[[com net] [http://rdap.verisign.test/]]") {
		t.Errorf("bootstrap %v", files)
	}
}

func TestLimitsAreCountedAndToldInTheirWords(t *testing.T) {
	w := world()
	w.Behave = map[string]Behaviour{"whois.denic.test": {Rate: 3}, "rdap.pir.test": {Quota: 1, RetryAfter: 7}, "dns": {Quota: 1}}
	n := New(t, w)
	for i := range 4 {
		answer, _ := ask(t, n.WHOIS("de"), "spam.de")
		if throttled := bytes.Contains(answer, []byte("access control limit exceeded")); throttled != (i == 3) {
			t.Errorf("question %d: %s", i, answer)
		}
	}
	if st := n.Stats("whois.denic.test"); st.Throttled != 1 || st.MaxPerSecond != 4 || st.MaxAtOnce != 1 {
		t.Errorf("counted %+v", st)
	}
	getJSON(t, n.RDAP("org")+"domain/spam.org")
	r, err := http.Get(n.RDAP("org") + "domain/spam.org")
	if err != nil || r.StatusCode != 429 || r.Header.Get("Retry-After") != "7" {
		t.Errorf("%v, %v", r, err)
	}
	r.Body.Close()
	exchange(t, n, "udp", "spam.com.", dns.TypeA)
	if m := exchange(t, n, "udp", "spam.com.", dns.TypeA); m.Rcode != dns.RcodeRefused {
		t.Errorf("after its quota DNS says %s", dns.RcodeToString[m.Rcode])
	}
}

func TestFaultsOfStreams(t *testing.T) {
	w := world()
	w.Special = map[string]Behaviour{
		"reset.com": {Fault: Reset, Raw: bytes.Repeat([]byte("x"), 100)}, "closed.com": {Fault: Closed}, "cut.com": {Fault: Cut, Refers: "10.0.0.1"},
		"loop.com": {Refers: "whois.verisign.test"}, "binary.com": {Fault: Binary},
	}
	w.Domains = append(w.Domains, spam("cut.com"), spam("loop.com"))
	n := New(t, w)
	for question, check := range map[string]func([]byte, error) bool{
		"reset.com":  func(b []byte, err error) bool { return len(b) == 50 && err != nil },
		"closed.com": func(b []byte, err error) bool { return len(b) == 0 && err == nil },
		"cut.com":    func(b []byte, err error) bool { return bytes.HasSuffix(b, []byte("Registrar WHOIS Server: 10.0.0.1")) },
		"loop.com":   func(b []byte, err error) bool { return bytes.Contains(b, []byte("Server: whois.verisign.test\r\n")) },
		"binary.com": func(b []byte, err error) bool { return bytes.IndexByte(b, 0) >= 0 && len(b) > 50_000 },
	} {
		if b, err := ask(t, n.WHOIS("com"), question); !check(b, err) {
			t.Errorf("%s: %d bytes, %v: %.200q", question, len(b), err, b)
		}
	}
}

func TestTheDialerKnowsOnlyTheWorld(t *testing.T) {
	w := world()
	w.Behave = map[string]Behaviour{"whois.sidn.test": {Fault: Dead}}
	w.Records = append(w.Records, "evil.test. 60 IN A 10.0.0.1", "far.test. 60 IN A 8.8.8.8")
	n := New(t, w)
	d := n.Dialer()
	c, err := d.DialContext(t.Context(), "tcp", "whois.verisign.test:43")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	var guarded *guard.Error
	if _, err := d.DialContext(t.Context(), "tcp", "evil.test:43"); !errors.As(err, &guarded) {
		t.Errorf("a private address: %v", err)
	}
	if _, err := d.DialContext(t.Context(), "tcp", n.WHOIS("com")); !errors.As(err, &guarded) {
		t.Errorf("loopback: %v", err)
	}
	if _, err := d.DialContext(t.Context(), "tcp", "far.test:43"); err == nil || !slices.Equal(n.Outside(), []string{"8.8.8.8:43"}) {
		t.Errorf("dialled out of the World: %v, outside %v", err, n.Outside())
	}
	if _, err := d.DialContext(t.Context(), "tcp", "whois.sidn.test:43"); err == nil {
		t.Error("a dead server took a connection")
	}
	client := http.Client{Transport: &http.Transport{DialContext: d.DialContext}}
	r, err := client.Get("http://rdap.pir.test/domain/spam.org")
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%v %v", r, err)
	}
	r.Body.Close()
}

func TestStartEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n, err := Start(ctx, World{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 100 {
		if c, err := net.Dial("tcp", n.WHOIS("")); err != nil {
			return
		} else {
			c.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("servers outlive their context")
}
