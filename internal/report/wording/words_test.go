package wording

import (
	"slices"
	"strings"
	"testing"

	"spoor/graph/evidence"
)

func TestWordsOfTraits(t *testing.T) {
	for _, c := range []struct{ kind, value, want string }{
		{"HELO form", "99", "HELO a bare number"},
		{"HELO form", "916", "HELO a bare number"},
		{"HELO form", "a8", "HELO like a8"},
		{"HELO form", "another's [address]", "HELO another's [address]"},
		{"HELO form", "not the reverse name: pool0.example", "HELO like pool0.example, not its reverse name"},
		{"registered at", "online-sas 2005-12-30", "registered with online-sas on 2005-12-30"},
		{"registered at", " 2005-12-30", "registered on 2005-12-30"},
		{"registered at", "acme " + "15ikg", "registered with acme within minutes, about "}, // and a time
		{"registered at", "acme zzzzzzzzzzzzzzzz", "registered with acme zzzzzzzzzzzzzzzz"},
		{"registered at", "", "registered "},
		{"text", "0123456789abcdef", "same text 01234567"},
		{"subject", "two\nlines\x1b[31m", `subject "two lines�[31m"`},
		{"link at a shared host", "sites.example/a", "link sites[.]example/a"},
		{"link at a shared host", "sites.example ann", "link sites[.]example, customer ann"},
		{"header order", "From,To,", "header order From To"},
		{"spamrun", "17", "one spamrun"},
		{"link domain", "shop.example", "link shop.example"},
		{"sender's AS", "64501", "sent from AS64501"},
		{"anomalies", "helo-number hop-no-address", "anomalies of the header: HELO a bare number, a Received line without an address"},
		{"something new", "x", "something new x"},
	} {
		if got := Trait(c.kind, c.value); got != c.want && !(strings.HasSuffix(c.want, "about ") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s %q: %q, want %q", c.kind, c.value, got, c.want)
		}
	}
}

// An empty value, or one of another version, breaks no screen.
func TestWordsOfEmptyValues(t *testing.T) {
	for k := range evidence.Kinds {
		if got := Trait(k.String(), ""); !strings.HasPrefix(got, strings.Fields(k.Words())[0]) {
			t.Errorf("%s: %q does not begin as %q", k, got, k.Words())
		}
	}
}

// A window of the time of registration is one of two, five minutes apart; the words name its
// middle.
func TestRegistrationWindow(t *testing.T) {
	a, b := momentWords("acme 1"), momentWords("acme +1")
	if !strings.HasSuffix(a, "1970-01-01 00:15Z") || !strings.HasSuffix(b, "1970-01-01 00:10Z") {
		t.Errorf("%q, %q", a, b)
	}
}

func TestOfEachGroupSome(t *testing.T) {
	traits := []HeldBy{{evidence.Registrant, 64, 0, 0}, {evidence.RegistrantEmail, 64, 0, 0}, {evidence.RegistrantPhone, 60, 0, 0}, {evidence.LinkDomain, 9, 0, 0},
		{evidence.LinkTenant, 8, 0, 0}, {evidence.LinkHost, 7, 0, 0}, {evidence.HELOForm, 78, 0, 0}}
	if got := PerGroup(traits, 2, false); !slices.Equal(got, []int{0, 2, 3, 4, 6}) {
		t.Errorf("chose %v", got)
	}
	if got := PerGroup(traits, 2, true); len(got) != len(traits) {
		t.Errorf("of all, chose %v", got)
	}
}
