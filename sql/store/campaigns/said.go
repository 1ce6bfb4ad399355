package campaigns

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/graph/decision"
	"spoor/sql/store"
)

// Whereabouts returns the present campaigns of messages, and the present ids of
// campaigns of any run.
func (s *Store) Whereabouts(ctx context.Context, ids, messages []int64) (w decision.Whereabouts, err error) {
	if w.Into, err = leadsTo(ctx, s.db.Pool, ids); err != nil {
		return w, err
	}
	if w.There, err = s.there(ctx, ids); err != nil {
		return w, err
	}
	w.In, err = s.CampaignsOf(ctx, messages)
	return w, err
}

// there returns the campaigns that have members.
func (s *Store) there(ctx context.Context, ids []int64) (map[int64]bool, error) {
	out := make(map[int64]bool)
	rows, _ := s.db.Pool.Query(ctx, "SELECT campaign_id FROM campaigns WHERE members > 0 AND campaign_id = ANY ($1)", ids)
	var id int64
	_, err := pgx.ForEachRow(rows, []any{&id}, func() error { out[id] = true; return nil })
	return out, store.Failed("read campaigns", err)
}
