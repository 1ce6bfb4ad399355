package rdap

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"

	"spoor/enrich"
	"spoor/enrich/whois"
	"spoor/internal/domain"
	"spoor/internal/text"
)

// ParseDomain parses an answer about a domain (RFC 9083 section 5.3).
func ParseDomain(asked string, raw []byte) Answer {
	o, a := read(raw)
	if o == nil {
		return a
	}
	// A missing class is common, and no error.
	if class := strings.ToLower(o.str("objectClassName")); class != "" && class != "domain" {
		return Answer{Outcome: enrich.Malformed, Detail: "the answer is about a " + text.Cut(class, 60)}
	}
	if o.str("ldhName") == "" && o.str("unicodeName") == "" && o["entities"] == nil && o["events"] == nil {
		return Answer{Outcome: enrich.Malformed, Detail: "the answer has no domain"}
	}
	reg := &enrich.Registration{Domain: hostName(o.str("ldhName"), o.str("unicodeName")), Handle: handleOf(o)}
	// Some servers answer with another object than the one asked for.
	if reg.Domain != "" && reg.Domain != hostName(asked) && !isVariant(o, asked) {
		return Answer{Outcome: enrich.Malformed, Detail: whois.OfAnother(reg.Domain).Detail}
	}
	readTimes(reg, o)
	reg.NameServers = nameServers(o)
	reg.Status = statuses(o)
	reg.DNSSEC = signed(o.obj("secureDNS"))
	readEntities(reg, o, 0)
	reg.Redacted = append(reg.Redacted, redactions(o)...)
	whois.Polish(reg, asked)
	return Answer{Outcome: enrich.Answered, Registration: reg, Related: related(o)}
}

// read decodes raw. It judges answers that are not an object, or that are an
// error (RFC 9083 section 6).
func read(raw []byte) (object, Answer) {
	o, err := decode(raw)
	if err != nil {
		return nil, Answer{Outcome: enrich.Malformed, Detail: oneLine(err.Error())}
	}
	if code, err := strconv.Atoi(o.str("errorCode")); err == nil && code >= 300 {
		outcome := ofStatus(code)
		return nil, Answer{Outcome: outcome, Detail: text.Cut(strings.TrimSpace(strconv.Itoa(code)+" "+o.str("title")), 200)}
	}
	return o, Answer{}
}

// isVariant reports whether an answer lists a name among the variants of its
// domain, which share one registration (RFC 9083 section 5.3).
func isVariant(o object, asked string) bool {
	for _, v := range o.list("variants") {
		m, _ := v.(map[string]any)
		for _, n := range object(m).list("variantNames") {
			m, _ := n.(map[string]any)
			if host := hostName(object(m).str("ldhName"), object(m).str("unicodeName")); host != "" && host == hostName(asked) {
				return true
			}
		}
	}
	return false
}

func readTimes(reg *enrich.Registration, o object) {
	t := events(o)
	reg.Created, reg.Updated, reg.Expires = t.created, t.updated, t.expires
	reg.Raw = enrich.Undated{Created: t.createdRaw, Updated: t.updatedRaw, Expires: t.expiresRaw}
}

// hostName returns the first valid host name, normalised.
func hostName(names ...string) string {
	for _, s := range names {
		if n, ok := domain.Parse(s); ok && !n.Malformed {
			return n.Host
		}
	}
	return ""
}

// nameServers parses the name servers with their addresses (RFC 9083 section
// 5.2).
func nameServers(o object) []enrich.NameServer {
	var out []enrich.NameServer
	seen := make(map[string]bool)
	for _, v := range o.list("nameservers") {
		m, _ := v.(map[string]any)
		ns := object(m)
		host := hostName(ns.str("ldhName"), ns.str("unicodeName"), stringOf(v))
		if host == "" || seen[host] {
			continue
		}
		seen[host] = true
		addrs := ns.obj("ipAddresses")
		out = append(out, enrich.NameServer{Host: host, Addrs: addresses(append(addrs.strs("v4"), addrs.strs("v6")...)), Handle: handleOf(ns)})
	}
	return out
}

// addresses parses glue addresses. Zones make no sense outside of their host.
func addresses(list []string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" && len(out) < 32 {
			out = append(out, a.Unmap())
		}
	}
	return out
}

// statuses maps RDAP's words to EPP's (RFC 8056).
//
// Unknown words are kept as written, up to 60 bytes.
func statuses(o object) []string {
	var out []string
	for _, s := range o.strs("status") {
		name := whois.Status(s)
		switch {
		case strings.EqualFold(s, "active"):
			name = "ok"
		case name == "":
			name = text.Cut(s, 60)
		}
		if len(out) < 32 {
			out = append(out, name)
		}
	}
	return out
}

