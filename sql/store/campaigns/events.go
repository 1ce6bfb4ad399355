package campaigns

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// writeEvents writes what happened to campaigns in this run.
func (c *Run) writeEvents(ctx context.Context, f *outcome, before []membership, now time.Time) error {
	asleep, err := c.asleep(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(c.seen, func(a, b seen) int { return cmp.Compare(a.key, b.key) })
	list := append(f.events(before), f.sleepers(c.seen, asleep, now.Unix())...)
	order := make(map[int64]int32, len(list))
	_, err = c.tx.CopyFrom(ctx, pgx.Identifier{"campaign_events"}, []string{"run_id", "campaign_id", "n", "event", "other_id", "messages"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			e := &list[i]
			n := order[e.campaign]
			order[e.campaign]++
			var other *int64
			if e.other != 0 {
				other = &e.other
			}
			return []any{f.run, e.campaign, n, e.kind, other, e.messages}, nil
		}))
	return err
}

// asleep reads which campaigns slept as of the run before.
func (c *Run) asleep(ctx context.Context) (map[int64]bool, error) {
	rows, _ := c.tx.Query(ctx, `SELECT campaign_id FROM (
		SELECT DISTINCT ON (campaign_id) campaign_id, event FROM campaign_events
		WHERE event IN ('slept', 'woke') ORDER BY campaign_id, run_id DESC, n DESC) AS last WHERE event = 'slept'`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}
