// Package block decides whether an indicator of a campaign may go into a block
// list.
// Counts and ownership of the indicator go in; a verdict with its reason comes
// out. In doubt an indicator is excluded: a list that blocks ham costs its user
// more than a list with a gap. The package looks nothing up.
package block

import (
	"net/netip"
	"strings"

	"spoor/internal/domain"
)

// Facts are the basis of a verdict.
type Facts struct {
	Members int64 // messages of the campaign with the indicator
	Spam    int64 // all spam with it
	Ham     int64 // ham with it

	Shared   string // kind of service that many customers share; "" if none is known
	Own      bool   // it names our own servers, networks or domains
	Everyday bool   // mail of every kind links to it
	SetAside bool   // the correlator excluded it from evidence as too common
	List     bool   // a mailing list that distributed mail
	Claimed  bool   // mail claims to come from it but came from elsewhere
	Young    bool   // registered shortly before the campaign's first mail
	Relay    bool   // a server that relays mail of a provider's customers
	Parties  bool   // servers with similar names send mail of many unrelated parties
	FreeMail bool   // the SPF record of a free-mail domain lists it
	Unseen   bool   // occurs only where readers do not look: images, style, document type
}

// Verdict is the decision about one indicator.
type Verdict struct {
	Block  bool
	Forced bool   // a person demanded it against the reason
	Reason Reason // plain ASCII, suitable for any file
}

// Reason is the reason for a verdict.
type Reason string

// Reasons as displayed in lists and reports.
const (
	Alone     Reason = "only this campaign has it"
	Mostly    Reason = "mostly this campaign has it"
	InHam     Reason = "wanted mail has it"
	OurOwn    Reason = "our own"
	Shared    Reason = "shared host"
	Content   Reason = "content network"
	Shortener Reason = "shortener"
	Platform  Reason = "platform"
	Everyday  Reason = "all kinds of mail link to it"
	TooCommon Reason = "too common"
	List      Reason = "mailing list"
	Relay     Reason = "provider's relay"
	Parties   Reason = "many unrelated senders' server"
	FreeMail  Reason = "free-mail provider's, by SPF"
	Claimed   Reason = "perhaps impersonated"
	Unseen    Reason = "picture or style only"
	Once      Reason = "seen once"
	Seldom    Reason = "seen too seldom"
	Others    Reason = "mostly other mail has it"
	Unfit     Reason = "too general"
	Named     Reason = "names a recipient"
	NoList    Reason = "evidence only"
)

// Force is the verdict for an indicator that a person wants blocked
// nevertheless.
func (v Verdict) Force() Verdict {
	if v.Block {
		return v
	}
	return Verdict{Block: true, Forced: true, Reason: v.Reason}
}

// Words returns the reason for an entry of a list.
func (v Verdict) Words() string {
	if v.Forced {
		return "forced against: " + string(v.Reason)
	}
	return string(v.Reason)
}

// Host decides about a host or domain in links.
func Host(f Facts) Verdict {
	switch {
	case f.Own, f.Ham > 0:
		return decide(f)
	case f.Shared != "" && f.Shared != "private-suffix":
		return no(sharing(f.Shared))
	case f.Everyday:
		return no(Everyday)
	case f.Unseen:
		return no(Unseen)
	case f.Claimed && !f.Young:
		// Phishing links to pages of the imitated brand. A domain that a
		// spammer owns and uses in From is usually days old.
		return no(Claimed)
	}
	return often(f)
}

// minSeen is the number of messages from which a host or sender is listed. One
// or two messages do not show how else a host is used.
const minSeen = 3

// Sender decides about an address that connected to our servers.
func Sender(a netip.Addr, f Facts) Verdict {
	switch {
	case f.Own, f.Ham > 0:
		return decide(f)
	case f.Relay:
		return no(Relay)
	case f.FreeMail:
		return no(FreeMail)
	case f.Parties:
		return no(Parties)
	case a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || a.IsMulticast():
		return no(OurOwn)
	}
	return often(f)
}

