package show

import (
	"fmt"
	"strings"
	"time"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
)

// opinion writes the users' decisions on a campaign.
type opinion struct{ *findings.Opinion }

// title returns the campaign's name and tags for its heading.
func (o opinion) title() string {
	var s string
	if o.Said.Name != "" {
		s = "  " + wording.Quoted(o.Said.Name)
	}
	if len(o.Said.Tags) > 0 {
		s += "  [" + strings.Join(o.Said.Tags, ", ") + "]"
	}
	return s
}

// decisions lists notes, former names and users' decisions.
func (o opinion) decisions() sheet.Part {
	var lines []string
	for _, name := range o.Said.Also {
		lines = append(lines, "Took in a campaign called "+wording.Quoted(name))
	}
	for _, n := range o.Said.Notes {
		lines = append(lines, fmt.Sprintf("Note %s, %s by %s: %s", naming.DecisionID(n.Decision), cli.Date(n.At), n.By, n.Text))
	}
	for i := range o.Decisions {
		switch d := &o.Decisions[i]; d.Kind {
		case decision.Merge, decision.Split, decision.Same, decision.NotSame:
			line := fmt.Sprintf("Decided %s, %s by %s: %s", naming.DecisionID(d.ID), cli.Date(d.MadeAt), d.MadeBy, wording.Decision(d))
			if d.Because != "" {
				line += ", because " + d.Because
			}
			lines = append(lines, line)
		}
	}
	return sheet.Part{Title: "Decisions", Text: lines}
}

// shownEvents limits the events on a screen, unless all are requested.
const shownEvents = 8

// history lists the changes of a campaign from run to run, the newest
// shownEvents of them.
func (o opinion) history(all bool) sheet.Part {
	events := o.Events
	if len(events) < 2 && (len(events) == 0 || events[0].Event == "born") {
		return sheet.Part{} // its first run is its whole history
	}
	p := sheet.Part{Title: "History", Columns: []cli.Column{{Title: "History"}, {Title: "run", Right: true}, {Title: "event", Flex: true}}}
	if left := len(events) - shownEvents; left > 0 && !all {
		p.Text = []string{fmt.Sprintf("%s before", cli.Count(left, "event", ""))}
		events = events[left:]
	}
	for _, e := range events {
		p.Rows = append(p.Rows, []string{cli.Date(e.At), cli.Number(e.Run), wording.Event(e)})
	}
	return p
}

// noteJSON is a user's note.
type noteJSON struct {
	Decision string     `json:"decision_id"`
	At       *time.Time `json:"made_at"`
	By       string     `json:"made_by"`
	Text     string     `json:"text"`
}

// eventJSON is a change of the campaign in a run.
type eventJSON struct {
	At       *time.Time `json:"at"`
	Run      int64      `json:"run"`
	Event    string     `json:"event"`
	Other    *string    `json:"other_id"`
	Messages int64      `json:"messages"`
}

// opinionJSON is the part of a campaign's JSON about users' decisions and its
// history.
type opinionJSON struct {
	Name      *string                `json:"name"`
	Also      []string               `json:"other_names"`
	Tags      []string               `json:"tags"`
	Notes     []noteJSON             `json:"notes"`
	Decisions []wording.DecisionJSON `json:"decisions"`
	History   []eventJSON            `json:"history"`
}

// json converts decisions and history; lists are never null.
func (o opinion) json() opinionJSON {
	out := opinionJSON{Name: wording.NameOrNull(o.Said.Name), Also: append([]string{}, o.Said.Also...), Tags: append([]string{}, o.Said.Tags...), Notes: []noteJSON{},
		Decisions: []wording.DecisionJSON{}, History: []eventJSON{}}
	for _, n := range o.Said.Notes {
		out.Notes = append(out.Notes, noteJSON{naming.DecisionID(n.Decision), cli.Time(n.At), n.By, n.Text})
	}
	for i := range o.Decisions {
		out.Decisions = append(out.Decisions, wording.DecisionAsJSON(&o.Decisions[i]))
	}
	for _, e := range o.Events {
		out.History = append(out.History, eventJSON{cli.Time(e.At), e.Run, e.Event, wording.IDOrNull(e.Other), e.Messages})
	}
	return out
}
