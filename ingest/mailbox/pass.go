package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// pass is one reading of one source.
//
// It belongs to one goroutine.
type pass struct {
	ctx     context.Context
	lim     Limits
	yield   func(Raw, error) bool
	stopped bool // the consumer stopped, or ctx is done
	arena   arena

	logs     func(Log) error
	modified time.Time // of the present file or member
	isLog    bool      // the item is a log, which may grow during the reading
}

func newPass(ctx context.Context, lim Limits, yield func(Raw, error) bool) *pass {
	return &pass{ctx: ctx, lim: lim.orDefault(), yield: yield}
}

// orDefault replaces zero limits.
func (l Limits) orDefault() Limits {
	d := DefaultLimits
	if l.MessageBytes > 0 {
		d.MessageBytes = l.MessageBytes
	}
	if l.Depth > 0 {
		d.Depth = l.Depth
	}
	if l.Ratio > 0 {
		d.Ratio = l.Ratio
	}
	if l.RatioFloor > 0 {
		d.RatioFloor = l.RatioFloor
	}
	if l.Members > 0 {
		d.Members = l.Members
	}
	return d
}

// of sets the fields that come from s.
func (p *pass) of(s *Source) *pass {
	p.logs = s.Logs
	return p
}

// log passes a mail log to the reader of logs.
//
// The bytes examined so far are put before the rest again. A log is not metered
// by Limits.MessageBytes: it has no messages, and its reader keeps little of
// each line.
func (p *pass) log(pl Place, s *stream) {
	p.isLog = true
	if p.logs == nil {
		p.fail(pl, "mail-log", "this looks like a mail log, not mail", nil)
		return
	}
	rest := s.r
	if s.err != nil {
		rest = ended{s.err}
	}
	if pl.Format == "" {
		pl.Format = MailLog
	}
	if err := p.logs(Log{Place: pl, Modified: p.modified, R: io.MultiReader(bytes.NewReader(s.buf), rest)}); err != nil {
		p.readError(pl, err)
	}
}

// ended is the rest of a stream that has ended with an error.
type ended struct{ err error }

// Read returns the error at once.
func (f ended) Read([]byte) (int, error) { return 0, f.err }

// give yields a message unless the pass is over.
func (p *pass) give(r Raw) {
	if !p.done() && !p.yield(r, nil) {
		p.stopped = true
	}
}

// fail yields a Failure unless the pass is over. The pass goes on after it.
func (p *pass) fail(pl Place, code, reason string, err error) {
	if !p.done() && !p.yield(Raw{}, &Failure{Place: pl, Code: code, Reason: reason, Err: err}) {
		p.stopped = true
	}
}

// done reports whether the pass is over: the receiver stopped, or the context
// ended.
func (p *pass) done() bool {
	if !p.stopped && p.ctx.Err() != nil {
		p.stopped = true
	}
	return p.stopped
}

// errBomb ends the reading of a source that exceeds Limits.Ratio.
var errBomb = errors.New("decompression bomb")

// errDictionary refuses a compressed stream that demands more memory than
// maxDictionary.
var errDictionary = errors.New("needs a dictionary of more than 128 MiB")

// readError reports the error that ended the reading of an item. A cancelled
// context is not the item's fault.
func (p *pass) readError(pl Place, err error) {
	if p.done() {
		return
	}
	code, reason := explain(err)
	p.fail(pl, code, reason, err)
}

// explain converts a read error into a code and a sentence.
func explain(err error) (code, reason string) {
	switch {
	case errors.Is(err, errBomb):
		return "bomb", "it unpacks to far more than it is; the rest was left out"
	case errors.Is(err, errDictionary):
		return "archive", "unpacking it " + errDictionary.Error() + "; pack it again with less"
	case errors.Is(err, fs.ErrPermission):
		return "permission", "it may not be read: run as a user who may, or change its mode"
	case errors.Is(err, fs.ErrNotExist):
		return "vanished", "it was gone when it was to be read"
	case errors.Is(err, errPacked):
		return "archive", fmt.Sprintf("the packed data is damaged or cut off: %v", err)
	}
	return "io", fmt.Sprintf("reading failed: %v", err)
}

