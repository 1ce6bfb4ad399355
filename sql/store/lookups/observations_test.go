package lookups_test

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"spoor/enrich"
	"spoor/sql/store"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

func observe(t testing.TB, s *store.DB, list ...enrich.Observation) {
	t.Helper()
	if err := lookups.New(s).Observe(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// check compares the result of a query of one text column.
func check(t testing.TB, s *store.DB, want, query string, args ...any) {
	t.Helper()
	if got := strings.Join(storetest.Column(t, s, query, args...), "\n"); got != want {
		t.Errorf("%s\n got: %s\nwant: %s", query, got, want)
	}
}

func TestEqualAnswerExtends(t *testing.T) {
	s := storetest.New(t)
	const rows = "SELECT concat_ws(' ', source, outcome, to_char(asked_at, 'MM-DD'), to_char(confirmed_at, 'MM-DD'), to_char(fresh_until, 'MM-DD'), confirmations) FROM observations ORDER BY asked_at, source"
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 1), nil))
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 2), func(r *enrich.Registration) {
		r.NameServers[0], r.NameServers[1] = r.NameServers[1], r.NameServers[0] // another order is no change
	}))
	check(t, s, "whois answered 10-01 10-02 10-03 1", rows)
	check(t, s, "1", "SELECT count(*)::text FROM answers") // the answer bears its time, and is not kept again

	// A failure in between is a row, and ends nothing.
	observe(t, s, storetest.Failure(storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 3), nil), enrich.Throttled, "quota of 20"))
	observe(t, s, storetest.Failure(storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 4), nil), enrich.Throttled, "quota of 30"))
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 5), nil))
	observe(t, s, storetest.Failure(storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 6), nil), enrich.Throttled, "quota"))
	check(t, s, "whois answered 10-01 10-05 10-06 2\nwhois throttled 10-03 10-04 10-05 1\nwhois throttled 10-06 10-06 10-07 0", rows)

	// Another answer is a new row; the first again is one more.
	other := func(r *enrich.Registration) { r.Registrar.Key = "another" }
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 7), other))
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 8), nil))
	check(t, s, "10-01 10-05\n10-07 10-07\n10-08 10-08", "SELECT to_char(asked_at, 'MM-DD') || ' ' || to_char(confirmed_at, 'MM-DD') FROM observations WHERE outcome = 'answered' ORDER BY asked_at")
	// Told again, and one that comes late.
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 8), nil), storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 4), nil))
	check(t, s, "5", "SELECT count(*)::text FROM observations WHERE outcome IN ('answered', 'throttled')")
}

// TestEqualAnswersAtOnce: many processes that got the same answer make one row of it.
func TestEqualAnswersAtOnce(t *testing.T) {
	s := storetest.New(t)
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			var list []enrich.Observation
			for i := range 20 {
				at := storetest.Day(10, 1).Add(time.Duration(n) * time.Minute)
				list = append(list, storetest.Registration(fmt.Sprintf("d%d.example", (i+n)%20), enrich.RDAP, at, nil),
					storetest.Netblock(fmt.Sprintf("198.51.100.%d", (i*3+n)%20), "198.51.100.0/24", "Holder", at))
			}
			if err := lookups.New(s).Observe(t.Context(), list); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	check(t, s, "20", "SELECT count(*)::text FROM observations WHERE kind = 'domain'")
	check(t, s, "1", "SELECT count(*)::text FROM netblocks")
	check(t, s, "20", "SELECT count(*)::text FROM domains WHERE state = 'registered'")
}

