package terms_test

import (
	"slices"
	"strings"
	"testing"

	"spoor/sql/store/terms"
)

func TestNames(t *testing.T) {
	deep := strings.Repeat("a.", 500) + "b.example"
	for host, want := range map[string][]string{
		"":                  nil,
		"localhost":         nil,
		"Mail.Shop.Example": {".mail.shop.example", ".shop.example"},
		"shop.example.":     {".shop.example"},
		deep:                {".a.a.a.a.a.a.b.example", ".a.a.a.a.a.b.example", ".a.a.a.a.b.example", ".a.a.a.b.example", ".a.a.b.example", ".a.b.example", ".b.example"},
	} {
		if got := terms.AppendNames(nil, host); !slices.Equal(got, want) {
			t.Errorf("%.40q: %q, want %q", host, got, want)
		}
	}
	if got := terms.AppendAddress(nil, "Ann@Shop.Example"); !slices.Equal(got, []string{"@ann@shop.example", ".shop.example"}) {
		t.Errorf("an address: %q", got)
	}
}

// TestQuery quotes operators of the search.
func TestQuery(t *testing.T) {
	for want, list := range map[string][]string{
		"":                            {"", "="},
		`'=it''s \\ & | ! <-> :*'`:    {terms.Whole(`It's \ & | ! <-> :*`)},
		"'=a b' | '#4fzq' | '@x@y.z'": {terms.Whole("A b"), terms.QueueID("4FZQ"), terms.Address("x@y.z")},
	} {
		if got := terms.Query(list...); got != want {
			t.Errorf("%q: %s, want %s", list, got, want)
		}
	}
	if got := terms.Whole(strings.Repeat("é", 500)); len(got) > 121 || !strings.HasSuffix(got, "é") {
		t.Errorf("a long text: %d bytes", len(got))
	}
}
