package whois

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/servers"
	"spoor/internal/lab/simnet"
)

// world has a thin registry (com), thick ones, and a registrar of its own server.
func world() simnet.World {
	person := simnet.Contact{Name: "Anna Muster", Street: []string{"1 High Street"}, City: "Town", Country: "DE", Phone: "+49.30123456", Email: "anna@mail.example"}
	day := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	d := func(name string, change func(*simnet.Domain)) simnet.Domain {
		d := simnet.Domain{
			Name: name, Registrar: "acme", Registrant: person, Created: day, Updated: day.AddDate(0, 1, 0), Expires: day.AddDate(2, 0, 0),
			NameServers: []simnet.NameServer{{Host: "one." + name}, {Host: "two." + name}},
		}
		if change != nil {
			change(&d)
		}
		return d
	}
	refers := func(to string) func(*simnet.Domain) { return func(d *simnet.Domain) { d.Refers = to } }
	return simnet.World{
		Domains: []simnet.Domain{
			d("thin.com", nil), d("thick.org", nil), d("spam.de", nil), d("shop.co.uk", nil),
			d("loop.com", refers("whois.verisign.test")), d("local.com", refers("127.0.0.1")), d("port.com", refers("whois.acme.test:6379")),
			d("private.com", refers("10.0.0.1")), d("cloud.com", refers("169.254.169.254")), d("named.com", refers("inside.example")),
			d("odd.com", refers("-oProxyCommand=x")), d("bare.test", nil),
		},
		Records:    []string{"inside.example. 60 IN A 10.1.2.3"},
		Registrars: []simnet.Registrar{{Key: "acme", Name: "Acme Registrar", IANAID: 9999, WHOIS: "whois.acme.test"}},
	}
}

// newClient asks the registries of a World under their own names.
func newClient(n *simnet.Net) *Client {
	return &Client{Dialer: n.Dialer(), Servers: map[string]string{
		"com": "whois.verisign.test:43", "org": "whois.pir.test:43", "de": "whois.denic.test:43", "co.uk": "whois.nominet.test:43",
	}, IANA: "whois.iana.test:43", Timeout: 5 * time.Second}
}

func look(t *testing.T, c *Client, name string) []enrich.Observation {
	t.Helper()
	obs, err := (&Lookup{Client: c}).Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: name})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return obs
}

func TestRegistryThenRegistrar(t *testing.T) {
	n := simnet.New(t, world())
	c := newClient(n)
	obs := look(t, c, "thin.com")
	if len(obs) != 2 || obs[0].Source != enrich.WHOIS || obs[1].Source != enrich.RegistrarWHOIS {
		t.Fatalf("%d observations: %+v", len(obs), obs)
	}
	if obs[1].Server != "whois.acme.test:43" || obs[1].Outcome != enrich.Answered {
		t.Errorf("%s %s %s", obs[1].Server, obs[1].Outcome, obs[1].Detail)
	}
	reg, _ := obs[1].Parsed.(*enrich.Registration)
	if reg == nil || reg.Registrant.Name != "Anna Muster" {
		t.Errorf("%+v", reg)
	}
	if n.Stats("whois.verisign.test").Questions["thin.com"] != 1 || n.Stats("whois.acme.test").Questions["thin.com"] != 1 {
		t.Error("not each was asked once")
	}
	for name, want := range map[string]enrich.Outcome{
		"thick.org": enrich.Answered, "shop.co.uk": enrich.Answered, "spam.de": enrich.Answered, "free.org": enrich.None, "free.com": enrich.None, "free.de": enrich.None,
	} {
		obs := look(t, c, name)
		if len(obs) != 1 && name != "spam.de" || obs[0].Outcome != want || len(obs[0].Raw) == 0 || obs[0].Took <= 0 || obs[0].Subject.Name != name {
			t.Errorf("%s: %+v", name, obs)
		}
	}
}

// Where a referral must not lead: the answer is kept, the way is not taken.
func TestReferralsThatAreNotFollowed(t *testing.T) {
	n := simnet.New(t, world())
	c := newClient(n)
	for name, why := range map[string]string{
		"local.com": "not a public address", "private.com": "not a public address", "cloud.com": "not a public address",
		"named.com": "not a public address", "port.com": "port 6379", "odd.com": "",
	} {
		obs := look(t, c, name)
		if obs[0].Outcome != enrich.Answered {
			t.Errorf("%s: the registry's answer is lost: %+v", name, obs[0])
		}
		if why != "" && (len(obs) != 2 || obs[1].Outcome != enrich.Guarded || !strings.Contains(obs[1].Detail, why)) {
			t.Errorf("%s: %+v", name, obs)
		}
	}
	if obs := look(t, c, "loop.com"); len(obs) != 1 || n.Stats("whois.verisign.test").Questions["loop.com"] != 1 {
		t.Errorf("loop: %+v", obs)
	}
	if s := n.Outside(); len(s) > 0 {
		t.Errorf("dialled %q", s)
	}
}

