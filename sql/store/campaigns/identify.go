package campaigns

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
)

// outcome is a result with the ids that its campaigns and operations have in the store.
type outcome struct {
	*campaign.Result
	run        int64
	campaigns  []campaign.Identity
	operations []campaign.Identity
	mergers    []campaign.Merger
}

// identify carries ids over from the run before.
func (c *Run) identify(ctx context.Context, r *campaign.Result, before []membership) (*outcome, error) {
	var campaigns, operations int64 // the first ids that were never given
	err := c.tx.QueryRow(ctx, "SELECT (SELECT coalesce(max(campaign_id), 0) + 1 FROM campaigns), (SELECT coalesce(max(operation_id), 0) + 1 FROM operations)").
		Scan(&campaigns, &operations)
	if err != nil {
		return nil, err
	}
	was, err := c.operationsBefore(ctx)
	if err != nil {
		return nil, err
	}
	f := &outcome{Result: r}
	of := make(map[int64]int64, len(before))
	for _, m := range before {
		if m.campaign != 0 {
			of[m.key] = m.campaign
		}
	}
	groups := make([][]int64, len(r.Campaigns))
	for i := range r.Campaigns {
		for _, m := range r.Campaigns[i].Members {
			groups[i] = append(groups[i], m.Key)
		}
	}
	f.campaigns, f.mergers = campaign.Identify(of, groups, campaigns)
	for key, id := range of {
		if of[key] = was[id]; was[id] == 0 {
			delete(of, key)
		}
	}
	together := make([][]int64, len(r.Operations))
	for i, o := range r.Operations {
		for _, n := range o.Campaigns {
			together[i] = append(together[i], groups[n]...)
		}
	}
	f.operations, _ = campaign.Identify(of, together, operations)
	return f, nil
}

// operationsBefore reads to which operations campaigns belonged.
func (c *Run) operationsBefore(ctx context.Context) (map[int64]int64, error) {
	of := make(map[int64]int64)
	rows, _ := c.tx.Query(ctx, "SELECT campaign_id, operation_id FROM campaigns WHERE operation_id IS NOT NULL AND members > 0")
	var id, operation int64
	_, err := pgx.ForEachRow(rows, []any{&id, &operation}, func() error { of[id] = operation; return nil })
	return of, err
}

// operationOf returns the id of the operation of campaign i; 0 for none.
func (f *outcome) operationOf(i int) int64 {
	if o := f.Campaigns[i].Operation; o >= 0 && o < len(f.operations) {
		return f.operations[o].ID
	}
	return 0
}

func (f *outcome) changes(before []membership) Changes {
	out := Changes{Run: f.run, Merged: len(f.mergers)}
	now := make(map[int64]bool, len(f.campaigns))
	for _, id := range f.campaigns {
		now[id.ID] = true
		if id.New {
			out.New++
		}
	}
	for id := range sizes(before) {
		if !now[id] {
			out.Gone++
		}
	}
	out.Gone -= out.Merged
	return out
}