func TestKnownAtATime(t *testing.T) {
	s := storetest.New(t)
	moved := func(r *enrich.Registration) { r.Registrar = enrich.Registrar{Name: "Second", Key: "second"} }
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 5), nil), storetest.Records("x.example", storetest.Day(10, 5), "192.0.2.7"))
	observe(t, s, storetest.Registration("x.example", enrich.WHOIS, storetest.Day(10, 20), moved), storetest.Records("x.example", storetest.Day(10, 20), "203.0.113.9", "203.0.113.8"))
	observe(t, s, storetest.Failure(storetest.Registration("x.example", enrich.WHOIS, storetest.Day(11, 1), nil), enrich.TimedOut, "i/o timeout"))
	observe(t, s, storetest.Failure(storetest.Registration("x.example", enrich.WHOIS, storetest.Day(12, 1), nil), enrich.None, "no match"))
	observe(t, s, storetest.Failure(storetest.Records("x.example", storetest.Day(12, 1)), enrich.None, "NXDOMAIN"))
	for _, tt := range []struct {
		at               time.Time
		whois, addresses string
	}{
		{storetest.Day(10, 4), "", ""}, // unknown stays unknown
		{storetest.Day(10, 5), "registered example registrar 2006-10-05", "192.0.2.7"},
		{storetest.Day(10, 19), "registered example registrar 2006-10-05", "192.0.2.7"},
		{storetest.Day(10, 20), "registered second 2006-10-20", "203.0.113.8 203.0.113.9"},
		{storetest.Day(11, 15), "registered second 2006-10-20", "203.0.113.8 203.0.113.9"},
		{storetest.Day(12, 2), "none 2006-12-01", ""},
	} {
		want := tt.whois
		if strings.HasPrefix(want, "none") {
			want = strings.Replace(want, "none", "gone", 1)
		}
		check(t, s, want, "SELECT concat_ws(' ', state, registrar_key, looked_up_at::date) FROM whois_at('x.example', $1) WHERE proven_by = 'answer'", tt.at)
		check(t, s, tt.addresses, "SELECT coalesce(string_agg(host(address), ' ' ORDER BY address), '') FROM addresses_at('x.example', $1)", tt.at)
	}
	// The view keeps the last registration of a domain that is gone.
	check(t, s, "gone Second", "SELECT state || ' ' || registrar FROM domains_v")
	check(t, s, "192.0.2.53", "SELECT host(address) FROM addresses_at('ns1.x.example', $1) LIMIT 1", storetest.Day(10, 6))
}

