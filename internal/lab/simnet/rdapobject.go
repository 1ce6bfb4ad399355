package simnet

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// rdapDomain is a domain object (RFC 9083, 5.3). A Verisign registry's is thin,
// and links to the registrar's.
//
// A registrar knows only its own domains. nil becomes 404.
func (s *server) rdapDomain(name, refers string) object {
	d, ok := s.ix.domain(name)
	r, isRegistrar := s.ix.registrars[s.key]
	if !ok || s.ix.regional(s.key) != nil || isRegistrar && d.Registrar != s.key {
		return nil
	}
	if r == nil {
		r = s.ix.registrars[d.Registrar]
	}
	if r == nil {
		r = &Registrar{}
	}
	o := object{
		"objectClassName": "domain", "ldhName": strings.ToUpper(d.Name), "handle": d.Handle, "status": rdapStatus(d.Status),
		"events": events(d.Created, d.Updated, d.Expires), "nameservers": nameservers(d),
		"secureDNS": object{"delegationSigned": d.DNSSEC},
		"links":     list{object{"rel": "self", "href": "http://" + s.name + "/domain/" + d.Name, "type": "application/rdap+json"}},
	}
	entities := list{registrarEntity(r)}
	if registry := s.ix.registry(name); isRegistrar || registry == nil || registry.Layout != Verisign {
		entities = append(entities, contactEntities(d)...)
		if d.Redacted {
			o["redacted"] = redactions()
		}
	}
	related := refers
	if related == "" && !isRegistrar && r.RDAP != "" {
		related = "http://" + r.RDAP + "/domain/" + d.Name
	}
	if related != "" {
		o["links"] = append(asList(o["links"]), object{"rel": "related", "href": related, "type": "application/rdap+json"})
	}
	o["entities"] = entities
	return o
}

// rdapStatus turns EPP's words into RDAP's (RFC 8056): clientTransferProhibited
// is "client transfer prohibited".
//
// "ok" of EPP is "active" in RDAP.
func rdapStatus(status []string) list {
	out := list{}
	for _, s := range status {
		if s == "ok" {
			s = "active"
		}
		var b strings.Builder
		for _, c := range s {
			if c >= 'A' && c <= 'Z' {
				b.WriteByte(' ')
				c += 'a' - 'A'
			}
			b.WriteRune(c)
		}
		out = append(out, b.String())
	}
	return out
}

// events are the times of an object (RFC 9083, section 4.5).
//
// The last one is about the database and not about the object; a parser must
// not take it for a change.
func events(created, updated, expires time.Time) list {
	out := list{}
	for _, e := range []struct {
		action string
		at     time.Time
	}{{"registration", created}, {"last changed", updated}, {"expiration", expires}} {
		if !e.at.IsZero() {
			out = append(out, object{"eventAction": e.action, "eventDate": e.at.UTC().Format(time.RFC3339)})
		}
	}
	return append(out, object{"eventAction": "last update of RDAP database", "eventDate": "2006-01-05T12:00:00Z"})
}

// nameservers are the name servers of a domain (RFC 9083, section 5.2).
func nameservers(d *Domain) list {
	out := list{}
	for _, ns := range d.NameServers {
		o := object{"objectClassName": "nameserver", "ldhName": strings.ToUpper(ns.Host)}
		if ns.Handle != "" {
			o["handle"] = ns.Handle
		}
		v4, v6 := list{}, list{}
		for _, a := range ns.Addrs {
			if a.Is4() {
				v4 = append(v4, a.String())
			} else {
				v6 = append(v6, a.String())
			}
		}
		if addrs := (object{}); len(v4)+len(v6) > 0 {
			if len(v4) > 0 {
				addrs["v4"] = v4
			}
			if len(v6) > 0 {
				addrs["v6"] = v6
			}
			o["ipAddresses"] = addrs
		}
		out = append(out, o)
	}
	return out
}

// registrarEntity is the registrar with its abuse contact inside, as ICANN's
// profile has it.
func registrarEntity(r *Registrar) object {
	id := strconv.Itoa(r.IANAID)
	return object{
		"objectClassName": "entity", "handle": id, "roles": list{"registrar"},
		"publicIds":  list{object{"type": "IANA Registrar ID", "identifier": id}},
		"vcardArray": jCard(Contact{Name: r.Name}),
		"links":      list{object{"rel": "about", "href": r.URL, "type": "text/html"}},
		"entities": list{object{
			"objectClassName": "entity", "roles": list{"abuse"}, "vcardArray": jCard(Contact{Email: r.AbuseEmail, Phone: r.AbusePhone}),
		}},
	}
}

// contactEntities has one entity for each contact, with all its roles.
//
// A contact without a handle is never joined with another.
func contactEntities(d *Domain) list {
	out := list{}
	seen := map[string]object{}
	for _, c := range []struct {
		role string
		Contact
	}{{"registrant", d.Registrant}, {"administrative", d.Admin}, {"technical", d.Tech}, {"billing", d.Billing}} {
		key := c.Handle
		switch have := seen[key]; {
		case c.Handle == "" && c.Name == "" && c.Organization == "" && c.Email == "":
		case key != "" && have != nil:
			have["roles"] = append(asList(have["roles"]), c.role)
		default:
			e := contactEntity(d, c.Contact, c.role)
			seen[key] = e
			out = append(out, e)
		}
	}
	return out
}

