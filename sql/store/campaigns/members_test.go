package campaigns_test

import (
	"testing"

	"spoor/ingest"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/storetest"
)

func TestAllGrouped(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 4)
	storeMessages(t, s, ingest.Ham, 4, 6)
	if err := storetest.Exec(s,
		"UPDATE messages SET message_id = NULL WHERE message_key = (SELECT max(message_key) FROM messages)",
		"INSERT INTO campaigns (campaign_id, first_run, last_run, members, weakest_bits, operation_id) VALUES (7, 1, 1, 2, 13, 3), (8, 1, 1, 1, 13, NULL)",
		"INSERT INTO memberships (message_key, campaign_id, run_id) SELECT message_key, 7, 1 FROM messages WHERE NOT ham ORDER BY message_key LIMIT 2",
		"INSERT INTO memberships (message_key, campaign_id, run_id) SELECT message_key, 8, 1 FROM messages WHERE NOT ham ORDER BY message_key DESC LIMIT 1",
		"INSERT INTO memberships (message_key, spamrun_id, run_id) SELECT message_key, 9, 1 FROM messages WHERE NOT ham ORDER BY message_key OFFSET 2 LIMIT 1"); err != nil {
		t.Fatal(err)
	}
	var all []campaigns.Grouped
	for g, err := range campaigns.New(s).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, *g)
	}
	count := map[[2]int64]int{}
	hashes, ham, nameless := map[[32]byte]bool{}, 0, 0
	for _, g := range all {
		count[[2]int64{g.CampaignID, g.Operation}]++
		hashes[g.SHA256] = true
		if g.Ham {
			ham++
		}
		if g.MessageID == "" {
			nameless++
		}
	}
	if len(all) != 6 || len(hashes) != 6 || ham != 2 || nameless != 1 {
		t.Errorf("%d messages, %d hashes, %d ham, %d without a Message-ID", len(all), len(hashes), ham, nameless)
	}
	if count[[2]int64{7, 3}] != 2 || count[[2]int64{8, 0}] != 1 || count[[2]int64{0, 0}] != 3 {
		t.Errorf("by campaign and operation: %v", count)
	}
	for range campaigns.New(s).All(t.Context()) {
		break // a caller that stops early leaves the connection usable
	}
	if n := storetest.Column(t, s, "SELECT count(*)::text FROM messages"); n[0] != "6" {
		t.Errorf("%v messages", n)
	}
}
