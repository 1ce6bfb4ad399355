package resolve

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spoor/enrich"
	"spoor/enrich/polite"
	"spoor/internal/lab/simnet"
)

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

// world has a domain with everything, and names that are wrong in their ways.
func world() simnet.World {
	w := simnet.World{
		Domains: []simnet.Domain{{
			Name:        "spam.test",
			NameServers: []simnet.NameServer{{Host: "two.pool.test", Addrs: []netip.Addr{ip("192.0.2.54")}}, {Host: "one.pool.test", Addrs: []netip.Addr{ip("192.0.2.53"), ip("2001:db8::53")}}},
			Addrs:       []netip.Addr{ip("192.0.2.8"), ip("192.0.2.7"), ip("2001:db8::7")},
			MX:          []string{"20 mx2.spam.test", "10 mx1.spam.test"},
		}},
		ASes: []simnet.AS{
			{Number: 64500, Name: "EXAMPLE-AS Example Network, CN", Country: "CN", Registry: "ripencc", Prefixes: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}},
			{Number: 64501, Name: "OTHER-AS", Country: "EU", Registry: "arin", Prefixes: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}},
			{Number: 64502, Name: "", Prefixes: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}},
		},
		Records: []string{
			`spam.test. 60 IN TXT "v=spf1 " "-all"`,
			`spam.test. 60 IN TXT "\027[2J\000<b>\195\164"`,
			"alias.test. 60 IN CNAME b.alias.test.", "b.alias.test. 30 IN CNAME www.spam.test.",
			"dangling.test. 60 IN CNAME gone.test.",
			"inside.test. 60 IN A 10.1.2.3", "inside.test. 60 IN A 127.0.0.1",
			"nomail.test. 60 IN MX 0 .", "only-txt.test. 60 IN TXT hello", "sub.only-txt.test. 60 IN HINFO a b",
			"7.2.0.192.in-addr.arpa. 60 IN PTR www.spam.test.", "7.2.0.192.in-addr.arpa. 60 IN PTR bank.test.",
			"bank.test. 60 IN A 198.51.100.1", "8.2.0.192.in-addr.arpa. 60 IN HINFO a b",
			"7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 IN PTR spam.test.",
			"9.2.0.192.in-addr.arpa. 60 IN PTR no\\032host.test.",
		},
	}
	for i := range 300 {
		w.Records = append(w.Records, fmt.Sprintf("many.test. 60 IN A 198.51.%d.%d", i/250, i%250))
	}
	for i := range 30 {
		w.Records = append(w.Records, fmt.Sprintf("c%d.long.test. 60 IN CNAME c%d.long.test.", i, i+1))
	}
	return w
}

