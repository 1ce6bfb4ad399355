package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// Collect runs the statement query of sql/queries and reads its rows by the names of their
// columns into the fields of T.
func Collect[T any](ctx context.Context, db *DB, query string, args ...any) ([]T, error) {
	rows, _ := db.Pool.Query(ctx, sql.Query(query), args...)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, Failed(strings.ReplaceAll(query, "_", " "), err)
	}
	return out, nil
}

// EachRow runs a statement, reads its rows one by one by the names of their columns into
// the fields of T, and hands each over. T may have fields that no column fills. NULL goes
// into slices and addresses only: the statement says what else is to stand for it.
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

// Limit makes 0 "no limit": LIMIT NULL is none.
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
