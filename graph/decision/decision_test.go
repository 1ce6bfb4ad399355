package decision

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"spoor/graph/evidence"
)

func TestRules(t *testing.T) {
	link := evidence.Feature{Kind: evidence.LinkDomain, Value: "shop.example"}.Key()
	r := Rules([]Decision{
		{Kind: Same, Messages: []int64{1}, Others: []int64{2}},
		{Kind: Merge, Messages: []int64{1, 2, 3, 4}, Others: []int64{5}},
		{Kind: NotSame, Messages: []int64{1}, Others: []int64{6, 7}},
		{Kind: Split, Campaign: 9, Messages: []int64{11, 12, 13, 14}, Others: []int64{15}},
		{Kind: Ignore, Feature: int64(link)}, {Kind: Trust, Feature: 7}, {Kind: Name, Value: "x", Messages: []int64{1}},
	})
	want := [][2]int64{{1, 2}, {1, 5}, {2, 5}, {3, 5}, {11, 12}, {11, 13}, {12, 13}, {12, 14}, {13, 14}}
	if !slices.Equal(r.Same, want) {
		t.Errorf("same: %v", r.Same)
	}
	if want := [][2]int64{{1, 6}, {1, 7}, {11, 15}, {12, 15}, {13, 15}, {14, 15}}; !slices.Equal(r.NotSame, want) {
		t.Errorf("not same: %v", r.NotSame)
	}
	if !slices.Equal(r.Ignored, []evidence.Key{link}) || !slices.Equal(r.Trusted, []evidence.Key{7}) {
		t.Errorf("ignored %v, trusted %v", r.Ignored, r.Trusted)
	}
	if same, notSame := (&Decision{Kind: Merge, Messages: []int64{1}}).Pairs(); same != nil || notSame != nil {
		t.Error("a side that was erased says nothing")
	}
}

func TestProposals(t *testing.T) {
	c1 := Side{Label: "c1", Campaign: 1, Members: []int64{11, 12, 13, 14}, All: []int64{11, 12, 13, 14}}
	c2 := Side{Label: "c2", Campaign: 2, Members: []int64{21, 22}, All: []int64{21, 22, 23}}
	in2 := Side{Label: "message 21", Campaign: 2, Message: 21, Members: []int64{21}, All: []int64{21, 22, 23}}
	alone := Side{Label: "message 31", Message: 31, Members: []int64{31}}
	for name, c := range map[string]struct{ got, want Proposal }{
		"merge":                          {Merging(Decision{}, c1, c2), Proposal{Decision{Kind: Merge, Value: "c1 and c2", Campaign: 1, Other: 2, Messages: []int64{11, 12, 13}, Others: []int64{21, 22}, Moved: []int64{21, 22}}, []int64{1, 2}}},
		"apart":                          {Parting(Decision{}, alone, c2), Proposal{Decision{Kind: NotSame, Value: "message 31 and c2", Campaign: 2, Messages: []int64{21, 22}, Others: []int64{31}}, []int64{2}}},
		"a member leaves its campaign":   {Parting(Decision{}, c2, in2), Proposal{Decision{Kind: NotSame, Value: "c2 and message 21", Campaign: 2, Messages: []int64{22}, Others: []int64{21}}, []int64{2}}},
		"the smaller goes to the larger": {Joining(Decision{}, in2, c1), Proposal{Decision{Kind: Same, Value: "message 21 and c1", Campaign: 1, Other: 2, Messages: []int64{11, 12, 13}, Others: []int64{21}, Moved: []int64{21, 22, 23}}, []int64{1}}},
		"a message into a campaign":      {Joining(Decision{}, alone, c1), Proposal{Decision{Kind: Same, Value: "message 31 and c1", Campaign: 1, Messages: []int64{11, 12, 13}, Others: []int64{31}}, []int64{1}}},
		"two messages that stand alone":  {Joining(Decision{}, alone, alone), Proposal{Decision{Kind: Same, Value: "message 31 and message 31", Messages: []int64{31}, Others: []int64{31}}, nil}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s:\n%+v, want\n%+v", name, c.got, c.want)
		}
	}
	if len(c2.Members) != 2 || c2.Members[0] != 21 {
		t.Error("a side was changed")
	}
}

