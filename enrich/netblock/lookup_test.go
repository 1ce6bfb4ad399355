package netblock

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/enrich/rdap"
	"spoor/enrich/whois"
	"spoor/internal/lab/simnet"
)

func holding(prefix, registry string, change func(*simnet.Netblock)) simnet.Netblock {
	b := simnet.Netblock{
		Prefix: netip.MustParsePrefix(prefix), Handle: "NET-" + prefix, Name: "NET-" + strings.ToUpper(registry), Owner: "Holder at " + registry, Country: "PL", Registry: registry,
		Status: "ASSIGNED PA", AbuseEmail: "abuse@holder.example", Created: time.Date(2004, 1, 2, 0, 0, 0, 0, time.UTC), Updated: time.Date(2005, 1, 2, 0, 0, 0, 0, time.UTC),
	}
	if change != nil {
		change(&b)
	}
	return b
}

// world has a netblock at each registry.
func world() simnet.World {
	return simnet.World{Netblocks: []simnet.Netblock{
		holding("192.0.2.0/25", "ripe", nil), holding("192.0.2.128/25", "apnic", nil), holding("198.51.100.0/24", "arin", nil), holding("203.0.113.0/24", "lacnic", nil),
		holding("198.18.0.0/16", "afrinic", nil), holding("2001:db8:7::/48", "ripe", nil),
	}}
}

// inside returns a Lookup inside a simulated Internet, with its bootstrap.
func inside(t *testing.T, n *simnet.Net) *Lookup {
	t.Helper()
	b := rdap.NewBootstrap()
	for _, f := range []string{"dns.json", "ipv4.json", "ipv6.json"} {
		if err := b.Add(n.BootstrapFile(f)); err != nil {
			t.Fatal(err)
		}
	}
	d := n.Dialer()
	c := rdap.NewClient(d, b, nil)
	c.Timeout = 2 * time.Second
	t.Cleanup(c.Close)
	w := &whois.Client{Dialer: d, Timeout: 2 * time.Second, Servers: map[string]string{"iana": simnet.IANAWHOIS}}
	l := &Lookup{WHOIS: w, RDAP: c, Bootstrap: b, AskReserved: true}
	for _, r := range []string{"ripe", "arin", "apnic", "lacnic", "afrinic"} {
		w.Servers[r] = "whois." + r + ".test"
	}
	return l
}

func subject(addr string) enrich.Subject { return enrich.Subject{Kind: enrich.Address, Name: addr} }

// last returns the netblock of the last observation.
func last(t *testing.T, l *Lookup, addr string) (*enrich.Netblock, []enrich.Observation) {
	t.Helper()
	out, err := l.Look(t.Context(), subject(addr))
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %v, %d observations", addr, err, len(out))
	}
	nb, _ := out[len(out)-1].Parsed.(*enrich.Netblock)
	return nb, out
}

func TestEveryRegistryByEitherProtocol(t *testing.T) {
	n := simnet.New(t, world())
	for _, byWHOIS := range []bool{false, true} {
		l := inside(t, n)
		l.WHOISOnly = byWHOIS
		for addr, registry := range map[string]string{"192.0.2.7": "ripe", "192.0.2.200": "apnic", "198.51.100.7": "arin", "203.0.113.7": "lacnic", "198.18.3.4": "afrinic", "2001:db8:7::1": "ripe"} {
			nb, out := last(t, l, addr)
			if nb == nil || nb.Owner != "Holder at "+registry || nb.Country != "PL" || nb.AbuseEmail != "abuse@holder.example" || nb.Registry != registry && nb.Registry != "" {
				t.Errorf("%s (WHOIS %v): %+v %+v", addr, byWHOIS, nb, out)
			}
			if want := map[bool]enrich.Source{true: enrich.IPWHOIS, false: enrich.IPRDAP}[byWHOIS]; out[0].Source != want || len(out[0].Raw) == 0 || out[0].Expires.IsZero() {
				t.Errorf("%s: %+v", addr, out[0])
			}
		}
	}
	if s := n.Outside(); len(s) != 0 {
		t.Errorf("dialled outside of the world: %v", s)
	}
}

