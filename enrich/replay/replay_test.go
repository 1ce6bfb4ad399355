package replay_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/netblock"
	"spoor/enrich/rdap"
	"spoor/enrich/replay"
	"spoor/enrich/resolve"
	"spoor/enrich/whois"
	"spoor/internal/lab/simnet"
)

func world() simnet.World {
	day := time.Date(2024, 3, 1, 9, 0, 0, 0, time.UTC)
	person := simnet.Contact{Name: "Anna Muster", Street: []string{"1 High Street"}, City: "Town", Country: "DE", Email: "anna@mail.example"}
	web := netip.MustParseAddr("198.51.100.7")
	domain := func(name string) simnet.Domain {
		return simnet.Domain{
			Name: name, Registrar: "acme", Registrant: person, Created: day, Updated: day, Expires: day.AddDate(2, 0, 0), Addrs: []netip.Addr{web},
			NameServers: []simnet.NameServer{{Host: "one." + name, Addrs: []netip.Addr{web.Next()}}}, MX: []string{"10 mail." + name},
		}
	}
	return simnet.World{
		Domains: []simnet.Domain{domain("thin.com"), domain("thick.org"), domain("dead.de"), domain("broken.nl")},
		Records: []string{
			"7.100.51.198.in-addr.arpa. 300 IN PTR www.thick.org.",
			`big.thick.org. 300 IN TXT "` + strings.Repeat("x", 250) + `"`,
		},
		Netblocks:  []simnet.Netblock{{Prefix: netip.MustParsePrefix("198.51.100.0/24"), Name: "COMMERCE", Owner: "Example Commerce Co., Ltd", Country: "DE", Registry: "ripe", Created: day}},
		ASes:       []simnet.AS{{Number: 64500, Name: "COMMERCE-AS", Country: "DE", Registry: "ripe", Prefixes: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}}},
		Registrars: []simnet.Registrar{{Key: "acme", Name: "Acme Registrar", IANAID: 9999, WHOIS: "whois.acme.test"}},
		Behave:     map[string]simnet.Behaviour{"whois.denic.test": {Fault: simnet.Dead}, "whois.sidn.test": {Fault: simnet.Reset}},
	}
}

// question is one look-up of the tests.
type question struct {
	l enrich.Lookup
	s enrich.Subject
}

// lookups are all kinds, through one dialer.
func lookups(t *testing.T, tape *replay.Tape, d *guard.Dialer, resolver, base string) []question {
	t.Helper()
	tape.Attach(d, []string{resolver})
	names, err := resolve.New(resolve.Options{Servers: []string{resolver}, Dialer: d, Tries: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(names.Close)
	w := &whois.Lookup{Client: &whois.Client{Dialer: d, Servers: map[string]string{
		"com": "whois.verisign.test:43", "org": "whois.pir.test:43", "de": "whois.denic.test:43", "nl": "whois.sidn.test:43",
	}, IANA: "whois.iana.test:43", Timeout: 2 * time.Second}}
	r := rdap.NewClient(d, nil, nil)
	r.Base = base
	r.Around(tape.RoundTripper)
	ip := &netblock.Lookup{WHOIS: &whois.Client{Dialer: d, Servers: map[string]string{"iana": "whois.iana.test:43"}}, AskReserved: true, WHOISOnly: true}
	domain := func(l enrich.Lookup, name string) question {
		return question{tape.Lookup(l), enrich.Subject{Kind: enrich.Domain, Name: name}}
	}
	address := func(l enrich.Lookup) question {
		return question{tape.Lookup(l), enrich.Subject{Kind: enrich.Address, Name: "198.51.100.7"}}
	}
	rl := &rdap.Lookup{Client: r}
	return []question{
		domain(w, "thin.com"), domain(w, "thick.org"), domain(w, "free.org"), domain(w, "dead.de"), domain(w, "broken.nl"), domain(w, "x.nowhere"),
		domain(rl, "thick.org"), domain(rl, "free.org"),
		domain(resolve.Names{Client: names}, "thick.org"), domain(resolve.Names{Client: names}, "free.org"),
		address(resolve.Reverse{Client: names}), address(resolve.Origin{Client: names}), address(ip),
	}
}

// A recorded answer is given again to the same parsers, with its original time,
// and without a network.
func TestRecordThenReplay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "answers")
	n := simnet.New(t, world())
	tape, err := replay.Record(dir)
	if err != nil {
		t.Fatal(err)
	}
	resolver, base := n.DNS(), n.RDAP("org")
	dialer := n.Dialer(resolver, strings.TrimSuffix(strings.TrimPrefix(base, "http://"), "/"))
	began := time.Now()
	first := ask(t, lookups(t, tape, dialer, resolver, base))
	ended := time.Now()
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	n.Close()
	checkNames(t, dir)

	tape, err = replay.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tape.Close()
	offline := &guard.Dialer{Configured: dialer.Configured, Ports: dialer.Ports, Timeout: time.Second, MaxBytes: guard.MaxAnswer}
	again := ask(t, lookups(t, tape, offline, resolver, base))
	for i := range first {
		if len(first[i]) == 0 || len(first[i]) != len(again[i]) {
			t.Errorf("%d: %d observations, then %d: %+v", i, len(first[i]), len(again[i]), again[i])
			continue
		}
		for j := range first[i] {
			same(t, &first[i][j], &again[i][j])
			// Times are compared with those of the recording, for a busy machine may pause anywhere in it.
			if at := again[i][j].AskedAt; at.Before(began) || at.After(ended) {
				t.Errorf("%s %s: asked at %s, not during the recording of %s to %s", again[i][j].Name, again[i][j].Source, at, began, ended)
			}
		}
	}
}

