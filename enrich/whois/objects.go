package whois

import "strings"

// startBlock examines the first line of a block, which names its subject in
// RIPE's layout.
//
// Blocks about name servers and key sets are passed over: their dates and
// contacts are not the domain's.
func (r *reader) startBlock(l *line, t term, ok bool) {
	r.first = t
	if r.scope.kind != atTop || !ok || t.roles != 0 {
		if r.scope.kind == atTop && l.key == "contact" && l.value != "" {
			r.startContact(l)
		}
		return
	}
	switch {
	case t.field == fHost:
		r.scope = scope{kind: inIgnored, term: t, indent: l.indent, body: l.indent}
		if l.key == "nsset" {
			r.scope.kind = inHosts
		}
	case t.field == fHandle && l.key != "id" && l.key != "code" && l.value != "",
		t.field == fName && (l.key == "person" || l.key == "personname" || l.key == "role") && r.reg.Domain != "":
		r.scope = scope{kind: inObject, indent: l.indent, body: l.indent}
	}
}

// startContact parses "contact: administrative" (IANA) and "contact: HANDLE"
// (.cz).
func (r *reader) startContact(l *line) {
	if t, ok := lookUp(normalKey(l.value)); ok && t.field == fContact {
		r.scope = scope{kind: inContact, roles: t.roles, indent: l.indent, body: l.indent}
		return
	}
	r.scope = scope{kind: inObject, indent: l.indent, body: l.indent}
	r.scope.object.ref = l.value
}

// beginsObject reports whether a line begins another object without an empty
// line before it, as .cr and other users of FRED sometimes write. A reference
// to an object ("nsset: NS_1" of a domain) comes first, so the second
// occurrence is the object.
func (r *reader) beginsObject(l *line) bool {
	if r.first.field != fDomain && r.scope.kind != inObject && r.scope.kind != inHosts && r.scope.kind != inIgnored {
		return false
	}
	switch l.key {
	case "contact", "nsset", "keyset":
		return l.colon && l.value != "" && r.refers[strings.ToLower(l.value)]
	case "person", "role":
		if r.scope.kind == inObject && r.scope.object.c.Name == "" {
			return false // .br begins with the handle
		}
		return l.colon && r.reg.Domain != "" && len(r.refers) > 0 && r.scope.kind != inContact
	}
	return false
}

// refer remembers the handles in the domain's record.
//
// The number is bounded like that of objects. Values with blanks or "@" are
// names and addresses, and refer to nothing.
func (r *reader) refer(l *line, t term) {
	names := t.field == fContact && t.roles != 0 || l.key == "nsset" || l.key == "keyset"
	if !names || !l.colon || l.value == "" || len(l.value) > 64 || len(r.refers) >= maxObjects || strings.ContainsAny(l.value, " @") {
		return
	}
	if r.refers == nil {
		r.refers = map[string]bool{}
	}
	r.refers[strings.ToLower(l.value)] = true
}
