package campaigns_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// storeMessages stores messages n of class and returns their keys, by n.
func storeMessages(t *testing.T, s *store.DB, class ingest.Class, from, to int) {
	t.Helper()
	b := storetest.Batch("/var/mail/trap", from, to)
	for i := range b.Messages {
		b.Messages[i].Class = class
	}
	imp, err := facts.New(s).Begin(t.Context(), facts.Import{Class: class, StartedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := imp.Store(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// keysOf reads the keys of spam as the correlator sees them, in their order.
func keysOf(t *testing.T, s *store.DB) (spam []int64) {
	t.Helper()
	deriveAll(t, s)
	rows := incidenceOf(t, s)
	for k, r := range rows {
		if !r.Ham {
			spam = append(spam, k)
		}
	}
	slices.Sort(spam)
	return spam
}

// results is a result in which groups are the campaigns, each without an operation.
func results(groups ...[]int64) *campaign.Result {
	r := &campaign.Result{Messages: 20, Parameters: campaign.Parameters{LinkBits: 12.25}}
	for _, g := range groups {
		c := campaign.Campaign{Weakest: 13.5, Operation: -1}
		for _, k := range slices.Sorted(slices.Values(g)) {
			c.Members = append(c.Members, campaign.Member{Key: k, Confidence: 0.875})
		}
		r.Campaigns = append(r.Campaigns, c)
	}
	return r
}

func replace(t *testing.T, s *store.DB, groups ...[]int64) correlation.Changes {
	t.Helper()
	return replaceBy(t, s, results(groups...), evidence.Knowledge{}, time.Now())
}

// replaceBy is a run of the correlator that finds r.
func replaceBy(t testing.TB, s *store.DB, r *campaign.Result, k evidence.Knowledge, now time.Time) correlation.Changes {
	t.Helper()
	out, err := keep(t.Context(), s, r, k, now)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// keep is a run of the correlator that finds r, or fails.
func keep(ctx context.Context, s *store.DB, r *campaign.Result, k evidence.Knowledge, now time.Time) (out correlation.Changes, err error) {
	err = campaigns.New(s).Exclusively(ctx, func(tx correlation.Tx) error {
		var seen []correlation.Seen
		err := tx.Incidence(ctx, func(r campaign.Row) {
			seen = append(seen, correlation.Seen{Message: r.Key, At: r.At, Ham: r.Ham})
		})
		if err == nil {
			out, err = correlation.Keep(ctx, tx, r, k, seen, 0, now, now)
		}
		return err
	})
	return out, err
}

// during calls f while a run of the correlator is under way that changes nothing.
func during(t testing.TB, s *store.DB, f func(correlation.Tx)) {
	t.Helper()
	nothing := errors.New("nothing is to be written")
	err := campaigns.New(s).Exclusively(t.Context(), func(tx correlation.Tx) error { f(tx); return nothing })
	if !errors.Is(err, nothing) {
		t.Fatal(err)
	}
}

// membersOf returns how many messages each campaign has.
func membersOf(t *testing.T, s *store.DB) map[int64]int {
	t.Helper()
	out := map[int64]int{}
	for m, err := range campaigns.New(s).Members(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[m.CampaignID]++
	}
	return out
}

func TestReplaceCarriesIdentity(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 10)
	k := keysOf(t, s)

	if got := replace(t, s, k[0:4], k[4:6], k[6:8]); got.New != 3 || got.Run == 0 {
		t.Errorf("first run: %+v", got)
	}
	if got, want := membersOf(t, s), (map[int64]int{1: 4, 2: 2, 3: 2}); !reflect.DeepEqual(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
	// 2 merges into 1, 3 goes, one is born.
	if got := replace(t, s, k[0:6], k[8:10]); got.New != 1 || got.Merged != 1 || got.Dissolved != 1 {
		t.Errorf("second run: %+v", got)
	}
	if got, want := membersOf(t, s), (map[int64]int{1: 6, 4: 2}); !reflect.DeepEqual(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
	c, ok, err := campaigns.New(s).State(t.Context(), 2)
	if err != nil || !ok || c.MergedInto != 1 || c.MergedAt.IsZero() || c.Members != 0 {
		t.Errorf("campaign 2 is %+v, %v, %v", c, ok, err)
	}
	if c, ok, _ := campaigns.New(s).State(t.Context(), 3); !ok || c.MergedInto != 0 || c.Members != 0 {
		t.Errorf("campaign 3 is %+v, %v", c, ok)
	}
	if _, ok, _ := campaigns.New(s).State(t.Context(), 77); ok {
		t.Error("there is a campaign 77")
	}
	list, err := campaigns.New(s).List(t.Context(), 0, 1, 1)
	if err != nil || len(list) != 1 || list[0].ID != 1 || list[0].Messages != 6 || list[0].FirstSeen.IsZero() {
		t.Errorf("list %+v, %v", list, err)
	}
	last, err := campaigns.New(s).LastRun(t.Context())
	if err != nil || last.Run == 0 || last.Members != 8 || last.Stored != 10 || last.LinkBits != 12.25 {
		t.Errorf("last run %+v, %v", last, err)
	}
}

func TestUnfinishedRunChangesNothing(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	storeMessages(t, s, ingest.Spam, 0, 6)
	k := keysOf(t, s)
	replace(t, s, k[0:4])
	want := membersOf(t, s)

	err := campaigns.New(s).Exclusively(t.Context(), func(tx correlation.Tx) error {
		kill(t, url)
		_, err := correlation.Keep(t.Context(), tx, results(k), evidence.Knowledge{}, nil, 0, time.Now(), time.Now())
		return err
	})
	if err == nil {
		t.Fatal("a run whose connection was cut says that it is done")
	}
	if got := membersOf(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("members %v, want those of the last complete run %v", got, want)
	}
}

// kill cuts the connections that are in a transaction.
func kill(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND state = 'idle in transaction'`); err != nil {
		t.Fatal(err)
	}
}

// TestRunsWaitForEachOther: a second run begins when the first has ended, and not before.
func TestRunsWaitForEachOther(t *testing.T) {
	s := storetest.New(t)
	second := make(chan error, 1)
	var ended atomic.Bool
	during(t, s, func(correlation.Tx) {
		go func() {
			second <- campaigns.New(s).Exclusively(t.Context(), func(correlation.Tx) error {
				if !ended.Load() {
					return errors.New("two runs are under way at once")
				}
				return nil
			})
		}()
		waiting := "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
		for storetest.Column(t, s, waiting)[0] != "1" {
			if len(second) > 0 {
				t.Fatal("the second run did not wait: ", <-second)
			}
		}
		ended.Store(true)
	})
	if err := <-second; err != nil {
		t.Error(err)
	}
}

func TestCampaignViews(t *testing.T) {
	url := storetest.URL(t)
	s := storetest.Open(t, url)
	storeMessages(t, s, ingest.Spam, 0, 4)
	k := keysOf(t, s)
	replace(t, s, k[0:3])
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())

	var rows, good int
	err = conn.QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE campaign_id = 'c1' AND message_id LIKE '%@%'
		AND message_id NOT LIKE '<%' AND sha256 ~ '^[0-9a-f]{64}$' AND spamrun_id IS NULL AND confidence = real '0.88' AND operation_id IS NULL) FROM campaign_members`).Scan(&rows, &good)
	if err != nil || rows != 3 || good != 3 {
		t.Errorf("campaign_members: %d rows, %d as they should be, %v", rows, good, err)
	}
	var id, domains string
	var messages int
	err = conn.QueryRow(t.Context(), "SELECT campaign_id, messages, top_link_domains FROM campaigns_v").Scan(&id, &messages, &domains)
	if err != nil || id != "c1" || messages != 3 || domains == "" {
		t.Errorf("campaigns_v: %s %d %q, %v", id, messages, domains, err)
	}
	var bare []string
	err = conn.QueryRow(t.Context(), `SELECT coalesce(array_agg(c.relname || '.' || a.attname), '{}')
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relname IN ('campaign_members', 'campaigns_v', 'campaigns', 'campaign_traits', 'correlations', 'memberships')
		AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)`).Scan(&bare)
	if err != nil || len(bare) > 0 {
		t.Errorf("without a comment: %v, %v", bare, err)
	}
}

func TestFind(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 3)
	f := storetest.Facts(1)
	for _, i := range []campaigns.Indicator{
		{Kind: "host", Value: f.Links[0].Host, Domain: f.Links[0].Domain},
		{Kind: "host", Value: f.Links[0].Domain, Domain: f.Links[0].Domain},
		{Kind: "url", Value: f.Links[0].URL},
		{Kind: "mail", Value: f.From.Address},
		{Kind: "message-id", Value: f.MessageID},
		{Kind: "hash", Value: fmt.Sprintf("%x", f.Hash)},
	} {
		hits, err := campaigns.New(s).Find(t.Context(), i, campaigns.Bounds{Rows: 10})
		if err != nil || len(hits) == 0 || hits[0].AllSpam != 1 {
			t.Errorf("%s %s: %+v, %v", i.Kind, i.Value, hits, err)
		}
		i.Value = "absent" + i.Value
		if i.Kind == "hash" {
			i.Value = fmt.Sprintf("%064x", 1)
		}
		if hits, err := campaigns.New(s).Find(t.Context(), i, campaigns.Bounds{Rows: 10}); err != nil || len(hits) != 0 {
			t.Errorf("%s %s: %+v, %v", i.Kind, i.Value, hits, err)
		}
	}
}

// A network of more messages than a page reads is searched up to an address,
// and the answer says so.
func TestFindInALargeNetwork(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 5)
	if err := storetest.Exec(s, `UPDATE messages m SET sender = '198.51.100.0'::inet + x.n
		FROM (SELECT message_key, row_number() OVER (ORDER BY message_key) AS n FROM messages) AS x WHERE m.message_key = x.message_key`,
		"DELETE FROM hops", "INSERT INTO hops (message_key, n, trusted, authenticated, address, raw) SELECT message_key, 0, true, false, sender, '' FROM messages",
		// A hop from the network that no sender is at.
		"INSERT INTO hops (message_key, n, trusted, authenticated, address, raw) SELECT message_key, 1, false, false, '198.51.100.0', '' FROM messages WHERE sender = '198.51.100.5'"); err != nil {
		t.Fatal(err)
	}
	i := campaigns.Indicator{Kind: "net", Value: "198.51.100.0/24", Net: netip.MustParsePrefix("198.51.100.0/24")}
	for _, c := range []struct {
		most             campaigns.Bounds
		spam, network    int64
		last             string
		roles, shown     int64
		values, allPlace int64
	}{
		{campaigns.Bounds{Rows: 10}, 5, 0, "", 2, 6, 5, 6},
		{campaigns.Bounds{Rows: 10, Values: 2}, 5, 0, "", 2, 3, 5, 6},
		{campaigns.Bounds{Rows: 10, Messages: 2}, 3, 5, "198.51.100.2", 2, 3, 2, 3},
	} {
		hits, err := campaigns.New(s).Find(t.Context(), i, c.most)
		if err != nil || int64(len(hits)) != c.shown {
			t.Fatalf("%+v: %+v, %v", c.most, hits, err)
		}
		h := hits[0]
		if h.AllSpam != c.spam || h.InNetwork != c.network || h.LastSender != c.last || h.AllRoles != c.roles || h.Values != c.values || h.AllHits != c.allPlace || h.RoleSpam != c.values {
			t.Errorf("%+v: %+v", c.most, h)
		}
	}
}
