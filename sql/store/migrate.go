package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"spoor/sql"
	"spoor/sql/store/access"
)

// Names in the database: goose's table of migrations, and the entry of
// view_versions.
const (
	migrationsTable = "spoor_migrations"
	viewSet         = "views"
)

// schema compares the database with this program.
type schema struct {
	version, wanted int64 // migrations
	views, viewText string
	viewHash        string // of viewText
}

// current reports whether the schema is up to date.
func (s *schema) current() bool { return s.version == s.wanted && s.views == s.viewHash }

// newerSchema is the error for a database that a newer program has migrated.
func newerSchema(s schema) error {
	return fmt.Errorf("%w: schema %d, this program knows %d; use the newer program", ErrNewerSchema, s.version, s.wanted)
}

// rowQuerier is a pool or a connection.
type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// readSchema reads the versions of the database's migrations and views.
func readSchema(ctx context.Context, q rowQuerier) (schema, error) {
	s, err := wantedSchema()
	if err != nil {
		return s, err
	}
	var there bool
	if err := q.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", migrationsTable).Scan(&there); err != nil || !there {
		return s, err
	}
	if err := q.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM "+migrationsTable).Scan(&s.version); err != nil || s.version == 0 {
		return s, err
	}
	err = q.QueryRow(ctx, "SELECT coalesce((SELECT hash FROM view_versions WHERE name = $1), '')", viewSet).Scan(&s.views)
	return s, err
}

// wantedSchema reads the versions of the embedded migrations and views.
func wantedSchema() (schema, error) {
	var s schema
	names, err := fs.Glob(sql.Migrations, "migrations/*.sql")
	if err != nil {
		return s, err
	}
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return s, err
		}
		s.wanted = max(s.wanted, n)
	}
	var text strings.Builder
	names, err = fs.Glob(sql.Views, "views/*.sql")
	if err != nil {
		return s, err
	}
	for _, name := range names {
		b, err := sql.Views.ReadFile(name)
		if err != nil {
			return s, err
		}
		text.Write(b)
		text.WriteByte('\n')
	}
	// The views are one version: each change creates all of them again.
	s.viewText = text.String()
	sum := sha256.Sum256([]byte(s.viewText))
	s.viewHash = hex.EncodeToString(sum[:])
	return s, nil
}

// SchemaHash is a hash of all migrations and views. Test databases are copied
// from a template with this hash in its name; no command needs it.
func SchemaHash() string {
	h := sha256.New()
	for _, files := range []fs.FS{sql.Migrations, sql.Views} {
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(files, name)
			fmt.Fprintf(h, "%s %d\n%s", name, len(b), b)
			return err
		})
		if err != nil {
			panic(err) // an embedded file is always readable
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// migrate updates the schema. A second process waits and finds it done.
func migrate(ctx context.Context, config *pgx.ConnConfig) (err error) {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return Failed("connect to the database", err)
	}
	// Closing the connection releases the lock, even if unlocking failed.
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", LockMigration); err != nil {
		return Failed("wait for the lock of the schema", err)
	}
	s, err := readSchema(ctx, conn)
	if err != nil {
		return Failed("read the version of the schema", err)
	}
	if s.version > s.wanted {
		return newerSchema(s)
	}
	if s.version < s.wanted {
		if err := applyMigrations(ctx, config, s.wanted); err != nil {
			return Failed("migrate the schema", err)
		}
	}
	if s.views != s.viewHash {
		if err := createViews(ctx, conn, s); err != nil {
			return Failed("create the views", err)
		}
	}
	_, err = access.Publish(ctx, conn)
	return Failed("let "+access.ReadRole+" read", err)
}

// applyMigrations runs goose on a connection of its own, because goose needs
// database/sql.
func applyMigrations(ctx context.Context, config *pgx.ConnConfig, version int64) (err error) {
	files, err := fs.Sub(sql.Migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config.Copy())
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithTableName(migrationsTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// createViews replaces the views. If their columns changed too much for that,
// it drops and creates them. Views of other people that depend on ours prevent
// that; they are never dropped.
func createViews(ctx context.Context, conn *pgx.Conn, s schema) error {
	const invalidTableDefinition = "42P16"
	err := runViews(ctx, conn, s, "")
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == invalidTableDefinition {
		return runViews(ctx, conn, s, "DROP VIEW IF EXISTS "+strings.Join(viewNames(s.viewText), ", ")+";\n")
	}
	return err
}

// runViews replaces all views and records their version in one transaction, so
// that readers see the old views or the new ones.
func runViews(ctx context.Context, conn *pgx.Conn, s schema, before string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Conn().PgConn().Exec(ctx, before+s.viewText).ReadAll(); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO view_versions (name, hash) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET hash = $2", viewSet, s.viewHash)
		return err
	})
}

// viewName matches the names of views in their text.
var viewName = regexp.MustCompile(`(?im)^CREATE OR REPLACE VIEW\s+([a-z_0-9]+)`)

// viewNames lists the views that a text creates, sorted.
func viewNames(text string) []string {
	var names []string
	for _, m := range viewName.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return names
}
