package naming

import (
	"slices"
	"testing"
)

func kindsOf(text string) (out []string) {
	for _, i := range Readings(text) {
		out = append(out, i.Kind)
	}
	return out
}

func TestReadings(t *testing.T) {
	for text, want := range map[string][]string{
		"AS64501":                {"as", "host", "words"},
		"as 64501":               {"as", "words"},
		"888-763-2497":           {"phone", "words"},
		"fb3648c0":               {"hash", "host", "words"},
		"4471000":                {"phone", "hash", "words"},
		"hxxp://www[.]a[.]test/": {"host", "words"},
		"ann@shop.example":       {"mail", "words"},
		"192.0.2.0/24":           {"net", "words"},
		`"glenn marston"`:        {"words"},
		"":                       nil,
	} {
		if got := kindsOf(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// However a number is written and stored, the two meet.
func TestPhonesInAnyWriting(t *testing.T) {
	for _, c := range []struct{ typed, stored string }{
		{"888-763-2497", "+18887632497"}, {"1-888-763-2497", "+18887632497"}, {"(888) 763 2497", "8887632497"}, {"+1 888 763 2497", "8887632497"},
		{"001 888 763 2497", "+18887632497"}, {"1-800-FLOWERS", "+18003569377"}, {"030 5550 1000", "+493055501000"}, {"+49 30 5550 1000", "03055501000"},
		{"tel:+4930555010", "+4930555010"}, {"888.763.2497", "+18887632497"},
	} {
		i := Readings(c.typed)[0]
		if i.Kind != "phone" || !slices.Contains(i.Forms, c.stored) {
			t.Errorf("%q does not find %s: %s", c.typed, c.stored, i.Kind)
		}
	}
	for _, text := range []string{"192.0.2.1", "2006-01-02-to-spam", "shop-4471.example", "12345"} {
		if i := Readings(text)[0]; i.Kind == "phone" {
			t.Errorf("%q is taken for a phone number", text)
		}
	}
}

// A key of every kind that stands in mail is looked for, in the writing typed and in lower case.
func TestWordsAreEveryKind(t *testing.T) {
	i := Readings("Glenn Marston")[0]
	if i.Kind != "words" || i.Value != "glenn marston" || len(i.Keys) < 100 {
		t.Errorf("%s %q, %d keys", i.Kind, i.Value, len(i.Keys))
	}
	if i := Readings("id in a link aff=4471")[0]; len(i.Keys) == 0 || len(i.Keys) > 4 {
		t.Errorf("a kind that is named: %d keys", len(i.Keys))
	}
}
