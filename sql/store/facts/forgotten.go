package facts

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"spoor/ingest"
	"spoor/sql/store/forget"
)

// forgotten recognises forgotten messages and remembers those that a run has
// met.
//
// Only keyed hashes are stored, so that the table does not tell which messages
// were forgotten.
type forgotten struct {
	key []byte // key of the stored hashes; nil if nothing was forgotten

	mu  sync.Mutex
	met map[ingest.Hash]bool
}

// readForgotten reads the key of the hashes, if any message was forgotten.
func readForgotten(ctx context.Context, pool *pgxpool.Pool) (*forgotten, error) {
	f := &forgotten{met: map[ingest.Hash]bool{}}
	// Without a forgotten message the key is not needed, and imports skip the
	// look-up.
	err := pool.QueryRow(ctx, "SELECT key FROM forget_key WHERE EXISTS (SELECT FROM forgotten)").Scan(&f.key)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return f, err
}

// mark reports forgotten messages as known, so that neither they nor their
// places are stored again.
func (f *forgotten) mark(ctx context.Context, pool *pgxpool.Pool, hashes []ingest.Hash, known []bool) error {
	if f.key == nil {
		return nil
	}
	stones := map[[32]byte]int{}
	var ask [][]byte
	for n, h := range hashes {
		// A message that is stored again after it was forgotten counts as
		// stored.
		if !known[n] {
			stone := forget.Tombstone(f.key, h[:])
			stones[[32]byte(stone)] = n
			ask = append(ask, stone)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	rows, err := pool.Query(ctx, "SELECT hash FROM forgotten WHERE hash = ANY ($1)", ask)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, stone := range found {
		n := stones[[32]byte(stone)]
		known[n] = true
		f.met[hashes[n]] = true
	}
	return nil
}

// holds reports whether mark has recognised a message as forgotten in this run.
func (f *forgotten) holds(h ingest.Hash) bool {
	if f.key == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.met[h]
}

// count returns the number of forgotten messages that the run has met.
func (f *forgotten) count() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.met))
}
