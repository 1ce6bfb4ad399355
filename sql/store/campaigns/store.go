// Package campaigns keeps the evidence of messages, the campaigns, operations and spamruns of
// the last run of the correlator, and people's decisions about them. It reads and writes rows
// for graph/correlation and the screens; it holds no rules.
package campaigns

import (
	"github.com/jackc/pgx/v5"

	"spoor/graph/correlation"
	"spoor/sql/store"
)

// Store holds the campaigns of a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the campaigns of db.
func New(db *store.DB) *Store { return &Store{db} }

// Run is a run of the correlator: one transaction, so that a run that is killed leaves the
// memberships of the last complete one. It is a correlation.Tx.
type Run struct{ tx pgx.Tx }

// outcome is the result of a run, with its number.
type outcome struct {
	*correlation.Outcome
	run int64
}