// A domain that was registered anew has two lives: mail of the first has
// nothing to do with the second. For mail before the first look-up, only values
// dated by a later record are known.
func TestTwoLives(t *testing.T) {
	s := storetest.New(t)
	life := func(name string, asked, created, updated time.Time, who string) enrich.Observation {
		return storetest.Registration(name, enrich.WHOIS, asked, func(r *enrich.Registration) {
			r.Created, r.Updated, r.Registrant = created, updated, enrich.Contact{Name: who, Email: who + "@holder.example"}
			r.Registrar.AbuseEmail = "abuse@registrar.example"
		})
	}
	year := func(y int) time.Time { return time.Date(y, 6, 1, 12, 0, 0, 0, time.UTC) }
	observe(t, s, life("x.example", year(2006), year(2004), year(2005), "first"))
	observe(t, s, life("x.example", year(2020), year(2015), year(2019), "second"))
	at := "SELECT concat_ws(' ', state, registrant_name, extract(year FROM created), extract(year FROM updated), proven_by) FROM whois_at('x.example', $1)"
	for _, c := range []struct {
		year int
		want string
		age  string
	}{
		{2003, "", ""}, // the record of 2006 proves only that it was not registered by itself
		{2004, "registered 2004 later answer", "00:00:00"},
		{2005, "registered 2004 2005 later answer", "365 days"},
		{2007, "registered first 2004 2005 answer", "1095 days"},
		{2021, "registered second 2015 2019 answer", "2192 days"},
	} {
		check(t, s, c.want, at, year(c.year))
		check(t, s, c.age, "SELECT coalesce(domain_age_at('x.example', $1)::text, '')", year(c.year))
	}
	lives := func() string {
		found, err := lookups.New(s).EarlierLives(t.Context(), "x.example")
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, l := range found {
			out = append(out, strings.TrimSpace(fmt.Sprint(l.MailAt.Year(), " ", l.State, " ", l.Registrant)))
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		first, last int
		want        string
	}{{2003, 2003, "2003"}, {2003, 2007, "2003, 2007 registered first"}, {2005, 2005, "2005 registered"}, {2007, 2021, "2007 registered first"}, {2016, 2021, ""}} {
		if _, err := s.Pool.Exec(t.Context(), "UPDATE domains SET first_mail = $1, last_mail = $2 WHERE domain = 'x.example'", year(c.first), year(c.last)); err != nil {
			t.Fatal(err)
		}
		if got := lives(); got != c.want {
			t.Errorf("mail from %d to %d: %q, want %q", c.first, c.last, got, c.want)
		}
	}
	check(t, s, "abuse@registrar.example", "SELECT registrar_abuse_email FROM domains_v WHERE domain = 'x.example'")
	check(t, s, "e-mail x.example 2006 2020 f", "SELECT concat_ws(' ', kind, domain, extract(year FROM first_seen), extract(year FROM last_seen), current) FROM pivots_v WHERE value = 'first@holder.example'")
	check(t, s, "e-mail x.example 2020 2020 t", "SELECT concat_ws(' ', kind, domain, extract(year FROM first_seen), extract(year FROM last_seen), current) FROM pivots_v WHERE value = 'second@holder.example'")
}

func TestNetblockAt(t *testing.T) {
	s := storetest.New(t)
	chain := storetest.Netblock("198.51.100.7", "198.0.0.0/8", "A Registry", storetest.Day(10, 1).Add(-time.Second))
	chain.Server = "whois.arin.example:43"
	observe(t, s, chain, storetest.Netblock("198.51.100.7", "198.51.100.0/24", "First", storetest.Day(10, 1)),
		enrich.Observation{Subject: enrich.Subject{Kind: enrich.Address, Name: "198.51.100.7"}, Source: enrich.Origin, Server: "asn.example", AskedAt: storetest.Day(10, 1), Outcome: enrich.Answered,
			Parsed: &enrich.OriginAS{ASNs: []uint32{64500, 4200000000}, Prefix: netip.MustParsePrefix("198.51.0.0/16"), Names: []string{"EXAMPLE", ""}}, Expires: storetest.Day(11, 1)})
	observe(t, s, storetest.Netblock("198.51.100.200", "198.51.100.0/24", "Second", storetest.Day(10, 10)))
	const who = "SELECT concat_ws(' ', prefix, owner, array_to_string(asns, '+'), as_names[1]) FROM netblock_at($1, $2)"
	check(t, s, "198.51.100.0/24 First 64500+4200000000 EXAMPLE", who, netip.MustParseAddr("198.51.100.99"), storetest.Day(10, 2))
	check(t, s, "198.51.100.0/24 Second 64500+4200000000 EXAMPLE", who, netip.MustParseAddr("198.51.100.99"), storetest.Day(10, 11))
	check(t, s, "", who, netip.MustParseAddr("198.51.100.99"), storetest.Day(9, 30))
	check(t, s, "64500+4200000000 EXAMPLE", who, netip.MustParseAddr("198.51.101.1"), storetest.Day(10, 2)) // only announced; the /8 is nobody's
	// The block was given back: the registry answers with the wider one for an address in it.
	observe(t, s, storetest.Netblock("198.51.100.7", "198.51.96.0/19", "Third", storetest.Day(11, 1)))
	check(t, s, "198.51.96.0/19 Third 64500+4200000000 EXAMPLE", who, netip.MustParseAddr("198.51.100.99"), storetest.Day(11, 2))
	check(t, s, "198.51.100.0/24 Second 64500+4200000000 EXAMPLE", who, netip.MustParseAddr("198.51.100.99"), storetest.Day(10, 30))
	check(t, s, "198.51.96.0/19 Third {64500,4200000000}", "SELECT prefix || ' ' || owner || ' ' || asns::text FROM netblocks_v")
}

func TestDomainHistory(t *testing.T) {
	s := storetest.New(t)
	observe(t, s, storetest.Registration("x.example", enrich.RDAP, storetest.Day(10, 1), nil), storetest.Records("x.example", storetest.Day(10, 1), "192.0.2.7", "192.0.2.8"))
	observe(t, s, storetest.Registration("x.example", enrich.RDAP, storetest.Day(10, 2), nil), storetest.Records("x.example", storetest.Day(10, 2), "192.0.2.8", "192.0.2.7"))
	observe(t, s, storetest.Registration("x.example", enrich.RDAP, storetest.Day(10, 3), func(r *enrich.Registration) {
		r.Registrant.Email = "new@example.net"
		r.NameServers = r.NameServers[:1]
	}), storetest.Records("x.example", storetest.Day(10, 3), "203.0.113.9"))
	check(t, s, `10-03 10-02 dns addresses 192.0.2.7 192.0.2.8 -> 203.0.113.9
10-03 10-02 rdap name_servers ns1.x.example ns2.x.example -> ns1.x.example
10-03 10-02 rdap registrant_email owner@example.org -> new@example.net`,
		`SELECT concat_ws(' ', to_char(changed_at, 'MM-DD'), to_char(held_until, 'MM-DD'), source, field, before, '->', after)
		 FROM domain_history_v WHERE domain = 'x.example' ORDER BY source, field`)
	// The way back from a value to those that had it, and when.
	check(t, s, "x.example 10-01 10-03", `SELECT concat_ws(' ', subject, to_char(since, 'MM-DD'), to_char(until, 'MM-DD')) FROM observed_values
		WHERE field = 'registrant.email' AND value = 'owner@example.org'`)
	check(t, s, "ns1.x.example 1 1 192.0.2.53 192.0.2.54\nns2.x.example 1 0 ",
		"SELECT concat_ws(' ', name_server, domains, domains_now, replace(coalesce(array_to_string(addresses, ' '), ''), '/32', '')) FROM nameservers_v ORDER BY 1")
}

func TestMergedRegistration(t *testing.T) {
	s := storetest.New(t)
	observe(t, s, storetest.Registration("x.example", enrich.RDAP, storetest.Day(10, 20), func(r *enrich.Registration) {
		r.Registrant = enrich.Contact{Country: "US"}
		r.Redacted = []string{"registrant.name", "registrant.email", "admin.email"}
		r.Created = r.Created.Add(20 * time.Hour) // a book in another zone
	}), storetest.Registration("x.example", enrich.RegistrarWHOIS, storetest.Day(10, 20), func(r *enrich.Registration) {
		r.Registrant.Name = ""
		r.Registrar.Key = "other"
		r.NameServers = r.NameServers[:1]
	}))
	check(t, s, "registered|Example Registrar, Inc.||owner@example.org|US|t|{admin.email,registrant.name}|{name_servers,registrar}|{rdap,whois-registrar}",
		"SELECT concat_ws('|', state, registrar, coalesce(registrant_name, ''), registrant_email, registrant_country, redacted, redacted_fields, conflicts, sources) FROM domains_v")
	check(t, s, "{ns1.x.example,ns2.x.example}|{192.0.2.53/32}", "SELECT name_servers::text || '|' || replace(name_server_addresses::text, '192.0.2.53', '192.0.2.53/32') FROM domains_v")
	// A gap is not filled from a much older answer.
	observe(t, s, storetest.Registration("x.example", enrich.RDAP, storetest.Day(12, 20), func(r *enrich.Registration) { r.Registrant = enrich.Contact{} }))
	check(t, s, "", "SELECT coalesce(registrant_email, '') FROM domains_v")
}

// TestHostileAnswers: nothing that a registry says keeps its answer, or those of others,
// from being stored.
func TestHostileAnswers(t *testing.T) {
	s := storetest.New(t)
	long := strings.Repeat("x", 100_000)
	list := []enrich.Observation{
		storetest.Registration("nul.example", enrich.WHOIS, storetest.Day(10, 1), func(r *enrich.Registration) {
			r.Registrant.Name = "a\x00b \\u0000 \xff'; DROP TABLE observations; --"
			r.Registrar.IANAID = 1 << 40
		}),
		storetest.Registration("dates.example", enrich.WHOIS, storetest.Day(10, 1), func(r *enrich.Registration) {
			r.Created = time.Date(12006, 1, 1, 0, 0, 0, 0, time.UTC)
			r.Expires = time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)
			r.Updated = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
		}),
		storetest.Registration("long.example", enrich.WHOIS, storetest.Day(10, 1), func(r *enrich.Registration) {
			r.Registrant = enrich.Contact{Email: long, Name: long, Organization: long, Phone: long, Country: long, Handle: long, Street: []string{long}}
			r.Registrar = enrich.Registrar{Name: long, Key: long}
			for range 500 {
				r.NameServers = append(r.NameServers, enrich.NameServer{Host: long[:400] + fmt.Sprint(len(r.NameServers))})
			}
			r.Privacy, r.Redacted, r.Status = long, []string{long}, []string{long}
		}),
		storetest.Records("zone.example", storetest.Day(10, 1), "fe80::1%eth0", "192.0.2.1"),
		storetest.Netblock("192.0.2.1", "0.0.0.0/0", "everything", storetest.Day(10, 1)),
		storetest.Netblock("192.0.2.1", "198.51.100.0/24", "another block", storetest.Day(10, 1).Add(time.Second)),
		{Subject: enrich.Subject{Kind: enrich.Address, Name: "192.0.2.1"}, Source: enrich.PTR, Outcome: enrich.Answered, Parsed: (*enrich.Reverse)(nil)},
		{Subject: enrich.Subject{Kind: enrich.Host, Name: "a.example"}, Source: enrich.DNS, AskedAt: storetest.Day(10, 1), Outcome: enrich.Malformed, Detail: long + "\x00", Raw: make([]byte, 3<<20)},
	}
	observe(t, s, list...)
	check(t, s, fmt.Sprint(len(list)), "SELECT count(*)::text FROM observations")
	check(t, s, "0", "SELECT count(*)::text FROM netblocks")
	check(t, s, "dates.example,long.example,nul.example", "SELECT string_agg(domain, ',' ORDER BY domain) FROM domains_v WHERE state = 'registered'")
	check(t, s, "a\uFFFDb \\u0000 \uFFFD'; DROP TABLE observations; --", "SELECT registrant_name FROM whois_at('nul.example', 'infinity')")
	check(t, s, "true", "SELECT (created IS NULL AND updated IS NULL AND expires IS NULL)::text FROM whois_at('dates.example', 'infinity')")
	check(t, s, "192.0.2.1", "SELECT host(address) FROM addresses_at('zone.example', 'infinity')")
	check(t, s, "1048576", "SELECT max(size)::text FROM answers")
}

