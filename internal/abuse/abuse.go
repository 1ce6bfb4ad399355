// Package abuse writes reports to contacts that can stop a campaign: holders of
// sending netblocks, hosts and registrars of linked domains, and misused
// platforms.
//
// A campaign with masked evidence goes in. One report for each contact comes
// out, as X-ARF v4, as ARF (RFC 5965) and as text for a person. The package
// sends nothing, and a report states only observations.
package abuse

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/internal/domain"
	"spoor/internal/dossier"
	"spoor/internal/wellformed"
)

// Role is the reason why a contact is informed.
type Role string

// Roles in the words of reports.
const (
	Netblock  Role = "holder of the sending network"
	Host      Role = "host of the linked pages"
	Registrar Role = "registrar of a domain that the mail links to"
	Platform  Role = "platform that the mail uses"
)

// Reporter is the sender of a report.
type Reporter struct {
	Org    string
	Mail   string
	Domain string
}

// Source is one resource of the contact: an address, host or domain.
type Source struct {
	Role        Role
	Value       string // address, domain or URL
	Detail      string // netblock, registration or address: why the contact is responsible
	Messages    int64
	First, Last time.Time
	URLs        []string // URLs that lead there, for hosts and domains
}

// Evidence is a masked message.
type Evidence struct {
	Message *dossier.Message
	Raw     []byte // masked; nil if the message was not kept or cannot be masked
	Why     string // reason why Raw is missing
}

// Report is the report to one contact.
type Report struct {
	Contact string // mail address
	Guessed bool   // abuse@ of the operator's domain (RFC 2142), because no registry gave an address
	Name    string // name of the holder, registrar or platform
	Sources []Source

	Campaign *dossier.Campaign
	Reporter Reporter
	Evidence []Evidence
	Now      time.Time
}

// Unreachable is a source without a known contact.
type Unreachable struct {
	Source
	Why string
}

// Reports groups the reportable sources of a campaign by contact. The verdicts
// of its indicators decide which belong to the campaign. Shared, impersonated
// and own resources are not reported, except a page to its platform.
func Reports(c *dossier.Campaign, who Reporter, now time.Time) (reports []Report, unreachable []Unreachable) {
	b := &builder{c: c, who: who, now: now, by: make(map[string]*Report), blocked: make(map[string]bool), reported: make(map[string]bool)}
	for i := range c.Indicators {
		if in := &c.Indicators[i]; in.Verdict.Block {
			b.blocked[in.Value] = true
		}
	}
	b.senders()
	b.hosts()
	b.registrars()
	b.platforms()
	for _, r := range b.by {
		slices.SortFunc(r.Sources, func(a, b Source) int {
			return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(b.Messages, a.Messages), strings.Compare(a.Value, b.Value))
		})
		reports = append(reports, *r)
	}
	slices.SortFunc(reports, func(a, b Report) int { return strings.Compare(a.Contact, b.Contact) })
	return reports, b.unreachable
}

// builder collects the sources of a campaign by contact.
type builder struct {
	c           *dossier.Campaign
	who         Reporter
	now         time.Time
	by          map[string]*Report
	blocked     map[string]bool
	reported    map[string]bool // role and value
	unreachable []Unreachable
}

// add assigns a source to its contact.
func (b *builder) add(contact, name string, guessed bool, s Source) {
	key := string(s.Role) + " " + s.Value + " " + contact
	// An address may be both a sender and a link host's; each role is reported
	// once.
	if b.reported[key] {
		return
	}
	b.reported[key] = true
	mail, ok := wellformed.Mail(strings.TrimSpace(contact))
	switch {
	case contact == "":
		b.unreachable = append(b.unreachable, Unreachable{s, "no contact is known; collector lookup " + lookup(s) + " asks for one"})
		return
	case !ok:
		b.unreachable = append(b.unreachable, Unreachable{s, "the registry's contact is no mail address"})
		return
	}
	mail = strings.ToLower(mail)
	r := b.by[mail]
	if r == nil {
		r = &Report{Contact: mail, Guessed: guessed, Name: name, Campaign: b.c, Reporter: b.who, Now: b.now}
		b.by[mail] = r
	}
	r.Guessed = r.Guessed && guessed
	r.Sources = append(r.Sources, s)
}

// lookup returns the name to ask a registry about.
func lookup(s Source) string {
	if host, ok := hostOf(s.Value); ok {
		return host
	}
	return s.Value
}

