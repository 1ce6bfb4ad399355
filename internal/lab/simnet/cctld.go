package simnet

import (
	"strings"
	"time"
)

// denic omits the registrant and has one date, as .de answers.
//
// A client asks the real server with "-T dn,ace".
func denic(p *page, d *Domain) {
	p.line("%% Restricted rights.")
	p.line("%%")
	p.line("%% Terms and Conditions of Use: the data may not be used for advertising.")
	p.line("")
	p.line("Domain: %s", d.Name)
	for _, ns := range d.NameServers {
		p.line("Nserver: %s", ns.glue(" "))
	}
	if d.DNSSEC {
		p.line("Dnskey: 257 3 8 AwEAAb+n3Zr0gFvUQnm+")
	}
	p.line("Status: connect")
	p.field(1, "Changed:", date(d.Updated, "2006-01-02T15:04:05+00:00"))
}

// nominet indents the values below their titles.
//
// There are no keys on the lines of values, so a parser must go by titles and
// indentation. The last line about the look-up has a date that belongs to no
// field.
func nominet(p *page, d *Domain, r *Registrar) {
	section := func(title string, values ...string) {
		p.line("    %s", title)
		for _, v := range values {
			if v != "" {
				p.line("        %s", v)
			}
		}
		p.line("")
	}
	c := d.shown(d.Registrant)
	p.line("")
	section("Domain name:", d.Name)
	if c.Name != "" || c.Organization != "" {
		section("Registrant:", or(c.Organization, c.Name))
		section("Registrant type:", "Unknown")
		section("Registrant's address:", append(append([]string{}, c.Street...), c.City, c.Region, c.PostalCode, countryName(c.Country))...)
	}
	section("Data validation:", "Nominet was able to match the registrant's name and address against a 3rd party data source")
	section("Registrar:", r.Name+" [Tag = "+strings.ToUpper(r.Key)+"]", "URL: "+r.URL)
	p.line("    Relevant dates:")
	p.line("        Registered on: %s", date(d.Created, "02-Jan-2006"))
	p.line("        Expiry date:  %s", date(d.Expires, "02-Jan-2006"))
	p.line("        Last updated:  %s", date(d.Updated, "02-Jan-2006"))
	p.line("")
	section("Registration status:", "Registered until expiry date.")
	p.line("    Name servers:")
	for _, ns := range d.NameServers {
		p.line("        %s", ns.glue("         "))
	}
	p.line("")
	p.line("    WHOIS lookup made at 12:00:00 05-Jan-2006")
	p.line("")
	p.line("-- ")
	p.line("This WHOIS information is provided for free by Nominet UK.")
}

// afnic refers from the domain to contact objects by nic-hdl.
//
// Objects follow each other with blank lines between. "source" ends each, so
// the same key occurs several times.
func afnic(p *page, d *Domain, r *Registrar) {
	p.line("%%%%")
	p.line("%%%% This is the AFNIC Whois server.")
	p.line("%%%%")
	p.line("")
	field := func(key, value string) { p.field(29, key, value) }
	field("domain:", d.Name)
	field("status:", "ACTIVE")
	field("eppstatus:", "active")
	field("hold:", "NO")
	field("holder-c:", d.Registrant.Handle)
	field("admin-c:", d.Admin.Handle)
	field("tech-c:", d.Tech.Handle)
	field("registrar:", r.Name)
	field("Expiry Date:", date(d.Expires, isoDate))
	field("created:", date(d.Created, isoDate))
	field("last-update:", date(d.Updated, isoDate))
	field("source:", "FRNIC")
	p.line("")
	for _, ns := range d.NameServers {
		addrs := strings.TrimPrefix(ns.glue(" "), ns.Host)
		if addrs != "" {
			addrs = " [" + strings.TrimSpace(addrs) + "]"
		}
		field("nserver:", ns.Host+addrs)
	}
	field("source:", "FRNIC")
	p.line("")
	field("registrar:", r.Name)
	field("country:", "FR")
	field("phone:", r.AbusePhone)
	field("e-mail:", r.AbuseEmail)
	field("website:", r.URL)
	field("source:", "FRNIC")
	afnicContacts(p, d)
}