// errPacked marks errors of unpacking, as opposed to those of the disk.
var errPacked = errors.New("unpacking")

// item yields the messages of s, which may be a message, an mbox, compressed or
// an archive.
//
// t is how sure the caller is that this is mail, and depth the number of layers
// around it. m belongs to the lowest layer, and all layers above share it.
func (p *pass) item(pl Place, s *stream, t trust, depth int, m *meter) {
	if p.done() {
		return
	}
	// A message within the limit fits into one block, with room to look beyond
	// it. Above that, blocks need not grow.
	s.most = int(min(p.lim.MessageBytes, 1<<40)) + 2*blockSize
	head := s.fill(sniffSize)
	if err := s.failed(); err != nil {
		// Bytes before the error are worth reading only if they may hold
		// several messages.
		if v := sniff(head, t); v.kind != isMbox && v.kind != isTar {
			p.readError(pl, err)
			return
		}
	}
	v := sniff(head, t)
	switch v.kind {
	case isGzip, isBzip2, isXz, isZstd:
		p.decompress(pl, s, v.kind, t, depth, m)
	case isTar:
		p.tar(pl, s, t, depth, m)
	case isZip:
		p.zipStream(pl, s, t, depth, m)
	case isMbox:
		p.mbox(pl, s, splitterFor(head))
	case isMessage:
		p.single(pl, s)
	case isEmpty:
		p.fail(pl, "empty", v.reason, nil)
	case isForeign:
		p.fail(pl, "not-mail", v.reason, nil)
	case isLog:
		p.log(pl, s)
	default:
		p.unknown(pl, s, v)
	}
}

// unknown searches for an mbox after unrelated bytes.
func (p *pass) unknown(pl Place, s *stream, v verdict) {
	found := p.mbox(pl, s, splitter{strict: true})
	if found > 0 || p.done() {
		return
	}
	pl.Length = s.end()
	if err := s.failed(); err != nil {
		p.readError(pl, err)
		return
	}
	p.fail(pl, "not-mail", v.reason, nil)
}

// single yields s as one message.
//
// The bytes beyond the limit are read and counted but not kept, so that Length
// is the true size and a meter sees a bomb.
func (p *pass) single(pl Place, s *stream) {
	limit := p.lim.MessageBytes
	for s.err == nil && s.end() <= limit {
		// The known size saves copies; one byte more lets the reading meet the
		// end without another block.
		s.extend(0, int(min(max(0, s.size-s.end())+1, limit)))
	}
	data := s.buf
	if int64(len(data)) > limit {
		data = data[:limit]
	}
	pl.Length = s.end()
	if s.err == nil {
		n, err := io.Copy(io.Discard, s.r)
		pl.Length += n
		s.err = io.EOF
		if err != nil {
			s.err = err
		}
	}
	if err := s.failed(); err != nil {
		p.readError(pl, err)
		return
	}
	if pl.Format == "" {
		pl.Format = Single
	}
	p.give(Raw{Place: pl, Data: data[:len(data):len(data)], Truncated: pl.Length > int64(len(data))})
}

// file yields the messages of an open file.
//
// A file that has changed was read all the same: its messages are yielded, then
// the failure. Logs grow all the time, so they are exempt.
func (p *pass) file(pl Place, f *os.File, t trust) {
	before, err := f.Stat()
	if err != nil {
		p.readError(pl, err)
		return
	}
	if !before.Mode().IsRegular() {
		p.fail(pl, "special", "not a regular file", nil)
		return
	}
	m := &meter{lim: p.lim}
	p.modified, p.isLog = before.ModTime(), false
	head := p.arena.take(int(min(before.Size()+1, blockSize)))
	p.item(pl, &stream{r: contextReader{p.ctx, f, m, before.Size()}, buf: head, file: f, size: before.Size()}, t, 0, m)
	if p.done() || p.isLog {
		return
	}
	if after, err := f.Stat(); err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
		p.fail(Place{Path: pl.Path, Name: pl.Name, Format: pl.Format}, "changed", "it changed while it was read; import it again", nil)
	}
}
