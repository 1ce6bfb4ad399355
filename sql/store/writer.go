package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/sql"
)

var (
	insertMessagesSQL  = sql.Query("messages_insert")
	insertPlacesSQL    = sql.Query("places_insert")
	insertFailuresSQL  = sql.Query("failures_insert")
	resolveFailuresSQL = sql.Query("failures_resolve")
	lockMessagesSQL    = sql.Query("messages_lock")
	insertRawSQL       = sql.Query("raw_insert")
)

// writer writes one batch in one transaction.
type writer struct {
	tx       pgx.Tx
	store    *Store
	importID int64
	ham      bool
	fillRaw  bool
}

// claimed is what came of claiming messages.
type claimed struct {
	owned   []message             // new, and ours to write
	older   []message             // stored, with facts of an older extractor
	rawless []message             // stored, without the bytes that we have
	keys    map[ingest.Hash]int64 // of messages that do not have their natural key
}

// claim inserts the rows of messages. The primary key decides, between all importers at
// once, whose a message is: only those whose row we could insert are ours. The others
// are there already, or another message has the key and the next free one is tried.
func (w *writer) claim(ctx context.Context, facts []ingest.Facts) (*claimed, error) {
	c := &claimed{keys: map[ingest.Hash]int64{}}
	pending := w.store.distinct(facts)
	for len(pending) > 0 {
		sortMessages(pending)
		round, again := splitEqualKeys(pending)
		refused, err := w.insertMessages(ctx, c, round)
		if err != nil {
			return nil, err
		}
		refused, err = w.settle(ctx, c, refused)
		if err != nil {
			return nil, err
		}
		pending = append(again, refused...)
	}
	sortMessages(c.owned)
	sortMessages(c.older)
	sortMessages(c.rawless)
	return c, nil
}

// distinct gives each message its natural key, and leaves each once.
func (s *Store) distinct(facts []ingest.Facts) []message {
	list := make([]message, 0, len(facts))
	seen := make(map[ingest.Hash]bool, len(facts))
	for n := range facts {
		if h := facts[n].Hash; !seen[h] {
			seen[h] = true
			list = append(list, message{s.keyOf(h), &facts[n]})
		}
	}
	return list
}

// splitEqualKeys separates, of messages sorted by key, the first of each key from others
// that want the same.
func splitEqualKeys(sorted []message) (first, others []message) {
	for n, m := range sorted {
		if n > 0 && sorted[n-1].key == m.key {
			others = append(others, m)
		} else {
			first = append(first, m)
		}
	}
	return first, others
}

// insertMessages inserts rows; those that went in are owned, the others are returned.
func (w *writer) insertMessages(ctx context.Context, c *claimed, list []message) (refused []message, err error) {
	array := newArray(w.store.types.message)
	for _, m := range list {
		encodeMessage(&array.rows, m, w.importID, w.ham)
	}
	keys, err := array.exec(ctx, w.tx, insertMessagesSQL)
	if err != nil {
		return nil, err
	}
	in := make(map[int64]bool, len(keys))
	for _, k := range keys {
		in[k] = true
	}
	for _, m := range list {
		if !in[m.key] {
			refused = append(refused, m)
			continue
		}
		c.owned = append(c.owned, m)
		w.note(c, m)
	}
	return refused, nil
}

// note keeps the key of a message that another than its natural one.
func (w *writer) note(c *claimed, m message) {
	if m.key != w.store.keyOf(m.facts.Hash) {
		c.keys[m.facts.Hash] = m.key
	}
}

// settle finds out why messages could not be inserted, and returns those that are to be
// tried again under another key.
func (w *writer) settle(ctx context.Context, c *claimed, refused []message) (again []message, err error) {
	if len(refused) == 0 {
		return nil, nil
	}
	hashes := make([]ingest.Hash, len(refused))
	for n, m := range refused {
		hashes[n] = m.facts.Hash
	}
	found, err := w.store.lookup(ctx, w.tx, hashes, w.fillRaw)
	if err != nil {
		return nil, err
	}
	for n, m := range refused {
		f := found[n]
		m.key = f.key
		if !f.there {
			again = append(again, m)
			continue
		}
		w.note(c, m)
		if f.extractor < ingest.ExtractorVersion {
			c.older = append(c.older, m)
		}
		if f.rawless && m.facts.Raw != nil {
			c.rawless = append(c.rawless, m)
		}
	}
	return again, nil
}

// copyDependents writes the rows that hang on messages which are ours; with derivedOnly
// set only what the extractor derives.
func (w *writer) copyDependents(ctx context.Context, list []message, derivedOnly bool) error {
	if len(list) == 0 {
		return nil
	}
	for _, d := range dependents() {
		if derivedOnly && !d.derived {
			continue
		}
		if _, err := w.tx.Conn().PgConn().CopyFrom(ctx, newCopyStream(list, d.encode), d.copySQL()); err != nil {
			return fmt.Errorf("write %s: %w", d.name, err)
		}
	}
	return nil
}

