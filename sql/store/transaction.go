package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Limits of Transaction's retries.
const (
	maxTries     = 8
	firstBackoff = 10 * time.Millisecond
)

// Transaction runs f in a transaction. It retries after a serialization failure
// or deadlock. f must keep nothing of a failed try.
func (db *DB) Transaction(ctx context.Context, f func(tx pgx.Tx) error) error {
	wait := firstBackoff
	for try := 1; ; try++ {
		err := pgx.BeginFunc(ctx, db.Pool, f)
		e, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || e.Code != "40001" && e.Code != "40P01" || try == maxTries {
			return err
		}
		select {
		case <-time.After(wait/2 + rand.N(wait)):
		case <-ctx.Done():
			return err
		}
		wait *= 2
	}
}
