package rdap

import (
	"cmp"
	"strings"
)

// contactRoles maps RDAP's roles to the names in Registration.
var contactRoles = map[string]string{"registrant": "registrant", "administrative": "admin", "technical": "tech", "billing": "billing"}

// redactedFields maps words in the name of a redaction to fields, longer ones
// first ("postal code" before "code"; "phone ext" belongs to the phone).
var redactedFields = []struct{ words, field string }{
	{"organization", "organization"}, {"organisation", "organization"}, {"street", "street"}, {"city", "city"}, {"state", "region"}, {"province", "region"},
	{"postal", "postal_code"}, {"country", "country"}, {"fax", "fax"}, {"phone", "phone"}, {"voice", "phone"}, {"email", "email"}, {"e-mail", "email"},
	{"name", "name"}, {"id", "handle"}, {"handle", "handle"},
}

// cardFields maps the jCard property in a JSONPath to a field.
var cardFields = []struct{ words, field string }{
	{"'fn'", "name"}, {"'org'", "organization"}, {"'tel'", "phone"}, {"'email'", "email"}, {"[3][2]", "street"}, {"[3][3]", "city"}, {"[3][4]", "region"},
	{"[3][5]", "postal_code"}, {"[3][6]", "country"}, {"'adr'", "street"}, {".handle", "handle"},
}

// redactions returns the fields that RFC 9537 marks as redacted, such as
// "registrant.name".
func redactions(o object) []string {
	var out []string
	for _, r := range o.objects("redacted") {
		name := r.obj("name")
		paths := r.str("prePath") + " " + r.str("postPath") + " " + r.str("path")
		words := strings.ToLower(cmp.Or(name.str("type"), name.str("description"), r.str("name")))
		if p := redactedPath(words, strings.ReplaceAll(strings.ToLower(paths), `"`, "'")); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// redactedPath returns the path of a redacted field from the name of the
// redaction ("Registrant Street"), else from its JSONPath.
//
// A redaction of unknown form gives "", and is not reported: a wrong field
// would be worse.
func redactedPath(words, path string) string {
	role := roleIn(words)
	if role == "" {
		role = roleIn(path)
	}
	field := ""
	for _, f := range redactedFields {
		if hasWord(words, f.words) {
			field = f.field
			break
		}
	}
	for _, f := range cardFields {
		if field == "" && strings.Contains(path, f.words) {
			field = f.field
		}
	}
	switch {
	case role == "" && field == "handle":
		return "handle" // "Registry Domain ID"
	case role == "":
		return ""
	case field == "":
		return role
	}
	return role + "." + field
}

// roleIn returns the role that a path or name of RFC 9537 mentions, "" for
// none.
func roleIn(s string) string {
	for _, r := range []struct{ word, role string }{
		{"registrant", "registrant"}, {"admin", "admin"}, {"tech", "tech"}, {"billing", "billing"},
	} {
		if strings.Contains(s, r.word) {
			return r.role
		}
	}
	return ""
}

// hasWord reports whether a word of s begins with word.
func hasWord(s, word string) bool {
	return strings.HasPrefix(s, word) || strings.Contains(s, " "+word) || strings.Contains(s, "/"+word)
}

// hiddenIn lists the fields that an entity redacts without RFC 9537: by words
// in place of an address or handle, or by a remark (RFC 9083 section 10.2.1).
func hiddenIn(e object, c *card, role string) []string {
	var out []string
	if c.hidesEmail {
		out = append(out, role+".email")
	}
	if h := strings.ToLower(e.str("handle")); strings.Contains(h, "redacted") {
		out = append(out, role+".handle")
	}
	for _, r := range e.objects("remarks") {
		s := strings.ToLower(r.str("title") + " " + r.str("type"))
		if strings.Contains(s, "redacted") || strings.Contains(s, "due to authorization") {
			if c.Name == "" && c.Organization == "" {
				out = append(out, role+".name")
			}
		}
	}
	return out
}
