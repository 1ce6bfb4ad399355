package whois

import (
	"strings"

	"spoor/enrich"
	"spoor/internal/domain"
	"spoor/internal/text"
)

// domainField stores the value of a key about the domain.
//
// Inside a contact's object, dates and states are the contact's.
func (r *reader) domainField(l *line, t term) {
	inPerson := r.scope.kind == inContact || r.scope.kind == inObject
	switch t.field {
	case fCreated, fUpdated, fExpires:
		r.date(l, t)
		return
	case fNameServer:
		if l.key != "dns" || domainIn(l.value) != r.reg.Domain { // .dk's "DNS" is the domain in DNS notation
			r.hosts.add(l.value)
		}
		return
	case fNameServerAddr:
		r.hosts.addAddrs(l.value)
		return
	case fDomain:
		r.domainName(l)
		return
	case fDescr:
		if (r.first.field == fDomain || r.first.field == fDescr) && domainIn(l.value) == "" {
			d := &r.who[0]
			d.descr = append(d.descr[:min(len(d.descr), maxFree)], l.value)
		}
		return
	}
	if r.scope.kind == inObject && l.key == "registrar name" { // .no's object of the registrar
		r.scope.object.set(fName, l.value)
	}
	if r.scope.kind == inObject || inPerson && t.field == fStatus && r.scope.body > r.scope.indent {
		return
	}
	switch t.field {
	case fID:
		text.SetOnce(&r.reg.Handle, l.value)
	case fStatus:
		r.status(l.value)
	case fDNSSEC:
		text.SetOnce(&r.reg.DNSSEC, l.value)
	case fReseller:
		text.SetOnce(&r.reg.Reseller, l.value)
		if strings.HasSuffix(r.asked, ".tw") { // TWNIC's word for its registrars
			text.SetOnce(&r.registrarHint, l.value)
		}
	default:
		r.registrarField(l, t)
	}
}

// domainName begins the record of a domain. Old registries also list all names
// with the same beginning; only the domain in question counts. IANA and some
// registries list the record of the top-level domain first.
//
// Records of other domains before and after the right one are dropped with all
// that belongs to them.
func (r *reader) domainName(l *line) {
	name := domainIn(l.value)
	if label := strings.ToLower(l.value); name == "" && label != "" && strings.HasSuffix(r.asked, "."+label) && r.scope.kind == atTop {
		name = label
	}
	if name == "" {
		return
	}
	if r.scope.kind == inIgnored {
		r.closeScope()
	}
	same := r.asked == "" || name == r.asked
	switch {
	case same && r.asked != "":
		if !r.matched && r.reg.Domain != "" && r.reg.Domain != name {
			r.forget()
		}
		r.matched, r.other = true, false
		r.again()
	case !same && r.matched && r.named:
		return // a variant of the name on the next line, as in .中国 and .中國
	case !same && r.matched && domain.Registered(name) == name:
		r.other = true
		return
	}
	r.named = true
	text.SetOnce(&r.reg.Domain, name)
	if r.scope.kind == atTop {
		r.first = term{field: fDomain}
	}
}

// again begins a second record of the same domain: some servers return the
// registry's and then the registrar's, which has more.
func (r *reader) again() {
	if r.reg.Domain == "" || r.earlier != nil || evidenceOf(&r.reg) < 2 || r.scope.kind != atTop {
		return
	}
	old := r.reg
	r.earlier, r.earlierWho, r.earlierHosts = &old, r.who, r.hosts.list
	r.forget()
}

// forget drops data of another domain.
func (r *reader) forget() {
	r.reg = enrich.Registration{}
	r.who = [4]draft{}
	r.hosts = hostList{}
	r.objects, r.registrarHint, r.registrarRef, r.renewal = nil, "", "", ""
	r.scope = scope{body: -1}
}

// domainIn returns the normalised domain name at the start of value.
func domainIn(value string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(value), " ")
	word = strings.Trim(word, `"'()[],.`)
	if !strings.Contains(word, ".") {
		return ""
	}
	n, ok := domain.Parse(word)
	if !ok {
		return ""
	}
	return n.Host
}

// date stores one of the domain's three dates, or one of a contact.
func (r *reader) date(l *line, t term) {
	raw := text.Cut(l.value, maxDateText)
	if t.weak && (r.scope.kind == inIgnored || r.scope.term.field == fHost) {
		return
	}
	if s := &r.scope; (s.kind == inContact && l.colon && s.body >= 0 || s.kind == inObject) && t.weak && !strongDates[l.key] {
		if t.field == fCreated {
			r.eachDraft(func(d *draft) { setDate(&d.c.Created, nil, raw, r.style) })
		}
		return
	}
	if r.scope.kind == inRegistrar && t.weak || r.scope.kind == inObject {
		return
	}
	switch t.field {
	case fCreated:
		setDate(&r.reg.Created, &r.reg.Raw.Created, raw, r.style)
	case fUpdated:
		if l.key == "changed" { // one line for every change
			r.latest(raw)
			return
		}
		setDate(&r.reg.Updated, &r.reg.Raw.Updated, raw, r.style)
	case fExpires:
		if strings.Contains(l.key, "renew") || strings.Contains(l.key, "anniversary") {
			text.SetOnce(&r.renewal, raw)
			return
		}
		setDate(&r.reg.Expires, &r.reg.Raw.Expires, raw, r.style)
	}
}

// latest stores the last of several changes.
func (r *reader) latest(raw string) {
	if !r.reg.Updated.IsZero() && r.changedIn != r.block {
		return // of another object
	}
	if strings.HasSuffix(raw, "(Assigned)") { // .il's first change
		setDate(&r.reg.Created, &r.reg.Raw.Created, raw, r.style)
	}
	if t, ok := parseDate(raw, r.style); ok && t.After(r.reg.Updated) {
		r.changedIn = r.block
		r.reg.Updated, r.reg.Raw.Updated = t, oneLine(raw)
	}
}
