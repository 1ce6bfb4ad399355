package findings

import (
	"context"
	"slices"
	"time"

	"spoor/graph/decision"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// listed is the number of campaigns on a screen.
const listed = 20

// ListOptions select the campaigns to list.
type ListOptions struct {
	From  int  // campaigns to leave out, the largest; any left are listed, those of two messages, too
	Limit int  // 0: a screenful
	All   bool // all of them, those of two messages, too
	// IDs restricts the list to some campaigns; nil: any.
	IDs []int64
}

// pair is the size of campaigns that are folded away where there are larger ones: most of
// them are one mail and its copy.
const pair = 2

// Listing is the data of the list of campaigns.
//
// Traits, Lures, Said and Times have entries for listed campaigns only. A
// missing one means that there is none.
type Listing struct {
	Last       campaigns.LastRun
	Campaigns  []campaigns.Campaign
	Folded     int64                       // campaigns of two messages that were left out
	Traits     map[int64][]campaigns.Trait // of each campaign, those first that are most its own
	Lures      map[int64]campaigns.Lure    // of each
	Said       map[int64]*decision.Said
	Operations []campaigns.Operation
	Shared     map[int64]campaigns.Trait // by operation: the trait that is most its own

	First  time.Time // of the listed campaigns, so that a wrong clock elsewhere does not matter
	Latest time.Time
	Slices int               // of that period; 0: too short to draw
	Times  map[int64][]int64 // by campaign
}

// ReadList reads the campaigns, largest first.
//
// The reads are separate statements. A run of the correlator between two of
// them replaces all campaigns in one transaction, so a line may lack its traits
// and never has another's.
func ReadList(ctx context.Context, st *campaigns.Store, o ListOptions) (*Listing, error) {
	if o.All {
		o.Limit = 0
	} else if o.Limit == 0 {
		o.Limit = listed
	}
	l := &Listing{}
	var err error
	if l.Last, err = st.LastRun(ctx); err != nil {
		return nil, err
	}
	if err = l.readCampaigns(ctx, st, o); err != nil {
		return nil, err
	}
	if l.Said, err = decision.ReadSaid(ctx, st); err != nil {
		return nil, err
	}
	if l.Operations, err = st.Operations(ctx); err != nil {
		return nil, err
	}
	if o.IDs != nil {
		l.Operations = slices.DeleteFunc(l.Operations, func(op campaigns.Operation) bool {
			return !slices.ContainsFunc(op.Campaigns, func(id int64) bool { return slices.Contains(o.IDs, id) })
		})
	}
	if err = l.readShared(ctx, st, o); err != nil {
		return nil, err
	}
	return l, l.addTimes(ctx, st)
}

// readCampaigns reads campaigns with subjects and traits. Campaigns of two
// messages are left out, unless there are no larger ones.
func (l *Listing) readCampaigns(ctx context.Context, st *campaigns.Store, o ListOptions) (err error) {
	// Pairs are most campaigns of a store and least of its mail.
	least := pair + 1
	if o.All || o.From > 0 {
		least = 1
	}
	if o.IDs != nil {
		l.Campaigns, err = st.Some(ctx, o.IDs)
	} else {
		l.Campaigns, err = st.List(ctx, o.From, o.Limit, least)
	}
	switch {
	case err != nil || o.IDs != nil:
	case len(l.Campaigns) == 0 && !o.All:
		l.Campaigns, err = st.List(ctx, o.From, o.Limit, 1)
	case !o.All:
		l.Folded, err = st.Smaller(ctx, least)
	}
	if err != nil {
		return err
	}
	ids := make([]int64, len(l.Campaigns))
	for i, c := range l.Campaigns {
		ids[i] = c.ID
	}
	if l.Traits, err = st.TraitsOf(ctx, ids); err != nil {
		return err
	}
	for i := range l.Campaigns {
		c := &l.Campaigns[i]
		l.Traits[c.ID] = Own(l.Traits[c.ID], c.Messages, l.Last.Messages+l.Last.Ham)
		for _, t := range Told(l.Traits[c.ID], c.Messages, toldOfEach) {
			c.Kinds, c.TraitValues = append(c.Kinds, t.Kind), append(c.TraitValues, t.Value)
		}
	}
	l.Lures, err = st.Lures(ctx, ids)
	return err
}

// OperationsShown limits the operations explained beside a list of some
// campaigns.
const OperationsShown = 5

// readShared finds the trait that is most an operation's own, for each
// operation shown.
//
// Each takes a query, hence only for those that are shown.
func (l *Listing) readShared(ctx context.Context, st *campaigns.Store, o ListOptions) error {
	l.Shared = make(map[int64]campaigns.Trait)
	shown := l.Operations
	if !o.All {
		shown = shown[:min(len(shown), OperationsShown)]
	}
	for i := range shown {
		op := &shown[i]
		traits, err := st.OperationTraits(ctx, op.ID)
		if err != nil {
			return err
		}
		if told := Told(Own(traits, op.Messages, l.Last.Messages+l.Last.Ham), op.Messages, 1); len(told) > 0 {
			l.Shared[op.ID] = told[0]
			op.Kind, op.Value = told[0].Kind, told[0].Value
		}
	}
	return nil
}

// toldOfEach limits the traits shown of each campaign.
const toldOfEach = 4

// addTimes counts the messages of each campaign by slices of the period that
// all listed ones span.
func (l *Listing) addTimes(ctx context.Context, st *campaigns.Store) error {
	for _, c := range l.Campaigns {
		if !c.FirstSeen.IsZero() && (l.First.IsZero() || c.FirstSeen.Before(l.First)) {
			l.First = c.FirstSeen
		}
		if c.LastSeen.After(l.Latest) {
			l.Latest = c.LastSeen
		}
	}
	l.Slices = slicesOf(l.First, l.Latest)
	if l.Slices == 0 {
		return nil
	}
	ids := make([]int64, len(l.Campaigns))
	l.Times = make(map[int64][]int64, len(ids))
	for i, c := range l.Campaigns {
		ids[i] = c.ID
		l.Times[c.ID] = make([]int64, l.Slices)
	}
	counts, err := st.Times(ctx, ids, l.First, l.Latest, l.Slices)
	for _, c := range counts {
		if line := l.Times[c.CampaignID]; c.Slice >= 0 && c.Slice < len(line) {
			line[c.Slice] = c.Messages
		}
	}
	return err
}

// slicesOf divides the time from first to last into equal slices: at most ten,
// none shorter than an hour; 0 if a line would show nothing.
//
// Fewer slices than wording.FewPoints are no line.
func slicesOf(first, last time.Time) int {
	if first.IsZero() {
		return 0
	}
	n := min(int(last.Sub(first)/time.Hour), 10)
	if n < wording.FewPoints {
		return 0
	}
	return n
}

// nearLimit is the distance above the limit, in bits, up to which screens mark a
// weakest link: the odds there are at most 1.2 to 1.
const nearLimit = 0.25

// JustHolds reports whether the weakest link of a campaign, in bits, is so near
// the limit for linking that a reader should look before acting.
func JustHolds(weakest, limit float64) bool { return weakest <= limit+nearLimit }
