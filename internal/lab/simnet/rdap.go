package simnet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// serveRDAP answers RDAP requests (RFC 9082), and those for the bootstrap
// files.
func (s *server) serveRDAP(w http.ResponseWriter, r *http.Request) {
	question := strings.ToLower(strings.TrimPrefix(r.URL.Path, "/"))
	if _, subject, ok := strings.Cut(question, "/"); ok && s.ix.specialPath(subject) {
		question = subject
	}
	v := s.begin(question, "tcp")
	if v.Fault == Blackhole {
		<-r.Context().Done()
		s.end(v, "fault")
		return
	}
	if !s.wait(v.Latency) {
		s.end(v, "fault")
		return
	}
	if s.httpRefusal(w, r, v) {
		return
	}
	status, body, outcome := s.rdapAnswer(v, strings.ToLower(r.URL.Path))
	s.end(v, outcome)
	w.Header().Set("Content-Type", "application/rdap+json")
	w.WriteHeader(status)
	w.Write(body)
}

// specialPath: a question that World.Special names is counted by its subject
// alone.
func (ix *index) specialPath(subject string) bool {
	_, ok := ix.Special[subject]
	return ok
}

// httpRefusal answers what is no RDAP answer at all: limits, redirects and
// faults.
func (s *server) httpRefusal(w http.ResponseWriter, r *http.Request, v verdict) bool {
	outcome := "fault"
	switch {
	case v.throttled:
		if v.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(v.RetryAfter))
		}
		rdapError(w, http.StatusTooManyRequests, "Too many requests")
		outcome = "throttled"
	case v.Refuse:
		rdapError(w, http.StatusForbidden, "Access denied")
		outcome = "refused"
	case v.Redirect != "":
		w.Header().Set("Location", v.Redirect)
		w.WriteHeader(http.StatusFound)
		outcome = "answered"
	case v.Raw != nil:
		w.Header().Set("Content-Type", "application/rdap+json")
		w.Write(v.Raw)
		outcome = "answered"
	case !s.httpFault(w, r, v):
		return false
	}
	s.end(v, outcome)
	return true
}

// httpFault acts out a Fault; false if there is none that HTTP has.
func (s *server) httpFault(w http.ResponseWriter, r *http.Request, v verdict) bool {
	w.Header().Set("Content-Type", "application/rdap+json")
	switch v.Fault {
	case Lame:
		rdapError(w, http.StatusInternalServerError, "Internal error")
	case Reset:
		w.Header().Set("Content-Length", "4096")
		w.Write([]byte(`{"objectClassName":"domain","ldhName":"`))
		flush(w)
		time.Sleep(20 * time.Millisecond)
		hijack(w, true)
	case Closed:
		hijack(w, false)
	case Binary:
		w.Write(binaryNoise())
	case HTMLPage:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(htmlPage))
	case Endless:
		stream(w, r, `{"notices":[`, `{"title":"more"},`, 1<<40)
	case HugeJSON:
		stream(w, r, `{"objectClassName":"domain","notices":[`, `{"title":"more"},`, 10<<20)
		w.Write([]byte(`{}]}`))
	case DeepJSON:
		w.Write([]byte(strings.Repeat(`{"entities":[`, 100_000) + strings.Repeat(`]}`, 100_000)))
	case Drip:
		for s.wait(time.Second) {
			if _, err := w.Write([]byte("{")); err != nil {
				break
			}
			flush(w)
			if r.Context().Err() != nil {
				break
			}
		}
	default:
		return false
	}
	return true
}

// stream writes size bytes of the same piece, or until the caller has gone.
func stream(w http.ResponseWriter, r *http.Request, head, piece string, size int64) {
	w.Write([]byte(head))
	pieces := []byte(strings.Repeat(piece, 1000))
	for written := int64(0); written < size && r.Context().Err() == nil; written += int64(len(pieces)) {
		if _, err := w.Write(pieces); err != nil {
			return
		}
	}
}

func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

