// Package sql holds the text of the database: the migrations that make its tables, the
// views that people query, and the statements too long to stand inside Go code. It runs
// none of them: that is sql/store's business.
package sql

import (
	"embed"
	"fmt"
)

// Migrations are applied in the order of their numbers, each once, each in one
// transaction, never backwards.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Views are created anew whenever their text has changed. A view builds on tables only,
// so that the order of the files does not matter.
//
//go:embed views/*.sql
var Views embed.FS

// Queries are single statements.
//
//go:embed queries/*.sql
var Queries embed.FS

// Query returns the statement in queries/NAME.sql. It panics where there is none: names
// are written in the program, so that only an unfinished change can get here.
func Query(name string) string {
	b, err := Queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("no statement %q in sql/queries", name))
	}
	return string(b)
}
