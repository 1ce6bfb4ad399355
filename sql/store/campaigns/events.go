package campaigns

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// writeEvents writes the events of this run to the campaigns' history.
func (c *Run) writeEvents(ctx context.Context, f *outcome) error {
	// Numbers count from 0 within each campaign: they are part of the key.
	order := make(map[int64]int32, len(f.Events))
	_, err := c.tx.CopyFrom(ctx, pgx.Identifier{"campaign_events"}, []string{"run_id", "campaign_id", "n", "event", "other_id", "messages"},
		pgx.CopyFromSlice(len(f.Events), func(i int) ([]any, error) {
			e := &f.Events[i]
			n := order[e.Campaign]
			order[e.Campaign]++
			var other *int64
			if e.Other != 0 {
				other = &e.Other
			}
			return []any{f.run, e.Campaign, n, e.Kind, other, e.Messages}, nil
		}))
	return err
}