// client returns a Client of all resolvers of a world.
func client(t testing.TB, n *simnet.Net, change func(*Options)) *Client {
	t.Helper()
	o := Options{Servers: n.Resolvers(), Dialer: n.Dialer(), Timeout: 300 * time.Millisecond}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// look returns the one Observation of a look-up.
func look(t testing.TB, l enrich.Lookup, kind enrich.Kind, name string) enrich.Observation {
	t.Helper()
	got, err := l.Look(t.Context(), enrich.Subject{Kind: kind, Name: name})
	if err != nil || len(got) != 1 {
		t.Fatalf("%s: %d observations, error %v", name, len(got), err)
	}
	if o := got[0]; len(o.Detail) > 300 || o.Source != l.Source() || o.Name != name || (o.Parsed == nil) != (o.Outcome != enrich.Answered) ||
		o.Expires.IsZero() == o.Outcome.Final() {
		t.Errorf("%s: inconsistent observation %+v", name, o)
	}
	return got[0]
}

func TestNames(t *testing.T) {
	n := simnet.New(t, world())
	c := client(t, n, nil)
	pool := []enrich.NameServer{{Host: "one.pool.test", Addrs: []netip.Addr{ip("192.0.2.53"), ip("2001:db8::53")}}, {Host: "two.pool.test", Addrs: []netip.Addr{ip("192.0.2.54")}}}
	for _, tc := range []struct {
		kind    enrich.Kind
		name    string
		outcome enrich.Outcome
		want    *enrich.Records
	}{
		{enrich.Domain, "spam.test", enrich.Answered, &enrich.Records{
			A: []netip.Addr{ip("192.0.2.7"), ip("192.0.2.8")}, AAAA: []netip.Addr{ip("2001:db8::7")}, NS: pool,
			MX:  []enrich.MX{{Preference: 10, Host: "mx1.spam.test"}, {Preference: 20, Host: "mx2.spam.test"}},
			SOA: &enrich.SOA{Zone: "spam.test", MName: "two.pool.test", RName: "hostmaster.spam.test", Serial: 2006010401},
			TXT: []string{"v=spf1 -all", "\ufffd[2J\ufffd<b>ä"}, TTL: 60,
		}},
		{enrich.Host, "www.spam.test", enrich.Answered, &enrich.Records{
			A: []netip.Addr{ip("192.0.2.7"), ip("192.0.2.8")}, AAAA: []netip.Addr{ip("2001:db8::7")}, TTL: 300,
		}},
		{enrich.Host, "b.alias.test", enrich.Answered, &enrich.Records{
			A: []netip.Addr{ip("192.0.2.7"), ip("192.0.2.8")}, AAAA: []netip.Addr{ip("2001:db8::7")}, CNAME: []string{"www.spam.test"}, TTL: 30,
		}},
		{enrich.Host, "c0.long.test", enrich.Failed, nil},
		{enrich.Domain, "dangling.test", enrich.Answered, &enrich.Records{CNAME: []string{"gone.test"}, TTL: 60}},
		{enrich.Host, "gone.spam.test", enrich.None, nil},
		{enrich.Domain, "free.test", enrich.None, nil},
		{enrich.Host, "sub.only-txt.test", enrich.None, nil},
		{enrich.Domain, "only-txt.test", enrich.Answered, &enrich.Records{TXT: []string{"hello"}}},
		{enrich.Domain, "nomail.test", enrich.Answered, &enrich.Records{MX: []enrich.MX{{Host: "."}}, Anomalies: []string{"null-mx"}}},
		{enrich.Host, "inside.test", enrich.Answered, &enrich.Records{A: []netip.Addr{ip("10.1.2.3"), ip("127.0.0.1")}, Anomalies: []string{"private-address"}}},
		{enrich.Host, "not a host", enrich.Guarded, nil},
		{enrich.Host, "evil\r\n.test", enrich.Guarded, nil},
		{enrich.Host, "hidden.onion", enrich.Guarded, nil},
		{enrich.Host, "192.0.2.1", enrich.Guarded, nil},
		{enrich.Host, "localhost", enrich.Guarded, nil},
		{enrich.Host, strings.Repeat("a.", 130) + "test", enrich.Guarded, nil},
	} {
		o := look(t, Names{c}, tc.kind, tc.name)
		if o.Outcome != tc.outcome {
			t.Errorf("%s: %s (%s), want %s", tc.name, o.Outcome, o.Detail, tc.outcome)
			continue
		}
		got, _ := o.Parsed.(*enrich.Records)
		if tc.want != nil && tc.want.TTL == 0 && got != nil {
			got.TTL = 0 // not under test here
		}
		if diff := cmp.Diff(tc.want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
			t.Errorf("%s: -want +got\n%s", tc.name, diff)
		}
		if o.Outcome == enrich.Answered && (len(o.Raw) < 12 || o.Server != n.DNS()) {
			t.Errorf("%s: %d raw bytes from %q", tc.name, len(o.Raw), o.Server)
		}
	}
}

func TestOneQuestionForWhatDoesNotExist(t *testing.T) {
	n := simnet.New(t, world())
	c := client(t, n, nil)
	look(t, Names{c}, enrich.Domain, "free.test")
	if got := n.Stats("dns").Asked; got != 1 {
		t.Errorf("asked %d questions", got)
	}
	look(t, Names{c}, enrich.Domain, "spam.test")
	before := n.Stats("dns").Asked
	if before != 1+6+4 {
		t.Errorf("asked %d questions for a domain of two name servers", before-1)
	}
	look(t, Names{c}, enrich.Domain, "spam.test")
	for q, times := range n.Stats("dns").Questions {
		if strings.Contains(q, "pool.test") && times != 1 {
			t.Errorf("asked %d times for %s", times, q)
		}
	}
}

func TestReverse(t *testing.T) {
	c := client(t, simnet.New(t, world()), nil)
	for _, tc := range []struct {
		addr    string
		outcome enrich.Outcome
		want    *enrich.Reverse
	}{
		{"192.0.2.7", enrich.Answered, &enrich.Reverse{Names: []string{"bank.test", "www.spam.test"}, Confirmed: []string{"www.spam.test"}}},
		{"2001:db8::7", enrich.Answered, &enrich.Reverse{Names: []string{"spam.test"}, Confirmed: []string{"spam.test"}}},
		{"192.0.2.8", enrich.None, nil},
		{"192.0.2.200", enrich.None, nil},
		{"192.0.2.9", enrich.Answered, &enrich.Reverse{Names: []string{`no\ host.test`}}},
		{"10.0.0.1", enrich.Guarded, nil},
		{"::1", enrich.Guarded, nil},
		{"no address", enrich.Guarded, nil},
	} {
		o := look(t, Reverse{c}, enrich.Address, tc.addr)
		got, _ := o.Parsed.(*enrich.Reverse)
		if diff := cmp.Diff(tc.want, got); o.Outcome != tc.outcome || diff != "" {
			t.Errorf("%s: %s (%s)\n%s", tc.addr, o.Outcome, o.Detail, diff)
		}
	}
}

func TestOrigin(t *testing.T) {
	n := simnet.New(t, world())
	c := client(t, n, nil)
	for _, tc := range []struct {
		addr    string
		outcome enrich.Outcome
		want    *enrich.OriginAS
	}{
		{"192.0.2.7", enrich.Answered, &enrich.OriginAS{ASNs: []uint32{64500}, Prefix: netip.MustParsePrefix("192.0.2.0/24"), Country: "CN", Registry: "ripe", Names: []string{"EXAMPLE-AS Example Network, CN"}}},
		{"192.0.2.9", enrich.Answered, &enrich.OriginAS{ASNs: []uint32{64500}, Prefix: netip.MustParsePrefix("192.0.2.0/24"), Country: "CN", Registry: "ripe", Names: []string{"EXAMPLE-AS Example Network, CN"}}},
		{"2001:db8:5::1", enrich.Answered, &enrich.OriginAS{ASNs: []uint32{64500}, Prefix: netip.MustParsePrefix("2001:db8::/32"), Country: "CN", Registry: "ripe", Names: []string{"EXAMPLE-AS Example Network, CN"}}},
		{"198.51.100.9", enrich.Answered, &enrich.OriginAS{ASNs: []uint32{64501, 64502}, Prefix: netip.MustParsePrefix("198.51.100.0/24"), Registry: "arin", Names: []string{"OTHER-AS", ""}}},
		{"203.0.113.9", enrich.None, nil},
		{"169.254.169.254", enrich.Guarded, nil},
	} {
		o := look(t, Origin{c}, enrich.Address, tc.addr)
		got, _ := o.Parsed.(*enrich.OriginAS)
		if diff := cmp.Diff(tc.want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); o.Outcome != tc.outcome || diff != "" {
			t.Errorf("%s: %s (%s)\n%s", tc.addr, o.Outcome, o.Detail, diff)
		}
	}
	if got := n.Stats("dns").Questions["as64500.asn.cymru.com. TXT"]; got != 1 {
		t.Errorf("the name of one AS was asked %d times", got)
	}
}

func TestBoundedAnswers(t *testing.T) {
	n := simnet.New(t, world())
	o := look(t, Names{client(t, n, nil)}, enrich.Host, "many.test")
	r := o.Parsed.(*enrich.Records)
	if len(r.A) != maxAddrs || !slices.Contains(r.Anomalies, "many-records") {
		t.Errorf("%d addresses, anomalies %v", len(r.A), r.Anomalies)
	}
	if log := n.Stats("dns").Log; log[1].Network != "tcp" {
		t.Errorf("a truncated answer was not asked again over TCP: %+v", log)
	}
}

func TestFaultsOfResolvers(t *testing.T) {
	for _, tc := range []struct {
		behave  simnet.Behaviour
		outcome enrich.Outcome
		asked   int // questions that reached the server
	}{
		{simnet.Behaviour{Fault: simnet.Blackhole}, enrich.TimedOut, 3},
		{simnet.Behaviour{Fault: simnet.WrongID}, enrich.TimedOut, 3},
		{simnet.Behaviour{Fault: simnet.WrongQuestion}, enrich.TimedOut, 3},
		{simnet.Behaviour{Fault: simnet.Lame}, enrich.Failed, 1},
		{simnet.Behaviour{Refuse: true}, enrich.Refused, 1},
		{simnet.Behaviour{Fault: simnet.Spoofed}, enrich.Answered, 2},
		{simnet.Behaviour{Fault: simnet.Truncates}, enrich.Answered, 4},
		{simnet.Behaviour{Fault: simnet.Binary}, enrich.TimedOut, 3},
		{simnet.Behaviour{Fault: simnet.Blackhole, FaultEvery: 2}, enrich.Answered, 3},
		{simnet.Behaviour{Latency: time.Second}, enrich.TimedOut, 3},
	} {
		t.Run(fmt.Sprintf("%s %v", tc.behave.Fault, tc.outcome), func(t *testing.T) {
			t.Parallel()
			w := world()
			w.Default = tc.behave
			n := simnet.New(t, w)
			o := look(t, Names{client(t, n, func(o *Options) { o.Timeout = 100 * time.Millisecond })}, enrich.Host, "www.spam.test")
			if o.Outcome != tc.outcome {
				t.Errorf("%s (%s), want %s", o.Outcome, o.Detail, tc.outcome)
			}
			if o.Outcome == enrich.Answered && !slices.Equal(o.Parsed.(*enrich.Records).A, []netip.Addr{ip("192.0.2.7"), ip("192.0.2.8")}) {
				t.Errorf("believed %v", o.Parsed)
			}
			if got := n.Stats("dns").Asked; got != tc.asked {
				t.Errorf("%d questions reached the server, want %d", got, tc.asked)
			}
		})
	}
}

func TestFaultsOfTCP(t *testing.T) {
	for fault, want := range map[simnet.Fault]enrich.Outcome{
		simnet.Reset: enrich.Failed, simnet.Closed: enrich.Failed, simnet.Endless: enrich.Malformed, simnet.Drip: enrich.TimedOut, simnet.Blackhole: enrich.TimedOut,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			w := world()
			w.Default = simnet.Behaviour{Fault: fault}
			n := simnet.New(t, w)
			c := client(t, n, nil)
			ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
			defer cancel()
			_, _, err := c.upstreams[0].overTCP(ctx, question{"www.spam.test.", 1}, 7, []byte("\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x04spam\x04test\x00\x00\x01\x00\x01"))
			if got, detail := outcomeOf(err); err == nil || got != want {
				t.Errorf("%s (%s), want %s", got, detail, want)
			}
		})
	}
}

