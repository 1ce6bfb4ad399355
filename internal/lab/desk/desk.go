// Package desk fills a store for investigators' questions with invented mail,
// campaigns, logs and registry data, by SQL inside the server, so that a
// million messages take minutes. It stands in for imports and runs where only
// the questions are measured or tried. All names and addresses are reserved
// ones; the same number of messages gives the same store.
package desk

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"spoor/sql/store"
)

//go:embed fill.sql
var script string

// Placeholders in the statements: U(name, n) is a number below n that depends
// on the row, N the number of messages.
var (
	uniform = regexp.MustCompile(`U\((\w+), (\d+)\)`)
	size    = regexp.MustCompile(`\bN\b`)
)

// Fill fills an empty store with n messages.
func Fill(ctx context.Context, db *store.DB, n int) error {
	text := uniform.ReplaceAllString(script, "((hashint8extended($1, $2) & 1048575) / 1048576.0)")
	text = size.ReplaceAllString(text, strconv.Itoa(n))
	for _, statement := range strings.Split(text, ";\n\n") {
		if _, err := db.Pool.Exec(ctx, statement); err != nil {
			return fmt.Errorf("fill the store: %w in %.200s", err, statement)
		}
	}
	if err := db.SumUpAll(ctx); err != nil {
		return fmt.Errorf("sum up: %w", err)
	}
	if _, err := db.Pool.Exec(ctx, "INSERT INTO domain_hosting SELECT * FROM hosting_of(ARRAY(SELECT domain FROM domains))"); err != nil {
		return fmt.Errorf("work out the hosting of domains: %w", err)
	}
	_, err := db.Pool.Exec(ctx, "VACUUM ANALYZE")
	return err
}
