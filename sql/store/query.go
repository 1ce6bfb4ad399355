package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// Collect runs a statement of sql/queries and reads each row into a T, by the
// names of its columns.
func Collect[T any](ctx context.Context, db *DB, query string, args ...any) ([]T, error) {
	rows, _ := db.Pool.Query(ctx, sql.Query(query), args...)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, Failed(strings.ReplaceAll(query, "_", " "), err)
	}
	return out, nil
}

// EachRow runs a statement and passes each row as a T, by the names of its
// columns. Fields of T without a column are allowed. Only slices and addresses
// accept NULL; for other fields the statement must replace it.
func EachRow[T any](ctx context.Context, q Querier, statement string, each func(*T), args ...any) error {
	rows, err := q.Query(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := pgx.RowToAddrOfStructByNameLax[T](rows)
		if err != nil {
			return err
		}
		each(v)
	}
	return rows.Err()
}

// Limit returns the argument for LIMIT; 0 means no limit, which is NULL in SQL.
func Limit(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}

// Querier is a connection, a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
