package show

import (
	"fmt"
	"slices"
	"strings"

	"spoor/graph/evidence"
	"spoor/internal/block"
	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// printOperation names the campaigns of the same people.
func (c *onePage) printOperation() error {
	o := c.operation()
	if o == nil {
		return nil
	}
	var others []string
	for _, id := range o.Campaigns {
		if id != c.State.ID {
			others = append(others, naming.ID(id))
		}
	}
	text := fmt.Sprintf("Operation %s: the same people as %s", naming.OperationID(o.ID), wording.Some(others, 12))
	if o.Kind != "" {
		text += ", by " + wording.Trait(o.Kind, o.Value)
	}
	return c.env.Printf("\n%s", wording.Paragraph(c.env.Text(text+fmt.Sprintf(" (%s bits)", wording.Bits(o.WeakestBits))), c.env.Columns()))
}

// operation is the one that the campaign belongs to; nil if none is known.
func (c *onePage) operation() *campaigns.Operation {
	for i := range c.Operations {
		if slices.Contains(c.Operations[i].Campaigns, c.State.ID) {
			return &c.Operations[i]
		}
	}
	return nil
}

func (c *onePage) printTraits() error {
	t := c.env.Table(cli.Column{Title: "Common to it", Flex: true}, cli.Column{Title: "in " + naming.ID(c.State.ID), Right: true},
		cli.Column{Title: "elsewhere", Right: true}, cli.Column{Title: "ham", Right: true}, cli.Column{Title: "bits", Right: true})
	for _, i := range c.telling() {
		r := &c.Traits[i]
		t.Row(wording.Trait(r.Kind, r.Value), cli.Number(r.Members), cli.Number(r.Elsewhere), cli.Number(r.Ham), fmt.Sprintf("%.1f", r.Bits))
	}
	return c.section(len(c.Traits), t)
}

// telling chooses the traits that are shown.
func (c *onePage) telling() []int {
	of := make([]wording.HeldBy, len(c.Traits))
	for i, r := range c.Traits {
		k, _ := evidence.KindOf(r.Kind)
		of[i] = wording.HeldBy{Kind: k, Members: r.Members, Elsewhere: r.Elsewhere, Ham: r.Ham}
	}
	most := findings.Shown / 2
	if c.all {
		most = len(of)
	}
	return wording.PerGroup(of, most, c.all)
}

// Columns of the link hosts that a narrow screen has no room for.
const (
	wideEnoughForAge       = 76
	wideEnoughForRegistrar = 110
)

func (c *onePage) printLinks() error {
	known := slices.ContainsFunc(c.Links, func(l campaigns.Link) bool { return !l.Created.IsZero() || l.Registrar != "" })
	age, registrar := known && c.env.Columns() >= wideEnoughForAge, known && c.env.Columns() >= wideEnoughForRegistrar
	cols := []cli.Column{{Title: "Link hosts", Flex: true}, {Title: "in " + naming.ID(c.State.ID), Right: true},
		{Title: "all", Right: true}, {Title: "ham", Right: true}, {Title: "Block?"}}
	if age {
		cols = append(cols, cli.Column{Title: "registered"})
	}
	if registrar {
		cols = append(cols, cli.Column{Title: "with", Flex: true})
	}
	t := c.env.Table(cols...)
	for i := range c.Links {
		l := &c.Links[i]
		row := []string{l.Host, cli.Number(l.Members), cli.Number(l.Spam), cli.Number(l.Ham), c.blockLink(l)}
		if age {
			row = append(row, cli.Date(l.Created))
		}
		if registrar {
			row = append(row, l.Registrar)
		}
		t.Row(row...)
	}
	return c.section(len(c.Links), t)
}

// blockLink says whether a link host can be blocked without harm to others.
func (c *onePage) blockLink(l *campaigns.Link) string {
	return blockWords(c.Verdict(dossier.LinkHost, l.Host))
}

func (c *onePage) blockSender(s *campaigns.Sender) string {
	return blockWords(c.Verdict(dossier.SenderIP, s.Sender.String()))
}

// blockWords is a verdict in the width of a column; the reason of a yes is told on request.
func blockWords(v block.Verdict) string {
	if v.Block {
		return "yes"
	}
	return "no, " + string(v.Reason)
}

// wideEnoughForBlock is the width from which senders have a column that says whether they
// can be blocked.
const wideEnoughForBlock = 64

func (c *onePage) printSenders() error {
	block := c.env.Columns() >= wideEnoughForBlock
	cols := []cli.Column{{Title: "Senders"}, {Title: "in " + naming.ID(c.State.ID), Right: true}}
	if block {
		cols = append(cols, cli.Column{Title: "all", Right: true}, cli.Column{Title: "ham", Right: true}, cli.Column{Title: "Block?"})
	}
	t := c.env.Table(append(cols, cli.Column{Title: "HELO", Flex: true}, cli.Column{Title: "reverse name", Flex: true})...)
	for i := range c.Senders {
		s := &c.Senders[i]
		row := []string{s.Sender.String(), cli.Number(s.Messages)}
		if block {
			row = append(row, cli.Number(s.Spam), cli.Number(s.Ham), c.blockSender(s))
		}
		helo := s.HELO
		if s.HELOs > 1 {
			helo += fmt.Sprintf(" +%d", s.HELOs-1)
		}
		t.Row(append(row, helo, s.ReverseName)...)
	}
	return c.section(len(c.Senders), t)
}

// printRuns sums up the spamruns: how many addresses of recipients look broken, and which of
// our servers they chose.
func (c *onePage) printRuns() error {
	if len(c.Runs) == 0 {
		return nil
	}
	messages, recipients, broken := int64(0), int64(0), int64(0)
	servers := make(map[string]bool)
	var names []string
	for i := range c.Runs {
		r := &c.Runs[i]
		messages += r.Messages
		if r.Recipients != nil && r.BrokenRecipients != nil {
			recipients, broken = recipients+*r.Recipients, broken+*r.BrokenRecipients
		}
		if s := wording.Exchangers(r); !servers[s] && s != "-" {
			servers[s] = true
			names = append(names, s)
		}
	}
	count := fmt.Sprintf("%s of %s", cli.Count(len(c.Runs), "spamrun", ""), cli.Count(messages, "message", ""))
	if len(c.Runs) == findings.RunsOfCampaign {
		count = fmt.Sprintf("The %s largest spamruns, of %s", cli.Number(len(c.Runs)), cli.Count(messages, "message", ""))
	}
	if broken > 0 {
		count += fmt.Sprintf("; %s of %s recipients look broken", cli.Number(broken), cli.Number(recipients))
	}
	if len(names) == 1 {
		count += "; all to " + strings.TrimPrefix(names[0], "- ")
	}
	return c.env.Printf("\n%s", wording.Paragraph(c.env.Text(fmt.Sprintf("%s.  correlate runs --campaign %s", count, naming.ID(c.State.ID))), c.env.Columns()))
}
