package simnet

import (
	"fmt"
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// renderIANA refers to the responsible registry.
//
// An address is referred to the registry of its netblock, a name to that of its
// suffix.
func (ix *index) renderIANA(question string) ([]byte, string) {
	p := new(page)
	p.line("%% IANA WHOIS server")
	p.line("%% for more information on IANA, visit http://www.iana.org")
	p.line("%% This query returned 1 object")
	p.line("")
	refers := ""
	if a, err := netip.ParseAddr(question); err == nil {
		if b := ix.block(a, ""); b != nil {
			refers = ix.whoisOf(b.Registry)
		}
	} else if r := ix.registry(question); r != nil {
		refers = r.WHOIS
	}
	if refers == "" {
		return []byte("% This query returned 0 objects.\r\n"), "none"
	}
	p.field(14, "refer:", refers)
	p.line("")
	p.field(14, "domain:", strings.ToUpper(question[strings.LastIndexByte(question, '.')+1:]))
	p.field(14, "whois:", refers)
	p.field(14, "status:", "ACTIVE")
	p.field(14, "source:", "IANA")
	return []byte(p.String()), "answered"
}

// whoisOf is the WHOIS server of a registry of addresses.
func (ix *index) whoisOf(regional string) string {
	if r := ix.regional(regional); r != nil {
		return r.WHOIS
	}
	return ""
}

// renderAddress writes an address registry's answer: its own block, or a
// referral for a foreign one.
func (ix *index) renderAddress(layout Layout, a netip.Addr) ([]byte, string) {
	var own string
	for _, r := range ix.Regional {
		if r.Layout == layout {
			own = r.Key
		}
	}
	b := ix.block(a, own)
	p := new(page)
	if b == nil {
		if other := ix.block(a, ""); other != nil {
			transferred(p, layout, other, ix.whoisOf(other.Registry))
			return encode(layout, p.String()), "answered"
		}
		return encode(layout, absence(layout, a.String())), "none"
	}
	switch layout {
	case ARIN:
		arin(p, b)
	case LACNIC:
		lacnic(p, b, a)
	case RWhois:
		rwhois(p, b)
	default:
		rpsl(p, layout, b, ix.originOf(b.Prefix))
	}
	return encode(layout, p.String()), "answered"
}

// transferred writes a registry's referral to the responsible one.
//
// ARIN sends a ReferralServer; the others write in words that it is none of
// theirs, as for addresses that moved between registries (ERX).
func transferred(p *page, layout Layout, b *Netblock, refers string) {
	scheme := "whois://"
	if b.Registry == "rwhois" {
		scheme, refers = "rwhois://", refers+":4321"
	}
	if layout == ARIN {
		arinHead(p)
		first, last := ends(b.Prefix)
		p.field(16, "NetRange:", first+" - "+last)
		p.field(16, "CIDR:", b.Prefix.String())
		p.field(16, "NetName:", strings.ToUpper(b.Registry)+"-ERX")
		p.field(16, "NetType:", "Allocated to "+strings.ToUpper(b.Registry))
		p.field(16, "Ref:", "https://rdap.arin.example/registry/ip/"+first)
		p.line("")
		p.field(16, "ResourceLink:", "https://apps.db."+b.Registry+".example/search/query.html")
		p.field(16, "ResourceLink:", refers)
		p.field(16, "OrgName:", strings.ToUpper(b.Registry)+" Network Coordination Centre")
		p.field(16, "OrgId:", strings.ToUpper(b.Registry))
		p.line("")
		p.field(1, "ReferralServer:", scheme+refers)
		return
	}
	first, last := ends(b.Prefix)
	p.line("%% This is the %s Database query service.", strings.ToUpper(string(layout)))
	p.line("")
	p.field(17, "inetnum:", first+" - "+last)
	p.field(17, "netname:", "NON-"+strings.ToUpper(string(layout))+"-NCC-MANAGED-ADDRESS-BLOCK")
	p.field(17, "descr:", "IPv4 address block not managed by this registry")
	p.field(17, "remarks:", "For registration information ask "+refers)
	p.field(17, "country:", "EU # Country is really world wide")
	p.field(17, "source:", strings.ToUpper(string(layout)))
}

func ends(p netip.Prefix) (first, last string) {
	r := netipx.RangeOfPrefix(p)
	return r.From().String(), r.To().String()
}

// originOf is the autonomous system that announces a network.
//
// An overlap suffices: customers' ranges lie inside of the route.
func (ix *index) originOf(p netip.Prefix) *AS {
	for i := range ix.ASes {
		for _, announced := range ix.ASes[i].Prefixes {
			if announced.Overlaps(p) {
				return &ix.ASes[i]
			}
		}
	}
	return nil
}

// rpsl is the layout of RIPE, APNIC and AFRINIC (objects of RFC 2622).
//
// The notices begin with "%" and repeat the range, which must not become a
// field. The route object at the end has an AS but no contact.
func rpsl(p *page, layout Layout, b *Netblock, origin *AS) {
	name := strings.ToUpper(string(layout))
	field := func(key, value string) { p.field(17, key, value) }
	first, last := ends(b.Prefix)
	p.line("%% This is the %s Database query service.", name)
	p.line("%% The objects are in RPSL format.")
	p.line("")
	p.line("%% Information related to '%s - %s'", first, last)
	p.line("")
	p.line("%% Abuse contact for '%s - %s' is '%s'", first, last, b.AbuseEmail)
	p.line("")
	if b.Prefix.Addr().Is4() {
		field("inetnum:", first+" - "+last)
	} else {
		field("inet6num:", b.Prefix.String())
	}
	field("netname:", b.Name)
	field("descr:", b.Owner)
	field("country:", b.Country)
	handle := or(b.Handle, "EX1-"+name)
	field("org:", "ORG-"+handle)
	field("admin-c:", handle)
	field("tech-c:", handle)
	field("status:", or(b.Status, "ASSIGNED PA"))
	field("mnt-by:", "MNT-"+handle)
	field("created:", date(b.Created, isoDate))
	field("last-modified:", date(b.Updated, isoDate))
	field("source:", name)
	p.line("")
	field("organisation:", "ORG-"+handle)
	field("org-name:", b.Owner)
	field("org-type:", "OTHER")
	field("country:", b.Country)
	field("abuse-c:", "AC"+handle)
	field("source:", name)
	p.line("")
	field("role:", b.Owner+" Contact Role")
	field("address:", "1 Example Street")
	field("e-mail:", b.AbuseEmail)
	field("abuse-mailbox:", b.AbuseEmail)
	field("nic-hdl:", handle)
	field("source:", name)
	if origin != nil {
		p.line("")
		p.line("%% Information related to '%s%s'", b.Prefix, fmt.Sprintf("AS%d", origin.Number))
		p.line("")
		field("route:", b.Prefix.String())
		field("origin:", fmt.Sprintf("AS%d", origin.Number))
		field("mnt-by:", "MNT-"+handle)
		field("source:", name)
	}
	p.line("")
	p.line("%% This query was served by the %s Database Query Service version 1.0", name)
}

// arinHead is the notice around ARIN's answers.
func arinHead(p *page) {
	p.line("")
	p.line("#")
	p.line("# ARIN WHOIS data and services are subject to the Terms of Use")
	p.line("#")
	p.line("")
}

// arin writes a netblock as ARIN does: network, organization, contact.
//
// OrgId is made of the owner's first letters here.
func arin(p *page, b *Netblock) {
	field := func(key, value string) { p.field(16, key, value) }
	first, last := ends(b.Prefix)
	org := strings.ToUpper(strings.NewReplacer(" ", "", ",", "", ".", "").Replace(b.Owner))
	org = org[:min(len(org), 5)] + "-1"
	arinHead(p)
	field("NetRange:", first+" - "+last)
	field("CIDR:", b.Prefix.String())
	field("NetName:", b.Name)
	field("NetHandle:", b.Handle)
	field("NetType:", or(b.Status, "Direct Allocation"))
	field("Organization:", b.Owner+" ("+org+")")
	field("RegDate:", date(b.Created, "2006-01-02"))
	field("Updated:", date(b.Updated, "2006-01-02"))
	field("Ref:", "https://rdap.arin.example/registry/ip/"+first)
	p.line("")
	field("OrgName:", b.Owner)
	field("OrgId:", org)
	field("Address:", "1 Example Street")
	field("City:", "Springfield")
	field("StateProv:", "IL")
	field("PostalCode:", "62701")
	field("Country:", b.Country)
	field("RegDate:", date(b.Created, "2006-01-02"))
	p.line("")
	if b.Refers != "" {
		p.line("ReferralServer:  %s", b.Refers)
		p.line("")
	}
	field("OrgAbuseHandle:", "ABUSE1-ARIN")
	field("OrgAbuseName:", "Abuse")
	field("OrgAbuseEmail:", b.AbuseEmail)
	arinHead(p)
}

// lacnic resembles nic.br: keys in lower case, and short prefixes such as
// 200.0.2/24.
func lacnic(p *page, b *Netblock, a netip.Addr) {
	field := func(key, value string) { p.field(13, key, value) }
	p.line("")
	p.line("%% Joint Whois - whois.lacnic.net")
	p.line("%%  This server accepts single ASN, IPv4 or IPv6 queries")
	p.line("")
	p.line("%% LACNIC resource: %s", "whois.lacnic.net")
	p.line("")
	field("inetnum:", shortPrefix(b.Prefix))
	field("status:", or(b.Status, "reallocated"))
	field("owner:", b.Owner)
	field("ownerid:", or(b.Handle, "BR-EXAM-LACNIC"))
	field("responsible:", "Joao da Silva")
	field("address:", "Rua Exemplo, 1, ")
	field("country:", b.Country)
	field("phone:", "+55  11 55550100 []")
	field("owner-c:", "JDS1")
	field("tech-c:", "JDS1")
	field("abuse-c:", "JDS1")
	field("inetrev:", shortPrefix(b.Prefix))
	field("created:", date(b.Created, "20060102"))
	field("changed:", date(b.Updated, "20060102"))
	p.line("")
	field("nic-hdl:", "JDS1")
	field("person:", "Joao da Silva")
	field("e-mail:", b.AbuseEmail)
	field("country:", b.Country)
	p.line("")
	p.line("%% whois.lacnic.net accepts only direct match queries.")
}

// shortPrefix writes 200.0.2.0/24 as 200.0.2/24.
func shortPrefix(p netip.Prefix) string {
	if !p.Addr().Is4() {
		return p.String()
	}
	text := p.Addr().String()
	for octets := 4; octets > (p.Bits()+7)/8 && octets > 1; octets-- {
		text = strings.TrimSuffix(text, ".0")
	}
	return fmt.Sprintf("%s/%d", text, p.Bits())
}

// rwhois is a provider's own server (RFC 2167).
func rwhois(p *page, b *Netblock) {
	first, last := ends(b.Prefix)
	at := func(key, value string) {
		if value != "" {
			p.line("network:%s:%s", key, value)
		}
	}
	at("Class-Name", "network")
	at("ID", or(b.Handle, b.Name))
	at("Auth-Area", b.Prefix.String())
	at("Network-Name", b.Name)
	at("IP-Network", b.Prefix.String())
	at("IP-Network-Block", first+" - "+last)
	at("Organization;I", b.Owner)
	at("Org-Name", b.Owner)
	at("Country-Code", b.Country)
	at("Abuse-Contact;I", b.AbuseEmail)
	at("Created", date(b.Created, "20060102"))
	at("Updated", date(b.Updated, "20060102"))
	p.line("")
	p.line("%%ok")
}

// renderAS writes an address registry's answer about an AS.
func (ix *index) renderAS(layout Layout, number uint64) ([]byte, string) {
	as := ix.as(number)
	if as == nil {
		return encode(layout, absence(layout, fmt.Sprintf("AS%d", number))), "none"
	}
	p := new(page)
	short, rest, _ := strings.Cut(as.Name, " ")
	if layout == ARIN {
		arinHead(p)
		p.field(16, "ASNumber:", fmt.Sprint(as.Number))
		p.field(16, "ASName:", short)
		p.field(16, "ASHandle:", fmt.Sprintf("AS%d", as.Number))
		p.field(16, "RegDate:", date(as.Created, "2006-01-02"))
		p.line("")
		p.field(16, "OrgName:", or(rest, short))
		p.field(16, "Country:", as.Country)
		return []byte(p.String()), "answered"
	}
	p.line("%% Information related to 'AS%d'", as.Number)
	p.line("")
	p.field(17, "aut-num:", fmt.Sprintf("AS%d", as.Number))
	p.field(17, "as-name:", short)
	p.field(17, "descr:", rest)
	p.field(17, "country:", as.Country)
	p.field(17, "created:", date(as.Created, isoDate))
	p.field(17, "source:", strings.ToUpper(string(layout)))
	return encode(layout, p.String()), "answered"
}
