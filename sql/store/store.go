// Package store opens the database and maintains its schema. It owns
// connections, migrations, views, advisory locks, and the errors that callers
// distinguish.
//
// Its subpackages share the DB and store the data:
//
//   - facts: the facts of messages; imports write them, reparse derives them
//     again
//   - lookups: the queue of look-ups and the answers of registries and DNS
//   - logs: transactions and recipients of mail logs, joined with messages
//   - campaigns: evidence, campaigns, spamruns, users' decisions
//   - access: roles and logins
//   - dossiers: all data of one campaign, for export
//   - ledger: abuse reports made, and sightings of others
//   - wire: PostgreSQL's binary format, for millions of rows
//
// Only this tree uses pgx.
package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"spoor/internal/connstring"
)

// minServer is the oldest major version of PostgreSQL that the schema supports.
const minServer = 13

// Options of Open. The zero value suits a command that writes.
type Options struct {
	ReadOnly bool   // create and migrate nothing; every transaction is read-only
	Program  string // application_name, shown in pg_stat_activity
	MaxConns int32  // 0: pgxpool's default
}

// DB is a database with our tables. It is safe for concurrent use.
type DB struct {
	Pool *pgxpool.Pool // for the subpackages
}

// Open connects to connString (a URL or libpq keywords; "" for libpq's
// environment). Unless o.ReadOnly is set, it updates the schema.
func Open(ctx context.Context, connString string, o Options) (*DB, error) {
	config, err := parse(connString)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	configure(config, o)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, Failed("connect to the database", err)
	}
	db := &DB{Pool: pool}
	if err := db.prepare(ctx, config.ConnConfig, o.ReadOnly); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// OpenAt opens a database with the given older version of the schema, to be
// filled with rows of that version. Open migrates it later.
func OpenAt(ctx context.Context, connString string, version int64) (*DB, error) {
	config, err := parse(connString)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	configure(config, Options{Program: "spoor"})
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, Failed("connect to the database", err)
	}
	db := &DB{Pool: pool}
	s, err := readSchema(ctx, pool)
	switch {
	case err != nil:
		err = Failed("read the version of the schema", err)
	case version < 1 || version > s.wanted:
		err = fmt.Errorf("%w: schema %d, this program knows %d; use the newer program", ErrNewerSchema, version, s.wanted)
	case s.version > version:
		err = fmt.Errorf("the database has schema %d already: make a new one for schema %d", s.version, version)
	default:
		err = Failed("migrate the schema", applyMigrations(ctx, config.ConnConfig, version))
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// parse removes the password before pgx sees the string, because pgx quotes the
// string in its errors, and takes the text after the first @ of a password for
// a host.
func parse(connString string) (*pgxpool.Config, error) {
	clean, password, err := connstring.Split(connString)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(clean)
	if err == nil && password != "" {
		config.ConnConfig.Password = password
	}
	return config, err
}

// configure sets the options of all connections of the pool.
func configure(config *pgxpool.Config, o Options) {
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	if o.Program != "" {
		config.ConnConfig.RuntimeParams["application_name"] = o.Program
	}
	// Use SET and not connection parameters, which a pooler may refuse.
	settings := []string{
		// All times are written and compared in UTC, also if the server is set
		// to another zone.
		"SET timezone = 'UTC'",
		// A plan made while a table is empty reads the whole table. If it were
		// cached, an import that fills the table would take quadratic time.
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

// prepare checks the server and updates the schema.
func (db *DB) prepare(ctx context.Context, config *pgx.ConnConfig, readOnly bool) error {
	var version string
	if err := db.Pool.QueryRow(ctx, "SHOW server_version_num").Scan(&version); err != nil {
		return Failed("connect to the database", err)
	}
	if n, err := strconv.Atoi(version); err != nil || n/10000 < minServer {
		return fmt.Errorf("the database server is PostgreSQL %s; Spoor needs %d or newer", serverName(version), minServer)
	}
	state, err := readSchema(ctx, db.Pool)
	if err != nil {
		return Failed("read the version of the schema", err)
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

// serverName converts 130004 to "13.4" and returns other text unchanged.
func serverName(num string) string {
	n, err := strconv.Atoi(num)
	if err != nil {
		return num
	}
	return fmt.Sprintf("%d.%d", n/10000, n%10000)
}

// Close closes the connections.
func (db *DB) Close() { db.Pool.Close() }
