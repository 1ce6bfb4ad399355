package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"spoor/sql/store/storetest"
)

func TestReadPairs(t *testing.T) {
	all, err := readPairs(strings.NewReader("left\tright\tverdict\tconfidence\n# note\nx/a.eml\tb.eml\tSame\t3\tbox\nb.eml\tc.eml\t{other-offer}\n"))
	if err != nil || !slices.Equal(all, []pair{{"a.eml", "b.eml", "same"}, {"b.eml", "c.eml", "other-offer"}}) {
		t.Errorf("%v %v", all, err)
	}
	for _, bad := range []string{"", "a\tb\n", "a\tb\tperhaps\n"} {
		if _, err := readPairs(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestJudge(t *testing.T) {
	files, at := map[string]int64{}, map[int64]place{}
	for i, p := range []place{{"c1", "o1", 1}, {"c1", "o1", 1}, {"c2", "o1", 1}, {}, {}} {
		key := int64(i + 1)
		files[fmt.Sprint(i)], at[key] = key, p
	}
	files["copy"] = 4
	j := judge([]pair{
		{"0", "1", "same"}, {"0", "2", "same"}, {"3", "4", "different"}, {"1", "0", "different"}, {"1", "2", "other-offer"}, {"3", "copy", "same"}, // of one message
		{"0", "3", "unsure"}, {"0", "gone", "same"},
	}, files, at)
	if j.Pairs != 8 || j.Unsure != 1 || len(j.Missing) != 1 || len(j.Wrong) != 1 || len(j.Missed) != 1 {
		t.Errorf("%+v", j)
	}
	if j.Campaigns.Precision != 2./3 || j.Campaigns.Recall != 2./3 || j.Operations.Precision != 4./5 || j.Operations.Recall != 1 {
		t.Errorf("%+v %+v", j.Campaigns, j.Operations)
	}
	if !strings.Contains(squeezed(j.table()), "| campaigns | 0.6666 | 0.6666 | 0.6666 |") {
		t.Error(j.table())
	}
}

// TestJudgeMail imports a folder: pairs name files, and two files of one message are it.
func TestJudgeMail(t *testing.T) {
	dir := t.TempDir()
	for i := range 4 {
		text := fmt.Sprintf("From: a@spam.example\nMessage-ID: <%d@spam.example>\nSubject: cheap pills for you\nDate: Mon, 1 Jan 2024 10:00:0%d +0000\n\nOrder at http://pills.example/abc123 today, all of them cheap and good and new.\n", i%3, i%3)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("m%d.eml", i)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := extract(t.Context(), storetest.URL(t), mail{path: dir})
	if err != nil {
		t.Fatal(err)
	}
	j, err := c.judge(t.Context(), []pair{{"m0.eml", "m3.eml", "same"}, {"m0.eml", "m9.eml", "same"}})
	if err != nil || len(j.Missing) != 1 || j.Campaigns.Recall != 1 {
		t.Errorf("%v %+v", err, j)
	}
}
