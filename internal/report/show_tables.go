package report

import (
	"fmt"
	"slices"
	"strings"

	"spoor/graph/evidence"
	"spoor/internal/cli"
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
		if id != c.state.ID {
			others = append(others, ID(id))
		}
	}
	text := fmt.Sprintf("Operation %s: the same people as %s", operationID(o.ID), some(others, 12))
	if o.Kind != "" {
		text += ", by " + traitWords(o.Kind, o.Value)
	}
	return c.env.Printf("\n%s", paragraph(c.env.Text(text+fmt.Sprintf(" (%s bits)", bits(o.WeakestBits))), c.env.Columns()))
}

// operation is the one that the campaign belongs to; nil if none is known.
func (c *onePage) operation() *campaigns.Operation {
	for i := range c.operations {
		if slices.Contains(c.operations[i].Campaigns, c.state.ID) {
			return &c.operations[i]
		}
	}
	return nil
}

func (c *onePage) printTraits() error {
	t := c.env.Table(cli.Column{Title: "Common to it", Flex: true}, cli.Column{Title: "in " + ID(c.state.ID), Right: true},
		cli.Column{Title: "elsewhere", Right: true}, cli.Column{Title: "ham", Right: true}, cli.Column{Title: "bits", Right: true})
	for _, i := range c.telling() {
		r := &c.traits[i]
		t.Row(traitWords(r.Kind, r.Value), cli.Number(r.Members), cli.Number(r.Elsewhere), cli.Number(r.Ham), fmt.Sprintf("%.1f", r.Bits))
	}
	return c.section(len(c.traits), t)
}

// telling chooses the traits that are shown.
func (c *onePage) telling() []int {
	of := make([]heldBy, len(c.traits))
	for i, r := range c.traits {
		k, _ := evidence.KindOf(r.Kind)
		of[i] = heldBy{k, r.Members, r.Elsewhere, r.Ham}
	}
	most := shown / 2
	if c.all {
		most = len(of)
	}
	return perGroup(of, most, c.all)
}

// heldBy says how many have a trait.
type heldBy struct {
	kind                    evidence.Kind
	members, elsewhere, ham int64
}

// perGroup chooses among traits, strongest first, those that say most of each group of
// evidence; the order stays. Campaigns are told by what is odd, so a bare number as HELO name
// has its line beside ten names and addresses.
func perGroup(traits []heldBy, most int, all bool) []int {
	var out []int
	var taken [evidence.Groups]int
	person := -1
	for i, t := range traits {
		g := t.kind.Group()
		if !all && taken[g] == most {
			continue
		}
		if t.kind.Is(evidence.Person) && !all {
			// His name, phone and e-mail address are one trait, unless they part.
			if p := person; p >= 0 && traits[p].members == t.members && traits[p].elsewhere == t.elsewhere && traits[p].ham == t.ham {
				continue
			}
			person = i
		}
		taken[g]++
		out = append(out, i)
	}
	return out
}

// Columns of the link hosts that a narrow screen has no room for.
const (
	wideEnoughForAge       = 76
	wideEnoughForRegistrar = 110
)

func (c *onePage) printLinks() error {
	known := slices.ContainsFunc(c.links, func(l campaigns.Link) bool { return !l.Created.IsZero() || l.Registrar != "" })
	age, registrar := known && c.env.Columns() >= wideEnoughForAge, known && c.env.Columns() >= wideEnoughForRegistrar
	cols := []cli.Column{{Title: "Link hosts", Flex: true}, {Title: "in " + ID(c.state.ID), Right: true},
		{Title: "all", Right: true}, {Title: "ham", Right: true}, {Title: "Block?"}}
	if age {
		cols = append(cols, cli.Column{Title: "registered"})
	}
	if registrar {
		cols = append(cols, cli.Column{Title: "with", Flex: true})
	}
	t := c.env.Table(cols...)
	for i := range c.links {
		l := &c.links[i]
		row := []string{l.Host, cli.Number(l.Members), cli.Number(l.Spam), cli.Number(l.Ham), c.blockLink(l)}
		if age {
			row = append(row, cli.Date(l.Created))
		}
		if registrar {
			row = append(row, l.Registrar)
		}
		t.Row(row...)
	}
	return c.section(len(c.links), t)
}

