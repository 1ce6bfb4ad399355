package campaigns_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/storetest"
)

// correlateChildURL makes this test binary a correlator of the database that it names,
// which runs without end, to be killed.
const correlateChildURL = "SPOOR_TEST_CORRELATE_CHILD"

// correlateAsChild groups the messages now so, now otherwise.
func correlateAsChild(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Program: "child"})
	if err != nil {
		return err
	}
	defer s.Close()
	for n := 0; ; n++ {
		if _, err := correlation.Derive(ctx, campaigns.New(s), nil); err != nil {
			return err
		}
		var keys []int64
		if err := campaigns.New(s).Incidence(ctx, func(r campaign.Row) { keys = append(keys, r.Key) }); err != nil {
			return err
		}
		slices.Sort(keys)
		groups := slices.Collect(slices.Chunk(keys[n%3:], 5+n%4))
		if _, err := keep(ctx, s, results(groups[:len(groups)-1]...), evidence.Knowledge{}, time.Now()); err != nil {
			return err
		}
	}
}

// TestKilledCorrelations kills correlators at any moment; the last complete run
// remains with all its rows.
func TestKilledCorrelations(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	storeMessages(t, s, ingest.Spam, 0, 300)
	runs := map[string]bool{}
	for round := range 10 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), correlateChildURL+"="+url)
		var said strings.Builder
		child.Stderr = &said
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if round%2 == 0 { // in the midst of the run after a complete one
			awaitRun(s, runs)
		}
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		child.Process.Kill()
		child.Wait()
		if said.Len() > 0 {
			t.Fatal(said.String())
		}
		// The server may take a moment to see that the child is gone.
		during(t, s, func(correlation.Tx) {})
		assertWhole(t, s, round)
		runs[storetest.Column(t, s, "SELECT coalesce(max(run_id), 0)::text FROM correlations")[0]] = true
	}
	if len(runs) < 2 {
		t.Errorf("no run was ever complete: %v", runs)
	}
	t.Logf("last complete runs: %v", runs)
}

