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

// There are no foreign keys (see the first migration), so a user with write
// access can delete rows of messages and leave their dependent rows. The next
// import of the message, or reparse, restores the lost rows.

// isLeftover recognises the conflict of a new message with a dependent row that
// was left over.
//
// The table's own primary key is not meant: claim handles conflicts of
// messages.
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

// deleteLeftovers deletes the dependent rows of messages about to be written,
// except bytes that we do not have.
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

// Lost is a message whose facts were lost and have been derived again from its
// bytes.
type Lost struct {
	Facts  ingest.Facts
	Key    int64 // of its bytes
	Import int64 // import that stored it, as far as known
}

// Recover writes lost messages again under the keys of their bytes.
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
		// Another process that stored one of them meanwhile has written all of
		// it.
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
