// Package campaigns keeps what belongs together: the evidence that messages offer, the
// campaigns, operations and spamruns of the last run of the correlator, and what people
// decided about them.
package campaigns

import "spoor/sql/store"

// Store holds the campaigns of a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the campaigns of db.
func New(db *store.DB) *Store { return &Store{db} }
