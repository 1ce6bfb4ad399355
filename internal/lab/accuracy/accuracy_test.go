package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"spoor/graph/correlation"
	"spoor/graph/evidence"
	"spoor/graph/score"
	"spoor/internal/lab/labelled"
	"spoor/internal/lab/sources"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// TestSmallWorlds runs all of it once for each generator. The floors lie well
// below the scores reached, and well above those of a correlator that joins too
// much or too little.
func TestSmallWorlds(t *testing.T) {
	for _, s := range []sources.Source{sources.Own(0), sources.Rented()} {
		t.Run(s.Name, func(t *testing.T) {
			w, err := s.Open(t.TempDir(), "easy", 42, 400)
			if err != nil {
				t.Fatal(err)
			}
			url := storetest.URL(t)
			var c *corpus
			m, err := measure(t.Context(), w, options{enrich: true, simple: true}, func(m mail) (_ *corpus, err error) {
				c, err = extract(t.Context(), url, m)
				return c, err
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Log(m.line())
			sameAsRun(t, url, c)
			found := m.Ways[spoor]
			if found.BCubed.F1 < 0.9 || found.Pairwise.Precision < 0.8 || found.Newsletters.share() < 0.9 || found.Singles.share() < 0.4 { // one-offs still pair up in small worlds: docs/accuracy.md
				t.Errorf("campaigns are wrong: %+v", found)
			}
			if found.Operations == nil || found.Operations.F1 < 0.6 {
				t.Errorf("operations are wrong: %+v", found.Operations)
			}
			for _, b := range baselines() {
				if f := m.Ways[b.name]; f.BCubed.F1 > found.BCubed.F1-0.01 {
					t.Errorf("%q alone reaches %.3f, the correlator %.3f", b.name, f.BCubed.F1, found.BCubed.F1)
				}
			}
			if asked := m.Ways[spoorAsked]; asked.BCubed.F1 < 0.85 {
				t.Errorf("with what registries say, campaigns are wrong: %+v", asked)
			}
			if r := found.Confidence; r == nil || r.total().Memberships == 0 || r.total().right() < 0.8 {
				t.Errorf("confidence: %+v", r)
			}
			if m.Messages != len(w.Labels) || found.Newsletters.All == 0 || found.Singles.All == 0 {
				t.Errorf("not all was counted: %+v", m)
			}
		})
	}
}

// sameAsRun runs the correlator on the store that the corpus was read from. If the two
// differ, the figures are not those of a user.
func sameAsRun(t *testing.T, url string, c *corpus) {
	t.Helper()
	st, err := store.Open(t.Context(), url, store.Options{Program: "accuracy"})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	db := campaigns.New(st)
	if _, err := correlation.Run(t.Context(), db, correlation.Options{}); err != nil {
		t.Fatal(err)
	}
	at, err := c.places(t.Context(), *c.Asked)
	if err != nil {
		t.Fatal(err)
	}
	var measured, stored []string
	for g, err := range db.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		measured = append(measured, at[g.Key].campaign)
		id := ""
		if g.CampaignID != 0 {
			id = fmt.Sprint(g.CampaignID)
		}
		stored = append(stored, id)
	}
	if len(measured) != len(c.Messages) || !slices.Equal(numbered(measured), numbered(stored)) {
		t.Error("a run of the correlator finds other campaigns than the measurement")
	}
}

// numbered names labels by order of appearance; "" stays.
func numbered(labels []string) []int {
	of := map[string]int{"": 0}
	out := make([]int, len(labels))
	for i, l := range labels {
		if _, ok := of[l]; !ok {
			of[l] = len(of)
		}
		out[i] = of[l]
	}
	return out
}

func TestBaselines(t *testing.T) {
	near := func(equal int) []byte { // a sketch that shares so many of 32 slots with near(32)
		b := bytes.Repeat([]byte{7}, 64)
		for i := 2 * equal; i < len(b); i++ {
			b[i] = 9
		}
		return b
	}
	all := []indicators{
		{subject: "pills", sender: "192.0.2.1", domains: []string{"a.example", "b.example"}, sketch: near(32)},
		{subject: "pills", text: "7", domains: []string{"b.example"}, sketch: near(16)},
		{subject: "watches", text: "7", sender: "192.0.2.1", contacts: []string{"x@mail.example"}, sketch: near(15)},
		{domains: []string{"c.example"}, contacts: []string{"x@mail.example"}},
		{subject: "x@mail.example"}, // the value of another kind
		{},
	}
	want := map[string]string{
		"same subject":    "aa....",
		"same domain":     "aa....",
		"same sender":     "a.a...",
		"similar text":    "aaa...", // the third is like the second, not like the first
		"anything shared": "aaaa..",
	}
	for _, b := range baselines() {
		if got := shape(b.group(all)); got != want[b.name] {
			t.Errorf("%s: %s, want %s", b.name, got, want[b.name])
		}
	}
}

// shape writes labels as letters in order of appearance, "." for none.
func shape(labels []string) string {
	var seen []string
	var out strings.Builder
	for _, l := range labels {
		if l == "" {
			out.WriteByte('.')
			continue
		}
		if !slices.Contains(seen, l) {
			seen = append(seen, l)
		}
		out.WriteByte(byte('a' + slices.Index(seen, l)))
	}
	return out.String()
}

func TestIndicators(t *testing.T) {
	got := indicatorsOf(&evidence.Message{
		SubjectKey: "hello", Text: 255, Readers: []string{"Me@home.example"}, ReplyTo: []string{"Boss@mail.example"},
		Links:     []evidence.Link{{Domain: "a.example"}, {Domain: "pages.example", Shared: "hosting"}, {Domain: ""}},
		Mailboxes: []string{"me@home.example"}, // the recipient's own
		Phones:    []string{"+12125550100"},
	})
	if got.sender != "" || got.text != "ff" || !slices.Equal(got.domains, []string{"a.example"}) || !slices.Equal(got.contacts, []string{"+12125550100", "boss@mail.example"}) {
		t.Errorf("%+v", got)
	}
}

func TestFiguresOf(t *testing.T) {
	labels := []labelled.Label{
		{ID: "1", Campaign: "c-1", Operation: "op-1"}, {ID: "2", Campaign: "c-1", Operation: "op-1"}, {ID: "3", Campaign: "c-2", Operation: "op-1"},
		{ID: "4", Campaign: "noise:news:1"}, {ID: "5", Campaign: "noise:news:1"}, {ID: "6", Campaign: "noise:single:1"}, {ID: "7", Campaign: "noise:dsn:1"},
	}
	f := figuresOf(labels, []string{"c1", "c1", "c2", "c2", "", "", "c3"}, []string{"o1", "o1", "o1", "c2", "", "", "c3"})
	if f.BCubed.Recall != 1 || f.BCubed.Precision != 6./7 || f.Pairwise.Precision != 0.5 || f.Campaigns.F1 != 1 {
		t.Errorf("%+v", f)
	}
	if f.Newsletters != (outside{2, 1, 1}) || f.Singles != (outside{1, 1, 0}) || f.Reports != (outside{1, 0, 0}) || f.Operations == nil || f.Operations.F1 != 1 {
		t.Errorf("%+v %+v", f, f.Operations)
	}
	// Two issues of one newsletter are no campaign, even if their source calls
	// them one.
	if f := figuresOf(labels[3:5], []string{"c1", "c1"}, nil); f.Operations != nil || f.BCubed.Precision != 0.5 || f.Newsletters.share() != 0 {
		t.Errorf("%+v", f)
	}
}

// made is a world whose correlator reached f1 before and after asking.
func made(source, grade string, seed uint64, before, after float64) measured {
	m := measured{Source: source, Grade: grade, Seed: seed, Messages: 10, Ways: map[string]figures{}}
	of := func(f1 float64) figures {
		a := score.Accuracy{Precision: f1, Recall: f1, F1: f1}
		return figures{BCubed: a, Pairwise: a, Campaigns: a, Newsletters: outside{100, 99, 1}}
	}
	for _, b := range baselines() {
		m.Ways[b.name] = of(0.5)
	}
	m.Ways[spoor], m.Ways[spoorAsked] = of(before), of(after)
	f := m.Ways[spoor]
	f.Operations = &score.Accuracy{F1: 0.25}
	m.Ways[spoor] = f
	return m
}

func TestTables(t *testing.T) {
	all := []measured{made("own", "easy", 1, 0.98999, 0.995), made("own", "easy", 2, 1, 0.99), made("rented", "easy", 1, 0.9, 0.9)}
	var out strings.Builder
	if err := writeTables(&out, all); err != nil {
		t.Fatal(err)
	}
	got := squeezed(out.String())
	for _, want := range []string{
		"### own, easy",
		"| own, easy | 2 | 0.9949 (0.9899) | 0.9949 (0.9899) | 0.9949 (0.9899) | 0.9949 (0.9899) | 0.2500 (0.2500) | 99.00 % (99.00 %) | 2 | 100.00 % (100.00 %) | 100.00 % (100.00 %) |",
		"| B-cubed F1 | 0.9949 (0.9899) | 0.9925 (0.9900) | 0.5000 (0.5000) |",
		"| operations, B-cubed F1 | 0.2500 (0.2500) | | |", // none where none are found
		"| own, easy | 0.9949 | 0.9925 | -0.0025 | -0.0100 | +0.0050 | 1 of 2 | 1 of 2 |",
		"| rented, easy | 0.9000 | 0.9000 | +0.0000 | +0.0000 | +0.0000 | 0 of 1 | 0 of 1 |",
		"| own, easy | 0.9950 | 0.9949 | 0.9899 | 1 of 2 | 0.9700 | 0.9899 | 2 of 2 | 95.00 % | 99.00 % | 2 of 2 | 0.5000 (same subject) |",
		"| rented, easy | 0.9950 | 0.9000 | 0.9000 | 0 of 1 | 0.9700 | 0.9000 | 0 of 1 |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	var back []measured
	out.Reset()
	if err := writeJSON(&out, all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || len(back) != 3 || back[0].Ways[spoor].BCubed.F1 != 0.98999 {
		t.Errorf("%v %+v", err, back)
	}
}

// squeezed removes spaces that only align.
func squeezed(s string) string {
	var lines []string
	for l := range strings.Lines(s) {
		lines = append(lines, strings.Join(strings.Fields(l), " "))
	}
	return strings.Join(lines, "\n")
}

func TestFiguresAreNotRoundedUp(t *testing.T) {
	for x, want := range map[float64]string{0.98999: "0.9899", 0.97: "0.9700", 1: "1.0000", 0.29: "0.2900", 0: "0.0000"} {
		if got := figure(x); got != want {
			t.Errorf("%v is shown as %s", x, got)
		}
	}
	if percent(0.98999) != "98.99 %" || percent(1) != "100.00 %" {
		t.Error(percent(0.98999), percent(1))
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{{"-grade", "nasty"}, {"-grade", "easy,nasty"}, {"-seeds", "0"}, {"-n", "0"}, {"-style", "99"}, {"more"}, {"-nothing"}, {"-sources", "nobody"}, {"-sources", "parts", "-corpora", ""}, {"-pairs", "x"}, {"-mail", "x"}, {"-worlds", t.TempDir()}} {
		var out, errors bytes.Buffer
		if code := run(args, &out, &errors); code != 2 || errors.Len() == 0 || out.Len() > 0 {
			t.Errorf("%q: exit code %d, %q", args, code, errors.String())
		}
	}
}
