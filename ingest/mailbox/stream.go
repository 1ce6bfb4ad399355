package mailbox

import (
	"context"
	"io"
)

const (
	// blockSize is how much of a stream is read at a time. Messages are slices of a
	// block, so it is also what one small message can keep alive.
	blockSize = 1 << 20
	// sniffSize is how much of an item decides what it is: header blocks of 133 KB
	// exist, but their first fields tell.
	sniffSize = 32 << 10
)

// stream is an input with a view of what comes next. The bytes of buf are never
// overwritten once read: messages are cut out of it and given away.
type stream struct {
	r   io.Reader
	buf []byte
	off int64 // position of buf[0] in the input
	err error // why nothing comes after buf; io.EOF when all is well

	most int         // a block need not be larger than this; 0 for no limit
	file io.ReaderAt // the same bytes, if they can be had in any order
	size int64       // of file
}

// end is the position after the last byte that has been read.
func (s *stream) end() int64 { return s.off + int64(len(s.buf)) }

// from returns the bytes read from position at on.
func (s *stream) from(at int64) []byte { return s.buf[at-s.off:] }

// fill reads until n bytes of buf are there or the input ends, and returns buf.
func (s *stream) fill(n int) []byte {
	for len(s.buf) < n && s.err == nil {
		s.extend(s.off, n-len(s.buf))
	}
	return s.buf
}

// extend reads more, at least one byte or the reason why there is none. What lies
// before keep may be forgotten. want is a hint of how much is missing.
//
// A block grows to twice what has to be kept, so that each byte is copied a bounded
// number of times; when a large message is over, reading goes on in a small block.
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

// recycle forgets what lies before keep and reads into its place. Only for blocks of
// which nothing was given away.
func (s *stream) recycle(keep int64) {
	n := copy(s.buf, s.from(keep))
	s.buf, s.off = s.buf[:n], keep
}

// read fills the free part of the block.
func (s *stream) read() {
	start := len(s.buf)
	for len(s.buf) < cap(s.buf) && s.err == nil {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.err = err
		if n == 0 && err == nil {
			s.err = io.ErrNoProgress
		}
		if len(s.buf)-start >= blockSize {
			return
		}
	}
}

// Read makes the rest of s readable as a stream of its own, from buf[0] on.
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

// nilIfRead holds an error back until the bytes before it have been taken.
func nilIfRead(n int, err error) error {
	if n > 0 {
		return nil
	}
	return err
}

// failed returns what ended the stream too early, if anything did.
func (s *stream) failed() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

// arena hands out memory for small items from blocks, so that a folder of a hundred
// thousand files does not become as many allocations.
type arena struct{ free []byte }

// take returns an empty slice with room for n bytes.
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

// contextReader ends reading when ctx is done, and counts the bytes read. With the size
// of a file it knows the end without asking for it: a call saved for each small file.
// Should the file have grown, pass.file finds that out.
type contextReader struct {
	ctx  context.Context
	r    io.Reader
	m    *meter
	size int64
}

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