// TestNameServersByDNS: a registry that tells no name servers, or does not answer, leaves
// them to DNS.
func TestNameServersByDNS(t *testing.T) {
	s := storetest.New(t)
	mail(t, s, "1 spam 1 - a.test a.test - - -")
	enqueue(t, lookups.New(s).Queue(lookups.Options{}), storetest.Day(10, 2))
	observe(t, s, storetest.Records("a.test", storetest.Day(10, 2), "192.0.2.1"))
	check(t, s, "ns1.a.test", "SELECT name_servers[1] FROM domains_v")
	observe(t, s, storetest.Registration("a.test", enrich.WHOIS, storetest.Day(10, 3), func(r *enrich.Registration) { r.NameServers = nil }))
	check(t, s, "ns1.a.test registered", "SELECT name_servers[1] || ' ' || state FROM domains_v")
	observe(t, s, storetest.Registration("a.test", enrich.WHOIS, storetest.Day(10, 4), func(r *enrich.Registration) { r.NameServers = r.NameServers[1:] }),
		storetest.Records("a.test", storetest.Day(10, 4), "192.0.2.2"))
	check(t, s, "{ns2.a.test}", "SELECT name_servers::text FROM domains_v")
	check(t, s, "1 day", "SELECT age_at_first_mail::text FROM domains_v")
}

