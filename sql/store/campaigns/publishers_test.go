package campaigns_test

import (
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/forget"
	"spoor/sql/store/storetest"
)

// Publishers are written with a run, replaced by the next, and forgotten with their issues.
func TestPublishers(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 6)
	k := keysOf(t, s)
	all, err := campaigns.New(s).Evidence(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	publisher := func(n int, members ...int64) campaign.Publisher {
		f := evidence.Feature{Kind: evidence.FromAddress, Value: all[n].From}
		return campaign.Publisher{From: f.Key(), Example: k[n], Members: members, Listed: len(members), Days: 2}
	}
	r := results(k[4:])
	r.Publishers = []campaign.Publisher{publisher(0, k[0], k[1], k[2]), publisher(3, k[3])}
	replaceBy(t, s, r, evidence.Knowledge{}, time.Now())
	list, err := campaigns.New(s).Publishers(t.Context(), "", 1)
	if err != nil || len(list) != 1 || list[0].Name != all[0].From || list[0].Messages != 3 || list[0].Listed != 3 || list[0].AllPublishers != 2 || list[0].AllMessages != 4 {
		t.Errorf("%+v, %v", list, err)
	}
	issues, err := campaigns.New(s).Issues(t.Context(), []int64{list[0].ID}, 2)
	if err != nil || len(issues) != 2 || issues[0].ReceivedAt.Before(issues[1].ReceivedAt) {
		t.Errorf("%+v, %v", issues, err)
	}
	var aside []string
	proofs, err := campaigns.New(s).Proofs(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range proofs {
		aside = append(aside, p.Publisher)
	}
	if want := []string{all[0].From, all[0].From, all[0].From, all[3].From, "", ""}; !slices.Equal(aside, want) {
		t.Errorf("set aside as issues of %q, want %q", aside, want)
	}
	hash, err := hex.DecodeString(proofs[3].SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := forget.Forget(t.Context(), s, forget.Choice{Hashes: [][]byte{hash}}, false); err != nil {
		t.Fatal(err)
	}
	if got := storetest.Column(t, s, "SELECT publisher || ' ' || messages || ' ' || recognised_by FROM publishers_v"); len(got) != 1 || got[0] != all[0].From+" 3 list mail" {
		t.Errorf("after forgetting: %q", got)
	}
	if got := storetest.Column(t, s, "SELECT count(*)::text FROM publishers"); got[0] != "1" {
		t.Errorf("%s publishers are left, one without issues", got[0])
	}
	replace(t, s, k[:2])
	if got := storetest.Column(t, s, "SELECT sha256 FROM publisher_messages_v"); len(got) > 0 {
		t.Errorf("issues of the run before: %v", got)
	}
}