// afnicContacts writes each distinct contact once, as AFNIC does; a redacted
// one as "Ano Nymous".
//
// One contact in several roles is one object, named by several lines of the
// domain.
func afnicContacts(p *page, d *Domain) {
	written := map[string]bool{}
	for _, c := range []Contact{d.Registrant, d.Admin, d.Tech} {
		if c.Handle == "" || written[c.Handle] {
			continue
		}
		written[c.Handle] = true
		field := func(key, value string) { p.field(29, key, value) }
		p.line("")
		field("nic-hdl:", c.Handle)
		if d.Redacted {
			field("type:", "PERSON")
			field("contact:", "Ano Nymous")
			field("registrar:", "REDACTED")
			field("anonymous:", "YES")
			field("remarks:", "-------------- WARNING --------------")
			field("remarks:", "While the registrar knows him/her, this person chose to restrict access to his/her personal data.")
			field("source:", "FRNIC")
			continue
		}
		field("type:", kindOf(c))
		field("contact:", or(c.Organization, c.Name))
		p.fields(29, "address:", c.Street)
		field("address:", strings.TrimSpace(c.PostalCode+" "+c.City))
		field("country:", c.Country)
		field("phone:", c.Phone)
		field("fax-no:", c.Fax)
		field("e-mail:", c.Email)
		field("changed:", date(c.Created, isoDate))
		field("anonymous:", "NO")
		field("source:", "FRNIC")
	}
}

// tci is the layout of .ru, in which "person: Private Person" hides the
// registrant.
//
// The server speaks of an organisation with "org:" and of a person with
// "person:". A name server of its own domain has its addresses behind a comma,
// and others end in a dot.
func tci(p *page, d *Domain, r *Registrar) {
	p.line("%% TCI Whois Service. Terms of use:")
	p.line("%% https://tcinet.example/documents/whois_ru_rf.pdf (in Russian)")
	p.line("")
	field := func(key, value string) { p.field(15, key, value) }
	field("domain:", strings.ToUpper(d.Name))
	for _, ns := range d.NameServers {
		field("nserver:", strings.Replace(ns.glue(", "), ", ", ". ", 1)+dot(len(ns.Addrs) == 0))
	}
	field("state:", "REGISTERED, DELEGATED, VERIFIED")
	switch {
	case d.Registrant.Organization != "":
		field("org:", d.Registrant.Organization)
	case d.Redacted, d.Registrant.Name == "":
		field("person:", "Private Person")
	default:
		field("person:", d.Registrant.Name)
	}
	if !d.Redacted {
		field("phone:", d.Registrant.Phone)
		field("e-mail:", d.Registrant.Email)
	}
	field("registrar:", r.Name)
	field("admin-contact:", r.URL)
	field("created:", date(d.Created, isoDate))
	field("paid-till:", date(d.Expires, isoDate))
	field("free-date:", date(d.Expires.AddDate(0, 1, 0), "2006-01-02"))
	field("source:", "TCI")
	p.line("")
	p.line("Last updated on 2006-01-05T12:00:00Z")
}

// dot ends names in the layouts that do.
func dot(yes bool) string {
	if yes {
		return "."
	}
	return ""
}

// inTokyo is the time zone of the dates in .jp.
// A day there begins nine hours before that of UTC, so a date alone is off by
// one for most evenings.
var inTokyo = time.FixedZone("JST", 9*3600)

