package lookups_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/sql/store"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

// many is how many domains a large collection has.
const many = 100_000

// TestManyDomainsAreQueued: seconds, and nothing to do the second time.
func TestManyDomainsAreQueued(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s := storetest.New(t)
	fillMail(t, s, many, 1)
	q := lookups.New(s).Queue(lookups.Options{})
	began := time.Now()
	n := enqueue(t, q, time.Now())
	took := time.Since(began)
	t.Logf("%d look-ups of %d domains queued in %v", n, many, took)
	if n != 2*many+many/10+2*10_000 {
		t.Errorf("%d added", n)
	}
	began = time.Now()
	if n := enqueue(t, lookups.New(s).Queue(lookups.Options{}), time.Now()); n != 0 {
		t.Errorf("%d added again", n)
	}
	t.Logf("again: %v", time.Since(began))
	if took > 60*time.Second {
		t.Errorf("queueing took %v", took)
	}
	began = time.Now()
	for range 50 {
		if got := claim(t, q, "test", 20); len(got) != 20 {
			t.Fatal(len(got))
		}
	}
	t.Logf("a claim of 20: %v", time.Since(began)/50)
}

// answersFor invents what is found out about domains from..to: whose registrants, name
// servers and addresses are shared by some.
func answersFor(from, to int, at time.Time) (done []enrich.Done) {
	for n := from; n < to; n++ {
		domain := fmt.Sprintf("d%d.test", n)
		change := func(r *enrich.Registration) {
			r.Registrant.Email = fmt.Sprintf("owner%d@example.org", n/10)
			r.Registrant.Name = fmt.Sprintf("Owner %d", n/10)
			r.Registrar.Key = fmt.Sprintf("registrar %d", n%200)
			r.NameServers = []enrich.NameServer{{Host: fmt.Sprintf("ns1.h%d.example", n/50)}, {Host: fmt.Sprintf("ns2.h%d.example", n/50)}}
			r.Status = []string{"clientTransferProhibited"}
		}
		rdap := storetest.Registration(domain, enrich.RDAP, at, change)
		rdap.Raw = append(make([]byte, 1500), fmt.Sprint(n)...)
		r := storetest.Records(domain, at, fmt.Sprintf("100.%d.%d.%d", 64+n%64, n/64%256, n%250))
		r.Parsed.(*enrich.Records).NS = []enrich.NameServer{{Host: fmt.Sprintf("ns1.h%d.example", n/50), Addrs: storetest.Addrs(fmt.Sprintf("100.90.%d.%d", n/50%250, n/12500))}}
		done = append(done,
			enrich.Done{Claim: enrich.Claim{Subject: rdap.Subject, Task: enrich.RegistrationTask}, Observations: []enrich.Observation{rdap, storetest.Registration(domain, enrich.WHOIS, at, change)}, Due: at.AddDate(0, 1, 0)},
			enrich.Done{Claim: enrich.Claim{Subject: r.Subject, Task: enrich.NamesTask}, Observations: []enrich.Observation{r}, Due: at.AddDate(0, 0, 1)})
	}
	return done
}

