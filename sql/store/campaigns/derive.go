package campaigns

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// Underived lists the messages without evidence of this version of the rules.
// If there are none, it costs a look at two indexes and at the small rows of
// incidence.
func (s *Store) Underived(ctx context.Context, version int) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("incidence_missing"), version)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("look for messages without evidence", err)
}

// StoreRows stores the evidence that offer derives from the facts of messages.
// It skips messages whose row another process has stored meanwhile.
//
// Rows of another version are replaced. The exclusive lock keeps imports and
// reparse from replacing facts between reading and writing.
func (s *Store) StoreRows(ctx context.Context, keys []int64, version int, offer func(*evidence.Message) campaign.Row) error {
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockEvidence); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM incidence WHERE message_key = ANY ($1) AND version <> $2", keys, version); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, "SELECT message_key FROM incidence WHERE message_key = ANY ($1)", keys)
		there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(keys), func(k int64) bool { return slices.Contains(there, k) })
		messages, err := factsOf(ctx, tx, left)
		if err != nil {
			return err
		}
		list := make([]campaign.Row, len(messages))
		for i := range messages {
			list[i] = offer(&messages[i])
		}
		return writeIncidence(ctx, tx, list, version)
	})
	return store.Failed("derive evidence", err)
}