// contactEntity is a contact, with a remark where its data were removed.
//
// The handle goes with the redaction, as it would tell that two domains have
// one holder.
func contactEntity(d *Domain, c Contact, role string) object {
	e := object{"objectClassName": "entity", "handle": c.Handle, "roles": list{role}, "vcardArray": jCard(c)}
	if d.Redacted {
		e["vcardArray"] = jCard(Contact{Organization: c.Organization, Region: c.Region, Country: c.Country})
		delete(e, "handle")
		e["remarks"] = list{object{
			"title": "REDACTED FOR PRIVACY", "type": "object redacted due to authorization",
			"description": list{"Some of the data in this object has been removed."},
		}}
	}
	return e
}

// redactions are RFC 9537's marks.
//
// The paths name fields that are no longer there (method "removal", RFC 9537
// section 3.1).
func redactions() list {
	out := list{}
	for _, r := range [][2]string{
		{"Registrant Name", "$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[0]=='fn')][3]"},
		{"Registrant Street", "$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[0]=='adr')][3][:3]"},
		{"Registrant Phone", "$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[1].type=='voice')]"},
		{"Registrant Email", "$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[0]=='email')]"},
	} {
		out = append(out, object{"name": object{"description": r[0]}, "prePath": r[1], "pathLang": "jsonpath", "method": "removal", "reason": object{"description": "Server policy"}})
	}
	return out
}

// jCard is RFC 7095's form of a contact.
//
// A property is [name, parameters, type, value]. A street of several lines is a
// list inside of the address.
func jCard(c Contact) list {
	props := list{list{"version", object{}, "text", "4.0"}, list{"fn", object{}, "text", c.Name}}
	if c.Organization != "" {
		props = append(props, list{"org", object{}, "text", c.Organization})
	}
	if len(c.Street) > 0 || c.City != "" || c.Country != "" {
		var street any = ""
		if len(c.Street) == 1 {
			street = c.Street[0]
		} else if len(c.Street) > 1 {
			lines := list{}
			for _, s := range c.Street {
				lines = append(lines, s)
			}
			street = lines
		}
		props = append(props, list{"adr", object{"cc": c.Country}, "text", list{"", "", street, c.City, c.Region, c.PostalCode, ""}})
	}
	if c.Phone != "" {
		props = append(props, list{"tel", object{"type": "voice"}, "uri", "tel:" + c.Phone})
	}
	if c.Fax != "" {
		props = append(props, list{"tel", object{"type": "fax"}, "uri", "tel:" + c.Fax})
	}
	if c.Email != "" {
		props = append(props, list{"email", object{}, "text", c.Email})
	}
	return list{"vcard", props}
}

// rdapIP is an ip network object (RFC 9083, 5.4).
//
// A regional registry knows its own netblocks; the server for everything knows
// all. The length of a prefix in the question is ignored.
func (s *server) rdapIP(subject string) object {
	host, _, _ := strings.Cut(subject, "/")
	a, err := netip.ParseAddr(host)
	if err != nil {
		return nil
	}
	registry := ""
	if s.ix.regional(s.key) != nil {
		registry = s.key
	}
	b := s.ix.block(a, registry)
	if b == nil {
		return nil
	}
	first, last := ends(b.Prefix)
	version, cidr := "v4", "v4prefix"
	if b.Prefix.Addr().Is6() {
		version, cidr = "v6", "v6prefix"
	}
	return object{
		"objectClassName": "ip network", "handle": or(b.Handle, first+" - "+last), "startAddress": first, "endAddress": last,
		"ipVersion": version, "name": b.Name, "type": or(b.Status, "ASSIGNED PA"), "country": b.Country,
		"status": list{"active"}, "events": events(b.Created, b.Updated, time.Time{}),
		"cidr0_cidrs": list{object{cidr: b.Prefix.Addr().String(), "length": b.Prefix.Bits()}},
		"entities": list{object{
			"objectClassName": "entity", "handle": "ORG-" + b.Name, "roles": list{"registrant"}, "vcardArray": jCard(Contact{Name: b.Owner}),
			"entities": list{object{
				"objectClassName": "entity", "handle": "ABUSE-" + b.Name, "roles": list{"abuse"},
				"vcardArray": jCard(Contact{Name: "Abuse contact", Email: b.AbuseEmail}),
			}},
		}},
		"port43": s.ix.whoisOf(b.Registry),
	}
}

// rdapAutnum is an autonomous system (RFC 9083, section 5.5); nil if it is
// unknown.
func (s *server) rdapAutnum(subject string) object {
	n, err := strconv.ParseUint(subject, 10, 32)
	as := s.ix.as(n)
	if err != nil || as == nil {
		return nil
	}
	short, rest, _ := strings.Cut(as.Name, " ")
	return object{
		"objectClassName": "autnum", "handle": fmt.Sprintf("AS%d", n), "startAutnum": n, "endAutnum": n, "name": short,
		"country": as.Country, "status": list{"active"}, "events": events(as.Created, time.Time{}, time.Time{}),
		"entities": list{object{"objectClassName": "entity", "handle": "ORG-" + short, "roles": list{"registrant"}, "vcardArray": jCard(Contact{Name: or(rest, short)})}},
	}
}

// rdapEntity finds a contact by its handle, or a registrar by its IANA id.
func (s *server) rdapEntity(handle string) object {
	for i := range s.ix.Registrars {
		if strconv.Itoa(s.ix.Registrars[i].IANAID) == handle {
			return registrarEntity(&s.ix.Registrars[i])
		}
	}
	for i := range s.ix.Domains {
		d := &s.ix.Domains[i]
		for _, c := range []Contact{d.Registrant, d.Admin, d.Tech, d.Billing} {
			if c.Handle != "" && strings.EqualFold(c.Handle, handle) && !d.Redacted {
				return contactEntity(d, c, "registrant")
			}
		}
	}
	return nil
}
