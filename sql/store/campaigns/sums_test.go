package campaigns_test

import (
	"slices"
	"strings"
	"testing"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/forget"
	"spoor/sql/store/storetest"
)

// sumsTold and sumsCounted are the sums of all campaigns, as written and as counted now.
const (
	sumsTold = `SELECT format('%s %s %s %s %s %s %s %s %s', campaign_id, messages, in_runs, senders, first_seen, last_seen, top_subject, top_messages, subjects) FROM campaign_sums
		UNION ALL SELECT format('%s %s %s %s %s %s', campaign_id, domain, shared, messages, first_seen, last_seen) FROM campaign_domains ORDER BY 1`
	sumsCounted = `SELECT format('%s %s %s %s %s %s %s %s %s', campaign_id, count(*), count(spamrun_id), count(DISTINCT sender), min(m.received_at), max(m.received_at), mode() WITHIN GROUP (ORDER BY subject),
			       count(*) FILTER (WHERE subject = (SELECT top_subject FROM campaign_sums c WHERE c.campaign_id = b.campaign_id)), count(DISTINCT subject))
		  FROM memberships b JOIN messages m USING (message_key) WHERE campaign_id IS NOT NULL GROUP BY campaign_id
		UNION ALL SELECT format('%s %s %s %s %s %s', campaign_id, coalesce(domain, host), max(shared), count(DISTINCT message_key), min(m.received_at), max(m.received_at))
		  FROM memberships JOIN messages m USING (message_key) JOIN urls USING (message_key)
		 WHERE campaign_id IS NOT NULL AND coalesce(domain, host) IS NOT NULL GROUP BY campaign_id, coalesce(domain, host) ORDER BY 1`
)

func assertSums(t *testing.T, s *store.DB, when string) {
	t.Helper()
	told, counted := storetest.Column(t, s, sumsTold), storetest.Column(t, s, sumsCounted)
	if !slices.Equal(told, counted) {
		t.Errorf("%s: sums\n  %s\ncounted\n  %s", when, strings.Join(told, "\n  "), strings.Join(counted, "\n  "))
	}
}

// TestSumsFollow changes campaigns in every way that there is: the sums are those of the
// members that are there afterwards.
func TestSumsFollow(t *testing.T) {
	s := storetest.New(t)
	home := shopStore(t, s)
	assertSums(t, s, "after a run")

	assign(t, s, importBatch(t, s, ingest.Spam, shop(1012, 1020)))
	const assigned = "SELECT format('%s %s %s', messages, last_seen, (SELECT messages FROM campaign_domains WHERE campaign_id = $1 AND domain = 'shop.example')) FROM campaign_sums WHERE campaign_id = $1"
	if got := storetest.Column(t, s, assigned, home); !slices.Equal(got, []string{"20 2006-01-09 04:59:00+00 20"}) {
		t.Errorf("after an import: %q", got)
	}
	group(t, s)
	assertSums(t, s, "after the next run")

	var member int64
	if err := s.Pool.QueryRow(t.Context(), "SELECT min(message_key) FROM memberships WHERE campaign_id = $1", home).Scan(&member); err != nil {
		t.Fatal(err)
	}
	if n, err := facts.New(s).Reclassify(t.Context(), []int64{member}, true); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	assertSums(t, s, "a member is wanted mail")

	b := shop(1000, 1020)
	for i := range b.Messages {
		b.Messages[i].Subject, b.Messages[i].Links = "Derived anew", nil
	}
	if err := facts.New(s).Replace(t.Context(), b.Messages); err != nil {
		t.Fatal(err)
	}
	group(t, s)
	assertSums(t, s, "after a run over facts that were derived anew")
	if got := storetest.Column(t, s, "SELECT top_subject FROM campaign_sums"); !slices.Contains(got, "Derived anew") {
		t.Errorf("subjects %q", got)
	}

	if _, err := forget.Forget(t.Context(), s, forget.Choice{Campaign: home}, false); err != nil {
		t.Fatal(err)
	}
	assertSums(t, s, "its messages are forgotten")
	if left := storetest.Column(t, s, "SELECT campaign_id::text FROM campaign_sums WHERE campaign_id = $1", home); len(left) > 0 {
		t.Error("a campaign that is forgotten has sums")
	}
}

// TestStoredValues holds the values that are stored of large campaigns to those that are counted of small ones.
func TestStoredValues(t *testing.T) {
	s := storetest.New(t)
	home := shopStore(t, s)
	const shown = "SELECT format('%s %s %s %s %s %s', kind, value, details, messages, first_seen, last_seen) FROM campaign_values_v WHERE number = $1 ORDER BY 1"
	counted := storetest.Column(t, s, shown, home)
	for _, kind := range []string{"sender ", "subject ", "day ", "host "} {
		if !slices.ContainsFunc(counted, func(line string) bool { return strings.HasPrefix(line, kind) }) {
			t.Errorf("no %sin\n  %s", kind, strings.Join(counted, "\n  "))
		}
	}
	if _, err := s.Pool.Exec(t.Context(), sql.Query("sums_values"), []int64{home}, 1); err != nil {
		t.Fatal(err)
	}
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM campaign_values WHERE campaign_id = $1", home)[0]; n == "0" {
		t.Fatal("nothing was stored")
	}
	if stored := storetest.Column(t, s, shown, home); !slices.Equal(stored, counted) {
		t.Errorf("stored\n  %s\ncounted\n  %s", strings.Join(stored, "\n  "), strings.Join(counted, "\n  "))
	}
}
