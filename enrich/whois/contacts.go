package whois

import (
	"cmp"
	"strings"

	"spoor/enrich"
	"spoor/internal/text"
)

// Limits of one contact.
const (
	// Postal addresses have five lines or so; layouts without keys may have a
	// legal notice below.
	maxStreet = 8
	maxFree   = 24
	maxField  = 500 // bytes of a field
)

// draft is a contact while it is parsed.
//
// Fields are collected in any order and weighed at the end, since a line's
// meaning often depends on lines below it.
type draft struct {
	c        enrich.Contact
	given    string
	family   string
	holder   string   // name of the holder, if ref is a handle
	ref      string   // value of "admin-c" or "Registrant": a handle or a name
	free     []string // lines without keys, classified by their form later
	hidden   []field  // redacted fields
	descr    []string // RIPE's "descr" lines, which hold a postal address in many old registries
	nameLine string   // line in free that had the mail address
	kind     string   // "PERSON" or "ORGANIZATION" as written
}

// each calls f for the contacts of a set of roles.
func (r *reader) each(who roles, f func(*draft)) {
	for i := range r.who {
		if who&(1<<i) != 0 {
			f(&r.who[i])
		}
	}
}

// eachDraft calls f for the contacts of the present section.
//
// A section may be for several roles at once ("Administrative, Technical
// Contact:").
func (r *reader) eachDraft(f func(*draft)) {
	if r.scope.kind == inObject {
		f(&r.scope.object)
		return
	}
	r.each(r.scope.roles, f)
}

// contactField stores a field of a contact, or of the registrar within its
// section.
func (r *reader) contactField(l *line, t term) {
	if t.field == fIgnore {
		return
	}
	// JPRS brackets its keys and calls the status of a domain its state.
	if l.key == "state" && l.marked {
		r.status(l.value)
		return
	}
	if t.roles != 0 {
		r.roleField(l, t)
		return
	}
	switch r.scope.kind {
	case inContact, inObject:
		r.eachDraft(func(d *draft) { d.set(t.field, l.value) })
	case inRegistrar:
		r.registrarContact(t, l.value)
	case inHosts:
		r.hosts.add(l.value)
	case inScalar, inIgnored:
	default:
		r.flatField(l, t)
	}
}

// roleField stores a field whose key names the role.
func (r *reader) roleField(l *line, t term) {
	r.owner = owner{roles: t.roles}
	if t.field != fContact {
		r.each(t.roles, func(d *draft) { d.set(t.field, l.value) })
		if t.field == fHandle || t.field == fStreet {
			r.under(l, t)
		}
		return
	}
	r.each(t.roles, func(d *draft) { d.setRef(l.value) })
	r.under(l, t)
}

// under opens the section of lines that may follow a contact's key with a
// value.
func (r *reader) under(l *line, t term) {
	if r.scope.kind == inObject {
		return
	}
	r.scope = scope{kind: inContact, roles: t.roles, indent: l.indent, body: -1, last: t.field, lastIn: l.indent, valued: true}
}

// flatField stores a field without a role outside of sections. It belongs to
// the contact of the preceding lines, or to the registrant if the block
// describes the domain, as in the old layout of .ru.
//
// A field whose owner is unknown is dropped: attributed to the wrong person it
// would link strangers.
func (r *reader) flatField(l *line, t term) {
	if r.owner.registrar {
		r.registrarContact(t, l.value)
		return
	}
	// "Name: example.com" heads the record in some layouts.
	if t.field == fName && domainIn(l.value) != "" && r.reg.Domain == "" {
		r.domainName(l)
		return
	}
	if l.key == "state" && r.owner.roles == 0 { // status of the domain in .ru and .jp
		if !r.address { // otherwise part of an address whose heading is unknown
			r.status(l.value)
		}
		return
	}
	who := r.owner.roles
	if who == 0 {
		switch r.first.field {
		case fDomain, fOrg, fName, fDescr:
			who = registrant
		default:
			return
		}
	}
	if t.field == fName && domainIn(l.value) != "" || t.field == fHandle && r.owner.roles == 0 {
		return
	}
	r.each(who, func(d *draft) { d.set(t.field, l.value) })
}

