// Package sql holds the SQL of the database: the migrations that create its
// tables, the views for people, and statements that are too long for Go code.
// Package sql/store runs them.
package sql

import (
	"embed"
	"fmt"
)

// Migrations are applied in the order of their numbers, each once in one
// transaction, and never reversed.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Views are created again whenever their text changes. A view may use tables
// only, so that the order of the files does not matter.
//
//go:embed views/*.sql
var Views embed.FS

// Queries are single statements. A test prepares each against the migrated
// schema.
//
//go:embed queries/*.sql
var Queries embed.FS

// Query returns the statement in queries/NAME.sql. It panics for a missing one:
// names are constants, so that is a bug.
func Query(name string) string {
	b, err := Queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("no statement %q in sql/queries", name))
	}
	return string(b)
}
