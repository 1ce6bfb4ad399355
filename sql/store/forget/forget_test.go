package forget_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/forget"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// load imports messages of the made-up folder.
func load(t *testing.T, db *store.DB, batches ...*ingest.Batch) *facts.Writer {
	t.Helper()
	w, err := facts.New(db).Begin(t.Context(), facts.Import{Arguments: []string{"spam.mbox", "--no-raw"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		var hashes []ingest.Hash
		for i := range b.Messages {
			hashes = append(hashes, b.Messages[i].Hash)
		}
		known, err := w.Known(t.Context(), hashes)
		if err != nil {
			t.Fatal(err)
		}
		fresh := b.Messages[:0:0]
		for i := range b.Messages {
			if !known[i] {
				fresh = append(fresh, b.Messages[i])
			}
		}
		b.Messages = fresh
		if _, err := w.Store(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// asked stores the rows that look-ups leave of a domain and of the names in its
// answers.
func asked(t *testing.T, db *store.DB, domain string, octet int) {
	t.Helper()
	exec(t, db, fmt.Sprintf("INSERT INTO answers VALUES (sha256('%s'), 1, 'whois of %s')", domain, domain),
		fmt.Sprintf(`INSERT INTO observations (asked_at, confirmed_at, fresh_until, took, kind, subject, source, server, outcome, content_hash, answer_hash)
			VALUES (now(), now(), now(), '0', 'domain', '%s', 'whois', 'whois.example', 'answered', 'x', sha256('%s'))`, domain, domain),
		fmt.Sprintf("INSERT INTO observed_values (since, subject, source, field, value) VALUES (now(), '%s', 'dns', 'ns', 'ns.%s')", domain, domain),
		fmt.Sprintf("INSERT INTO domains (domain, messages) VALUES ('%s', 99)", domain),
		fmt.Sprintf("INSERT INTO name_servers VALUES (now(), 'ns.%s', '{192.0.2.1,192.0.2.%d}')", domain, octet),
		fmt.Sprintf(`INSERT INTO lookups (wake_at, priority, ready, task, kind, name, lane, address)
			SELECT now(), 1, true, 'netblock', 'address', host(a), 'addresses', a FROM unnest('{192.0.2.1,192.0.2.%d}'::inet[]) AS a ON CONFLICT DO NOTHING`, octet),
		fmt.Sprintf(`INSERT INTO lookups (wake_at, priority, ready, task, kind, name, lane, domain, messages)
			VALUES (now(), 1, true, 'names', 'domain', '%s', 'dns', '%s', 99), (now(), 1, true, 'names', 'host', 'ns.%s', 'dns', NULL, 1)`, domain, domain, domain))
}

func exec(t *testing.T, db *store.DB, statements ...string) {
	t.Helper()
	if err := storetest.Exec(db, statements...); err != nil {
		t.Fatal(err)
	}
}

// dump is every row of every table as text.
func dump(t *testing.T, db *store.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range storetest.Column(t, db, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1") {
		for _, row := range storetest.Column(t, db, "SELECT t::text FROM "+table+" t") {
			b.WriteString(table + " " + row + "\n")
		}
	}
	return b.String()
}

// traces are values that would show that a message was stored.
func traces(f *ingest.Facts) []string {
	return []string{f.Subject, f.MessageID, f.Links[0].Host, f.Links[0].Domain, hex.EncodeToString(f.Hash[:]), hex.EncodeToString(f.Raw[:64]),
		fmt.Sprint(facts.Key(f.Hash))}
}

// correlated invents a campaign, a spamrun and a decision with message gone.
func correlated(t *testing.T, db *store.DB, gone *ingest.Facts) {
	t.Helper()
	exec(t, db, `INSERT INTO campaigns (campaign_id, first_run, last_run, members, weakest_bits) VALUES (7, 1, 1, 3, 9)`,
		fmt.Sprintf("INSERT INTO campaign_traits (campaign_id, n, evidence, kind, value, members, elsewhere, ham, bits) VALUES (7, 1, 'link', 'host', '%s', 3, 0, 0, 9)", gone.Links[0].Host),
		"INSERT INTO spamruns VALUES (3, now(), now(), 2, 1, '192.0.2.9')",
		"INSERT INTO memberships (message_key, campaign_id, run_id, spamrun_id) SELECT message_key, 7, 1, 3 FROM messages LIMIT 1",
		fmt.Sprintf("INSERT INTO memberships (message_key, campaign_id, run_id, spamrun_id) VALUES (%d, 7, 1, 3) ON CONFLICT DO NOTHING", facts.Key(gone.Hash)),
		fmt.Sprintf("INSERT INTO decisions (made_at, kind, made_by, messages) VALUES (now(), 'same', 'anna', '{%d,5}')", facts.Key(gone.Hash)),
		fmt.Sprintf("INSERT INTO incidence (message_key, version, ham, newsletter, features) VALUES (%d, 1, false, false, '{}')", facts.Key(gone.Hash)),
		fmt.Sprintf(`INSERT INTO learned_values VALUES (1, '\x%x')`, gone.Hash))
}

func TestNothingIsFound(t *testing.T) {
	db := storetest.New(t)
	gone, stays := storetest.Facts(1), storetest.Facts(2)
	anna := storetest.Batch("anna.mbox", 1, 2)
	anna.Messages[0].Links = append(anna.Messages[0].Links, stays.Links[0]) // a name that another message has, too
	load(t, db, anna, storetest.Batch("spam.mbox", 2, 6))
	asked(t, db, gone.Links[0].Domain, 7)
	asked(t, db, stays.Links[0].Domain, 9)
	correlated(t, db, &gone)
	before := dump(t, db)
	for _, trace := range traces(&gone) {
		if !strings.Contains(before, trace) {
			t.Errorf("%q is not there to begin with", trace)
		}
	}
	choice := forget.Choice{Hashes: [][]byte{gone.Hash[:]}}
	counted, err := forget.Forget(t.Context(), db, choice, true)
	if err != nil || dump(t, db) != before {
		t.Errorf("a dry run changed something (%v)", err)
	}
	done, err := forget.Forget(t.Context(), db, choice, false)
	if err != nil || done != counted || done.Messages != 1 || done.Raw != 1 || done.Places != 1 || done.Campaigns != 1 || done.Names < 2 {
		t.Errorf("%+v, counted before %+v, %v", done, counted, err)
	}
	after := dump(t, db)
	for _, trace := range append(traces(&gone), "anna.mbox", "whois of "+gone.Links[0].Domain) {
		if strings.Contains(after, trace) {
			i := strings.Index(after, trace)
			t.Errorf("%q is still there: …%s…", trace, after[max(0, i-200):min(len(after), i+100)])
		}
	}
	for _, trace := range append(traces(&stays), "ns."+stays.Links[0].Domain, "spam.mbox") {
		if !strings.Contains(after, trace) {
			t.Errorf("%q of another message went, too", trace)
		}
	}
	// Of the name server's addresses, one is another's, too.
	if left := storetest.Column(t, db, "SELECT name FROM lookups WHERE kind = 'address' ORDER BY 1"); len(left) != 2 || left[1] != "192.0.2.9" {
		t.Errorf("addresses asked about: %v, want 192.0.2.1 and 192.0.2.9", left)
	}
	counts := storetest.Column(t, db, `SELECT concat((SELECT members FROM campaigns), ' ', (SELECT count(*) FROM spamruns), ' ', (SELECT sum(forgotten) FROM imports),
		' ', (SELECT messages FROM domains), ' ', (SELECT messages FROM lookups WHERE kind = 'domain'))`)
	if want := "2 0 1 1 1"; counts[0] != want {
		t.Errorf("counts are %s, want %s", counts[0], want)
	}

	// Importing it again does not bring it back; the same folder's other mail comes.
	w := load(t, db, storetest.Batch("anna2.mbox", 1, 2), storetest.Batch("spam.mbox", 6, 8))
	again := dump(t, db)
	for _, trace := range append(traces(&gone), "anna2.mbox") {
		if strings.Contains(again, trace) {
			t.Errorf("%q came back", trace)
		}
	}
	if w.Forgotten() != 1 || !strings.Contains(again, storetest.Facts(7).Subject) {
		t.Errorf("%d forgotten met", w.Forgotten())
	}
}

// TestForgedKeyStaysFound: a message that did not get its natural key is still found when
// the one that has it is forgotten.
func TestForgedKeyStaysFound(t *testing.T) {
	db := storetest.New(t)
	first := storetest.Batch("a.mbox", 1, 2)
	second := func() *ingest.Batch {
		b := storetest.Batch("b.mbox", 1, 2)
		b.Messages[0].Hash[31] ^= 1
		b.Sightings[0].Hash[31] ^= 1
		return b
	}
	hash := first.Messages[0].Hash
	load(t, db, first, second())
	if e, err := forget.Forget(t.Context(), db, forget.Choice{Hashes: [][]byte{hash[:]}}, false); err != nil || e.Messages != 1 {
		t.Fatal(e, err)
	}
	load(t, db, second(), storetest.Batch("a.mbox", 1, 2))
	if n := storetest.Column(t, db, "SELECT concat(count(*), ' ', (SELECT count(*) FROM raw)) FROM messages"); n[0] != "1 1" {
		t.Errorf("%s messages and raw ones, want one", n[0])
	}
}

func TestChoices(t *testing.T) {
	db := storetest.New(t)
	load(t, db, storetest.Batch("dir/a.mbox", 0, 10), storetest.Batch("dirb.mbox", 10, 20), storetest.Batch("other.mbox", 5, 6))
	fifth := storetest.Facts(5)
	for _, c := range []struct {
		name   string
		choice forget.Choice
		want   int64
	}{
		{"recipient", forget.Choice{Recipient: strings.ToUpper(fifth.To[0])}, 1},
		{"hop's recipient", forget.Choice{Recipient: "victim@example.com"}, 20},
		{"nobody", forget.Choice{Recipient: "victim@example.co"}, 0},
		{"before", forget.Choice{Before: fifth.ReceivedAt}, 5},
		{"source, but for what was seen elsewhere", forget.Choice{Sources: []string{"dir"}}, 9},
		{"both", forget.Choice{Sources: []string{"dir/a.mbox"}, Before: fifth.ReceivedAt.Add(time.Hour)}, 9},
		{"campaign", forget.Choice{Campaign: 4}, 0},
		{"no message", forget.Choice{Hashes: [][]byte{}}, 0},
	} {
		if e, err := forget.Forget(t.Context(), db, c.choice, true); err != nil || e.Messages != c.want {
			t.Errorf("%s: %d messages, %v; want %d", c.name, e.Messages, err, c.want)
		}
	}
	if _, err := forget.Forget(t.Context(), db, forget.Choice{}, true); err == nil {
		t.Error("nothing chosen, and everything meant")
	}
	whole := hex.EncodeToString(fifth.Hash[:])
	for word, want := range map[string]int{whole: 1, whole[:8]: 1, strings.ToUpper(whole[:17]): 1, whole[:7]: 0, fifth.MessageID: 1, "": 0, "zzzzzzzzz": 0, whole + "0": 0} {
		if found, err := facts.New(db).Find(t.Context(), word); err != nil || len(found) != want {
			t.Errorf("Find(%q): %d, %v; want %d", word, len(found), err, want)
		}
	}
}
