package whois

import (
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"spoor/enrich"
	"spoor/internal/text"
)

// normalise derives country codes and E.164 phone numbers from a contact's
// fields.
//
// Raw values stay beside the normal ones. Unknown countries and impossible
// numbers leave the normal form empty.
func normalise(c *enrich.Contact) {
	if c.Country == "" {
		c.Country = countryCode(c.CountryRaw)
	}
	if c.PhoneRaw != "" && c.Phone == "" {
		c.Phone, c.PhoneCountry = phone(c.PhoneRaw, c.Country)
	}
	if c.Email != "" {
		at := strings.LastIndexByte(c.Email, '@')
		c.Email = c.Email[:at] + strings.ToLower(c.Email[at:])
	}
}

// phone returns a number in E.164 and its country, as far as known. country is
// the contact's, for numbers in national form.
func phone(raw, country string) (e164, region string) {
	raw = strings.TrimSpace(text.Cut(raw, 60))
	raw = strings.TrimPrefix(strings.TrimPrefix(raw, "tel:"), "Tel:")
	if strings.HasPrefix(raw, "++") {
		raw = raw[1:]
	}
	n, err := phonenumbers.Parse(raw, country)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", ""
	}
	n.Extension = nil
	return phonenumbers.Format(n, phonenumbers.E164), phoneRegion(n, country)
}

// phoneRegion returns the country of a number. An impossible number, such as +1
// 555 555 5555, has a country only if its calling code belongs to just one.
func phoneRegion(n *phonenumbers.PhoneNumber, country string) string {
	if r := phonenumbers.GetRegionCodeForNumber(n); len(r) == 2 && r != "ZZ" {
		return r
	}
	regions := phonenumbers.GetRegionCodesForCountryCode(int(n.GetCountryCode()))
	for _, r := range regions {
		if r == country {
			return r
		}
	}
	if len(regions) == 1 && len(regions[0]) == 2 {
		return regions[0]
	}
	return ""
}

// scrub limits every field and moves words of redaction to Redacted.
//
// Lists are shortened in place, as no one else holds them.
func scrub(reg *enrich.Registration) {
	for _, p := range contactsOf(reg) {
		c := p.contact
		for _, f := range []struct {
			f field
			s *string
		}{
			{fHandle, &c.Handle}, {fName, &c.Name}, {fOrg, &c.Organization}, {fCity, &c.City}, {fRegion, &c.Region}, {fPostal, &c.PostalCode},
			{fCountry, &c.CountryRaw}, {fPhone, &c.PhoneRaw}, {fFax, &c.Fax}, {fEmail, &c.Email},
		} {
			if hidden(f.s) {
				reg.Redacted = append(reg.Redacted, p.role+"."+string(f.f))
			}
		}
		street := c.Street[:0]
		for _, s := range c.Street {
			if hidden(&s) {
				reg.Redacted = append(reg.Redacted, p.role+"."+string(fStreet))
			} else if s != "" {
				street = append(street, s)
			}
		}
		c.Street = street
		if len(street) == 0 {
			c.Street = nil
		}
	}
	for _, s := range []*string{&reg.Handle, &reg.Reseller, &reg.Registrar.Name, &reg.Registrar.URL, &reg.Registrar.AbusePhone, &reg.Registrar.AbuseEmail, &reg.DNSSEC} {
		hidden(s)
	}
	reg.Status = keep(reg.Status)
}

// keep drops empty and redacted values.
func keep(list []string) []string {
	var out []string
	for _, s := range list {
		if !hidden(&s) && s != "" {
			out = append(out, s)
		}
	}
	return out
}

// hidden cleans *s. If it consists of words of redaction, it empties *s and
// returns true.
func hidden(s *string) bool {
	*s = oneLine(*s)
	if !isRedacted(*s) {
		return false
	}
	*s = ""
	return true
}

// oneLine collapses white space and limits the length.
func oneLine(s string) string {
	if strings.Contains(s, "  ") || strings.ContainsAny(s, "\t\n") {
		s = strings.Join(strings.Fields(s), " ")
	}
	s = text.Cut(strings.Trim(s, " ,"), maxField)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}
