package explain

import (
	"slices"
	"strings"
	"testing"

	"spoor/graph/evidence"
)

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