// fill adds the bytes of messages that were stored without. A message whose bytes somebody
// else adds at the same time is his.
func (w *writer) fill(ctx context.Context, list []message) error {
	for _, m := range list { // one by one: they are large, and this is rare
		if _, err := w.tx.Exec(ctx, insertRawSQL, m.key, m.facts.RawCut, m.facts.Raw); err != nil {
			return err
		}
	}
	return nil
}

// replace derives the rows of stored messages anew: all are deleted and written again,
// but for the raw message and the places. A row that is locked or has just been
// replaced by somebody else is left to him.
func (w *writer) replace(ctx context.Context, list []message) error {
	if len(list) == 0 {
		return nil
	}
	keys := make([]int64, len(list))
	for n, m := range list {
		keys[n] = m.key
	}
	if _, err := w.tx.Exec(ctx, "SELECT pg_advisory_xact_lock_shared($1)", int64(lockEvidence)); err != nil {
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
	list = slices.DeleteFunc(list, func(m message) bool {
		o, ok := origin[m.key]
		return !ok || ingest.Hash(o.SHA256) != m.facts.Hash
	})
	if err := w.deleteDerived(ctx, list); err != nil {
		return err
	}
	array := newArray(w.store.types.message)
	for _, m := range list {
		o := origin[m.key]
		encodeMessage(&array.rows, m, o.ImportID, o.Ham)
	}
	if back, err := array.exec(ctx, w.tx, insertMessagesSQL); err != nil || len(back) != len(list) {
		return fmt.Errorf("write messages anew: %d of %d: %w", len(back), len(list), err)
	}
	return w.copyDependents(ctx, list, true)
}

// storedBy is what of a stored message does not come from its bytes.
type storedBy struct {
	MessageKey int64
	SHA256     []byte `db:"sha256"`
	ImportID   int64
	Ham        bool
}

func (w *writer) deleteDerived(ctx context.Context, list []message) error {
	keys := make([]int64, len(list))
	for n, m := range list {
		keys[n] = m.key
	}
	tables := []string{"messages", "incidence"} // evidence is derived anew by who needs it
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

// insertPlaces notes where messages were seen; a place that is noted stays as it is.
func (w *writer) insertPlaces(ctx context.Context, list []place) error {
	array := newArray(w.store.types.place)
	for n := range list {
		encodePlace(&array.rows, &list[n], w.importID)
	}
	_, err := array.exec(ctx, w.tx, insertPlacesSQL)
	return err
}

// failures notes what could not be read, and marks as resolved what stands at the place
// of a message that now could.
func (w *writer) failures(ctx context.Context, places []place, failures []*ingest.Failure) error {
	if len(places) > 0 {
		keys := make([]int64, len(places))
		for n := range places {
			keys[n] = places[n].key
		}
		if _, err := w.tx.Exec(ctx, resolveFailuresSQL, w.importID, keys); err != nil {
			return err
		}
	}
	if len(failures) == 0 {
		return nil
	}
	var keys, offsets, lengths []int64
	var paths, names, formats, codes, reasons []string
	for _, f := range sortedFailures(failures) {
		keys, offsets, lengths = append(keys, f.key), append(offsets, f.Offset), append(lengths, f.Length)
		paths, names = append(paths, clean(f.Path, maxText)), append(names, clean(f.Name, maxText))
		formats, codes = append(formats, string(f.Format)), append(codes, clean(f.Code, maxText))
		reasons = append(reasons, clean(f.Reason, maxText))
	}
	_, err := w.tx.Exec(ctx, insertFailuresSQL, w.importID, keys, offsets, lengths, paths, names, formats, codes, reasons)
	return err
}

// keyedFailure is a failure with the key of its place.
type keyedFailure struct {
	*ingest.Failure
	key int64
}

// sortedFailures sorts failures by place and leaves one of each: one statement cannot
// touch a row twice. The last is the one that stands.
func sortedFailures(failures []*ingest.Failure) []keyedFailure {
	list := make([]keyedFailure, 0, len(failures))
	for n := len(failures) - 1; n >= 0; n-- {
		list = append(list, keyedFailure{failures[n], placeKey(&failures[n].Place)})
	}
	slices.SortStableFunc(list, func(a, b keyedFailure) int { return cmp.Compare(a.key, b.key) })
	return slices.CompactFunc(list, func(a, b keyedFailure) bool { return a.key == b.key })
}

// Replace puts new facts in the place of those stored for the same messages, all in one
// transaction. Raw messages and places stay; a message that is not stored is left out.
func (s *Store) Replace(ctx context.Context, facts []ingest.Facts) error {
	err := s.transaction(ctx, func(tx pgx.Tx) error {
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
		return (&writer{tx: tx, store: s}).replace(ctx, there)
	})
	return failed("replace facts", err)
}

// progress records how far the import has come, in the transaction that got it there.
func (w *writer) progress(ctx context.Context, p ingest.Counts, added int) error {
	_, err := w.tx.Exec(ctx, progressSQL, w.importID, p.Read, added, p.Failed, p.Bytes)
	return err
}
