package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/internal/cli"
	"spoor/sql/store/lookups"
)

// print shows the answers, contradictions between sources, and earlier
// registrations that held when stored mail came.
func (a *answered) print(env *cli.Env, raw bool) error {
	if err := printObservations(env, a.observations, raw); err != nil {
		return err
	}
	if err := printConflicts(env, a.conflicts); err != nil {
		return err
	}
	return printLives(env, a.lives)
}

// printLives shows, for a domain that was registered anew, its registration at
// the time of stored mail.
func printLives(env *cli.Env, lives []lookups.Life) error {
	if len(lives) == 0 {
		return nil
	}
	head := fmt.Sprintf("Registered anew on %s. To mail that came before:", cli.Date(lives[0].Anew))
	if err := env.Printf("\n%s\n", env.Bold(head)); err != nil {
		return err
	}
	for i := range lives {
		line := fmt.Sprintf("  mail of %s  %s", cli.Date(lives[i].MailAt), lifeText(&lives[i]))
		if err := env.Printf("%s", cli.Wrap(env.Text(line), env.Columns(), 22)); err != nil {
			return err
		}
	}
	return nil
}

// lifeText describes an earlier registration and the answer that proves it.
//
// The wording separates proof by an answer of that time from inference by a
// later answer, such as a creation date.
func lifeText(l *lookups.Life) string {
	if l.State == "" {
		return "nothing is known of its registration then"
	}
	text := l.State
	for _, part := range [][2]string{{"created", dateOrNone(l.Created)}, {"registrar", l.Registrar}, {"registrant", l.Registrant}} {
		if part[1] != "" {
			text += ", " + part[0] + " " + part[1]
		}
	}
	by := "by the answer of "
	if l.ProvenBy != "answer" {
		by = "as far as the later answer proves it, of "
	}
	return text + "; " + by + dateOrNone(l.LookedUpAt)
}

// dateOrNone is a date; "" for none.
func dateOrNone(t *time.Time) string {
	if t == nil {
		return ""
	}
	return cli.Date(*t)
}

// printConflicts lists the fields on which sources disagree, a line for each
// source.
func printConflicts(env *cli.Env, conflicts []lookups.Conflict) error {
	if len(conflicts) == 0 {
		return nil
	}
	if err := env.Printf("\n%s\n", env.Bold("Sources disagree")); err != nil {
		return err
	}
	field := ""
	for _, c := range conflicts {
		title := strings.ReplaceAll(c.Field, "_", " ")
		if c.Field == field {
			title = ""
		}
		field = c.Field
		if err := env.Printf("%s", cli.Wrap(env.Text(fmt.Sprintf("  %-19s %-15s  %s", title, c.Source, c.Value)), env.Columns(), 39)); err != nil {
			return err
		}
	}
	return nil
}

// printObservations shows answers as people read WHOIS: a line a field, unknown ones left
// out.
//
// The title has the server and the time: an answer is a statement of somebody
// at a moment.
func printObservations(env *cli.Env, list []enrich.Observation, raw bool) error {
	for i := range list {
		o := &list[i]
		if i > 0 {
			if err := env.Printf("\n"); err != nil {
				return err
			}
		}
		title := fmt.Sprintf("%s   %s   %s   %s", o.Name, o.Source, o.Server, cli.Minute(o.AskedAt))
		if err := env.Printf("%s\n", env.Bold(env.Text(title))); err != nil {
			return err
		}
		if err := printObservation(env, o, raw); err != nil {
			return err
		}
	}
	return nil
}

// printObservation prints one answer, as the server wrote it with --raw. An
// answer that is none shows its outcome.
//
// Every text of a server passes env.Text, which removes control sequences.
func printObservation(env *cli.Env, o *enrich.Observation, raw bool) error {
	if o.Outcome != enrich.Answered {
		text := string(o.Outcome)
		if o.Detail != "" {
			text += ": " + o.Detail
		}
		if err := env.Printf("%s", cli.Wrap("  "+env.Text(text), env.Columns(), 2)); err != nil {
			return err
		}
	}
	if raw {
		for line := range strings.Lines(textOfAnswer(o)) {
			if err := env.Printf("  %s\n", env.Text(strings.TrimRight(line, "\r\n"))); err != nil {
				return err
			}
		}
		return nil
	}
	for _, l := range linesOf(o.Parsed) {
		if l[1] == "" {
			continue
		}
		if err := env.Printf("%s", cli.Wrap(env.Text(fmt.Sprintf("  %-13s %s", l[0], l[1])), env.Columns(), 16)); err != nil {
			return err
		}
	}
	return nil
}

// linesOf returns label and value of each field of a parsed answer; empty
// values are skipped later.
func linesOf(parsed any) [][2]string {
	switch p := parsed.(type) {
	case *enrich.Registration:
		return registrationLines(p)
	case *enrich.Records:
		return recordLines(p)
	case *enrich.Reverse:
		return [][2]string{{"names", strings.Join(p.Names, ", ")}, {"confirmed", orNone(p.Confirmed)}}
	case *enrich.Netblock:
		return netblockLines(p)
	case *enrich.OriginAS:
		return originLines(p)
	}
	return nil
}

