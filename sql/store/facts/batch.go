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

var (
	insertMessagesSQL  = sql.Query("messages_insert")
	insertPlacesSQL    = sql.Query("places_insert")
	insertFailuresSQL  = sql.Query("failures_insert")
	resolveFailuresSQL = sql.Query("failures_resolve")
	lockMessagesSQL    = sql.Query("messages_lock")
	insertRawSQL       = sql.Query("raw_insert")
	progressSQL        = sql.Query("import_progress")
)

// writing is the work of one transaction on a batch.
type writing struct {
	tx       pgx.Tx
	store    *Store
	types    rowTypes
	importID int64
	ham      bool
	fillRaw  bool
}

// rowTypes are those of the tables whose rows go in as an array. (COPY would be as
// fast, but cannot leave out rows that are there already.)
type rowTypes struct{ message, place wire.RowType }

// readTypes reads the types that PostgreSQL gave to the rows of two tables.
func readTypes(ctx context.Context, q store.Querier) (t rowTypes, err error) {
	err = q.QueryRow(ctx, "SELECT 'messages'::regtype::oid, 'messages[]'::regtype::oid, 'places'::regtype::oid, 'places[]'::regtype::oid").
		Scan(&t.message.Row, &t.message.Array, &t.place.Row, &t.place.Array)
	return t, err
}

// claimed is the outcome of claiming messages.
type claimed struct {
	owned   []message             // new, and ours to write
	older   []message             // stored, with facts of an older extractor
	rawless []message             // stored, without the bytes that we have
	keys    map[ingest.Hash]int64 // of messages that do not have their natural key
}

// claim inserts the rows of messages. The primary key decides, between all importers at
// once, whose a message is: only those whose row we could insert are ours. The others
// are there already, or another message has the key and the next free one is tried.
func (w *writing) claim(ctx context.Context, facts []ingest.Facts) (*claimed, error) {
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

// note keeps the key of a message that another than its natural one.
func (w *writing) note(c *claimed, m message) {
	if m.key != w.store.keyOf(m.facts.Hash) {
		c.keys[m.facts.Hash] = m.key
	}
}

// settle finds out why messages could not be inserted, and returns those that are to be
// tried again under another key.
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

// copyDependents writes the rows that hang on messages which are ours; with derivedOnly
// set only tables that the extractor derives.
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

// fill adds the bytes of messages that were stored without. A message whose bytes somebody
// else adds at the same time is his.
func (w *writing) fill(ctx context.Context, list []message) error {
	for _, m := range list { // one by one: they are large, and this is rare
		if _, err := w.tx.Exec(ctx, insertRawSQL, m.key, m.facts.RawCut, m.facts.Raw); err != nil {
			return err
		}
	}
	return nil
}

// insertPlaces notes where messages were seen; a place that is noted stays as it is.
func (w *writing) insertPlaces(ctx context.Context, list []place) error {
	array := wire.NewArray(w.types.place)
	for n := range list {
		encodePlace(&array.Rows, &list[n], w.importID)
	}
	_, err := array.Exec(ctx, w.tx, insertPlacesSQL)
	return err
}

// failures notes what could not be read, and marks as resolved what stands at the place
// of a message that now could.
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

// progress records how far the import has come, in the transaction that got it there.
func (w *writing) progress(ctx context.Context, p ingest.Counts, added int) error {
	_, err := w.tx.Exec(ctx, progressSQL, w.importID, p.Read, added, p.Failed, p.Bytes)
	return err
}
