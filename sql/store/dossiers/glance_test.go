package dossiers_test

import (
	"testing"

	"spoor/internal/dossier"
	"spoor/internal/lab/desk"
	"spoor/sql/store/dossiers"
	"spoor/sql/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// TestAGlanceGivesTheSameVerdicts: a page counts only as much as a verdict needs, an export counts
// exactly.
func TestAGlanceGivesTheSameVerdicts(t *testing.T) {
	db := storetest.New(t)
	if err := desk.Fill(t.Context(), db, 4000); err != nil {
		t.Fatal(err)
	}
	st := dossiers.New(db)
	reasons := make(map[string]int)
	for id := int64(1); id <= 12; id++ {
		whole, err := st.Read(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		glance, err := st.Glance(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		whole.Judge(whole.Known)
		glance.Judge(glance.Known)
		verdicts := make(map[dossier.Kind]map[string]string)
		for _, kind := range []dossier.Kind{dossier.LinkDomain, dossier.LinkHost} {
			verdicts[kind] = make(map[string]string)
		}
		for _, in := range glance.Indicators {
			if of := verdicts[in.Kind]; of != nil {
				of[in.Value] = in.Verdict.Words()
			}
		}
		for _, in := range whole.Indicators {
			of := verdicts[in.Kind]
			if of == nil {
				continue
			}
			if got := of[in.Value]; got != in.Verdict.Words() {
				t.Errorf("c%d: %s %s is %q at a glance, %q counted exactly", id, in.Kind, in.Value, got, in.Verdict.Words())
			}
			delete(of, in.Value)
			reasons[in.Verdict.Words()]++
		}
		for kind, of := range verdicts {
			if len(of) > 0 {
				t.Errorf("c%d: %s only at a glance: %v", id, kind, of)
			}
		}
	}
	if len(reasons) < 3 {
		t.Errorf("the store holds too few reasons to compare: %v", reasons)
	}
	t.Log(reasons)
}
