package facts

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// replace derives the rows of stored messages again. It deletes and writes all
// of them, except raw message and places. A row that another process has locked
// or just replaced is left to that process.
//
// The import that stored a message and its class are not derived from bytes.
// They are read first and written back.
func (w *writing) replace(ctx context.Context, list []message) error {
	if len(list) == 0 {
		return nil
	}
	keys := make([]int64, len(list))
	for n, m := range list {
		keys[n] = m.key
	}
	if _, err := w.tx.Exec(ctx, "SELECT pg_advisory_xact_lock_shared($1)", store.LockEvidence); err != nil {
		return fmt.Errorf("wait for evidence to be derived: %w", err)
	}
	rows, err := w.tx.Query(ctx, lockMessagesSQL, keys)
	if err != nil {
		return err
	}
	was, err := pgx.CollectRows(rows, pgx.RowToStructByName[storedBy])
	if err != nil {
		return fmt.Errorf("lock messages: %w", err)
	}
	origin := make(map[int64]storedBy, len(was))
	for _, o := range was {
		origin[o.MessageKey] = o
	}
	// Not there: locked or replaced by another process. Another hash: the key
	// was looked up before somebody forgot the message.
	list = slices.DeleteFunc(list, func(m message) bool {
		o, ok := origin[m.key]
		return !ok || ingest.Hash(o.SHA256) != m.facts.Hash
	})
	if _, err := w.tx.Exec(ctx, sql.Query("sums_stale"), keys); err != nil {
		return fmt.Errorf("mark campaigns: %w", err)
	}
	// The next run of the correlator derives the evidence again.
	if err := w.deleteDerived(ctx, list, "messages", "incidence"); err != nil {
		return err
	}
	array := wire.NewArray(w.types.message)
	for _, m := range list {
		o := origin[m.key]
		encodeMessage(&array.Rows, m, o.ImportID, o.Ham)
	}
	if back, err := array.Exec(ctx, w.tx, insertMessagesSQL); err != nil || len(back) != len(list) {
		return fmt.Errorf("write messages anew: %d of %d: %w", len(back), len(list), err)
	}
	if _, err := w.tx.Exec(ctx, sql.Query("members_again"), keys); err != nil {
		return fmt.Errorf("write memberships anew: %w", err)
	}
	return w.copyDependents(ctx, list, true)
}

// storedBy holds the columns of a message that do not come from its bytes.
type storedBy struct {
	MessageKey int64
	SHA256     []byte `db:"sha256"`
	ImportID   int64
	Ham        bool
}

// deleteDerived deletes rows that the extractor derived, and those of further
// tables.
func (w *writing) deleteDerived(ctx context.Context, list []message, tables ...string) error {
	keys := make([]int64, len(list))
	for n, m := range list {
		keys[n] = m.key
	}
	for _, d := range dependents() {
		if d.derived {
			tables = append(tables, d.name)
		}
	}
	for _, table := range tables {
		if _, err := w.tx.Exec(ctx, "DELETE FROM "+table+" WHERE message_key = ANY ($1)", keys); err != nil {
			return fmt.Errorf("delete from %s: %w", table, err)
		}
	}
	return nil
}

// Replace replaces the facts of stored messages in one transaction. Raw
// messages and places stay; unknown messages are skipped.
//
// It is for reparse. An import replaces facts within its own batch.
func (s *Store) Replace(ctx context.Context, facts []ingest.Facts) error {
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error {
		list := s.distinct(facts)
		hashes := make([]ingest.Hash, len(list))
		for n, m := range list {
			hashes[n] = m.facts.Hash
		}
		found, err := s.lookup(ctx, tx, hashes, false)
		if err != nil {
			return err
		}
		var there []message
		for n, m := range list {
			if found[n].there {
				there = append(there, message{found[n].key, m.facts})
			}
		}
		sortMessages(there)
		types, err := readTypes(ctx, tx)
		if err != nil {
			return err
		}
		return (&writing{tx: tx, store: s, types: types}).replace(ctx, there)
	})
	return store.Failed("replace facts", err)
}
