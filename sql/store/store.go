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
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"spoor/ingest"
)

// minServer is the oldest PostgreSQL that the schema works with.
const minServer = 13

// Options of Open. The zero value is right for a command that writes.
type Options struct {
	ReadOnly bool   // make and migrate nothing; every transaction is read-only
	Program  string // application_name, for the administrator who looks at pg_stat_activity
	MaxConns int32  // 0: pgxpool's default
}

// Store is a database with Spoor's tables in it. It is safe for concurrent use.
type Store struct {
	pool  *pgxpool.Pool
	keyOf func(ingest.Hash) int64 // naturalKey; tests forge equal ones
	types rowTypes
}

// Open connects to connString (a URL or libpq keywords; "" for libpq's environment) and,
// unless o.ReadOnly, brings the schema up to date.
func Open(ctx context.Context, connString string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(connString)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	configure(config, o)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, failed("connect to the database", err)
	}
	s := &Store{pool: pool, keyOf: naturalKey}
	err = s.prepare(ctx, config.ConnConfig, o.ReadOnly)
	if err == nil {
		err = failed("read the schema", s.loadTypes(ctx))
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func configure(config *pgxpool.Config, o Options) {
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	if o.Program != "" {
		config.ConnConfig.RuntimeParams["application_name"] = o.Program
	}
	// SET, and not parameters of the connection, which a pooler may refuse.
	settings := []string{
		// Times are written and compared in one zone, whatever the server is set to.
		"SET timezone = 'UTC'",
		// A plan made while a table was empty reads all of it; kept while an import
		// fills it, it would make the import quadratic.
		"SET plan_cache_mode = force_custom_plan",
	}
	if o.ReadOnly {
		settings = append(settings, "SET default_transaction_read_only = on")
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.PgConn().Exec(ctx, strings.Join(settings, ";")).ReadAll()
		return err
	}
}

// prepare checks the server and leaves the schema as this program needs it.
func (s *Store) prepare(ctx context.Context, config *pgx.ConnConfig, readOnly bool) error {
	var version string
	if err := s.pool.QueryRow(ctx, "SHOW server_version_num").Scan(&version); err != nil {
		return failed("connect to the database", err)
	}
	if n, err := strconv.Atoi(version); err != nil || n/10000 < minServer {
		return fmt.Errorf("the database server is PostgreSQL %s; Spoor needs %d or newer", serverName(version), minServer)
	}
	state, err := readSchema(ctx, s.pool)
	if err != nil {
		return failed("read the version of the schema", err)
	}
	switch {
	case state.version > state.wanted:
		return newerSchema(state)
	case state.current():
		return nil
	case readOnly && state.version == 0:
		return ErrNoSchema
	case readOnly && state.version < state.wanted:
		return fmt.Errorf("%w: schema %d, this program needs %d; run a command that writes, such as collector import", ErrOldSchema, state.version, state.wanted)
	case readOnly:
		return nil // views of a slightly older program
	}
	return migrate(ctx, config)
}

// serverName makes "13.4" of 130004, or returns what it cannot read.
func serverName(num string) string {
	n, err := strconv.Atoi(num)
	if err != nil {
		return num
	}
	return fmt.Sprintf("%d.%d", n/10000, n%10000)
}

// Close releases the connections.
func (s *Store) Close() { s.pool.Close() }