// often is decide for hosts and senders.
func often(f Facts) Verdict {
	v := decide(f)
	if v.Block && f.Members < minSeen {
		return no(Seldom)
	}
	return v
}

// HELO decides about a HELO name. Postfix matches subdomains of a name too, so
// a bare label or a public suffix would block far too much.
func HELO(name string, f Facts) Verdict {
	if !ownHELO(name) {
		return no(Unfit)
	}
	if n, ok := domain.Parse(name); ok && n.Shared != "" {
		return no(sharing(n.Shared))
	}
	switch {
	case f.Ham > 0:
	case f.Relay:
		return no(Relay)
	case f.Parties:
		return no(Parties)
	}
	return often(f)
}

// ownHELO reports whether a HELO name can identify one sender: a name below a
// registered domain, a bare number, or an address.
func ownHELO(name string) bool {
	if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return a.IsGlobalUnicast() && !a.IsPrivate()
	}
	if name != "" && strings.Trim(name, "0123456789") == "" {
		return len(name) >= 4
	}
	n, ok := domain.Parse(name)
	return ok && n.Known && n.Registered != "" && !n.Malformed && n.Suffix != "local" && n.Suffix != "localhost"
}

// minSubject is the length, in bytes, from which a subject can be distinctive.
// "Invoice" and "Re: your order" are not.
const minSubject = 16

// Subject decides about a subject line.
func Subject(text string, f Facts) Verdict {
	if len(text) < minSubject || len(strings.Fields(text)) < 3 {
		return no(Unfit)
	}
	return decide(f)
}

// decide applies the rules for all kinds.
func decide(f Facts) Verdict {
	switch {
	case f.Own:
		return no(OurOwn)
	case f.Ham > 0:
		return no(InHam)
	case f.List:
		return no(List)
	case f.SetAside:
		return no(TooCommon)
	case 2*f.Members < f.Spam:
		return no(Others)
	case f.Members < 2:
		return no(Once)
	case f.Members < f.Spam:
		return Verdict{Block: true, Reason: Mostly}
	}
	return Verdict{Block: true, Reason: Alone}
}

func no(r Reason) Verdict { return Verdict{Reason: r} }

// sharing returns the reason for a kind of shared service (domain.Name.Shared).
func sharing(kind string) Reason {
	switch kind {
	case "shortener", "redirector":
		return Shortener
	case "cdn":
		return Content
	case "esp", "mail", "social", "forms", "storage":
		return Platform
	}
	return Shared
}

// IsProvider reports whether a server's name belongs to a known mailbox provider
// or mailing service, or to a mail server of a company that runs shared services.
// Machines of its customers have other names.
func IsProvider(name string) bool {
	n, ok := domain.Parse(name)
	if !ok {
		return false
	}
	return n.Shared == "mail" || n.Shared == "esp" || n.Shared == "" && domain.RunsServices(n.Registered) && servesMail(n.Host)
}

// servesMail reports whether a host's own label says that it is there for mail.
func servesMail(host string) bool {
	first, _, _ := strings.Cut(host, ".")
	for word := range strings.FieldsFuncSeq(first, func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch word {
		case "smtp", "smtpout", "smtpd", "mta", "mx", "mail", "relay", "mailout", "out", "outbound", "mailrelay", "mailer", "lists", "list":
			return true
		}
	}
	return false
}

// IsRelay reports whether a server's names look like those of a provider that passes on
// its customers' mail: mailboxes and mailing services that are known, and names such as
// smtp-out3.isp.example. own tells the domains that the campaign itself links to: a
// spammer names his server so too.
func IsRelay(reverseName, helo string, own func(domain string) bool) bool {
	if IsProvider(reverseName) {
		return true
	}
	n, ok := domain.Parse(reverseName)
	if !ok {
		return false
	}
	if n.Registered == "" || own(n.Registered) || domain.Registered(helo) != n.Registered {
		return false
	}
	return servesMail(n.Host)
}
