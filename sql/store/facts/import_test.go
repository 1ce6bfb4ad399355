package facts_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// content returns the stored rows, table by table, without the numbers of runs.
// It is the same after every import of the same mail, in any order and any
// number of times.
func content(t testing.TB, s *store.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"messages", "raw", "places", "hops", "anomalies", "parts", "urls", "contacts", "defects", "reports", "sources", "failures"} {
		lines := storetest.Column(t, s, `SELECT coalesce(count(*) || ' ' || md5(string_agg(row, E'\n' ORDER BY row)), 'none')
			FROM (SELECT md5((to_jsonb(t) - '{import_id,first_import,last_import,resolved_import,failure_id}'::text[])::text) AS row FROM `+table+` t) r`)
		fmt.Fprintln(&b, table, lines[0])
	}
	return b.String()
}

func begin(t testing.TB, f *facts.Store) *facts.Writer {
	t.Helper()
	i, err := f.Begin(context.Background(), facts.Import{Class: ingest.Spam})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// importFolder works like a run: it asks which messages are known, then stores
// the new ones, and every place.
func importFolder(ctx context.Context, f *facts.Store, path string, messages, batch int) (added int, err error) {
	i, err := f.Begin(ctx, facts.Import{Class: ingest.Spam})
	if err != nil {
		return 0, err
	}
	for from := 0; from < messages; from += batch {
		b := storetest.Batch(path, from, min(from+batch, messages))
		hashes := make([]ingest.Hash, len(b.Messages))
		for n := range b.Messages {
			hashes[n] = b.Messages[n].Hash
		}
		known, err := i.Known(ctx, hashes)
		if err != nil {
			return added, err
		}
		var fresh []ingest.Facts
		for n := range b.Messages {
			if !known[n] {
				fresh = append(fresh, b.Messages[n])
			}
		}
		b.Messages = fresh
		n, err := i.Store(ctx, b)
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, i.Finish(ctx, ingest.Counts{Read: int64(messages), New: int64(added), Known: int64(messages - added)})
}

// A message that came without its bytes gets them from an import that keeps them, and
// then the store is the one of a plain import.
func TestRawIsAddedLater(t *testing.T) {
	s, plain := storetest.New(t), storetest.New(t)
	store1 := func(s *store.DB, noRaw bool, b *ingest.Batch) []bool {
		t.Helper()
		i, err := facts.New(s).Begin(t.Context(), facts.Import{Class: ingest.Spam, NoRaw: noRaw})
		if err != nil {
			t.Fatal(err)
		}
		known, err := i.Known(t.Context(), hashesOf(b))
		if err != nil {
			t.Fatal(err)
		}
		if added, err := i.Store(t.Context(), b); err != nil || added != 0 && known[0] {
			t.Fatal(added, err)
		}
		return known
	}
	without := storetest.Batch("/srv/a.mbox", 0, 50)
	for n := range without.Messages {
		without.Messages[n].Raw = nil
	}
	store1(s, true, without)
	if known := store1(s, true, without); !known[0] {
		t.Error("a second import without bytes does not know its messages")
	}
	if known := store1(s, false, storetest.Batch("/srv/a.mbox", 0, 50)); known[0] {
		t.Error("an import that keeps bytes leaves out messages without")
	}
	if known := store1(s, false, storetest.Batch("/srv/a.mbox", 0, 50)); !known[0] {
		t.Error("the bytes are asked for again")
	}
	store1(plain, false, storetest.Batch("/srv/a.mbox", 0, 50))
	if got, want := content(t, s), content(t, plain); got != want {
		t.Errorf("content differs:\n%s\n%s", got, want)
	}
}

func hashesOf(b *ingest.Batch) []ingest.Hash {
	hashes := make([]ingest.Hash, len(b.Messages))
	for n := range b.Messages {
		hashes[n] = b.Messages[n].Hash
	}
	return hashes
}

func TestImportTwice(t *testing.T) {
	s := storetest.New(t)
	if added, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", 500, 200); added != 500 || err != nil {
		t.Fatal(added, err)
	}
	once := content(t, s)
	if added, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", 500, 300); added != 0 || err != nil {
		t.Fatal(added, err)
	}
	if twice := content(t, s); twice != once {
		t.Errorf("the second import changed something:\n%s\n%s", once, twice)
	}
	sums := storetest.Column(t, s, "SELECT concat_ws(' ', read, added, known, failed) FROM imports ORDER BY import_id")
	if strings.Join(sums, ", ") != "500 500 0 0, 500 0 500 0" {
		t.Errorf("sums: %v", sums)
	}
}