func TestAnotherResolverIsAsked(t *testing.T) {
	for name, bad := range map[string]simnet.Behaviour{
		"dead": {Fault: simnet.Dead}, "refuses": {Refuse: true}, "lame": {Fault: simnet.Lame}, "silent": {Fault: simnet.Blackhole},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world()
			w.Resolvers = []string{"bad", "good"}
			w.Behave = map[string]simnet.Behaviour{"bad": bad}
			n := simnet.New(t, w)
			c := client(t, n, func(o *Options) { o.Timeout = 50 * time.Millisecond })
			for range 2 { // each begins at another resolver
				if o := look(t, Names{c}, enrich.Host, "www.spam.test"); o.Outcome != enrich.Answered || o.Server != n.Resolvers()[1] {
					t.Errorf("%s (%s) from %s", o.Outcome, o.Detail, o.Server)
				}
			}
		})
	}
}

func TestTheGateIsPassedBeforeEachQuestion(t *testing.T) {
	n := simnet.New(t, world())
	g := &gate{left: 7} // six of the domain, one of its name servers'
	c := client(t, n, func(o *Options) { o.Gate = g })
	o := look(t, Names{c}, enrich.Domain, "spam.test")
	if o.Expires.Sub(o.AskedAt) != leastFresh {
		t.Errorf("an answer with holes is fresh for %v", o.Expires.Sub(o.AskedAt))
	}
	if missing := o.Parsed.(*enrich.Records).Missing; o.Outcome != enrich.Answered || len(missing) != 3 {
		t.Errorf("%s, missing %q", o.Outcome, missing)
	}
	if g.under != 0 || len(g.outcomes) != 7 || n.Stats("dns").Asked != 7 {
		t.Errorf("%d still under way, %d reported, %d asked", g.under, len(g.outcomes), n.Stats("dns").Asked)
	}
	var off *enrich.BackedOff
	for _, l := range []enrich.Lookup{Names{c}, Reverse{c}, Origin{c}} {
		if got, err := l.Look(t.Context(), enrich.Subject{Kind: enrich.Address, Name: "192.0.2.7"}); l.Source() != enrich.DNS && (!errors.As(err, &off) || got != nil) {
			t.Errorf("%s: %v, %v", l.Source(), got, err)
		}
	}
	if _, err := (Names{c}).Look(t.Context(), enrich.Subject{Kind: enrich.Host, Name: "www.spam.test"}); !errors.As(err, &off) {
		t.Errorf("backed off, yet: %v", err)
	}
}

