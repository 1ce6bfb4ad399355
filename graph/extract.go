package graph

import (
	"net/netip"
	"strings"
)

// maxValue bounds a feature's value: what is longer is cut, and so agrees with what
// begins the same.
const maxValue = 512

// Perverse messages have thousands of links; campaigns are found by a few of them.
const (
	maxLinks  = 200
	maxValues = 20 // of every other kind
)

// features yields the features of m, each kind in turn.
func features(m *Message, add func(Kind, string)) {
	put := func(k Kind, v string) {
		if v == "" {
			return
		}
		add(k, v[:min(len(v), maxValue)])
	}
	contentFeatures(m, put)
	linkFeatures(m, put)
	mailerFeatures(m, put)
	sendingFeatures(m, put)
}

// shortened keeps a long value readable and still one of its own.
func shortened(s string) string {
	if len(s) <= maxValue {
		return s
	}
	return s[:maxValue-24] + "~" + hex64(hash(s))
}

func contentFeatures(m *Message, put func(Kind, string)) {
	if m.Text != 0 {
		put(Text, hex64(uint64(m.Text)))
	}
	// Three letters ("re", "hi", "fyi") are no subject that two could have in common.
	if len(m.Subject) > 3 {
		put(SubjectText, m.Subject)
	}
	for _, h := range head(m.Attachments, maxValues) {
		put(Attachment, h)
	}
	for _, p := range head(m.Phones, maxValues) {
		put(Phone, p)
	}
	for _, a := range head(m.Mailboxes, maxValues) {
		put(Mailbox, strings.ToLower(a))
	}
	for _, a := range head(m.ReplyTo, maxValues) {
		if !strings.EqualFold(a, m.From) {
			put(Mailbox, strings.ToLower(a))
		}
	}
}

func linkFeatures(m *Message, put func(Kind, string)) {
	for i := range head(m.Links, maxLinks) {
		l := &m.Links[i]
		switch {
		case everyday(l.Host):
			continue
		case l.Shared == "", l.Shared == "private-suffix":
			put(LinkDomain, ownerOf(l))
			put(LinkPath, pathForm(l.URL))
		default:
			put(LinkTenant, tenant(l))
		}
	}
}

func ownerOf(l *Link) string {
	if l.Domain != "" {
		return l.Domain
	}
	return l.Host // an address, or a name without a public suffix
}

func mailerFeatures(m *Message, put func(Kind, string)) {
	order := ownHeaders(m.HeaderNames)
	ids := m.MessageIDForm + " " + m.BoundaryForm
	if order != "" {
		put(HeaderOrder, shortened(order))
		put(MailerPrint, hex64(hash(order+"\n"+m.MIMESkeleton+"\n"+ids+"\n"+m.Mailer)))
	}
	if m.MessageIDForm != "" && m.BoundaryForm != "" {
		put(MessageIDBoundary, ids)
	}
	put(MessageIDValue, m.MessageID)
	put(MailerName, m.Mailer)
}

func sendingFeatures(m *Message, put func(Kind, string)) {
	if m.Sender.IsValid() {
		put(SenderAddress, m.Sender.String())
		put(SenderNet, netOf(m.Sender))
	}
	helo := strings.ToLower(m.HELO)
	put(HELOName, helo)
	if f := numberForm(helo); f != helo {
		put(HELOForm, f)
	}
	if d := parentDomain(m.ReverseName); d != "" {
		put(ReverseDomain, d)
	}
	put(FromAddress, strings.ToLower(m.From))
	if _, d, ok := strings.Cut(m.ReturnPath, "@"); ok {
		put(BounceDomain, strings.ToLower(d))
	}
}

// newsletter reports whether m is list mail that is at one with itself: it names its
// list or how to leave it, and links to the domain that it says it comes from. Issues of
// one newsletter share sender, mailer and links by nature; that is no campaign.
func newsletter(m *Message) bool {
	if m.ListID == "" && !strings.Contains(strings.ToLower(m.HeaderNames), "list-unsubscribe") {
		return false
	}
	_, from, ok := strings.Cut(strings.ToLower(m.From), "@")
	if !ok {
		return false
	}
	list := strings.ToLower(m.ListID)
	for i := range head(m.Links, maxLinks) {
		d := m.Links[i].Domain
		if d != "" && (within(from, d) || within(list, d)) {
			return true
		}
	}
	return false
}

// within reports whether host is domain or stands below it.
func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// netOf is the network that is commonly rented as one: a /24, or a /48 of IPv6.
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

// parentDomain takes the first label off a reverse name of three or more labels: what
// is left names the network's owner or the pool.
func parentDomain(name string) string {
	_, rest, _ := strings.Cut(strings.ToLower(strings.TrimSuffix(name, ".")), ".")
	if !strings.Contains(rest, ".") {
		return ""
	}
	return numberForm(rest)
}

// traceHeaders are written on the way or on arrival, so that they say nothing of the
// sender's program. Names are in lower case; those in tracePrefixes match by beginning.
var traceHeaders = map[string]bool{
	"received": true, "return-path": true, "delivered-to": true, "x-original-to": true, "envelope-to": true,
	"authentication-results": true, "received-spf": true, "x-sender-ip": true, "x-envelope-from": true,
	"x-envelope-to": true, "delivery-date": true, "x-uidl": true, "status": true, "x-status": true,
	"x-keywords": true, "x-incomingheadercount": true, "x-mozilla-status": true, "x-mozilla-status2": true,
	"x-rcpt-to": true, "x-apparently-to": true, "x-received": true, "x-resolved-to": true, "lines": true,
	"dkim-signature": true, "domainkey-signature": true, "content-length": true, "x-virus-scanned": true,
	"x-incomingtopheadermarker": true, "x-message-info": true, "x-message-delivery": true, "to": true, "cc": true,
}

var tracePrefixes = []string{"arc-", "x-ms-", "x-microsoft-", "x-sid-", "x-spam-", "x-eop", "x-forefront-", "x-exchange-", "x-auth-", "x-google-", "x-gm-", "resent-"}

// ownHeaders is the order and case of header names that the sender's program chose.
func ownHeaders(names string) string {
	var b strings.Builder
	for name := range strings.SplitSeq(names, ",") {
		if l := strings.ToLower(name); l == "" || traceHeaders[l] || hasAnyPrefix(l, tracePrefixes) {
			continue
		}
		b.WriteString(name)
		b.WriteByte(',')
	}
	return b.String()
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func head[T any](s []T, n int) []T { return s[:min(len(s), n)] }
