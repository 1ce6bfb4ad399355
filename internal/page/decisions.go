package page

import (
	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
)

// decisions is the screen of the users' decisions.
type decisions struct {
	Table table
	Form  *form
}

// form is the form for a decision; ID is its campaign.
//
// Token is that of the session, which the server demands with each decision (a
// guard against forged requests).
type form struct{ ID, Token string }

// Decisions returns the screen of the users' decisions, newest first.
func (s *Site) Decisions(list []decision.Decision) Body {
	out := &decisions{}
	t := table{ID: "decisions", Name: "Decisions, newest first", Head: []head{{"Decision", "mono"}, {"Made", "date"}, {"By", ""}, {"What", "wide"}, {"Because", "wide"}, {"Undone", ""}}, Unless: "Nothing was decided yet."}
	for i := len(list) - 1; i >= 0; i-- {
		d := &list[i]
		undone := ""
		if !d.UndoneAt.IsZero() {
			undone = cli.Date(d.UndoneAt) + " by " + d.UndoneBy
		}
		id := word(naming.DecisionID(d.ID))
		if home := d.Campaign; home != 0 {
			id.Href = s.Campaign(home)
		}
		t.add(id, word(cli.Date(d.MadeAt)), word(d.MadeBy), word(wording.Decision(d)), word(d.Because), word(undone))
	}
	out.Table = t
	if s.Decide {
		out.Form = &form{Token: s.Token}
	}
	return Body{"decisions.html", out}
}

// Words returns a screen with text only: an error, or the outcome of a
// decision.
func (s *Site) Words(title string, lines ...string) Body {
	return Body{"words.html", map[string]any{"Title": title, "Lines": lines}}
}

// Decided returns the screen with the outcome of a decision on a campaign, or
// on none ("").
func (s *Site) Decided(lines []string, campaign string) Body {
	back := Ref{"To the decisions", "/decisions"}
	if id, ok := naming.ParseID(campaign); ok {
		back = Ref{"To " + naming.ID(id), s.Campaign(id)}
	}
	return Body{"words.html", map[string]any{"Title": "Decided", "Lines": lines, "Back": back}}
}
