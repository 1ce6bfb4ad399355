package storetest

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// pool holds databases of this process that tests have given back. Copying the template
// writes a thousand files; emptying the tables that a test filled costs a tenth of that.
type pool struct {
	free     []string
	pristine *state // of a fresh copy; nil before the first
}

// state is the required state of a database for the next test.
type state struct {
	schema string          // hash of all definitions, and of the rows stored by migrations
	seeded map[string]bool // tables in which migrations stored something
}

// take returns a clean database; "" if the pool is empty.
func (p *pool) take() string {
	if len(p.free) == 0 {
		return ""
	}
	name := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	return name
}

// definitions is everything that a test could change in a schema but the rows.
const definitions = `SELECT coalesce(md5(string_agg(d, E'\n' ORDER BY d)), '') FROM (
	SELECT concat_ws(' ', 'relation', c.relname, c.relkind, c.relacl, a.attname, a.atttypid, a.attnotnull)
	  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	 WHERE c.relnamespace = 'public'::regnamespace
	UNION ALL SELECT concat_ws(' ', 'view', oid::regclass, pg_get_viewdef(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
	UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'
	UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
	UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
	UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname) FROM pg_trigger
	UNION ALL SELECT concat_ws(' ', 'schema', nspname) FROM pg_namespace WHERE NOT starts_with(nspname, 'pg_')
	UNION ALL SELECT concat_ws(' ', 'setting', setconfig) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE d.datname = current_database()
) AS all_of_them (d)`

// reset empties a used database. It returns false if the test left more than
// rows: connections, or another schema.
func (p *pool) reset(ctx context.Context, conn *pgx.Conn) (bool, error) {
	var others int
	err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&others)
	if err != nil || others > 0 {
		return false, err
	}
	filled, err := filledTables(ctx, conn)
	if err != nil {
		return false, err
	}
	var empty, kept []string
	for _, table := range filled {
		if p.pristine.seeded[table] {
			kept = append(kept, table)
		} else {
			empty = append(empty, table)
		}
	}
	now, err := schemaOf(ctx, conn, kept)
	if err != nil || now != p.pristine.schema {
		return false, err
	}
	if len(empty) > 0 {
		if _, err := conn.Exec(ctx, "TRUNCATE "+strings.Join(empty, ", ")); err != nil {
			return false, err
		}
	}
	_, err = conn.Exec(ctx, `SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
		FROM pg_sequences WHERE last_value IS NOT NULL AND NOT starts_with(sequencename, 'spoor_migrations')`)
	return err == nil, err
}

// look notes the state of a fresh copy of the template.
func (p *pool) look(ctx context.Context, conn *pgx.Conn) error {
	filled, err := filledTables(ctx, conn)
	if err != nil {
		return err
	}
	schema, err := schemaOf(ctx, conn, filled)
	if err != nil {
		return err
	}
	p.pristine = &state{schema, map[string]bool{}}
	for _, table := range filled {
		p.pristine.seeded[table] = true
	}
	return nil
}

// filledTables lists the tables that have rows.
func filledTables(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, _ := conn.Query(ctx, "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1")
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) == 0 {
		return nil, err
	}
	var ask []string
	for _, table := range tables {
		ask = append(ask, fmt.Sprintf("SELECT '%s' WHERE EXISTS (SELECT FROM %s)", table, table))
	}
	rows, _ = conn.Query(ctx, strings.Join(ask, " UNION ALL "))
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// schemaOf hashes all definitions, and the rows of some tables.
func schemaOf(ctx context.Context, conn *pgx.Conn, tables []string) (string, error) {
	var all string
	err := conn.QueryRow(ctx, definitions).Scan(&all)
	for _, table := range tables {
		var rows string
		if err == nil {
			err = conn.QueryRow(ctx, "SELECT coalesce(md5(string_agg(t::text, E'\n' ORDER BY t::text)), '') FROM "+table+" AS t").Scan(&rows)
		}
		all += " " + table + " " + rows
	}
	return all, err
}
