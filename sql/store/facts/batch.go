package facts

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// The statements of a batch.
var (
	insertMessagesSQL  = sql.Query("messages_insert")
	insertPlacesSQL    = sql.Query("places_insert")
	insertFailuresSQL  = sql.Query("failures_insert")
	resolveFailuresSQL = sql.Query("failures_resolve")
	lockMessagesSQL    = sql.Query("messages_lock")
	insertRawSQL       = sql.Query("raw_insert")
	progressSQL        = sql.Query("import_progress")
)

// writing is the state of one transaction on a batch.
type writing struct {
	tx       pgx.Tx
	store    *Store
	types    rowTypes
	importID int64
	ham      bool
	fillRaw  bool
}

// rowTypes are the types of tables whose rows are inserted as an array. COPY
// would be as fast, but cannot skip existing rows.
type rowTypes struct{ message, place wire.RowType }

// readTypes reads the type numbers that PostgreSQL assigned to two tables.
func readTypes(ctx context.Context, q store.Querier) (t rowTypes, err error) {
	err = q.QueryRow(ctx, "SELECT 'messages'::regtype::oid, 'messages[]'::regtype::oid, 'places'::regtype::oid, 'places[]'::regtype::oid").
		Scan(&t.message.Row, &t.message.Array, &t.place.Row, &t.place.Array)
	return t, err
}

// claimed is the outcome of claiming messages.
//
// A message that is stored with present facts and bytes is in none of the
// lists: nothing is to be done.
type claimed struct {
	owned   []message             // new, to be written by this transaction
	older   []message             // stored with facts of an older extractor
	rawless []message             // stored without the bytes that we have
	keys    map[ingest.Hash]int64 // keys of messages without their natural key
}

// claim inserts the rows of messages. The primary key decides among all
// concurrent importers which one owns a message. A refused row is either stored
// already, or its key belongs to another message, and claim tries the next free
// key.
func (w *writing) claim(ctx context.Context, facts []ingest.Facts) (*claimed, error) {
	c := &claimed{keys: map[ingest.Hash]int64{}}
	pending := w.store.distinct(facts)
	// Each round settles at least the first message of every key, so the loop
	// ends. More than one round takes equal keys, which only an attacker makes.
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

// distinct gives each message its natural key and removes duplicates.
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

// splitEqualKeys separates messages that want the same key: the first of each
// key, and the others. The input must be sorted by key.
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

// insertMessages inserts rows. Inserted messages become owned; the others are
// returned.
func (w *writing) insertMessages(ctx context.Context, c *claimed, list []message) (refused []message, err error) {
	array := wire.NewArray(w.types.message)
	for _, m := range list {
		encodeMessage(&array.Rows, m, w.importID, w.ham)
	}
	keys, err := array.Exec(ctx, w.tx, insertMessagesSQL)
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

// note remembers the key of a message if it is not the natural one.
func (w *writing) note(c *claimed, m message) {
	if m.key != w.store.keyOf(m.facts.Hash) {
		c.keys[m.facts.Hash] = m.key
	}
}

// settle determines why messages could not be inserted. It returns those to be
// tried with another key.
func (w *writing) settle(ctx context.Context, c *claimed, refused []message) (again []message, err error) {
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

// copyDependents writes the dependent rows of our messages. With derivedOnly it
// writes only tables that the extractor derives.
//
// COPY is the fastest way in, and cannot skip rows. That is safe here, because
// the transaction owns the messages.
func (w *writing) copyDependents(ctx context.Context, list []message, derivedOnly bool) error {
	if len(list) == 0 {
		return nil
	}
	for _, d := range dependents() {
		if derivedOnly && !d.derived {
			continue
		}
		if err := wire.CopyIn(ctx, w.tx, d.name, strings.Split(d.columns, ", "), list, d.encode); err != nil {
			return fmt.Errorf("write %s: %w", d.name, err)
		}
	}
	return nil
}

// fill adds the bytes of messages that were stored without them. If another
// process adds them at the same time, its bytes count.
func (w *writing) fill(ctx context.Context, list []message) error {
	for _, m := range list { // one by one, since they are large and rare
		if _, err := w.tx.Exec(ctx, insertRawSQL, m.key, m.facts.RawCut, m.facts.Raw); err != nil {
			return err
		}
	}
	return nil
}

// insertPlaces records where messages were seen. Existing places stay
// unchanged.
func (w *writing) insertPlaces(ctx context.Context, list []place) error {
	array := wire.NewArray(w.types.place)
	for n := range list {
		encodePlace(&array.Rows, &list[n], w.importID)
	}
	_, err := array.Exec(ctx, w.tx, insertPlacesSQL)
	return err
}

// failures records unreadable items. It also resolves failures at the places of
// messages that are readable now.
func (w *writing) failures(ctx context.Context, places []place, failures []keyedFailure) error {
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
	var keys, offsets, lengths, items []int64
	var paths, names, formats, codes, reasons []string
	for _, f := range failures {
		keys, offsets, lengths, items = append(keys, f.key), append(offsets, f.Offset), append(lengths, f.Length), append(items, f.items)
		paths, names = append(paths, wire.Clean(f.Path, wire.MaxText)), append(names, wire.Clean(f.Name, wire.MaxText))
		formats, codes = append(formats, string(f.Format)), append(codes, wire.Clean(f.Code, wire.MaxText))
		reasons = append(reasons, wire.Clean(f.Reason, wire.MaxText))
	}
	_, err := w.tx.Exec(ctx, insertFailuresSQL, w.importID, keys, offsets, lengths, paths, names, formats, codes, reasons, items)
	return err
}

// progress records how far the import has come, in the same transaction as the
// batch.
//
// So the recorded numbers are those of the stored messages, whenever the
// process is killed.
func (w *writing) progress(ctx context.Context, p ingest.Counts, added int) error {
	_, err := w.tx.Exec(ctx, progressSQL, w.importID, p.Read, added, p.Failed, p.Bytes)
	return err
}
