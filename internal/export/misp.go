package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
)

// mispEvent is what MISP imports. Its numbers are texts: so the format has them.
type mispEvent struct {
	UUID         string          `json:"uuid"`
	Info         string          `json:"info"`
	Date         string          `json:"date"`
	Timestamp    string          `json:"timestamp"`
	ThreatLevel  string          `json:"threat_level_id"` // 4: undefined
	Analysis     string          `json:"analysis"`        // 2: completed
	Distribution string          `json:"distribution"`    // 0: this organisation only; people widen it
	Published    bool            `json:"published"`
	Attributes   []mispAttribute `json:"Attribute"`
	Objects      []mispObject    `json:"Object,omitempty"`
	Tags         []mispTag       `json:"Tag"`
}

type mispTag struct {
	Name string `json:"name"`
}

type mispAttribute struct {
	UUID         string `json:"uuid"`
	Relation     string `json:"object_relation,omitempty"`
	Type         string `json:"type"`
	Category     string `json:"category"`
	Value        string `json:"value"`
	Comment      string `json:"comment,omitempty"`
	ToIDS        bool   `json:"to_ids"`
	Distribution string `json:"distribution"` // 5: as the event
	Timestamp    string `json:"timestamp"`
}

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

var (
	emailTemplate = template{"email", "network", "a0c666e0-fc65-4be8-b48f-3423d788b552", "19"}
	whoisTemplate = template{"whois", "network", "429faea1-34ff-47af-8a00-7c62d3be5a6a", "10"}
	ipTemplate    = template{"domain-ip", "network", "43b3b146-77eb-4931-b4cc-b66c60f28734", "11"}
	asTemplate    = template{"asn", "network", "4ec55cc6-9e49-4c64-b794-03c25c1a6587", "6"}
)

// writeMISP writes everything as attributes of the event, which MISP's schema of an event
// knows. writeMISPObjects groups in objects what belongs together; that schema is older.
func writeMISP(w io.Writer, campaigns []dossier.Campaign, o Options) (int, error) {
	return writeEvents(w, campaigns, o, func(e *mispEvent) {
		for _, object := range e.Objects {
			for _, a := range object.Attributes {
				a.Relation = ""
				a.Comment = strings.TrimSpace(object.Comment + " " + a.Comment)
				e.Attributes = append(e.Attributes, a)
			}
		}
		e.Objects = nil
	})
}

func writeMISPObjects(w io.Writer, campaigns []dossier.Campaign, o Options) (int, error) {
	return writeEvents(w, campaigns, o, func(*mispEvent) {})
}

// writeEvents writes one campaign as one event and several as MISP answers a search.
func writeEvents(w io.Writer, campaigns []dossier.Campaign, o Options, shape func(*mispEvent)) (int, error) {
	b := bufio.NewWriter(w)
	list := len(campaigns) != 1
	if list {
		b.WriteString(`{"response":[`)
	}
	n := 0
	for i := range campaigns {
		if i > 0 {
			b.WriteString(",\n")
		}
		e := eventOf(&campaigns[i], o)
		shape(&e)
		text, err := json.Marshal(map[string]mispEvent{"Event": e})
		if err != nil {
			return n, err
		}
		b.Write(printable.JSON(text))
		n += e.attributes()
	}
	if list {
		b.WriteString("]}")
	}
	b.WriteString("\n")
	return n, b.Flush() // which tells of any error before it
}

func (e *mispEvent) attributes() int {
	n := len(e.Attributes)
	for i := range e.Objects {
		n += len(e.Objects[i].Attributes)
	}
	return n
}

// event builds the event of one campaign.
type event struct {
	mispEvent
	key string
	at  string // time of change, in seconds
	met map[string]bool
}

