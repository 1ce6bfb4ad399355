package lookups_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"spoor/enrich"
	"spoor/sql/store"
	"spoor/sql/store/lookups"
	"spoor/sql/store/storetest"
)

var (
	_ enrich.Queue   = (*lookups.Queue)(nil)
	_ enrich.Waiting = (*lookups.Queue)(nil)
)

// clock is a time that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// mail stores spam and ham with links, a sender and a contact each, by plain SQL.
func mail(t testing.TB, s *store.DB, lines ...string) {
	t.Helper()
	for _, line := range lines {
		f := strings.Fields(line) // key class day sender host domain shared tenant contact
		_, err := s.Pool.Exec(t.Context(), `
			WITH m AS (INSERT INTO messages (message_key, size, import_id, received_at, text_length, extractor, ham, sha256, sender)
			                SELECT $1::bigint, 1, 1, '2006-10-01'::date + ($3 || ' days 12 hours')::interval, 0, 1, $2 = 'ham', sha256($1::text::bytea), nullif($4, '-')::inet
			                ON CONFLICT DO NOTHING),
			     c AS (INSERT INTO contacts (message_key, n, count, kind, value, found_in) SELECT $1::bigint, 0, 1, 'mail', $9, 'text' WHERE $9 <> '-')
			INSERT INTO urls (message_key, n, count, host, domain, shared, tenant, url, found_in)
			SELECT $1::bigint, (SELECT count(*) FROM urls WHERE message_key = $1::bigint), 1, nullif($5, '-'), nullif($6, '-'), nullif($7, '-'), nullif($8, '-'), 'http://x/', 'text'`,
			f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8])
		if err != nil {
			t.Fatal(line, err)
		}
	}
	if _, err := s.Pool.Exec(t.Context(), `INSERT INTO imports (started_at, class, extractor, keeps_raw, arguments, own_names, own_addrs, own_mx, own_inferred, read, added)
		VALUES (now(), 'spam', 1, false, '{}', '{}', '{}', '{}', false, $1, $1)`, len(lines)); err != nil {
		t.Fatal(err)
	}
}

