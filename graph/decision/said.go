package decision

import (
	"context"
	"slices"
	"time"
)

// Said is what people say of a campaign.
type Said struct {
	Name  string   // "" if it has none
	Also  []string // names of campaigns that went into it
	Tags  []string // in the order in which they were given
	Notes []Note   // oldest first
}

// Note is a remark about a campaign.
type Note struct {
	Decision int64
	At       time.Time
	By, Text string
}

// Whereabouts tell where campaigns of former runs, and the messages that stand for them, are
// now.
type Whereabouts struct {
	There map[int64]bool  // campaigns that have members
	Into  map[int64]int64 // the campaign into which one went, over any number of mergers
	In    map[int64]int64 // the campaign of a message
}

// Archive keeps decisions.
type Archive interface {
	Standing(ctx context.Context) ([]Decision, error)
	Whereabouts(ctx context.Context, campaigns, messages []int64) (Whereabouts, error)
}

// ReadSaid returns what people say of campaigns, by the campaign that it is said of now.
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

// ReadNames returns the names of campaigns that have one.
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

// ReadHomes returns for each decision the campaign that it is about now; see Homes.
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

// Homes returns for each decision about a campaign the campaign that it is about now, else 0.
//
// While a campaign is there, a decision stays with it. When it is no more, the decision goes
// to the campaign of most of the messages that stood for it, else to where it leads: a note
// follows a merger, and comes back when that is undone. What came with evidence of another
// store is said of its messages only.
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

// foreign reports whether the decision is about a campaign that has no id here.
func (d *Decision) foreign() bool { return d.Campaign == 0 && d.AboutCampaign() }

// mostly returns the campaign that more than half of the messages are in, else 0.
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

// SaidOf returns what decisions, oldest first, say of the campaigns that are their homes.
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

// nameThem gives each campaign the last name that it was given itself, else the last that
// came with a merger. A former name of the same campaign is no other name of it.
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