func TestOneServerForEverything(t *testing.T) {
	n := simnet.New(t, world())
	l := &Lookup{WHOIS: &whois.Client{Dialer: n.Dialer(n.WHOIS("")), All: n.WHOIS("")}}
	for _, addr := range []string{"192.0.2.7", "198.51.100.7", "203.0.113.7"} {
		if nb, out := last(t, l, addr); nb == nil || len(out) != 1 {
			t.Errorf("%s: %+v", addr, out)
		}
	}
}

func TestAnAddressInsideAKnownBlockAsksNothing(t *testing.T) {
	w := world()
	w.Default = simnet.Behaviour{Latency: 20 * time.Millisecond}
	n := simnet.New(t, w)
	l := inside(t, n)
	l.WHOISOnly = true
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			addr := fmt.Sprintf("198.18.%d.%d", i*2, i) // all over the /16
			if _, err := l.Look(t.Context(), subject(addr)); err != nil {
				t.Errorf("%s: %v", addr, err)
			}
		})
	}
	wg.Wait()
	if asked := n.Stats("whois.afrinic.test").Asked; asked != 1 {
		t.Errorf("asked %d times about one block", asked)
	}
	if out, err := l.Look(t.Context(), subject("198.18.99.99")); err != nil || len(out) != 0 {
		t.Errorf("%v, %v", out, err)
	}
}

func TestAWideBlockOfManyCustomersIsNotAskedOneByOne(t *testing.T) {
	var w simnet.World
	for i := range 64 {
		w.Netblocks = append(w.Netblocks, holding(fmt.Sprintf("198.18.%d.0/24", i), "ripe", nil))
	}
	w.Default = simnet.Behaviour{Latency: 50 * time.Millisecond}
	n := simnet.New(t, w)
	l := inside(t, n)
	l.WHOISOnly = true
	var wg sync.WaitGroup
	for i := range 256 {
		wg.Go(func() { l.Look(t.Context(), subject(fmt.Sprintf("198.18.%d.%d", i%64, i))) })
	}
	wg.Wait()
	if s := n.Stats("whois.ripe.test"); s.Asked != 64 || s.MaxAtOnce < 8 {
		t.Errorf("asked %d times, %d at once; want 64 times and many of them at once", s.Asked, s.MaxAtOnce)
	}
}

type store struct{ nb enrich.Netblock }

func (s store) NetblockOf(_ context.Context, a netip.Addr, _ time.Time) (enrich.Netblock, bool) {
	return s.nb, s.nb.Prefixes[0].Contains(a)
}

func TestWhatTheStoreKnowsIsNotAsked(t *testing.T) {
	n := simnet.New(t, world())
	l := inside(t, n)
	l.Known = store{enrich.Netblock{Prefixes: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}
	if out, err := l.Look(t.Context(), subject("192.0.2.7")); err != nil || len(out) != 0 {
		t.Errorf("%+v %v", out, err)
	}
	if n.Stats("rdap.ripe.test").Asked != 0 {
		t.Error("asked although it is known")
	}
}

func TestReferralsAreFollowedWithinLimits(t *testing.T) {
	w := world()
	w.Netblocks = append(w.Netblocks, holding("192.0.2.16/28", "rwhois", nil))
	w.Netblocks[0].Refers = "rwhois://rwhois.provider.test:4321"
	w.Netblocks[0].Registry = "arin"
	n := simnet.New(t, w)
	l := inside(t, n)
	l.WHOISOnly = true
	nb, out := last(t, l, "192.0.2.20")
	if nb == nil || nb.Owner != "Holder at rwhois" || out[len(out)-1].Server != "rwhois.provider.test:4321" {
		t.Errorf("%+v\n%+v", nb, out)
	}
}

func TestHostileReferrals(t *testing.T) {
	for _, to := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "localhost.test.", "[::1]", "whois.ripe.test:25", "8.8.8.8:6379"} {
		w := world()
		w.Behave = map[string]simnet.Behaviour{"whois.ripe.test": {Raw: []byte("inetnum: 192.0.2.0/25\nnetname: X\ndescr: X\nsource: RIPE\nReferralServer: whois://" + to)}}
		n := simnet.New(t, w)
		l := inside(t, n)
		l.WHOISOnly = true
		_, out := last(t, l, "192.0.2.7")
		for _, o := range out[1:] {
			if o.Outcome != enrich.Guarded && o.Outcome != enrich.Failed {
				t.Errorf("%s: %s %s", to, o.Outcome, o.Detail)
			}
		}
		if s := n.Outside(); len(s) != 0 {
			t.Errorf("%s: dialled %v", to, s)
		}
	}
}

