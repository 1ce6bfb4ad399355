package mailbox

import (
	"context"
	"io"
	"os"
	"path/filepath"
)

// Limits of a sample. The survey for the trust boundary needs headers only.
const (
	// sampleHeader limits each message of a sample, in bytes.
	sampleHeader = 256 << 10
	// sampleBytes limits the bytes read of a source. A source that cannot be
	// entered in the middle is read from its beginning.
	sampleBytes = 32 << 20
	// sampleWindow bytes are read at each of sampleWindows positions of a large
	// mbox. Only messages that begin in the first half of a window are taken,
	// so that their headers are complete.
	sampleWindow  = 512 << 10
	sampleWindows = sampleBytes / sampleWindow
)

// sampleLimits reduces the limits of a source to those of a sample.
func sampleLimits(lim Limits) Limits {
	lim = lim.orDefault()
	lim.MessageBytes = min(lim.MessageBytes, sampleHeader)
	return lim
}

// collector collects messages of up to sampleBytes.
type collector struct {
	all   []Raw
	bytes int64
}

// add keeps a message and returns false when the sample is full. Failures are
// ignored here, because the import reports them.
func (c *collector) add(r Raw, err error) bool {
	if err == nil {
		c.all = append(c.all, r)
		c.bytes += r.Length
	}
	return c.bytes < sampleBytes
}

// spread yields n messages at even distances.
func (c *collector) spread(n int, yield func(Raw, error) bool) {
	n = min(n, len(c.all))
	for i := range n {
		if !yield(c.all[i*len(c.all)/n], nil) {
			return
		}
	}
}

// sample takes messages spread over the file. In a large mbox it jumps; any
// other file it has to read from the start.
func (o fileOpener) sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool) {
	lim = sampleLimits(lim)
	if s.Bytes > sampleBytes && s.Compression == "" && s.Format == Mbox {
		sampleMbox(ctx, s, lim, n, yield)
		return
	}
	var c collector
	o.messages(ctx, s, lim, c.add)
	c.spread(n, yield)
}

// sampleMbox reads windows spread over a large mbox.
func sampleMbox(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool) {
	f, err := os.Open(s.Path)
	if err != nil {
		return
	}
	defer f.Close()
	// Each window gives the same share, so that a part of the file with short
	// messages weighs no more than another.
	windows := int64(min(n, sampleWindows))
	var all collector
	for i := range windows {
		var c collector
		sampleAt(ctx, f, s, lim, i*(s.Bytes/windows), c.add)
		c.spread((n+int(windows)-1)/int(windows), all.add)
	}
	all.spread(n, yield)
}

// sampleAt collects the messages that begin in the window at start.
//
// The window begins in the middle of a message. Its rest up to the first
// separator is a prologue to the splitter, and is dropped with the other
// failures. A separator inside a body, which a Content-Length hides from the
// full reading, may count here; a sample can bear it.
func sampleAt(ctx context.Context, f *os.File, s *Source, lim Limits, start int64, add func(Raw, error) bool) {
	p := newPass(ctx, lim, func(r Raw, err error) bool {
		return err != nil || r.Offset-start < sampleWindow/2 && add(r, nil)
	})
	st := &stream{r: io.NewSectionReader(f, start, sampleWindow), off: start}
	p.mbox(Place{Path: s.Path}, st, s.split)
}

// sampleFiles yields up to n messages from files spread over names.
//
// An MH or plain file may be a whole mbox, hence the spread within each file. n
// counts down over all of them.
func sampleFiles(ctx context.Context, root *os.Root, s *Source, names []string, t trust, lim Limits, n int, yield func(Raw, error) bool) {
	if len(names) == 0 || n <= 0 {
		return
	}
	lim = sampleLimits(lim)
	files := min(n, len(names))
	// Rounded up: few files must give several messages each.
	each := (n + len(names) - 1) / len(names)
	var memory arena // shared by all files, as most are small
	for i := range files {
		name := names[i*len(names)/files]
		pl := Place{Path: s.Path, Name: filepath.ToSlash(name)}
		if s.Format != Single {
			pl.Format = s.Format
		}
		if s.Format == Maildir {
			pl.Flags = maildirFlags(name)
		}
		var c collector
		p := newPass(ctx, lim, c.add)
		p.arena = memory
		p.open(root, name, pl, t)
		memory = p.arena
		goOn := true
		c.spread(min(each, n), func(r Raw, err error) bool {
			n--
			goOn = yield(r, err)
			return goOn
		})
		if !goOn || n <= 0 || ctx.Err() != nil {
			return
		}
	}
}