func ask(t *testing.T, list []question) [][]enrich.Observation {
	t.Helper()
	var all [][]enrich.Observation
	for _, q := range list {
		obs, err := q.l.Look(t.Context(), q.s)
		if err != nil {
			t.Fatalf("%s %s: %v", q.l.Source(), q.s.Name, err)
		}
		all = append(all, obs)
	}
	return all
}

func same(t *testing.T, a, b *enrich.Observation) {
	t.Helper()
	x, y := parsed(t, a), parsed(t, b)
	if a.Outcome != b.Outcome || a.Server != b.Server || a.Source != b.Source || x != y {
		t.Errorf("%s %s %s: %s (%s) %s\nthen %s %s (%s) %s", a.Name, a.Source, a.Server, a.Outcome, a.Detail, x, b.Server, b.Outcome, b.Detail, y)
	}
}

func parsed(t *testing.T, o *enrich.Observation) string {
	t.Helper()
	j, err := json.Marshal(o.Parsed)
	if err != nil {
		t.Fatal(err)
	}
	return string(j)
}

var safe = regexp.MustCompile(`^(whois|dns|http)-[0-9a-f]{32}\.txt$`)

func checkNames(t *testing.T, dir string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil || len(list) < 20 {
		t.Errorf("%d files, %v", len(list), err)
	}
	for _, e := range list {
		if !safe.MatchString(e.Name()) {
			t.Errorf("a file is named %q", e.Name())
		}
	}
}

func TestWhatIsNotThereIsNotRecorded(t *testing.T) {
	tape, err := replay.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer tape.Close()
	d := &guard.Dialer{Configured: []string{"127.0.0.1:53", "127.0.0.1:80"}, Ports: []uint16{43}, Timeout: time.Second}
	for i, obs := range ask(t, lookups(t, tape, d, "127.0.0.1:53", "http://127.0.0.1:80/")) {
		if len(obs) == 0 || obs[0].Outcome != enrich.Failed || !strings.Contains(obs[0].Detail, "not recorded") {
			t.Errorf("%d: %+v", i, obs)
		}
	}
}

// Answers may be written by hand, under any name.
func TestAnswersByHand(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "registry.txt", "Spoor-Answer: 1\nProtocol: whois\nServer: whois.iana.org:43\nQuestion: example\nAsked: 2006-01-08T15:00:00Z\n\nwhois: whois.nic.example\n")
	write(t, dir, "shop.txt", "Spoor-Answer: 1\nProtocol: whois\nServer: whois.nic.example:43\nQuestion: shop.example\nAsked: 2006-01-08T15:00:00Z\n\nDomain Name: SHOP.EXAMPLE\nRegistrar: Acme\nCreation Date: 2005-12-30T09:45:58Z\nName Server: one.shop.example\n")
	write(t, dir, "zone.txt", "Spoor-Answer: 1\nProtocol: zone\nOrigins: example.\nAsked: 2006-01-08T15:00:00Z\n\nwww.shop.example. 300 IN CNAME shop.example.\nshop.example. 300 IN A 192.0.2.7\n")
	tape, err := replay.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tape.Close()
	d := &guard.Dialer{Ports: []uint16{43}, Timeout: time.Second}
	tape.Attach(d, []string{"127.0.0.1:53"})
	then := time.Date(2006, 1, 8, 15, 0, 0, 0, time.UTC)

	w := tape.Lookup(&whois.Lookup{Client: &whois.Client{Dialer: d}})
	obs := ask(t, []question{{w, enrich.Subject{Kind: enrich.Domain, Name: "shop.example"}}})[0]
	if len(obs) != 1 || obs[0].Outcome != enrich.Answered || !obs[0].AskedAt.Equal(then) {
		t.Errorf("%+v", obs)
	}
	c, err := resolve.New(resolve.Options{Servers: []string{"127.0.0.1:53"}, Dialer: d})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	l := tape.Lookup(resolve.Names{Client: c})
	answers := ask(t, []question{
		{l, enrich.Subject{Kind: enrich.Host, Name: "www.shop.example"}}, {l, enrich.Subject{Kind: enrich.Host, Name: "no.example"}},
	})
	records, _ := answers[0][0].Parsed.(*enrich.Records)
	if records == nil || len(records.A) != 1 || len(records.CNAME) != 1 || !answers[0][0].AskedAt.Equal(then) {
		t.Errorf("%+v", answers[0])
	}
	if answers[1][0].Outcome != enrich.None {
		t.Errorf("%+v", answers[1])
	}
}

func TestBrokenFolders(t *testing.T) {
	if _, err := replay.Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	dir := t.TempDir()
	write(t, dir, "notes.txt", "hello")
	tape, err := replay.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tape.Close()
	d := &guard.Dialer{Ports: []uint16{43}}
	tape.Attach(d, nil)
	conn, err := d.DialContext(context.Background(), "tcp", "whois.iana.org:43")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("com\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "notes.txt") {
		t.Errorf("%v", err)
	}
	var _ net.Conn = conn
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
