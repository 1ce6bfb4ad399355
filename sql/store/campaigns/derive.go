package campaigns

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// evidencePage is how many messages' facts are read at once. A message of 400 links can
// make half a megabyte of them.
const evidencePage = 1000

// DeriveEvidence stores what messages offer as evidence, of all that have none stored, or
// by older rules, or whose facts were derived anew since. It returns of how many. Pages of
// it are transactions of their own: a run that is killed leaves the pages that are done,
// and the next goes on from there. progress is told how many are done and how many there
// are to do; it may be nil.
func (s *Store) DeriveEvidence(ctx context.Context, progress func(done, all int64)) (int64, error) {
	missing, err := s.withoutEvidence(ctx)
	if err != nil {
		return 0, store.Failed("look for messages without evidence", err)
	}
	done := int64(0)
	for keys := range slices.Chunk(missing, evidencePage) {
		err := s.db.Transaction(ctx, func(tx pgx.Tx) error { return derive(ctx, tx, keys) })
		if err != nil {
			return done, store.Failed("derive evidence", err)
		}
		if done += int64(len(keys)); progress != nil {
			progress(done, int64(len(missing)))
		}
	}
	return done, nil
}

// withoutEvidence reads which messages lack evidence by the rules of now. Where none does
// it costs a look at two indexes and one at the small rows of incidence.
func (s *Store) withoutEvidence(ctx context.Context) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("incidence_missing"), evidence.Version)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// derive stores the evidence of messages, but for those whose it has become meanwhile.
func derive(ctx context.Context, tx pgx.Tx, keys []int64) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockEvidence); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM incidence WHERE message_key = ANY ($1) AND version <> $2", keys, evidence.Version); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, "SELECT message_key FROM incidence WHERE message_key = ANY ($1)", keys)
	there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if len(there) > 0 {
		keys = slices.DeleteFunc(slices.Clone(keys), func(k int64) bool { return slices.Contains(there, k) })
	}
	messages, err := factsOf(ctx, tx.Conn().PgConn(), keys)
	if err != nil {
		return err
	}
	list := make([]offered, len(messages))
	for i := range messages {
		list[i] = offered{&messages[i], evidence.Keys(evidence.Of(&messages[i]))}
	}
	return writeIncidence(ctx, tx, list)
}
