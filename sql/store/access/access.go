// Package access decides who may read a store: it manages the reading roles,
// the login of our own psql, and logins for colleagues and their programs.
//
// A connection that may create roles and names of people go in; roles of the
// server come out. Readers see views, functions and the tables below them. Two
// tables are excluded: original mail, which needs a separate grant, and the key
// of forgotten messages, which nobody may read. No password reaches the server,
// its log or a statement, only the SCRAM verifier that PostgreSQL stores.
package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"spoor/internal/connstring"
	"spoor/sql"
)

// Roles of a store. They belong to the server, so several stores on it share
// them.
const (
	ReadRole = "spoor_read"   // group: everything but original mail
	RawRole  = "spoor_raw"    // group: original mail
	Login    = "spoor_reader" // read-only login of the private server's owner
)

// SQLSTATE codes with a meaning here.
const (
	duplicateObject       = "42710"
	uniqueViolation       = "23505"
	insufficientPrivilege = "42501"
	undefinedObject       = "42704"
	invalidGrant          = "0LP01"
	readOnlyTransaction   = "25006"
)

// statement is implemented by pgx connections, pools and transactions.
type statement interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Publish creates the groups and grants them the present schema. may is false
// if the login lacks the rights, as usual on a foreign server; then its
// administrator decides about grants.
func Publish(ctx context.Context, conn statement) (may bool, err error) {
	for _, text := range []string{
		"CREATE ROLE " + ReadRole + " NOLOGIN",
		"CREATE ROLE " + RawRole + " NOLOGIN",
		inSchema("GRANT USAGE ON SCHEMA %1$I TO " + ReadRole + ", " + RawRole),
		inSchema("GRANT SELECT ON ALL TABLES IN SCHEMA %1$I TO " + ReadRole),
		apart("raw", "GRANT SELECT ON %s TO "+RawRole),
		apart("raw", "REVOKE ALL ON %s FROM "+ReadRole),
		apart("forget_key", "REVOKE ALL ON %s FROM "+ReadRole),
	} {
		_, err := conn.Exec(ctx, text)
		if e, ok := errors.AsType[*pgconn.PgError](err); ok {
			switch e.Code {
			case duplicateObject, uniqueViolation: // it exists, or another database's migration has just created it
				continue
			case insufficientPrivilege, undefinedObject, invalidGrant, readOnlyTransaction:
				return false, nil
			}
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// inSchema inserts the name of the store's schema into a statement.
func inSchema(format string) string {
	return "DO $$ BEGIN EXECUTE format('" + format + "', current_schema()); END $$"
}

// apart runs a statement on a table if it exists.
func apart(table, format string) string {
	return "DO $$ BEGIN IF to_regclass('" + table + "') IS NOT NULL THEN EXECUTE format('" + format +
		"', to_regclass('" + table + "')); END IF; END $$"
}

// Admin changes who may read a store.
type Admin struct{ conn *pgx.Conn }

// Open connects with a login that may create roles.
func Open(ctx context.Context, connString string) (*Admin, error) {
	clean, password, err := connstring.Split(connString)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(clean)
	if err != nil {
		return nil, err
	}
	if password != "" {
		config.Password = password
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return &Admin{conn}, nil
}

// Close closes the connection.
func (a *Admin) Close(ctx context.Context) error { return a.conn.Close(ctx) }

// Reader creates the owner's read-only login. It may read everything, since the
// owner owns the store, and cannot change anything by mistake.
func (a *Admin) Reader(ctx context.Context) error {
	var ready bool
	err := a.conn.QueryRow(ctx, sql.Query("access_ready"), Login, ReadRole, RawRole).Scan(&ready)
	if err != nil || ready {
		return err
	}
	if may, err := Publish(ctx, a.conn); err != nil || !may {
		return errors.Join(errors.New("the roles that read can't be made"), err)
	}
	return a.all(ctx,
		inSchema("REVOKE CREATE ON SCHEMA %1$I FROM PUBLIC"),
		"CREATE ROLE "+Login+" LOGIN IN ROLE "+ReadRole+", "+RawRole,
		"ALTER ROLE "+Login+" SET default_transaction_read_only = on")
}

// all runs statements in one transaction.
func (a *Admin) all(ctx context.Context, statements ...string) error {
	return pgx.BeginFunc(ctx, a.conn, func(tx pgx.Tx) error {
		for _, text := range statements {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
}
