package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// ShowOptions say how much of a campaign is wanted.
type ShowOptions struct {
	Limit int  // lines of each table; 0: a few
	All   bool // all of them
}

// shown is how many lines each table of one campaign has.
const shown = 6

// onePage is all that is told of one.
type onePage struct {
	env       *cli.Env
	all       bool
	state     campaigns.State
	last      campaigns.LastRun
	traits    []campaigns.Trait
	links     []campaigns.Link
	senders   []campaigns.Sender
	anomalies []campaigns.Anomaly
	subjects  []campaigns.Subject
	messages  []campaigns.Message
	weeks     []campaigns.Week
	sums      campaigns.Sums
	opinion   opinion

	operations []campaigns.Operation
	runs       []campaigns.Spamrun
}

// Show prints one campaign. An id that went into another campaign leads there.
func Show(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64, o ShowOptions) error {
	state, ok, err := follow(ctx, env, st, id)
	if err != nil {
		return err
	}
	if !ok {
		return nothing(env, "There is no campaign %s; correlate list shows those there are.", ID(id))
	}
	if state.Members == 0 {
		return nothing(env, "%s is no campaign any more: since the last run its messages stand alone or are in others.", ID(state.ID))
	}
	limit := shown
	if o.Limit > 0 {
		limit = o.Limit
	}
	if o.All {
		limit = 0
	}
	c := &onePage{env: env, all: o.All, state: state}
	if err := c.read(ctx, st, limit); err != nil {
		return err
	}
	if env.JSON() {
		return env.WriteJSON(c.json())
	}
	return c.print()
}

// follow finds the campaign that id leads to now.
func follow(ctx context.Context, env *cli.Env, st *campaigns.Store, id int64) (campaigns.State, bool, error) {
	for range 100 { // more mergers in a row than any store sees
		state, ok, err := st.State(ctx, id)
		if err != nil || !ok || state.MergedInto == 0 {
			return state, ok, err
		}
		env.Notef("%s merged into %s on %s\n", ID(id), ID(state.MergedInto), cli.Date(state.MergedAt))
		id = state.MergedInto
	}
	return campaigns.State{}, false, nil
}

func (c *onePage) read(ctx context.Context, st *campaigns.Store, limit int) (err error) {
	id := c.state.ID
	steps := []func(){
		func() { c.last, err = st.LastRun(ctx) },
		func() { c.sums, err = st.Sums(ctx, id) },
		func() { c.traits, err = st.Traits(ctx, id) },
		func() { c.links, err = st.Links(ctx, id, limit) },
		func() { c.senders, err = st.Senders(ctx, id, limit) },
		func() { c.anomalies, err = st.Anomalies(ctx, id, limit) },
		func() { c.subjects, err = st.Subjects(ctx, id, limit) },
		func() { c.messages, err = st.Messages(ctx, id, limit) },
		func() { c.weeks, err = st.Weeks(ctx, id) },
		func() { c.opinion, err = readOpinion(ctx, st, id) },
		func() { c.operations, err = st.Operations(ctx) },
		func() { c.runs, err = st.Spamruns(ctx, campaigns.SpamrunFilter{Campaign: id, Limit: runsOfCampaign}) },
	}
	for _, step := range steps {
		if step(); err != nil {
			return err
		}
	}
	return nil
}

