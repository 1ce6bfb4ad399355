package evidence

import (
	"net/netip"
	"slices"
	"strings"

	"spoor/internal/text"
)

// Own is the receiver's side: its servers and its domains. Spammers name them at will,
// relays add them, and no sender is told by them, so they are never evidence.
type Own struct {
	Servers []string // names in which "*" stands for any run of characters, addresses, networks
	Domains []string // with all their hosts and mail addresses
}

// empty reports that nothing is known to be ours.
func (o *Own) empty() bool { return len(o.Servers)+len(o.Domains) == 0 }

// host reports whether a host name is ours. "*.example.org" means example.org, too.
func (o *Own) host(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "" {
		return false
	}
	for _, p := range o.Servers {
		if text.Glob(p, name) || strings.TrimPrefix(p, "*.") == name {
			return true
		}
	}
	return o.domain(name)
}

// domain reports whether a name is one of our domains, or in one.
func (o *Own) domain(name string) bool {
	return slices.ContainsFunc(o.Domains, func(d string) bool { return within(strings.ToLower(name), d) })
}

// mailbox reports whether a mail address is at one of our domains. Servers do not tell: those
// of a provider (*.outlook.com) receive for us, and strangers have addresses there.
func (o *Own) mailbox(address string) bool {
	_, at, ok := strings.Cut(address, "@")
	return ok && o.domain(at)
}

// addr reports whether an address is that of one of our servers.
func (o *Own) addr(a netip.Addr) bool {
	for _, p := range o.Servers {
		if n, err := netip.ParsePrefix(p); err == nil && n.Contains(a.Unmap().WithZone("")) {
			return true
		}
		if b, err := netip.ParseAddr(p); err == nil && b.Unmap() == a.Unmap().WithZone("") {
			return true
		}
	}
	return false
}

// sends reports whether one of our servers sent m from outside of our trust: that of a
// provider (*.outlook.com), which sends for strangers, too. Its names are the sender's.
func (o *Own) sends(m *Message) bool { return o.host(m.ReverseName) }

// foreign is m without links, addresses and names of ours. Codes of anomalies stay: to
// say our name in HELO is a habit of the sender. Of a Message-ID only the host goes (see
// messageID): that our server had to give one is the sender's habit, too.
func foreign(m *Message) *Message {
	o := &m.Own
	if o.empty() {
		return m
	}
	f := *m
	f.Links = without(m.Links, func(l Link) bool { return o.host(l.Host) })
	f.Mailboxes, f.ReplyTo = without(m.Mailboxes, o.mailbox), without(m.ReplyTo, o.mailbox)
	f.Claims = without(m.Claims, func(c Claim) bool { return c.Address.IsValid() && o.addr(c.Address) })
	for _, address := range []*string{&f.From, &f.ReturnPath} {
		if o.mailbox(*address) {
			*address = ""
		}
	}
	if o.domain(m.ReverseName) {
		f.ReverseName = ""
	}
	if o.host(m.HELO) && !o.sends(&f) {
		f.HELO = ""
	}
	if o.addr(m.Sender) {
		f.Sender = netip.Addr{}
	}
	return &f
}

// without returns a list without the items for which drop returns true. It
// copies the list only if there are any.
func without[T any](list []T, drop func(T) bool) []T {
	if !slices.ContainsFunc(list, drop) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// Foreign is k without registry and DNS data on our own hosts.
func (k Knowledge) Foreign(o Own) Knowledge {
	if o.empty() {
		return k
	}
	out := Knowledge{Addresses: without(k.Addresses, func(a Address) bool { return o.addr(a.Addr) })}
	for _, d := range k.Domains {
		if o.host(d.Name) {
			continue
		}
		d.NameServers = without(d.NameServers, o.host)
		d.Addresses, d.ServerAddresses = without(d.Addresses, o.addr), without(d.ServerAddresses, o.addr)
		out.Domains = append(out.Domains, d)
	}
	return out
}
