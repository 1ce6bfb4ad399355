package campaign

import (
	"fmt"
	"reflect"
	"testing"

	"spoor/graph/evidence"
)

// crew adds n messages of one program, tracker account and footer; lure gives
// the lures of subject and text of each, "" for none.
func (w *made) crew(n int, lure func(i int) (shown, text string)) {
	w.campaign("crew", n)
	for i := range n {
		r := &w.rows[len(w.rows)-n+i]
		r.At += int64(2 * i / n * 86400) // the second half comes a day later: a burst is never divided
		shown, text := lure(i)
		r.Features = append(r.Features, features(evidence.Lure, shown, evidence.LureText, text, evidence.BodyWord, "word of "+text)...)
		if shown != "" {
			w.truth[r.Key] = "crew " + shown
		}
	}
}

// campaignsOf tells how many messages of each owner each campaign has that has
// any of a crew.
func campaignsOf(w *made, r *Result) (out []map[string]int, operations map[int]bool) {
	operations = make(map[int]bool)
	for _, c := range r.Campaigns {
		has := make(map[string]int)
		for _, m := range c.Members {
			if name := w.truth[m.Key]; len(name) >= 4 && name[:4] == "crew" {
				has[name]++
			}
		}
		if len(has) > 0 {
			out = append(out, has)
			operations[c.Operation] = true
		}
	}
	return out, operations
}

// Two offers of one crew are two campaigns of one operation.
func TestOffersAreCampaigns(t *testing.T) {
	w := newMade(5)
	w.crew(60, func(i int) (string, string) {
		offer := []string{"dating", "prize"}[2*i/60]
		switch i % 6 {
		case 0:
			return offer, ""
		case 1:
			return "", offer
		}
		return offer, offer
	})
	w.strangers(200, false)
	r := w.index(Decisions{}, 0).Cluster()
	got, operations := campaignsOf(w, r)
	if len(got) != 2 || len(operations) != 1 || operations[-1] {
		t.Fatalf("campaigns %v in operations %v", got, operations)
	}
	for _, has := range got {
		if has["crew dating"] > 0 && has["crew prize"] > 0 {
			t.Errorf("a campaign of both: %v", has)
		}
	}
	x := w.index(Decisions{}, 3)
	if again := x.Cluster(); !reflect.DeepEqual(again, r) {
		t.Error("another order of input, another result")
	}
	if e, ok := x.Pair(3, 45, Without{}); !ok || e.Together || e.Linked || e.Lacks != lackLure {
		t.Errorf("two offers: together %v, linked %v, lacks %q", e.Together, e.Linked, e.Lacks)
	}
}

// Words that name one lure or another by chance divide nothing, nor does a
// single offer, nor a campaign that people decided to be one.
func TestOneOffer(t *testing.T) {
	lures := evidence.Lures()
	for name, lure := range map[string]func(w *made) func(i int) (string, string){
		"chance": func(w *made) func(int) (string, string) {
			return func(int) (string, string) {
				return lures[w.dice.IntN(len(lures))], lures[w.dice.IntN(len(lures))]
			}
		},
		"one": func(*made) func(int) (string, string) {
			return func(i int) (string, string) { return "prize", []string{"prize", "prize", "parcel"}[i%3] }
		},
		"unnamed": func(*made) func(int) (string, string) {
			return func(i int) (string, string) { return fmt.Sprint([]string{"", "prize"}[i%2]), "" }
		},
	} {
		w := newMade(5)
		w.crew(60, lure(w))
		w.strangers(200, false)
		if got, _ := campaignsOf(w, w.index(Decisions{}, 0).Cluster()); len(got) != 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
	w := newMade(5)
	w.crew(60, func(i int) (string, string) { l := []string{"dating", "prize"}[2*i/60]; return l, l })
	w.strangers(200, false)
	if got, _ := campaignsOf(w, w.index(Decisions{Same: [][2]int64{{1, 60}}}, 0).Cluster()); len(got) != 1 {
		t.Errorf("said to be the same: %v", got)
	}
}
