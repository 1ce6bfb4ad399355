package findings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// Summary holds the changes of campaigns since a time.
type Summary struct {
	Since     time.Time
	Last      campaigns.LastRun
	Spam, Ham int64 // messages that were stored since

	New, Grown, Split, Merged, Woke, Quiet, Dissolved []Changed
}

// Changed is a campaign that changed.
type Changed struct {
	campaigns.Campaign       // as it is now; no members if it is no more
	Other              int64 // the other campaign of a merge or split
	By                 int64 // messages of the change
	Lure               campaigns.Lure
	Name               string // that people gave it
}

// Empty reports whether nothing happened.
func (s *Summary) Empty() bool {
	return s.Spam+s.Ham == 0 && len(s.New)+len(s.Grown)+len(s.Split)+len(s.Merged)+len(s.Woke)+len(s.Quiet)+len(s.Dissolved) == 0
}

// ChangePart is the campaigns of one kind of change, those first that it is about most.
type ChangePart struct {
	Title string // "New"
	What  string // in a sentence: "3 new"
	Count string // of a column: "msgs" or "more"
	List  []Changed
	of    func(*Changed) int64
}

// Of is the number that a change is about: the messages of a campaign, or those that it gained.
func (p *ChangePart) Of(c *Changed) int64 { return p.of(c) }

// Parts are the kinds of change in the order in which they are told.
func (s *Summary) Parts() []ChangePart {
	members := func(c *Changed) int64 { return c.Messages }
	by := func(c *Changed) int64 { return c.By }
	out := []ChangePart{
		{"New", "new", "msgs", s.New, members},
		{"Grown", "grown", "more", s.Grown, by},
		{"Merged", "merged", "msgs", s.Merged, members},
		{"Split off", "split off", "msgs", s.Split, members},
		{"Awake again", "awake again", "msgs", s.Woke, members},
		{"Gone quiet", "gone quiet", "msgs", s.Quiet, members},
		{"No longer held together", "dissolved", "msgs", s.Dissolved, by},
	}
	for i := range out {
		p := &out[i]
		// The result may be printed again in another form; its order stays.
		p.List = slices.Clone(p.List)
		slices.SortStableFunc(p.List, func(a, b Changed) int {
			return cmp.Or(cmp.Compare(p.of(&b), p.of(&a)), cmp.Compare(a.ID, b.ID))
		})
	}
	return out
}

// Total says how many campaigns there are.
func (s *Summary) Total() string {
	return fmt.Sprintf("%s with %s", cli.Count(s.Last.Campaigns, "campaign", ""), cli.Count(s.Last.Members, "message", ""))
}

// Lead sums up new mail and the number of changes.
func (s *Summary) Lead() string {
	came := cli.Count(s.Spam, "spam message", "")
	if s.Ham > 0 {
		came += fmt.Sprintf(" and %s ham", cli.Number(s.Ham))
	}
	var changes []string
	for _, p := range s.Parts() {
		if len(p.List) > 0 {
			changes = append(changes, fmt.Sprintf("%s %s", cli.Number(len(p.List)), p.What))
		}
	}
	text := came + " came; campaigns: " + strings.Join(changes, ", ")
	if len(changes) == 0 {
		text = came + " came; no campaign changed"
	}
	return text + ". In all " + s.Total() + "."
}

// ReadSummary reads the changes since a time, of all runs that ended later.
//
// A campaign may be in several lists: it grew, and then went quiet.
func ReadSummary(ctx context.Context, st *campaigns.Store, since time.Time) (*Summary, error) {
	s := &Summary{Since: since}
	var err error
	if s.Last, err = st.LastRun(ctx); err != nil {
		return nil, err
	}
	if s.Spam, s.Ham, err = st.Arrived(ctx, since); err != nil {
		return nil, err
	}
	changes, err := st.Changes(ctx, since)
	if err != nil {
		return nil, err
	}
	now, err := stateOf(ctx, st, changes)
	if err != nil {
		return nil, err
	}
	born := make(map[int64]bool)
	for _, c := range changes {
		born[c.CampaignID] = born[c.CampaignID] || c.Event == "born" || c.Event == "split"
	}
	for _, c := range changes {
		s.add(c, now, born[c.CampaignID])
	}
	return s, nil
}

// add sorts a change by its kind. A new campaign neither grew nor fell quiet:
// mail that is imported today may be years old.
//
// One that began and ended within the period is not told at all.
func (s *Summary) add(c campaigns.Change, now map[int64]Changed, isNew bool) {
	changed, is := now[c.CampaignID]
	changed.ID, changed.Other, changed.By = c.CampaignID, c.Other, c.Messages
	switch {
	case c.Event == "dissolved":
		if !isNew {
			s.Dissolved = append(s.Dissolved, changed)
		}
	case !is: // it went into another, which is told there
	case c.Event == "born":
		s.New = append(s.New, changed)
	case c.Event == "split":
		s.Split = append(s.Split, changed)
	case c.Event == "merged":
		s.Merged = append(s.Merged, changed)
	case isNew:
	case c.Event == "grew":
		s.Grown = append(s.Grown, changed)
	case c.Event == "woke":
		s.Woke = append(s.Woke, changed)
	case c.Event == "slept":
		s.Quiet = append(s.Quiet, changed)
	}
}

// stateOf reads the campaigns that changed as they are now.
func stateOf(ctx context.Context, st *campaigns.Store, changes []campaigns.Change) (map[int64]Changed, error) {
	var ids []int64
	met := make(map[int64]bool)
	for _, c := range changes {
		if !met[c.CampaignID] {
			met[c.CampaignID] = true
			ids = append(ids, c.CampaignID)
		}
	}
	out := make(map[int64]Changed, len(ids))
	if ids == nil {
		return out, nil
	}
	list, err := st.Some(ctx, ids)
	if err != nil {
		return nil, err
	}
	lures, err := st.Lures(ctx, ids)
	if err != nil {
		return nil, err
	}
	names, err := decision.ReadNames(ctx, st)
	if err != nil {
		return nil, err
	}
	last, err := st.LastRun(ctx)
	if err != nil {
		return nil, err
	}
	traits, err := st.TraitsOf(ctx, ids)
	for _, c := range list {
		for _, t := range Told(Own(traits[c.ID], c.Messages, last.Messages+last.Ham), c.Messages, 1) {
			c.Kinds, c.TraitValues = append(c.Kinds, t.Kind), append(c.TraitValues, t.Value)
		}
		out[c.ID] = Changed{Campaign: c, Lure: lures[c.ID], Name: names[c.ID]}
	}
	return out, err
}
