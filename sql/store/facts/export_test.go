package facts

import (
	"spoor/ingest"
	"spoor/sql/store"
)

// Forged returns the facts of db, where messages want the keys that keyOf gives them.
func Forged(db *store.DB, keyOf func(ingest.Hash) int64) *Store {
	return &Store{db: db, keyOf: keyOf}
}
