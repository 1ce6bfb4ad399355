package whois

import (
	"strings"

	"spoor/enrich"
	"spoor/internal/text"
)

// reader walks the lines of one answer and gathers what they say. Registries write three
// kinds of layout, often mixed in one answer:
//
//   - flat: every key says whose it is ("Registrant Name: …", "Tech Email: …");
//   - sections: a heading, then lines that belong to it, with keys or without;
//   - objects: blocks of RIPE's kind that refer to one another by handle.
//
// scope is the section or object that the current line is in.
type reader struct {
	asked string // the domain that was asked about, in normal form; "" if unknown
	style dateStyle

	reg       enrich.Registration
	who       [4]draft // registrant, admin, tech, billing
	objects   []draft
	hosts     hostList
	sawSource bool  // "source:", which ends a record of RIPE's kind
	blockAt   *line // first line of the current block
	block     int   // number of the current block
	changedIn int   // block of the last "changed"

	public       bool                 // the answer has a "Contact Information" for all to use, as .jp's
	renewal      string               // a renewal's date, which is the end where no other is given
	earlier      *enrich.Registration // an earlier record of the same domain, as of the registry before the registrar's
	earlierWho   [4]draft
	earlierHosts []enrich.NameServer

	registrarHint string // who may be the registrar, where nothing says so plainly
	registrarRef  string // handle of the registrar's object
	other         bool   // in the record of another domain
	matched       bool   // the record of the asked domain was seen
	named         bool   // nothing but its name was read of it yet

	scope   scope
	refers  map[string]bool // handles of objects that the record names
	fresh   bool            // at the first line of a block
	blanks  int             // blank lines just passed
	first   term            // what the block's first key means
	address bool            // the block gave parts of an address
	owner   owner           // whose the next key without a role is, outside sections
}

// owner says whom a flat block is about just now.
type owner struct {
	roles     roles
	registrar bool
}

type scopeKind int

const (
	atTop scopeKind = iota
	inContact
	inObject
	inRegistrar
	inHosts
	inScalar  // the value of a key stands on the next line
	inIgnored // a block about something else
)

// scope is a section or object.
type scope struct {
	kind   scopeKind
	roles  roles
	term   term
	indent int  // of the heading
	body   int  // of the first line under it; -1 before there is one
	marked bool // the heading stood in brackets
	valued bool // the heading had a value behind it: lines with keys at its own indent are no part
	last   field
	lastIn int // indent of the last line with a key
	object draft
}

const maxObjects = 64

// read gathers everything from lines.
func (r *reader) read(lines []line) {
	r.fresh = true
	r.scope.body = -1
	for i := range lines {
		l := &lines[i]
		switch {
		case l.text == "":
			r.blank()
		case l.comment:
			r.comment(l)
		default:
			r.line(l)
		}
	}
	r.closeScope()
}

// blank ends what a blank line ends: everything but a heading with nothing under it yet.
func (r *reader) blank() {
	r.blanks++
	r.fresh = true
	r.owner = owner{}
	if r.scope.body < 0 && r.scope.kind != inObject && r.blanks < 4 {
		return
	}
	if r.scope.kind == inObject || r.scope.kind == inRegistrar || r.scope.kind == inIgnored || r.blanks > 2 {
		r.closeScope()
	}
}

// comment reads headings that are written as comments ("% Registrant:" of .ua).
func (r *reader) comment(l *line) {
	if l.value != "" && l.key != "" || strings.Trim(l.text, "=-*") == "" {
		return
	}
	t, ok := lookUp(normalKey(l.text))
	title := l.colon || l.text[0] >= 'A' && l.text[0] <= 'Z' && !strings.HasSuffix(l.text, ".")
	if !ok || !title || t.field != fContact && t.field != fRegistrar {
		if l.key == "" {
			r.fresh = true
		}
		return
	}
	r.closeScope()
	r.open(l, t)
	r.fresh = true
}

