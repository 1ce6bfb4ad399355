package simnet

import (
	"fmt"
	"strings"
)

// renderDomain writes a registration in the layout of a registry or registrar.
// It includes texts in the manner of the real ones, because parsers stumble
// over these.
//
// A domain whose Registrar is not declared is answered without one.
func (ix *index) renderDomain(layout Layout, d *Domain) string {
	p := new(page)
	r := ix.registrars[d.Registrar]
	if r == nil {
		r = &Registrar{}
	}
	switch layout {
	case Verisign:
		verisign(p, d, r)
	case Afilias:
		afilias(p, d, r)
	case DENIC:
		denic(p, d)
	case Nominet:
		nominet(p, d, r)
	case AFNIC:
		afnic(p, d, r)
	case TCI:
		tci(p, d, r)
	case JPRS:
		jprs(p, d)
	case KRNIC:
		krnic(p, d, r)
	case NICBR:
		nicbr(p, d)
	case SIDN:
		sidn(p, d, r)
	case EURid:
		eurid(p, d, r)
	case CNNIC:
		cnnic(p, d, r)
	case Old2005:
		old2005(p, d, r)
	case NetSol:
		netsol(p, d, r)
	default:
		icann(p, d, r, layout == Thick)
	}
	return p.String()
}

// icann is the format of ICANN's 2013 agreement, used by registrars and thick
// registries.
//
// The order of the fields is that of the agreement's specification. The last
// two lines are traps: running text with a colon behind a known key.
func icann(p *page, d *Domain, r *Registrar, registrar bool) {
	p.line("Domain Name: %s", strings.ToUpper(d.Name))
	p.field(1, "Registry Domain ID:", d.Handle)
	p.field(1, "Registrar WHOIS Server:", or(d.Refers, r.WHOIS))
	p.field(1, "Registrar URL:", r.URL)
	p.field(1, "Updated Date:", date(d.Updated, isoDate))
	p.field(1, "Creation Date:", date(d.Created, isoDate))
	expiry := "Registry Expiry Date:"
	if registrar {
		expiry = "Registrar Registration Expiration Date:"
	}
	p.field(1, expiry, date(d.Expires, isoDate))
	registrarFields(p, r)
	p.field(1, "Reseller:", d.Reseller)
	statuses(p, d)
	for _, c := range []struct {
		role string
		Contact
	}{{"Registrant", d.Registrant}, {"Admin", d.Admin}, {"Tech", d.Tech}, {"Billing", d.Billing}} {
		icannContact(p, c.role, d.shown(c.Contact))
	}
	p.fields(1, "Name Server:", d.hosts())
	p.line("DNSSEC: %s", dnssec(d))
	p.line("URL of the ICANN Whois Inaccuracy Complaint Form: https://www.icann.org/wicf/")
	p.line(">>> Last update of WHOIS database: 2006-01-05T12:00:00Z <<<")
	p.line("")
	p.line("For more information on Whois status codes, please visit https://icann.org/epp")
	p.line("")
	p.line("TERMS OF USE: The data in this record is provided for informational purposes only.")
	p.line("Registrar: the word alone in running text is no field. Created on paper.")
}

// registrarFields writes the registrar, with the fields of ICANN's policy on
// registration data.
func registrarFields(p *page, r *Registrar) {
	p.field(1, "Registrar:", r.Name)
	if r.IANAID > 0 {
		p.line("Registrar IANA ID: %d", r.IANAID)
	}
	p.field(1, "Registrar Abuse Contact Email:", r.AbuseEmail)
	p.field(1, "Registrar Abuse Contact Phone:", r.AbusePhone)
}

func statuses(p *page, d *Domain) {
	for _, s := range d.Status {
		p.line("Domain Status: %s https://icann.org/epp#%s", s, s)
	}
}

// dnssec is the value of the field DNSSEC.
func dnssec(d *Domain) string {
	if d.DNSSEC {
		return "signedDelegation"
	}
	return "unsigned"
}

