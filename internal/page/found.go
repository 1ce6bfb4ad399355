package page

import (
	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/find"
)

// found is the screen of search results for an indicator.
type found struct {
	Kind, Value string
	Facts       []fact
	Hits        table
	None        string
	Raw         string // for the command line
}

// Found returns the screen of search results for an indicator.
func (s *Site) Found(f *findings.Found) Body {
	out := &found{Kind: find.IndicatorNames[f.Indicator.Kind], Value: printable.Defang(f.Indicator.Value)}
	if f.Indicator.Kind != "host" && f.Indicator.Kind != "url" {
		out.Value = f.Indicator.Value
	}
	if len(f.Hits) == 0 {
		out.None = "It is in none of " + cli.Count(f.Stored, "stored message", "") + "."
		return Body{"found.html", out}
	}
	h := f.Hits[0]
	out.Facts = []fact{{cli.Number(h.AllSpam), plural(h.AllSpam, "spam message", "spam messages")}, {cli.Number(h.AllHam), "wanted"}}
	if span := cli.Span(h.FirstSeen, h.LastSeen); span != "" {
		out.Facts = append(out.Facts, fact{span, "first and last received"})
	}
	out.Hits = table{ID: "hits", Name: "Where it stands", Head: []head{{"Campaign", "wide"}, {"As", ""}, {"Where", "wide mono"}, {"Spam", "num"}, {"Ham", "num"}}}
	for i := range f.Hits {
		h := &f.Hits[i]
		in := word("none")
		if h.Campaign != 0 {
			in = cell{Text: naming.ID(h.Campaign), Href: s.Campaign(h.Campaign), Note: f.Names[h.Campaign]}
		}
		where := h.Value
		if h.Role == "link" {
			where = printable.Defang(where)
		}
		out.Hits.add(in, word(h.Role), word(printable.Cut(where, 200)), number(h.Spam), number(h.Ham))
	}
	return Body{"found.html", out}
}
