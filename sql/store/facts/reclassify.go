package facts

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
)

// Reclassify makes messages ham or spam and returns how many changed. The next
// run of the correlator derives evidence and campaigns again.
func (s *Store) Reclassify(ctx context.Context, keys []int64, ham bool) (changed int64, err error) {
	err = s.db.Transaction(ctx, func(tx pgx.Tx) error {
		// Writers share the lock; a run that derives evidence takes it alone,
		// and sees each message in one class.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock_shared($1)", store.LockEvidence); err != nil {
			return err
		}
		// Read the campaigns before the change: ham leaves them.
		left, err := store.CampaignsOf(ctx, tx, keys)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, sql.Query("reclassify"), keys, ham).Scan(&changed); err != nil || changed == 0 {
			return err
		}
		if err := store.SumUp(ctx, tx, left); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sql.Query("names_of"), keys)
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, query := range []string{"recount_domains", "recount_lookups"} {
			if _, err := tx.Exec(ctx, sql.Query(query), names); err != nil {
				return err
			}
		}
		return store.SettleHosting(ctx, tx)
	})
	return changed, store.Failed("change the class of messages", err)
}
