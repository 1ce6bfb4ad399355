package lookups_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"spoor/enrich"
	"spoor/sql/store"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

// settled fails unless domain_hosting has what all answers give.
func settled(t *testing.T, s *store.DB, after string) {
	t.Helper()
	const all = "SELECT jsonb_strip_nulls(to_jsonb(x)) FROM hosting_of(ARRAY(SELECT domain FROM domains)) AS x WHERE jsonb_strip_nulls(to_jsonb(x) - 'domain') <> '{}'"
	const stored = "SELECT jsonb_strip_nulls(to_jsonb(x)) FROM domain_hosting AS x WHERE jsonb_strip_nulls(to_jsonb(x) - 'domain') <> '{}'"
	if bad := storetest.Column(t, s, fmt.Sprintf("SELECT x::text FROM ((%s EXCEPT %s) UNION ALL (%s EXCEPT %s)) AS x", stored, all, all, stored)); len(bad) > 0 {
		t.Fatalf("after %s these rows are out of date or missing:\n%s", after, strings.Join(bad, "\n"))
	}
	check(t, s, "0", "SELECT count(*)::text FROM domain_changes")
}

func TestHostingFollowsAnswers(t *testing.T) {
	s := storetest.New(t)
	mail(t, s, "1 spam 1 - www.a.test a.test - - -", "2 spam 1 - b.test b.test - - -")
	enqueue(t, lookups.New(s).Queue(lookups.Options{}), storetest.Day(10, 2))
	const row = `SELECT concat_ws(' ', domain, array_to_string(addresses, ' '), array_to_string(netblocks, ' '), array_to_string(owners, ' '), '|', array_to_string(name_server_owners, ' '), '|', array_to_string(mail_exchangers, ' '))
		FROM domains_v ORDER BY domain`
	www := storetest.Records("a.test", storetest.Day(10, 2), "192.0.2.7")
	www.Kind, www.Name = enrich.Host, "www.a.test"
	observe(t, s, www, storetest.Records("b.test", storetest.Day(10, 2), "198.51.100.7"))
	check(t, s, "a.test 192.0.2.7 | |\nb.test 198.51.100.7 | | mail.b.test", row)
	observe(t, s, storetest.Netblock("192.0.2.7", "192.0.2.0/24", "Wide", storetest.Day(10, 2)))
	check(t, s, "a.test 192.0.2.7 192.0.2.0/24 Wide | |\nb.test 198.51.100.7 | Wide | mail.b.test", row)
	observe(t, s, storetest.Netblock("192.0.2.7", "192.0.2.0/28", "Narrow", storetest.Day(10, 3)))
	check(t, s, "a.test 192.0.2.7 192.0.2.0/28 Narrow | |\nb.test 198.51.100.7 | Wide | mail.b.test", row)
	// The registry names the wider block instead, and the narrow one again.
	observe(t, s, storetest.Netblock("192.0.2.7", "192.0.2.0/24", "Wide", storetest.Day(10, 4)))
	check(t, s, "Wide", "SELECT owners[1] FROM domains_v WHERE domain = 'a.test'")
	observe(t, s, storetest.Netblock("192.0.2.7", "192.0.2.0/28", "Narrow", storetest.Day(10, 5)))
	check(t, s, "Narrow", "SELECT owners[1] FROM domains_v WHERE domain = 'a.test'")
	www = storetest.Records("a.test", storetest.Day(10, 6), "192.0.2.99")
	www.Kind, www.Name = enrich.Host, "www.a.test"
	observe(t, s, www)
	check(t, s, "a.test 192.0.2.99 192.0.2.0/24 Wide | |\nb.test 198.51.100.7 | Wide | mail.b.test", row)
	settled(t, s, "all of it")
}

