package wire

import "io"

// Stream is the rows of one table as COPY's binary format wants them. It makes them
// as they are read, so that a batch with its raw messages is not held twice.
type Stream[T any] struct {
	Rows
	list   []T
	encode func(*Rows, T)
	sent   int // bytes of buf that were read
	ended  bool
}

const (
	// copyHeader is the signature, no flags, and no extension (PostgreSQL manual, COPY).
	copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	copyChunk  = 128 << 10
)

// NewStream returns the rows that encode makes of list, none or more of each element.
func NewStream[T any](list []T, encode func(*Rows, T)) *Stream[T] {
	s := &Stream[T]{list: list, encode: encode}
	s.buf = append(s.buf, copyHeader...)
	return s
}

func (s *Stream[T]) Read(p []byte) (int, error) {
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
func (s *Stream[T]) fill() {
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
