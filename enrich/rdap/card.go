package rdap

import (
	"encoding/json"
	"slices"
	"strings"

	"spoor/enrich"
	"spoor/enrich/whois"
	"spoor/internal/text"
)

// readCard parses the card of an entity: jCard (RFC 7095) or JSContact (RFC
// 9553).
//
// A server may send both forms; jCard is read first and JSContact fills the
// rest.
func readCard(entity object) card {
	var c card
	if card, ok := entity["vcardArray"].([]any); ok && len(card) > 1 {
		c.readVCard(properties(card))
	}
	for _, key := range []string{"jscard", "jscontact_card", "jsContact"} {
		if o := entity.obj(key); o != nil {
			c.readJSContact(o)
			break
		}
	}
	c.settle()
	c.Handle = handleOf(entity)
	c.Created = events(entity).created
	return c
}

// properties returns the properties of a jCard. Some servers omit the list
// around them: ["vcard", ["version", …], ["fn", …]].
func properties(card []any) []any {
	list, ok := card[1].([]any)
	if !ok {
		return nil
	}
	if _, flat := first(list).(string); flat {
		return card[1:]
	}
	return list
}

// first returns the first element, or nil.
func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// handleOf returns an entity's handle. Servers write words of redaction in it,
// too.
func handleOf(entity object) string {
	h := text.Cut(entity.str("handle"), 100)
	if strings.Contains(strings.ToLower(h), "redacted") {
		return ""
	}
	return h
}

// card is a contact while it is parsed.
//
// Fields of enrich.Contact are filled as they come. settle then decides those
// that depend on others.
type card struct {
	enrich.Contact
	kind  string // "individual", "org", "group"
	given string // from the components of a name
	label []string
	url   string

	hidesEmail bool // words of redaction replace an address
}

// readVCard parses the properties of a jCard: [name, parameters, type, value,
// ...].
func (c *card) readVCard(properties []any) {
	for _, p := range properties[:min(len(properties), maxList)] {
		p, ok := p.([]any)
		if !ok || len(p) < 4 {
			continue
		}
		name, _ := p[0].(string)
		params, _ := p[1].(map[string]any)
		c.property(strings.ToLower(name), params, p[3])
	}
}

// property takes over one property of a jCard (RFC 7095, 3.3). The first value
// of each kind counts.
func (c *card) property(name string, params object, value any) {
	switch name {
	case "kind":
		text.SetOnce(&c.kind, strings.ToLower(stringOf(value)))
	case "fn":
		text.SetOnce(&c.Name, stringOf(value))
	case "n":
		text.SetOnce(&c.given, nameOfParts(value))
	case "org":
		text.SetOnce(&c.Organization, strings.Join(texts(value), ", "))
	case "email":
		text.SetOnce(&c.Email, whois.Email(stringOf(value)))
		c.hidesEmail = c.hidesEmail || c.Email == "" && whois.Redacted(stringOf(value))
	case "tel":
		c.phone(stringOf(value), strings.ToLower(strings.Join(texts(params["type"]), " ")))
	case "adr":
		c.address(params, value)
	case "url":
		text.SetOnce(&c.url, stringOf(value))
	}
}