// TestHostingIsWholeAfterAnything: answers in any order leave what working out everything anew would give.
func TestHostingIsWholeAfterAnything(t *testing.T) {
	s := storetest.New(t)
	q := lookups.New(s).Queue(lookups.Options{})
	for n := range 6 {
		mail(t, s, fmt.Sprintf("%d spam %d - www.d%d.test d%d.test - - -", n+1, n, n, n))
	}
	enqueue(t, q, storetest.Day(10, 2))
	r := rand.New(rand.NewPCG(1, 2))
	address := func() string { return fmt.Sprintf("192.0.2.%d", r.IntN(32)) }
	for step := range 50 {
		at, name := storetest.Day(10, 3).AddDate(0, 0, step), fmt.Sprintf("d%d.test", r.IntN(6))
		var o enrich.Observation
		switch r.IntN(6) {
		case 0:
			o = storetest.Records(name, at, address(), address())
			o.Parsed.(*enrich.Records).NS = []enrich.NameServer{{Host: fmt.Sprintf("ns%d.test", r.IntN(3)), Addrs: storetest.Addrs(address())}}
		case 1:
			o = storetest.Records(name, at, address())
			o.Kind, o.Name = enrich.Host, "www."+name
		case 2, 3:
			bits := 27 + r.IntN(2)
			of := address()
			o = storetest.Netblock(of, storetest.Addrs(of)[0].String()+fmt.Sprintf("/%d", bits), fmt.Sprintf("Owner %d", r.IntN(2)), at)
			block := o.Parsed.(*enrich.Netblock)
			block.Prefixes[0] = block.Prefixes[0].Masked()
			if r.IntN(2) == 0 {
				o.Source = enrich.IPRDAP
			}
		case 4:
			o = storetest.Registration(name, enrich.WHOIS, at, func(w *enrich.Registration) {
				w.Created = at.AddDate(0, 0, -r.IntN(40))
				w.NameServers = w.NameServers[:r.IntN(3)]
				w.Registrar.AbuseEmail = fmt.Sprintf("abuse%d@registrar.example", r.IntN(2))
			})
		case 5:
			o = storetest.Failure(storetest.Records(name, at), enrich.None, "")
		}
		observe(t, s, o)
		settled(t, s, fmt.Sprintf("step %d, %s of %s", step, o.Source, o.Name))
	}
	// Older mail makes a domain younger at its first mail.
	mail(t, s, "9 spam -20 - d1.test d1.test - - -")
	enqueue(t, q, storetest.Day(12, 2))
	settled(t, s, "older mail")
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM domains_v WHERE owners IS NOT NULL AND age_at_first_mail IS NOT NULL AND registrar_abuse_email IS NOT NULL"); n[0] == "0" {
		t.Error("nothing was worked out")
	}
}

// TestHostileRegistration: tables whose text views show as it is stored hold none that a terminal interprets.
func TestHostileRegistration(t *testing.T) {
	s := storetest.New(t)
	const hostile = "h\x1b[2J\u202egpj.exe\u2066\n"
	observe(t, s, storetest.Registration("x.test", enrich.WHOIS, storetest.Day(10, 1), func(r *enrich.Registration) {
		r.Registrant = enrich.Contact{Email: hostile, Name: hostile, Organization: hostile, Phone: hostile, Country: "\x1b\n", Handle: hostile, Street: []string{hostile}}
		r.Registrar = enrich.Registrar{Name: hostile, Key: hostile, AbuseEmail: hostile, AbusePhone: hostile}
		r.NameServers = []enrich.NameServer{{Host: hostile, Addrs: storetest.Addrs("192.0.2.1")}}
		r.Privacy, r.Redacted, r.Status = hostile, []string{hostile}, []string{hostile}
	}), storetest.Netblock("192.0.2.1", "192.0.2.0/24", hostile, storetest.Day(10, 1)), func() enrich.Observation {
		o := storetest.Records("x.test", storetest.Day(10, 1), "192.0.2.1")
		o.Parsed.(*enrich.Records).MX = []enrich.MX{{Preference: 1, Host: hostile}}
		return o
	}())
	for _, table := range []string{"domains", "domain_hosting", "domains_v"} {
		text := strings.Join(storetest.Column(t, s, "SELECT to_jsonb(x)::text FROM "+table+" AS x WHERE domain = 'x.test'"), "")
		// JSON escapes a control character once, and the backslash of an escape as \\.
		if n := strings.Count(text, `\\u001b`) + strings.Count(text, `\\u202e`); n < 3 || strings.Contains(strings.ReplaceAll(text, `\\u`, ""), `\u`) || strings.Contains(text, "\u202e") {
			t.Errorf("%s: %d escapes in %s", table, n, text)
		}
	}
}
