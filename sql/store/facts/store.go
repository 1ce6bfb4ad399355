// Package facts stores the facts of messages and reads them back. A message is
// stored once, however many processes import it and however often.
//
// Batches of ingest.Facts go in; each becomes rows in one transaction or none.
// The package does not interpret mail.
package facts

import (
	"spoor/ingest"
	"spoor/sql/store"
)

// Store holds the facts of a database. It is safe for concurrent use.
type Store struct {
	db    *store.DB
	keyOf func(ingest.Hash) int64 // Key; tests replace it to get equal keys
}

// New returns the facts of db.
func New(db *store.DB) *Store { return &Store{db: db, keyOf: Key} }
