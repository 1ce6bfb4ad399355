package maillog

import (
	"bytes"
	"errors"
	"io"
)

// Sizes in bytes. Memory is one buffer for each open log, and at most one long
// line.
const (
	bufferBytes = 256 << 10
	// lineBytes bounds a line of a log. Postfix writes at most 2,000 bytes, syslog 8 KiB;
	// Exim names all recipients of a mail.
	lineBytes = 64 << 10
	// listingBytes bounds a line of postqueue -j, which holds all recipients of a mail.
	listingBytes = 4 << 20
)

// lines cuts a stream into lines. A line that is too long is cut off, and the rest of it
// read over.
//
// count and bytes are those handed out, line ends included, so a position can
// be kept.
type lines struct {
	src      io.Reader
	buf      []byte
	from, to int
	err      error
	limit    int
	oversize bool // the line that was returned last is not whole
	count    int64
	bytes    int64
}

// newLines begins a stream with the limit of logs; listings raise it.
func newLines(src io.Reader) *lines {
	return &lines{src: src, buf: make([]byte, bufferBytes), limit: lineBytes}
}

// peek returns the beginning of the stream.
func (l *lines) peek() []byte {
	for l.err == nil && l.to < len(l.buf) {
		l.fill()
	}
	return l.buf[l.from:l.to]
}

// fill reads more. A source that keeps returning nothing is broken, not slow.
func (l *lines) fill() {
	for tries := 0; tries < 100; tries++ {
		n, err := l.src.Read(l.buf[l.to:])
		l.to += n
		if err != nil {
			l.err = err
		}
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}

// next returns the next line without its end; whole is false for a last line
// without one. The error comes with the last line.
//
// The slice is valid until the next call.
func (l *lines) next() (line []byte, whole bool, err error) {
	l.oversize = false
	seen := 0
	for {
		if i := bytes.IndexByte(l.buf[l.from+seen:l.to], '\n'); i >= 0 {
			line = l.buf[l.from : l.from+seen+i]
			l.from += seen + i + 1
			l.bytes += int64(len(line) + 1)
			l.count++
			return l.cap(line), true, nil
		}
		seen = l.to - l.from
		if seen > l.limit {
			return l.skip()
		}
		if l.err != nil {
			line = l.buf[l.from:l.to]
			l.from = l.to
			l.bytes += int64(len(line))
			if len(line) > 0 {
				l.count++
			}
			return line, false, l.err
		}
		l.room()
		l.fill()
	}
}

// cap shortens a line that came whole in one read but is longer than any program writes.
func (l *lines) cap(line []byte) []byte {
	if len(line) > l.limit {
		l.oversize = true
		return line[:200]
	}
	return line
}

// room makes room after the buffered bytes.
//
// The buffer grows up to the limit and never shrinks.
func (l *lines) room() {
	if l.to < len(l.buf) {
		return
	}
	if l.from > 0 {
		copy(l.buf, l.buf[l.from:l.to])
		l.to, l.from = l.to-l.from, 0
		return
	}
	bigger := make([]byte, min(2*len(l.buf), l.limit+bufferBytes))
	copy(bigger, l.buf[:l.to])
	l.buf = bigger
}

// skip reads over the rest of a line that is too long and returns its beginning.
func (l *lines) skip() (line []byte, whole bool, err error) {
	l.oversize = true
	line = bytes.Clone(l.buf[l.from : l.from+200])
	for {
		if i := bytes.IndexByte(l.buf[l.from:l.to], '\n'); i >= 0 {
			l.from += i + 1
			l.bytes += int64(i + 1)
			l.count++
			return line, true, nil
		}
		l.bytes += int64(l.to - l.from)
		l.from, l.to = 0, 0
		if l.err != nil {
			l.count++
			return line, errors.Is(l.err, io.EOF), l.err
		}
		l.fill()
	}
}

// take reads n bytes and returns as many of them as a line may have.
func (l *lines) take(n uint64) (value []byte, err error) {
	for n > 0 {
		if l.from == l.to {
			if l.err != nil {
				return value, l.err
			}
			l.from, l.to = 0, 0
			l.fill()
			continue
		}
		part := l.buf[l.from:min(l.to, l.from+int(min(n, bufferBytes)))]
		value = append(value, part[:min(len(part), l.limit-len(value))]...)
		l.count += int64(bytes.Count(part, []byte("\n")))
		l.from, l.bytes, n = l.from+len(part), l.bytes+int64(len(part)), n-uint64(len(part))
	}
	return value, nil
}
