package page

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/page/chart"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// list is the screen of all campaigns.
type list struct {
	Head       string
	Facts      []fact
	Campaigns  table
	Operations table
	Excluded   string
}

// fact is one number of a headline.
type fact struct{ Value, Label string }

// List returns the screen of the campaigns, largest first, after the first from.
//
// Operations and facts are on the first page only.
func (s *Site) List(l *findings.Listing, from int) Body {
	out := &list{Head: "Campaigns", Campaigns: s.listed(l)}
	out.Facts = []fact{
		{cli.Number(l.Last.Campaigns), plural(l.Last.Campaigns, "campaign", "campaigns")},
		{cli.Number(l.Last.Members), "of " + cli.Number(l.Last.Messages) + " spam in them"},
		{cli.Number(l.Last.Messages - l.Last.Members), plural(l.Last.Messages-l.Last.Members, "stands alone", "stand alone")},
	}
	if late := l.Last.Stored - l.Last.Messages; late > 0 {
		out.Facts = append(out.Facts, fact{cli.Number(late), "came since the last run"})
	}
	if from > 0 {
		out.Campaigns.Unless = "There are no further campaigns."
	}
	if from > 0 && len(l.Campaigns) > 0 {
		out.Head = fmt.Sprintf("Campaigns %s to %s", cli.Number(from+1), cli.Number(from+len(l.Campaigns)))
	}
	to := from + len(l.Campaigns)
	if left := l.Last.Campaigns - int64(to); left > 0 && s.Paths.List(to) != "" {
		out.Campaigns.More = append(out.Campaigns.More, Ref{cli.Count(left, "smaller campaign", ""), s.Paths.List(to)})
	}
	if from > 0 {
		out.Campaigns.More = append(out.Campaigns.More, Ref{"The largest campaigns", s.Paths.List(0)})
		return Body{"list.html", out}
	}
	out.Operations = s.operations(l)
	for i, a := range l.Last.SetAside {
		if i > 0 {
			out.Excluded += ", "
		}
		out.Excluded += fmt.Sprintf("%s (%s)", a.Value, cli.Count(a.Messages+a.Ham, "message", ""))
	}
	return Body{"list.html", out}
}

// listed is the table of campaigns.
func (s *Site) listed(l *findings.Listing) table {
	t := table{ID: "campaigns", Name: "Campaigns, largest first", Unless: "No stored messages belong together."}
	t.Head = []head{{"ID", "mono"}, {"Campaign", "wide"}, {"Messages", "num"}, {"First", "date"}, {"Last", "date"}}
	if l.Slices > 0 {
		t.Head = append(t.Head, head{wording.Period(l.First, l.Latest), "picture"})
	}
	t.Head = append(t.Head, head{"Least sure, bits", "num"})
	for i := range l.Campaigns {
		c := &l.Campaigns[i]
		name := ""
		if said := l.Said[c.ID]; said != nil {
			name = said.Name
		}
		title, note := titleOf(name, l.Lures[c.ID], c.Kinds, c.TraitValues)
		cells := []cell{link(naming.ID(c.ID), s.Campaign(c.ID)), {Text: title, Note: note}, number(c.Messages), word(cli.Date(c.FirstSeen)), word(cli.Date(c.LastSeen))}
		if l.Slices > 0 {
			cells = append(cells, cell{Text: wording.Spark(l.Times[c.ID]), Bars: chart.Bars(l.Times[c.ID])})
		}
		weak := cell{Text: fmt.Sprintf("%.1f", c.WeakestBits), Marked: findings.JustHolds(c.WeakestBits, l.Last.LinkBits)}
		if weak.Marked {
			weak.Note = "hardly"
		}
		t.add(append(cells, weak)...)
	}
	return t
}

// titleOf returns a campaign's name or commonest subject, and the next of subject and first
// shared value, which stands below in smaller letters. A campaign without a subject is
// entitled by shared values.
func titleOf(name string, lure campaigns.Lure, kinds, values []string) (title, more string) {
	var words []string
	others := lure.Subjects - 1
	lure.Subjects = 1
	for _, w := range []string{name, wording.Lure(lure)} {
		if w != "" {
			words = append(words, w)
		}
	}
	for i := range kinds {
		words = append(words, printable.Cut(wording.Trait(kinds[i], values[i]), 60))
	}
	words = append(words, "", "")
	title, more = words[0], words[1]
	if others > 0 {
		more = strings.TrimSuffix(cli.Count(others, "other subject", "")+"; "+more, "; ")
	}
	return title, more
}

// operations is the table of operations, at most ten.
func (s *Site) operations(l *findings.Listing) table {
	t := table{Name: "Operations: campaigns of the same people", Head: []head{{"Operation", ""}, {"Held together by", "wide"}, {"Campaigns", ""}, {"Messages", "num"}, {"Least sure, bits", "num"}}}
	const most = 10
	for i := range l.Operations[:min(len(l.Operations), most)] {
		o := &l.Operations[i]
		var ids []string
		for _, id := range o.Campaigns {
			ids = append(ids, naming.ID(id))
		}
		by := ""
		if o.Kind != "" {
			by = wording.Trait(o.Kind, o.Value)
		}
		t.add(word(naming.OperationID(o.ID)), word(by), word(wording.Some(ids, 12)), number(o.Messages), word(wording.Bits(o.WeakestBits)))
	}
	return t
}

// plural selects the form of a noun.
func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