func TestReferralLoopsEnd(t *testing.T) {
	w := world()
	w.Behave = map[string]simnet.Behaviour{
		"whois.ripe.test": {Raw: []byte("ReferralServer: whois://whois.arin.test\n")}, "whois.arin.test": {Raw: []byte("ReferralServer: whois://whois.apnic.test\n")},
		"whois.apnic.test": {Raw: []byte("ReferralServer: whois://whois.lacnic.test\n")}, "whois.lacnic.test": {Raw: []byte("ReferralServer: whois://whois.ripe.test\n")},
	}
	n := simnet.New(t, w)
	l := inside(t, n)
	l.WHOISOnly = true
	_, out := last(t, l, "192.0.2.7")
	if len(out) > 1+maxReferrals || n.Stats("whois.ripe.test").Asked != 1 {
		t.Errorf("%d questions, %d of them the first again", len(out), n.Stats("whois.ripe.test").Asked)
	}
}

func TestBrokenServers(t *testing.T) {
	for fault, want := range map[simnet.Fault]string{
		simnet.Dead: "failed", simnet.Reset: "failed", simnet.Blackhole: "timed out", simnet.Drip: "timed out", simnet.Endless: "malformed", simnet.Binary: "malformed", simnet.HTMLPage: "malformed", simnet.Closed: "failed",
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := world()
			w.Behave = map[string]simnet.Behaviour{"whois.ripe.test": {Fault: fault}}
			n := simnet.New(t, w)
			l := inside(t, n)
			l.WHOISOnly, l.WHOIS.Timeout = true, 500*time.Millisecond
			_, out := last(t, l, "192.0.2.7")
			if o := out[0]; !strings.Contains(want, string(o.Outcome)) || len(o.Raw) > 1<<20 || o.Parsed != nil {
				t.Errorf("%s %q, %d bytes; want %s", o.Outcome, o.Detail, len(o.Raw), want)
			}
		})
	}
}

func TestWHOISWhereRDAPFails(t *testing.T) {
	w := world()
	w.Behave = map[string]simnet.Behaviour{"rdap.ripe.test": {Fault: simnet.DeepJSON}, "rdap.apnic.test": {Refuse: true}, "rdap.arin.test": {Quota: 1}}
	n := simnet.New(t, w)
	l := inside(t, n)
	for _, addr := range []string{"192.0.2.7", "192.0.2.200"} {
		nb, out := last(t, l, addr)
		if nb == nil || len(out) != 2 || out[0].Source != enrich.IPRDAP || out[0].Parsed != nil || out[1].Source != enrich.IPWHOIS {
			t.Errorf("%s: %+v", addr, out)
		}
	}
}

type closedGate struct{}

func (closedGate) Wait(_ context.Context, server, _ string) (func(enrich.Outcome), error) {
	return nil, &enrich.BackedOff{Server: server, Until: time.Now().Add(time.Hour), Reason: "quota"}
}

