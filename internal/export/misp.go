package export

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
)

// mispEvent is a MISP event without its attributes and objects. The format has
// numbers as strings.
type mispEvent struct {
	UUID         string    `json:"uuid"`
	Info         string    `json:"info"`
	Date         string    `json:"date"`
	Timestamp    string    `json:"timestamp"`
	ThreatLevel  string    `json:"threat_level_id"` // 4: undefined
	Analysis     string    `json:"analysis"`        // 2: completed
	Distribution string    `json:"distribution"`    // 0: this organisation only; people widen it
	Published    bool      `json:"published"`
	Tags         []mispTag `json:"Tag"`
}

// mispTag is a tag of an event.
type mispTag struct {
	Name string `json:"name"`
}

// mispAttribute is one value. Sensors load it if ToIDS is set.
type mispAttribute struct {
	UUID         string `json:"uuid"`
	Relation     string `json:"object_relation,omitempty"`
	Type         string `json:"type"`
	Category     string `json:"category"`
	Value        string `json:"value"`
	Comment      string `json:"comment,omitempty"`
	ToIDS        bool   `json:"to_ids"`
	Distribution string `json:"distribution"` // 5: inherit from the event
	Timestamp    string `json:"timestamp"`
}

// mispObject groups attributes by a template of misp-objects.
type mispObject struct {
	UUID            string          `json:"uuid"`
	Name            string          `json:"name"`
	MetaCategory    string          `json:"meta-category"`
	Template        string          `json:"template_uuid"`
	TemplateVersion string          `json:"template_version"`
	Distribution    string          `json:"distribution"`
	Timestamp       string          `json:"timestamp"`
	Comment         string          `json:"comment,omitempty"`
	Attributes      []mispAttribute `json:"Attribute"`
}

// template is a kind of MISP object: its name, category, id and version.
type template struct{ name, category, uuid, version string }

// Templates of MISP objects, with ids and versions from
// github.com/MISP/misp-objects.
var (
	emailTemplate = template{"email", "network", "a0c666e0-fc65-4be8-b48f-3423d788b552", "19"}
	whoisTemplate = template{"whois", "network", "429faea1-34ff-47af-8a00-7c62d3be5a6a", "10"}
	ipTemplate    = template{"domain-ip", "network", "43b3b146-77eb-4931-b4cc-b66c60f28734", "11"}
	asTemplate    = template{"asn", "network", "4ec55cc6-9e49-4c64-b794-03c25c1a6587", "6"}
)

// event writes the parts of one campaign one by one, because a campaign of
// 100,000 messages should not be in memory twice.
type event struct {
	key       string
	at        string          // time of change, in seconds
	met       map[string]bool // objects
	attribute func(mispAttribute)
	object    func(mispObject)
}

// head returns the event without its contents.
//
// The uuid is made of the campaign's key, so a later export updates the same
// event.
func head(c *dossier.Campaign, o Options) mispEvent {
	at := asOf(c, o)
	day := c.FirstSeen
	if day.IsZero() {
		day = at
	}
	return mispEvent{UUID: uuid(ours, "misp-event\x00"+c.Key), Info: printable.Cut("Spam campaign "+c.Title(), 200), Date: day.UTC().Format(time.DateOnly),
		Timestamp: seconds(at), ThreatLevel: "4", Analysis: "2", Distribution: "0", Tags: []mispTag{{"spoor:campaign=\"" + c.Label() + "\""}}}
}

// asOf is the time of the last change of a campaign, which is the version of
// its objects; the present if it is unknown.
func asOf(c *dossier.Campaign, o Options) time.Time {
	if c.AsOf.IsZero() {
		return o.Now
	}
	return c.AsOf
}

// walk passes each attribute and object of a campaign on, in a fixed order. It
// keeps none of them.
func walk(c *dossier.Campaign, o Options, attribute func(mispAttribute), object func(mispObject)) {
	e := &event{key: c.Key, at: seconds(asOf(c, o)), met: make(map[string]bool), attribute: attribute, object: object}
	for i := range c.Indicators {
		e.indicator(c, &c.Indicators[i])
	}
	for i := range c.Domains {
		e.domain(&c.Domains[i])
	}
	for i := range c.Hosts {
		e.host(&c.Hosts[i])
	}
	for i := range c.Senders {
		e.as(&c.Senders[i].Network)
	}
	for i := range c.Messages {
		e.message(&c.Messages[i])
	}
}

// MISP has times in seconds since 1970.
func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// named creates an attribute with its own id. words distinguish it from others
// with the same value.
//
// It is the same in every export. A NUL cannot occur in the words, so different
// words never make one name.
func (e *event) named(category, kind, relation, value string, toIDS bool, words ...string) mispAttribute {
	name := strings.Join(append([]string{"misp-attribute", e.key, category, kind, relation, value}, words...), "\x00")
	return mispAttribute{UUID: uuid(ours, name), Relation: relation, Type: kind, Category: category, Value: value, ToIDS: toIDS, Distribution: "5", Timestamp: e.at}
}

// indicator writes an indicator as an attribute, which sensors use only if it
// may be blocked.
func (e *event) indicator(c *dossier.Campaign, in *dossier.Indicator) {
	category, kind := mispType(in)
	a := e.named(category, kind, "", in.Value, in.Verdict.Block, string(in.Kind))
	a.Comment = fmt.Sprintf("%s: %s in %d of %d messages, %d of all spam, %d of wanted mail; to block: %v, %s",
		c.Label(), in.Kind, in.Members, c.Members, in.Spam, in.Ham, in.Verdict.Block, in.Verdict.Words())
	e.attribute(a)
}

