package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// LargeCampaign is the number of messages from which the values of a campaign are stored: to
// count those of fewer takes some hundredths of a second.
const LargeCampaign = 1000

// SumUp computes the sums of campaigns again after their members, or facts of
// these, changed; nil means all. It belongs into the transaction of the change,
// so that no reader sees sums of other members.
func SumUp(ctx context.Context, tx pgx.Tx, campaigns []int64) error {
	if campaigns != nil && len(campaigns) == 0 {
		return nil
	}
	for _, name := range []string{"sums_campaigns", "sums_domains", "sums_values_gone"} {
		if _, err := tx.Exec(ctx, sql.Query(name), campaigns); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, sql.Query("sums_values"), campaigns, LargeCampaign)
	return err
}

// SumUpAll sums up all campaigns, for tools that write members without the
// store's packages, such as those that fill a store for a test.
func (db *DB) SumUpAll(ctx context.Context) error {
	return db.Transaction(ctx, func(tx pgx.Tx) error { return SumUp(ctx, tx, nil) })
}

// CampaignsOf lists the campaigns of messages, for summing them up after a change.
func CampaignsOf(ctx context.Context, tx pgx.Tx, messages []int64) ([]int64, error) {
	rows, _ := tx.Query(ctx, "SELECT DISTINCT campaign_id FROM memberships WHERE campaign_id IS NOT NULL AND message_key = ANY ($1)", messages)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
