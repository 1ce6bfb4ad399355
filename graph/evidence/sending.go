package evidence

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"

	"spoor/internal/domain"
)

// sending adds the features of the sending host and of the sender's addresses.
// Values that a link or the From address states already are left out, so that
// one domain is one argument.
func (c *collector) sending(m *Message) {
	if m.Sender.IsValid() {
		c.put(SenderAddress, m.Sender.Unmap().WithZone("").String())
		c.put(SenderNet, netOf(m.Sender))
	}
	c.helo(m)
	// The From address already stands for the name of its own domain's servers.
	if d := registered(m.ReverseName); !linksTo(m, d) && d != registeredOf(m.From) && !freeMail(d) {
		c.put(ReverseDomain, parentDomain(m.ReverseName))
	}
	c.from(m)
	c.bounce(m)
	c.replies(m)
	if m.AcceptedBy != "" && m.MXPriority >= 0 {
		c.put(MXChosen, strconv.Itoa(m.MXPriority)+" "+strings.ToLower(m.AcceptedBy))
	}
	for i := len(m.Claims) - 1; i >= 0; i-- {
		// The lowest claim names the origin of the mail, if it is true.
		if a := m.Claims[i].Address.Unmap(); a.IsGlobalUnicast() && !a.IsPrivate() && a != m.Sender.Unmap() {
			c.put(Origin, a.WithZone("").String())
			break
		}
	}
}

// replies adds the Reply-To address, unless it is the From address or that of a
// list. A box that nobody reads is no identifier but a habit.
func (c *collector) replies(m *Message) {
	for _, a := range head(m.ReplyTo, maxValues) {
		a = strings.ToLower(a)
		switch {
		case strings.EqualFold(a, m.From) || ofList(m, a):
		case unread(a):
			c.put(FieldHabit, "reply-to: "+a)
		default:
			c.put(ReplyTo, a)
		}
	}
}

// linksTo reports whether a message links to a registered domain. Its links
// then stand for the domain, and the sender must not count it again.
func linksTo(m *Message, domain string) bool {
	for i := range head(m.Links, maxLinks) {
		if domain != "" && m.Links[i].Domain == domain {
			return true
		}
	}
	return false
}

// helo adds the HELO name, and its class if legitimate servers would not use
// such a name.
func (c *collector) helo(m *Message) {
	helo := strings.ToLower(strings.TrimSuffix(m.HELO, "."))
	if helo == "" {
		return
	}
	if d := registered(helo); !linksTo(m, d) && d != registeredOf(m.From) && !freeMail(d) && !madeUp(m) {
		c.put(HELOName, helo)
	}
	if strings.IndexByte(helo, '.') < 0 {
		c.put(HELOForm, shape(helo))
		return
	}
	bare := strings.Trim(helo, "[]")
	if a, err := netip.ParseAddr(bare); err == nil {
		form := "address"
		if bare != helo {
			form = "[address]"
		}
		if a.Unmap() != m.Sender.Unmap() {
			form = "another's " + form
		}
		c.put(HELOForm, form)
	} else if m.ReverseName != "" && !strings.EqualFold(helo, m.ReverseName) {
		c.put(HELOForm, "not the reverse name: "+numberForm(parentOrSelf(helo)))
	}
}

// from adds the From address and its shape. Bots invent local parts, whose
// shape is that of their generator.
func (c *collector) from(m *Message) {
	from := strings.ToLower(m.From)
	local, host, ok := strings.Cut(from, "@")
	if !ok {
		return
	}
	c.put(FromAddress, from)
	class := "d"
	if freeMail(host) {
		class = host
	} else {
		c.put(FromDomain, cmp.Or(domain.Registered(host), host))
	}
	if form := shape(m.From[:len(local)]); strings.ContainsAny(form, "9.-_+") {
		c.put(FromForm, form+"@"+class)
	}
	if name := strings.ToLower(strings.TrimSpace(m.FromName)); len(name) > 3 && name != from {
		c.put(FromName, name)
	}
}

// bounce adds the envelope sender if it differs from the From address: its
// domain, and the shape of its local part without the reader's address, which
// VERP includes.
func (c *collector) bounce(m *Message) {
	local, host, ok := strings.Cut(strings.ToLower(m.ReturnPath), "@")
	if !ok || strings.EqualFold(m.ReturnPath, m.From) {
		return
	}
	if !freeMail(host) && !linksTo(m, registered(host)) {
		c.put(BounceDomain, cmp.Or(domain.Registered(host), host))
	}
	for _, r := range head(m.Readers, maxValues) {
		name, at, _ := strings.Cut(strings.ToLower(r), "@")
		if len(name) > 2 {
			local = strings.ReplaceAll(local, name+"="+at, "%r")
			local = strings.ReplaceAll(local, name, "%r")
		}
	}
	if form := shape(local); strings.ContainsAny(form, "9%-_+=.") {
		c.put(BounceForm, form)
	}
}

// netOf returns the network that is commonly rented as one: a /24, or a /48 of
// IPv6.
func netOf(a netip.Addr) string {
	bits := 24
	if a = a.Unmap(); a.Is6() {
		bits = 48
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// parentDomain removes the first label of a reverse name with three labels or
// more. The rest names the network's owner or the pool.
func parentDomain(name string) string {
	_, rest, _ := strings.Cut(strings.ToLower(strings.TrimSuffix(name, ".")), ".")
	if !strings.Contains(rest, ".") {
		return ""
	}
	return numberForm(rest)
}

// parentOrSelf returns the parent domain of a name, or the name if it has fewer
// than three labels.
func parentOrSelf(name string) string { return cmp.Or(parentDomain(name), name) }
