// Package store keeps facts in PostgreSQL and reads them back. It owns the schema (its
// migrations and views), the connections, and the promise that a message is stored
// once, whoever imports it and however often.
//
// In go batches of ingest.Facts; each becomes rows in one transaction, or none. Out come
// rows for the commands to show. It is the only package that knows pgx; it reads no
// mail, and decides nothing about what mail means.
package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"
)

// What callers branch on.
var (
	// ErrNoSchema: the database holds no Spoor tables, and opening it was not to make them.
	ErrNoSchema = errors.New("the database holds no Spoor store yet")
	// ErrNewerSchema: a newer program has migrated the database.
	ErrNewerSchema = errors.New("the store was written by a newer Spoor")
	// ErrUnavailable: the server cannot be reached, refused us, or went away.
	ErrUnavailable = errors.New("the database server is not available")
	// ErrFull: the server has no room left.
	ErrFull = errors.New("the database server has no disk space left")
)

// Options of Open. The zero value is right for a command that writes.
type Options struct {
	ReadOnly bool   // make and migrate nothing; every transaction is read-only
	Program  string // application_name, for the administrator who looks at pg_stat_activity
	MaxConns int32  // 0: pgxpool's default
}

// Store is a database with Spoor's tables in it. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
}

// Open connects to connString (a URL or libpq keywords; "" for libpq's environment) and,
// unless o.ReadOnly, brings the schema up to date.
func Open(ctx context.Context, connString string, o Options) (*Store, error) {
	return nil, errors.ErrUnsupported
}

// Close releases the connections.
func (s *Store) Close() { s.pool.Close() }