func TestTheGateIsObeyed(t *testing.T) {
	n := simnet.New(t, world())
	l := inside(t, n)
	l.WHOIS.Gate, l.WHOISOnly = closedGate{}, true
	var backed *enrich.BackedOff
	if out, err := l.Look(t.Context(), subject("192.0.2.7")); len(out) != 0 || !errors.As(err, &backed) {
		t.Errorf("%v %v", out, err)
	}
	if n.Stats("whois.ripe.test").Asked != 0 {
		t.Error("asked past the gate")
	}
}

func TestReservedAddressesAreNobodys(t *testing.T) {
	l := &Lookup{}
	for _, addr := range []string{"10.1.2.3", "127.0.0.1", "192.168.1.1", "::1", "fe80::1", "::ffff:10.0.0.1"} {
		out, err := l.Look(t.Context(), subject(addr))
		if err != nil || len(out) != 1 || out[0].Outcome != enrich.None {
			t.Errorf("%s: %+v %v", addr, out, err)
		}
	}
	if out, err := l.Look(t.Context(), enrich.Subject{Kind: enrich.Host, Name: "x.example"}); len(out) != 0 || err != nil {
		t.Errorf("%v %v", out, err)
	}
}

type originLookup struct{ asked int }

func (o *originLookup) Source() enrich.Source { return enrich.Origin }

func (o *originLookup) Look(_ context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	o.asked++
	return []enrich.Observation{{Subject: s, Source: enrich.Origin, Outcome: enrich.Answered, Parsed: &enrich.OriginAS{ASNs: []uint32{64500}, Prefix: netip.MustParsePrefix("192.0.2.0/24")}}}, nil
}

func TestOriginIsAskedOncePerPrefix(t *testing.T) {
	n := simnet.New(t, world())
	l := inside(t, n)
	o := &originLookup{}
	l.Origin = o
	for _, addr := range []string{"192.0.2.7", "192.0.2.8", "192.0.2.200"} {
		if _, err := l.Look(t.Context(), subject(addr)); err != nil {
			t.Fatal(err)
		}
	}
	if o.asked != 1 {
		t.Errorf("asked %d times about one prefix", o.asked)
	}
}

func TestQuestionsAsServersWantThem(t *testing.T) {
	a := netip.MustParseAddr("192.0.2.1")
	for server, want := range map[string]string{"whois.arin.net:43": "n + 192.0.2.1", "whois.nic.ad.jp:43": "192.0.2.1/e", "whois.ripe.net:43": "192.0.2.1", "127.0.0.1:4343": "192.0.2.1", "carin.example:43": "192.0.2.1"} {
		if got := question(server, a); got != want {
			t.Errorf("%s: %q, want %q", server, got, want)
		}
	}
	b, err := rdap.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	l := &Lookup{Bootstrap: b}
	for addr, want := range map[string]string{"213.139.76.1": "whois.ripe.net:43", "4.2.2.1": "whois.arin.net:43", "2400::1": "whois.apnic.net:43", "10.0.0.1": "whois.iana.org:43"} {
		if got := l.whoisServer(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

// A registry that the user named is obeyed before the server of everything, for discovery
// and where an answer refers to it.
func TestNamedRegistriesAreObeyed(t *testing.T) {
	b, err := rdap.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		client *whois.Client
		addr   string
		want   string
	}{
		{&whois.Client{All: "127.0.0.1:4343", Servers: map[string]string{"ripe": "127.0.0.2:4343"}}, "213.139.76.1", "127.0.0.2:4343"},
		{&whois.Client{All: "127.0.0.1:4343", Servers: map[string]string{"ripe": "127.0.0.2:4343"}}, "4.2.2.1", "127.0.0.1:4343"},
		{&whois.Client{Servers: map[string]string{"iana": "127.0.0.3:4343"}}, "213.139.76.1", "127.0.0.3:4343"},
		{&whois.Client{Servers: map[string]string{"iana": "127.0.0.3:4343", "ripe": "127.0.0.2:4343"}}, "213.139.76.1", "127.0.0.2:4343"},
	} {
		l := &Lookup{Bootstrap: b, WHOIS: c.client}
		if got := l.whoisServer(netip.MustParseAddr(c.addr)); got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.addr, c.client.Servers, got, c.want)
		}
	}
	l := &Lookup{WHOIS: &whois.Client{Servers: map[string]string{"jpnic": "127.0.0.5:4343", "afrinic": "127.0.0.6:43"}}}
	for from, want := range map[string]string{"whois.nic.ad.jp:43": "127.0.0.5:4343", "whois.afrinic.net:43": "127.0.0.6:43", "whois.ripe.net:43": "whois.ripe.net:43"} {
		if got := l.obeyed(from); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

// BenchmarkLook asks by WHOIS about blocks of their own, 64 at a time, of a server that
// takes 50 ms for each.
func BenchmarkLook(b *testing.B) {
	var w simnet.World
	for i := range 2000 {
		w.Netblocks = append(w.Netblocks, holding(fmt.Sprintf("2001:db8:%x::/48", i), "ripe", nil))
	}
	w.Default = simnet.Behaviour{Latency: 50 * time.Millisecond}
	n := simnet.New(b, w)
	for b.Loop() {
		l := &Lookup{WHOIS: &whois.Client{Dialer: n.Dialer(n.WHOIS("ripe")), All: n.WHOIS("ripe")}}
		work := make(chan int)
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for i := range work {
					if out, err := l.Look(b.Context(), subject(fmt.Sprintf("2001:db8:%x::1", i))); err != nil || len(out) != 1 || out[0].Parsed == nil {
						b.Errorf("%+v %v", out, err)
					}
				}
			})
		}
		start := time.Now()
		for i := range 2000 {
			work <- i
		}
		close(work)
		wg.Wait()
		b.ReportMetric(2000/time.Since(start).Seconds(), "answers/s")
	}
}