func TestTCPIsAQuestionOfItsOwn(t *testing.T) {
	n := simnet.New(t, world())
	g := &gate{left: 100}
	look(t, Names{client(t, n, func(o *Options) { o.Gate = g })}, enrich.Host, "many.test")
	if asked := n.Stats("dns").Asked; asked != 7 || len(g.outcomes) != asked {
		t.Errorf("%d questions, the gate was passed %d times", asked, len(g.outcomes))
	}
}

// TestNeverAboveTheLimit lets a strict resolver count.
func TestNeverAboveTheLimit(t *testing.T) {
	const rate, seconds = 100, 2
	w := world()
	w.Invent = true
	w.Behave = map[string]simnet.Behaviour{"dns": {Rate: rate, AtOnce: 30, Latency: 20 * time.Millisecond}}
	n := simnet.New(t, w)
	limit := func(string) polite.Limit { return polite.Limit{Rate: rate, AtOnce: 30} }
	c := client(t, n, func(o *Options) { o.Gate, o.Timeout = polite.New(limit, nil, nil), 5*time.Second })
	ctx, cancel := context.WithTimeout(t.Context(), seconds*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for worker := range 10 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				Names{c}.Look(ctx, enrich.Subject{Kind: enrich.Domain, Name: fmt.Sprintf("inv%06d.com", worker*1000+i)})
			}
		})
	}
	wg.Wait()
	st := n.Stats("dns")
	if st.Throttled != 0 || st.MaxPerSecond > rate || st.MaxAtOnce > 30 || st.Asked == 0 {
		t.Errorf("%d questions, %d throttled, at most %d in a second and %d at once", st.Asked, st.Throttled, st.MaxPerSecond, st.MaxAtOnce)
	}
}