// hijack ends the connection under an answer.
func hijack(w http.ResponseWriter, rst bool) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	c, _, err := h.Hijack()
	if err != nil {
		return
	}
	if rst {
		reset(c)
		return
	}
	c.Close()
}

func rdapError(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "application/rdap+json")
	w.WriteHeader(status)
	w.Write(errorBody(status, title))
}

func errorBody(status int, title string) []byte {
	return toJSON(object{"rdapConformance": list{"rdap_level_0"}, "errorCode": status, "title": title, "description": list{title + "."}})
}

type (
	object = map[string]any // encoding/json sorts its keys
	list   = []any
)

func toJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(`{"errorCode":500}`)
	}
	return b
}

// rdapAnswer returns the answer to a path.
func (s *server) rdapAnswer(v verdict, path string) (status int, body []byte, outcome string) {
	if s.key == keyBootstrap {
		if file := s.ix.bootstrap(strings.TrimPrefix(path, "/")); file != nil {
			return http.StatusOK, file, "answered"
		}
		return http.StatusNotFound, errorBody(404, "Not found"), "none"
	}
	class, subject, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	var answer object
	switch class {
	case "domain":
		answer = s.rdapDomain(subject, v.Refers)
	case "ip":
		answer = s.rdapIP(subject)
	case "autnum":
		answer = s.rdapAutnum(subject)
	case "entity":
		answer = s.rdapEntity(subject)
	case "help":
		answer = object{"notices": list{object{"title": "Help", "description": list{"A simulated server."}}}}
	default:
		return http.StatusBadRequest, errorBody(400, "Bad request"), "refused"
	}
	if answer == nil {
		return http.StatusNotFound, errorBody(404, "Not found"), "none"
	}
	answer["rdapConformance"] = list{"rdap_level_0", "icann_rdap_response_profile_1", "redacted"}
	answer["notices"] = append(asList(answer["notices"]), object{
		"title": "Terms of Use", "description": list{"Service subject to Terms of Use."},
		"links": list{object{"href": "https://www.example.com/terms", "type": "text/html"}},
	})
	return http.StatusOK, toJSON(answer), "answered"
}

func asList(v any) list {
	l, _ := v.(list)
	return l
}

// rdapDomain is a domain object (RFC 9083, 5.3). A Verisign registry's is thin,
// and links to the registrar's.
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

// bootstrap writes a file of RFC 9224.
func (ix *index) bootstrap(file string) []byte {
	var services list
	add := func(entries list, server string) {
		if len(entries) > 0 && server != "" {
			services = append(services, list{entries, ix.baseURLs(server)})
		}
	}
	switch file {
	case "dns.json":
		for _, r := range ix.Registries {
			tlds := list{}
			for _, t := range r.TLDs {
				tlds = append(tlds, t)
			}
			add(tlds, r.RDAP)
		}
	case "ipv4.json", "ipv6.json":
		for _, r := range ix.Regional {
			add(ix.prefixesOf(r.Key, file == "ipv4.json"), r.RDAP)
		}
	case "asn.json":
		for _, r := range ix.Regional {
			numbers := list{}
			for _, as := range ix.ASes {
				if as.Registry == r.Key {
					numbers = append(numbers, fmt.Sprintf("%d-%d", as.Number, as.Number))
				}
			}
			add(numbers, r.RDAP)
		}
	default:
		return nil
	}
	return toJSON(object{"version": "1.0", "publication": "2006-01-05T12:00:00Z", "services": services})
}

func (ix *index) baseURLs(server string) list {
	if ix.TLS {
		return list{"https://" + server + "/", "http://" + server + "/"}
	}
	return list{"http://" + server + "/"}
}

// prefixesOf are the netblocks of a registry that lie in no other of the same.
func (ix *index) prefixesOf(key string, v4 bool) list {
	out := list{}
	for _, b := range ix.Netblocks {
		if b.Registry != key || b.Prefix.Addr().Is4() != v4 {
			continue
		}
		out = append(out, b.Prefix.String())
	}
	return out
}
