package logs

import (
	"context"

	"spoor/ingest/tail"
	"spoor/sql"
	"spoor/sql/store"
)

// Positions returns the read position of each followed file.
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

// Keep stores the read position of a file. The caller has stored all lines
// before it.
//
// Afterwards a watch that is killed goes on there. If it is killed before, the
// lines are read again, which changes nothing.
func (s *Store) Keep(ctx context.Context, p tail.Position) error {
	_, err := s.db.Pool.Exec(ctx, sql.Query("logs_keep"), p.Path, int64(p.Inode), p.Offset, p.Lines, p.Head)
	return store.Failed("note how far a log was read", err)
}

// Notify sends a burst to the listeners on the channel spoor_spamrun.
//
// Listeners hear it when the statement has ended. PostgreSQL limits a payload
// to 8000 bytes.
func (s *Store) Notify(ctx context.Context, payload string) error {
	_, err := s.db.Pool.Exec(ctx, "SELECT pg_notify('spoor_spamrun', $1)", payload)
	return store.Failed("tell of a burst", err)
}
