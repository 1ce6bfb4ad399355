package campaigns_test

import (
	"slices"
	"testing"

	"spoor/ingest"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/messages"
	"spoor/sql/store/storetest"
)

// A Message-ID decides; links and subjects do where they are one campaign's.
func TestBackscatter(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 9)
	k := keysOf(t, s)
	set := func(statement string, args ...any) {
		t.Helper()
		if _, err := s.Pool.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	// 0 to 3 are the campaigns c1 and c2, 4 to 8 reports.
	set("UPDATE messages SET subject_key = 'own ' || (message_key = ANY ($1)), message_id = message_key || '@member.example' WHERE message_key = ANY ($2)", k[:2], k[:4])
	set("DELETE FROM urls")
	for i, domains := range [][]string{{"one.example", "both.example"}, {"one.example"}, {"two.example", "both.example"}} {
		for n, d := range domains {
			set("INSERT INTO urls (message_key, n, count, host, domain, url, found_in) VALUES ($1, $2, 1, $3, $3, 'http://' || $3, 'text')", k[i], n, d)
		}
	}
	set("DELETE FROM reports")
	report := func(n int, id, subject string, domains ...string) {
		set("INSERT INTO reports (message_key, n, form, returned_id, returned_subject, returned_domains) VALUES ($1, 0, 'dsn', $2, $3, $4), ($1, 1, 'dsn', $2, $3, $4)", k[n], id, subject, domains)
	}
	report(4, storetest.Column(t, s, "SELECT message_id FROM messages WHERE message_key = $1", k[2])[0], "own true", "one.example")
	report(5, "nobody@x.example", "own true", "two.example")
	report(6, "nobody@x.example", "own true", "both.example")
	report(7, "nobody@x.example", "", "both.example")
	report(8, "nobody@x.example", "", "one.example", "two.example")
	replace(t, s, k[:2], k[2:4])
	want := []string{"c2 Message-ID", "c2 links", "c1 subject"}
	got := storetest.Column(t, s, "SELECT campaign_id || ' ' || matched_by FROM backscatter_v ORDER BY array_position($1::bigint[], message_key)", k)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	b, err := campaigns.New(s).Backscatter(t.Context(), 2)
	if err != nil || b.Reports != 2 || b.ByID != 1 || b.ByLinks != 1 || b.BySubject != 0 || len(b.Newest) != 2 {
		t.Errorf("%+v, %v", b, err)
	}
	// The report itself names the campaign, as collector show prints it.
	m, err := messages.New(s).Read(t.Context(), k[5])
	if err != nil || m.Campaign != 0 || m.Returned != 2 || m.ReturnedBy != "links" {
		t.Errorf("%+v, %v", m, err)
	}
	replace(t, s, k[:2], k[2:8]) // a report that a campaign has as its member stands beside none
	if got := storetest.Column(t, s, "SELECT matched_by FROM backscatter_v"); len(got) > 0 {
		t.Errorf("members: %q", got)
	}
}
