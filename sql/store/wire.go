package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/sql"
)

var knownSQL = sql.Query("messages_known")

// rowType is a table's row type and the type of its arrays.
type rowType struct{ row, array uint32 }

// rowTypes are those of the tables whose rows go in as an array. (COPY would be as
// fast, but cannot leave out rows that are there already.)
type rowTypes struct{ message, place rowType }

func (s *Store) loadTypes(ctx context.Context) error {
	t := &s.types
	return s.pool.QueryRow(ctx, "SELECT 'messages'::regtype::oid, 'messages[]'::regtype::oid, 'places'::regtype::oid, 'places[]'::regtype::oid").
		Scan(&t.message.row, &t.message.array, &t.place.row, &t.place.array)
}

// array is an array of rows, the one parameter of a statement.
type array struct {
	rows
	oid uint32
}

// countAt is where in an array's header the number of elements stands.
const countAt = 12

func newArray(t rowType) *array {
	a := &array{rows: rows{record: true}, oid: t.array}
	a.int32(1) // dimensions
	a.int32(0) // no nulls
	a.int32(int32(t.row))
	a.int32(0) // elements
	a.int32(1) // lower bound
	return a
}

// exec runs a statement with the array as its parameter and returns the message keys
// that it gives back.
func (a *array) exec(ctx context.Context, tx pgx.Tx, statement string) ([]int64, error) {
	if a.count == 0 {
		return nil, nil
	}
	binary.BigEndian.PutUint32(a.buf[countAt:], uint32(a.count))
	result := tx.Conn().PgConn().ExecParams(ctx, statement, [][]byte{a.buf}, []uint32{a.oid}, []int16{binaryFormat}, []int16{binaryFormat}).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	keys := make([]int64, len(result.Rows))
	for n, row := range result.Rows {
		if len(row) != 1 || len(row[0]) != 8 {
			return nil, fmt.Errorf("a message key of %d columns", len(row))
		}
		keys[n] = int64(binary.BigEndian.Uint64(row[0]))
	}
	return keys, nil
}

// copyStream is the rows of one table as COPY's binary format wants them. It makes them
// as they are read, so that a batch with its raw messages is not held twice.
type copyStream struct {
	rows
	list   []message
	encode func(*rows, message)
	sent   int // bytes of buf that were read
	ended  bool
}

const (
	// copyHeader is the signature, no flags, and no extension (PostgreSQL manual, COPY).
	copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	copyChunk  = 128 << 10
)

func newCopyStream(list []message, encode func(*rows, message)) *copyStream {
	s := &copyStream{list: list, encode: encode}
	s.buf = append(s.buf, copyHeader...)
	return s
}

func (s *copyStream) Read(p []byte) (int, error) {
	if s.sent == len(s.buf) {
		if s.ended {
			return 0, io.EOF
		}
		s.fill()
	}
	n := copy(p, s.buf[s.sent:])
	s.sent += n
	return n, nil
}

// fill makes the next rows, and the trailer after the last.
func (s *copyStream) fill() {
	if cap(s.buf) > 8*copyChunk { // one huge message does not stay in memory
		s.buf = nil
	}
	s.buf, s.sent = s.buf[:0], 0
	for len(s.list) > 0 && len(s.buf) < copyChunk {
		s.encode(&s.rows, s.list[0])
		s.list = s.list[1:]
	}
	if len(s.list) == 0 {
		s.buf = append(s.buf, 0xff, 0xff)
		s.ended = true
	}
}

// found is what lookup learned of a hash.
type found struct {
	there     bool
	key       int64 // of the message, or the first free one for it
	extractor int
	rawless   bool // it is there, but not its bytes
}

// rowQuerier is a pool or a transaction.
type rowQuerier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// lookup finds messages by their hashes: under the natural key, or, as long as that is
// another message's, under the next.
func (s *Store) lookup(ctx context.Context, q rowQuerier, hashes []ingest.Hash, askRaw bool) ([]found, error) {
	out := make([]found, len(hashes))
	open := make([]int, len(hashes)) // indexes into out
	for n, h := range hashes {
		out[n].key, open[n] = s.keyOf(h), n
	}
	for len(open) > 0 {
		at, err := messagesAt(ctx, q, out, open, askRaw)
		if err != nil {
			return nil, err
		}
		rest := open[:0]
		for _, n := range open {
			m, taken := at[out[n].key]
			switch {
			case !taken:
			case m.hash == hashes[n]:
				out[n].there, out[n].extractor, out[n].rawless = true, m.extractor, m.rawless
			default:
				out[n].key++
				rest = append(rest, n)
			}
		}
		open = rest
	}
	return out, nil
}

type keyed struct {
	hash      ingest.Hash
	extractor int
	rawless   bool
}

// messagesAt reads which messages have the keys of the open ones, and with askRaw set
// whether their bytes are kept.
func messagesAt(ctx context.Context, q rowQuerier, out []found, open []int, askRaw bool) (map[int64]keyed, error) {
	at := make(map[int64]keyed, len(open))
	keys := make([]int64, 0, len(open))
	for _, n := range open {
		if _, twice := at[out[n].key]; !twice {
			at[out[n].key] = keyed{}
			keys = append(keys, out[n].key)
		}
	}
	clear(at)
	rows, err := q.Query(ctx, knownSQL, keys, askRaw)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v := rows.RawValues()
		if len(v) != 4 || len(v[0]) != 8 || len(v[1]) != 32 || len(v[2]) != 4 || len(v[3]) != 1 {
			return nil, fmt.Errorf("a row of messages in an unknown form")
		}
		at[int64(binary.BigEndian.Uint64(v[0]))] = keyed{ingest.Hash(v[1]), int(binary.BigEndian.Uint32(v[2])), v[3][0] != 0}
	}
	return at, rows.Err()
}
