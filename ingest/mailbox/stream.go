package mailbox

import (
	"context"
	"io"
)

// Sizes of blocks.
const (
	// blockSize is the number of bytes read at a time. Messages are slices of a
	// block, so this much memory is kept alive by one small message.
	blockSize = 1 << 20
	// sniffSize is the number of bytes that decide an item's kind. Header
	// blocks of 133 KB exist, but their first fields are enough.
	sniffSize = 32 << 10
)

// stream is an input with lookahead. Bytes of buf are never overwritten once
// read, because messages are slices of it.
type stream struct {
	r   io.Reader
	buf []byte
	off int64 // offset of buf[0] in the input
	err error // reason why no bytes follow buf; io.EOF at the regular end

	most int         // limit for the size of a block; 0 for none
	file io.ReaderAt // the same bytes with random access, if available
	size int64       // of file
}

// end is the offset after the last byte read.
func (s *stream) end() int64 { return s.off + int64(len(s.buf)) }

// from returns the bytes read from offset at on.
func (s *stream) from(at int64) []byte { return s.buf[at-s.off:] }

// fill reads until buf has n bytes or the input ends, and returns buf.
func (s *stream) fill(n int) []byte {
	for len(s.buf) < n && s.err == nil {
		s.extend(s.off, n-len(s.buf))
	}
	return s.buf
}

// extend reads at least one byte, or sets err. Bytes before keep may be
// discarded. want is a hint of the number of missing bytes.
//
// A block grows to twice the bytes that must be kept, so each byte is copied a
// bounded number of times. After a large message the blocks become small again.
//
// After it, slices of the old block stay valid, and offsets too; only indexes
// into buf are stale.
func (s *stream) extend(keep int64, want int) {
	if s.err != nil {
		return
	}
	tail := s.from(keep)
	room := cap(s.buf) - len(s.buf)
	if room == 0 || cap(s.buf) > 2*blockSize && len(tail) < cap(s.buf)/4 {
		size := max(blockSize, 2*len(tail), len(tail)+want)
		if s.most > 0 {
			size = max(min(size, s.most), len(tail)+blockSize)
		}
		block := make([]byte, len(tail), size)
		copy(block, tail)
		s.buf, s.off = block, keep
	}
	s.read()
}

// recycle discards the bytes before keep and reuses their memory. Call it only
// for a block of which no slice was given away.
func (s *stream) recycle(keep int64) {
	n := copy(s.buf, s.from(keep))
	s.buf, s.off = s.buf[:n], keep
}

// read fills the free part of the block.
//
// It stops after a block's worth although more fits: in a large block the
// caller may be served by the first megabyte.
func (s *stream) read() {
	start := len(s.buf)
	for len(s.buf) < cap(s.buf) && s.err == nil {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.err = err
		if n == 0 && err == nil {
			// A reader that returns nothing and no error would keep this loop
			// busy for ever.
			s.err = io.ErrNoProgress
		}
		if len(s.buf)-start >= blockSize {
			return
		}
	}
}

// Read makes the rest of s, from buf[0] on, available as an io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	if len(s.buf) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		n, err := s.r.Read(p)
		s.off += int64(n)
		s.err = err
		return n, nilIfRead(n, err)
	}
	n := copy(p, s.buf)
	s.buf = s.buf[n:]
	s.off += int64(n)
	return n, nil
}

// nilIfRead delays an error until the bytes before it were taken.
func nilIfRead(n int, err error) error {
	if n > 0 {
		return nil
	}
	return err
}

// failed returns the error that ended the stream early, or nil.
func (s *stream) failed() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

// arena allocates memory for small items in blocks, so that a folder of a
// hundred thousand files needs few allocations.
type arena struct{ free []byte }

// take returns an empty slice with capacity n.
//
// The capacity is exact, so an append beyond it moves the data instead of
// writing into a neighbour's bytes.
func (a *arena) take(n int) []byte {
	if n > blockSize/4 {
		return make([]byte, 0, n)
	}
	if len(a.free) < n {
		a.free = make([]byte, blockSize)
	}
	b := a.free[:0:n]
	a.free = a.free[n:]
	return b
}

// contextReader stops reading when ctx is done and counts the bytes read. If it
// knows the file's size, it reports the end without another system call, which
// matters for many small files. pass.file detects a file that grew.
type contextReader struct {
	ctx  context.Context
	r    io.Reader
	m    *meter
	size int64
}

// Read reads unless the context is done.
func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.m.in += int64(n)
	if err == nil && c.size > 0 && c.m.in == c.size {
		err = io.EOF
	}
	return n, err
}
