package storetest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"spoor/sql/store"
)

// Column reads one column of text.
func Column(t testing.TB, s *store.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := s.Pool.Query(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	return list
}

// Exec runs statements up to the first that fails.
func Exec(s *store.DB, statements ...string) error {
	for _, statement := range statements {
		if _, err := s.Pool.Exec(context.Background(), statement); err != nil {
			return err
		}
	}
	return nil
}