// One server for everything: only servers that the user named are asked
// besides.
func TestOneServerForEverything(t *testing.T) {
	n := simnet.New(t, world())
	all := n.WHOIS("")
	c := &Client{Dialer: n.Dialer(all), All: all}
	if obs := look(t, c, "thin.com"); len(obs) != 1 || obs[0].Server != all || obs[0].Outcome != enrich.Answered {
		t.Errorf("%+v", obs)
	}
	if obs := look(t, c, "cloud.com"); len(obs) != 2 || obs[1].Outcome != enrich.Guarded {
		t.Errorf("%+v", obs)
	}
	for _, name := range n.Names() {
		if s := n.Stats(name); name != simnet.AnyWHOIS && s.Connections > 0 {
			t.Errorf("%s was asked", name)
		}
	}
	if s := n.Outside(); len(s) > 0 {
		t.Errorf("dialled %q", s)
	}
}

func TestUnknownTLDsAreAskedOfIANAOnce(t *testing.T) {
	n := simnet.New(t, world())
	c := newClient(n)
	for range 3 {
		if obs := look(t, c, "bare.test"); obs[0].Server != "whois.pir.test:43" || obs[0].Outcome != enrich.Answered {
			t.Fatalf("%+v", obs)
		}
		if obs := look(t, c, "x.nowhere"); obs[0].Outcome != enrich.Failed || !strings.Contains(obs[0].Detail, "no WHOIS server is known") {
			t.Fatalf("%+v", obs)
		}
	}
	if s := n.Stats(simnet.IANAWHOIS); s.Asked != 2 || s.Questions["test"] != 1 {
		t.Errorf("IANA was asked %v", s.Questions)
	}
}

// Only a valid name is sent: no second line, no option.
func TestNamesThatAreNotSent(t *testing.T) {
	n := simnet.New(t, world())
	c := newClient(n)
	for _, name := range []string{"a.com\r\nb.com", "a b.com", "-T.com", "--help", "com", "", "a..com", "127.0.0.1", "\x00.com", "a_b.com", strings.Repeat("a", 64) + ".com"} {
		if obs := look(t, c, name); len(obs) != 1 || obs[0].Outcome != enrich.Guarded || obs[0].Raw != nil {
			t.Errorf("%q: %+v", name, obs)
		}
	}
	if c := n.Stats("whois.verisign.test").Connections; c != 0 {
		t.Errorf("%d connections", c)
	}
}

func TestHostileServers(t *testing.T) {
	for fault, want := range map[simnet.Fault]enrich.Outcome{
		simnet.Dead: enrich.Failed, simnet.Blackhole: enrich.TimedOut, simnet.Reset: enrich.Failed, simnet.Closed: enrich.Failed,
		simnet.Endless: enrich.Malformed, simnet.Drip: enrich.TimedOut, simnet.Binary: enrich.Malformed,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := world()
			w.Behave = map[string]simnet.Behaviour{"whois.pir.test": {Fault: fault}}
			n := simnet.New(t, w)
			c := newClient(n)
			c.Timeout = 2 * time.Second
			obs := look(t, c, "thick.org")
			if len(obs) != 1 || obs[0].Outcome != want || obs[0].Detail == "" || len(obs[0].Raw) > guard.MaxAnswer || obs[0].Parsed != nil {
				t.Errorf("%s %q, %d bytes", obs[0].Outcome, obs[0].Detail, len(obs[0].Raw))
			}
		})
	}
}

func TestThrottledAndCut(t *testing.T) {
	w := world()
	w.Behave = map[string]simnet.Behaviour{"whois.pir.test": {Quota: 1}, "whois.verisign.test": {Fault: simnet.Cut}}
	n := simnet.New(t, w)
	c := newClient(n)
	c.SecondTry = time.Millisecond
	look(t, c, "thick.org")
	if obs := look(t, c, "thick.org"); obs[0].Outcome != enrich.Throttled {
		t.Errorf("%+v", obs[0])
	}
	// It ends in "Registrar WHOIS Server: whois.acme.test", where the library panics when it
	// follows referrals: too little for an answer.
	if obs := look(t, c, "thin.com"); len(obs) == 0 || obs[0].Outcome != enrich.Malformed || len(obs[0].Raw) == 0 {
		t.Errorf("%+v", obs)
	}
}

