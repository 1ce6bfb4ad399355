package simnet

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
)

// page collects the lines of an answer.
//
// Lines end in CR LF (RFC 3912 section 2).
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(p, format, args...)
	p.WriteString("\r\n")
}

// field writes a key and its value, padded to a column. It writes nothing for
// an empty value.
func (p *page) field(column int, key, value string) {
	if value == "" {
		return
	}
	p.line("%-*s %s", column-1, key, value)
}

// fields writes a field for each value.
func (p *page) fields(column int, key string, values []string) {
	for _, v := range values {
		p.field(column, key, v)
	}
}

// date formats t, or returns "" for the zero time.
func date(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

// isoDate is the form of times in most layouts.
const isoDate = "2006-01-02T15:04:05Z"

// encode converts an answer to the character set of its registry.
//
// Text that the character set cannot express stays in UTF-8.
func encode(layout Layout, text string) []byte {
	switch layout {
	case KRNIC:
		if b, err := korean.EUCKR.NewEncoder().Bytes([]byte(text)); err == nil {
			return b
		}
	case NICBR, LACNIC:
		if b, err := charmap.ISO8859_1.NewEncoder().Bytes([]byte(text)); err == nil {
			return b
		}
	}
	return []byte(text)
}

// shown returns a contact as answers display it: redacted if the domain is
// Redacted.
//
// Organisation, state and country stay, as ICANN's temporary specification of
// 2018 left them. The text in place of the address is that of real registries;
// it is as long as it is.
func (d *Domain) shown(c Contact) Contact {
	if !d.Redacted || c.Name == "" && c.Organization == "" && c.Email == "" {
		return c
	}
	const hidden = "REDACTED FOR PRIVACY"
	return Contact{
		Handle: hidden, Name: hidden, Organization: c.Organization, Street: []string{hidden}, City: hidden,
		Region: c.Region, PostalCode: hidden, Country: c.Country, Phone: hidden, Fax: hidden,
		Email: "Please query the RDDS service of the Registrar of Record identified in this output for information on how to contact the Registrant, Admin, or Tech contact of the queried domain name.",
	}
}

// hosts returns the names of the name servers.
func (d *Domain) hosts() []string {
	var hosts []string
	for _, ns := range d.NameServers {
		hosts = append(hosts, ns.Host)
	}
	return hosts
}

// upper converts a list to upper case.
func upper(list []string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = strings.ToUpper(list[i])
	}
	return out
}

// glue formats a name server with its addresses as registries do: "ns.example
// 192.0.2.1 192.0.2.2".
func (n NameServer) glue(separator string) string {
	text := n.Host
	for _, a := range n.Addrs {
		text += separator + a.String()
	}
	return text
}

// or returns the first non-empty value.
func or(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// countries are the English names in old layouts.
var countries = map[string]string{
	"US": "UNITED STATES", "DE": "GERMANY", "FR": "FRANCE", "PL": "POLAND", "CN": "CHINA", "GB": "UNITED KINGDOM",
	"RU": "RUSSIAN FEDERATION", "BR": "BRAZIL", "JP": "JAPAN", "KR": "KOREA, REPUBLIC OF", "NL": "NETHERLANDS",
}

func countryName(code string) string { return or(countries[code], code) }