func enqueue(t testing.TB, q *lookups.Queue, now time.Time) int {
	t.Helper()
	n, err := q.Enqueue(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func claim(t testing.TB, q *lookups.Queue, lane string, n int) []enrich.Claim {
	t.Helper()
	c, err := q.Claim(t.Context(), lane, n, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// noClaim sees that nothing of the lane "test" can be claimed.
func noClaim(t testing.TB, q *lookups.Queue, otherwise string) {
	t.Helper()
	if got := claim(t, q, "test", 5); len(got) != 0 {
		t.Errorf("%s: %v", otherwise, got)
	}
}

func names(claims []enrich.Claim) string {
	var out []string
	for _, c := range claims {
		out = append(out, c.Name)
	}
	return strings.Join(out, " ")
}

func finish(t testing.TB, q *lookups.Queue, c enrich.Claim, due time.Time, obs ...enrich.Observation) {
	t.Helper()
	if err := q.Finish(t.Context(), []enrich.Done{{Claim: c, Observations: obs, Due: due}}); err != nil {
		t.Fatal(err)
	}
}

func TestEnqueue(t *testing.T) {
	s := storetest.New(t)
	q := lookups.New(s).Queue(lookups.Options{Registered: func(host string) string {
		if parts := strings.Split(host, "."); len(parts) >= 2 {
			return strings.Join(parts[len(parts)-2:], ".")
		}
		return ""
	}})
	mail(t, s,
		"1 spam 1 198.51.100.7 www.pills.test pills.test - - someone@mail.shop.test",
		"2 spam 2 198.51.100.7 pills.test pills.test - - -",
		"3 ham 3 10.0.0.1 news.example news.example - - -",
		"4 spam 4 2001:db8::1 bit.test bit.test shortener - -",
		"5 spam 5 - someone.hosting.test someone.hosting.test hosting someone -",
		"6 spam 6 127.0.0.1 not_a'name not_a'name - - -",
	)
	const list = "SELECT concat_ws(' ', lane, task, name) FROM lookups ORDER BY lane, task, name"
	if n := enqueue(t, q, storetest.Day(10, 20)); n != 14 {
		t.Errorf("%d added", n)
	}
	check(t, s, `addresses netblock 198.51.100.7
addresses netblock 2001:db8::1
dns names bit.test
dns names news.example
dns names pills.test
dns names shop.test
dns names someone.hosting.test
dns names www.pills.test
dns reverse 198.51.100.7
dns reverse 2001:db8::1
example registration news.example
test registration bit.test
test registration pills.test
test registration shop.test`, list)
	// Domains in more spam go first; domains that everybody shares and those of
	// wanted mail last.
	check(t, s, "pills.test shop.test news.example bit.test",
		"SELECT string_agg(name, ' ' ORDER BY priority DESC) FROM lookups WHERE task = 'registration'")
	check(t, s, "2 2006-10-02", "SELECT messages || ' ' || first_mail::date FROM domains_v WHERE domain = 'pills.test'")
	if n := enqueue(t, q, storetest.Day(10, 20)) + enqueue(t, lookups.New(s).Queue(lookups.Options{}), storetest.Day(10, 20)); n != 0 {
		t.Errorf("%d added again", n)
	}
	// New mail raises it.
	mail(t, s, "7 spam 8 - a.bit.test bit.test - - -", "8 spam 8 - bit.test bit.test - - -", "9 spam 8 - bit.test bit.test - - -", "10 spam 8 - bit.test bit.test - - -")
	if n := enqueue(t, q, storetest.Day(10, 21)); n != 1 {
		t.Errorf("%d added by new mail, want the host", n)
	}
	check(t, s, "bit.test", "SELECT name FROM lookups WHERE task = 'registration' ORDER BY priority DESC LIMIT 1")
}

func TestClaimLeaseAndDue(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	mail(t, s, "1 spam 1 - a.test a.test - - -", "2 spam 1 - a.test a.test - - -", "3 spam 1 - b.test b.test - - -", "4 spam 1 - c.example c.example - - -")
	at := &clock{storetest.Day(10, 20)}
	one := lookups.New(s).Queue(lookups.Options{Worker: "one", Now: at.Now})
	two := lookups.New(storetest.Open(t, url)).Queue(lookups.Options{Worker: "two", Now: at.Now})
	enqueue(t, one, at.now)
	if lanes, err := one.Lanes(t.Context()); err != nil || fmt.Sprint(lanes) != "map[dns:3 example:1 test:2]" {
		t.Error(lanes, err)
	}
	first := claim(t, one, "test", 1)
	if names(first) != "a.test" || first[0].Task != enrich.RegistrationTask || first[0].Kind != enrich.Domain || first[0].Lane != "test" || first[0].Priority <= 0 {
		t.Fatalf("%+v", first)
	}
	if got := names(claim(t, two, "test", 5)); got != "b.test" {
		t.Errorf("the second got %q", got)
	}
	noClaim(t, two, "claimed twice")
	if b, err := two.Backlog(t.Context(), nil); err != nil || b.Leased != 1 || !b.Next.IsZero() {
		t.Error(b, err)
	}
	at.now = at.now.Add(61 * time.Second) // both leases ran out
	taken := claim(t, two, "test", 5)
	if names(taken) != "a.test b.test" {
		t.Errorf("after the leases: %v", taken)
	}
	// The first worker finishes late: its answer is kept, and the claim stays
	// with the second.
	finish(t, one, first[0], at.now.Add(24*time.Hour), storetest.Registration("a.test", enrich.WHOIS, at.now, nil))
	check(t, s, "1", "SELECT count(*)::text FROM observations")
	check(t, s, "under way", "SELECT CASE WHEN leased_by LIKE 'two/%' THEN 'under way' END FROM lookups WHERE name = 'a.test' AND task = 'registration'")
	due := at.now.Add(24 * time.Hour)
	finish(t, two, taken[0], due, storetest.Registration("a.test", enrich.WHOIS, at.now.Add(time.Second), nil))
	finish(t, two, taken[1], at.now.Add(time.Minute), storetest.Failure(storetest.Registration("b.test", enrich.WHOIS, at.now, nil), enrich.TimedOut, "i/o timeout"))
	noClaim(t, one, "asked again while fresh")
	if b, err := one.Backlog(t.Context(), nil); err != nil || !b.Next.Equal(at.now.Add(time.Minute)) {
		t.Errorf("next is due at %v, %v", b.Next, err)
	}
	at.now = at.now.Add(time.Minute)
	again := claim(t, one, "test", 5)
	if names(again) != "b.test" || again[0].Attempts != 1 {
		t.Errorf("due again: %+v", again)
	}
	checkReturn(t, s, at, one, two, again)
	at.now = due
	if got := names(claim(t, two, "test", 5)); got != "a.test b.test" && got != "b.test a.test" {
		t.Errorf("due after a day: %q", got)
	}
}

// checkReturn returns a claimed task of b.test without an answer. Nobody can
// claim it until it is due again, and its server is reported as put off.
func checkReturn(t *testing.T, s *store.DB, at *clock, one, two *lookups.Queue, tasks []enrich.Claim) {
	t.Helper()
	if err := one.Return(t.Context(), tasks, at.now.Add(10*time.Minute), "whois.test:43"); err != nil {
		t.Fatal(err)
	}
	noClaim(t, two, "claimed before it is due")
	if b, err := one.Backlog(t.Context(), nil); err != nil || len(b.PutOff) != 1 || b.PutOff[0].Server != "whois.test:43" || b.PutOff[0].Tasks != 1 || !b.PutOff[0].Until.Equal(at.now.Add(10*time.Minute)) {
		t.Errorf("put off: %+v, %v", b, err)
	}
	if b, err := one.Backlog(t.Context(), func(lane string) bool { return lane == "test" }); err != nil || len(b.PutOff) != 0 {
		t.Errorf("put off in a lane that is skipped: %+v, %v", b, err)
	}
	check(t, s, "whois.test:43", "SELECT put_off_by FROM lookups_v WHERE name = 'b.test' AND task = 'registration'")
	at.now = at.now.Add(10 * time.Minute)
	if got := names(claim(t, two, "test", 5)); got != "b.test" {
		t.Errorf("after it was returned: %q", got)
	}
}

// TestNewMailWakes checks that new mail brings forward a look-up that was put
// off for lack of mail: to the end of its answer's freshness, not before.
func TestNewMailWakes(t *testing.T) {
	s := storetest.New(t)
	at := &clock{storetest.Day(10, 20)}
	q := lookups.New(s).Queue(lookups.Options{Now: at.Now})
	mail(t, s, "1 spam 1 - a.test a.test - - -")
	enqueue(t, q, at.now)
	finish(t, q, claim(t, q, "test", 1)[0], at.now.AddDate(0, 3, 0), storetest.Registration("a.test", enrich.WHOIS, at.now, nil)) // fresh for a day
	at.now = at.now.Add(time.Hour)
	mail(t, s, "2 spam 20 - a.test a.test - - -")
	enqueue(t, q, at.now)
	if got := claim(t, q, "test", 1); len(got) != 0 {
		t.Errorf("asked while fresh: %v", got)
	}
	at.now = at.now.Add(24 * time.Hour)
	if got := names(claim(t, q, "test", 1)); got != "a.test" {
		t.Errorf("not asked although there is new mail: %q", got)
	}
}

func TestOneLookupServesANetblock(t *testing.T) {
	s := storetest.New(t)
	at := &clock{storetest.Day(10, 20)}
	q := lookups.New(s).Queue(lookups.Options{Now: at.Now})
	var lines []string
	for n := range 40 {
		lines = append(lines, fmt.Sprintf("%d spam 1 198.51.%d.%d h.test h.test - - -", n, 100+n%20, n))
	}
	mail(t, s, append(lines, "100 spam 1 203.0.113.9 h.test h.test - - -")...)
	enqueue(t, q, at.now)
	got := claim(t, q, "addresses", 50)
	if len(got) != 2 {
		t.Fatalf("neighbours are asked about at once: %v", names(got))
	}
	for _, c := range got {
		prefix := "198.51.96.0/19"
		if strings.HasPrefix(c.Name, "203") {
			prefix = "203.0.113.0/24"
		}
		finish(t, q, c, at.now.AddDate(0, 0, 30), storetest.Netblock(c.Name, prefix, "Holder", at.now))
	}
	if got := claim(t, q, "addresses", 50); len(got) != 0 {
		t.Errorf("asked inside a fresh block: %v", names(got))
	}
	check(t, s, "41", "SELECT count(*)::text FROM lookups_v WHERE task = 'netblock' AND outcome = 'answered'")
	check(t, s, "41 Holder", "SELECT count(*) || ' ' || min(owner) FROM senders_v WHERE owner IS NOT NULL")
	at.now = at.now.AddDate(0, 0, 31)
	if got := claim(t, q, "addresses", 50); len(got) == 0 {
		t.Error("never asked again")
	}
	// A provider whose customers have blocks of their own: one in each /24 at a time.
	s2 := storetest.New(t)
	q = lookups.New(s2).Queue(lookups.Options{Now: at.Now})
	mail(t, s2, lines...)
	enqueue(t, q, at.now)
	c := claim(t, q, "addresses", 50)[0]
	finish(t, q, c, at.now.AddDate(0, 0, 30), storetest.Netblock(c.Name, c.Name+"/32", "Customer", at.now))
	if got := claim(t, q, "addresses", 50); len(got) != 20 {
		t.Errorf("%d are asked about at once, want one in each /24", len(got))
	}
}

// Where nobody knows a netblock there is none that neighbours share: they are asked about at
// once, or a slow registry would be asked one question at a time.
func TestNeighboursOfWhatNobodyKnows(t *testing.T) {
	s, at := storetest.New(t), &clock{now: storetest.Day(10, 5)}
	q := lookups.New(s).Queue(lookups.Options{Now: at.Now})
	for i := range 8 {
		mail(t, s, fmt.Sprintf("%d spam 1 198.51.100.%d - - - - -", i+1, i+1))
	}
	enqueue(t, q, at.now)
	first := claim(t, q, "addresses", 50)
	if len(first) != 1 {
		t.Fatalf("neighbours are asked about at once: %v", names(first))
	}
	finish(t, q, first[0], at.now.AddDate(0, 0, 30), storetest.Failure(storetest.Netblock(first[0].Name, first[0].Name+"/32", "", at.now), enrich.None, "no match"))
	if got := claim(t, q, "addresses", 50); len(got) != 7 {
		t.Errorf("%d of 7 are asked about: %v", len(got), names(got))
	}
}

// TestAnswersOfDNSAreFollowed: the addresses of a name are looked up next.
func TestAnswersOfDNSAreFollowed(t *testing.T) {
	s := storetest.New(t)
	q := lookups.New(s).Queue(lookups.Options{})
	mail(t, s, "1 spam 1 - a.test a.test - - -")
	enqueue(t, q, time.Now().Add(-time.Minute))
	finish(t, q, claim(t, q, "dns", 1)[0], time.Now().AddDate(0, 0, 1), storetest.Records("a.test", time.Now(), "203.0.113.7", "10.1.2.3", "127.0.0.1"))
	check(t, s, "netblock 192.0.2.53\nnetblock 192.0.2.54\nnetblock 203.0.113.7\nreverse 203.0.113.7",
		"SELECT task || ' ' || name FROM lookups WHERE kind = 'address' ORDER BY task, address")
}

// enrichAsChild claims, waits a moment as if it asked, and finishes, until nothing is due.
func enrichAsChild(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Program: "child", MaxConns: 2})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = enrichAll(ctx, lookups.New(s).Queue(lookups.Options{}), 500*time.Millisecond)
	return err
}

// enrichAll works until nothing is due or leased, and returns the questions.
func enrichAll(ctx context.Context, q *lookups.Queue, lease time.Duration) (asked int, err error) {
	for {
		claims, err := q.Claim(ctx, "test", 20, lease)
		if err != nil {
			return asked, err
		}
		if len(claims) == 0 {
			b, err := q.Backlog(ctx, nil)
			if err != nil || b.Leased == 0 {
				return asked, err
			}
			time.Sleep(20 * time.Millisecond)
			continue
		}
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		var done []enrich.Done
		for _, c := range claims {
			now := time.Now()
			// The server's name makes every answer a row of its own: a domain asked twice shows.
			o := storetest.Registration(c.Name, enrich.WHOIS, now, func(r *enrich.Registration) { r.Handle = fmt.Sprint(now.UnixNano()) })
			done = append(done, enrich.Done{Claim: c, Observations: []enrich.Observation{o}, Due: now.AddDate(0, 1, 0)})
		}
		if err := q.Finish(ctx, done); err != nil {
			return asked, err
		}
		asked += len(claims)
	}
}

// TestThreeEnrichers: three on one database, a fourth killed again and again: every
// domain is done, and none is done twice.
func TestThreeEnrichers(t *testing.T) {
	const domains = 3000
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	fillMail(t, s, domains, 1)
	enqueue(t, lookups.New(s).Queue(lookups.Options{}), time.Now())
	stop := make(chan struct{})
	var killing sync.WaitGroup
	kills := 0
	killing.Go(func() {
		for {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), queueChildURL+"="+url)
			if err := cmd.Start(); err != nil {
				t.Error(err)
				return
			}
			time.Sleep(time.Duration(100+rand.IntN(100)) * time.Millisecond)
			cmd.Process.Kill()
			cmd.Wait()
			kills++
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	var wg sync.WaitGroup
	asked := make([]int, 3)
	for n := range asked {
		wg.Go(func() {
			var err error
			if asked[n], err = enrichAll(t.Context(), lookups.New(s).Queue(lookups.Options{}), time.Second); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(stop)
	killing.Wait()
	if _, err := enrichAll(t.Context(), lookups.New(s).Queue(lookups.Options{}), time.Second); err != nil {
		t.Fatal(err)
	}
	t.Logf("three did %v, the rest was done by the one that was killed %d times", asked, kills)
	check(t, s, fmt.Sprint(domains), "SELECT count(*)::text FROM domains_v WHERE state = 'registered'")
	check(t, s, "0", "SELECT count(*)::text FROM (SELECT subject FROM observations GROUP BY subject HAVING count(*) > 1) AS twice")
	check(t, s, "0", "SELECT count(*)::text FROM lookups WHERE task = 'registration' AND (ready OR leased_by IS NOT NULL)")
	if kills < 3 {
		t.Errorf("killed only %d times", kills)
	}
}

// fillMail stores n domains, each in so many messages, from up to 10,000 senders, faster
// than an import would.
func fillMail(t testing.TB, s *store.DB, n, messages int) {
	t.Helper()
	for _, statement := range []string{
		fmt.Sprintf(`INSERT INTO messages (message_key, size, import_id, received_at, text_length, extractor, ham, sha256, sender)
			SELECT g, 1, 1, '2006-10-15'::timestamptz + g * interval '1 second', 0, 1, false, sha256(g::text::bytea), '100.64.0.0'::inet + (g %% 10000) * 8 FROM generate_series(1, %d) g`, n*messages),
		fmt.Sprintf(`INSERT INTO urls (message_key, n, count, host, domain, url, found_in)
			SELECT g, 0, 1, CASE WHEN g %% 10 = 0 THEN 'www.' ELSE '' END || 'd' || g %% %d || '.test', 'd' || g %% %d || '.test', 'http://x/', 'text' FROM generate_series(1, %d) g`, n, n, n*messages),
		`INSERT INTO imports (started_at, class, extractor, keeps_raw, arguments, own_names, own_addrs, own_mx, own_inferred, read, added)
			VALUES (now(), 'spam', 1, false, '{}', '{}', '{}', '{}', false, 1, 1)`,
		"ANALYZE messages, urls",
	} {
		if _, err := s.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// An import that replaces facts, or a run that derives evidence, may take minutes: claims
// of addresses do not wait for it.
func TestClaimsDoNotWaitForEvidence(t *testing.T) {
	s := storetest.New(t)
	mail(t, s, "1 spam 1 192.0.2.1 - - - - -")
	q := lookups.New(s).Queue(lookups.Options{})
	enqueue(t, q, storetest.Day(time.October, 5))
	tx, err := s.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context())
	if _, err := tx.Exec(t.Context(), "SELECT pg_advisory_xact_lock($1)", store.LockEvidence); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // of a claim that waits forever
	defer cancel()
	claims, err := q.Claim(ctx, "addresses", 1, time.Minute)
	if err != nil || len(claims) != 1 {
		t.Errorf("%v, %v", claims, err)
	}
}
