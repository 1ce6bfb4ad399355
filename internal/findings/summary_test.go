package findings

import (
	"testing"

	"spoor/sql/store/campaigns"
)

// Each change is reported once, under its kind; a new campaign neither grew nor
// fell quiet.
func TestSummarySortsChanges(t *testing.T) {
	now := map[int64]Changed{}
	for id := range int64(9) {
		now[id+1] = Changed{Campaign: campaigns.Campaign{ID: id + 1, Messages: 10}}
	}
	delete(now, 9) // went into another
	s := &Summary{}
	for _, c := range []struct {
		campaigns.Change
		isNew bool
	}{
		{campaigns.Change{CampaignID: 1, Event: "born", Messages: 10}, true}, {campaigns.Change{CampaignID: 1, Event: "slept"}, true}, {campaigns.Change{CampaignID: 1, Event: "grew", Messages: 2}, true},
		{campaigns.Change{CampaignID: 2, Event: "grew", Messages: 3}, false}, {campaigns.Change{CampaignID: 3, Event: "merged", Other: 9, Messages: 4}, false},
		{campaigns.Change{CampaignID: 4, Event: "split", Other: 3, Messages: 5}, true}, {campaigns.Change{CampaignID: 5, Event: "slept"}, false}, {campaigns.Change{CampaignID: 6, Event: "woke"}, false},
		{campaigns.Change{CampaignID: 9, Event: "grew", Messages: 1}, false}, {campaigns.Change{CampaignID: 8, Event: "dissolved", Messages: 7}, false}, {campaigns.Change{CampaignID: 7, Event: "shrank", Messages: 7}, false},
	} {
		s.add(c.Change, now, c.isNew)
	}
	for _, c := range []struct {
		what string
		list []Changed
		id   int64
		by   int64
	}{{"new", s.New, 1, 10}, {"grown", s.Grown, 2, 3}, {"merged", s.Merged, 3, 4}, {"split", s.Split, 4, 5}, {"quiet", s.Quiet, 5, 0}, {"awake", s.Woke, 6, 0}, {"dissolved", s.Dissolved, 8, 7}} {
		if len(c.list) != 1 || c.list[0].ID != c.id || c.list[0].By != c.by {
			t.Errorf("%s: %+v", c.what, c.list)
		}
	}
	if s.Empty() || !(&Summary{}).Empty() {
		t.Error("a day is empty or it is not")
	}
}