// line reads one line of data.
func (r *reader) line(l *line) {
	t, ok := l.meaning()
	if !ok && r.isHeading(l) {
		t, ok = lookUp(normalKey(l.text))
		l.value = ""
	}
	if !r.fresh && r.beginsObject(l) {
		r.closeScope()
		r.fresh = true
	}
	r.leave(l, t, ok)
	if ok && l.colon && t.field == fContact && l.value == "" || ok && l.marked && t.field == fContact {
		r.closeScope()
	}
	if r.fresh {
		r.block++
		r.address = false
		r.blockAt = l
		r.startBlock(l, t, ok)
	}
	r.fresh, r.blanks = false, 0
	if ok {
		r.refer(l, t)
	}
	if r.scope.kind == inIgnored && t.field != fDomain {
		return
	}
	if ok {
		r.keyed(l, t)
		return
	}
	r.free(l)
}

// isHeading reports whether a line without a colon heads a section: "Registrant" of .it,
// "[Holder]" of .lv, "Domain servers in listed order".
func (r *reader) isHeading(l *line) bool {
	if len(l.text) > 60 || l.colon || !(r.fresh || l.marked) || l.marked && l.value != "" && l.key != "" {
		return false
	}
	if r.scope.kind == inContact && r.scope.body < 0 && !l.marked {
		return false // the first line of a contact: "Domain Administrator"
	}
	t, ok := lookUp(normalKey(l.text))
	return ok && (t.field == fContact || t.field == fRegistrar || t.field == fNameServer || t.field == fReseller)
}

// leave closes the section that line l no longer belongs to.
func (r *reader) leave(l *line, t term, ok bool) {
	s := &r.scope
	if s.kind == atTop {
		return
	}
	if s.marked && s.body < 0 && l.marked && l.indent <= s.indent { // JPRS brackets every key
		r.closeScope()
		return
	}
	if s.valued && (l.indent <= s.indent && (ok || l.colon) || r.blanks > 0) || s.kind == inScalar && (ok || r.blanks > 0 && l.indent <= s.indent) {
		r.closeScope()
		return
	}
	if s.body < 0 {
		if !(r.blanks > 0 && ok && t.roles != 0) {
			s.body = l.indent
		}
		return
	}
	if s.body > s.indent && l.indent <= s.indent {
		r.closeScope()
		return
	}
	if r.blanks == 0 || s.kind == inObject {
		return
	}
	if r.continues(l, t, ok) {
		return
	}
	r.closeScope()
}

// continues reports whether a line after a blank one still belongs to the section.
func (r *reader) continues(l *line, t term, ok bool) bool {
	switch r.scope.kind {
	case inContact:
		if !ok && !l.colon { // an empty line in an address
			return r.blanks == 1 && r.scope.body > r.scope.indent && l.indent >= r.scope.body
		}
		if !ok || t.roles != 0 || !l.colon {
			return false
		}
		switch t.field {
		case fStreet, fCity, fRegion, fPostal, fCountry, fCC, fPhone, fFax, fEmail:
			return true
		}
	case inHosts:
		return !ok && len(hostsIn(l.text)) > 0 || ok && (t.field == fNameServer || t.field == fNameServerAddr)
	}
	return false
}

func (r *reader) closeScope() {
	if r.scope.kind == inObject && len(r.objects) < maxObjects {
		r.objects = append(r.objects, r.scope.object)
	}
	r.scope = scope{body: -1}
}

// open begins the section that a heading names.
func (r *reader) open(l *line, t term) {
	if r.scope.kind == inObject {
		r.closeScope()
	}
	s := scope{indent: l.indent, body: -1, roles: t.roles, term: t, marked: l.marked && l.raw != ""}
	switch t.field {
	case fContact:
		s.kind = inContact
	case fRegistrar:
		s.kind = inRegistrar
	case fNameServer:
		s.kind = inHosts
	default:
		s.kind = inScalar
	}
	r.scope = s
}