// blockLink says whether a link host can be blocked without harm to others.
func (c *onePage) blockLink(l *campaigns.Link) string {
	switch {
	case l.Ham > 0:
		return "no, ham too"
	case l.Shared != "" && l.Shared != "private-suffix":
		return "no, shared host"
	case everybodys(l):
		return "no, everybody's"
	case slices.ContainsFunc(c.last.SetAside, func(s campaigns.SetAside) bool { return s.Value == l.Domain || s.Value == l.Host }):
		return "no, common"
	}
	return blockOthers(l.Members, l.Spam)
}

// everybodys reports whether the host is one that mail of every kind links to, so that it
// is no evidence.
func everybodys(l *campaigns.Link) bool {
	m := evidence.Message{Links: []evidence.Link{{URL: "http://" + l.Host + "/", Host: l.Host, Domain: l.Domain, Shared: l.Shared}}}
	return !slices.ContainsFunc(evidence.Of(&m), func(f evidence.Feature) bool { return f.Kind == evidence.LinkDomain })
}

// blockOthers says yes where most of what would be blocked is the campaign's own.
func blockOthers(members, all int64) string {
	if 2*members < all {
		return "others too"
	}
	return "yes"
}

// wideEnoughForBlock is the width from which senders have a column that says whether they
// can be blocked.
const wideEnoughForBlock = 64

func (c *onePage) printSenders() error {
	block := c.env.Columns() >= wideEnoughForBlock
	cols := []cli.Column{{Title: "Senders"}, {Title: "in " + ID(c.state.ID), Right: true}}
	if block {
		cols = append(cols, cli.Column{Title: "all", Right: true}, cli.Column{Title: "ham", Right: true}, cli.Column{Title: "Block?"})
	}
	t := c.env.Table(append(cols, cli.Column{Title: "HELO", Flex: true}, cli.Column{Title: "reverse name", Flex: true})...)
	for i := range c.senders {
		s := &c.senders[i]
		row := []string{s.Sender.String(), cli.Number(s.Messages)}
		if block {
			row = append(row, cli.Number(s.Spam), cli.Number(s.Ham), blockSender(s))
		}
		helo := s.HELO
		if s.HELOs > 1 {
			helo += fmt.Sprintf(" +%d", s.HELOs-1)
		}
		t.Row(append(row, helo, s.ReverseName)...)
	}
	return c.section(len(c.senders), t)
}

func blockSender(s *campaigns.Sender) string {
	if s.Ham > 0 {
		return "no, ham too"
	}
	return blockOthers(s.Messages, s.Spam)
}

// runsOfCampaign is how many spamruns of one campaign are summed up.
const runsOfCampaign = 1000

// printRuns sums up the spamruns: how many addresses of recipients look broken, and which of
// our servers they chose.
func (c *onePage) printRuns() error {
	if len(c.runs) == 0 {
		return nil
	}
	messages, recipients, broken := int64(0), int64(0), int64(0)
	servers := make(map[string]bool)
	var names []string
	for i := range c.runs {
		r := &c.runs[i]
		messages += r.Messages
		if r.Recipients != nil && r.BrokenRecipients != nil {
			recipients, broken = recipients+*r.Recipients, broken+*r.BrokenRecipients
		}
		if s := exchangers(r); !servers[s] && s != "-" {
			servers[s] = true
			names = append(names, s)
		}
	}
	count := fmt.Sprintf("%s of %s", cli.Count(len(c.runs), "spamrun", ""), cli.Count(messages, "message", ""))
	if len(c.runs) == runsOfCampaign {
		count = fmt.Sprintf("The %s largest spamruns, of %s", cli.Number(len(c.runs)), cli.Count(messages, "message", ""))
	}
	if broken > 0 {
		count += fmt.Sprintf("; %s of %s recipients look broken", cli.Number(broken), cli.Number(recipients))
	}
	if len(names) == 1 {
		count += "; all to " + strings.TrimPrefix(names[0], "- ")
	}
	return c.env.Printf("\n%s", paragraph(c.env.Text(fmt.Sprintf("%s.  correlate runs --campaign %s", count, ID(c.state.ID))), c.env.Columns()))
}
