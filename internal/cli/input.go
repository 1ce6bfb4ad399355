package cli

import (
	"context"
	"io"
)

// UntilDone reads r until ctx ends. A read from a pipe or a terminal can't be called
// off: without this, Ctrl-C would wait for input that never comes.
func UntilDone(ctx context.Context, r io.Reader) io.Reader {
	if r == nil {
		return nil
	}
	return &untilDone{ctx: ctx, r: r}
}

// untilDone is a reader that ends with a context. A read that is under way
// cannot be stopped; its bytes are kept for the next call.
//
// After the end of ctx, one goroutine may remain in Read until the process
// ends. Only one read is ever under way.
type untilDone struct {
	ctx     context.Context
	r       io.Reader
	pending chan piece // a read that was begun and not yet taken
	rest    piece
}

// piece is the result of one read.
type piece struct {
	data []byte
	err  error
}

// Read ends with the context: a read from a terminal or pipe cannot be
// interrupted otherwise.
func (u *untilDone) Read(b []byte) (int, error) {
	if len(u.rest.data) == 0 && u.rest.err == nil {
		if err := u.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, u.rest.data)
	u.rest.data = u.rest.data[n:]
	if len(u.rest.data) > 0 {
		return n, nil
	}
	return n, u.rest.err
}

// next waits for the next piece or for the end of ctx.
func (u *untilDone) next() error {
	if err := u.ctx.Err(); err != nil {
		return err
	}
	if u.pending == nil {
		u.pending = make(chan piece, 1)
		go func(out chan<- piece) {
			// The buffer is new for each read, since the caller of an abandoned
			// one must not share it.
			data := make([]byte, 256<<10)
			n, err := u.r.Read(data)
			out <- piece{data[:n], err}
		}(u.pending)
	}
	select {
	case u.rest = <-u.pending:
		u.pending = nil
		return nil
	case <-u.ctx.Done():
		return u.ctx.Err()
	}
}
