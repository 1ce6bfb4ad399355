// Package summary prints the changes of campaigns since a time: a daily mail.
//
// New campaigns come first, then those that grew, merged, split, woke, fell
// quiet or dissolved, each kind with its largest. Without changes it is one
// line.
package summary

import (
	"fmt"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
)

// Options say how it is printed.
type Options struct {
	Markdown bool
	All      bool // every campaign, not only the largest of each part
}

// shownOfEach limits the lines of each kind of change, so that a day fits one
// screen.
const shownOfEach = 8

// Print prints the changes; without any, one line.
func Print(env *cli.Env, s *findings.Summary, o Options) error {
	if env.ForPrograms() {
		return env.Result(documentOf(s))
	}
	p := &printer{env, o, s}
	if s.Empty() {
		return env.Printf("Nothing new since %s; %s.\n", cli.Minute(s.Since), s.Total())
	}
	if o.Markdown {
		return p.sheet().Markdown(env, nil)
	}
	return p.sheet().Print(env)
}

// printer is the screen of a summary.
type printer struct {
	env *cli.Env
	Options
	*findings.Summary
}

// sheet is the report, a part for each kind of change.
func (p *printer) sheet() *sheet.Sheet {
	s := &sheet.Sheet{Name: "Since " + cli.Minute(p.Since) + ":", Lead: p.Lead()}
	for _, part := range p.Parts() {
		s.Add(p.part(&part))
	}
	return s
}

// part lists the campaigns of one kind of change.
func (p *printer) part(part *findings.ChangePart) sheet.Part {
	out := sheet.Part{Title: part.Title, Columns: []cli.Column{{Title: part.Title, Right: true}, {Title: part.Count, Right: true}, {Title: "first"}, {Title: "last"}, {Title: "subject", Flex: true}, {Title: "held together by", Flex: true}}}
	shown := part.List
	if !p.All {
		shown = shown[:min(len(shown), shownOfEach)]
	}
	for i := range shown {
		c := &shown[i]
		says, held := wording.Lure(c.Lure), ""
		if c.Name != "" {
			says = wording.Quoted(c.Name) + "  " + says
		}
		if len(c.Kinds) > 0 {
			held = wording.Trait(c.Kinds[0], c.TraitValues[0])
		}
		id := naming.ID(c.ID)
		if c.Other != 0 {
			id += " (" + naming.ID(c.Other) + ")"
		}
		out.Rows = append(out.Rows, []string{id, cli.Number(part.Of(c)), cli.Date(c.FirstSeen), cli.Date(c.LastSeen), says, held})
	}
	if left := len(part.List) - len(shown); left > 0 {
		out.Foot = []string{fmt.Sprintf("  %s more with --all", cli.Number(left))}
	}
	return out
}