// icannContact writes a contact in the layout that ICANN prescribes.
func icannContact(p *page, role string, c Contact) {
	if c.Handle == "" && c.Name == "" && c.Organization == "" && c.Email == "" {
		return
	}
	p.field(1, "Registry "+role+" ID:", c.Handle)
	p.field(1, role+" Name:", c.Name)
	p.field(1, role+" Organization:", c.Organization)
	p.fields(1, role+" Street:", c.Street)
	p.field(1, role+" City:", c.City)
	p.field(1, role+" State/Province:", c.Region)
	p.field(1, role+" Postal Code:", c.PostalCode)
	p.field(1, role+" Country:", c.Country)
	p.field(1, role+" Phone:", c.Phone)
	p.field(1, role+" Fax:", c.Fax)
	p.field(1, role+" Email:", c.Email)
}

// verisign is thin: it refers to the registrar for all contacts.
//
// The real one has indentation of three blanks and names in capitals. Its
// notice has a line that begins with a key.
func verisign(p *page, d *Domain, r *Registrar) {
	in := func(key, value string) {
		if value != "" {
			p.line("   %s %s", key, value)
		}
	}
	in("Domain Name:", strings.ToUpper(d.Name))
	in("Registry Domain ID:", d.Handle)
	in("Registrar WHOIS Server:", or(d.Refers, r.WHOIS))
	in("Registrar URL:", r.URL)
	in("Updated Date:", date(d.Updated, isoDate))
	in("Creation Date:", date(d.Created, isoDate))
	in("Registry Expiry Date:", date(d.Expires, isoDate))
	in("Registrar:", r.Name)
	if r.IANAID > 0 {
		in("Registrar IANA ID:", fmt.Sprint(r.IANAID))
	}
	in("Registrar Abuse Contact Email:", r.AbuseEmail)
	in("Registrar Abuse Contact Phone:", r.AbusePhone)
	for _, s := range d.Status {
		in("Domain Status:", s+" https://icann.org/epp#"+s)
	}
	for _, host := range upper(d.hosts()) {
		in("Name Server:", host)
	}
	in("DNSSEC:", dnssec(d))
	in("URL of the ICANN Whois Inaccuracy Complaint Form:", "https://www.icann.org/wicf/")
	p.line(">>> Last update of whois database: 2006-01-05T12:00:00Z <<<")
	p.line("")
	p.line("NOTICE: The expiration date displayed in this record is the date the")
	p.line("registrar's sponsorship of the domain name registration in the registry is")
	p.line("currently set to expire. Registrar: this line is part of a notice.")
}

// afilias is the layout of .info around 2005.
//
// The six lines of name servers are there even if they are empty.
func afilias(p *page, d *Domain, r *Registrar) {
	const day = "02-Jan-2006 15:04:05 MST"
	p.field(1, "Domain ID:", d.Handle)
	p.line("Domain Name:%s", strings.ToUpper(d.Name))
	for _, f := range [][2]string{
		{"Created On:", date(d.Created, day)}, {"Last Updated On:", date(d.Updated, day)},
		{"Expiration Date:", date(d.Expires, day)}, {"Sponsoring Registrar:", r.Name},
	} {
		if f[1] != "" {
			p.line("%s%s", f[0], f[1])
		}
	}
	for _, s := range d.Status {
		p.line("Status:%s", s)
	}
	for _, c := range []struct {
		role string
		Contact
	}{{"Registrant", d.Registrant}, {"Admin", d.Admin}, {"Billing", d.Billing}, {"Tech", d.Tech}} {
		afiliasContact(p, c.role, d.shown(c.Contact))
	}
	for _, host := range upper(d.hosts()) {
		p.line("Name Server:%s", host)
	}
	for range max(0, 6-len(d.NameServers)) {
		p.line("Name Server: ")
	}
}