// jprs writes English keys in brackets if the question ends in /e.
//
// The real server writes Japanese in ISO-2022-JP without the /e.
func jprs(p *page, d *Domain) {
	day := func(t time.Time, layout string) string {
		if t.IsZero() {
			return ""
		}
		return t.In(inTokyo).Format(layout)
	}
	p.line("[ JPRS database provides information on network administration. Its use is    ]")
	p.line("[ restricted to network administration purposes. For further information,     ]")
	p.line("[ use 'whois -h whois.jprs.jp help'. To suppress Japanese output, add'/e'     ]")
	p.line("[ at the end of command, e.g. 'whois -h whois.jprs.jp xxx/e'.                 ]")
	p.line("")
	p.line("Domain Information:")
	field := func(key, value string) { p.field(33, key, value) }
	c := d.shown(d.Registrant)
	field("[Domain Name]", strings.ToUpper(d.Name))
	p.line("")
	field("[Registrant]", or(c.Organization, c.Name))
	p.line("")
	p.fields(33, "[Name Server]", d.hosts())
	field("[Signing Key]", "")
	p.line("")
	field("[Created on]", day(d.Created, "2006/01/02"))
	field("[Expires on]", day(d.Expires, "2006/01/02"))
	field("[Status]", "Active")
	field("[Last Updated]", day(d.Updated, "2006/01/02 15:04:05 (MST)"))
	p.line("")
	p.line("Contact Information:")
	field("[Name]", or(c.Name, c.Organization))
	field("[Email]", c.Email)
	field("[Web Page]", "")
	field("[Postal code]", c.PostalCode)
	if len(c.Street) > 0 {
		field("[Postal Address]", c.City)
		p.fields(33, "", c.Street)
	}
	field("[Phone]", c.Phone)
	field("[Fax]", c.Fax)
}

// krnic answers in Korean (EUC-KR), then in English.
//
// The same facts come twice, and the Korean half must not count as further
// contacts. The address is on one line.
func krnic(p *page, d *Domain, r *Registrar) {
	const day = "2006. 01. 02."
	c := d.shown(d.Registrant)
	p.line("query : %s", d.Name)
	p.line("")
	p.line("")
	p.line("# KOREAN")
	p.line("")
	korean := func(key, value string) {
		if value != "" {
			p.line("%s : %s", key, value)
		}
	}
	korean("도메인이름                  ", d.Name)
	korean("등록인                      ", or(c.Organization, c.Name))
	korean("등록일                      ", date(d.Created, day))
	korean("최근 정보 변경일            ", date(d.Updated, day))
	korean("사용 종료일                 ", date(d.Expires, day))
	p.line("")
	p.line("# ENGLISH")
	p.line("")
	field := func(key, value string) {
		if value != "" {
			p.line("%-28s: %s", key, value)
		}
	}
	field("Domain Name", d.Name)
	field("Registrant", or(c.Organization, c.Name))
	field("Registrant Address", strings.Join(append(append([]string{}, c.Street...), c.City), ", "))
	field("Registrant Zip Code", c.PostalCode)
	field("Administrative Contact(AC)", d.shown(d.Admin).Name)
	field("AC E-Mail", d.shown(d.Admin).Email)
	field("AC Phone Number", d.shown(d.Admin).Phone)
	field("Registered Date", date(d.Created, day))
	field("Last Updated Date", date(d.Updated, day))
	field("Expiration Date", date(d.Expires, day))
	field("Publishes", "Y")
	field("Authorized Agency", r.Name+"("+r.URL+")")
	p.line("")
	for i, ns := range d.NameServers {
		p.line("%s Name Server", []string{"Primary", "Secondary"}[min(i, 1)])
		field("   Host Name", ns.Host)
		for _, a := range ns.Addrs {
			field("   IP Address", a.String())
		}
	}
	p.line("")
	p.line("- KISA/KRNIC WHOIS Service -")
}

// nicbr answers in Latin-1, with contacts by nic-hdl-br.
//
// A creation date has the number of the ticket behind it: "20060105 #1234567".
func nicbr(p *page, d *Domain) {
	const day = "20060102"
	p.line("")
	p.line("%% Copyright (c) Nic.br - Não há garantia.")
	p.line("%%  Os dados abaixo são fornecidos como estão. 2006-01-05T09:00:00-03:00")
	p.line("")
	field := func(key, value string) { p.field(13, key, value) }
	c := d.shown(d.Registrant)
	field("domain:", d.Name)
	field("owner:", or(c.Organization, c.Name))
	field("responsible:", c.Name)
	field("country:", c.Country)
	field("owner-c:", d.Registrant.Handle)
	field("admin-c:", d.Admin.Handle)
	field("tech-c:", d.Tech.Handle)
	for _, ns := range d.NameServers {
		field("nserver:", ns.glue(" "))
		field("nsstat:", "20060105 AA")
		field("nslastaa:", "20060105")
	}
	if !d.Created.IsZero() {
		field("created:", date(d.Created, day)+" #1234567")
	}
	field("changed:", date(d.Updated, day))
	field("expires:", date(d.Expires, day))
	field("status:", "published")
	written := map[string]bool{}
	for _, c := range []Contact{d.Registrant, d.Admin, d.Tech} {
		if c.Handle == "" || written[c.Handle] {
			continue
		}
		written[c.Handle] = true
		c := d.shown(c)
		p.line("")
		field("nic-hdl-br:", c.Handle)
		field("person:", c.Name)
		field("e-mail:", c.Email)
		field("country:", c.Country)
		field("created:", date(c.Created, day))
	}
	p.line("")
	p.line("%% Security and mail abuse issues should also be addressed to")
	p.line("%% cert.br, respectivelly to cert@cert.example")
}