func (c *onePage) print() error {
	for _, section := range []func() error{c.printHead, c.printDecisions, c.printOperation, c.printTraits, c.printLinks, c.printSenders, c.printRuns, c.printAnomalies, c.printSubjects, c.printMessages, c.printHistory, c.printFoot} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

func (c *onePage) printHead() error {
	s := c.sums
	head := []string{cli.Count(s.Messages, "message", "")}
	if span := cli.Span(s.FirstSeen, s.LastSeen); span != "" {
		head = append(head, span)
	}
	head = append(head, cli.Count(s.Senders, "sender", ""), cli.Count(s.Subjects, "subject", ""), cli.Count(s.Domains, "link domain", ""))
	if s.FirstSeen.IsZero() {
		head = append(head, "times unknown")
	}
	text := c.env.Text(ID(c.state.ID) + c.opinion.title() + "  " + strings.Join(head, ", "))
	text = paragraph(text, c.env.Columns())
	text = c.env.Bold(ID(c.state.ID)) + strings.TrimPrefix(text, ID(c.state.ID))
	if c.state.SplitFrom != 0 {
		text += fmt.Sprintf("split from %s\n", ID(c.state.SplitFrom))
	}
	return c.env.Printf("%s%s", text, c.picture())
}

// picture is the line of weeks; with fewer than five points it is the numbers.
func (c *onePage) picture() string {
	if len(c.weeks) == 0 {
		return ""
	}
	best := c.weeks[0]
	for _, w := range c.weeks {
		if w.Messages > best.Messages {
			best = w
		}
	}
	counts := everyWeek(c.weeks)
	if len(counts) < fewPoints {
		var s []string
		for _, w := range c.weeks {
			s = append(s, fmt.Sprintf("%s: %s", cli.Date(w.Week), cli.Number(w.Messages)))
		}
		return paragraphIndented("per week  "+strings.Join(s, ", "), c.env.Columns())
	}
	per, width := "per week", c.env.Columns()-len("  per week  ")
	if len(counts) > width {
		n := (len(counts) + width - 1) / width
		counts, per = bundle(counts, n), fmt.Sprintf("per %d weeks", n)
	}
	line := "  " + per + "  " + spark(counts)
	most := fmt.Sprintf("most %s, week of %s", cli.Number(best.Messages), cli.Date(best.Week))
	if len(per)+len(counts)+len(most)+7 <= c.env.Columns() {
		return "\n" + c.env.Text(line) + "   " + most + "\n"
	}
	return "\n" + c.env.Text(line) + "\n  " + most + "\n"
}

// maxWeeks bounds the picture: forged clocks of our own relays have put mail into 1904.
const maxWeeks = 52 * 50

// everyWeek fills in the weeks without messages.
func everyWeek(weeks []campaigns.Week) []int64 {
	first := weeks[0].Week
	n := int(weeks[len(weeks)-1].Week.Sub(first)/(7*24*time.Hour)) + 1
	if n > maxWeeks {
		return nil
	}
	counts := make([]int64, n)
	for _, w := range weeks {
		counts[int(w.Week.Sub(first)/(7*24*time.Hour))] += w.Messages
	}
	return counts
}

func bundle(counts []int64, n int) []int64 {
	out := make([]int64, 0, len(counts)/n+1)
	for i, c := range counts {
		if i%n == 0 {
			out = append(out, 0)
		}
		out[len(out)-1] += c
	}
	return out
}

func paragraphIndented(text string, width int) string {
	return "\n  " + strings.ReplaceAll(strings.TrimSuffix(paragraph(text, width-2), "\n"), "\n", "\n  ") + "\n"
}

// section prints a table if it has rows.
func (c *onePage) section(rows int, t *cli.Table) error {
	if rows == 0 {
		return nil
	}
	if err := c.env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

func (c *onePage) printAnomalies() error {
	t := c.env.Table(cli.Column{Title: "Anomalies of the headers", Flex: true}, cli.Column{Title: "in " + ID(c.state.ID), Right: true}, cli.Column{Title: "all", Right: true})
	for _, a := range c.anomalies {
		t.Row(a.Reason, cli.Number(a.Members), cli.Number(a.Spam))
		if c.all && a.Evidence != "" {
			t.Row("    " + a.Evidence)
		}
	}
	return c.section(len(c.anomalies), t)
}

func (c *onePage) printSubjects() error {
	if len(c.subjects) < 2 {
		return nil // the messages below show it
	}
	t := c.env.Table(cli.Column{Title: "Subjects", Flex: true}, cli.Column{Title: "msgs", Right: true})
	for _, s := range c.subjects {
		t.Row(s.Subject, cli.Number(s.Messages))
	}
	return c.section(len(c.subjects), t)
}

func (c *onePage) printMessages() error {
	t := c.env.Table(cli.Column{Title: "Newest"}, cli.Column{Title: "received"}, cli.Column{Title: "from", Flex: true}, cli.Column{Title: "subject", Flex: true})
	for _, m := range c.messages {
		t.Row(head(m.SHA256, 8), cli.Minute(m.ReceivedAt), m.FromAddress, m.Subject)
	}
	return c.section(len(c.messages), t)
}

func (c *onePage) printFoot() error {
	foot := fmt.Sprintf("Weakest link that holds it together: %s bits; %s were needed.", bits(c.state.WeakestBits), bits(c.last.LinkBits))
	foot = paragraph(foot, c.env.Columns()) + fmt.Sprintf("What that is: correlate why %s", ID(c.state.ID))
	if !c.all {
		foot += fmt.Sprintf("     All of it: correlate show %s --all", ID(c.state.ID))
	}
	return c.env.Printf("\n%s\n", foot)
}