// registrationLines are the lines of a domain's registration, in the order of
// usual WHOIS output.
//
// Contradictions within the answer come last, as "odd".
func registrationLines(r *enrich.Registration) [][2]string {
	registrar := r.Registrar.Name
	if r.Registrar.IANAID > 0 {
		registrar += fmt.Sprintf(" (IANA %d)", r.Registrar.IANAID)
	}
	lines := [][2]string{
		{"domain", r.Domain}, {"registrar", registrar}, {"reseller", r.Reseller}, {"abuse", strings.TrimSpace(r.Registrar.AbuseEmail + " " + r.Registrar.AbusePhone)},
	}
	for _, c := range []struct {
		role string
		c    *enrich.Contact
	}{{"registrant", &r.Registrant}, {"admin", &r.Admin}, {"tech", &r.Tech}, {"billing", &r.Billing}} {
		lines = append(lines, contactLines(c.role, c.c)...)
	}
	lines = append(lines,
		[2]string{"created", dateText(r.Created, r.Raw.Created)}, [2]string{"updated", dateText(r.Updated, r.Raw.Updated)}, [2]string{"expires", dateText(r.Expires, r.Raw.Expires)})
	for _, ns := range r.NameServers {
		lines = append(lines, [2]string{"name server", strings.TrimSpace(ns.Host + "  " + addresses(ns.Addrs) + handle(ns.Handle))})
	}
	return append(lines,
		[2]string{"status", strings.Join(r.Status, ", ")}, [2]string{"dnssec", r.DNSSEC}, [2]string{"privacy", r.Privacy},
		[2]string{"redacted", strings.Join(r.Redacted, ", ")}, [2]string{"odd", strings.Join(r.Anomalies, ", ")})
}

// contactLines are the lines of one contact. Normalised values go before those
// as written.
func contactLines(role string, c *enrich.Contact) [][2]string {
	place := strings.Join(nonEmpty(append(append([]string{}, c.Street...), c.City, c.Region, c.PostalCode, cmp.Or(c.Country, c.CountryRaw))), ", ")
	phone := cmp.Or(c.Phone, c.PhoneRaw)
	if c.PhoneCountry != "" {
		phone += " (" + c.PhoneCountry + ")"
	}
	return [][2]string{
		{role, strings.TrimSpace(strings.Join(nonEmpty([]string{c.Name, c.Organization}), ", ") + handle(c.Handle))},
		{"  address", place}, {"  phone", phone}, {"  fax", c.Fax}, {"  e-mail", c.Email},
	}
}

// recordLines are the lines of DNS records; each MX, NS and TXT has one.
func recordLines(r *enrich.Records) [][2]string {
	lines := [][2]string{{"A", addresses(r.A)}, {"AAAA", addresses(r.AAAA)}, {"CNAME", strings.Join(r.CNAME, " -> ")}}
	for _, mx := range r.MX {
		lines = append(lines, [2]string{"MX", fmt.Sprintf("%d %s", mx.Preference, mx.Host)})
	}
	for _, ns := range r.NS {
		lines = append(lines, [2]string{"NS", strings.TrimSpace(ns.Host + "  " + addresses(ns.Addrs))})
	}
	if r.SOA != nil {
		lines = append(lines, [2]string{"SOA", fmt.Sprintf("%s %s, serial %d", r.SOA.MName, r.SOA.RName, r.SOA.Serial)})
	}
	for _, t := range r.TXT {
		lines = append(lines, [2]string{"TXT", t})
	}
	return lines
}

// netblockLines are the lines of a netblock.
func netblockLines(n *enrich.Netblock) [][2]string {
	var prefixes []string
	for _, p := range n.Prefixes {
		prefixes = append(prefixes, p.String())
	}
	return [][2]string{
		{"netblock", strings.Join(prefixes, ", ")}, {"name", n.Name + handle(n.Handle)}, {"owner", n.Owner}, {"country", n.Country}, {"registry", n.Registry},
		{"status", n.Status}, {"abuse", n.AbuseEmail}, {"created", cli.Date(n.Created)}, {"updated", cli.Date(n.Updated)}, {"refers to", n.Refers},
	}
}

// originLines are the autonomous systems that announce a prefix; more than one
// is possible.
func originLines(o *enrich.OriginAS) [][2]string {
	var out [][2]string
	for i, asn := range o.ASNs {
		text := fmt.Sprintf("AS%d", asn)
		if i < len(o.Names) {
			text = strings.TrimSpace(text + "  " + o.Names[i])
		}
		out = append(out, [2]string{"origin", text})
	}
	return append(out, [2]string{"announced", o.Prefix.String()})
}

// dateText is the parsed time, else the text as it was written.
//
// A date that no parser reads is still shown.
func dateText(t time.Time, raw string) string {
	if !t.IsZero() {
		return cli.Minute(t)
	}
	return raw
}

// addresses joins addresses with commas.
func addresses(list []netip.Addr) string {
	var out []string
	for _, a := range list {
		out = append(out, a.String())
	}
	return strings.Join(out, ", ")
}

// handle is a registry's handle in parentheses.
func handle(h string) string {
	if h == "" {
		return ""
	}
	return " (" + h + ")"
}

// orNone joins a list; "none" if it is empty.
func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// nonEmpty drops the empty strings.
func nonEmpty(list []string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
