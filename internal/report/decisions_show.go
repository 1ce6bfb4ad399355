package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// opinion is what people say of a campaign and did to it, and what became of it by itself.
type opinion struct {
	said      decision.Said
	decisions []decision.Decision
	events    []campaigns.Event
}

// readOpinion reads it for the campaign id.
func readOpinion(ctx context.Context, st *campaigns.Store, id int64) (opinion, error) {
	var o opinion
	all, err := decision.ReadSaid(ctx, st)
	if err != nil {
		return o, err
	}
	if c := all[id]; c != nil {
		o.said = *c
	}
	list, err := st.DecisionList(ctx, false)
	if err != nil {
		return o, err
	}
	if o.decisions, err = decisionsAbout(ctx, st, list, id); err != nil {
		return o, err
	}
	o.events, err = st.Events(ctx, id)
	return o, err
}

// title is what stands behind a campaign's id in its heading: its name and tags.
func (o *opinion) title() string {
	var s string
	if o.said.Name != "" {
		s = "  " + quoted(o.said.Name)
	}
	if len(o.said.Tags) > 0 {
		s += "  [" + strings.Join(o.said.Tags, ", ") + "]"
	}
	return s
}

func (c *onePage) printDecisions() error { return c.opinion.printDecisions(c.env) }

func (c *onePage) printHistory() error { return c.opinion.printHistory(c.env, c.all) }

// quoted puts a name into quotation marks; what it may not show is taken out.
func quoted(name string) string { return "\"" + printable.Fold(name) + "\"" }

// printDecisions prints notes, other names and what people decided.
func (o *opinion) printDecisions(env *cli.Env) error {
	var lines []string
	for _, name := range o.said.Also {
		lines = append(lines, "Took in a campaign called "+quoted(name))
	}
	for _, n := range o.said.Notes {
		lines = append(lines, fmt.Sprintf("Note %s, %s by %s: %s", decisionID(n.Decision), cli.Date(n.At), n.By, n.Text))
	}
	for i := range o.decisions {
		switch d := &o.decisions[i]; d.Kind {
		case decision.Merge, decision.Split, decision.Same, decision.NotSame:
			line := fmt.Sprintf("Decided %s, %s by %s: %s", decisionID(d.ID), cli.Date(d.MadeAt), d.MadeBy, decisionWords(d))
			if d.Because != "" {
				line += ", because " + d.Because
			}
			lines = append(lines, line)
		}
	}
	return printLines(env, lines)
}

// shownEvents is how many events a screen has room for, unless all are asked for.
const shownEvents = 8

// printHistory prints what became of a campaign from run to run.
func (o *opinion) printHistory(env *cli.Env, all bool) error {
	events := o.events
	if len(events) < 2 && (len(events) == 0 || events[0].Event == "born") {
		return nil // its first run is its whole history
	}
	var lines []string
	if left := len(events) - shownEvents; left > 0 && !all {
		lines = append(lines, fmt.Sprintf("%s before", cli.Count(left, "event", "")))
		events = events[left:]
	}
	t := env.Table(cli.Column{Title: "History"}, cli.Column{Title: "run", Right: true}, cli.Column{Flex: true})
	for _, e := range events {
		t.Row(cli.Date(e.At), cli.Number(e.Run), eventWords(e))
	}
	if err := printLines(env, lines); err != nil {
		return err
	}
	if len(lines) == 0 {
		if err := env.Printf("\n"); err != nil {
			return err
		}
	}
	return t.Print()
}

func eventWords(e campaigns.Event) string {
	n := cli.Count(e.Messages, "message", "")
	switch e.Event {
	case "born":
		return "born with " + n
	case "grew":
		return "grew by " + n
	case "shrank":
		return "shrank by " + n
	case "merged":
		return fmt.Sprintf("took %s in, %s", ID(e.Other), n)
	case "split":
		return fmt.Sprintf("came out of %s with %s", ID(e.Other), n)
	case "slept":
		return "fell asleep: nothing new for four weeks"
	case "woke":
		return "woke: new mail, " + n + " by now"
	case "dissolved":
		return "no longer held together"
	}
	return e.Event
}

// printLines prints a block of paragraphs after an empty line.
func printLines(env *cli.Env, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	for _, l := range lines {
		for text := range strings.Lines(paragraph(printable.Clean(l), env.Columns())) {
			if err := env.Printf("%s\n", env.Text(strings.TrimSuffix(text, "\n"))); err != nil {
				return err
			}
		}
	}
	return nil
}

type noteJSON struct {
	Decision string     `json:"decision_id"`
	At       *time.Time `json:"made_at"`
	By       string     `json:"made_by"`
	Text     string     `json:"text"`
}

type eventJSON struct {
	At       *time.Time `json:"at"`
	Run      int64      `json:"run"`
	Event    string     `json:"event"`
	Other    *string    `json:"other_id"`
	Messages int64      `json:"messages"`
}

// opinionJSON is the part of a campaign's JSON that people and time wrote.
type opinionJSON struct {
	Name      *string        `json:"name"`
	Also      []string       `json:"other_names"`
	Tags      []string       `json:"tags"`
	Notes     []noteJSON     `json:"notes"`
	Decisions []decisionJSON `json:"decisions"`
	History   []eventJSON    `json:"history"`
}

func (o *opinion) json() opinionJSON {
	out := opinionJSON{Name: nameOrNull(o.said.Name), Also: append([]string{}, o.said.Also...), Tags: append([]string{}, o.said.Tags...), Notes: []noteJSON{},
		Decisions: []decisionJSON{}, History: []eventJSON{}}
	for _, n := range o.said.Notes {
		out.Notes = append(out.Notes, noteJSON{decisionID(n.Decision), cli.Time(n.At), n.By, n.Text})
	}
	for i := range o.decisions {
		out.Decisions = append(out.Decisions, decisionAsJSON(&o.decisions[i]))
	}
	for _, e := range o.events {
		out.History = append(out.History, eventJSON{cli.Time(e.At), e.Run, e.Event, idOrNull(e.Other), e.Messages})
	}
	return out
}

func nameOrNull(name string) *string {
	if name == "" {
		return nil
	}
	return &name
}
