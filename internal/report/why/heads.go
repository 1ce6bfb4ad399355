package why

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/explain"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// headLines describe a message: time, sender, subject, origin, and registry
// data of its link targets.
func (p *pairScreen) headLines(key int64) []string {
	m := p.Teller.Facts[key]
	subject := printable.Fold(m.Subject)
	if subject == "" {
		subject = "(no subject)"
	}
	out := []string{subject}
	if s := cameWords(m); s != "" {
		out = append(out, s)
	}
	if r := p.Runs[key]; r != nil {
		out = append(out, runWords(r))
	}
	return append(out, p.leadWords(m)...)
}

// cameWords describes the client and server of a message's delivery.
//
// The HELO name is left out if it repeats the reverse name.
func cameWords(m *evidence.Message) string {
	if !m.Sender.IsValid() {
		return ""
	}
	s := "from " + explain.PlainAddr(m.Sender).String()
	switch {
	case m.ReverseName != "":
		s += " " + m.ReverseName
	case m.ReverseState == "unknown":
		s += ", no reverse name"
	}
	if m.HELO != "" && !strings.EqualFold(m.HELO, m.ReverseName) {
		s += ", HELO " + m.HELO
	}
	if m.AcceptedBy != "" {
		s += ", to " + m.AcceptedBy
		if m.MXPriority >= 0 {
			s += fmt.Sprintf(" (MX %d)", m.MXPriority)
		}
	}
	return s
}

// runWords describes the spamrun that brought the message.
//
// Broken recipients are told if there are any, since they show how the list was
// made.
func runWords(r *campaigns.Spamrun) string {
	s := fmt.Sprintf("in a spamrun of %s, %s long", cli.Number(r.Messages), cli.Seconds(r.EndedAt.Sub(r.StartedAt)))
	if r.Recipients != nil && r.BrokenRecipients != nil && *r.BrokenRecipients > 0 {
		s += fmt.Sprintf(", %s of %s recipients broken", cli.Number(*r.BrokenRecipients), cli.Number(*r.Recipients))
	}
	return s
}

// leadsShown limits the link domains with a line.
const leadsShown = 2

// leadWords summarizes the registry and DNS data of the link domains.
func (t *screen) leadWords(m *evidence.Message) []string {
	var out []string
	for _, f := range evidence.Of(m) {
		d := t.Teller.Domains[f.Value]
		// Only domains that count as evidence: a shared host's registration
		// says nothing of the mail.
		if f.Kind != evidence.LinkDomain || d == nil || len(out) == leadsShown {
			continue
		}
		if s := t.domainWords(d, m.ReceivedAt); s != "" {
			out = append(out, "to "+d.Name+": "+s)
		}
	}
	return out
}

// domainWords describes a domain at the time of the mail: age, registrant,
// registrar, address, name servers.
//
// These are the facts that an analyst would look up first. A registrant behind
// a privacy service is no name.
func (t *screen) domainWords(d *evidence.Domain, mailed time.Time) string {
	var say []string
	if age := ageWords(d.Created, mailed); age != "" {
		say = append(say, age)
	}
	switch who := printable.Fold(d.RegistrantName); {
	case d.Privacy:
		say = append(say, "registrant hidden")
	case who != "":
		say = append(say, "registrant "+who)
	}
	if d.Registrar != "" {
		say = append(say, "registrar "+d.Registrar)
	}
	if len(d.Addresses) > 0 {
		s := "at " + explain.PlainAddr(d.Addresses[0]).String()
		if more := len(d.Addresses) - 1; more > 0 {
			s += fmt.Sprintf(" and %d more", more)
		}
		if a := t.Teller.Addresses[explain.PlainAddr(d.Addresses[0])]; a != nil && a.Owner != "" {
			s += " of " + printable.Fold(a.Owner)
		}
		say = append(say, s)
	}
	if own := slices.ContainsFunc(d.NameServers, func(ns string) bool { return strings.HasSuffix(strings.ToLower(ns), "."+d.Name) }); own {
		s := "name servers of its own"
		if len(d.ServerAddresses) > 0 {
			s += " at " + explain.PlainAddr(d.ServerAddresses[0]).String()
		}
		say = append(say, s)
	}
	return strings.Join(say, ", ")
}

// youngDomain is the age below which the age of a domain is given in days:
// domains in honest mail are older.
const youngDomain = 60 * 24 * time.Hour

// ageWords describes the age of a domain at the time of the mail.
func ageWords(created, mailed time.Time) string {
	switch age := mailed.Sub(created); {
	case created.IsZero():
		return ""
	// A registration after the mail is that of a later life of the name.
	case mailed.IsZero(), age >= youngDomain, age < -24*time.Hour:
		return "registered " + cli.Date(created)
	case age < 24*time.Hour:
		return "registered the same day"
	default:
		return cli.Count(int(age/(24*time.Hour)), "day", "") + " old"
	}
}
