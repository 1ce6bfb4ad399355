package campaigns_test

import (
	"fmt"
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
// the campaigns in which a run over all messages puts it. A run with more mail may part or
// join campaigns, which nobody can foresee by one message, so campaigns that it left whole
// are counted by themselves.
func TestAssignedAsARunFinds(t *testing.T) {
	var all, whole agreement
	for seed := range uint64(2) {
		a, b := assignedAsARun(t, seed+3)
		all.add(a)
		whole.add(b)
	}
	t.Logf("all: %v; campaigns that the run left whole: %v", all, whole)
	if all.agreed < 95*all.assigned/100 || all.agreed < 80*all.known/100 || all.known < 100 {
		t.Errorf("too few: %v", all)
	}
	if whole.agreed < 97*whole.assigned/100 || whole.agreed < 80*whole.known/100 || whole.known < 90 {
		t.Errorf("too few in campaigns that the run left whole: %v", whole)
	}
}

// agreement counts new messages: those that a run puts into campaigns that were known, those
// assigned, and those assigned as the run has them.
type agreement struct{ known, assigned, agreed int }

func (a *agreement) add(b agreement) {
	a.known, a.assigned, a.agreed = a.known+b.known, a.assigned+b.assigned, a.agreed+b.agreed
}

func (a agreement) String() string {
	return fmt.Sprintf("%d in known campaigns, %d assigned, %d of these (%.1f %%) as the run found", a.known, a.assigned, a.agreed, 100*float64(a.agreed)/float64(max(a.assigned, 1)))
}

func assignedAsARun(t *testing.T, seed uint64) (all, whole agreement) {
	t.Helper()
	w := world.New(world.Options{Grade: world.Medium, Seed: seed, Messages: 1200})
	s := storetest.New(t)
	cut := len(w.Messages) * 4 / 5
	importPart(t, s, *w, w.Messages[:cut])
	group(t, s)
	err := storetest.Exec(s, "CREATE TABLE before AS SELECT message_key, campaign_id FROM memberships WHERE campaign_id IS NOT NULL")
	if err != nil {
		t.Fatal(err)
	}
	assign(t, s, importPart(t, s, *w, w.Messages[cut:]))
	err = storetest.Exec(s, "CREATE TABLE assigned AS SELECT message_key, campaign_id FROM memberships WHERE assigned_at IS NOT NULL")
	if err != nil {
		t.Fatal(err)
	}
	group(t, s)
	// A campaign is whole if it has exactly its members among the messages of the run before.
	err = storetest.Exec(s, `CREATE TABLE whole AS
		WITH old AS (
			SELECT b.campaign_id AS was, n.campaign_id AS now FROM before b
			FULL JOIN (SELECT message_key, campaign_id FROM memberships JOIN messages USING (message_key) WHERE import_id = 1 AND campaign_id IS NOT NULL) n USING (message_key))
		SELECT id AS campaign_id FROM old CROSS JOIN LATERAL (VALUES (was), (now)) AS c (id)
		WHERE id IS NOT NULL GROUP BY id HAVING bool_and(was IS NOT DISTINCT FROM now)`)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Pool.QueryRow(t.Context(), `
		SELECT count(b) FILTER (WHERE c.first_run = 1), count(a), count(a) FILTER (WHERE a.campaign_id = b.campaign_id),
		       count(b) FILTER (WHERE c.first_run = 1 AND b.campaign_id IN (SELECT campaign_id FROM whole)),
		       count(a) FILTER (WHERE a.campaign_id IN (SELECT campaign_id FROM whole)),
		       count(a) FILTER (WHERE a.campaign_id = b.campaign_id AND a.campaign_id IN (SELECT campaign_id FROM whole))
		FROM messages m LEFT JOIN memberships b USING (message_key) LEFT JOIN campaigns c USING (campaign_id) LEFT JOIN assigned a USING (message_key)
		WHERE m.import_id = 2`).Scan(&all.known, &all.assigned, &all.agreed, &whole.known, &whole.assigned, &whole.agreed)
	if err != nil {
		t.Fatal(err)
	}
	return all, whole
}
