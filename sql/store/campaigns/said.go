package campaigns

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql/store"
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

// Said tells what people say of campaigns, by the campaign that it leads to now.
//
// While a campaign is there, what was said of it stays with it. When it is no more, it
// goes to where most of the messages are that stood for the campaign at the time, else to
// where the campaign leads: so a note follows a merger, and comes back when it is undone.
func (s *Store) Said(ctx context.Context) (map[int64]*Said, error) {
	list, err := s.DecisionList(ctx, false)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(d Decision) bool {
		return d.Kind != "name" && d.Kind != "note" && d.Kind != "tag" && d.Kind != "untag"
	})
	homes, err := s.Homes(ctx, list)
	if err != nil {
		return nil, err
	}
	return said(list, homes), nil
}

// Homes tells for each decision about a campaign which campaign it is about now.
func (s *Store) Homes(ctx context.Context, list []Decision) ([]int64, error) {
	ids := make([]int64, 0, len(list))
	for i := range list {
		if list[i].Campaign != 0 {
			ids = append(ids, list[i].Campaign)
		}
	}
	out := make([]int64, len(list))
	if len(ids) == 0 {
		return out, nil
	}
	into, err := leadsTo(ctx, s.db.Pool, ids)
	if err != nil {
		return nil, err
	}
	there, err := s.there(ctx, ids)
	if err != nil {
		return nil, err
	}
	in, err := s.CampaignsOf(ctx, standIns(list, there))
	if err != nil {
		return nil, err
	}
	for i := range list {
		d := &list[i]
		if out[i] = d.Campaign; d.Campaign == 0 || there[d.Campaign] {
			continue
		}
		if out[i] = mostly(firsts(d.Messages), in); out[i] == 0 {
			out[i] = into[d.Campaign]
		}
	}
	return out, nil
}

// there tells which campaigns have members.
func (s *Store) there(ctx context.Context, ids []int64) (map[int64]bool, error) {
	out := make(map[int64]bool)
	rows, _ := s.db.Pool.Query(ctx, "SELECT campaign_id FROM campaigns WHERE members > 0 AND campaign_id = ANY ($1)", ids)
	var id int64
	_, err := pgx.ForEachRow(rows, []any{&id}, func() error { out[id] = true; return nil })
	return out, store.Failed("read campaigns", err)
}

// standIns lists the messages that stand for campaigns that are no more.
func standIns(list []Decision, there map[int64]bool) []int64 {
	out := []int64{}
	for i := range list {
		if !there[list[i].Campaign] {
			out = append(out, firsts(list[i].Messages)...)
		}
	}
	return out
}

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

// said sorts decisions, oldest first, by the campaigns that they are about now.
func said(list []Decision, homes []int64) map[int64]*Said {
	out := make(map[int64]*Said)
	for i := range list {
		d, home := &list[i], homes[i]
		c := out[home]
		if c == nil {
			c = &Said{}
			out[home] = c
		}
		switch d.Kind {
		case "note":
			c.Notes = append(c.Notes, Note{d.ID, d.MadeAt, d.MadeBy, d.Value})
		case "tag":
			if !slices.Contains(c.Tags, d.Value) {
				c.Tags = append(c.Tags, d.Value)
			}
		case "untag":
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
		if list[i].Kind != "name" {
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

// Names tells the names of campaigns; those without one are left out.
func (s *Store) Names(ctx context.Context, ids []int64) (map[int64]string, error) {
	all, err := s.Said(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]string)
	for _, id := range ids {
		if c := all[id]; c != nil && c.Name != "" {
			out[id] = c.Name
		}
	}
	return out, nil
}
