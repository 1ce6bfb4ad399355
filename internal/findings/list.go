package findings

import (
	"context"
	"time"

	"spoor/graph/decision"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// listed is how many campaigns fit a screen.
const listed = 20

// ListOptions say how much of the list is wanted.
type ListOptions struct {
	Limit int  // 0: a screenful
	All   bool // all of them
}

// Listing is what the list of campaigns shows.
type Listing struct {
	Last       campaigns.LastRun
	Campaigns  []campaigns.Campaign
	Said       map[int64]*decision.Said
	Operations []campaigns.Operation

	First  time.Time // of what is listed: forged and broken clocks elsewhere are no matter
	Latest time.Time
	Slices int               // of that period; 0: too short to draw
	Times  map[int64][]int64 // by campaign
}

// ReadList reads the campaigns, largest first.
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
	if l.Campaigns, err = st.List(ctx, o.Limit); err != nil {
		return nil, err
	}
	if l.Said, err = decision.ReadSaid(ctx, st); err != nil {
		return nil, err
	}
	if l.Operations, err = st.Operations(ctx); err != nil {
		return nil, err
	}
	return l, l.addTimes(ctx, st)
}

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

// slicesOf says into how many equal slices the time from first to last is cut: at most
// ten, none shorter than an hour; 0 where a line would show nothing.
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
