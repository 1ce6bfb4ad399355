package main

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"spoor/graph/evidence"
	"spoor/internal/lab/labelled"
)

func TestReliability(t *testing.T) {
	labels := []labelled.Label{
		{ID: "1", Campaign: "a"}, {ID: "2", Campaign: "a"}, {ID: "3", Campaign: "b"}, {ID: "4", Campaign: "noise:single:1"}, // one campaign
		{ID: "5", Campaign: "b"}, {ID: "6", Campaign: "c"}, // another, of which nobody has most
		{ID: "7", Campaign: "noise:news:1"}, {ID: "8", Campaign: "noise:news:1"}, // issues
		{ID: "9", Campaign: "c"}, // in none
	}
	found := []place{{"c1", "", 0.9375}, {"c1", "", 1}, {"c1", "", 0.9375}, {"c1", "", 0.25}, {"c2", "", 0.9375}, {"c2", "", 0.9375}, {"c3", "", 1}, {"c3", "", 1}, {}}
	r := reliabilityOf(labels, found)
	want := map[int]band{0: {0, 1, 1, 0.25, 0}, 6: {0.93, 4, 2, 3.75, 2}, 8: {0.99, 3, 2, 3, 1}}
	for i, b := range r {
		w := want[i]
		w.From = bandsFrom[i]
		if b != w {
			t.Errorf("band %d: %+v, want %+v", i, b, w)
		}
	}
	m := measured{Source: "own", Grade: "easy", Ways: map[string]figures{spoor: {Confidence: r}}}
	got := squeezed(reliabilityTable([][]measured{{m}}, spoor))
	for _, line := range []string{
		"| below 50 % | 1 | 1 | 25.00 % | 0.00 % | |",
		"| 93 to 97 % | 4 | 2 | 93.75 % | 50.00 % | |",
		"| 99 % and more | 3 | 2 | 100.00 % | 33.33 % | |",
		"| all | 8 | | 87.50 % | 37.50 % | |",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in\n%s", line, got)
		}
	}
	if got := reliabilityTable([][]measured{{m}}, spoorAsked); got != "" {
		t.Errorf("a table of nothing:\n%s", got)
	}
}

func TestReliabilityShowsTheRange(t *testing.T) {
	world := func(right int) []measured {
		r := new(reliability)
		r[8] = band{Memberships: enough, Campaigns: 1, Stated: enough, Right: right}
		return []measured{{Ways: map[string]figures{spoor: {Confidence: r}}}}
	}
	if got := squeezed(reliabilityTable([][]measured{world(50), world(90)}, spoor)); !strings.Contains(got, "| 99 % and more | 200 | 2 | 100.00 % | 70.00 % | 50.00 % to 90.00 % |") {
		t.Error(got)
	}
}

func TestCorpusIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "corpus.gob")
	c := &corpus{Messages: []evidence.Message{{Key: 7, MessageID: "a@b.example", Words: []string{"pills"}}}, Files: map[string]int64{"a.eml": 7}, Asked: &evidence.Knowledge{}}
	if err := save(path, c); err != nil {
		t.Fatal(err)
	}
	if got, err := load(path); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("%v %+v", err, got)
	}
}
