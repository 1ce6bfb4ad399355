package whois

import (
	"strings"

	whoisparser "github.com/likexian/whois-parser"

	"spoor/enrich"
	"spoor/internal/text"
)

// maxLibrary limits the text given to the library, in bytes. It works line by
// line, but some of its rules scan the whole text for each line.
const maxLibrary = 32 << 10

// complete takes the main fields that our parser did not find from the library.
//
// Only empty fields are filled, so the library can add and never change. Its
// values pass the same tests for redaction and placeholders.
func complete(reg *enrich.Registration, answer string, style dateStyle) {
	if foundMost(reg) {
		return
	}
	info, ok := askLibrary(text.Cut(answer, maxLibrary))
	if !ok {
		return
	}
	if d := info.Domain; d != nil {
		completeDomain(reg, d, style)
	}
	if g := info.Registrar; g != nil && reg.Registrar.Name == "" && !isRedacted(g.Name) && !isPlaceholder(g.Name) {
		reg.Registrar.Name = oneLine(g.Name)
	}
	if c := info.Registrant; c != nil && reg.Registrant.Email == "" && !isRedacted(c.Email) {
		reg.Registrant.Email = emailIn(c.Email)
	}
}

// foundMost reports whether our parser understood the layout. In that case the
// library would find less at ten times the cost.
func foundMost(reg *enrich.Registration) bool {
	n := 0
	for _, has := range []bool{reg.Registrar.Name != "", !reg.Created.IsZero(), !reg.Expires.IsZero(), len(reg.NameServers) > 0} {
		if has {
			n++
		}
	}
	return n >= 2
}

// completeDomain takes over the library's fields where our own parser found
// none.
func completeDomain(reg *enrich.Registration, d *whoisparser.Domain, style dateStyle) {
	setDate(&reg.Created, &reg.Raw.Created, d.CreatedDate, style)
	setDate(&reg.Expires, &reg.Raw.Expires, d.ExpirationDate, style)
	setDate(&reg.Updated, &reg.Raw.Updated, d.UpdatedDate, style)
	if len(reg.NameServers) == 0 {
		var h hostList
		for _, ns := range d.NameServers {
			h.add(ns)
		}
		reg.NameServers = h.list
	}
	if !isRedacted(d.ID) && !strings.ContainsAny(d.ID, " \t") {
		text.SetOnce(&reg.Handle, text.Cut(d.ID, 100))
	}
}

// askLibrary calls the library's parser and recovers from panics, which an
// empty key before a colon causes, for example.
func askLibrary(text string) (info whoisparser.WhoisInfo, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	info, err := whoisparser.Parse(text)
	return info, err == nil
}