func TestFresh(t *testing.T) {
	standing := []Decision{{ID: 1, Kind: Same, Messages: []int64{1}, Others: []int64{2}}}
	again := Proposal{Decision: Decision{Kind: Same, Messages: []int64{2}, Others: []int64{1}}}
	next := Proposal{Decision: Decision{Kind: Same, Messages: []int64{2}, Others: []int64{3}}}
	fresh, known, err := Fresh(standing, nil, []Proposal{again, next, next})
	if err != nil || len(fresh) != 1 || len(known) != 2 || known[0].ID != 1 {
		t.Errorf("%v, %v, %v", fresh, known, err)
	}
	// A proposal may contradict another of the same command.
	apart := Proposal{Decision: Decision{Kind: NotSame, Messages: []int64{1}, Others: []int64{3}}}
	if fresh, _, err := Fresh(standing, nil, []Proposal{next, apart}); err == nil {
		t.Errorf("kept %v", fresh)
	}
}

func TestSaid(t *testing.T) {
	at := time.Unix(1e9, 0)
	list := []Decision{
		{ID: 1, Kind: Name, Campaign: 1, Value: "toner", Messages: []int64{11}},
		{ID: 2, Kind: Name, Campaign: 2, Value: "pills", Messages: []int64{21, 22, 23}},
		{ID: 3, Kind: Remark, Campaign: 2, Value: "reported", MadeBy: "ana", MadeAt: at, Messages: []int64{21, 22, 23}},
		{ID: 4, Kind: Tag, Campaign: 1, Value: "fraud"}, {ID: 5, Kind: Tag, Campaign: 1, Value: "fraud"}, {ID: 6, Kind: Tag, Campaign: 1, Value: "old"}, {ID: 7, Kind: Untag, Campaign: 1, Value: "old"},
		{ID: 8, Kind: Ignore},
	}
	// Campaign 2 went into 1.
	w := Whereabouts{There: map[int64]bool{1: true}, Into: map[int64]int64{1: 1, 2: 1}}
	homes := Homes(list, w)
	if !slices.Equal(homes, []int64{1, 1, 1, 1, 1, 1, 1, 0}) {
		t.Fatalf("homes %v", homes)
	}
	said := SaidOf(list[:7], homes)
	want := &Said{Name: "toner", Also: []string{"pills"}, Tags: []string{"fraud"}, Notes: []Note{{3, at, "ana", "reported"}}}
	if !reflect.DeepEqual(said[1], want) || len(said) != 1 {
		t.Errorf("%+v", said[1])
	}
	// Most of the messages that stood for campaign 2 came out of 1 again, as 5.
	w.In = map[int64]int64{21: 5, 22: 5, 23: 1}
	if said = SaidOf(list[:7], Homes(list[:7], w)); said[5] == nil || said[5].Name != "pills" || len(said[5].Notes) != 1 || len(said[1].Also) != 0 {
		t.Errorf("%+v, %+v", said[5], said[1])
	}
}

func TestBearing(t *testing.T) {
	list := []Decision{{ID: 1, Kind: Ignore, Feature: 5}, {ID: 2, Kind: Trust, Feature: 6}, {ID: 3, Kind: Same, Messages: []int64{1}, Others: []int64{9}}, {ID: 4, Kind: Split, Messages: []int64{7}}, {ID: 5, Kind: Name, Messages: []int64{1}}}
	var ids []int64
	for _, d := range Bearing(list, 1, 2, func(k evidence.Key) bool { return k == 5 }) {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, []int64{1, 3}) {
		t.Errorf("bear on it: %v", ids)
	}
}
