package access_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// toolQuestions are the statements that drivers and BI tools send before they
// show a database: JDBC's getTables and getColumns, SQLAlchemy's reflection,
// the settings that each wants.
var toolQuestions = []string{
	"SET extra_float_digits = 3; SET application_name = 'PostgreSQL JDBC Driver'",
	"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
	"SET TIME ZONE 'Europe/Berlin'; SET datestyle = 'ISO, MDY'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET statement_timeout = '30s'",
	"SHOW TRANSACTION ISOLATION LEVEL",
	"SELECT pg_catalog.version(), current_schema(), current_database(), current_setting('server_version_num')",
	`SELECT n.nspname, c.relname, c.relkind, d.description FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
	   LEFT JOIN pg_catalog.pg_description d ON c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
	  WHERE c.relnamespace = n.oid AND c.relname LIKE '%\_v'`,
	"SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
	"SELECT a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'messages_v'::regclass AND a.attnum > 0",
	"SELECT t.oid, t.typname, t.typsend FROM pg_catalog.pg_type t WHERE t.typtype IN ('b', 'e')",
	"SELECT * FROM (SELECT class, count(*) AS n FROM messages_v GROUP BY 1) AS virtual_table LIMIT 1000",
	"BEGIN READ ONLY; DECLARE c CURSOR FOR SELECT sha256 FROM messages_v; FETCH 2 FROM c; COMMIT",
	"PREPARE s (text) AS SELECT count(*) FROM urls_v WHERE host = $1; EXECUTE s ('www.example.com'); DEALLOCATE s",
	"EXPLAIN SELECT * FROM messages_v",
}

// TestToolsConnect sends the statements of BI tools as a granted login, with
// the simple protocol that poolers need, and reads every view with each of
// pgx's protocols.
func TestToolsConnect(t *testing.T) {
	a, where := open(t)
	const name = "access_test_tool"
	if _, err := a.Grant(t.Context(), name, false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Revoke(context.WithoutCancel(t.Context()), name); err != nil {
			t.Error(err)
		}
	})
	conn := as(t, where, name)
	for _, q := range toolQuestions {
		if _, err := conn.Exec(t.Context(), q, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
	views := namesOf(t, conn, "SELECT table_name FROM information_schema.views WHERE table_schema = 'public' ORDER BY 1")
	if len(views) < 20 {
		t.Fatalf("a granted login sees the views %q", views)
	}
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeCacheStatement} {
		var n int64
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM messages_v WHERE received_at >= $1 AND class = $2", mode, "2006-01-01", "spam").Scan(&n); err != nil {
			t.Errorf("%v: %v", mode, err)
		}
	}
	for _, view := range views {
		if _, err := conn.Exec(t.Context(), "SELECT * FROM "+pgx.Identifier{view}.Sanitize()+" LIMIT 1", pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Errorf("%s: %v", view, err)
		}
	}
}

// namesOf reads one column of words.
func namesOf(t *testing.T, conn *pgx.Conn, q string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), q, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}