// TestKnownRoundTrip reads stored answers back unchanged.
func TestKnownRoundTrip(t *testing.T) {
	s := storetest.New(t)
	of := func(kind enrich.Kind, name string, source enrich.Source, parsed any) enrich.Observation {
		return enrich.Observation{Subject: enrich.Subject{Kind: kind, Name: name}, Source: source, Server: "a.example:43", AskedAt: storetest.Day(10, 2), Took: time.Second,
			Outcome: enrich.Answered, Raw: []byte("raw \x00\xff " + name), Parsed: parsed, Expires: storetest.Day(10, 3)}
	}
	table := of(enrich.Address, "192.0.2.8", enrich.Table, &enrich.OriginAS{ASNs: []uint32{64500}, Prefix: netip.MustParsePrefix("192.0.2.0/24")})
	block := storetest.Netblock("192.0.2.9", "192.0.2.0/25", "Owner", storetest.Day(10, 2))
	block.Parsed.(*enrich.Netblock).Last = netip.MustParseAddr("192.0.2.127")
	for _, o := range []enrich.Observation{
		storetest.Registration("x.example", enrich.RDAP, storetest.Day(10, 2), nil),
		storetest.Records("x.test", storetest.Day(10, 2), "192.0.2.1"),
		of(enrich.Address, "192.0.2.7", enrich.PTR, &enrich.Reverse{Names: []string{"a.example", "b.example"}, Confirmed: []string{"b.example"}}),
		table, block,
		storetest.Failure(storetest.Registration("y.example", enrich.WHOIS, storetest.Day(10, 2), nil), enrich.Refused, "access denied"),
	} {
		observe(t, s, o)
		got, err := lookups.New(s).Known(t.Context(), o.Subject)
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %v, %v", o.Name, got, err)
		}
		if diff := cmp.Diff(o, got[0].Observation, cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{})); diff != "" || !got[0].ConfirmedAt.Equal(o.AskedAt) {
			t.Errorf("%s: %s", o.Name, diff)
		}
	}
	until, fresh, err := lookups.New(s).FreshNetblock(t.Context(), netip.MustParseAddr("192.0.2.100"), storetest.Day(10, 20))
	if err != nil || !fresh || !until.Equal(block.Expires) {
		t.Error(until, fresh, err)
	}
	if _, fresh, err := lookups.New(s).FreshNetblock(t.Context(), netip.MustParseAddr("192.0.2.200"), storetest.Day(10, 20)); err != nil || fresh {
		t.Error("an address beside the block is taken for one inside", err)
	}
	if _, fresh, _ := lookups.New(s).FreshNetblock(t.Context(), netip.MustParseAddr("192.0.2.100"), storetest.Day(12, 20)); fresh {
		t.Error("a block of long ago is fresh")
	}
	check(t, s, "b.example true", "SELECT value || ' ' || (field = 'ptr.confirmed') FROM observed_values WHERE subject = '192.0.2.7' ORDER BY field DESC LIMIT 1")
}