// awaitRun waits for a complete run that is not among those seen, a busy machine's minute at
// most.
func awaitRun(s *store.DB, seen map[string]bool) {
	for range 2000 {
		var last string
		err := s.Pool.QueryRow(context.Background(), "SELECT coalesce(max(run_id), 0)::text FROM correlations").Scan(&last)
		if err == nil && last != "0" && !seen[last] {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// assertWhole checks that all tables are of one run, the last.
func assertWhole(t *testing.T, s *store.DB, round int) {
	t.Helper()
	for what, query := range map[string]string{
		"campaigns with another number of members": `
			SELECT c.campaign_id::text FROM campaigns c
			LEFT JOIN (SELECT campaign_id, count(*) AS n FROM memberships GROUP BY 1) b USING (campaign_id)
			WHERE c.members <> coalesce(b.n, 0)`,
		"memberships without a campaign": `
			SELECT b.message_key::text FROM memberships b LEFT JOIN campaigns c USING (campaign_id) WHERE b.campaign_id IS NOT NULL AND c.campaign_id IS NULL`,
		"campaigns of another run": `
			SELECT campaign_id::text FROM campaigns WHERE members > 0 AND last_run <> (SELECT max(run_id) FROM correlations)`,
		"a run with another number of members": `
			SELECT run_id::text FROM correlations WHERE run_id = (SELECT max(run_id) FROM correlations)
			AND members <> (SELECT count(*) FROM memberships WHERE campaign_id IS NOT NULL)`,
		"messages with half of their evidence": `
			SELECT message_key::text FROM incidence WHERE cardinality(features) < 5`,
	} {
		if bad := storetest.Column(t, s, query); len(bad) > 0 {
			t.Errorf("round %d: %s: %v", round, what, bad)
		}
	}
}

func lineage(t *testing.T, s *store.DB) []string {
	t.Helper()
	return storetest.Column(t, s, `SELECT format('%s %s %s %s', campaign_id, event, coalesce(other_id, '-'), messages) FROM lineage_v
		WHERE run_id = (SELECT max(run_id) FROM correlations) ORDER BY campaign_id, n`)
}

func TestLineage(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 20)
	k := keysOf(t, s)
	for _, step := range []struct {
		name   string
		groups [][]int64
		want   []string
	}{
		{"first", [][]int64{k[0:6], k[6:8], k[8:10]}, []string{"c1 born - 6", "c2 born - 2", "c3 born - 2"}},
		{"nothing new", [][]int64{k[0:6], k[6:8], k[8:10]}, nil},
		{"grew, and one is no more", [][]int64{k[0:6], append(slices.Clone(k[6:8]), k[10])}, []string{"c2 grew - 1", "c3 dissolved - 2"}},
		{"merged", [][]int64{append(slices.Clone(k[0:8]), k[10])}, []string{"c1 merged c2 3"}},
		{"split", [][]int64{k[0:5], {k[6], k[7], k[10]}}, []string{"c1 shrank - 4", "c4 split c1 3"}},
	} {
		replace(t, s, step.groups...)
		if got := lineage(t, s); !slices.Equal(got, step.want) {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

func TestSleep(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 6)
	k := keysOf(t, s)
	at := func(day int, keys ...int64) {
		t.Helper()
		for _, key := range keys {
			if _, err := s.Pool.Exec(t.Context(), "UPDATE incidence SET at = timestamptz '2006-01-01' + $1 * interval '1 day' WHERE message_key = $2", day, key); err != nil {
				t.Fatal(err)
			}
		}
	}
	now := time.Date(2006, 6, 1, 0, 0, 0, 0, time.UTC)
	run := func(groups ...[]int64) []string {
		replaceBy(t, s, results(groups...), evidence.Knowledge{}, now)
		return lineage(t, s)
	}
	at(0, k[0], k[1], k[2])
	at(5, k[3], k[4])
	at(20_000, k[5]) // a clock that runs ahead
	if got := run(k[0:3], k[3:5]); !slices.Equal(got, []string{"c1 born - 3", "c2 born - 2"}) {
		t.Errorf("first: %q", got)
	}
	at(30, k[4])
	if got := run(k[0:3], k[3:5]); !slices.Equal(got, []string{"c1 slept - 3"}) {
		t.Errorf("30 days later: %q", got)
	}
	if got := run(k[0:3], k[3:5]); len(got) > 0 {
		t.Errorf("and again: %q", got)
	}
	at(31, k[2])
	if got := run(k[0:3], k[3:5]); !slices.Equal(got, []string{"c1 woke - 3"}) {
		t.Errorf("new mail: %q", got)
	}
}

func TestOperationsAndTraits(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 9)
	k := keysOf(t, s)
	facts, err := campaigns.New(s).Evidence(t.Context(), k[:1])
	if err != nil {
		t.Fatal(err)
	}
	known := evidence.Knowledge{Domains: []evidence.Domain{{Name: "shop.example", RegistrantEmail: "boss@owner.example", Registrar: "cheap"}}}
	subject := evidence.Feature{Kind: evidence.SubjectKey, Value: ""}
	for _, f := range evidence.Of(&facts[0]) {
		if f.Kind == evidence.SubjectKey {
			subject = f
		}
	}
	traits := []campaign.Trait{
		{Feature: subject.Key(), Example: k[0], Members: 3, Bits: 8.25},
		{Feature: evidence.Feature{Kind: evidence.RegistrantEmail, Value: "boss@owner.example"}.Key(), Example: k[0], Via: "shop.example", Members: 3, Bits: 9},
		{Feature: evidence.Feature{Kind: evidence.Phone, Value: "in no message"}.Key(), Example: k[0], Members: 2, Bits: 3},
	}
	r := results(k[0:3], k[3:6], k[6:8])
	r.Campaigns[0].Traits = traits
	r.Campaigns[0].Operation, r.Campaigns[1].Operation = 0, 0
	r.Operations = []campaign.Operation{{Campaigns: []int{0, 1}, Weakest: 6.5, Traits: traits[1:2]}}
	r.SetAside = []campaign.Trait{{Feature: subject.Key(), Example: k[0], Elsewhere: 9}}
	for n := range 2 { // the second run takes the values from the first
		replaceBy(t, s, r, known, time.Now())
		got := storetest.Column(t, s, "SELECT format('%s|%s|%s', kind, coalesce(value, '-'), bits) FROM campaign_traits ORDER BY n")
		want := []string{"subject|" + subject.Value + "|8.25", "registrant e-mail|boss@owner.example|9", "phone|-|3"}
		if !slices.Equal(got, want) {
			t.Errorf("run %d: traits %q, want %q", n, got, want)
		}
		got = storetest.Column(t, s, "SELECT format('%s %s %s %s %s %s', operation_id, campaigns, messages, senders, weakest_bits, top_traits) FROM operations_v")
		if !slices.Equal(got, []string{"o1 2 6 6 6.5 registrant e-mail boss@owner.example"}) {
			t.Errorf("run %d: operations %q", n, got)
		}
		got = storetest.Column(t, s, "SELECT format('%s %s', campaign_id, operation_id) FROM campaigns_v ORDER BY 1")
		if !slices.Equal(got, []string{"c1 o1", "c2 o1", "c3 "}) {
			t.Errorf("run %d: campaigns %q", n, got)
		}
	}
	last, err := campaigns.New(s).LastRun(t.Context())
	if err != nil || len(last.SetAside) != 1 || last.SetAside[0].Value != subject.Value {
		t.Errorf("set aside %+v, %v", last.SetAside, err)
	}
	// An operation that is no more keeps its number.
	r = results(k[0:3], k[3:6])
	replaceBy(t, s, r, known, time.Now())
	if got := storetest.Column(t, s, "SELECT format('%s %s', operation_id, campaigns) FROM operations"); !slices.Equal(got, []string{"1 0"}) {
		t.Errorf("operations %q", got)
	}
	if got := storetest.Column(t, s, "SELECT campaign_id FROM operations_v, campaigns_v WHERE campaigns_v.operation_id IS NOT NULL"); len(got) > 0 {
		t.Errorf("still in an operation: %q", got)
	}
}

// TestMembershipsAreWrittenEitherWay: few changes are written one by one, many by writing
// all anew.
func TestMembershipsAreWrittenEitherWay(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 40)
	k := keysOf(t, s)
	for n, groups := range [][][]int64{
		{k[0:10], k[10:30]},
		{k[0:10], k[10:30]},
		{k[0:11], k[11:32]},                  // one moved, two new
		{k[0:11], k[11:29]},                  // three gone
		{k[29:40], k[0:29]},                  // all moved, eleven new
		{append(k[35:40:40], k[0:35:35]...)}, // all in one
	} {
		replace(t, s, groups...)
		got := map[string][]int64{}
		for _, line := range storetest.Column(t, s, "SELECT campaign_id || ' ' || message_key || ' ' || confidence FROM memberships WHERE campaign_id IS NOT NULL ORDER BY message_key") {
			var id string
			var key int64
			var sure float64
			if _, err := fmt.Sscan(line, &id, &key, &sure); err != nil || sure != 0.88 {
				t.Fatal(line, err)
			}
			got[id] = append(got[id], key)
		}
		if len(got) != len(groups) {
			t.Errorf("step %d: %d campaigns, want %d", n, len(got), len(groups))
		}
		for _, g := range groups {
			g = slices.Sorted(slices.Values(g))
			found := false
			for _, list := range got {
				found = found || slices.Equal(list, g)
			}
			if !found {
				t.Errorf("step %d: no campaign has just %d", n, g)
			}
		}
	}
}
