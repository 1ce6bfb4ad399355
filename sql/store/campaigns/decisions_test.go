package campaigns_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/storetest"
)

// decide keeps decisions without a look at those that stand.
func decide(t *testing.T, s *store.DB, list ...decision.Decision) []decision.Decision {
	t.Helper()
	out, err := campaigns.New(s).Decide(t.Context(), func([]decision.Decision, map[int64]int64) ([]decision.Decision, error) {
		for i := range list {
			list[i].MadeAt, list[i].MadeBy = time.Now(), "ana"
		}
		return list, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func undo(t *testing.T, s *store.DB, id int64) {
	t.Helper()
	if _, err := campaigns.New(s).Undo(t.Context(), id, "ben", time.Now()); err != nil {
		t.Fatal(err)
	}
}

// rules returns the rules that the standing decisions give a run.
func rules(t *testing.T, s *store.DB) (campaign.Decisions, error) {
	t.Helper()
	list, err := campaigns.New(s).Standing(t.Context())
	return decision.Rules(list), err
}

func TestDecisionsForTheGrouping(t *testing.T) {
	s := storetest.New(t)
	made := decide(t, s,
		decision.Decision{Kind: "merge", Campaign: 1, Other: 2, Messages: []int64{1, 2, 3}, Others: []int64{11, 12, 13}, Moved: []int64{11, 12, 13, 14, 15}},
		decision.Decision{Kind: "same", Messages: []int64{4}, Others: []int64{21, 22}},
		decision.Decision{Kind: "not-same", Messages: []int64{5, 6}, Others: []int64{31}},
		decision.Decision{Kind: "split", Campaign: 1, Messages: []int64{41, 42, 43, 44}, Others: []int64{51}},
		decision.Decision{Kind: "split", Campaign: 1, Messages: []int64{61}, Others: []int64{51, 52}},
		decision.Decision{Kind: "ignore", Feature: -5},
		decision.Decision{Kind: "trust", Feature: 6},
		decision.Decision{Kind: "note", Campaign: 1, Messages: []int64{1, 2, 3}, Value: "n"})
	got, err := rules(t, s)
	low := int64(-5)
	want := campaign.Decisions{
		Same:    [][2]int64{{1, 11}, {2, 12}, {3, 13}, {4, 21}, {4, 22}, {41, 42}, {41, 43}, {42, 43}, {42, 44}, {43, 44}},
		NotSame: [][2]int64{{5, 31}, {6, 31}, {41, 51}, {42, 51}, {43, 51}, {44, 51}, {61, 51}, {61, 52}},
		Ignored: []evidence.Key{evidence.Key(low)},
		Trusted: []evidence.Key{6},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v, %v\nwant %+v", got, err, want)
	}
	for _, d := range made {
		undo(t, s, d.ID)
	}
	if got, err := rules(t, s); err != nil || !reflect.DeepEqual(got, campaign.Decisions{}) {
		t.Errorf("all undone, but %+v stands, %v", got, err)
	}
	if _, err := campaigns.New(s).Undo(t.Context(), made[0].ID, "ben", time.Now()); !errors.Is(err, campaigns.ErrUndone) {
		t.Errorf("undone twice: %v", err)
	}
	if _, err := campaigns.New(s).Undo(t.Context(), 999, "ben", time.Now()); !errors.Is(err, campaigns.ErrNoDecision) {
		t.Errorf("undone without having been made: %v", err)
	}
	all, err := campaigns.New(s).DecisionList(t.Context(), true)
	if err != nil || len(all) != 8 || all[0].UndoneBy != "ben" || all[0].UndoneAt.Before(all[0].MadeAt) {
		t.Errorf("%d decisions are kept, %v", len(all), err)
	}
}

// Decide passes f all standing decisions, and the campaigns of the messages
// that they name.
func TestDecideTellsWhatStands(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 4)
	k := keysOf(t, s)
	replace(t, s, k[0:2])
	d := decide(t, s, decision.Decision{Kind: "same", Messages: k[0:1], Others: k[3:4], Value: "cut in a letter \xc3 and \x00"})[0]
	refused := errors.New("no")
	_, err := campaigns.New(s).Decide(t.Context(), func(standing []decision.Decision, in map[int64]int64) ([]decision.Decision, error) {
		if len(standing) != 1 || standing[0].ID != d.ID || standing[0].Value != "cut in a letter \uFFFD and \uFFFD" {
			t.Errorf("stands: %+v", standing)
		}
		if !reflect.DeepEqual(in, map[int64]int64{k[0]: 1}) {
			t.Errorf("in %v", in)
		}
		return []decision.Decision{{Kind: "tag"}}, refused
	})
	if list, _ := campaigns.New(s).DecisionList(t.Context(), true); !errors.Is(err, refused) || len(list) != 1 {
		t.Errorf("%v; %d decisions", err, len(list))
	}
}

// Names, tags and notes follow a campaign into another, and come back with it.
func TestSaidFollowsCampaigns(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 10)
	k := keysOf(t, s)
	replace(t, s, k[0:4], k[4:7], k[7:9]) // 1, 2, 3
	of := func(id int64, kind decision.Kind, value string) decision.Decision {
		central, err := campaigns.New(s).Central(t.Context(), id, nil, decision.MostStandIns)
		if err != nil {
			t.Fatal(err)
		}
		return decision.Decision{Kind: kind, Campaign: id, Messages: central, Value: value}
	}
	made := decide(t, s, of(1, "name", "toner"), of(2, "name", "pills"), of(2, "note", "first"), of(2, "tag", "x"), of(1, "tag", "y"),
		of(2, "untag", "x"), of(2, "tag", "z"), of(3, "note", "alone"), of(2, "name", "pills and more"))

	assertSaid(t, s, "apart", map[int64]string{1: "toner [] [y] []", 2: "pills and more [] [z] [first]", 3: " [] [] [alone]"})
	for range 2 { // any number of runs
		replace(t, s, k[0:7], k[7:9])
		assertSaid(t, s, "merged", map[int64]string{1: "toner [pills and more] [y z] [first]", 3: " [] [] [alone]"})
	}
	// The merged one comes out again under another id; 3 grows; then 1 is split.
	replace(t, s, k[0:4], k[4:7], k[7:10])
	if id := mustBeIn(t, s, k[4]); id < 4 {
		t.Errorf("what came out again is c%d", id)
	}
	replace(t, s, k[0:2], k[2:4], k[4:7], k[7:10])
	assertSaid(t, s, "apart again", map[int64]string{1: "toner [] [y] []", mustBeIn(t, s, k[4]): "pills and more [] [z] [first]", 3: " [] [] [alone]"})
	// Names, tags and notes of a dissolved campaign stay with its id or its
	// successor's. They are back when it is found again.
	replace(t, s, k[0:2])
	assertSaid(t, s, "dissolved", map[int64]string{1: "toner [pills and more] [y z] [first]", 3: " [] [] [alone]"})
	replace(t, s, k[0:2], k[4:7], k[7:10])
	assertSaid(t, s, "found again", map[int64]string{1: "toner [] [y] []", mustBeIn(t, s, k[4]): "pills and more [] [z] [first]", mustBeIn(t, s, k[7]): " [] [] [alone]"})

	undo(t, s, made[5].ID) // untag
	undo(t, s, made[8].ID) // second name
	undo(t, s, made[0].ID) // name of 1
	replace(t, s, k[0:7])
	all := mustBeIn(t, s, k[0])
	assertSaid(t, s, "undone", map[int64]string{all: "pills [] [x y z] [first]"})
	if names, err := decision.ReadNames(t.Context(), campaigns.New(s)); err != nil || !reflect.DeepEqual(names, map[int64]string{all: "pills"}) {
		t.Errorf("names %v, %v", names, err)
	}
}

func mustBeIn(t *testing.T, s *store.DB, key int64) int64 {
	t.Helper()
	in, err := campaigns.New(s).CampaignsOf(t.Context(), []int64{key})
	if err != nil || in[key] == 0 {
		t.Fatalf("in no campaign: %v", err)
	}
	return in[key]
}

// assertSaid compares the names, tags and notes of some campaigns.
func assertSaid(t *testing.T, s *store.DB, when string, want map[int64]string) {
	t.Helper()
	said, err := decision.ReadSaid(t.Context(), campaigns.New(s))
	if err != nil {
		t.Fatal(err)
	}
	for id, w := range want {
		c := said[id]
		if c == nil {
			c = &decision.Said{}
		}
		notes := []string{}
		for _, n := range c.Notes {
			notes = append(notes, n.Text)
		}
		tags := slices.Sorted(slices.Values(c.Tags))
		if got := fmt.Sprintln(c.Name, c.Also, tags, notes); got != w+"\n" {
			t.Errorf("%s: of c%d is said %swant %s", when, id, got, w)
		}
	}
}

// A merger that is undone gives the other campaign its id back.
func TestUndoRestoresACampaign(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 10)
	k := keysOf(t, s)
	replace(t, s, k[0:4], k[4:7])
	before := membersOf(t, s)
	merge := func() int64 {
		return decide(t, s, decision.Decision{Kind: "merge", Campaign: 1, Other: 2, Messages: k[0:3], Others: k[4:7], Moved: k[4:7]})[0].ID
	}
	d := merge()
	replace(t, s, k[0:8])
	undo(t, s, d)
	c, _, err := campaigns.New(s).State(t.Context(), 2)
	if got := membersOf(t, s); err != nil || got[1] != 5 || got[2] != 3 || c.Members != 3 || c.MergedInto != 0 {
		t.Errorf("members %v; campaign 2 is %+v, %v", got, c, err)
	}
	assertSums(t, s, "a merger is undone")
	replace(t, s, k[0:4], k[4:7])
	if got := membersOf(t, s); !reflect.DeepEqual(got, before) {
		t.Errorf("members %v, want those of before, %v", got, before)
	}
	// Without a run in between nothing has to be restored.
	undo(t, s, merge())
	if got := membersOf(t, s); !reflect.DeepEqual(got, before) {
		t.Errorf("members %v, want those of before, %v", got, before)
	}
	// Nothing would stay in the other: the next run sorts it.
	d = merge()
	replace(t, s, k[0:7])
	replace(t, s, k[4:7])
	undo(t, s, d)
	if got := membersOf(t, s); len(got) != 1 {
		t.Errorf("members %v", got)
	}
}