// mispType is the category and type of an attribute (describeTypes.json of
// MISP).
//
// A value that MISP has no type for becomes a text.
func mispType(in *dossier.Indicator) (category, kind string) {
	const network, delivery = "Network activity", "Payload delivery"
	switch in.Kind {
	case dossier.SenderIP:
		return network, "ip-src"
	case dossier.LinkDomain, dossier.LinkHost:
		if _, err := netip.ParseAddr(in.Value); err == nil {
			return network, "ip-dst"
		}
		if in.Kind == dossier.LinkHost {
			return network, "hostname"
		}
		return network, "domain"
	case dossier.URL:
		return network, "url"
	case dossier.FromMail:
		return delivery, "email-src"
	case dossier.Contact:
		return delivery, "email-reply-to"
	case dossier.Subject:
		return delivery, "email-subject"
	case dossier.Mailer:
		return delivery, "email-x-mailer"
	case dossier.Phone:
		return "Other", "phone-number"
	case dossier.File:
		return delivery, "sha256"
	}
	return "Other", "text"
}

// group makes an object of a template, unless it is empty. words name it within the event.
func (e *event) group(t template, comment string, attributes []mispAttribute, words ...string) {
	id := uuid(ours, strings.Join(append([]string{"misp-object", e.key, t.name}, words...), "\x00"))
	if len(attributes) == 0 || e.met[id] {
		return
	}
	e.met[id] = true
	e.object(mispObject{UUID: id, Name: t.name, MetaCategory: t.category, Template: t.uuid, TemplateVersion: t.version,
		Distribution: "5", Timestamp: e.at, Comment: comment, Attributes: attributes})
}

// fields collects the known attributes of an object.
type fields struct {
	e    *event
	what string
	out  []mispAttribute
}

// text adds an attribute, unless its value is unknown.
func (f *fields) text(category, kind, relation, value string) {
	if strings.TrimSpace(value) != "" {
		f.out = append(f.out, f.e.named(category, kind, relation, value, false, f.what))
	}
}

// time adds a point in time, unless it is unknown.
func (f *fields) time(relation string, t time.Time) {
	if !t.IsZero() {
		f.text("Other", "datetime", relation, instant(t))
	}
}

// domain adds the registration data of a domain.
func (e *event) domain(d *dossier.Domain) {
	f := fields{e: e, what: d.Name}
	f.text("Network activity", "domain", "domain", d.Name)
	f.text("Attribution", "whois-registrar", "registrar", d.Registrar)
	f.text("Attribution", "whois-registrant-name", "registrant-name", d.RegistrantName)
	f.text("Attribution", "whois-registrant-org", "registrant-org", d.RegistrantOrg)
	f.text("Attribution", "whois-registrant-email", "registrant-email", d.RegistrantMail)
	f.time("creation-date", d.Created)
	f.time("expiration-date", d.Expires)
	for _, s := range d.NameServers {
		f.text("Network activity", "hostname", "nameserver", s)
	}
	e.group(whoisTemplate, "Registration of "+d.Name+".", f.out, d.Name)
}

// host adds a host name with its address and the period of the observation.
func (e *event) host(h *dossier.Host) {
	f := fields{e: e, what: h.Name + " " + h.Addr.String()}
	f.text("Network activity", "hostname", "hostname", h.Name)
	f.text("Network activity", "ip-dst", "ip", h.Addr.String())
	f.time("first-seen", h.Since)
	f.time("last-seen", h.Till)
	comment := "Address of " + h.Name + "."
	if h.NameServer {
		comment = "Name server " + h.Name + "."
	}
	e.group(ipTemplate, comment, f.out, h.Name, h.Addr.String())
	e.as(&h.Network)
}

// as adds an autonomous system.
func (e *event) as(n *dossier.Network) {
	if n.ASN == 0 {
		return
	}
	number := strconv.FormatInt(n.ASN, 10)
	f := fields{e: e, what: "AS" + number}
	f.text("Network activity", "AS", "asn", "AS"+number)
	f.text("Other", "text", "description", n.ASName)
	f.text("Other", "text", "country", n.Country)
	if n.Netblock.IsValid() {
		f.text("Network activity", "ip-src", "subnet-announced", n.Netblock.String())
	}
	e.group(asTemplate, "", f.out, number)
}

// message adds the header fields and the sender of a message. Without a field
// that the template demands, they become attributes of the event.
func (e *event) message(m *dossier.Message) {
	const delivery = "Payload delivery"
	f := fields{e: e, what: m.SHA256}
	f.text(delivery, "email-src", "from", m.FromAddress)
	f.text(delivery, "email-src-display-name", "from-display-name", m.FromName)
	f.text(delivery, "email-subject", "subject", m.Subject)
	f.text(delivery, "email-message-id", "message-id", m.MessageID)
	f.text(delivery, "email-x-mailer", "x-mailer", m.Mailer)
	f.time("send-date", m.Date)
	f.text("Network activity", "ip-src", "ip-src", addrOf(m))
	for _, p := range m.Parts {
		if p.Attachment {
			f.text(delivery, "email-attachment", "attachment", p.Name)
		}
	}
	if !has(f.out, "from", "from-display-name", "subject", "message-id", "x-mailer", "send-date", "attachment") {
		for _, a := range f.out { // the template asks for one of these
			e.attribute(a)
		}
		return
	}
	e.group(emailTemplate, "Message "+m.SHA256+".", f.out, m.SHA256)
}

// has reports whether an attribute with one of the relations is there.
func has(attributes []mispAttribute, relations ...string) bool {
	for _, a := range attributes {
		for _, r := range relations {
			if a.Relation == r {
				return true
			}
		}
	}
	return false
}