func TestStopEndsAQuestion(t *testing.T) {
	w := world()
	w.Behave = map[string]simnet.Behaviour{"whois.pir.test": {Fault: simnet.Blackhole}}
	n := simnet.New(t, w)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	c := newClient(n)
	c.Timeout = time.Hour // only ctx ends it
	obs, err := (&Lookup{Client: c}).Look(ctx, enrich.Subject{Kind: enrich.Domain, Name: "thick.org"})
	if err != nil || len(obs) != 1 || obs[0].Outcome != enrich.TimedOut {
		t.Errorf("%+v, %v", obs, err)
	}
}

// doorkeeper is a Gate that counts and may close.
type doorkeeper struct {
	closed   string
	passed   []string
	outcomes []enrich.Outcome
}

func (d *doorkeeper) Wait(_ context.Context, server, _ string) (func(enrich.Outcome), error) {
	if server == d.closed {
		return nil, &enrich.BackedOff{Server: server, Until: time.Now().Add(time.Hour), Reason: "quota"}
	}
	d.passed = append(d.passed, server)
	return func(o enrich.Outcome) { d.outcomes = append(d.outcomes, o) }, nil
}

func TestEveryQuestionPassesTheGate(t *testing.T) {
	n := simnet.New(t, world())
	c := newClient(n)
	gate := &doorkeeper{}
	c.Gate = gate
	look(t, c, "thin.com")
	look(t, c, "bare.test")
	if want := []string{"whois.verisign.test:43", "whois.acme.test:43", "whois.iana.test:43", "whois.pir.test:43"}; !slices.Equal(gate.passed, want) {
		t.Errorf("passed %q", gate.passed)
	}
	if len(gate.outcomes) != 4 || slices.Contains(gate.outcomes, enrich.Failed) {
		t.Errorf("told %q", gate.outcomes)
	}
	gate.closed = "whois.verisign.test:43"
	_, err := (&Lookup{Client: c}).Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: "thin.com"})
	var backed *enrich.BackedOff
	if !errors.As(err, &backed) {
		t.Errorf("error %v", err)
	}
	gate.closed = "whois.acme.test:43"
	thin := enrich.Subject{Kind: enrich.Domain, Name: "thin.com"}
	obs, err := (&Lookup{Client: c}).Look(t.Context(), thin)
	if len(obs) != 1 || obs[0].Outcome != enrich.Answered || !errors.As(err, &backed) || backed.Server != gate.closed {
		t.Errorf("%+v, %v", obs, err)
	}
	// When the registrar may be asked again, the registry is not.
	gate.closed, gate.passed = "", nil
	if obs := look(t, c, "thin.com"); len(obs) != 2 || obs[1].Source != enrich.RegistrarWHOIS || obs[1].Outcome != enrich.Answered || !slices.Equal(gate.passed, []string{"whois.acme.test:43"}) {
		t.Errorf("%+v after %q", obs, gate.passed)
	}
}

// A domain that is told "too many" is asked about again, once.
func TestQuotaIsAskedTwice(t *testing.T) {
	w := world()
	w.Special = map[string]simnet.Behaviour{"thick.org": {Raw: []byte("Quota exceeded\n")}}
	n := simnet.New(t, w)
	c := newClient(n)
	c.SecondTry = time.Millisecond
	obs := look(t, c, "thick.org")
	if len(obs) != 2 || obs[0].Outcome != enrich.Throttled || obs[1].Outcome != enrich.Throttled || n.Stats("whois.pir.test").Asked != 2 {
		t.Errorf("%+v", obs)
	}
}

