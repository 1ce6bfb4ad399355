package logs

import (
	"context"

	"spoor/ingest/tail"
	"spoor/sql"
	"spoor/sql/store"
)

// Positions reads how far the followed files were read.
func (s *Store) Positions(ctx context.Context) (map[string]tail.Position, error) {
	type row struct {
		File       string
		Inode      int64
		ByteOffset int64
		Lines      int64
		Head       []byte
	}
	rows, err := store.Collect[row](ctx, s.db, "logs_positions")
	out := map[string]tail.Position{}
	for _, r := range rows {
		out[r.File] = tail.Position{Path: r.File, Inode: uint64(r.Inode), Offset: r.ByteOffset, Lines: r.Lines, Head: r.Head}
	}
	return out, err
}

// Keep notes how far a file was read. What was read up to there is stored before.
func (s *Store) Keep(ctx context.Context, p tail.Position) error {
	_, err := s.db.Pool.Exec(ctx, sql.Query("logs_keep"), p.Path, int64(p.Inode), p.Offset, p.Lines, p.Head)
	return store.Failed("note how far a log was read", err)
}

// Notify tells those who LISTEN on spoor_spamrun of a burst.
func (s *Store) Notify(ctx context.Context, payload string) error {
	_, err := s.db.Pool.Exec(ctx, "SELECT pg_notify('spoor_spamrun', $1)", payload)
	return store.Failed("tell of a burst", err)
}