func eventOf(c *dossier.Campaign, o Options) mispEvent {
	at := c.AsOf
	if at.IsZero() {
		at = o.Now
	}
	day := c.FirstSeen
	if day.IsZero() {
		day = at
	}
	e := &event{key: c.Key, at: seconds(at), met: make(map[string]bool)}
	e.mispEvent = mispEvent{UUID: uuid(ours, "misp-event\x00"+c.Key), Info: printable.Cut("Spam campaign "+c.Title(), 200), Date: day.UTC().Format(time.DateOnly),
		Timestamp: e.at, ThreatLevel: "4", Analysis: "2", Distribution: "0", Attributes: []mispAttribute{}, Tags: []mispTag{{"spoor:campaign=\"" + c.Label() + "\""}}}
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
	return e.mispEvent
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// attribute makes one with an id of its own. words tell it from others of the same value.
func (e *event) attribute(category, kind, relation, value string, toIDS bool, words ...string) mispAttribute {
	name := strings.Join(append([]string{"misp-attribute", e.key, category, kind, relation, value}, words...), "\x00")
	return mispAttribute{UUID: uuid(ours, name), Relation: relation, Type: kind, Category: category, Value: value, ToIDS: toIDS, Distribution: "5", Timestamp: e.at}
}

// indicator writes each as an attribute, which sensors use only where it may be blocked.
func (e *event) indicator(c *dossier.Campaign, in *dossier.Indicator) {
	category, kind := mispType(in)
	a := e.attribute(category, kind, "", in.Value, in.Verdict.Block, string(in.Kind))
	a.Comment = fmt.Sprintf("%s: %s in %d of %d messages, %d of all spam, %d of wanted mail; to block: %v, %s",
		c.Label(), in.Kind, in.Members, c.Members, in.Spam, in.Ham, in.Verdict.Block, in.Verdict.Words())
	e.Attributes = append(e.Attributes, a)
}

// mispType is the category and type of an attribute (describeTypes.json of MISP).
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

// object makes an object of a template, unless it is empty. words name it within the event.
func (e *event) object(t template, comment string, attributes []mispAttribute, words ...string) {
	id := uuid(ours, strings.Join(append([]string{"misp-object", e.key, t.name}, words...), "\x00"))
	if len(attributes) == 0 || e.met[id] {
		return
	}
	e.met[id] = true
	e.Objects = append(e.Objects, mispObject{UUID: id, Name: t.name, MetaCategory: t.category, Template: t.uuid, TemplateVersion: t.version,
		Distribution: "5", Timestamp: e.at, Comment: comment, Attributes: attributes})
}

// fields collects the attributes of an object, those that are known.
type fields struct {
	e    *event
	what string
	out  []mispAttribute
}

func (f *fields) text(category, kind, relation, value string) {
	if strings.TrimSpace(value) != "" {
		f.out = append(f.out, f.e.attribute(category, kind, relation, value, false, f.what))
	}
}

func (f *fields) time(relation string, t time.Time) {
	if !t.IsZero() {
		f.text("Other", "datetime", relation, instant(t))
	}
}

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
	e.object(whoisTemplate, "Registration of "+d.Name+".", f.out, d.Name)
}

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
	e.object(ipTemplate, comment, f.out, h.Name, h.Addr.String())
	e.as(&h.Network)
}

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
	e.object(asTemplate, "", f.out, number)
}

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
		e.Attributes = append(e.Attributes, f.out...) // the template asks for one of these
		return
	}
	e.object(emailTemplate, "Message "+m.SHA256+".", f.out, m.SHA256)
}

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

func wantMISP(campaigns []dossier.Campaign) int {
	n := 0
	for i := range campaigns {
		e := eventOf(&campaigns[i], Options{})
		n += e.attributes()
	}
	return n
}

// countMISP counts the attributes of events, those in objects too.
func countMISP(r io.Reader) (int, error) {
	var file struct {
		Event    mispEvent
		Response []struct{ Event mispEvent } `json:"response"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return 0, err
	}
	n := file.Event.attributes()
	for i := range file.Response {
		n += file.Response[i].Event.attributes()
	}
	return n, nil
}