// hostOf returns the host of a URL; false if the text is none.
func hostOf(uri string) (string, bool) {
	_, rest, ok := strings.Cut(uri, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host, ok
}

// senders adds the reports to the networks of the sending addresses.
func (b *builder) senders() {
	for i := range b.c.Senders {
		s := &b.c.Senders[i]
		if !b.blocked[s.Addr.String()] && !b.relay(s.Addr) {
			continue
		}
		b.add(s.AbuseMail, s.Owner, false, Source{Role: Netblock, Value: s.Addr.String(), Detail: netDetail(&s.Network), Messages: s.Messages, First: s.FirstSeen, Last: s.LastSeen})
	}
}

// relay reports whether a sender is excluded from block lists only because it
// is a provider's relay. The provider should be informed nevertheless.
func (b *builder) relay(a netip.Addr) bool {
	return slices.ContainsFunc(b.c.Indicators, func(in dossier.Indicator) bool {
		return in.Kind == dossier.SenderIP && in.Value == a.String() && !in.Own && in.Ham == 0
	})
}

// netDetail returns the netblock, name and owner of a network, without
// repetition.
func netDetail(n *dossier.Network) string {
	var parts []string
	if n.Netblock.IsValid() {
		parts = append(parts, n.Netblock.String())
	}
	for _, s := range []string{n.NetName, n.Owner} {
		if s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// hosts reports the present hosters of the campaign's links: by resolution for
// names, and directly for links to bare addresses.
func (b *builder) hosts() {
	for i := range b.c.Hosts {
		h := &b.c.Hosts[i]
		if h.NameServer || !h.Till.IsZero() || !b.own(h.Name) {
			continue
		}
		s := b.linked(Host, h.Name)
		s.Detail = "at " + h.Addr.String()
		if d := netDetail(&h.Network); d != "" {
			s.Detail += ", " + d
		}
		b.add(h.AbuseMail, h.Owner, false, s)
	}
	for i := range b.c.Indicators {
		in := &b.c.Indicators[i]
		if _, err := netip.ParseAddr(in.Value); err != nil || in.Kind != dossier.LinkHost || !in.Verdict.Block {
			continue
		}
		n := b.network(in.Value)
		s := b.linked(Host, in.Value)
		s.Detail = netDetail(&n)
		b.add(n.AbuseMail, n.Owner, false, s)
	}
}

// network returns the known data about an address.
func (b *builder) network(address string) dossier.Network {
	for i := range b.c.Senders {
		if b.c.Senders[i].Addr.String() == address {
			return b.c.Senders[i].Network
		}
	}
	for i := range b.c.Hosts {
		if b.c.Hosts[i].Addr.String() == address {
			return b.c.Hosts[i].Network
		}
	}
	return dossier.Network{}
}

// own reports whether a host or its domain belongs to the campaign.
func (b *builder) own(host string) bool { return b.blocked[host] || b.blocked[domain.Registered(host)] }

// registrars adds the reports to the registrars of live domains.
func (b *builder) registrars() {
	for i := range b.c.Domains {
		d := &b.c.Domains[i]
		if !b.blocked[d.Name] || d.State == "gone" || d.State == "none" {
			continue
		}
		s := b.linked(Registrar, d.Name)
		if !d.Created.IsZero() {
			s.Detail = "registered on " + d.Created.UTC().Format(time.DateOnly)
		}
		if d.Registrar == "" && d.LookedUp.IsZero() {
			b.add("", "", false, s)
			continue
		}
		b.add(d.RegistrarAbuse, d.Registrar, false, s)
	}
}

// platforms reports pages, short links and mailboxes at shared services. No
// registry lists their contacts, so abuse@ is assumed (RFC 2142, section 4) and
// marked as a guess.
func (b *builder) platforms() {
	for i := range b.c.Indicators {
		in := &b.c.Indicators[i]
		var host string
		switch in.Kind {
		case dossier.URL:
			host, _ = hostOf(in.Value)
		case dossier.Contact:
			host = in.Value[strings.LastIndexByte(in.Value, '@')+1:]
		default:
			continue
		}
		n, ok := domain.Parse(host)
		if !ok || n.Operator == "" || in.Own || in.Ham > 0 || !misused(n.Shared) || n.Shared == "mail" && in.Kind != dossier.Contact {
			continue
		}
		if in.Kind == dossier.URL {
			if _, ok := wellformed.URI(in.Value); !ok {
				continue
			}
		}
		b.add("abuse@"+n.Operator, n.Operator, true, Source{Role: Platform, Value: in.Value, Detail: "hosted at " + n.Operator, Messages: in.Members, First: in.FirstSeen, Last: in.LastSeen})
	}
}

// misused reports whether the operator of a shared service can remove one
// customer.
func misused(kind string) bool {
	switch kind {
	case "shortener", "hosting", "storage", "forms", "esp", "dyndns", "mail", "private-suffix":
		return true
	}
	return false
}

// maxURLs limits the example URLs for one host.
const maxURLs = 10

// linked is a source to which mail links.
func (b *builder) linked(role Role, name string) Source {
	s := Source{Role: role, Value: name}
	for i := range b.c.Indicators {
		in := &b.c.Indicators[i]
		switch {
		case (in.Kind == dossier.LinkHost || in.Kind == dossier.LinkDomain) && in.Value == name:
			s.Messages, s.First, s.Last = max(s.Messages, in.Members), in.FirstSeen, in.LastSeen
		case in.Kind == dossier.URL && len(s.URLs) < maxURLs:
			if host, _ := hostOf(in.Value); host == name || strings.HasSuffix(host, "."+name) {
				if uri, ok := wellformed.URI(in.Value); ok {
					s.URLs = append(s.URLs, uri)
				}
			}
		}
	}
	return s
}
