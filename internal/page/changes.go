package page

import (
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
)

// changes is the screen of changes since a time.
type changes struct {
	Since, Lead, Asked string
	Parts              []changedPart
}

// changedPart is one kind of change.
type changedPart struct {
	Title string
	Table table
}

// shownChanges limits the campaigns of one kind of change.
const shownChanges = 50

// Changes returns the screen of what "correlate summary" tells; asked is the period as it was given.
func (s *Site) Changes(f *findings.Summary, asked string) Body {
	out := &changes{Since: cli.Minute(f.Since), Lead: f.Lead(), Asked: asked}
	if f.Empty() {
		out.Lead = "Nothing new; " + f.Total() + "."
	}
	for _, p := range f.Parts() {
		if len(p.List) > 0 {
			out.Parts = append(out.Parts, changedPart{p.Title, s.changed(&p)})
		}
	}
	return Body{"changes.html", out}
}

// A campaign that is no more has no link.
func (s *Site) changed(p *findings.ChangePart) table {
	count := map[string]string{"msgs": "Messages", "more": "More messages"}[p.Count]
	t := table{Name: p.Title, Head: []head{{"ID", "mono"}, {"Campaign", "wide"}, {count, "num"}, {"First", "date"}, {"Last", "date"}}}
	for i := range p.List[:min(len(p.List), shownChanges)] {
		c := &p.List[i]
		title, note := titleOf(c.Name, c.Lure, c.Kinds, c.TraitValues)
		id := link(naming.ID(c.ID), "")
		if c.Messages > 0 {
			id.Href = s.Campaign(c.ID)
		}
		if c.Other != 0 {
			id.Note = "from " + naming.ID(c.Other)
		}
		t.add(id, cell{Text: title, Note: note}, number(p.Of(c)), word(cli.Date(c.FirstSeen)), word(cli.Date(c.LastSeen)))
	}
	if left := len(p.List) - shownChanges; left > 0 {
		t.More = []Ref{{Text: cli.Number(left) + " more: correlate summary --all"}}
	}
	return t
}
