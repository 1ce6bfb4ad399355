// Package access says who may look into a store: the roles that read, the login that
// Spoor's own psql uses, and logins for colleagues and their programs.
//
// In go a connection with the rights to make roles and the names of people; what comes
// out are roles of the server. A reader sees views, functions and the tables under them.
// Mail as it came, and the key of what was forgotten, are apart: the first is for those
// to whom it was granted, the second for nobody. No password reaches the server, its
// log or a statement: only the SCRAM verifier that PostgreSQL keeps does.
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

// Roles of a store. They are the server's: several stores on one server share them.
const (
	ReadRole = "spoor_read"   // group: everything but mail as it came
	RawRole  = "spoor_raw"    // group: mail as it came
	Login    = "spoor_reader" // login of the private server's owner who only looks
)

// SQLSTATE codes that are answers here.
const (
	duplicateObject       = "42710"
	uniqueViolation       = "23505"
	insufficientPrivilege = "42501"
	undefinedObject       = "42704"
	invalidGrant          = "0LP01"
	readOnlyTransaction   = "25006"
)

// statement is what pgx's connections, pools and transactions share.
type statement interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Publish makes the groups and lets them read what the schema holds by now. On a server
// of somebody else's we usually may not: then its administrator grants what he likes,
// and may is false.
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
			case duplicateObject, uniqueViolation: // it is there, or another database's migration just made it
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

// inSchema runs a statement with the name of the store's schema.
func inSchema(format string) string {
	return "DO $$ BEGIN EXECUTE format('" + format + "', current_schema()); END $$"
}

// apart runs a statement on a table, once there is one.
func apart(table, format string) string {
	return "DO $$ BEGIN IF to_regclass('" + table + "') IS NOT NULL THEN EXECUTE format('" + format +
		"', to_regclass('" + table + "')); END IF; END $$"
}

// Admin changes who may read a store.
type Admin struct{ conn *pgx.Conn }

// Open connects with rights to make roles.
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

// Close ends the connection.
func (a *Admin) Close(ctx context.Context) error { return a.conn.Close(ctx) }

// Reader makes the login of the owner who only looks. He may read everything, since the
// store is his, and change nothing by a slip of the hand.
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
