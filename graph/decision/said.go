package decision

import (
	"context"
	"slices"
	"time"
)

// Said holds people's statements about a campaign.
type Said struct {
	Name  string   // "" if it has none
	Also  []string // names of campaigns that were merged into it
	Tags  []string // in the order of decisions
	Notes []Note   // oldest first
}

// Note is a remark about a campaign.
type Note struct {
	Decision int64
	At       time.Time
	By, Text string
}

// Whereabouts locates campaigns of earlier runs and the messages that represent
// them.
type Whereabouts struct {
	There map[int64]bool  // campaigns that still have members
	Into  map[int64]int64 // campaign into which one was merged, over any number of mergers
	In    map[int64]int64 // campaign of each message
}

// Archive provides stored decisions.
type Archive interface {
	Standing(ctx context.Context) ([]Decision, error)
	Whereabouts(ctx context.Context, campaigns, messages []int64) (Whereabouts, error)
}

// ReadSaid returns the statements about each present campaign.
func ReadSaid(ctx context.Context, a Archive) (map[int64]*Said, error) {
	list, err := a.Standing(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(d Decision) bool { return !d.AboutCampaign() })
	homes, err := ReadHomes(ctx, a, list)
	if err != nil {
		return nil, err
	}
	return SaidOf(list, homes), nil
}

// ReadNames returns the names of the campaigns that have one.
func ReadNames(ctx context.Context, a Archive) (map[int64]string, error) {
	all, err := ReadSaid(ctx, a)
	out := make(map[int64]string)
	for id, c := range all {
		if c.Name != "" {
			out[id] = c.Name
		}
	}
	return out, err
}

// ReadHomes returns the present campaign of each decision; see Homes.
func ReadHomes(ctx context.Context, a Archive, list []Decision) ([]int64, error) {
	campaigns, messages := []int64{}, []int64{}
	for i := range list {
		d := &list[i]
		if d.Campaign != 0 {
			campaigns = append(campaigns, d.Campaign)
		}
		if d.Campaign != 0 || d.foreign() {
			messages = append(messages, StandIns(d.Messages)...)
		}
	}
	if len(messages) == 0 && len(campaigns) == 0 {
		return make([]int64, len(list)), nil
	}
	w, err := a.Whereabouts(ctx, campaigns, messages)
	if err != nil {
		return nil, err
	}
	return Homes(list, w), nil
}

// Homes returns, for each decision about a campaign, the present campaign that
// it concerns, or 0.
//
// A decision stays with its campaign while that exists. Afterwards it goes to
// the campaign with most of its representatives, else to the one that absorbed
// the campaign. So a note follows a merger and returns when the merger is
// undone. A decision from another store's evidence concerns its messages only.
func Homes(list []Decision, w Whereabouts) []int64 {
	out := make([]int64, len(list))
	for i := range list {
		d := &list[i]
		if out[i] = d.Campaign; d.Campaign == 0 && !d.foreign() || w.There[d.Campaign] {
			continue
		}
		if out[i] = mostly(StandIns(d.Messages), w.In); out[i] == 0 {
			out[i] = w.Into[d.Campaign]
		}
	}
	return out
}

// foreign reports whether the decision concerns a campaign without an id in
// this store.
func (d *Decision) foreign() bool { return d.Campaign == 0 && d.AboutCampaign() }

// mostly returns the campaign of more than half of the messages, or 0.
func mostly(keys []int64, in map[int64]int64) int64 {
	for _, k := range keys {
		n := 0
		for _, other := range keys {
			if in[other] == in[k] {
				n++
			}
		}
		if 2*n > len(keys) {
			return in[k]
		}
	}
	return 0
}

// SaidOf collects the statements of decisions, oldest first, by their homes.
func SaidOf(list []Decision, homes []int64) map[int64]*Said {
	out := make(map[int64]*Said)
	for i := range list {
		d, home := &list[i], homes[i]
		c := out[home]
		if c == nil {
			c = &Said{}
			out[home] = c
		}
		switch d.Kind {
		case Remark:
			c.Notes = append(c.Notes, Note{d.ID, d.MadeAt, d.MadeBy, d.Value})
		case Tag:
			if !slices.Contains(c.Tags, d.Value) {
				c.Tags = append(c.Tags, d.Value)
			}
		case Untag:
			c.Tags = slices.DeleteFunc(c.Tags, func(t string) bool { return t == d.Value })
		}
	}
	nameThem(out, list, homes)
	return out
}

// nameThem gives each campaign the last name that it received itself, else the
// last that came with a merger. An earlier name of the same campaign is not
// listed in Also.
func nameThem(out map[int64]*Said, list []Decision, homes []int64) {
	type named struct{ home, campaign int64 }
	last := make(map[named]string)
	var order []named
	own := make(map[int64]bool)
	for i := range list {
		if list[i].Kind != Name {
			continue
		}
		n := named{homes[i], list[i].Campaign}
		order = append(slices.DeleteFunc(order, func(o named) bool { return o == n }), n)
		last[n] = list[i].Value
	}
	for _, n := range order {
		c := out[n.home]
		switch {
		case n.campaign == n.home:
			if c.Name != "" {
				c.Also = append(c.Also, c.Name)
			}
			c.Name, own[n.home] = last[n], true
		case own[n.home]:
			c.Also = append(c.Also, last[n])
		default:
			if c.Name != "" {
				c.Also = append(c.Also, c.Name)
			}
			c.Name = last[n]
		}
	}
}