// answered stores what is found out about n domains.
func answered(t testing.TB, s *store.DB, n int) {
	t.Helper()
	q := lookups.New(s).Queue(lookups.Options{})
	for from := 0; from < n; from += 50 {
		if err := q.Finish(t.Context(), answersFor(from, min(from+50, n), time.Now())); err != nil {
			t.Fatal(err)
		}
	}
	var blocks []enrich.Observation
	for n := range 64 * 16 {
		a := fmt.Sprintf("100.%d.%d.1", 64+n%64, n/64*16)
		blocks = append(blocks, storetest.Netblock(a, fmt.Sprintf("100.%d.%d.0/20", 64+n%64, n/64*16), fmt.Sprintf("Holder %d", n%300), time.Now()))
	}
	observe(t, s, blocks...)
	if _, err := s.Pool.Exec(t.Context(), "VACUUM ANALYZE"); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkFinish(b *testing.B) {
	s := storetest.New(b)
	fillMail(b, s, 20_000, 1)
	q := lookups.New(s).Queue(lookups.Options{})
	enqueue(b, q, time.Now())
	if list := os.Getenv("SPOOR_BENCH_DROP"); list != "" { // what indexes cost
		if err := storetest.Exec(s, "DROP INDEX "+list); err != nil {
			b.Fatal(err)
		}
	}
	for _, name := range []string{"new", "again"} {
		b.Run(name, func(b *testing.B) {
			from := 0
			for b.Loop() {
				if err := q.Finish(b.Context(), answersFor(from, from+50, time.Now())); err != nil {
					b.Fatal(err)
				}
				from = (from + 50) % 20_000
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/50, "µs/domain")
		})
	}
}

// viewQueries are what investigators ask, and how long they may wait with many domains.
var viewQueries = []struct {
	query string
	most  time.Duration
}{
	{"SELECT * FROM domains_v WHERE domain = 'd77.test'", 100 * time.Millisecond},
	{"SELECT * FROM domains_v WHERE registrant_email = 'owner77@example.org'", 200 * time.Millisecond},
	{"SELECT * FROM domains_v WHERE created > '2006-09-01' ORDER BY messages DESC LIMIT 50", 2 * time.Second},
	{"SELECT * FROM domains_v WHERE 'ns1.h77.example' = ANY (name_servers)", 3 * time.Second},
	{"SELECT registrar, count(*) FROM domains_v GROUP BY 1", time.Second},
	{"SELECT domain, age_at_first_mail FROM domains_v WHERE age_at_first_mail < '7 days'", 2 * time.Second},
	{"SELECT * FROM domains_v", 60 * time.Second},
	{"SELECT * FROM domain_history_v WHERE domain = 'd77.test'", 100 * time.Millisecond},
	{"SELECT * FROM nameservers_v WHERE name_server = 'ns1.h77.example'", 200 * time.Millisecond},
	{"SELECT * FROM nameservers_v ORDER BY domains DESC LIMIT 20", 5 * time.Second},
	{"SELECT * FROM netblocks_v ORDER BY messages DESC LIMIT 20", 5 * time.Second},
	{"SELECT * FROM senders_v WHERE sender = '100.64.3.4'", 100 * time.Millisecond},
	{"SELECT sender, messages FROM senders_v ORDER BY messages DESC LIMIT 20", 3 * time.Second},
	{"SELECT * FROM senders_v", 20 * time.Second},
	{"SELECT subject FROM observed_values WHERE value = 'owner77@example.org' AND field = 'registrant.email'", 100 * time.Millisecond},
	{"SELECT * FROM whois_at('d77.test', now())", 100 * time.Millisecond},
	{"SELECT * FROM netblock_at('100.64.3.4', now())", 100 * time.Millisecond},
}

func BenchmarkViews(b *testing.B) {
	s := storetest.New(b)
	fillMail(b, s, many, 1)
	enqueue(b, lookups.New(s).Queue(lookups.Options{}), time.Now())
	began := time.Now()
	answered(b, s, many)
	b.Logf("%d domains stored in %v", many, time.Since(began))
	for _, size := range storetest.Column(b, s, "SELECT relname || ' ' || pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC LIMIT 9") {
		b.Log(size)
	}
	for _, v := range viewQueries {
		b.Run(v.query, func(b *testing.B) {
			for b.Loop() {
				rows := 0
				r, err := s.Pool.Query(b.Context(), v.query)
				if err != nil {
					b.Fatal(err)
				}
				for r.Next() {
					rows++
				}
				if err := r.Err(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(rows), "rows")
			}
			if each := b.Elapsed() / time.Duration(b.N); each > v.most {
				b.Errorf("took %v, over %v", each, v.most)
			}
		})
	}
}
