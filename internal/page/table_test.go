package page

import (
	"fmt"
	"strings"
	"testing"
)

// Columns in which no line has anything are left out; the first column and headings stay.
func TestWithoutEmptyColumns(t *testing.T) {
	full := table{Name: "a", ID: "b", Head: []head{{"Domain", "mono"}, {"Registered", ""}, {"Registrant", ""}, {"Block?", ""}}}
	full.heading("of one group")
	full.add(cell{}, cell{Note: "to 2006"}, word(""), word("no"))
	full.add(word("x"), word(""), word(""), word("yes"))
	got := full.withoutEmpty()
	var heads []string
	for _, h := range got.Head {
		heads = append(heads, h.Text)
	}
	if fmt.Sprint(heads) != "[Domain Registered Block?]" || got.Name != "a" || got.ID != "b" || got.Rows[0].Heading != "of one group" {
		t.Errorf("%v %+v", heads, got)
	}
	for i, r := range got.Rows[1:] {
		if len(r.Cells) != len(got.Head) || r.Cells[2].Text != []string{"no", "yes"}[i] {
			t.Errorf("row %d: %+v", i, r)
		}
	}
	if none := (&table{Head: []head{{"Domain", ""}, {"Registered", ""}}, Unless: "nothing"}).withoutEmpty(); none.Unless != "nothing" || len(none.Rows) > 0 {
		t.Errorf("%+v", none)
	}
}

// A long header field shows its beginning on one line, and all of itself when asked.
func TestLongFields(t *testing.T) {
	short := fieldOf("To", strings.Repeat("x", longField))
	if short.Begins != "" {
		t.Errorf("%+v", short)
	}
	long := fieldOf("X-Info", "a\n b"+strings.Repeat("x", longField))
	if !strings.HasPrefix(long.Begins, "a b") || len([]rune(long.Begins)) > fieldBegins || long.Length != "804 bytes" || len(long.Value) != longField+4 {
		t.Errorf("%q %q", long.Begins, long.Length)
	}
}
