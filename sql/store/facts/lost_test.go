package facts_test

import (
	"math"
	"testing"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// countsOf returns the counts that show whether all facts are there.
func countsOf(t *testing.T, db *store.DB) string {
	t.Helper()
	return storetest.Column(t, db, `SELECT concat((SELECT count(*) FROM messages), ' ', (SELECT count(*) FROM hops), ' ', (SELECT count(*) FROM urls), ' ',
		(SELECT count(*) FROM parts), ' ', (SELECT count(*) FROM raw), ' ', (SELECT count(*) FROM places), ' ', (SELECT count(*) FROM incidence))`)[0]
}

func beginAs(t *testing.T, s *facts.Store, run facts.Import) *facts.Writer {
	t.Helper()
	w, err := s.Begin(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestLostFactsComeBack deletes rows of messages and leaves the rows that refer
// to them.
func TestLostFactsComeBack(t *testing.T) {
	for name, heal := range map[string]func(t *testing.T, s *facts.Store){
		"import": func(t *testing.T, s *facts.Store) {
			run := beginAs(t, s, facts.Import{})
			if _, err := run.Store(t.Context(), storetest.Batch("spam.mbox", 0, 6)); err != nil {
				t.Fatal(err)
			}
		},
		"recover": func(t *testing.T, s *facts.Store) {
			raws, err := s.RawMessages(t.Context(), math.MinInt64, ingest.ExtractorVersion, 100)
			if err != nil || len(raws) != 4 {
				t.Fatalf("%d kept messages without facts, %v; want 4", len(raws), err)
			}
			var lost []facts.Lost
			for _, r := range raws {
				if !r.Lost || r.Import == 0 || r.Class != ingest.Ham {
					t.Errorf("lost %v, import %d, class %s", r.Lost, r.Import, r.Class)
				}
				for n := range 6 {
					if f := storetest.Facts(n); facts.Key(f.Hash) == r.Key {
						f.Class = r.Class
						lost = append(lost, facts.Lost{Facts: f, Key: r.Key, Import: r.Import})
					}
				}
			}
			for range 2 { // the second finds them there
				if err := s.Recover(t.Context(), lost); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t)
			s := facts.New(db)
			run := beginAs(t, s, facts.Import{Class: ingest.Ham})
			if _, err := run.Store(t.Context(), storetest.Batch("spam.mbox", 0, 6)); err != nil {
				t.Fatal(err)
			}
			want := countsOf(t, db)
			if err := storetest.Exec(db, "DELETE FROM messages WHERE message_key IN (SELECT message_key FROM messages ORDER BY 1 LIMIT 4)",
				"DELETE FROM urls WHERE message_key IN (SELECT message_key FROM raw ORDER BY 1 LIMIT 2)",
				"INSERT INTO incidence (message_key, version, ham, newsletter, features) SELECT message_key, 1, false, false, '{}' FROM raw ORDER BY 1 LIMIT 4"); err != nil {
				t.Fatal(err)
			}
			heal(t, s)
			if got := countsOf(t, db); got != want {
				t.Errorf("messages, hops, urls, parts, raw, places, incidence: %s, want %s", got, want)
			}
		})
	}
}

// TestFailuresByTheThousand checks that a list names its first entries and sums
// up the rest.
func TestFailuresByTheThousand(t *testing.T) {
	db := storetest.New(t)
	s := facts.New(db)
	failing := func(from, to int) *ingest.Batch {
		b := &ingest.Batch{}
		for n := from; n < to; n++ {
			b.Failures = append(b.Failures, &ingest.Failure{Place: mailbox.Place{Path: "x.zip", Name: string(rune('a'+n/1000)) + string(rune('a'+n/26%26)) + string(rune('a'+n%26)), Offset: int64(n)}, Code: "not-mail", Reason: "is no mail"})
		}
		return b
	}
	var ids []int64
	for range 2 {
		run := beginAs(t, s, facts.Import{})
		for _, b := range []*ingest.Batch{failing(0, 60), failing(60, 3000), failing(3000, 3002)} {
			if _, err := run.Store(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		b := &ingest.Batch{Failures: []*ingest.Failure{{Place: mailbox.Place{Path: "x.zip", Name: "z"}, Code: "encrypted", Reason: "x"}}}
		if _, err := run.Store(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.ID)
	}
	got := storetest.Column(t, db, "SELECT concat(count(*), ' ', sum(items), ' ', max(items)) FROM failures_v")
	if got[0] != "102 3003 2902" {
		t.Errorf("rows, items, largest: %s; want 102 3003 2902", got[0])
	}
	sum, err := s.ImportSummary(t.Context(), ids[1], 5)
	if err != nil || len(sum.Failures) != 2 || sum.Failures[0] != (facts.Tally{Code: "not-mail", Messages: 3002}) {
		t.Errorf("the import's sum: %+v, %v", sum.Failures, err)
	}
	whole, err := s.Summary(t.Context())
	if err != nil || whole.Failures != 3003 {
		t.Errorf("the store's sum: %d, %v", whole.Failures, err)
	}
}
