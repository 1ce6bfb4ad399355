package whois

import (
	"strings"

	"spoor/enrich"
)

// Parse reads a WHOIS answer about name from server (a host name; "" where unknown). It
// never panics, and its time and its result are bounded by the size of raw.
func Parse(name, server string, raw []byte) Answer {
	asked := domainIn(name)
	tld := topLevel(asked, server)
	text := decode(raw, tld)
	lines := splitLines(text)
	r := reader{asked: asked, order: orderOf(text, lines, tld)}
	r.read(lines)
	reg := r.finish()
	v := judge(lines, reg, asked)
	if v.Outcome == enrich.Answered {
		v.Registration = reg
		complete(reg, text, r.order)
		polish(reg, asked)
	}
	return v
}

// topLevel returns the top-level domain of the name, or else of the server.
func topLevel(asked, server string) string {
	if asked == "" {
		asked = strings.ToLower(strings.TrimRight(server, "."))
	}
	return asked[strings.LastIndexByte(asked, '.')+1:]
}

// orderOf tells how the answer orders day and month: it says so, a date shows it, or the
// top-level domain's country has its custom.
func orderOf(text string, lines []line, tld string) dayOrder {
	low := strings.ToLower(text[:min(len(text), 64<<10)])
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
	if len(tld) == 2 && tld != "us" && tld != "ph" && tld != "cc" && tld != "tv" && tld != "ws" {
		return dayFirst
	}
	return monthFirst
}

// finish turns what was gathered into a Registration.
func (r *reader) finish() *enrich.Registration {
	r.resolve()
	reg := &r.reg
	reg.NameServers = r.hosts.list
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
	return reg
}

// names joins given and family name, and sorts out organisations.
func (d *draft) names() {
	if d.c.Name == "" {
		d.c.Name = strings.TrimSpace(d.given + " " + d.family)
	}
}

// polish normalises what was read, and bounds and cleans every field.
func polish(reg *enrich.Registration, asked string) {
	setOnce(&reg.Domain, asked)
	for _, p := range contactsOf(reg) {
		normalise(p.contact)
	}
	scrub(reg)
	unveil(reg)
	reg.Redacted = unique(reg.Redacted)
	reg.Registrar.Key = registrarKey(reg.Registrar.Name, reg.Registrar.IANAID)
	reg.Oddities = oddities(reg, asked)
}

// unique drops repetitions and keeps the order.
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