// signed returns the value that ICANN's WHOIS has in "DNSSEC:".
func signed(s object) string {
	switch {
	case s == nil:
		return ""
	case s["delegationSigned"] == true, len(s.list("dsData")) > 0, len(s.list("keyData")) > 0:
		return "signedDelegation"
	case s["delegationSigned"] == false:
		return "unsigned"
	}
	return ""
}

// readEntities assigns the entities by their roles; the first of a role counts.
//
// Contacts may be nested in other entities. The levels are bounded, since each
// multiplies the work.
func readEntities(reg *enrich.Registration, o object, depth int) {
	if depth == maxNested {
		return
	}
	for _, e := range o.objects("entities") {
		c := readCard(e)
		for _, role := range e.strs("roles") {
			place(reg, e, &c, strings.ToLower(role))
		}
		readEntities(reg, object{"entities": nested(e)}, depth+1)
	}
}

// nested returns the entities inside e. Those of a registrar are its own
// contacts and are excluded.
func nested(e object) any {
	for _, role := range e.strs("roles") {
		if strings.EqualFold(role, "registrar") || strings.EqualFold(role, "sponsor") {
			return nil
		}
	}
	return e["entities"]
}

// place stores a card by its role (RFC 9083, 10.2.4). The first card of a role
// counts.
func place(reg *enrich.Registration, e object, c *card, role string) {
	contacts := map[string]*enrich.Contact{"registrant": &reg.Registrant, "administrative": &reg.Admin, "technical": &reg.Tech, "billing": &reg.Billing}
	if to := contacts[role]; to != nil {
		if isZero(to) {
			*to = c.Contact
			reg.Redacted = append(reg.Redacted, hiddenIn(e, c, contactRoles[role])...)
		}
		return
	}
	switch role {
	case "registrar":
		registrar(&reg.Registrar, e, c)
		text.SetOnce(&reg.Refers, reg.Registrar.WHOIS)
	case "reseller":
		text.SetOnce(&reg.Reseller, cmp.Or(c.Organization, c.Name))
	case "abuse":
		text.SetOnce(&reg.Registrar.AbuseEmail, c.Email)
		text.SetOnce(&reg.Registrar.AbusePhone, c.PhoneRaw)
	}
}

func isZero(c *enrich.Contact) bool {
	return c.Handle == "" && c.Name == "" && c.Organization == "" && c.Email == "" && len(c.Street) == 0 && c.PhoneRaw == ""
}

// registrar parses the registrar's entity: IANA id (RFC 9083 section 4.8), web
// site, WHOIS server and complaint address.
func registrar(r *enrich.Registrar, e object, c *card) {
	text.SetOnce(&r.Name, cmp.Or(c.Organization, c.Name))
	for _, id := range e.objects("publicIds") {
		if strings.Contains(strings.ToLower(id.str("type")), "iana") && r.IANAID == 0 {
			r.IANAID = number(id.str("identifier"))
		}
	}
	if r.IANAID == 0 {
		r.IANAID = number(e.str("handle")) // the handles of Verisign and others are IANA ids
	}
	text.SetOnce(&r.URL, c.url)
	for _, l := range e.objects("links") {
		if l.str("rel") == "about" && isWeb(l.str("href")) {
			text.SetOnce(&r.URL, l.str("href"))
		}
	}
	text.SetOnce(&r.WHOIS, hostName(e.str("port43")))
	for _, in := range e.objects("entities") {
		for _, role := range in.strs("roles") {
			if strings.EqualFold(role, "abuse") {
				abuse := readCard(in)
				text.SetOnce(&r.AbuseEmail, abuse.Email)
				text.SetOnce(&r.AbusePhone, abuse.PhoneRaw)
			}
		}
	}
}

// number parses a number of up to five digits, else returns 0.
func number(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n < 100_000 && s[0] != '+' {
		return n
	}
	return 0
}

func isWeb(url string) bool {
	return (strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")) && len(url) < maxText
}

// related returns the link to the registrar's own answer about the domain.
//
// The first link counts. Links to web pages have another type.
func related(o object) string {
	for _, l := range o.objects("links") {
		if l.str("rel") != "related" || !isWeb(l.str("href")) {
			continue
		}
		if t := l.str("type"); t == "" || strings.Contains(t, "rdap") || strings.Contains(t, "json") {
			return l.str("href")
		}
	}
	return ""
}
