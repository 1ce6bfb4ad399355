package whois

import (
	"strings"

	"spoor/enrich"
	"spoor/internal/text"
)

// reader scans the lines of one answer and collects their data. Registries use
// three kinds of layout, often mixed in one answer:
//
//   - flat: every key names the role ("Registrant Name: …", "Tech Email: …");
//   - sections: a heading, then lines that belong to it, with or without keys;
//   - objects: RIPE's blocks that refer to each other by handle.
//
// scope is the section or object of the present line.
//
// It reads each line once. Decisions that need the whole answer (references,
// addresses, the registrar) are left to finish.
type reader struct {
	asked string // normalised domain in question; "" if unknown
	style dateStyle

	reg       enrich.Registration
	who       [4]draft // registrant, admin, tech, billing
	objects   []draft
	hosts     hostList
	sawSource bool  // "source:" was seen, which ends a record of RIPE's layout
	blockAt   *line // first line of the present block
	block     int   // number of the present block
	changedIn int   // block of the last "changed"

	public       bool                 // the answer has a "Contact Information" for all roles, as .jp has
	renewal      string               // date of renewal, used as expiry if there is no other
	earlier      *enrich.Registration // earlier record of the same domain: the registry's before the registrar's
	earlierWho   [4]draft
	earlierHosts []enrich.NameServer

	registrarHint string // possible registrar, if no key names it plainly
	registrarRef  string // handle of the registrar's object
	other         bool   // within the record of another domain
	matched       bool   // the record of the domain in question was seen
	named         bool   // only its name was read so far

	scope   scope
	refers  map[string]bool // handles in the record
	fresh   bool            // at the first line of a block
	blanks  int             // preceding blank lines
	first   term            // meaning of the block's first key
	address bool            // the block gave parts of an address
	owner   owner           // owner of a following key without a role, outside of sections
}

// owner is the subject of a flat block.
type owner struct {
	roles     roles
	registrar bool
}

// scopeKind is the kind of a section.
type scopeKind int

// The kinds.
const (
	atTop scopeKind = iota
	inContact
	inObject
	inRegistrar
	inHosts
	inScalar  // the value of a key is on the next line
	inIgnored // a block about something else
)

// scope is a section or object.
type scope struct {
	kind   scopeKind
	roles  roles
	term   term
	indent int  // of the heading
	body   int  // of the first line under it; -1 if there is none yet
	marked bool // the heading had brackets
	valued bool // the heading had a value, so lines with keys at its indentation do not belong to it
	last   field
	lastIn int // indentation of the last line with a key
	object draft
}

// maxObjects limits the contact objects of an answer. Most answers have one for
// each role.
const maxObjects = 64

// read collects the data of lines.
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

// blank ends everything that a blank line ends: all but a heading without
// content.
//
// Several blank lines end every section. Up to three may stand between a
// heading and its content.
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

// comment reads headings that are written as comments ("% Registrant:" in .ua).
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
//
// The order of the steps is that of scope: first the sections that end here,
// then the one that begins, then the value.
func (r *reader) line(l *line) {
	t, ok := l.meaning()
	// A heading has no value of its own: it opens a section.
	if !ok && r.isHeading(l) {
		t, ok = lookUp(normalKey(l.text))
		l.value = ""
	}
	// Some answers have no blank line between objects.
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
	// Ignore blocks about other things, until a new record begins.
	if r.scope.kind == inIgnored && t.field != fDomain {
		return
	}
	if ok {
		r.keyed(l, t)
		return
	}
	r.free(l)
}

// isHeading reports whether a line without a colon opens a section:
// "Registrant" in .it, "[Holder]" in .lv, "Domain servers in listed order".
func (r *reader) isHeading(l *line) bool {
	if len(l.text) > 60 || l.colon || !(r.fresh || l.marked) || l.marked && l.value != "" && l.key != "" {
		return false
	}
	if r.scope.kind == inContact && r.scope.body < 0 && !l.marked {
		return false // first line of a contact, such as "Domain Administrator"
	}
	t, ok := lookUp(normalKey(l.text))
	return ok && (t.field == fContact || t.field == fRegistrar || t.field == fNameServer || t.field == fReseller)
}

// leave closes the section to which line l does not belong.
//
// Indentation is the surest sign, and brackets the second. A blank line alone
// ends a section only if the line after it does not continue it.
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

// continues reports whether a line after a blank line still belongs to the
// section.
func (r *reader) continues(l *line, t term, ok bool) bool {
	switch r.scope.kind {
	case inContact:
		if !ok && !l.colon { // an empty line within an address
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

// closeScope ends the section and keeps its object.
//
// Objects beyond maxObjects are dropped; references to them stay names.
func (r *reader) closeScope() {
	if r.scope.kind == inObject && len(r.objects) < maxObjects {
		r.objects = append(r.objects, r.scope.object)
	}
	r.scope = scope{body: -1}
}

// open opens the section that a heading names.
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

// keyed reads a line with a known key.
//
// State that later lines depend on is set before any return, even where the
// value itself is of no use.
func (r *reader) keyed(l *line, t term) {
	r.scope.last, r.scope.lastIn = t.field, l.indent
	r.address = r.address || t.field == fStreet || t.field == fCity || t.field == fPostal
	r.sawSource = r.sawSource || l.key == "source"
	if t.field == fUpdated && !l.colon && r.sawSource && r.blockAt == l {
		return // .ru ends with the date of its database
	}
	if l.key == "registrar handle" {
		text.SetOnce(&r.registrarRef, text.Cut(l.value, maxField))
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

// turnTo sets the owner of the following keys without a role. It does so even
// if the key has no usable value; otherwise the mail address below a redacted
// name would become the registrar's.
func (r *reader) turnTo(t term) {
	if t.roles == 0 || t.roles == nobody || r.scope.kind == inObject {
		return
	}
	if r.scope.kind == inRegistrar {
		r.closeScope()
	}
	r.owner = owner{roles: t.roles}
}

// opensSection reports whether the lines below a key without a value can be its
// value.
func opensSection(t term) bool {
	return t.field == fContact || !t.isContact()
}

// heading opens the section of a heading line. The same words may be a field in
// another layout, hence the exceptions.
func (r *reader) heading(l *line, t term) {
	if t.field == fNameServer && r.scope.kind == inHosts {
		return // "Name Server:" once for each
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

// isContact reports whether a key is about a person or organisation.
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

// free reads a line without a known key according to its section.
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
	// The line below a key without a value is its value.
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
		// Only an indented line continues the value above it.
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
