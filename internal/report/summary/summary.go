// Package summary prints the changes of campaigns since a time: a daily mail.
//
// New campaigns come first, then those that grew, merged, split, woke, fell
// quiet or dissolved, each kind with its largest. Without changes it is one
// line.
package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
		return env.Printf("Nothing new since %s; %s.\n", cli.Minute(s.Since), p.total())
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

// total counts the campaigns of the last run and their messages.
func (p *printer) total() string {
	return fmt.Sprintf("%s with %s", cli.Count(p.Last.Campaigns, "campaign", ""), cli.Count(p.Last.Members, "message", ""))
}

// sheet is the report, a part for each kind of change.
func (p *printer) sheet() *sheet.Sheet {
	s := &sheet.Sheet{Name: "Since " + cli.Minute(p.Since) + ":", Lead: p.lead()}
	for _, part := range []sheet.Part{
		p.part("New", "msgs", p.New, (*printer).members),
		p.part("Grown", "more", p.Grown, (*printer).by),
		p.part("Merged", "msgs", p.Merged, (*printer).members),
		p.part("Split off", "msgs", p.Split, (*printer).members),
		p.part("Awake again", "msgs", p.Woke, (*printer).members),
		p.part("Gone quiet", "msgs", p.Quiet, (*printer).members),
		p.part("No longer held together", "msgs", p.Dissolved, (*printer).by),
	} {
		s.Add(part)
	}
	return s
}

// lead sums up new mail and the number of changes.
func (p *printer) lead() string {
	came := cli.Count(p.Spam, "spam message", "")
	if p.Ham > 0 {
		came += fmt.Sprintf(" and %s ham", cli.Number(p.Ham))
	}
	var changes []string
	for _, c := range []struct {
		what string
		n    int
	}{{"new", len(p.New)}, {"grown", len(p.Grown)}, {"merged", len(p.Merged)}, {"split off", len(p.Split)}, {"awake again", len(p.Woke)}, {"gone quiet", len(p.Quiet)}, {"dissolved", len(p.Dissolved)}} {
		if c.n > 0 {
			changes = append(changes, fmt.Sprintf("%s %s", cli.Number(c.n), c.what))
		}
	}
	text := came + " came; campaigns: " + strings.Join(changes, ", ")
	if len(changes) == 0 {
		text = came + " came; no campaign changed"
	}
	return text + ". In all " + p.total() + "."
}

func (p *printer) members(c *findings.Changed) int64 { return c.Messages }

func (p *printer) by(c *findings.Changed) int64 { return c.By }

// part lists the campaigns of one kind of change, by the number that of
// returns, largest first.
func (p *printer) part(title, count string, list []findings.Changed, of func(*printer, *findings.Changed) int64) sheet.Part {
	out := sheet.Part{Title: title, Columns: []cli.Column{{Title: title, Right: true}, {Title: count, Right: true}, {Title: "first"}, {Title: "last"}, {Title: "subject", Flex: true}, {Title: "held together by", Flex: true}}}
	// The result may be printed again in another form; its order stays.
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b findings.Changed) int {
		return cmp.Or(cmp.Compare(of(p, &b), of(p, &a)), cmp.Compare(a.ID, b.ID))
	})
	shown := list
	if !p.All {
		shown = list[:min(len(list), shownOfEach)]
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
		out.Rows = append(out.Rows, []string{id, cli.Number(of(p, c)), cli.Date(c.FirstSeen), cli.Date(c.LastSeen), says, held})
	}
	if left := len(list) - len(shown); left > 0 {
		out.Foot = []string{fmt.Sprintf("  %s more with --all", cli.Number(left))}
	}
	return out
}
