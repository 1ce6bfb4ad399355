package campaigns_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

func deriveAll(t testing.TB, s *store.DB) int64 {
	t.Helper()
	n, err := correlation.Derive(t.Context(), campaigns.New(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// incidenceOf reads the evidence of all messages as a run of the correlator does.
func incidenceOf(t testing.TB, s *store.DB) map[int64]campaign.Row {
	t.Helper()
	rows := map[int64]campaign.Row{}
	during(t, s, func(tx correlation.Tx) {
		err := tx.Incidence(t.Context(), func(r campaign.Row) {
			r.Features, r.Sketch = slices.Clone(r.Features), slices.Clone(r.Sketch)
			rows[r.Key] = r
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return rows
}

func allKeys(t testing.TB, s *store.DB) (keys []int64) {
	t.Helper()
	for _, k := range storetest.Column(t, s, "SELECT message_key::text FROM messages ORDER BY message_key") {
		var n int64
		if _, err := fmt.Sscan(k, &n); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, n)
	}
	return keys
}

func TestEvidenceIsWhatTheFactsSay(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 30)
	storeMessages(t, s, ingest.Ham, 30, 32)
	if n := deriveAll(t, s); n != 32 {
		t.Errorf("evidence of %d messages was derived, want 32", n)
	}
	if n := deriveAll(t, s); n != 0 {
		t.Errorf("evidence of %d messages was derived again", n)
	}
	rows := incidenceOf(t, s)
	messages, err := campaigns.New(s).Evidence(t.Context(), allKeys(t, s))
	if err != nil || len(messages) != 32 || len(rows) != 32 {
		t.Fatalf("%d messages, %d rows, %v", len(messages), len(rows), err)
	}
	ham := 0
	for i := range messages {
		m := &messages[i]
		r := rows[m.Key]
		want := campaign.Row{Key: m.Key, At: m.ReceivedAt.Unix(), Sender: m.Sender, Ham: m.Ham, Newsletter: evidence.Newsletter(m),
			Features: evidence.Keys(evidence.Of(m)), Sketch: m.Sketch}
		if !reflect.DeepEqual(r, want) {
			t.Errorf("stored\n%+v\nderived\n%+v", r, want)
		}
		if !m.Sender.IsValid() {
			t.Error("a message without a sender shows nothing of it")
		}
		if m.Ham {
			ham++
		}
	}
	if ham != 2 {
		t.Errorf("%d wanted messages", ham)
	}
}

// TestFactsForEvidence checks that every field of the extractor arrives.
func TestFactsForEvidence(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 1)
	messages, err := campaigns.New(s).Evidence(t.Context(), append(allKeys(t, s), 12345))
	if err != nil || len(messages) != 1 {
		t.Fatal(messages, err)
	}
	m, f := messages[0], storetest.Facts(0)
	if m.Text != f.TextHash || m.Subject != f.Subject || m.SubjectKey != f.SubjectKey || m.From != f.From.Address ||
		m.FromName != f.From.Name || m.ReturnPath != f.ReturnPath || m.MessageID != f.MessageID || m.MessageIDForm != f.MessageIDForm ||
		m.BoundaryForm != f.BoundaryForm || m.MIMESkeleton != f.MIMESkeleton || m.HeaderNames != f.HeaderNames || m.Mailer != f.Mailer ||
		m.Sender != f.SenderAddr || m.HELO != f.HELO || m.ReverseName != f.ReverseName || m.AcceptedBy != f.AcceptedBy || m.MXPriority != f.MXPriority ||
		!m.ReceivedAt.Equal(f.ReceivedAt) || m.ListID != f.ListID || !slices.Equal(m.ReplyTo, f.ReplyTo) {
		t.Errorf("read\n%+v\nof\n%+v", m, f)
	}
	if len(m.Links) != len(f.Links) || m.Links[0].Host != f.Links[0].Host || m.Links[0].Domain != f.Links[0].Domain || m.Links[0].Found != f.Links[0].Where {
		t.Errorf("links\n%+v\nof\n%+v", m.Links, f.Links)
	}
	if !slices.Equal(m.Readers, append(slices.Clone(f.To), f.Recipients...)) {
		t.Errorf("readers %q", m.Readers)
	}
	claims := 0
	for n := range f.Hops {
		if n > f.Boundary {
			claims++
		}
	}
	if len(m.Claims) != claims || len(m.Anomalies) != len(f.Anomalies) {
		t.Errorf("%d claims and %d anomalies, want %d and %d", len(m.Claims), len(m.Anomalies), claims, len(f.Anomalies))
	}
}

func TestEvidenceFollowsFacts(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 10)
	deriveAll(t, s)
	f := storetest.Facts(3)
	f.Subject, f.SubjectKey = "Another subject altogether", "another subject altogether"
	if err := facts.New(s).Replace(t.Context(), []ingest.Facts{f}); err != nil {
		t.Fatal(err)
	}
	if n := deriveAll(t, s); n != 1 {
		t.Errorf("evidence of %d messages was derived anew, want 1", n)
	}
	rows := incidenceOf(t, s)
	want := evidence.Feature{Kind: evidence.SubjectKey, Value: f.SubjectKey}.Key()
	found := 0
	for _, r := range rows {
		if slices.Contains(r.Features, want) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d messages have the new subject", found)
	}
	if err := storetest.Exec(s, "UPDATE incidence SET version = version - 1 WHERE message_key IN (SELECT message_key FROM incidence ORDER BY 1 LIMIT 4)"); err != nil {
		t.Fatal(err)
	}
	if n := deriveAll(t, s); n != 4 {
		t.Errorf("evidence of %d messages by older rules was derived anew, want 4", n)
	}
}
