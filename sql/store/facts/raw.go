package facts

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/sql"
	"spoor/sql/store"
)

// rawMessagesSQL reads the messages that an extractor has to read again.
var rawMessagesSQL = sql.Query("messages_raw")

// RawMessage is a stored message whose facts are to be derived again.
type RawMessage struct {
	Key       int64
	Hash      ingest.Hash
	Class     ingest.Class
	Size      int64
	Extractor int
	Data      []byte // zstd
	Cut       bool
	Own       received.Own // servers of the import that stored it
	Import    int64        // that import; 0 if it is unknown
	Lost      bool         // only the bytes exist; Hash is unknown
}

// rawBytes limits the bytes that RawMessages holds at once: its limit counts
// messages, and one may have megabytes.
const rawBytes = 32 << 20

// RawMessages returns up to limit raw messages whose facts are lost or come
// from an extractor older than olderThan. They follow the key after
// (math.MinInt64 at the start) in order. It returns fewer if they are large,
// and none only at the end.
func (s *Store) RawMessages(ctx context.Context, after int64, olderThan, limit int) ([]RawMessage, error) {
	return s.rawOf(ctx, rawMessagesSQL, after, olderThan, limit)
}

// RawOf returns the raw messages with the given keys in order. It returns fewer
// if they are large, and none only if none is stored.
func (s *Store) RawOf(ctx context.Context, keys []int64) ([]RawMessage, error) {
	return s.rawOf(ctx, sql.Query("messages_raw_of"), keys)
}

// rawOf runs a statement with rows of rawRow, and stops once rawBytes are read.
func (s *Store) rawOf(ctx context.Context, statement string, args ...any) ([]RawMessage, error) {
	rows, err := s.db.Pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, store.Failed("read raw messages", err)
	}
	defer rows.Close()
	var list []RawMessage
	// The limit is checked before a row is read: one message is returned
	// whatever its size, and the caller always gets on.
	for size := 0; size < rawBytes && rows.Next(); {
		r, err := pgx.RowToStructByName[rawRow](rows)
		if err != nil {
			return nil, store.Failed("read raw messages", err)
		}
		m, err := r.message()
		if err != nil {
			return nil, store.Failed("read raw messages", err)
		}
		list = append(list, m)
		size += len(m.Data)
	}
	rows.Close()
	return list, store.Failed("read raw messages", rows.Err())
}

// rawRow is a row of messages_raw.
type rawRow struct {
	Key        int64
	Hash       []byte
	Ham        bool
	Size       int64
	Extractor  int
	Data       []byte
	Cut        bool
	Import     int64
	Names      []string
	Addrs      []netip.Prefix
	Inferred   bool
	Exchangers []string
}

// message converts the row. Own servers are those of the import that stored the
// message.
func (r *rawRow) message() (RawMessage, error) {
	m := RawMessage{
		Key: r.Key, Class: ingest.Spam, Size: r.Size, Extractor: r.Extractor, Data: r.Data, Cut: r.Cut, Import: r.Import,
		Lost: r.Hash == nil,
		Own:  received.Own{Names: r.Names, Addrs: r.Addrs, Inferred: r.Inferred},
	}
	if !m.Lost {
		m.Hash = ingest.Hash(r.Hash)
	}
	if r.Ham {
		m.Class = ingest.Ham
	}
	for _, s := range r.Exchangers {
		x, err := received.ParseMX(s)
		if err != nil {
			return m, fmt.Errorf("own_mx of the import: %w", err)
		}
		m.Own.MX = append(m.Own.MX, x)
	}
	return m, nil
}