// A registrar whose WHOIS is retired is asked by RDAP: where it says, or where the registry
// says.
func TestARetiredRegistrarIsAskedByRDAP(t *testing.T) {
	for said, want := range map[string]string{
		"This WHOIS service has been retired. Please use RDAP: https://rdap.acme.example/v1.\r\n": "https://rdap.acme.example/v1",
		"Use RDAP: http://192.0.2.7:8080/\r\nTerms: https://acme.example/terms\r\n":               "http://192.0.2.7:8080/",
		"Please use RDAP instead.\r\n": "",
	} {
		w := world()
		w.Behave = map[string]simnet.Behaviour{"whois.acme.test": {Raw: []byte(said)}}
		asked := []string{}
		l := &Lookup{Client: newClient(simnet.New(t, w)), RDAP: func(_ context.Context, s enrich.Subject, url string) ([]enrich.Observation, error) {
			asked = append(asked, url)
			return []enrich.Observation{{Subject: s, Source: enrich.RDAP, Outcome: enrich.Answered}}, nil
		}}
		obs, err := l.Look(t.Context(), enrich.Subject{Kind: enrich.Domain, Name: "thin.com"})
		if err != nil || len(obs) != 3 || obs[1].Outcome != enrich.Refused || obs[2].Source != enrich.RDAP || !slices.Equal(asked, []string{want}) {
			t.Errorf("%q: %+v, %v, asked %q", said, obs, err, asked)
		}
	}
}

// A referral leads to a private server only where the user named it, alone or in a prefix.
func TestReferralsToNamedPrivateServers(t *testing.T) {
	n := simnet.New(t, world())
	for pattern, want := range map[string]enrich.Outcome{"": enrich.Guarded, "10.0.0.*": enrich.Failed, "10.0.0.0/8": enrich.Failed, "10.0.0.1:43": enrich.Failed, "10.0.0.1:4343": enrich.Guarded, "192.168.0.*": enrich.Guarded} {
		c := newClient(n)
		d := *c.Dialer
		if pattern != "" {
			p, err := servers.Parse(pattern)
			if err != nil {
				t.Fatal(err)
			}
			d.Referred = []servers.Pattern{p}
		}
		dial := d.Dial
		d.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if strings.HasPrefix(address, "10.") {
				return nil, errors.New("reached")
			}
			return dial(ctx, network, address)
		}
		c.Dialer = &d
		obs := look(t, c, "private.com")
		if len(obs) != 2 || obs[1].Outcome != want {
			t.Errorf("%q: %+v", pattern, obs)
		}
	}
}

func TestServerTable(t *testing.T) {
	table := shippedServers()
	if len(table) < 280 {
		t.Errorf("%d suffixes", len(table))
	}
	for suffix, server := range table {
		host, port, err := net.SplitHostPort(server)
		if _, ok := validName(host); err != nil || port != "43" || !ok || strings.HasPrefix(suffix, ".") {
			t.Errorf("%s: %q", suffix, server)
		}
	}
	for name, want := range map[string]string{
		"spam.com": "whois.verisign-grs.com:43", "a.co.za": "whois.registry.net.za:43", "x.uk.com": "whois.centralnic.com:43", "y.co.uk": "whois.nic.uk:43",
	} {
		if got, _ := longestSuffix(table, name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestServersAsAnswersWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		" whois.acme.test ": "whois.acme.test:43", "whois://whois.acme.test/": "whois.acme.test:43", "WHOIS.ACME.TEST:43": "whois.acme.test:43",
		"https://whois.acme.test/search?x": "whois.acme.test:43", "127.0.0.1": "127.0.0.1:43", "[::1]:43": "[::1]:43", "a b": "", "": "", "x": "", "whois.acme.test:x y": "whois.acme.test:x",
	} {
		if got, _ := hostPortIn(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzReferral(f *testing.F) {
	f.Add("whois.acme.test")
	f.Add("https://[::ffff:127.0.0.1]:43/")
	f.Fuzz(func(t *testing.T, s string) {
		server, ok := hostPortIn(s)
		if !ok {
			return
		}
		host, _, err := net.SplitHostPort(server)
		if err != nil {
			t.Fatalf("%q: %q: %v", s, server, err)
		}
		if _, err := netip.ParseAddr(host); err != nil && strings.ContainsAny(host, " \r\n\x00/") {
			t.Fatalf("%q: %q", s, server)
		}
		_ = (&Client{Dialer: &guard.Dialer{}}).forbidden(server)
	})
}

// A WHOIS answer costs little beside its storing.
func BenchmarkLookup(b *testing.B) {
	n, err := simnet.Start(b.Context(), world())
	if err != nil {
		b.Fatal(err)
	}
	defer n.Close()
	c := newClient(n)
	l := &Lookup{Client: c}
	for b.Loop() {
		if _, err := l.Look(b.Context(), enrich.Subject{Kind: enrich.Domain, Name: "thick.org"}); err != nil {
			b.Fatal(err)
		}
	}
}