// WHOIS that is left out of the sources is not asked even if a table or RDAP
// has no answer.
func TestWhatIsNotToBeAskedIsNot(t *testing.T) {
	n := simnet.New(t, world())
	tables := tablesOf(t, "198.51.100.0/24\t64501\tTABLE-AS\n")
	for name, l := range map[string]*Lookup{
		"tables only": {WHOISOnly: true, NoWHOIS: true, Tables: tables}, "RDAP only": {NoWHOIS: true, Tables: tables},
	} {
		around := inside(t, n)
		l.WHOIS, l.RDAP, l.Bootstrap, l.AskReserved = around.WHOIS, around.RDAP, around.Bootstrap, true
		for _, addr := range []string{"198.51.100.7", "203.0.114.9"} {
			out, err := l.Look(t.Context(), subject(addr))
			if err != nil {
				t.Errorf("%s, %s: %v", name, addr, err)
			}
			for _, o := range out {
				if o.Source == enrich.IPWHOIS || l.WHOISOnly && o.Source != enrich.Table {
					t.Errorf("%s, %s: %+v", name, addr, o)
				}
			}
		}
	}
	for _, server := range n.Names() {
		if s := n.Stats(server); strings.HasPrefix(server, "whois") && s.Asked > 0 {
			t.Errorf("%s was asked %v", server, s.Log)
		}
	}
}

// The user's own table may know the origin of an address that no registry
// assigns.
func TestATableTellsTheOriginOfReservedAddresses(t *testing.T) {
	l := &Lookup{Tables: tablesOf(t, "198.51.100.0/24\t64501\tTABLE-AS\n"), WHOISOnly: true, NoWHOIS: true}
	out, err := l.Look(t.Context(), subject("198.51.100.7"))
	if err != nil || len(out) != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	if as, ok := out[1].Parsed.(*enrich.OriginAS); !ok || as.Prefix.String() != "198.51.100.0/24" {
		t.Errorf("%+v", out[1])
	}
}

func tablesOf(t *testing.T, text string) *Tables {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.tsv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tables, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tables.Close(); err != nil {
			t.Error(err)
		}
	})
	return tables
}
