package report

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"spoor/graph/evidence"
	"spoor/sql/store/campaigns"
)

func TestBars(t *testing.T) {
	s := newScale(20, 4, -8, 1, 12)
	for _, c := range []struct {
		from, to float64
		want     string
	}{
		{0, -8, "░░░░░░░░    |"},
		{-8, 1, "█████████   |"},
		{1, 12, "         ███████████"},
		{4, 4, "            |"},
		{12, 11.99, "            |      ░"}, // nothing is drawn as nothing only if it is nothing
		{-8, -7.9, "█           |"},
	} {
		if got := s.bar(c.from, c.to); got != c.want {
			t.Errorf("%v to %v:\n%q, want\n%q", c.from, c.to, got, c.want)
		}
	}
	if got := s.axis(); got != "-8      0   4     12" {
		t.Errorf("axis %q", got)
	}
	// Whatever the sums, a bar stays within its width.
	for width := 1; width < 70; width += 7 {
		for _, sums := range [][]float64{{}, {0, 0}, {-500, 700}, {4, 4, 4}, {-0.01, 0.01}} {
			s := newScale(width, 4, sums...)
			for i := 1; i < len(sums); i++ {
				if n := utf8.RuneCountInString(s.bar(sums[i-1], sums[i])); n > width {
					t.Errorf("bar of %v is %d cells wide, of %d", sums, n, width)
				}
			}
			if n := utf8.RuneCountInString(s.axis()); n > width {
				t.Errorf("axis of %v is %d cells wide, of %d", sums, n, width)
			}
		}
	}
}

func TestOdds(t *testing.T) {
	for bits, want := range map[float64]string{0: "1 to 1", 1: "2 to 1", 5.3: "39 to 1", -3: "1 to 8", 25: "over a million to 1", -40: "1 to over a million", 2.5: "5.7 to 1"} {
		if got := odds(bits); got != want {
			t.Errorf("odds of %v: %q, want %q", bits, got, want)
		}
	}
	if signed(5) != "+5.0" || signed(-0.25) != "-0.25" {
		t.Error(signed(5), signed(-0.25))
	}
}

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
		if got := traitWords(c.kind, c.value); got != c.want && !(strings.HasSuffix(c.want, "about ") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s %q: %q, want %q", c.kind, c.value, got, c.want)
		}
	}
}

// An empty value, or one of another version, breaks no screen.
func TestWordsOfEmptyValues(t *testing.T) {
	for k := range evidence.Kinds {
		if got := traitWords(k.String(), ""); !strings.HasPrefix(got, strings.Fields(k.Words())[0]) {
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

func TestFieldsOfHeader(t *testing.T) {
	got := fieldsOf([]byte("Subject: a\r\n\tb\r\n  c\r\nFrom: x\n\n folded after nothing\nno colon"))
	if want := []string{"Subject: a b c", "From: x folded after nothing", "no colon"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := len(fieldsOf([]byte(strings.Repeat("X: y\n", 10_000)))); n != maxFields {
		t.Errorf("%d fields", n)
	}
}

func TestLinesOfAnswers(t *testing.T) {
	for _, c := range []struct {
		kind        evidence.Kind
		value, line string
		want        bool
	}{
		{evidence.RegistrantPhone, "+48225550146", "phone : +48 22 5550146", true},
		{evidence.RegistrantPhone, "+48225550146", "fax :", false},
		{evidence.RegistrantEmail, "glenn_marston@freemail.example", "e-mail : Glenn_Marston@FREEMAIL.example", true},
		{evidence.Registrant, "glenn marston", "Glenn MARSTON (MARST2-BMN-PE)", true},
		{evidence.Registrar, "online-sas", "Registrar : BookMyName", true},
		{evidence.Registrar, "online-sas", "Registrar URL: http://www.bookmyname.example", false},
		{evidence.Registrar, "online-sas", "Registrar Abuse Contact Email: a@bookmyname.example", false},
		{evidence.Registrar, "online-sas", "registrar.name: BookMyName", true},
		{evidence.RegisteredAt, "online-sas 2005-12-30", "Created on 12/30/2005 09:45:58", true},
		{evidence.RegisteredAt, "online-sas 2005-12-30", "Creation Date: 30-dec-2005", true},
		{evidence.RegisteredAt, "online-sas 2005-12-30", "Updated on 01/04/2006 17:57:33", false},
		{evidence.NameServers, "offleware.example", "one.offleware.example (OOC2-BMN-HST)", true},
		{evidence.NameServers, "", "anything", false},
	} {
		if got := fitting(c.kind, c.value)(c.line); got != c.want {
			t.Errorf("%s %q in %q: %v", c.kind, c.value, c.line, got)
		}
	}
}

func TestOfEachGroupSome(t *testing.T) {
	traits := []heldBy{{evidence.Registrant, 64, 0, 0}, {evidence.RegistrantEmail, 64, 0, 0}, {evidence.RegistrantPhone, 60, 0, 0}, {evidence.LinkDomain, 9, 0, 0},
		{evidence.LinkTenant, 8, 0, 0}, {evidence.LinkHost, 7, 0, 0}, {evidence.HELOForm, 78, 0, 0}}
	if got := perGroup(traits, 2, false); !slices.Equal(got, []int{0, 2, 3, 4, 6}) {
		t.Errorf("chose %v", got)
	}
	if got := perGroup(traits, 2, true); len(got) != len(traits) {
		t.Errorf("of all, chose %v", got)
	}
}

func TestParseWithout(t *testing.T) {
	w, err := parseWithout([]string{"registrar", "Hosting", "subject:software", "link shop.example"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(w.Kinds, evidence.Registrar) || !slices.Contains(w.Kinds, evidence.HostNet) || slices.Contains(w.Kinds, evidence.Registrant) {
		t.Errorf("kinds %v", w.Kinds)
	}
	for _, f := range []evidence.Feature{{Kind: evidence.SubjectKey, Value: "software"}, {Kind: evidence.LinkDomain, Value: "shop.example"}} {
		if !slices.Contains(w.Features, f.Key()) {
			t.Errorf("%v is missing", f)
		}
	}
	if _, err := parseWithout([]string{"no such kind"}); err == nil {
		t.Error("nonsense is no evidence")
	}
}

func TestBlock(t *testing.T) {
	c := &onePage{last: campaigns.LastRun{SetAside: []campaigns.SetAside{{Value: "list.example"}}}}
	for _, l := range []struct {
		link campaigns.Link
		want string
	}{
		{campaigns.Link{Host: "www.shop.example", Domain: "shop.example", Members: 9, Spam: 9}, "yes"},
		{campaigns.Link{Host: "www.shop.example", Domain: "shop.example", Members: 9, Spam: 9, Ham: 1}, "no, ham too"},
		{campaigns.Link{Host: "www.shop.example", Domain: "shop.example", Members: 4, Spam: 9}, "others too"},
		{campaigns.Link{Host: "sites.example", Domain: "sites.example", Members: 9, Spam: 9, Shared: "hosting"}, "no, shared host"},
		{campaigns.Link{Host: "www.w3.org", Domain: "w3.org", Members: 9, Spam: 9}, "no, everybody's"},
		{campaigns.Link{Host: "list.example", Domain: "list.example", Members: 9, Spam: 9}, "no, common"},
		{campaigns.Link{Host: "192.0.2.1", Members: 2, Spam: 2}, "yes"},
	} {
		if got := c.blockLink(&l.link); got != l.want {
			t.Errorf("%s: %q, want %q", l.link.Host, got, l.want)
		}
	}
}
