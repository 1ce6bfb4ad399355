package show

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"spoor/graph/evidence"
	"spoor/internal/block"
	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// few cuts a list to the length of a screen, unless --all is given.
func few[T any](c *onePage, list []T) []T {
	if c.All {
		return list
	}
	return list[:min(len(list), findings.Shown)]
}

// more says how many lines were left out; nothing if none were.
func more(shown, all int) []string {
	if shown >= all {
		return nil
	}
	return []string{fmt.Sprintf("  %s more with --all", cli.Number(all-shown))}
}

// wideEnoughForRegistrant is the width from which the registrant is shown
// beside the registrar.
const wideEnoughForRegistrant = 100

// others are the verdicts that show a link domain to be somebody else's.
var others = map[block.Reason]bool{block.Everyday: true, block.InHam: true, block.OurOwn: true, block.TooCommon: true, block.Claimed: true, block.Unseen: true, block.List: true}

// domains lists the link domains by first use, with their registrations: this
// shows their rotation. Domains of others are left out unless --all is given.
func (c *onePage) domains() sheet.Part {
	if c.Dossier == nil {
		return sheet.Part{}
	}
	var own []dossier.Domain
	for _, d := range c.Dossier.Domains {
		if d.Shared == "" && (c.All || !others[c.Verdict(dossier.LinkDomain, d.Name).Reason]) {
			own = append(own, d)
		}
	}
	// The most used domains are chosen first, then put in the order of time.
	shown := slices.Clone(few(c, own))
	slices.SortStableFunc(shown, func(a, b dossier.Domain) int { return a.FirstSeen.Compare(b.FirstSeen) })
	registrant := c.env.Columns() >= wideEnoughForRegistrant || c.Markdown
	p := sheet.Part{Title: "Domains over time, and their registration", Columns: []cli.Column{{Title: "Link domains", Flex: true}, {Title: "first"}, {Title: "last"}, c.counts(false)[0], {Title: "registered"}, {Title: "with", Flex: true}}}
	if registrant {
		p.Columns = append(p.Columns, cli.Column{Title: "registrant", Flex: true}, cli.Column{Title: "name servers", Flex: true})
	}
	for _, d := range shown {
		registered := cli.Date(d.Created)
		if registered == "" && d.LookedUp.IsZero() {
			registered = "not asked"
		}
		row := []string{d.Name, cli.Date(d.FirstSeen), cli.Date(d.LastSeen), cli.Number(d.Members), registered, cmp.Or(d.RegistrarKey, d.Registrar)}
		if registrant {
			row = append(row, strings.Join(nonEmpty(d.RegistrantName, d.RegistrantOrg, d.RegistrantMail), ", "), wording.Some(d.NameServers, 2))
		}
		p.Rows = append(p.Rows, row)
	}
	p.Foot = more(len(shown), len(own))
	return p
}

