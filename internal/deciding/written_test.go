package deciding

import (
	"strings"
	"testing"

	"spoor/graph/decision"
)

func TestWrittenByPeople(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"name", "  toner \x1b[31m gang "}: "toner \uFFFD[31m gang",
		{"tag", "Pharmacy"}:                "pharmacy",
		{"note", "two\nlines"}:             "two lines",
	} {
		if got, err := written(decision.Kind(in[0]), in[1]); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range [][2]string{{"name", " \n"}, {"name", strings.Repeat("x", 201)}, {"tag", "two words"}, {"tag", "a,b"}, {"untag", ""}, {"note", "\xff"}} {
		if got, err := written(decision.Kind(in[0]), in[1]); err == nil {
			t.Errorf("%q was taken as %q", in, got)
		}
	}
}