func TestImportersAtOnce(t *testing.T) {
	clean := storetest.New(t)
	if _, err := importFolder(t.Context(), facts.New(clean), "/srv/a.mbox", 600, 600); err != nil {
		t.Fatal(err)
	}
	s := storetest.New(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for _, batch := range []int{37, 100, 250, 61} {
		wg.Go(func() {
			added, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", 600, batch)
			mu.Lock()
			defer mu.Unlock()
			if total += added; err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if total != 600 {
		t.Errorf("%d messages were new, to somebody", total)
	}
	if a, b := content(t, clean), content(t, s); a != b {
		t.Errorf("four importers stored other than one:\n%s\n%s", a, b)
	}
}

// TestOverlappingBatches makes transactions wait for each other in both orders, which
// the server answers by breaking some off.
func TestOverlappingBatches(t *testing.T) {
	s := storetest.New(t)
	forge := func(h ingest.Hash) int64 { return int64(h[0] >> 4) } // long chains of taken keys
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			i := begin(t, facts.Forged(s, forge))
			for round := range 6 {
				from := (w*7 + round*5) % 40
				b := storetest.Batch("/srv/a.mbox", from, from+20)
				if _, err := i.Store(t.Context(), b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	assertForged(t, s)
	if twice := storetest.Column(t, s, "SELECT encode(sha256, 'hex') FROM messages GROUP BY sha256 HAVING count(*) > 1"); len(twice) > 0 {
		t.Errorf("stored more than once: %d messages", len(twice))
	}
	if wrong := storetest.Column(t, s, "SELECT message_key::text FROM urls GROUP BY message_key HAVING count(*) <> 9"); len(wrong) > 0 {
		t.Errorf("links are mixed up: %v", wrong)
	}
}

// assertForged sees that no message got the key of its hash.
func assertForged(t *testing.T, s *store.DB) {
	t.Helper()
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM messages WHERE starts_with(encode(sha256, 'hex'), encode(int8send(message_key), 'hex'))"); n[0] != "0" {
		t.Errorf("%s messages have their natural key: the test tests nothing", n[0])
	}
}

// TestForgedKeys: messages made to want one key are all stored, each found again, each
// with its own rows.
func TestForgedKeys(t *testing.T) {
	for name, forge := range map[string]func(ingest.Hash) int64{
		"all equal":      func(ingest.Hash) int64 { return 7 },
		"few":            func(h ingest.Hash) int64 { return int64(h[0] & 3) },
		"around the end": func(h ingest.Hash) int64 { return 1<<63 - 1 - int64(h[0]&1) },
	} {
		t.Run(name, func(t *testing.T) {
			s := storetest.New(t)
			for _, batch := range []int{1, 8, 40} {
				if _, err := importFolder(t.Context(), facts.Forged(s, forge), "/srv/a.mbox", 40, batch); err != nil {
					t.Fatal(err)
				}
			}
			assertForged(t, s)
			got := storetest.Column(t, s, `SELECT concat_ws(' ', count(*), count(DISTINCT m.sha256),
				(SELECT count(*) FROM places), (SELECT count(*) FROM urls), (SELECT count(*) FROM messages m JOIN raw USING (message_key)))
				FROM messages m`)
			if got[0] != "40 40 40 360 40" {
				t.Errorf("messages, distinct, places, links, raw: %s", got[0])
			}
			for n := range 40 { // each under the key that has its own subject
				f := storetest.Facts(n)
				if got := storetest.Column(t, s, "SELECT subject || ' ' || byte_offset FROM messages JOIN places USING (message_key) WHERE sha256 = $1", f.Hash[:]); len(got) != 1 || got[0] != f.Subject+fmt.Sprint(" ", n*21000) {
					t.Errorf("message %d: %q", n, got)
				}
			}
		})
	}
}

// TestOneMessageOftenIsLinear: the same message again and again in one mbox.
func TestOneMessageOftenIsLinear(t *testing.T) {
	s := storetest.New(t)
	i := begin(t, facts.New(s))
	f := storetest.Facts(1)
	offset := int64(0)
	store := func(n int) (cpu float64) {
		before := storetest.BackendCPU(t, s) + storetest.CPU()
		for range n / 20_000 {
			b := &ingest.Batch{Messages: []ingest.Facts{f}}
			for range 20_000 {
				b.Sightings = append(b.Sightings, ingest.Sighting{Hash: f.Hash, Place: mailbox.Place{Path: "/srv/a.mbox", Offset: offset, Length: 21000}})
				offset += 21000
			}
			if _, err := i.Store(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		return storetest.BackendCPU(t, s) + storetest.CPU() - before
	}
	first := store(20_000)
	second := store(60_000) // would be 15 times as much if it were quadratic
	if second > 6*first+0.2 {
		t.Errorf("20,000 places took %.2f s of CPU, 60,000 more %.2f s", first, second)
	}
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM places"); n[0] != "80000" {
		t.Errorf("%s places", n[0])
	}
}

func TestOlderFactsAreReplaced(t *testing.T) {
	s := storetest.New(t)
	if _, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", 50, 50); err != nil {
		t.Fatal(err)
	}
	want := content(t, s)
	spoil := func() {
		if err := storetest.Exec(s, "UPDATE messages SET extractor = 0, subject = 'old', import_id = 4711", "DELETE FROM urls", "UPDATE hops SET helo = 'old'",
			"INSERT INTO defects SELECT message_key, 77, NULL, 'old', NULL FROM messages"); err != nil {
			t.Fatal(err)
		}
	}
	spoil()
	i := begin(t, facts.New(s))
	b := storetest.Batch("/srv/a.mbox", 0, 50)
	known, err := i.Known(t.Context(), []ingest.Hash{b.Messages[3].Hash})
	if err != nil || known[0] {
		t.Error("facts of an older extractor count as known", err)
	}
	if added, err := i.Store(t.Context(), b); added != 0 || err != nil {
		t.Error(added, err)
	}
	if got := content(t, s); got != want {
		t.Errorf("imported anew:\n%s\n%s", got, want)
	}
	spoil()
	list, err := facts.New(s).RawMessages(t.Context(), -1<<63, ingest.ExtractorVersion, 30)
	if err != nil || len(list) != 30 {
		t.Fatal(len(list), err)
	}
	rest, err := facts.New(s).RawMessages(t.Context(), list[29].Key, ingest.ExtractorVersion, 30)
	if err != nil || len(rest) != 20 || list[0].Class != ingest.Spam {
		t.Fatal(len(rest), err)
	}
	unknown := storetest.Facts(99)
	if err := facts.New(s).Replace(t.Context(), append([]ingest.Facts{unknown}, b.Messages...)); err != nil {
		t.Fatal(err)
	}
	if got := content(t, s); got != want {
		t.Errorf("replaced:\n%s\n%s", got, want)
	}
	if kept := storetest.Column(t, s, "SELECT DISTINCT import_id::text FROM messages"); len(kept) != 1 || kept[0] != "4711" {
		t.Errorf("the run that stored them first became %v", kept)
	}
	if list, err := facts.New(s).RawMessages(t.Context(), -1<<63, ingest.ExtractorVersion, 30); len(list) != 0 || err != nil {
		t.Error("there is still something to derive anew", len(list), err)
	}
}

func TestRawMessagesCarryTheirOwnServers(t *testing.T) {
	s := storetest.New(t)
	i := begin(t, facts.New(s))
	own := received.Own{Names: []string{"*.example.org"}, MX: []received.MX{{Name: "mx2.example.org", Priority: 20}}, Inferred: true}
	own.Addrs = append(own.Addrs, netip.MustParsePrefix("192.0.2.77/24"), netip.MustParsePrefix("2001:db8::/32"))
	if err := i.SetOwn(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	b := storetest.Batch("/srv/a.mbox", 0, 1)
	if _, err := i.Store(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	list, err := facts.New(s).RawMessages(t.Context(), -1<<63, ingest.ExtractorVersion+1, 10)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	m := list[0]
	if m.Hash != b.Messages[0].Hash || string(m.Data) != string(b.Messages[0].Raw) || m.Size != 21000 ||
		fmt.Sprint(m.Own.Names, m.Own.Addrs, m.Own.MX, m.Own.Inferred) != "[*.example.org] [192.0.2.0/24 2001:db8::/32] [mx2.example.org=20] true" {
		t.Errorf("%x %d %v", m.Hash, len(m.Data), m.Own)
	}
}

func TestFailures(t *testing.T) {
	s := storetest.New(t)
	place := mailbox.Place{Path: "/srv/a.zip", Name: "x/1.eml\xff", Offset: 0, Length: 10, Format: mailbox.Single}
	failure := &ingest.Failure{Place: place, Code: "empty", Reason: "It has no header\x00."}
	other := &ingest.Failure{Place: mailbox.Place{Path: "/srv/b", Offset: 7}, Code: "io", Reason: "Input/output error."}
	for range 2 {
		i := begin(t, facts.New(s))
		if _, err := i.Store(t.Context(), &ingest.Batch{Failures: []*ingest.Failure{failure, other, failure}, Progress: ingest.Counts{Read: 3, Failed: 3}}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := facts.New(s).Failures(t.Context(), facts.FailureFilter{})
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if f := list[0]; f.Path != "/srv/a.zip" || f.Name != "x/1.eml\uFFFD" || f.FirstImport != 1 || f.LastImport != 2 || f.Reason != "It has no header\uFFFD." || f.ResolvedImport != 0 {
		t.Errorf("%+v", f)
	}
	// A message that stands there after all resolves it.
	i := begin(t, facts.New(s))
	f := storetest.Facts(1)
	if _, err := i.Store(t.Context(), &ingest.Batch{Messages: []ingest.Facts{f}, Sightings: []ingest.Sighting{{Hash: f.Hash, Place: place}}}); err != nil {
		t.Fatal(err)
	}
	if list, err = facts.New(s).Failures(t.Context(), facts.FailureFilter{}); err != nil || len(list) != 1 || list[0].Path != "/srv/b" {
		t.Errorf("%+v %v", list, err)
	}
	if err := facts.New(s).ResolveFailure(t.Context(), list[0].ID, i.ID); err != nil {
		t.Error(err)
	}
	if err := facts.New(s).ResolveFailure(t.Context(), 4711, i.ID); err == nil {
		t.Error("a failure that there is not was resolved")
	}
	if list, err = facts.New(s).Failures(t.Context(), facts.FailureFilter{Import: 2, Resolved: true, Limit: 1}); err != nil || len(list) != 1 || list[0].ResolvedImport != i.ID {
		t.Errorf("%+v %v", list, err)
	}
	// It fails again.
	i = begin(t, facts.New(s))
	if _, err := i.Store(t.Context(), &ingest.Batch{Failures: []*ingest.Failure{other}}); err != nil {
		t.Fatal(err)
	}
	if list, err = facts.New(s).Failures(t.Context(), facts.FailureFilter{}); err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestSummaries(t *testing.T) {
	s := storetest.New(t)
	y, err := facts.New(s).Summary(t.Context())
	if err != nil || y.Messages != 0 || !y.First.IsZero() || !y.LastImport.IsZero() || y.Schema == 0 {
		t.Errorf("empty: %+v %v", y, err)
	}
	if _, err := importFolder(t.Context(), facts.New(s), "/srv/a.mbox", 120, 50); err != nil {
		t.Fatal(err)
	}
	y, err = facts.New(s).Summary(t.Context())
	if err != nil || y.Messages != 120 || y.Spam != 120 || y.Ham != 0 || y.RawMessages != 120 || y.Places != 120 || y.Sources != 1 || y.Imports != 1 ||
		y.OldExtractor != 0 || !y.First.Equal(storetest.Facts(0).ReceivedAt) || !y.Last.Equal(storetest.Facts(119).ReceivedAt) || y.LastImport.IsZero() || y.DatabaseBytes == 0 {
		t.Errorf("%+v %v", y, err)
	}
	i, err := facts.New(s).ImportSummary(t.Context(), 1, 5)
	if err != nil || i.Counts.Read != 120 || i.Counts.New != 120 || len(i.Top) != 5 || i.Top[0].Messages < i.Top[4].Messages || i.Senders == 0 || i.Hops == 0 ||
		i.LinkHosts == 0 || i.FromDomains == 0 || i.NoDate != 0 || i.DateOff != 0 || i.NoReceived != 0 || len(i.Anomalies) != 2 || i.Anomalies[0] != (facts.Tally{Code: "helo-number", Messages: 120}) {
		t.Errorf("%+v %v", i, err)
	}
	if _, err := facts.New(s).ImportSummary(t.Context(), 99, 5); err == nil {
		t.Error("a run that there is not was summed up")
	}
}

// TestSizesOutOfAllProportion checks that a message is stored although some of
// its values fit no column.
func TestSizesOutOfAllProportion(t *testing.T) {
	s := storetest.New(t)
	f := storetest.Facts(1)
	f.Subject = strings.Repeat("x\x00", 1<<20)
	f.MessageID = strings.Repeat("m", 1<<17)
	f.Links[0].Host, f.Links[0].Domain = strings.Repeat("h.", 5000), strings.Repeat("\xff", 5000)
	f.Contacts[0].Value = strings.Repeat("9", 1<<16)
	f.To = make([]string, 200_000)
	for n := range f.To {
		f.To[n] = "somebody@example.com"
	}
	f.HELO, f.Date = "\xff\x00", time.Date(30000, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Size, f.Links[1].Count, f.Parts[1].Size = -1, -5, -1
	if added, err := begin(t, facts.New(s)).Store(t.Context(), &ingest.Batch{Messages: []ingest.Facts{f}}); added != 1 || err != nil {
		t.Error(added, err)
	}
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM urls_v WHERE sha256 = encode($1, 'hex')", f.Hash[:]); n[0] != "9" {
		t.Errorf("%s links", n[0])
	}
}
