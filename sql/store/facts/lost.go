package facts

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"spoor/ingest"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Somebody who may write can delete rows of messages and leave those that hang on them:
// there are no foreign keys (see the first migration). What is lost is derived anew, by
// the next import of the message or by reparse.

// isLeftover tells that a row which hangs on a new message was there before it.
func isLeftover(err error) bool {
	const uniqueViolation = "23505"
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || e.Code != uniqueViolation {
		return false
	}
	for _, d := range dependents() {
		if d.name == e.TableName {
			return true
		}
	}
	return false
}

// deleteLeftovers deletes what hangs on messages that are about to be written, but for
// bytes that we have not got.
func (w *writing) deleteLeftovers(ctx context.Context, list []message) error {
	if err := w.deleteDerived(ctx, list, "incidence"); err != nil {
		return err
	}
	var keys []int64
	for _, m := range list {
		if m.facts.Raw != nil {
			keys = append(keys, m.key)
		}
	}
	if _, err := w.tx.Exec(ctx, "DELETE FROM raw WHERE message_key = ANY ($1)", keys); err != nil {
		return fmt.Errorf("delete from raw: %w", err)
	}
	return nil
}

// Lost is a message whose facts were lost, derived anew from its bytes.
type Lost struct {
	Facts  ingest.Facts
	Key    int64 // of its bytes
	Import int64 // that stored it, as far as is known
}

// Recover writes messages anew whose rows were lost, under the keys of their bytes.
func (s *Store) Recover(ctx context.Context, lost []Lost) error {
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error {
		types, err := readTypes(ctx, tx)
		if err != nil {
			return err
		}
		w := &writing{tx: tx, store: s, types: types}
		array := wire.NewArray(types.message)
		list := make([]message, len(lost))
		for n := range lost {
			l := &lost[n]
			list[n] = message{l.Key, &l.Facts}
			encodeMessage(&array.Rows, list[n], l.Import, l.Facts.Class == ingest.Ham)
		}
		written, err := array.Exec(ctx, tx, insertMessagesSQL)
		if err != nil {
			return err
		}
		in := map[int64]bool{}
		for _, key := range written {
			in[key] = true
		}
		// Who stored one of them meanwhile has written all of it.
		ours := list[:0]
		for _, m := range list {
			if in[m.key] {
				ours = append(ours, m)
			}
		}
		if err := w.deleteDerived(ctx, ours, "incidence"); err != nil {
			return err
		}
		return w.copyDependents(ctx, ours, true)
	})
	return store.Failed("recover messages", err)
}
