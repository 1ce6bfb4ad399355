package campaigns_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
	"spoor/internal/lab/world"
	"spoor/sql/store"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

// importPart imports messages of a world as one import and returns its number.
func importPart(t *testing.T, s *store.DB, w world.World, messages []world.Message) int64 {
	t.Helper()
	w.Messages = messages
	path := filepath.Join(t.TempDir(), "mail.mbox")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteMbox(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	own, err := received.ParseOwn(w.OwnMX)
	if err != nil {
		t.Fatal(err)
	}
	var sources []*mailbox.Source
	for src, err := range mailbox.Find(t.Context(), []string{path}, nil, mailbox.DefaultLimits) {
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, src)
	}
	o := ingest.Options{Class: ingest.Spam, Own: own, Limits: mailbox.DefaultLimits}
	imp, err := facts.New(s).Begin(t.Context(), facts.Import{Class: o.Class, Own: own, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		t.Fatal(err)
	}
	sum, err := ingest.Run(t.Context(), sources, imp, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := imp.Finish(t.Context(), sum.Counts); err != nil {
		t.Fatal(err)
	}
	return imp.ID
}

// TestAssignedAsARunFinds splits a world in time: the last fifth is assigned to
// the campaigns in which a run over all messages puts it.
func TestAssignedAsARunFinds(t *testing.T) {
	w := world.New(world.Options{Grade: world.Medium, Seed: 3, Messages: 1200})
	s := storetest.New(t)
	cut := len(w.Messages) * 4 / 5
	importPart(t, s, *w, w.Messages[:cut])
	group(t, s)
	a := assign(t, s, importPart(t, s, *w, w.Messages[cut:]))
	if _, err := s.Pool.Exec(t.Context(), "CREATE TABLE assigned AS SELECT message_key, campaign_id FROM memberships WHERE assigned_at IS NOT NULL"); err != nil {
		t.Fatal(err)
	}
	group(t, s)
	var assigned, agreed, known int
	err := s.Pool.QueryRow(t.Context(), `
		SELECT count(a), count(a) FILTER (WHERE a.campaign_id = b.campaign_id), count(b) FILTER (WHERE c.first_run = 1)
		FROM messages m LEFT JOIN memberships b USING (message_key) LEFT JOIN campaigns c USING (campaign_id) LEFT JOIN assigned a USING (message_key)
		WHERE m.import_id = 2`).Scan(&assigned, &agreed, &known)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d new messages, %d of them in campaigns that were known; %d assigned, %d as the run found", a.Messages, known, assigned, agreed)
	// Some found a campaign of the same hands with their next mail: that only a run can see.
	if float64(agreed) < 0.95*float64(assigned) || float64(agreed) < 0.8*float64(known) || known < 50 {
		t.Error("too few")
	}
}
