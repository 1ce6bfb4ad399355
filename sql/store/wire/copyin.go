package wire

import (
	"context"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
)

// CopyIn writes the rows that encode makes of list, none or more of each element, into
// columns of a table, whose values encode gives in that order. It makes them as they are
// sent, so that a batch with its raw messages is not held twice.
func CopyIn[T any](ctx context.Context, tx pgx.Tx, table string, columns []string, list []T, encode func(*Rows, T)) error {
	if len(list) == 0 {
		return nil
	}
	s := &stream[T]{list: list, encode: encode}
	s.buf = append(s.buf, copyHeader...)
	_, err := tx.Conn().PgConn().CopyFrom(ctx, s, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN (FORMAT binary)")
	return err
}

const (
	// copyHeader is the signature, no flags, and no extension (PostgreSQL manual, COPY).
	copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	// copyChunk is how much is made at once: what pgx sends in two packets, and well below
	// what a processor's cache holds.
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
