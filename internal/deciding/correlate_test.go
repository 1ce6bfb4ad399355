package deciding_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spoor/graph/correlation"
	"spoor/ingest"
	"spoor/ingest/links"
	"spoor/ingest/mailbox"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// invented is message n: of ten, six are in campaigns of forty, the rest stand alone.
func invented(n int) ingest.Facts {
	r := rand.New(rand.NewPCG(5, uint64(n)))
	f := ingest.Facts{
		Hash: sha256.Sum256(fmt.Append(nil, n)), Size: 21000, Class: ingest.Spam, Boundary: -1,
		MessageID: fmt.Sprintf("%x@mail.example", r.Uint64()), MessageIDForm: "x@a.a", TextLength: 900,
		Subject: word(n+1e6) + " " + word(n+2e6), From: ingest.Address{Address: fmt.Sprintf("%x@mail.example", r.Uint64())},
		HeaderNames: "From,To,Subject,Date", MIMESkeleton: "text/plain", TextHash: int64(r.Uint64()),
		SenderAddr: netip.AddrFrom4([4]byte{198, byte(18 + r.IntN(2)), byte(r.IntN(256)), byte(r.IntN(256))}),
		HELO:       fmt.Sprint(r.IntN(1e9)), ReceivedAt: time.Date(2026, 3, 1, 0, 0, n, 0, time.UTC),
	}
	domain := fmt.Sprintf("d%x.example", r.Uint32())
	if n%10 < 6 {
		c := n / 67 // about forty messages each
		f.Subject, f.TextHash = fmt.Sprintf("%s and %s of the day", word(c), word(c+100_000+n%2)), int64(10*c+n%3+1)
		f.HeaderNames += ",X-" + word(c)
		domain = fmt.Sprintf("%s%s.example", word(c), word(n%4))
	}
	f.SubjectKey = strings.ToLower(f.Subject)
	for i := range 9 {
		host := "www." + domain
		f.Links = append(f.Links, links.Link{Raw: "http://" + host, URL: fmt.Sprintf("http://%s/order/form.php?id=%d%d", host, n, i), Host: host, Domain: domain,
			Part: 0, Where: "text", Via: -1, Count: 1})
	}
	return f
}

// word makes a word of a number, so that numbers near each other have words that are not.
func word(n int) string {
	r := rand.New(rand.NewPCG(6, uint64(n)))
	b := make([]byte, 5+r.IntN(4))
	for i := range b {
		b[i] = "aeioubcdfghklmnprstvwz"[r.IntN(22)]
	}
	return string(b)
}

func storeInvented(tb testing.TB, st *store.DB, n int) {
	tb.Helper()
	imp, err := facts.New(st).Begin(tb.Context(), facts.Import{Class: ingest.Spam, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		tb.Fatal(err)
	}
	for from := 0; from < n; from += 2000 {
		var b ingest.Batch
		for i := from; i < min(from+2000, n); i++ {
			f := invented(i)
			b.Messages = append(b.Messages, f)
			b.Sightings = append(b.Sightings, ingest.Sighting{Hash: f.Hash, Place: mailbox.Place{Path: "trap", Offset: int64(i), Format: mailbox.Mbox}})
		}
		if _, err := imp.Store(tb.Context(), &b); err != nil {
			tb.Fatal(err)
		}
	}
}

func membersOf(t *testing.T, st *store.DB) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for m, err := range campaigns.New(st).Members(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[m.SHA256] = m.CampaignID
	}
	return out
}

