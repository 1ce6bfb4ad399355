package facts

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Import holds the request of one "collector import".
type Import struct {
	Class     ingest.Class
	Own       received.Own // may be set later by SetOwn
	Arguments []string     // paths and options as given
	StartedAt time.Time    // zero: now
	NoRaw     bool
}

// Writer is one run that adds facts. It implements ingest.Sink and is safe for
// concurrent use.
type Writer struct {
	ID int64 // imports.import_id

	store   *Store
	class   ingest.Class
	types   rowTypes
	fillRaw bool // keep the bytes of messages that were stored with --no-raw

	forgotten *forgotten
	listed    listed

	mu        sync.Mutex
	conflicts map[int64]bool        // messages stored with the other class
	displaced map[ingest.Hash]int64 // keys of messages without their natural key
	sources   map[string]int64      // keys of the sources in the table
}

var _ ingest.Sink = (*Writer)(nil)

// The statements of an import's begin and end.
var (
	beginSQL         = sql.Query("import_begin")
	finishSQL        = sql.Query("import_finish")
	insertSourcesSQL = sql.Query("sources_insert")
)

// Begin records the start of an import.
//
// The row is written outside of a transaction: an import that is killed is
// visible as one without an end.
func (s *Store) Begin(ctx context.Context, run Import) (*Writer, error) {
	if run.Class == "" {
		run.Class = ingest.Spam
	}
	if run.StartedAt.IsZero() {
		run.StartedAt = time.Now()
	}
	i := &Writer{store: s, class: run.Class, displaced: map[ingest.Hash]int64{}, sources: map[string]int64{}}
	names, addrs := ownServers(run.Own)
	err := s.db.Pool.QueryRow(ctx, beginSQL, run.StartedAt, string(run.Class), ingest.ExtractorVersion, !run.NoRaw,
		wire.CleanAll(run.Arguments), names, addrs, run.Own.Inferred, exchangers(run.Own)).Scan(&i.ID, &i.fillRaw)
	if err != nil {
		return nil, store.Failed("begin an import", err)
	}
	i.listed.count, i.conflicts = map[kindOfFailure]int64{}, map[int64]bool{}
	if i.forgotten, err = readForgotten(ctx, s.db.Pool); err != nil {
		return nil, store.Failed("read what was forgotten", err)
	}
	if i.types, err = readTypes(ctx, s.db.Pool); err != nil {
		return nil, store.Failed("read the types of rows", err)
	}
	return i, nil
}

// SetOwn records the servers that the run takes for our own. Call it before the
// first Store.
func (i *Writer) SetOwn(ctx context.Context, own received.Own) error {
	names, addrs := ownServers(own)
	_, err := i.store.db.Pool.Exec(ctx, "UPDATE imports SET own_names = $2, own_addrs = $3, own_inferred = $4, own_mx = $5 WHERE import_id = $1",
		i.ID, names, addrs, own.Inferred, exchangers(own))
	return store.Failed("record our own servers", err)
}

// exchangers formats exchangers as --mx takes them.
func exchangers(own received.Own) []string {
	out := make([]string, 0, len(own.MX))
	for _, x := range own.MX {
		out = append(out, wire.Clean(x.String(), wire.MaxKey))
	}
	return out
}

// ownServers splits the value of --own-mx into two columns. Neither is NULL: an
// empty list means that no server is known, while imports from before these
// columns have no value.
func ownServers(own received.Own) (names []string, addrs []netip.Prefix) {
	addrs = make([]netip.Prefix, 0, len(own.Addrs)) // NOT NULL
	for _, p := range own.Addrs {
		addrs = append(addrs, p.Masked())
	}
	return wire.CleanAll(own.Names), addrs
}

// Known implements ingest.Sink.
//
// It returns false for a message with old facts or without its bytes, so that
// the import reads it and Store completes it.
func (i *Writer) Known(ctx context.Context, hashes []ingest.Hash) ([]bool, error) {
	found, err := i.store.lookup(ctx, i.store.db.Pool, hashes, i.fillRaw)
	if err != nil {
		return nil, store.Failed("look up messages", err)
	}
	known := make([]bool, len(hashes))
	for n, f := range found {
		if f.there && f.key != i.store.keyOf(hashes[n]) {
			i.noteKeys(map[ingest.Hash]int64{hashes[n]: f.key})
		}
		if f.there && f.ham != (i.class == ingest.Ham) {
			i.mu.Lock()
			i.conflicts[f.key] = true
			i.mu.Unlock()
		}
		known[n] = f.there && f.extractor >= ingest.ExtractorVersion && !f.rawless
	}
	return known, store.Failed("look up what was forgotten", i.forgotten.mark(ctx, i.store.db.Pool, hashes, known))
}

// noteKeys remembers keys that are not the natural ones, for later sightings.
func (i *Writer) noteKeys(keys map[ingest.Hash]int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	maps.Copy(i.displaced, keys)
}

