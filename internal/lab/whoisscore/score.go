package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/whois"
)

// fields in the order of the table.
var fields = []string{"registrar", "created", "updated", "expires", "name servers", "name server addresses", "registrant e-mail", "registrant name", "registrant", "registrant hidden", "registered or free", "throttled"}

// tally counts one field.
type tally struct{ right, wrong, missing, invented int }

// sheet is the whole score.
type sheet struct {
	answers int
	fields  map[string]*tally
	misses  []string
}

// note counts one comparison. An expected "" means that the answer lacks the
// field; a value found in spite of that counts as invented and as wrong.
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

// score compares one answer field by field.
func (s *sheet) score(file string, want expectation, got whois.Answer) {
	reg := got.Registration
	if reg == nil {
		reg = &enrich.Registration{}
	}
	s.registrar(file, want, reg)
	for _, d := range []struct {
		attr, field string
		t           time.Time
		raw         string
	}{
		{"created_on", "created", reg.Created, reg.Raw.Created}, {"updated_on", "updated", reg.Updated, reg.Raw.Updated},
		{"expires_on", "expires", reg.Expires, reg.Raw.Expires},
	} {
		s.date(file, d.field, d.attr, want, d.t, d.raw)
	}
	s.nameServers(file, want, reg)
	s.contact(file, want, reg)
	s.outcome(file, want, got)
}

// registrar compares names. The expectation has the registrar's name, its
// organisation or, if the answer has neither, its id.
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
	right := got != "" && (got == fold(name) || got == fold(org) || got == bare(name) || name == "" && org == "" && got == fold(id))
	s.note(file, "registrar", first(name, org, id), reg.Registrar.Name, right)
}

// first returns the first value that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// bare is fold without the registry's id after a registrar's name: "Example
// (R1-LROR)".
func bare(s string) string {
	s = fold(s)
	if i := strings.LastIndex(s, " ("); i > 0 && strings.HasSuffix(s, ")") {
		return s[:i]
	}
	return s
}

// date compares instants, or the written time if the expectation has no zone.
func (s *sheet) date(file, field, attr string, want expectation, got time.Time, raw string) {
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
	t, zoned, ok := readTime(strings.TrimSpace(text))
	if !ok {
		s.note(file, field, text, "(expectation not understood)", false)
		return
	}
	right := t.Equal(got.Truncate(time.Second))
	if apart := t.Sub(got.Truncate(time.Second)).Abs(); !zoned && hasZone(raw) && apart <= 14*time.Hour && apart%(30*time.Minute) == 0 {
		right = !got.IsZero() // the answer has a zone and the expectation omits it
	}
	s.note(file, field, text, shown, right)
}

// zones of the expectations that time.Parse does not know.
var zones = strings.NewReplacer(" WAT", " +0100", " CET", " +0100", " CEST", " +0200", " EET", " +0200", " EEST", " +0300", " MSK", " +0300", " JST", " +0900", " BST", " +0100",
	" EAT", " +0300", " PDT", " -0700", " PST", " -0800", " EDT", " -0400", " EST", " -0500", "T", " ", "UTC", "+0000", "Z", "+0000", "GMT", "+0000")

// readTime parses the time of an expectation; zoned reports whether it has a
// zone.
func readTime(s string) (t time.Time, zoned, ok bool) {
	s = zones.Replace(s)
	for _, clock := range []string{" 15:04:05.999999", " 15:04:05", " 15:04", ""} {
		for _, zone := range []string{"-0700", " -0700", "-07:00", " -07:00"} {
			if t, err := time.Parse("2006-01-02"+clock+zone, s); err == nil {
				return t.Truncate(time.Second), true, true
			}
		}
		if t, err := time.Parse("2006-01-02"+clock, s); err == nil {
			return t.Truncate(time.Second), false, true
		}
	}
	return time.Time{}, false, false
}

// hasZone reports whether a written date ends with a zone.
func hasZone(raw string) bool {
	raw = strings.TrimRight(raw, ") .")
	i := strings.LastIndexAny(raw, ":")
	return i > 0 && strings.ContainsAny(raw[i:], "+-ABCDEFGHIJKLMNOPQRSTUVWXYZ") || strings.Contains(raw, "GMT") || strings.Contains(raw, "+")
}

// nameServers compares names and addresses as sets; an answer without an
// expectation is not scored.
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
			if f.field == "registrant e-mail" && !strings.Contains(v, "@") {
				v = "" // "Visit … for web based WHOIS" is not an address
			}
			s.note(file, f.field, v, f.got, fold(v) == fold(f.got))
		}
	}
	s.holder(file, want, reg)
}

// hiding are words by which a name is known for that of a privacy service, or for none. They are
// not those of package whois, which is to be measured.
var hiding = regexp.MustCompile(`(?i)privacy|private|proxy|protect|redacted|ano nymous|whois ?guard`)

// holder compares whom a record names as registrant: under name or organisation, since registries
// differ on where a company stands, and weppos' files follow their labels. A name that hides
// the registrant counts by itself: it is right if none is given and the record is said to hide it.
func (s *sheet) holder(file string, want expectation, reg *enrich.Registration) {
	name, known := want.value("registrant_contacts", "[0].name")
	if !known {
		return
	}
	got := &reg.Registrant
	if hiding.MatchString(name) {
		hidden := got.Name == "" && got.Organization == "" && (reg.Privacy != "" || slices.Contains(reg.Redacted, "registrant.name"))
		s.note(file, "registrant hidden", name, strings.Join([]string{got.Name, got.Organization}, ""), hidden)
		return
	}
	organization, _ := want.value("registrant_contacts", "[0].organization")
	right := fold(name) == fold(got.Name)
	for _, w := range []string{name, organization} {
		right = right || w != "" && (fold(w) == fold(got.Name) || fold(w) == fold(got.Organization))
	}
	s.note(file, "registrant", name, got.Name, right)
}

// outcome compares registered, free and neither, and whether the answer was
// throttled.
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
		if st, _ := want.value("status", ""); st == ":reserved" && w == "registered" {
			w = "neither" // expectations differ on whether a reserved name counts as registered
		}
		g := state(got.Outcome == enrich.None && !got.Reserved, got.Outcome == enrich.Answered && !got.Reserved)
		s.note(file, "registered or free", w, g+" ("+string(got.Outcome)+": "+got.Detail+")", w == g)
	}
	if v, known := want.value("response_throttled?", ""); known {
		is := got.Outcome == enrich.Throttled
		s.note(file, "throttled", v, fmt.Sprint(is, " ", got.Detail), (v == "true") == is)
	}
}

// print prints the table and, if wanted, every miss.
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
