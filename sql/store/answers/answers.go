// Package answers puts a question of sql/questions to a store and reads the answer. It can
// only read: the transaction is read-only, ends after a while, and takes values bound.
package answers

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"spoor/sql/questions"
	"spoor/sql/store"
)

// MaxRows bounds an answer; questions end with a LIMIT below it.
const MaxRows = 10_000

// ErrTooLong says that a question took longer than it was allowed to.
var ErrTooLong = errors.New("the question took too long")

// Answer is a table. A cell is nil, a string, an int64, a float64, a bool, a time.Time, or
// a []any of these.
type Answer struct {
	Columns []string
	Rows    [][]any
	More    bool // there are more than MaxRows
}

// Ask answers a question with the values given, within timeout.
func Ask(ctx context.Context, db *store.DB, q questions.Question, given map[string]string, timeout time.Duration) (Answer, error) {
	args, err := q.Bind(given)
	if err != nil {
		return Answer{}, err
	}
	var out Answer
	err = pgx.BeginTxFunc(ctx, db.Pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		limit := fmt.Sprintf("%d", max(timeout.Milliseconds(), 1))
		// Questions take a tenth of a second of one process. With two more they take up to twice the CPU, for little time.
		if _, err := tx.Exec(ctx, "SELECT set_config('statement_timeout', $1, true), set_config('max_parallel_workers_per_gather', '0', true)", limit); err != nil {
			return err
		}
		args := args
		if q.NeedsNewest() {
			var newest time.Time // of no message: any time
			if err := tx.QueryRow(ctx, "SELECT coalesce(max(received_at), now()) FROM messages").Scan(&newest); err != nil {
				return err
			}
			args = append(args, newest)
		}
		rows, err := tx.Query(ctx, q.SQL(), args...)
		if err != nil {
			return err
		}
		out, err = read(rows)
		return err
	})
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "57014" && ctx.Err() == nil { // query_canceled
		return Answer{}, fmt.Errorf("%w: %s, longer than %v", ErrTooLong, q.Name, timeout)
	}
	return out, store.Failed("answer "+q.Name, err)
}

// read collects at most MaxRows rows.
func read(rows pgx.Rows) (out Answer, err error) {
	defer rows.Close()
	for _, f := range rows.FieldDescriptions() {
		out.Columns = append(out.Columns, f.Name)
	}
	for rows.Next() {
		if len(out.Rows) == MaxRows {
			out.More = true
			break
		}
		values, err := rows.Values()
		if err != nil {
			return out, err
		}
		for i, v := range values {
			values[i] = plain(v, rows.FieldDescriptions()[i].DataTypeOID)
		}
		out.Rows = append(out.Rows, values)
	}
	rows.Close()
	return out, rows.Err()
}

// plain converts a value read by pgx to one of the kinds of a cell.
func plain(v any, oid uint32) any {
	switch v := v.(type) {
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case float32:
		return float64(v)
	case time.Time:
		// A date has no time and no zone.
		if oid == pgtype.DateOID {
			return v.Format(time.DateOnly)
		}
		return v.UTC()
	case netip.Prefix:
		// An inet is an address; a cidr stays a network, even of one address.
		if v.IsSingleIP() && oid != pgtype.CIDROID && oid != pgtype.CIDRArrayOID {
			return v.Addr().String()
		}
		return v.String()
	case pgtype.Numeric:
		if f, err := v.Float64Value(); err == nil && f.Valid {
			return f.Float64
		}
		return nil
	case []any:
		for i := range v {
			v[i] = plain(v[i], oid)
		}
		return v
	case nil, string, int64, float64, bool:
		return v
	}
	return fmt.Sprint(v)
}