// keyed reads a line whose key is known.
func (r *reader) keyed(l *line, t term) {
	r.scope.last, r.scope.lastIn = t.field, l.indent
	r.address = r.address || t.field == fStreet || t.field == fCity || t.field == fPostal
	r.sawSource = r.sawSource || l.key == "source"
	if t.field == fUpdated && !l.colon && r.sawSource && r.blockAt == l {
		return // .ru says last when its database changed
	}
	if l.key == "registrar handle" {
		setOnce(&r.registrarRef, text.Cut(l.value, maxField))
	}
	if l.key == "type" && r.scope.kind == inObject {
		r.scope.object.kind = strings.ToLower(text.Cut(l.value, 40))
	}
	if t.field == fIgnore || r.other && t.field != fDomain {
		return
	}
	r.turnTo(t)
	if l.value == "" {
		if l.marked && (l.key == "whois" || l.key == "whois server") { // .lv dates its own answer
			r.scope = scope{kind: inIgnored, indent: l.indent, body: l.indent}
			return
		}
		if t.field == fOrg && t.roles == 0 && r.scope.kind == atTop && r.owner.roles == 0 && r.blockAt == l { // .tk's "Organisation:"
			t = term{field: fContact, roles: registrant}
		}
		if (opensSection(t) || t.roles != 0) && !(r.scope.kind == inObject && t.field != fContact) {
			r.heading(l, t)
		}
		return
	}
	if isPlaceholder(l.value) {
		return
	}
	if t.isContact() {
		r.named = false
		r.contactField(l, t)
		return
	}
	if t.field != fDomain {
		r.named = false
	}
	r.domainField(l, t)
}

// turnTo notes whose the keys without a role are from here on: of whom a key speaks, also
// where it says nothing of him. Else the mail address below a hidden name would be the
// registrar's.
func (r *reader) turnTo(t term) {
	if t.roles == 0 || t.roles == nobody || r.scope.kind == inObject {
		return
	}
	if r.scope.kind == inRegistrar {
		r.closeScope()
	}
	r.owner = owner{roles: t.roles}
}

// opensSection reports whether a key without a value can have it on the lines below.
func opensSection(t term) bool {
	return t.field == fContact || !t.isContact()
}

func (r *reader) heading(l *line, t term) {
	if t.field == fNameServer && r.scope.kind == inHosts {
		return // "Name Server:" once for every one
	}
	if r.scope.kind == inContact && t.weak {
		return
	}
	if t.roles != 0 && t.field == fStreet { // Nominet's "Registrant's address:"
		t.field = fContact
	}
	r.public = r.public || l.key == "contact information"
	r.open(l, t)
}

func (t term) isContact() bool {
	if t.roles != 0 {
		return true
	}
	switch t.field {
	case fContact, fHandle, fName, fGiven, fFamily, fOrg, fStreet, fCity, fRegion, fPostal, fCountry, fCC, fPhone, fFax, fEmail:
		return true
	}
	return false
}

// free reads a line without a known key, as its section wants it.
func (r *reader) free(l *line) {
	if r.other {
		return
	}
	s := &r.scope
	switch s.kind {
	case inContact, inObject:
		r.freeContact(l)
	case inHosts:
		r.hosts.add(l.text)
	case inRegistrar:
		r.freeRegistrar(l)
	case inScalar:
		t := s.term
		if t.roles != 0 {
			r.closeScope()
			r.each(t.roles, func(d *draft) { d.set(t.field, l.text) })
			return
		}
		r.scope = scope{body: -1, last: t.field, lastIn: s.indent}
		if isPlaceholder(l.text) {
			return
		}
		r.domainField(&line{text: l.text, value: l.text, colon: true}, t)
	case atTop:
		if r.owner.registrar && l.colon && webKeys[l.key] {
			r.url(l.value)
			return
		}
		if l.indent <= s.lastIn || l.colon {
			return
		}
		switch s.last {
		case fNameServer:
			r.hosts.add(l.text)
		case fStatus:
			r.status(l.text)
		}
	}
}

func setOnce(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