// freeContact reads a line without a key in a contact's section: the
// continuation of a value, or a line of a postal address.
func (r *reader) freeContact(l *line) {
	s := &r.scope
	if l.key == "contact" && s.kind == inObject {
		text.SetOnce(&s.object.ref, l.value)
		return
	}
	// Behind a field with a key, only a further line of a street continues it.
	if s.last != "" && s.last != fContact && s.last != fHandle {
		if l.indent > s.lastIn && s.last == fStreet {
			r.eachDraft(func(d *draft) { d.set(fStreet, l.text) })
		}
		if l.indent > s.lastIn || l.colon && !l.numbers() {
			return
		}
	}
	if isPlaceholder(l.text) || l.colon && emailIn(l.value) == "" && !l.numbers() && !l.houseNumber() {
		return
	}
	r.eachDraft(func(d *draft) {
		if len(d.free) < maxFree {
			d.free = append(d.free, l.text)
		}
	})
}

// numbers reports whether a line with a colon holds phone numbers, such as "+1
// 217 555 0100 fax: +1 217 555 0101".
func (l *line) numbers() bool {
	return looksPhone(l.value) && strings.IndexByte("+(0123456789", l.text[0]) >= 0
}

// houseNumber reports whether the colon of a line only stands before the number of a house, as
// in Turkish addresses: "Cumhuriyet Cd. No:61 Kat 2".
func (l *line) houseNumber() bool {
	before, after, _ := strings.Cut(l.text, ":")
	digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
	return digits > 0 && digits <= 4 && strings.ContainsRune(before, ' ') && !looksPhone(after)
}

// setRef stores the reference of a role to a contact: a handle that an object
// of the answer has, or a name.
func (d *draft) setRef(v string) {
	if d.hide(fName, v) || strings.HasPrefix(v, "http") {
		return
	}
	v = text.Cut(v, maxField)
	if d.ref != "" && !looksHandle(d.ref) && looksHandle(v) { // .br has "owner: Example Ltda" and "owner-c: EXA12"
		d.holder, d.ref = d.ref, v
	}
	text.SetOnce(&d.ref, v)
}

// set stores a field or its redaction. The first value counts, except for the
// street.
//
// Values in parentheses are taken without them, and placeholders such as "-"
// and "n/a" are no values.
func (d *draft) set(f field, v string) {
	v = text.Cut(v, maxField)
	if strings.HasPrefix(v, "(") && strings.HasSuffix(v, ")") {
		v = v[1 : len(v)-1]
	}
	if v == "" || isPlaceholder(v) || d.hide(f, v) {
		return
	}
	if i := strings.LastIndex(v, " ("); i > 0 && (f == fName || f == fOrg) && strings.HasSuffix(v, ")") && strings.Contains(v[i:], "-") && looksHandle(v[i+2:len(v)-1]) {
		text.SetOnce(&d.c.Handle, v[i+2:len(v)-1]) // "EXAMPLE LLC (SGNIC-ORG000000)"
		v = v[:i]
	}
	switch f {
	case fHandle:
		text.SetOnce(&d.c.Handle, v)
	case fName:
		text.SetOnce(&d.c.Name, v)
	case fGiven:
		text.SetOnce(&d.given, v)
	case fFamily:
		text.SetOnce(&d.family, v)
	case fOrg:
		text.SetOnce(&d.c.Organization, v)
	case fStreet:
		if len(d.c.Street) < maxStreet {
			d.c.Street = append(d.c.Street, v)
		}
	case fCity:
		text.SetOnce(&d.c.City, v)
	case fRegion:
		text.SetOnce(&d.c.Region, v)
	case fPostal:
		text.SetOnce(&d.c.PostalCode, v)
	case fCountry:
		text.SetOnce(&d.c.CountryRaw, v)
	case fCC:
		d.setCountryCode(v)
	case fPhone:
		text.SetOnce(&d.c.PhoneRaw, v)
	case fFax:
		text.SetOnce(&d.c.Fax, v)
	case fEmail:
		d.setEmail(v)
	}
}

// setCountryCode prefers the code that a registry gives beside the country's
// name.
func (d *draft) setCountryCode(v string) {
	if code := countryCode(v); code != "" && d.c.Country == "" {
		d.c.Country = code
	}
	text.SetOnce(&d.c.CountryRaw, v)
}

// hide records that a field is redacted if v consists of words of redaction.
//
// A redacted field is known to exist. It is reported as such, and never stored
// as a value that links domains.
func (d *draft) hide(f field, v string) bool {
	if !isRedacted(v) {
		return false
	}
	if !d.hides(f) {
		d.hidden = append(d.hidden, f)
	}
	return true
}

