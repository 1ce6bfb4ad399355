package main

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/whois"
)

// fields in the order of the table.
var fields = []string{"registrar", "created", "updated", "expires", "name servers", "name server addresses", "registrant e-mail", "registrant name", "registered or free", "throttled"}

// tally counts one field.
type tally struct{ right, wrong, missing, invented int }

// sheet is the whole score.
type sheet struct {
	answers int
	fields  map[string]*tally
	misses  []string
}

// note counts one comparison. An expected "" means that the answer has no such field; an
// answer in which we then found one anyway counts as invented, and as wrong.
func (s *sheet) note(file, field, want, got string, right bool) {
	if s.fields == nil {
		s.fields = make(map[string]*tally)
	}
	t := s.fields[field]
	if t == nil {
		t = new(tally)
		s.fields[field] = t
	}
	switch {
	case right:
		t.right++
		return
	case want == "":
		t.invented++
	case got == "":
		t.missing++
	default:
		t.wrong++
	}
	s.misses = append(s.misses, fmt.Sprintf("%-22s %-60s want %q got %q", field, file, want, got))
}

func (s *sheet) score(file string, want expectation, got whois.Answer) {
	reg := got.Registration
	if reg == nil {
		reg = &enrich.Registration{}
	}
	s.registrar(file, want, reg)
	for _, d := range []struct {
		attr, field string
		t           time.Time
	}{{"created_on", "created", reg.Created}, {"updated_on", "updated", reg.Updated}, {"expires_on", "expires", reg.Expires}} {
		s.date(file, d.field, d.attr, want, d.t)
	}
	s.nameServers(file, want, reg)
	s.contact(file, want, reg)
	s.outcome(file, want, got)
}

// registrar compares names: the expectation has the registrar's name, its organisation,
// or where the answer has neither, its id.
func (s *sheet) registrar(file string, want expectation, reg *enrich.Registration) {
	if v, known := want.value("registrar", ""); known && v == "" {
		s.note(file, "registrar", "", reg.Registrar.Name, reg.Registrar.Name == "")
		return
	}
	name, _ := want.value("registrar", ".name")
	org, _ := want.value("registrar", ".organization")
	id, _ := want.value("registrar", ".id")
	if name == "" && org == "" && id == "" {
		return
	}
	got := fold(reg.Registrar.Name)
	right := got != "" && (got == fold(name) || got == fold(org) || name == "" && org == "" && got == fold(id))
	s.note(file, "registrar", first(name, org, id), reg.Registrar.Name, right)
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// date compares instants; where the expectation has no zone, the time as written.
func (s *sheet) date(file, field, attr string, want expectation, got time.Time) {
	shown := ""
	if !got.IsZero() {
		shown = got.Format(time.RFC3339)
	}
	if v, known := want.value(attr, ""); known && v == "" {
		s.note(file, field, "", shown, got.IsZero())
		return
	}
	text, ok := want.braced(attr, "TIME")
	if !ok {
		return
	}
	for _, layout := range []string{"2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05", "2006-01-02 15:04:05.999", "2006-01-02", time.RFC3339, "2006-01-02 15:04", "2006-01-02 15:04:05.999 MST", "2006-01-02 15:04:05.999 -0700", "2006-01-02 15:04:05 UTC"} {
		t, err := time.Parse(layout, strings.TrimSpace(text))
		if err != nil {
			continue
		}
		s.note(file, field, text, shown, t.Truncate(time.Second).Equal(got.Truncate(time.Second)))
		return
	}
	s.note(file, field, text, "(expectation not understood)", false)
}

func (s *sheet) nameServers(file string, want expectation, reg *enrich.Registration) {
	var names, addrs []string
	known := false
	for _, l := range want["nameservers"] {
		l = strings.TrimSpace(l)
		if l == "== []" || strings.HasPrefix(l, "%SIZE{0}") {
			known = true
		}
		member, v, ok := strings.Cut(l, "==")
		if !ok || unquote(strings.TrimSpace(v)) == "" {
			continue
		}
		switch v := strings.ToLower(unquote(strings.TrimSpace(v))); {
		case strings.HasSuffix(strings.TrimSpace(member), "].name"):
			names, known = append(names, v), true
		case strings.HasSuffix(strings.TrimSpace(member), "].ipv4"), strings.HasSuffix(strings.TrimSpace(member), "].ipv6"):
			addrs = append(addrs, v)
		}
	}
	if !known {
		return
	}
	var gotNames, gotAddrs []string
	for _, ns := range reg.NameServers {
		gotNames = append(gotNames, ns.Host)
		for _, a := range ns.Addrs {
			gotAddrs = append(gotAddrs, a.String())
		}
	}
	s.set(file, "name servers", names, gotNames)
	if len(addrs) > 0 {
		s.set(file, "name server addresses", addrs, gotAddrs)
	}
}

// set compares two lists without regard to order, case or a final dot.
func (s *sheet) set(file, field string, want, got []string) {
	a, b := slices.Clone(want), slices.Clone(got)
	for i := range a {
		a[i] = strings.TrimRight(a[i], ".")
	}
	sort.Strings(a)
	sort.Strings(b)
	a, b = slices.Compact(a), slices.Compact(b)
	s.note(file, field, strings.Join(a, " "), strings.Join(b, " "), slices.Equal(a, b))
}

// contact compares the first registrant's mail address and name.
func (s *sheet) contact(file string, want expectation, reg *enrich.Registration) {
	for _, f := range []struct {
		member, field, got string
	}{{"[0].email", "registrant e-mail", reg.Registrant.Email}, {"[0].name", "registrant name", reg.Registrant.Name}} {
		if v, known := want.value("registrant_contacts", f.member); known {
			s.note(file, f.field, v, f.got, fold(v) == fold(f.got))
		}
	}
}

// outcome compares registered, free and neither; and throttled or not.
func (s *sheet) outcome(file string, want expectation, got whois.Answer) {
	free, knownFree := want.value("available?", "")
	taken, knownTaken := want.value("registered?", "")
	if knownFree && knownTaken {
		state := func(free, taken bool) string {
			switch {
			case taken:
				return "registered"
			case free:
				return "free"
			}
			return "neither"
		}
		w := state(free == "true", taken == "true")
		g := state(got.Outcome == enrich.None && !got.Reserved, got.Outcome == enrich.Answered)
		s.note(file, "registered or free", w, g+" ("+string(got.Outcome)+": "+got.Detail+")", w == g)
	}
	if v, known := want.value("response_throttled?", ""); known {
		is := got.Outcome == enrich.Throttled
		s.note(file, "throttled", v, fmt.Sprint(is, " ", got.Detail), (v == "true") == is)
	}
}

func (s *sheet) print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%d answers\n\n| field | right | wrong | missing | invented | total | right |\n|---|--:|--:|--:|--:|--:|--:|\n", s.answers)
	for _, f := range fields {
		t := s.fields[f]
		if t == nil {
			continue
		}
		total := t.right + t.wrong + t.missing + t.invented
		fmt.Fprintf(w, "| %s | %d | %d | %d | %d | %d | %.1f %% |\n", f, t.right, t.wrong, t.missing, t.invented, total, 100*float64(t.right)/float64(total))
	}
	if verbose {
		sort.Strings(s.misses)
		fmt.Fprintln(w)
		for _, m := range s.misses {
			fmt.Fprintln(w, m)
		}
	}
}
