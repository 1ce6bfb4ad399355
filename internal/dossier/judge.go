package dossier

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"spoor/graph/evidence"
	"spoor/internal/block"
	"spoor/internal/domain"
)

// Known is the basis of verdicts beside the indicators themselves.
type Known struct {
	Own         Own
	SetAside    []string         // link domains that the correlator found too common
	Unseen      map[string]bool  // domains and hosts that stand only where readers don't look
	WantedHELOs map[string]int64 // wanted messages by HELO name, and by each domain above one
	Origins     []Origin         // of each member
	Neighbours  []Neighbour      // of its senders
	FreeMail    []netip.Prefix   // networks that SPF records of free-mail domains name
}

// Neighbour is mail of others that came from a sender's network.
type Neighbour struct {
	Net   netip.Prefix
	Name  string // of the server: its reverse name; its HELO name if no reverse name was looked up
	Party string // owner of the mail: an operation, a campaign, or else the From domain; equal for mail that belongs together
	Ham   bool   // wanted
}

// Own lists names, networks and addresses of the receiver.
type Own struct {
	Names      []string // server names; "*" stands for any run of characters
	Servers    []string // servers that accepted members
	Networks   []netip.Prefix
	MX         []string // NAME=PRIORITY
	Inferred   bool     // the servers were inferred from mail, for one import at least
	Recipients []string // addresses to which members were sent
}

// Origin is the claimed and the real origin of a member.
type Origin struct {
	From    string // address
	Reverse string // reverse name of the sender
	HELO    string
	ListID  string
}

// young is the age below which a domain counts as registered for the campaign;
// brands are older.
const young = 180 * 24 * time.Hour

// Judge sets the verdict of each indicator.
func (c *Campaign) Judge(k Known) {
	j := newJudge(c, k)
	for i := range c.Indicators {
		in := &c.Indicators[i]
		in.Own = j.own(in)
		in.Verdict = j.verdict(in)
	}
}

// judge holds the sets that verdicts depend on, worked out once for a campaign.
type judge struct {
	k           Known
	ownDomains  map[string]bool
	linkDomains map[string]bool // shown by this campaign alone
	claimed     map[string]bool
	lists       map[string]bool
	young       map[string]bool
	relays      map[string]bool // senders and HELO names
	parties     map[string]bool // the same, of many unrelated senders
}

// newJudge works out the sets. The domains of recipients are our own, except
// those of shared mailbox providers.
func newJudge(c *Campaign, k Known) *judge {
	j := &judge{k: k, ownDomains: make(map[string]bool), linkDomains: make(map[string]bool), claimed: make(map[string]bool), lists: make(map[string]bool),
		young: make(map[string]bool), relays: make(map[string]bool), parties: make(map[string]bool)}
	for _, name := range slices.Concat(k.Own.Names, k.Own.Servers) {
		j.ownDomains[domain.Registered(strings.TrimPrefix(name, "*."))] = true
	}
	for _, address := range k.Own.Recipients {
		if n, ok := domain.Parse(hostOf(address)); ok && n.Shared == "" {
			j.ownDomains[n.Registered] = true
		}
	}
	delete(j.ownDomains, "")
	for i := range c.Domains {
		d := &c.Domains[i]
		j.linkDomains[d.Name] = d.Shared == ""
		j.young[d.Name] = !d.Created.IsZero() && !c.FirstSeen.IsZero() && c.FirstSeen.Sub(d.Created) < young
	}
	for _, o := range k.Origins {
		j.origin(o)
	}
	j.namedBrands(c.Messages)
	j.judgeSenders(c.Senders)
	return j
}

// origin records a domain that a member claims without coming from it, and the
// mailing list that distributed it.
func (j *judge) origin(o Origin) {
	from := domain.Registered(hostOf(o.From))
	if from != "" && from != domain.Registered(o.Reverse) && from != domain.Registered(o.HELO) {
		j.claimed[from] = true
	}
	list := strings.Trim(o.ListID, "<> ")
	if i := strings.LastIndexAny(list, "<@ "); i >= 0 {
		list = list[i+1:]
	}
	// A List-Id in the domain of From belongs to the sender.
	if list = domain.Registered(list); list != "" && list != from {
		j.lists[list] = true
	}
}

// minBrand is the length from which a word of a name can be a brand. Shorter
// words are too common.
const minBrand = 5

// namedBrands notes the domains whose first label occurs in a sender's display
// name. A phish names the brand there and links to the brand's pages,
// regardless of its From address.
func (j *judge) namedBrands(messages []Message) {
	named := make(map[string]int)
	for i := range messages {
		words := strings.FieldsFunc(strings.ToLower(messages[i].FromName), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			named[w]++
		}
	}
	for d := range j.linkDomains {
		label, _, _ := strings.Cut(d, ".")
		// One display name may have the word by chance.
		if n := named[label]; len(label) >= minBrand && n > 1 {
			j.claimed[d] = true
		}
	}
}

// hostOf returns the domain of a mail address.
func hostOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}

// own reports whether an indicator belongs to the receiver.
func (j *judge) own(in *Indicator) bool {
	switch in.Kind {
	case SenderIP, LinkHost:
		if a, err := netip.ParseAddr(in.Value); err == nil {
			return slices.ContainsFunc(j.k.Own.Networks, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
		}
	case FromMail, Contact:
		return j.ownDomains[domain.Registered(hostOf(in.Value))]
	case LinkDomain, HELO:
	default:
		return false
	}
	return j.ownDomains[domain.Registered(in.Value)]
}

// verdict collects the facts about an indicator and asks package block. Kinds
// that no block list has are not judged.
func (j *judge) verdict(in *Indicator) block.Verdict {
	f := block.Facts{Members: in.Members, Spam: in.Spam, Ham: in.Ham, Shared: in.Shared, Own: in.Own}
	switch in.Kind {
	case LinkDomain, LinkHost:
		name, _ := domain.Parse(in.Value)
		owner := name.Registered
		if f.Shared == "" {
			f.Shared = name.Shared
		}
		f.Everyday = everyday(in.Value, owner, f.Shared)
		f.SetAside = slices.Contains(j.k.SetAside, owner) || slices.Contains(j.k.SetAside, in.Value)
		f.List, f.Claimed, f.Young, f.Unseen = j.lists[owner], j.claimed[owner], j.young[owner], j.k.Unseen[in.Value]
		return block.Host(f)
	case SenderIP:
		a, err := netip.ParseAddr(in.Value)
		if err != nil {
			return block.Verdict{Reason: block.Unfit}
		}
		f.Relay, f.Parties = j.relays[in.Value], j.parties[in.Value]
		f.FreeMail = slices.ContainsFunc(j.k.FreeMail, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
		return block.Sender(a, f)
	case HELO:
		key := strings.ToLower(in.Value)
		f.Relay, f.Parties, f.Ham = j.relays[key], j.parties[key], max(f.Ham, j.k.WantedHELOs[key])
		return block.HELO(in.Value, f)
	case Subject:
		return block.Subject(in.Value, f)
	}
	return block.Verdict{Reason: block.NoList}
}

// everyday reports whether mail of every kind links to a host, so that it
// proves nothing.
func everyday(host, owner, shared string) bool {
	m := evidence.Message{Links: []evidence.Link{{URL: "http://" + host + "/", Host: host, Domain: owner, Shared: shared}}}
	return shared == "" && !slices.ContainsFunc(evidence.Of(&m), func(f evidence.Feature) bool { return f.Kind == evidence.LinkDomain })
}