func TestMessagesByName(t *testing.T) {
	s := storetest.New(t)
	storeMessages(t, s, ingest.Spam, 0, 3)
	storeMessages(t, s, ingest.Ham, 3, 4)
	for n := range 4 {
		f := storetest.Facts(n)
		hash := fmt.Sprintf("%x", f.Hash)
		for _, prefix := range []string{hash, hash[:12], hash[:11]} {
			got, err := campaigns.New(s).MessagesByHash(t.Context(), prefix, 5)
			if err != nil || len(got) != 1 || got[0].SHA256 != hash || got[0].MessageID != f.MessageID || got[0].Ham != (n == 3) {
				t.Errorf("%s: %+v, %v", prefix, got, err)
			}
		}
		got, err := campaigns.New(s).MessagesByID(t.Context(), f.MessageID, 5)
		if err != nil || len(got) != 1 || got[0].SHA256 != hash {
			t.Errorf("%s: %+v, %v", f.MessageID, got, err)
		}
	}
	if got, err := campaigns.New(s).MessagesByHash(t.Context(), "", 3); err != nil || len(got) > 3 {
		t.Errorf("%d messages, %v", len(got), err)
	}
	if got, err := campaigns.New(s).MessagesByID(t.Context(), "", 3); err != nil || len(got) != 0 {
		t.Errorf("%d messages have no Message-ID, %v", len(got), err)
	}
}

func TestFeatureCounts(t *testing.T) {
	s := storetest.New(t)
	link := evidence.Feature{Kind: evidence.LinkDomain, Value: "shop.example"}.Key()
	anomalies := evidence.Feature{Kind: evidence.Anomalies, Value: "x"}.Key()
	if got, err := campaigns.New(s).FeatureCounts(t.Context(), []evidence.Key{link}); err != nil || len(got) > 0 {
		t.Errorf("an empty store has evidence: %v, %v", got, err)
	}
	for n := range 3 {
		if _, err := s.Pool.Exec(t.Context(), "INSERT INTO incidence (message_key, version, ham, newsletter, features) VALUES ($1, 1, $2, false, $3)",
			n, n == 2, []int64{int64(link), int64(anomalies)}[:2-n%2]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := campaigns.New(s).FeatureCounts(t.Context(), []evidence.Key{link, anomalies, 77})
	want := map[evidence.Key]campaigns.FeatureCount{link: {Feature: int64(link), Spam: 2, Ham: 1}, anomalies: {Feature: int64(anomalies), Spam: 1, Ham: 1}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}
