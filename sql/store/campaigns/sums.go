package campaigns

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/graph/correlation"
	"spoor/sql"
	"spoor/sql/store"
)

// writeSums sums up the campaigns whose members this run changed. It adds those
// that an import or a reparse marked as stale since the previous run.
func (c *Run) writeSums(ctx context.Context, f *outcome) error {
	rows, _ := c.tx.Query(ctx, "SELECT campaign_id FROM campaign_sums WHERE stale")
	stale, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	ids := touched(f.Before, f.Members)
	for _, id := range stale {
		ids[id] = true
	}
	if _, err := c.tx.Exec(ctx, sql.Query("sums_operations")); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	list := slices.Sorted(maps.Keys(ids))
	if 2*len(list) > len(f.CampaignIDs) { // reading all in order is cheaper than most by index
		list = nil
	}
	return store.SumUp(ctx, c.tx, list)
}

// touched returns the campaigns that members left or joined between two lists
// of memberships.
//
// A member that stays where it was touches nothing. Key 0, "no campaign", is
// not among the results.
func touched(before, after []correlation.Membership) map[int64]bool {
	out := make(map[int64]bool)
	was := make(map[int64]int64, len(before))
	for _, m := range before {
		was[m.Message] = m.Campaign
	}
	for _, m := range after {
		if old := was[m.Message]; old != m.Campaign {
			out[old], out[m.Campaign] = true, true
		}
		delete(was, m.Message)
	}
	for _, left := range was {
		out[left] = true
	}
	delete(out, 0)
	return out
}