// hides reports whether a field is known to be redacted.
func (d *draft) hides(f field) bool {
	for _, h := range d.hidden {
		if h == f {
			return true
		}
	}
	return false
}

// setEmail stores the first mail address in v.
func (d *draft) setEmail(v string) {
	if d.c.Email != "" {
		return
	}
	if d.c.Email = emailIn(v); d.c.Email == "" && strings.Contains(v, "http") && !d.hides(fEmail) { // a form instead of an address
		d.hidden = append(d.hidden, fEmail)
	}
}

// merge completes d from the object to which it refers.
//
// Fields that d has already stay, because the domain's own lines are nearer to
// it than those of a shared object.
func (d *draft) merge(o *draft) {
	c, b := &d.c, &o.c
	for _, p := range [][2]*string{
		{&c.Handle, &b.Handle}, {&c.Name, &b.Name}, {&c.Organization, &b.Organization}, {&c.City, &b.City}, {&c.Region, &b.Region},
		{&c.PostalCode, &b.PostalCode}, {&c.Country, &b.Country}, {&c.CountryRaw, &b.CountryRaw}, {&c.PhoneRaw, &b.PhoneRaw},
		{&c.Fax, &b.Fax}, {&c.Email, &b.Email}, {&d.given, &o.given}, {&d.family, &o.family},
	} {
		text.SetOnce(p[0], *p[1])
	}
	if len(c.Street) == 0 {
		c.Street = b.Street
	}
	if c.Created.IsZero() {
		c.Created = b.Created
	}
	d.free = append(d.free, o.free...)
	d.hidden = append(d.hidden, o.hidden...)
}

// resolve replaces references by contacts, and turns unresolved ones into
// names.
//
// Handles are compared without case, as registries write references and objects
// differently. The first object of a handle counts.
func (r *reader) resolve() {
	byHandle := make(map[string]*draft, len(r.objects))
	for i := range r.objects {
		o := &r.objects[i]
		switch { // "contact:" is the handle in .cz and the name in .fr, which has "nic-hdl" too
		case o.c.Handle == "":
			o.c.Handle = o.ref
		case o.c.Name == "" && strings.HasPrefix(o.kind, "org"):
			text.SetOnce(&o.c.Organization, o.ref)
		case o.c.Name == "":
			o.c.Name = o.ref
		}
		if h := strings.ToLower(o.c.Handle); h != "" && byHandle[h] == nil {
			byHandle[h] = o
		}
	}
	for i := range r.who {
		d := &r.who[i]
		if o := byHandle[strings.ToLower(d.ref)]; o != nil && d.ref != "" {
			d.merge(o)
			if d.holder != "" {
				text.SetOnce(&d.c.Organization, d.holder)
			}
		} else if o := byHandle[strings.ToLower(d.c.Handle)]; o != nil && d.c.Handle != "" {
			d.merge(o)
			d.takeRef()
		} else {
			d.takeRef()
		}
	}
	if o := byHandle[strings.ToLower(r.registrarRef)]; o != nil {
		r.reg.Registrar.Name = cmp.Or(o.c.Organization, o.c.Name, r.reg.Registrar.Name)
	}
}

// takeRef reads the value of a contact's role if no object has it as handle.
func (d *draft) takeRef() {
	if d.holder != "" {
		d.nameHolder(d.holder)
	}
	if d.ref == "" {
		return
	}
	v := d.ref
	if looksHandle(v) {
		text.SetOnce(&d.c.Handle, v)
		return
	}
	if len(d.free) > 0 || strings.Contains(v, "@") || strings.HasSuffix(v, ")") {
		d.free = append([]string{v}, d.free...)
		return
	}
	d.nameHolder(v)
}

// nameHolder stores the value of a role's key as name, or as organisation if a
// person is named as well.
func (d *draft) nameHolder(v string) {
	if d.c.Name != "" && d.c.Name != v {
		text.SetOnce(&d.c.Organization, v)
		return
	}
	d.c.Name = v
}

// looksHandle reports whether v is a registry's id and not a name: one word of
// capitals, digits and hyphens with a digit, or with a hyphen and the suffix of
// a registry.
//
// Handles are per registry. They link domains only within one, which is up to
// the caller.
func looksHandle(v string) bool {
	if len(v) < 3 || len(v) > 40 || strings.ContainsAny(v, " \t@/.,") {
		return false
	}
	digits, upper, dash := 0, 0, 0
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
		case c == '-' || c == '_' || c == ':':
			dash++
		case c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return digits > 0 || dash > 0 && upper >= 3
}