// Store implements ingest.Sink. A message with facts of an older extractor gets
// the new facts, and one without its bytes gets these; neither counts as added.
// The message of a sighting must be in this batch, in an earlier one, or
// reported by Known.
func (i *Writer) Store(ctx context.Context, b *ingest.Batch) (added int, err error) {
	if err := i.storeSources(ctx, b); err != nil {
		return 0, store.Failed("store sources", err)
	}
	failed := i.listed.bound(b.Failures)
	// The usual path assumes that nothing is left over. Only a conflict that
	// proves the contrary costs a second try.
	c, err := i.storeOnce(ctx, b, failed, false)
	if isLeftover(err) {
		c, err = i.storeOnce(ctx, b, failed, true)
	}
	if err != nil {
		return 0, store.Failed("store messages", err)
	}
	i.noteKeys(c.keys)
	return len(c.owned), nil
}

// storeOnce stores a batch in a transaction. With clean it first deletes
// dependent rows of lost messages. Doing so always would cost every import a
// search.
func (i *Writer) storeOnce(ctx context.Context, b *ingest.Batch, failed []keyedFailure, clean bool) (c *claimed, err error) {
	err = i.store.db.Transaction(ctx, func(tx pgx.Tx) error {
		c, err = i.storeBatch(ctx, tx, b, failed, clean)
		return err
	})
	return c, err
}

// storeSources adds the sources of a batch in its own statement before the
// transaction, so that this small table, which every importer writes, is not
// locked for long.
func (i *Writer) storeSources(ctx context.Context, b *ingest.Batch) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	var keys []int64
	var paths, formats []string
	fresh := map[string]int64{}
	for n := range b.Sightings {
		p := &b.Sightings[n].Place
		if i.forgotten.holds(b.Sightings[n].Hash) {
			continue // a source without messages may still identify a recipient
		}
		if i.sources[p.Path] != 0 || fresh[p.Path] != 0 {
			continue
		}
		key := sourceKey(p.Path)
		fresh[p.Path] = key
		keys, paths, formats = append(keys, key), append(paths, wire.Clean(p.Path, wire.MaxText)), append(formats, string(p.Format))
	}
	if len(keys) == 0 {
		return nil
	}
	if _, err := i.store.db.Pool.Exec(ctx, insertSourcesSQL, i.ID, keys, paths, formats); err != nil {
		return err
	}
	for path, key := range fresh {
		i.sources[path] = key
	}
	return nil
}

// storeBatch writes a batch. Locks are always taken in one order: messages by
// key, places by key, failures by place, and the row of the import last.
func (i *Writer) storeBatch(ctx context.Context, tx pgx.Tx, b *ingest.Batch, failed []keyedFailure, clean bool) (*claimed, error) {
	w := &writing{tx: tx, store: i.store, types: i.types, importID: i.ID, ham: i.class == ingest.Ham, fillRaw: i.fillRaw}
	c, err := w.claim(ctx, b.Messages)
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	// Rows of a message whose own row is lost would collide with the new ones.
	if clean {
		if err := w.deleteLeftovers(ctx, c.owned); err != nil {
			return nil, err
		}
	}
	if err := w.copyDependents(ctx, c.owned, false); err != nil {
		return nil, err
	}
	if err := w.replace(ctx, c.older); err != nil {
		return nil, err
	}
	if err := w.fill(ctx, c.rawless); err != nil {
		return nil, fmt.Errorf("write raw messages: %w", err)
	}
	places := i.places(b.Sightings, c.keys)
	if err := w.insertPlaces(ctx, places); err != nil {
		return nil, fmt.Errorf("write places: %w", err)
	}
	if err := w.failures(ctx, places, failed); err != nil {
		return nil, fmt.Errorf("write failures: %w", err)
	}
	if err := w.progress(ctx, b.Progress, len(c.owned)); err != nil {
		return nil, fmt.Errorf("record progress: %w", err)
	}
	return c, nil
}

// places gives sightings their keys. fresh holds those of this batch's messages
// that are not natural.
//
// Hashing the places happens outside of the lock, since it is most of the work.
func (i *Writer) places(sightings []ingest.Sighting, fresh map[ingest.Hash]int64) []place {
	list := make([]place, 0, len(sightings))
	i.mu.Lock()
	for n := range sightings {
		s := &sightings[n]
		if i.forgotten.holds(s.Hash) {
			continue
		}
		key, ok := fresh[s.Hash]
		if !ok {
			key, ok = i.displaced[s.Hash]
		}
		if !ok {
			key = i.store.keyOf(s.Hash)
		}
		list = append(list, place{&s.Place, key, i.sources[s.Place.Path], 0})
	}
	i.mu.Unlock()
	for n := range list {
		list[n].key = placeKey(list[n].Place)
	}
	sortPlaces(list)
	return list
}

// Finish records the totals and the end of the run.
func (i *Writer) Finish(ctx context.Context, sum ingest.Counts) error {
	_, err := i.store.db.Pool.Exec(ctx, finishSQL, i.ID, time.Now(), sum.Read, sum.Failed, sum.Bytes)
	return store.Failed("finish the import", err)
}

// Forgotten returns the number of forgotten messages that the run has met and
// skipped.
func (i *Writer) Forgotten() int64 { return i.forgotten.count() }

// Conflicts returns the stored messages of the other class that the run has
// met.
func (i *Writer) Conflicts() []int64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	keys := make([]int64, 0, len(i.conflicts))
	for key := range i.conflicts {
		keys = append(keys, key)
	}
	return keys
}
