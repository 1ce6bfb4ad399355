package wire

import (
	"context"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
)

// CopyIn writes rows into a table. encode produces any number of rows for each
// element of list, with values in the order of columns. Rows are produced while
// they are sent, so that a batch with its raw messages is not in memory twice.
func CopyIn[T any](ctx context.Context, tx pgx.Tx, table string, columns []string, list []T, encode func(*Rows, T)) error {
	if len(list) == 0 {
		return nil
	}
	s := &stream[T]{list: list, encode: encode}
	s.buf = append(s.buf, copyHeader...)
	_, err := tx.Conn().PgConn().CopyFrom(ctx, s, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN (FORMAT binary)")
	return err
}

// The format, and the size of a piece.
const (
	// copyHeader is the signature, no flags, and no extension (PostgreSQL manual, COPY).
	copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	// copyChunk is the size of a buffer in bytes: two packets of pgx, and well
	// below the size of a processor's cache.
	copyChunk = 128 << 10
)

// stream is COPY's binary format.
type stream[T any] struct {
	Rows
	list   []T
	encode func(*Rows, T)
	sent   int // bytes of buf that were read
	ended  bool
}

// Read returns the next bytes and makes further rows when they are used up.
func (s *stream[T]) Read(p []byte) (int, error) {
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
func (s *stream[T]) fill() {
	if cap(s.buf) > 8*copyChunk { // one huge message does not stay in memory
		s.buf = nil
	}
	s.buf, s.sent = s.buf[:0], 0
	for len(s.list) > 0 && len(s.buf) < copyChunk {
		s.encode(&s.Rows, s.list[0])
		s.list = s.list[1:]
	}
	if len(s.list) == 0 {
		s.buf = append(s.buf, 0xff, 0xff)
		s.ended = true
	}
}
