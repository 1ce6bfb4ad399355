package facts_test

import (
	"fmt"
	"testing"

	"spoor/ingest"
	"spoor/sql/store/facts"
	"spoor/sql/store/storetest"
)

func TestReclassify(t *testing.T) {
	db := storetest.New(t)
	s := facts.New(db)
	if _, err := beginAs(t, s, facts.Import{}).Store(t.Context(), storetest.Batch("spam.mbox", 0, 4)); err != nil {
		t.Fatal(err)
	}
	first := storetest.Facts(0)
	key := facts.Key(first.Hash)
	if err := storetest.Exec(db, "INSERT INTO campaigns (campaign_id, first_run, last_run, members, weakest_bits) VALUES (7, 1, 1, 2, 9)",
		"INSERT INTO memberships (message_key, campaign_id, run_id) SELECT message_key, 7, 1 FROM messages",
		"INSERT INTO incidence (message_key, version, ham, newsletter, features) SELECT message_key, 1, false, false, '{}' FROM messages",
		fmt.Sprintf("INSERT INTO domains (domain, messages) VALUES ('%s', 9)", first.Links[0].Domain)); err != nil {
		t.Fatal(err)
	}
	w := beginAs(t, s, facts.Import{Class: ingest.Ham})
	if _, err := w.Known(t.Context(), []ingest.Hash{first.Hash}); err != nil {
		t.Fatal(err)
	}
	if got := w.Conflicts(); len(got) != 1 || got[0] != key {
		t.Errorf("conflicts %v, want %d", got, key)
	}
	for want := int64(1); want >= 0; want-- {
		if n, err := s.Reclassify(t.Context(), []int64{key}, true); err != nil || n != want {
			t.Errorf("changed %d, %v; want %d", n, err, want)
		}
	}
	got := storetest.Column(t, db, `SELECT concat((SELECT count(*) FROM messages WHERE ham), ' ', (SELECT count(*) FROM memberships), ' ',
		(SELECT members FROM campaigns), ' ', (SELECT count(*) FROM incidence), ' ', (SELECT messages FROM domains), ' ', (SELECT ham FROM domains))`)
	if got[0] != "1 3 1 3 1 1" {
		t.Errorf("ham, memberships, members, evidence, domain's messages and ham: %s", got[0])
	}
	if found, err := s.Find(t.Context(), first.MessageID); err != nil || len(found) != 1 || !found[0].Ham || found[0].Key != key {
		t.Errorf("Find: %+v, %v", found, err)
	}
}