// nonEmpty drops empty strings. It changes the list.
func nonEmpty(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// hosting lists the addresses of link hosts and their name servers, with the
// networks.
func (c *onePage) hosting() sheet.Part {
	if c.Dossier == nil {
		return sheet.Part{}
	}
	p := sheet.Part{Title: "Hosting", Columns: []cli.Column{{Title: "Hosted", Flex: true}, {Title: "at"}, {Title: "network of", Flex: true}, {Title: "AS"}, {Title: "since"}}}
	shown := few(c, c.Dossier.Hosts)
	for i := range shown {
		h := &shown[i]
		name := h.Name
		if h.NameServer {
			name += " (name server)"
		}
		p.Rows = append(p.Rows, []string{name, h.Addr.String(), ownerWords(&h.Network), naming.ASN(h.ASN), cli.Date(h.Since)})
	}
	p.Foot = more(len(shown), len(c.Dossier.Hosts))
	return p
}

// ownerWords names the holder of a network, and its country.
func ownerWords(n *dossier.Network) string {
	return strings.Join(nonEmpty(cmp.Or(n.Owner, n.NetName), n.Country), ", ")
}

// links is the table of link hosts with their verdicts.
func (c *onePage) links() sheet.Part {
	p := sheet.Part{Title: "Link hosts", Columns: append(append([]cli.Column{{Title: "Link hosts", Flex: true}}, c.counts(true)...), cli.Column{Title: "Block?"})}
	for i := range c.Links {
		l := &c.Links[i]
		p.Rows = append(p.Rows, []string{l.Host, cli.Number(l.Members), cli.AtLeast(l.Spam-l.Members, l.More), cli.Number(l.Ham), c.blockLink(l)})
	}
	return p
}

// blockLink returns whether a link host can be blocked without collateral
// damage.
func (c *onePage) blockLink(l *campaigns.Link) string {
	v := c.Verdict(dossier.LinkHost, l.Host)
	return wording.Block(v.Block, string(v.Reason))
}

// blockSender returns the verdict on a sender in the width of a column.
func (c *onePage) blockSender(s *campaigns.Sender) string {
	v := c.Verdict(dossier.SenderIP, s.Sender.String())
	return wording.Block(v.Block, string(v.Reason))
}

// whyBlock lists the grounds of each verdict, if requested.
func (c *onePage) whyBlock() sheet.Part {
	if !c.WhyBlock {
		return sheet.Part{}
	}
	p := sheet.Part{Title: "Why block, why not", Columns: []cli.Column{{Title: "Block?"}, {Title: "", Flex: true}, {Title: "because", Flex: true}}}
	add := func(value string, v block.Verdict, members, spam, ham int64) {
		answer := "no"
		if v.Block {
			answer = "yes"
		}
		p.Rows = append(p.Rows, []string{answer, value, fmt.Sprintf("%s: %s of %s spam, %s ham", v.Reason, cli.Number(members), cli.Number(spam), cli.Number(ham))})
	}
	for _, l := range c.Links {
		add(l.Host, c.Verdict(dossier.LinkHost, l.Host), l.Members, l.Spam, l.Ham)
	}
	for _, s := range c.Senders {
		add(s.Sender.String(), c.Verdict(dossier.SenderIP, s.Sender.String()), s.Messages, s.Spam, s.Ham)
	}
	return p
}

// Widths from which senders have a column of verdicts, and one for each of
// their names.
const (
	wideEnoughForBlock = 64
	wideEnoughForNames = 110
)

// senders is the table of senders with verdicts and names.
func (c *onePage) senders() sheet.Part {
	wide := c.env.Columns() >= wideEnoughForBlock || c.Markdown
	p := sheet.Part{Title: "Senders", Columns: []cli.Column{{Title: "Senders"}, c.counts(false)[0]}}
	if wide {
		p.Columns = append(append([]cli.Column{{Title: "Senders"}}, c.counts(true)...), cli.Column{Title: "Block?"})
	}
	both := c.env.Columns() >= wideEnoughForNames || c.Markdown
	if both {
		p.Columns = append(p.Columns, cli.Column{Title: "HELO", Flex: true}, cli.Column{Title: "reverse name", Flex: true})
	} else {
		p.Columns = append(p.Columns, cli.Column{Title: "reverse name or HELO", Flex: true})
	}
	for i := range c.Senders {
		s := &c.Senders[i]
		row := []string{s.Sender.String(), cli.Number(s.Messages)}
		if wide {
			row = append(row, cli.Number(s.Spam-s.Messages), cli.Number(s.Ham), c.blockSender(s))
		}
		helo := s.HELO
		if s.HELOs > 1 {
			helo += fmt.Sprintf(" +%d", s.HELOs-1)
		}
		if both {
			p.Rows = append(p.Rows, append(row, helo, s.ReverseName))
		} else {
			p.Rows = append(p.Rows, append(row, cmp.Or(s.ReverseName, helo)))
		}
	}
	return p
}

// place locates senders: an autonomous system in a country, else a network.
type place struct {
	as, name, country string
}

// networks sums up the senders by autonomous system and country, most messages
// first.
func (c *onePage) networks() sheet.Part {
	if c.Dossier == nil {
		return sheet.Part{}
	}
	senders, messages := make(map[place]int64), make(map[place]int64)
	var order []place
	for i := range c.Dossier.Senders {
		s := &c.Dossier.Senders[i]
		at := place{naming.ASN(s.ASN), cmp.Or(s.ASName, s.Owner, s.NetName), s.Country}
		// All unknown senders are one line, which names the command that looks
		// them up.
		if at == (place{}) {
			at.name = "not known: collector enrich"
		}
		if senders[at] == 0 {
			order = append(order, at)
		}
		senders[at]++
		messages[at] += s.Messages
	}
	slices.SortStableFunc(order, func(a, b place) int { return cmp.Compare(messages[b], messages[a]) })
	p := sheet.Part{Title: "Senders by network and country", Columns: []cli.Column{{Title: "Sent from"}, {Title: "of", Flex: true}, {Title: "country"}, {Title: "senders", Right: true}, c.counts(false)[0]}}
	shown := few(c, order)
	for _, at := range shown {
		p.Rows = append(p.Rows, []string{cmp.Or(at.as, "-"), at.name, at.country, cli.Number(senders[at]), cli.Number(messages[at])})
	}
	p.Foot = more(len(shown), len(order))
	return p
}

// mailer lists up to three habits of the program that wrote the mail. Hashes
// are left out: they tell a reader nothing.
func (c *onePage) mailer() sheet.Part {
	var words []string
	for _, t := range c.Own {
		k, ok := evidence.KindOf(t.Kind)
		if !ok || k.Group() != evidence.Mailer || k.Showing() == evidence.Digits || k.Showing() == evidence.Hidden || len(words) == 3 {
			continue
		}
		words = append(words, fmt.Sprintf("%s (%s)", wording.Trait(t.Kind, t.Value), cli.Number(t.Members)))
	}
	if words == nil {
		return sheet.Part{}
	}
	return sheet.Part{Title: "Mailer", Text: []string{"Written by a program with these habits: " + strings.Join(words, "; ")}}
}

// backscatter counts the delivery reports that return mail of the campaign.
func (c *onePage) backscatter() sheet.Part {
	text := wording.Backscatter(&c.Reports)
	if text == "" {
		return sheet.Part{}
	}
	return sheet.Part{Title: "Backscatter", Text: []string{"Backscatter: " + text + "  One: collector show " + wording.Head(c.Reports.Newest[0], 12)}}
}

// runs sums up the spamruns: how many recipients look broken, and the server
// they were sent to if it was always the same.
func (c *onePage) runs() sheet.Part {
	if len(c.Runs) == 0 {
		return sheet.Part{}
	}
	recipients, broken := int64(0), int64(0)
	servers := make(map[string]bool)
	var names []string
	for i := range c.Runs {
		r := &c.Runs[i]
		if r.Recipients != nil && r.BrokenRecipients != nil {
			recipients, broken = recipients+*r.Recipients, broken+*r.BrokenRecipients
		}
		if s := wording.Exchangers(r); !servers[s] && s != "-" {
			servers[s] = true
			names = append(names, s)
		}
	}
	text := fmt.Sprintf("%s, with %s of its %s", cli.Count(c.Runs[0].AllRuns, "spamrun", ""), cli.Number(c.Sums.InRuns), cli.Count(c.Sums.Messages, "message", ""))
	if other := c.Runs[0].AllMessages - c.Sums.InRuns; other > 0 {
		text += fmt.Sprintf(" and %s of others", cli.Number(other))
	}
	if broken > 0 {
		text += fmt.Sprintf("; %s of %s recipients look broken", cli.Number(broken), cli.Number(recipients))
	}
	if len(names) == 1 {
		text += "; all to " + strings.TrimPrefix(names[0], "- ")
	}
	return sheet.Part{Title: "Spamruns and recipients", Text: []string{fmt.Sprintf("%s.  correlate runs --campaign %s", text, naming.ID(c.State.ID))}}
}
