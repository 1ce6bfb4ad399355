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

// TestQueueGrowsLinearly: eight times the domains cost some eight times the work to queue,
// nothing the second time, and no more to claim.
func TestQueueGrowsLinearly(t *testing.T) {
	few, much := queueCost(t, 2_500), queueCost(t, 20_000)
	t.Logf("CPU seconds to fill and to claim: %.2f of 2,500 domains, %.2f of 20,000", few, much)
	if much.fill > 20*few.fill+0.1 {
		t.Error("filling the queue is not linear")
	}
	if much.claim > 3*few.claim+0.1 {
		t.Error("a claim reads all of the queue")
	}
}

// cost is CPU seconds of the server.
type cost struct{ fill, claim float64 }

func queueCost(t *testing.T, domains int) (c cost) {
	s := storetest.New(t)
	fillMail(t, s, domains, 1)
	q := lookups.New(s).Queue(lookups.Options{})
	before := storetest.BackendCPU(t, s)
	want := 2*domains + domains/10 + 2*min(domains, 10_000) // registrations and names, hosts, senders
	if n := enqueue(t, q, time.Now()); n != want {
		t.Errorf("%d added, want %d", n, want)
	}
	filled := storetest.BackendCPU(t, s)
	if n := enqueue(t, lookups.New(s).Queue(lookups.Options{}), time.Now()); n != 0 {
		t.Errorf("%d added again", n)
	}
	again := storetest.BackendCPU(t, s)
	for range 50 {
		if got := claim(t, q, "test", 20); len(got) != 20 {
			t.Fatal(len(got))
		}
	}
	return cost{filled - before, storetest.BackendCPU(t, s) - again}
}

// answersFor invents the answers about domains from..to. Some share
// registrants, name servers and addresses.
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

// answered stores the answers about n domains.
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
	if list := os.Getenv("SPOOR_BENCH_DROP"); list != "" { // the cost of indexes
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

// viewQueries are queries of investigators. With many domains most of them
// should take less than 0.2 s, and those that sum up a whole view less than 5.
var viewQueries = []string{
	"SELECT * FROM domains_v WHERE domain = 'd77.test'",
	"SELECT * FROM domains_v WHERE registrant_email = 'owner77@example.org'",
	"SELECT * FROM domains_v WHERE created > '2006-09-01' ORDER BY messages DESC LIMIT 50",
	"SELECT * FROM domains_v WHERE 'ns1.h77.example' = ANY (name_servers)",
	"SELECT registrar, count(*) FROM domains_v GROUP BY 1",
	"SELECT domain, age_at_first_mail FROM domains_v WHERE age_at_first_mail < '7 days'",
	"SELECT * FROM domains_v",
	"SELECT * FROM domain_history_v WHERE domain = 'd77.test'",
	"SELECT * FROM nameservers_v WHERE name_server = 'ns1.h77.example'",
	"SELECT * FROM nameservers_v ORDER BY domains DESC LIMIT 20",
	"SELECT * FROM netblocks_v ORDER BY messages DESC LIMIT 20",
	"SELECT * FROM senders_v WHERE sender = '100.64.3.4'",
	"SELECT sender, messages FROM senders_v ORDER BY messages DESC LIMIT 20",
	"SELECT * FROM senders_v",
	"SELECT subject FROM observed_values WHERE value = 'owner77@example.org' AND field = 'registrant.email'",
	"SELECT * FROM whois_at('d77.test', now())",
	"SELECT * FROM netblock_at('100.64.3.4', now())",
}

func BenchmarkViews(b *testing.B) {
	s := storetest.New(b)
	fillMail(b, s, many, 1)
	enqueue(b, lookups.New(s).Queue(lookups.Options{}), time.Now())
	answered(b, s, many)
	for _, size := range storetest.Column(b, s, "SELECT relname || ' ' || pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC LIMIT 9") {
		b.Log(size)
	}
	for _, query := range viewQueries {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				rows := 0
				r, err := s.Pool.Query(b.Context(), query)
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
		})
	}
}
