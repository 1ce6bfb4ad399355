package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// changesAtOnce limits the changes that are settled at once. One answer about a
// large hoster concerns ten thousands of domains, but it is rare.
const changesAtOnce = 1000

// SettleHosting works out anew where the domains point to that the changes in
// domain_changes concern. The lock makes one wait for the other: of two that work
// at the same time, the one with the older view of the answers must not be last.
func SettleHosting(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", LockHosting); err != nil {
		return err
	}
	for {
		var settled int
		if err := tx.QueryRow(ctx, sql.Query("hosting_settle"), changesAtOnce).Scan(&settled); err != nil || settled < changesAtOnce {
			return err
		}
	}
}

// SettleHosting does so in a transaction of its own.
func (db *DB) SettleHosting(ctx context.Context) error {
	return db.Transaction(ctx, func(tx pgx.Tx) error { return SettleHosting(ctx, tx) })
}