// sidn omits the registrant.
//
// Without one, the name servers are the best evidence.
func sidn(p *page, d *Domain, r *Registrar) {
	p.line("Domain name: %s", d.Name)
	p.line("Status:      active")
	p.line("")
	p.line("Registrar:")
	p.line("   %s", r.Name)
	p.line("   %s", "1 Registrar Street")
	p.line("   %s", "1000AA Amsterdam")
	p.line("   %s", "Netherlands")
	p.line("")
	p.line("Abuse Contact:")
	p.line("   %s", r.AbusePhone)
	p.line("   %s", r.AbuseEmail)
	p.line("")
	p.field(1, "Creation Date:", date(d.Created, "2006-01-02"))
	p.line("")
	p.field(1, "Updated Date:", date(d.Updated, "2006-01-02"))
	p.line("")
	p.line("DNSSEC:      %s", map[bool]string{true: "yes", false: "no"}[d.DNSSEC])
	p.line("")
	p.line("Domain nameservers:")
	for _, ns := range d.NameServers {
		p.line("   %s", ns.glue("              "))
	}
	p.line("")
	p.line("Record maintained by: SIDN BV")
	p.line("")
	p.line("Copyright notice")
	p.line("No part of this publication may be reproduced.")
}

// eurid omits the dates.
//
// "NOT DISCLOSED!" stands in the place of a contact and must not become a name
// that thousands of domains share.
func eurid(p *page, d *Domain, r *Registrar) {
	p.line("%% The WHOIS service offered by EURid and the access to the records")
	p.line("%% in the EURid WHOIS database are provided for information purposes only.")
	p.line("")
	p.line("Domain: %s", d.Name)
	p.line("Script: LATIN")
	p.line("")
	p.line("Registrant:")
	p.line("        NOT DISCLOSED!")
	p.line("        Visit www.eurid.eu for the web-based WHOIS.")
	p.line("")
	p.line("Technical:")
	p.line("        Organisation: %s", r.Name)
	p.line("        Language: en")
	p.field(1, "        Email:", r.AbuseEmail)
	p.line("")
	p.line("Registrar:")
	p.line("        Name: %s", r.Name)
	p.line("        Website: %s", r.URL)
	p.line("")
	p.line("Name servers:")
	for _, ns := range d.NameServers {
		if len(ns.Addrs) == 0 {
			p.line("        %s", ns.Host)
		}
		for _, a := range ns.Addrs {
			p.line("        %s (%s)", ns.Host, a)
		}
	}
	p.line("")
	p.line("Please visit www.eurid.eu for more info.")
}

// cnnic is short and has dates in Beijing time.
//
// It does not write the zone. A reader that takes the times for UTC is eight
// hours off.
func cnnic(p *page, d *Domain, r *Registrar) {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(time.FixedZone("CST", 8*3600)).Format("2006-01-02 15:04:05")
	}
	c := d.shown(d.Registrant)
	p.field(1, "Domain Name:", d.Name)
	p.field(1, "ROID:", d.Handle)
	p.fields(1, "Domain Status:", d.Status)
	p.field(1, "Registrant:", or(c.Organization, c.Name))
	p.field(1, "Registrant Contact Email:", c.Email)
	p.field(1, "Sponsoring Registrar:", r.Name)
	p.fields(1, "Name Server:", d.hosts())
	p.field(1, "Registration Time:", day(d.Created))
	p.field(1, "Expiration Time:", day(d.Expires))
	p.line("DNSSEC: %s", dnssec(d))
}
