// Package facts keeps what messages say, and reads it back. It promises that a message is
// stored once, whoever imports it and however often.
//
// In go batches of ingest.Facts; each becomes rows in one transaction, or none. It reads no
// mail and decides nothing about what mail means.
package facts

import (
	"spoor/ingest"
	"spoor/sql/store"
)

// Store holds the facts of a database. It is safe for concurrent use.
type Store struct {
	db    *store.DB
	keyOf func(ingest.Hash) int64 // Key; tests forge equal ones
}

// New returns the facts of db.
func New(db *store.DB) *Store { return &Store{db: db, keyOf: Key} }