func TestCorrelateKeepsIDsAsMailComesIn(t *testing.T) {
	st := storetest.New(t)
	storeInvented(t, st, 300)
	first, err := correlation.Run(t.Context(), campaigns.New(st), correlation.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if first.Messages != 300 || first.Campaigns < 4 || first.Members < 150 || first.New != first.Campaigns {
		t.Errorf("first run: %+v", first)
	}
	before := membersOf(t, st)
	storeInvented(t, st, 600)
	second, err := correlation.Run(t.Context(), campaigns.New(st), correlation.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if second.Run <= first.Run || second.Messages != 600 || second.New == 0 || second.Merged+second.Dissolved != 0 {
		t.Errorf("second run: %+v", second)
	}
	after := membersOf(t, st)
	for hash, id := range before {
		if after[hash] != id {
			t.Fatalf("a message of c%d is in c%d now", id, after[hash])
		}
	}
}

// A run is left out if nothing is new, and made if evidence was replaced, something was decided,
// or somebody asks for it.
func TestRunWithNothingNew(t *testing.T) {
	st := storetest.New(t)
	storeInvented(t, st, 60)
	last := int64(0)
	run := func(name string, o correlation.Options, unchanged bool) {
		t.Helper()
		sum, err := correlation.Run(t.Context(), campaigns.New(st), o)
		if err != nil {
			t.Fatal(err)
		}
		if sum.Unchanged != unchanged || (sum.Run == last) != unchanged {
			t.Errorf("%s: run %d after %d, unchanged %v", name, sum.Run, last, sum.Unchanged)
		}
		last = sum.Run
	}
	change := func(statement string) {
		t.Helper()
		if _, err := st.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run("first", correlation.Options{}, false)
	run("nothing new", correlation.Options{}, true)
	run("asked for", correlation.Options{Again: true}, false)
	run("nothing new after that", correlation.Options{}, true)
	run("another program", correlation.Options{Program: "2"}, false)
	change("UPDATE incidence SET features = features[2:] WHERE message_key = (SELECT min(message_key) FROM incidence)")
	run("evidence replaced", correlation.Options{Program: "2"}, false)
	change("INSERT INTO decisions (made_at, made_by, kind, feature, value) VALUES (now(), 'me', 'ignore', 1, 'x')")
	run("decided", correlation.Options{Program: "2"}, false)
	change("UPDATE decisions SET undone_at = now(), undone_by = 'me'")
	run("undone", correlation.Options{Program: "2"}, false)
	run("nothing new at last", correlation.Options{Program: "2"}, true)
}

// The must-links of real mail, read by the extractor as it is. Thresholds are a
// little below the figures in docs/campaigns.md.
func TestSameTextIsOneCampaign(t *testing.T) {
	corpora := os.Getenv("SPOOR_CORPORA")
	if corpora == "" {
		t.Skip("SPOOR_CORPORA does not name the folder of unpacked corpora")
	}
	dir := filepath.Join(corpora, "phishing_pot")
	files, err := filepath.Glob(filepath.Join(dir, "sample-*.eml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no messages in %s (%v)", dir, err)
	}
	st := storetest.New(t)
	imported := importDir(t, st, dir)
	if _, err := correlation.Run(t.Context(), campaigns.New(st), correlation.Options{}); err != nil {
		t.Fatal(err)
	}
	of := membersOf(t, st)
	sizes, largest := map[int64]int{}, 0
	for _, id := range of {
		sizes[id]++
		largest = max(largest, sizes[id])
	}
	pairs, together := sameText(t, dir, of)
	t.Logf("%d messages; %d campaigns hold %d; the largest %d (%.1f %%); %d of %d same-text pairs together (%.2f %%)", imported,
		len(sizes), len(of), largest, 100*float64(largest)/float64(imported), together, pairs, 100*float64(together)/float64(pairs))
	if float64(together) < 0.98*float64(pairs) {
		t.Errorf("%d of %d same-text pairs are in one campaign, want 98 %%", together, pairs)
	}
	if float64(largest) > 0.10*float64(imported) {
		t.Errorf("the largest campaign holds %d of %d", largest, imported)
	}
}

func importDir(t *testing.T, st *store.DB, dir string) int64 {
	t.Helper()
	var sources []*mailbox.Source
	for s, err := range mailbox.Find(t.Context(), []string{dir}, nil, mailbox.DefaultLimits) {
		if err == nil {
			sources = append(sources, s)
		}
	}
	o := ingest.Options{Class: ingest.Spam, Limits: mailbox.DefaultLimits}
	o.Own, _ = ingest.Survey(t.Context(), sources, o)
	imp, err := facts.New(st).Begin(t.Context(), facts.Import{Class: ingest.Spam, Own: o.Own, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := ingest.Run(t.Context(), sources, imp, o)
	if err != nil {
		t.Fatal(err)
	}
	return sum.New
}

// sameText counts the pairs of SAME-TEXT-groups.tsv, and those in one campaign.
func sameText(t *testing.T, dir string, of map[string]int64) (pairs, together int) {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(dir, "SAME-TEXT-groups.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 3 || f[0] == "group" {
			continue
		}
		var ids []int64
		for _, name := range strings.Split(f[2], ",") {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, of[fmt.Sprintf("%x", sha256.Sum256(data))])
		}
		for i, a := range ids {
			for _, b := range ids[i+1:] {
				if pairs++; a != 0 && a == b {
					together++
				}
			}
		}
	}
	return pairs, together
}

func BenchmarkCorrelate(b *testing.B) {
	for _, n := range []int{20_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			st := storetest.New(b)
			storeInvented(b, st, n)
			for b.Loop() {
				if _, err := correlation.Run(b.Context(), campaigns.New(st), correlation.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