// nameOfParts joins the components of a name (RFC 6350 section 6.2.2) in the
// usual order.
func nameOfParts(value any) string {
	parts := texts(value)
	if v, ok := value.([]any); ok && len(v) >= 2 {
		parts = []string{stringOf(v[1]), stringOf(v[0])}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// phone takes over a number, which may be a tel URI with an extension (RFC
// 3966).
func (c *card) phone(number, kind string) {
	number = strings.TrimPrefix(strings.TrimPrefix(number, "tel:"), "TEL:")
	number, _, _ = strings.Cut(number, ";") // removes ";ext=102"
	switch {
	case number == "":
	case strings.Contains(kind, "fax"):
		text.SetOnce(&c.Fax, number)
	default:
		text.SetOnce(&c.PhoneRaw, number)
	}
}

// address parses an address of seven components (RFC 6350 section 6.3.1). ARIN,
// RIPE and APNIC leave the components empty and write a label.
func (c *card) address(params object, value any) {
	if len(c.Street) > 0 || c.City != "" {
		return
	}
	parts, _ := value.([]any)
	part := func(i int) []string {
		if i < len(parts) {
			return texts(parts[i])
		}
		return nil
	}
	// Post office box, extended address and street. RFC 6350 advises against
	// the first two, and servers fill them.
	for _, i := range []int{0, 1, 2} {
		c.Street = append(c.Street, part(i)...)
	}
	c.Street = c.Street[:min(len(c.Street), 8)]
	c.City = strings.Join(part(3), ", ")
	c.Region = strings.Join(part(4), ", ")
	c.PostalCode = strings.Join(part(5), " ")
	text.SetOnce(&c.CountryRaw, strings.Join(part(6), " "))
	if cc := params.str("cc"); cc != "" { // RFC 8605 section 3.1
		c.Country = Country(cc)
		text.SetOnce(&c.CountryRaw, cc)
	}
	label := strings.ReplaceAll(rawText(params["label"]), `\n`, "\n") // APNIC escapes twice
	for l := range strings.SplitSeq(text.Cut(label, 2000), "\n") {
		if l = oneLine(l); l != "" && len(c.label) < 10 {
			c.label = append(c.label, l)
		}
	}
}

// settle decides fields that depend on the whole card.
//
// Organisations often have their name in "fn" alone, and addresses in a label
// alone.
func (c *card) settle() {
	text.SetOnce(&c.Name, c.given)
	if c.kind == "org" && c.Organization == "" {
		c.Organization, c.Name = c.Name, ""
	}
	if len(c.Street) > 0 || c.City != "" || len(c.label) == 0 {
		return
	}
	if last := c.label[len(c.label)-1]; c.CountryRaw == "" && Country(last) != "" {
		c.CountryRaw = last
		c.label = c.label[:len(c.label)-1]
	}
	c.Street = c.label[:min(len(c.label), 8)]
}

// readJSContact parses a Card of RFC 9553.
func (c *card) readJSContact(o object) {
	c.kind = strings.ToLower(o.str("kind"))
	name := o.obj("name")
	text.SetOnce(&c.Name, name.str("full"))
	text.SetOnce(&c.Name, name.str("fullName"))
	var parts []string
	for _, p := range name.objects("components") {
		parts = append(parts, p.str("value"))
	}
	text.SetOnce(&c.given, strings.Join(parts, " "))
	each(o.obj("organizations"), func(v object) { text.SetOnce(&c.Organization, v.str("name")) })
	each(o.obj("emails"), func(v object) {
		text.SetOnce(&c.Email, whois.Email(v.str("address")))
		text.SetOnce(&c.Email, whois.Email(v.str("email")))
	})
	each(o.obj("phones"), func(v object) {
		kind := ""
		if v.obj("features")["fax"] == true {
			kind = "fax"
		}
		c.phone(v.str("number")+v.str("phone"), kind)
	})
	each(o.obj("addresses"), c.jsAddress)
}

// jsAddress takes over an address of a JSContact card (RFC 9553, 2.5.1).
func (c *card) jsAddress(v object) {
	if len(c.Street) > 0 || c.City != "" {
		return
	}
	for _, p := range v.objects("components") {
		s := p.str("value")
		switch p.str("kind") {
		case "locality":
			c.City = s
		case "region":
			c.Region = s
		case "postcode":
			c.PostalCode = s
		case "country":
			text.SetOnce(&c.CountryRaw, s)
		// Separators of JSContact (RFC 9553) are punctuation between the
		// components.
		case "separator", "":
		default:
			if s != "" && len(c.Street) < 8 {
				c.Street = append(c.Street, s)
			}
		}
	}
	if cc := v.str("countryCode"); cc != "" {
		c.Country = Country(cc)
		text.SetOnce(&c.CountryRaw, cc)
	}
	for l := range strings.SplitSeq(text.Cut(rawText(v["full"]), 2000), "\n") {
		if l = oneLine(l); l != "" && len(c.label) < 10 {
			c.label = append(c.label, l)
		}
	}
}

// each calls f for the members of o that are objects, in the order of their
// names.
//
// The order of a Go map is random; the same answer must give the same contact.
func each(o object, f func(object)) {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys[:min(len(keys), maxList)] {
		if v, ok := o[k].(map[string]any); ok {
			f(v)
		}
	}
}

// texts returns the strings in v: a string, or a list of them.
//
// Sixteen elements are more than a name or an address has.
func texts(v any) []string {
	switch v := v.(type) {
	case string, json.Number:
		if s := stringOf(v); s != "" {
			return []string{s}
		}
	case []any:
		var out []string
		for _, e := range v[:min(len(v), 16)] {
			if s := stringOf(e); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
