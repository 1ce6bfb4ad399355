package whois

import (
	"strings"
	"time"

	"spoor/enrich"
	"spoor/internal/domain"
)

// Anomalies of a registration: stable codes.
const (
	oddPhoneCountry = "phone-country-differs" // phone and address of the registrant are in different countries
	oddPhone        = "phone-invalid"         // the registrant's phone number is impossible
	oddFreeMail     = "free-mail"             // the registrant's mail address is at a free mail provider
	oddOwnMail      = "mail-in-own-domain"    // the registrant's mail address is in the domain itself
	oddOwnServers   = "servers-in-own-domain" // every name server is in the domain itself
	oddDates        = "dates-out-of-order"    // updated or expires before it was created
	oddUnread       = "date-unreadable"       // a date that cannot be parsed
	oddCountry      = "country-unknown"       // an unknown country
)

// anomaliesOf returns the codes of contradictory or suspicious contact data.
//
// None of them proves anything. They are facts that forged registrations have
// more often, and that analysts look for. The order is fixed, so that stored
// lists can be compared.
func anomaliesOf(reg *enrich.Registration, asked string) []string {
	var out []string
	note := func(code string, is bool) {
		if is {
			out = append(out, code)
		}
	}
	c := &reg.Registrant
	note(oddPhoneCountry, c.PhoneCountry != "" && c.Country != "" && c.PhoneCountry != c.Country)
	note(oddPhone, c.PhoneRaw != "" && c.Phone == "")
	note(oddCountry, c.CountryRaw != "" && c.Country == "")
	_, host, _ := strings.Cut(c.Email, "@")
	if n, ok := domain.Parse(host); ok {
		note(oddFreeMail, n.Shared == "mail")
		note(oddOwnMail, reg.Domain != "" && n.Operator == reg.Domain)
	}
	note(oddOwnServers, ownServers(reg))
	note(oddDates, before(reg.Updated, reg.Created) || before(reg.Expires, reg.Created))
	note(oddUnread, unread(reg.Created, reg.Raw.Created) || unread(reg.Updated, reg.Raw.Updated) || unread(reg.Expires, reg.Raw.Expires))
	return out
}

// unread reports whether a date is there that could not be parsed.
func unread(t time.Time, raw string) bool { return t.IsZero() && raw != "" }

// before reports whether a is more than a day before b, because zones are often
// omitted.
//
// Unknown dates are in no order.
func before(a, b time.Time) bool {
	return !a.IsZero() && !b.IsZero() && a.Before(b.Add(-24*time.Hour))
}

// ownServers reports whether all name servers are inside the domain: its owner
// runs them.
func ownServers(reg *enrich.Registration) bool {
	for _, ns := range reg.NameServers {
		if !strings.HasSuffix(ns.Host, "."+reg.Domain) {
			return false
		}
	}
	return len(reg.NameServers) > 0 && reg.Domain != ""
}