// afiliasContact writes a contact in the older layout of Afilias, without
// spaces after colons.
func afiliasContact(p *page, role string, c Contact) {
	if c.Handle == "" && c.Name == "" && c.Organization == "" && c.Email == "" {
		return
	}
	tight := func(key, value string) {
		if value != "" {
			p.line("%s %s:%s", role, key, value)
		}
	}
	tight("ID", c.Handle)
	tight("Name", c.Name)
	tight("Organization", c.Organization)
	for i, street := range c.Street {
		tight(fmt.Sprintf("Street%d", i+1), street)
	}
	tight("City", c.City)
	tight("State/Province", c.Region)
	tight("Postal Code", c.PostalCode)
	tight("Country", c.Country)
	tight("Phone", c.Phone)
	tight("FAX", c.Fax)
	tight("Email", c.Email)
}

// old2005 is the layout of a French registrar in 2005.
//
// Two roles share a contact by the title. Dates are in the American order.
func old2005(p *page, d *Domain, r *Registrar) {
	const day = "01/02/2006 15:04:05"
	c := d.shown(d.Registrant)
	p.line("Domain : %s", d.Name)
	p.line("Registrant / Admin Contact :")
	p.line("  %s", kindOf(c))
	p.line("  %s (%s)", or(c.Name, c.Organization), c.Handle)
	p.line("  %s", strings.Join(append(c.Street, c.City), ", "))
	p.line("  %s %s", c.PostalCode, c.Region)
	p.line("  %s", countryName(c.Country))
	p.line("  phone : %s", spacedPhone(c.Phone))
	p.line("  fax : %s", spacedPhone(c.Fax))
	p.line("  e-mail : %s", c.Email)
	p.line("Domain servers :")
	for _, ns := range d.NameServers {
		if ns.Handle != "" {
			p.line("  %s (%s)", ns.Host, ns.Handle)
		} else {
			p.line("  %s", ns.Host)
		}
	}
	p.line("Created on %s", date(d.Created, day))
	p.line("Updated on %s", date(d.Updated, day))
	p.line("Expires on %s", date(d.Expires, day))
	p.line("Registrar : %s", r.Name)
}

// kindOf is the kind of a contact, as AFNIC names it.
func kindOf(c Contact) string {
	if c.Organization != "" {
		return "ORGANISATION"
	}
	return "PERSON"
}

// spacedPhone writes +48.223895469 as +48 22 3895469.
//
// EPP's form has a dot after the country code (RFC 5733 section 2.5).
func spacedPhone(phone string) string {
	country, rest, ok := strings.Cut(phone, ".")
	if !ok || len(rest) < 5 {
		return phone
	}
	return country + " " + rest[:2] + " " + rest[2:]
}

// netsol is the indented layout of the largest registrar of 2003.
//
// Values have no keys: name, handle and address stand in one line, and the
// handle in parentheses.
func netsol(p *page, d *Domain, r *Registrar) {
	const day = "02-Jan-2006"
	block := func(title string, c Contact) {
		p.line("%s:", title)
		p.line("   %s", or(c.Organization, c.Name))
		if title != "Registrant" {
			p.line("   %s  (%s)  %s", c.Name, c.Handle, c.Email)
		}
		for _, street := range c.Street {
			p.line("   %s", street)
		}
		p.line("   %s, %s %s", c.City, c.Region, c.PostalCode)
		p.line("   %s", c.Country)
		if title != "Registrant" && c.Phone != "" {
			p.line("   %s fax: %s", c.Phone, c.Fax)
		}
		p.line("")
	}
	block("Registrant", d.shown(d.Registrant))
	p.line("   Domain Name: %s", strings.ToUpper(d.Name))
	p.line("")
	block("   Administrative Contact", d.shown(d.Admin))
	block("   Technical Contact", d.shown(d.Tech))
	p.line("   Record expires on %s.", date(d.Expires, day))
	p.line("   Record created on %s.", date(d.Created, day))
	p.line("   Database last updated on %s.", date(d.Updated, "2-Jan-2006 15:04:05 MST"))
	p.line("")
	p.line("   Domain servers in listed order:")
	p.line("")
	for _, ns := range d.NameServers {
		p.line("   %-28s %s", strings.ToUpper(ns.Host), strings.TrimPrefix(ns.glue(" "), ns.Host+" "))
	}
	p.line("")
	p.line("   Registrar: %s", r.Name)
}