func TestLateAnswersDoNotMeetTheNextQuestion(t *testing.T) {
	w := world()
	// The time-out is long enough for a busy machine to answer the other questions.
	w.Special = map[string]simnet.Behaviour{"www.spam.test": {Latency: 1100 * time.Millisecond}}
	n := simnet.New(t, w)
	c := client(t, n, func(o *Options) { o.Timeout, o.Tries = time.Second, 1 })
	if o := look(t, Names{c}, enrich.Host, "www.spam.test"); o.Outcome != enrich.TimedOut {
		t.Fatalf("%s", o.Outcome)
	}
	for range 20 {
		o := look(t, Names{c}, enrich.Host, "bank.test")
		if r, ok := o.Parsed.(*enrich.Records); !ok || !slices.Equal(r.A, []netip.Addr{ip("198.51.100.1")}) {
			t.Fatalf("%s %v", o.Outcome, o.Parsed)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestCancelled(t *testing.T) {
	w := world()
	w.Default = simnet.Behaviour{Fault: simnet.Blackhole}
	c := client(t, simnet.New(t, w), func(o *Options) { o.Timeout = 10 * time.Second })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	got, err := Names{c}.Look(ctx, enrich.Subject{Kind: enrich.Host, Name: "www.spam.test"})
	if err != nil || len(got) != 1 || got[0].Outcome != enrich.TimedOut {
		t.Errorf("%v, %v", got, err)
	}
	<-ctx.Done()
	if got, err := (Names{c}).Look(ctx, enrich.Subject{Kind: enrich.Host, Name: "www.spam.test"}); err == nil || got != nil {
		t.Errorf("asked after the end: %v, %v", got, err)
	}
}

func TestOnlyConfiguredResolversAreAsked(t *testing.T) {
	n := simnet.New(t, world())
	c := client(t, n, nil)
	for _, name := range []string{"spam.test", "free.test", "many.test", "alias.test"} {
		look(t, Names{c}, enrich.Domain, name)
	}
	if outside := n.Outside(); len(outside) > 0 {
		t.Errorf("dialled %q", outside)
	}
	if _, err := c.upstreams[0].udp.DialContext(t.Context(), "udp", "192.0.2.53:53"); err == nil {
		t.Error("the dialer goes to a name server")
	}
}

func TestResolve(t *testing.T) {
	n := simnet.New(t, world())
	c := client(t, n, nil)
	for range 2 {
		if got, err := c.Resolve(t.Context(), "spam.test"); err != nil || len(got) != 3 {
			t.Errorf("%v, %v", got, err)
		}
	}
	if got := n.Stats("dns").Asked; got != 2 {
		t.Errorf("asked %d questions", got)
	}
	for _, name := range []string{"free.test", "", "only-txt.test", "a b"} {
		if got, err := c.Resolve(t.Context(), name); err == nil {
			t.Errorf("%q has %v", name, got)
		}
	}
}

func TestSystem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte("# comment\nsearch example.com\nnameserver 192.0.2.53\nnameserver 2001:db8::53\nnameserver 192.0.2.53\nnameserver rubbish\noptions timeout:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := System(file)
	if want := []string{"192.0.2.53:53", "[2001:db8::53]:53"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := System(file + ".none"); err == nil {
		t.Errorf("no file, yet %q", got)
	}
}

func TestNewWantsAddresses(t *testing.T) {
	for _, servers := range [][]string{nil, {"ns.example.com:53"}, {"192.0.2.53"}, {"192.0.2.53:0x35"}} {
		if _, err := New(Options{Servers: servers}); err == nil {
			t.Errorf("%q is taken", servers)
		}
	}
}
