// Package lookups stores the queue of look-ups, the pace of every server, and
// the answers of registries and DNS: original bytes, parsed values, and times
// of expiry.
package lookups

import "spoor/sql/store"

// Store holds the look-ups of a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the look-ups of db.
func New(db *store.DB) *Store { return &Store{db} }
