package mailbox

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"
)

// fileOpener reads one file: an mbox, a message, a compressed file or an
// archive.
type fileOpener struct{}

// messages reads the messages of one file of any format and compression.
func (fileOpener) messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool) {
	p := newPass(ctx, lim, yield).of(s)
	f, err := os.Open(s.Path)
	if err != nil {
		p.readError(Place{Path: s.Path}, err)
		return
	}
	defer f.Close()
	p.file(Place{Path: s.Path}, f, given)
}

// pipeOpener reads an input that can be read only once: standard input or a
// named pipe.
type pipeOpener struct {
	mu   sync.Mutex
	s    *stream
	m    *meter
	read bool
}

// messages reads the stream, only once: standard input cannot be rewound.
func (o *pipeOpener) messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool) {
	p := newPass(ctx, lim, yield).of(s)
	o.mu.Lock()
	again := o.read
	o.read = true
	o.mu.Unlock()
	if again {
		p.fail(Place{Path: s.Path}, "io", "it can be read only once", nil)
		return
	}
	o.m.lim = p.lim
	p.item(Place{Path: s.Path}, o.s, given, 0, o.m)
}

// samplePeek is the number of bytes of a pipe that are held in memory, so that
// a sample of it does not consume it.
const samplePeek = 8 << 20

// sample reads messages from the head of the stream that is buffered already,
// so that the import that follows still gets all of it.
func (o *pipeOpener) sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.read {
		return
	}
	head := o.s.fill(samplePeek)
	lim = sampleLimits(lim)
	var c collector
	p := newPass(ctx, lim, c.add)
	p.item(Place{Path: s.Path}, &stream{r: bytes.NewReader(nil), buf: head, err: io.EOF}, given, 0, &meter{lim: lim, in: int64(len(head))})
	c.spread(n, yield)
}
