// Package dossiers reads all stored data of one campaign for export. It reads
// one snapshot, so that a concurrent run or import cannot mix two states, and
// it checks the result against counts taken first. It writes nothing.
package dossiers

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/internal/dossier"
	"spoor/sql"
	"spoor/sql/store"
)

// Store reads dossiers from a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the dossiers of db.
func New(db *store.DB) *Store { return &Store{db} }

// ErrNone reports an id that no campaign has, or only a retired one.
var ErrNone = errors.New("there is no such campaign")

// Dossier is a campaign with the evidence of its verdicts.
type Dossier struct {
	dossier.Campaign
	dossier.Known
	Recipients []string // our own addresses that received members
}

// collect runs a statement of sql/queries within the snapshot.
func collect[T any](ctx context.Context, tx pgx.Tx, query string, args ...any) ([]T, error) {
	rows, _ := tx.Query(ctx, sql.Query(query), args...)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
	return out, store.Failed(strings.ReplaceAll(query, "_", " "), err)
}
