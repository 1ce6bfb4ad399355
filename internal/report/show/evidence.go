package show

import (
	"fmt"
	"slices"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// counts are the columns of every table that counts messages: members of the
// campaign, other spam and, with ham, wanted mail.
func (c *onePage) counts(ham bool) []cli.Column {
	out := []cli.Column{{Title: "in " + naming.ID(c.State.ID), Right: true}, {Title: "elsewhere", Right: true}}
	if ham {
		out = append(out, cli.Column{Title: "ham", Right: true})
	}
	return out
}

// sameOperation names the campaigns of the same people.
func (c *onePage) sameOperation() sheet.Part {
	o := c.operation()
	if o == nil {
		return sheet.Part{}
	}
	var others []string
	for _, id := range o.Campaigns {
		if id != c.State.ID {
			others = append(others, naming.ID(id))
		}
	}
	id := naming.OperationID(o.ID)
	text := fmt.Sprintf("Operation %s: the same people as %s (%s bits). Shared traits: correlate show %s", id, wording.Some(others, 12), wording.Bits(o.WeakestBits), id)
	return sheet.Part{Title: "Operation", Text: []string{text}}
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

// strongest lists the three traits that are most the campaign's own, each of
// another group of evidence.
func (c *onePage) strongest() sheet.Part {
	const three = 3
	p := sheet.Part{Title: "Strongest evidence"}
	// Traits of one group follow from one another: three of a group would be
	// one argument.
	var taken [evidence.Groups + 1]bool
	for _, t := range findings.Told(c.Own, c.Sums.Messages, len(c.Own)) {
		g := evidence.Groups
		if k, ok := evidence.KindOf(t.Kind); ok {
			g = k.Group()
		}
		if taken[g] || len(p.Items) == three {
			continue
		}
		taken[g] = true
		about := ""
		if g < evidence.Groups {
			about = " (" + g.About() + ")"
		}
		p.Items = append(p.Items, fmt.Sprintf("%s%s: in %s of %s messages, %s elsewhere", wording.Trait(t.Kind, t.Value), about,
			cli.Number(t.Members), cli.Number(c.Sums.Messages), elsewhere(&t)))
	}
	return p
}

// elsewhere counts the other messages with a trait, wanted mail apart.
func elsewhere(t *campaigns.Trait) string {
	if t.Ham > 0 {
		return fmt.Sprintf("%s and %s ham", cli.Number(t.Elsewhere), cli.Number(t.Ham))
	}
	return cli.Number(t.Elsewhere)
}

// traits is the table of shared traits: the campaign's own, or with --all every
// one.
func (c *onePage) traits() sheet.Part {
	p := sheet.Part{Title: "Shared traits", Columns: append(append([]cli.Column{{Title: "Common to it", Flex: true}}, c.counts(true)...), cli.Column{Title: "bits", Right: true})}
	list := c.Own
	if c.All {
		list = c.Traits
	}
	for _, i := range c.telling(list) {
		r := &list[i]
		p.Rows = append(p.Rows, []string{wording.Trait(r.Kind, r.Value), cli.Number(r.Members), cli.Number(r.Elsewhere), cli.Number(r.Ham), fmt.Sprintf("%.1f", r.Bits)})
	}
	// Counts of the other tables include newer mail; those of traits do not.
	if c.Last.Stored > c.Last.Messages && len(p.Rows) > 0 {
		p.Foot = []string{fmt.Sprintf("Traits are counted as of run %d.", c.Last.Run)}
	}
	return p
}

// telling returns the indexes of the traits to show, limited for each group of
// evidence.
func (c *onePage) telling(list []campaigns.Trait) []int {
	of := make([]wording.HeldBy, len(list))
	for i, r := range list {
		k, _ := evidence.KindOf(r.Kind)
		of[i] = wording.HeldBy{Kind: k, Members: r.Members, Elsewhere: r.Elsewhere, Ham: r.Ham}
	}
	most := findings.Shown / 2
	if c.All {
		most = len(of)
	}
	return wording.PerGroup(of, most, c.All)
}

// weakest gives the confidence, the least sure message, and the bits that hold
// it.
func (c *onePage) weakest() sheet.Part {
	id := naming.ID(c.State.ID)
	text := ""
	if d := c.Dossier; d != nil && d.Confidence > 0 {
		text = fmt.Sprintf("Confidence: %.0f %% on average. ", 100*d.Confidence)
		least := &d.Messages[0]
		for i := range d.Messages {
			if m := &d.Messages[i]; m.Confidence < least.Confidence {
				least = m
			}
		}
		if least.Confidence < d.Confidence {
			text += fmt.Sprintf("The least sure message is %s (%.0f %%). ", wording.Head(least.SHA256, 8), 100*least.Confidence)
		}
	}
	text += fmt.Sprintf("By %s bits its least sure message fits it better than anything else.", wording.Bits(c.State.WeakestBits))
	return sheet.Part{Title: "Confidence and weakest point", Text: []string{text, "Its evidence: correlate why " + id}}
}

// next lists commands that suit the state of the campaign.
func (c *onePage) next() sheet.Part {
	id := naming.ID(c.State.ID)
	p := sheet.Part{Title: "What to do next"}
	add := func(format string, args ...any) { p.Items = append(p.Items, fmt.Sprintf(format, args...)) }
	if more := c.Last.Stored - c.Last.Messages; more > 0 {
		add("correlate; %s came since run %d", cli.Count(more, "message", ""), c.Last.Run)
	}
	if findings.JustHolds(c.State.WeakestBits, c.Last.LinkBits) {
		add("correlate why %s; its weakest link just held, so look before you act", id)
	}
	if d := c.Dossier; d != nil {
		unknown, hosts, senders := 0, 0, 0
		for i := range d.Domains {
			if d.Domains[i].Shared == "" && d.Domains[i].LookedUp.IsZero() {
				unknown++
			}
		}
		for i := range d.Indicators {
			switch in := &d.Indicators[i]; {
			case !in.Verdict.Block:
			case in.Kind == "sender":
				senders++
			case in.Kind == "host":
				hosts++
			}
		}
		if unknown > 0 {
			add("collector enrich; nobody was asked yet about %s of its link domains", cli.Number(unknown))
		}
		if hosts+senders > 0 {
			add("correlate export %s --format postfix; %s and %s may be blocked", id, cli.Count(hosts, "host", ""), cli.Count(senders, "sender", ""))
		}
		add("correlate abuse %s; reports for those who can stop it", id)
	}
	if !c.All && !c.Markdown {
		add("correlate show %s --all; every line of every table", id)
	}
	return p
}
