package whois

import (
	"cmp"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/internal/text"
)

// Parse parses a WHOIS answer about name from server (a host name; "" if
// unknown). It never panics. Its time and its result are bounded by the size of
// raw.
//
// name is also the proof: a record of another domain is refused, because some
// servers answer with the parent or with a neighbour. The server serves as a
// hint for the layout when the name is unknown.
func Parse(name, server string, raw []byte) Answer {
	asked := domainIn(name)
	tld := topLevel(asked, server)
	said := decode(raw, tld)
	lines := splitLines(said)
	r := reader{asked: asked, style: dateStyle{order: orderOf(said, lines, tld), local: localZone(lines, tld)}}
	r.read(lines)
	if tld == "to" {
		tonic(lines, asked, &r)
	}
	reg := r.finish()
	v := judge(lines, reg, asked)
	if v.Outcome == enrich.Answered && asked != "" && reg.Domain != "" && reg.Domain != asked {
		return OfAnother(reg.Domain)
	}
	if v.Outcome == enrich.Answered {
		v.Registration = reg
		complete(reg, said, r.style)
		polish(reg, asked)
	}
	return v
}

// OfAnother is the Answer for a record of another domain. It proves neither a
// registration nor that the domain is free.
func OfAnother(name string) Answer {
	return Answer{Outcome: enrich.Malformed, Detail: "the answer is about another domain: " + text.Cut(name, 100)}
}

// topLevel returns the top-level domain of the name, or else of the server.
func topLevel(asked, server string) string {
	if asked == "" {
		asked = strings.ToLower(strings.TrimRight(server, "."))
	}
	return asked[strings.LastIndexByte(asked, '.')+1:]
}

// orderOf returns the order of day and month: the answer states it, a date
// proves it, or it is the custom in the country of the top-level domain.
func orderOf(said string, lines []line, tld string) dayOrder {
	low := strings.ToLower(said[:min(len(said), 64<<10)])
	switch {
	case strings.Contains(low, "dd/mm"):
		return dayFirst
	case strings.Contains(low, "mm/dd"):
		return monthFirst
	}
	for i := range lines {
		l := &lines[i]
		if l.key == "" || !strings.ContainsRune(l.value, '/') || len(l.value) > maxDateText {
			continue
		}
		if o, ok := evidence(l.value); ok {
			return o
		}
	}
	// Registries of these country codes are run for the American market.
	if len(tld) == 2 && tld != "us" && tld != "ph" && tld != "cc" && tld != "tv" && tld != "ws" {
		return dayFirst
	}
	return monthFirst
}

// finish converts the collected data to a Registration.
func (r *reader) finish() *enrich.Registration {
	reg := &r.reg
	reg.NameServers = r.hosts.list
	if r.renewal != "" {
		setDate(&reg.Expires, &reg.Raw.Expires, r.renewal, r.style)
	}
	// The order matters: contacts are resolved after both records are joined,
	// and classified after they are complete.
	r.joinEarlier()
	r.resolve()
	for i, p := range contactsOf(reg) {
		d := &r.who[i]
		d.letter()
		d.names()
		*p.contact = d.c
		for _, f := range d.hidden {
			reg.Redacted = append(reg.Redacted, p.role+"."+string(f))
		}
	}
	r.finishRegistrar()
	if r.public {
		sharePublic(reg)
	}
	return reg
}

// sharePublic completes the registrant of .jp from the public contact if both
// have the same name. A different name there is a service or registrar.
func sharePublic(reg *enrich.Registration) {
	who, public := &reg.Registrant, reg.Admin
	if !strings.EqualFold(cmp.Or(who.Organization, who.Name), public.Name) || who.Email != "" || public.Name == "" {
		return
	}
	handle, org := who.Handle, who.Organization
	*who = public
	who.Handle, who.Organization = handle, org
}

// joinEarlier completes the record from an earlier one of the same domain.
func (r *reader) joinEarlier() {
	old := r.earlier
	if old == nil {
		return
	}
	reg := &r.reg
	if len(reg.NameServers) == 0 {
		reg.NameServers = r.earlierHosts
	}
	if len(reg.Status) == 0 {
		reg.Status = old.Status
	}
	for _, d := range []struct {
		to, from       *time.Time
		rawTo, rawFrom *string
	}{
		{&reg.Created, &old.Created, &reg.Raw.Created, &old.Raw.Created}, {&reg.Updated, &old.Updated, &reg.Raw.Updated, &old.Raw.Updated},
		{&reg.Expires, &old.Expires, &reg.Raw.Expires, &old.Raw.Expires},
	} {
		if d.to.IsZero() && !d.from.IsZero() {
			*d.to, *d.rawTo = *d.from, *d.rawFrom
		}
	}
	for _, p := range [][2]*string{
		{&reg.Handle, &old.Handle}, {&reg.Refers, &old.Refers}, {&reg.DNSSEC, &old.DNSSEC}, {&reg.Reseller, &old.Reseller}, {&reg.Registrar.Name, &old.Registrar.Name},
		{&reg.Registrar.URL, &old.Registrar.URL}, {&reg.Registrar.WHOIS, &old.Registrar.WHOIS}, {&reg.Registrar.AbuseEmail, &old.Registrar.AbuseEmail}, {&reg.Registrar.AbusePhone, &old.Registrar.AbusePhone},
	} {
		text.SetOnce(p[0], *p[1])
	}
	if reg.Registrar.IANAID == 0 {
		reg.Registrar.IANAID = old.Registrar.IANAID
	}
	for i := range r.who {
		if d := &r.who[i]; d.ref == "" && d.c.Name == "" && d.c.Organization == "" && len(d.free) == 0 {
			r.who[i] = r.earlierWho[i]
		}
	}
}

// names joins given and family name and distinguishes organisations.
func (d *draft) names() {
	if d.c.Name == "" {
		d.c.Name = strings.TrimSpace(d.given + " " + d.family)
	}
}

// polish normalises, limits and cleans every field.
//
// Redaction is removed before anything is derived, so that no country or number
// comes out of a privacy notice.
func polish(reg *enrich.Registration, asked string) {
	text.SetOnce(&reg.Domain, asked)
	scrub(reg)
	unveil(reg)
	for i, p := range contactsOf(reg) {
		if c := p.contact; i > 0 && c.PhoneRaw == reg.Registrant.PhoneRaw && c.CountryRaw == reg.Registrant.CountryRaw && c.PhoneRaw != "" {
			c.Phone, c.PhoneCountry = reg.Registrant.Phone, reg.Registrant.PhoneCountry
		}
		normalise(p.contact)
	}
	reg.Redacted = unique(reg.Redacted)
	reg.Registrar.Key = registrarKey(reg.Registrar.Name, reg.Registrar.IANAID)
	reg.Anomalies = anomaliesOf(reg, asked)
}

// unique removes repetitions and keeps the order.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	out := list[:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
