package store

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"spoor/ingest"
)

// ForgeKeys lets a test choose which messages want the same key.
func (s *Store) ForgeKeys(keyOf func(ingest.Hash) int64) { s.keyOf = keyOf }

// Pool lets a test look into the database.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }
