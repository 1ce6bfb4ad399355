package ingest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"spoor/ingest/mailbox"
	"spoor/ingest/message"
	"spoor/ingest/received"
)

// Sizes of what travels between the stages. Together they keep the memory of a run flat
// however large its sources are.
const (
	chunkMessages  = 128      // messages a worker takes at once
	chunkBytes     = 2 << 20  // or that many bytes of mail
	inFlightBytes  = 96 << 20 // mail read and not yet extracted, with compressed mail not yet stored
	batchMessages  = 2_000    // new messages stored in one transaction
	batchBytes     = 24 << 20 // or that many bytes of facts and compressed mail
	batchSightings = 20_000   // places of known messages noted in one transaction

	// heavyBytes is the most that one chunk counts for, so that there is always room for one
	// beside a batch that is not yet full.
	heavyBytes = inFlightBytes - batchBytes - chunkBytes
)

// Options of a run.
type Options struct {
	Class     Class
	Own       received.Own // whose hops are believed; see Survey
	KeepRaw   bool         // keep the messages themselves, compressed
	Forwarded bool         // take attached messages in place of those that carry them
	Workers   int          // 0: one a core
	Limits    mailbox.Limits
	Progress  *Progress // may be nil
}

// Progress can be read while a run is under way.
type Progress struct {
	Read, Bytes, New, Failed atomic.Int64
}

// Summary is what a run did. Read = New + Known + Failed.
type Summary struct {
	Counts
	Sources   []SourceCount
	Defects   map[string]int64 // messages by defect code, of the new ones
	NoHops    int64            // new messages without a hop to believe: no sender known
	Undated   int64            // new messages without a readable Date
	DatesOff  int64            // new messages whose Date is over a week from their arrival
	NoForward int64            // with Options.Forwarded: messages that carried none, stored as they are
	Failures  []*Failure       // the first few; the Sink has them all
}

// SourceCount is what one source held.
type SourceCount struct {
	Source       *mailbox.Source
	Read, Failed int64
	Bytes        int64
}

// maxListed bounds Summary.Failures.
const maxListed = 20

// Run reads every message of the sources once and hands what is new to the sink.
//
// When ctx ends, what was read so far is still stored, and Run returns the summary with
// ctx's error. An error of the sink ends the run; everything up to its last Store that
// returned nil is durable, and running again completes the rest.
func Run(ctx context.Context, sources []*mailbox.Source, sink Sink, o Options) (*Summary, error) {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	r := &run{options: o, sink: sink, summary: Summary{Defects: map[string]int64{}}, room: semaphore.NewWeighted(inFlightBytes)}

	// Storing goes on when the user stops the reading: only a failure ends it early.
	g, storeCtx := errgroup.WithContext(context.WithoutCancel(ctx))
	readCtx, stop := context.WithCancel(ctx)
	defer stop()
	context.AfterFunc(storeCtx, stop)

	chunks := make(chan *chunk, 1)
	results := make(chan *result, 1)
	g.Go(func() error {
		defer close(chunks)
		r.read(readCtx, sources, chunks)
		return nil
	})
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Add(1)
		g.Go(func() error {
			defer workers.Done()
			return r.work(storeCtx, chunks, results)
		})
	}
	go func() { workers.Wait(); close(results) }()
	g.Go(func() error { return r.write(storeCtx, results) })

	err := g.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return &r.summary, err
}

type run struct {
	options Options
	sink    Sink
	room    *semaphore.Weighted // bytes of mail in flight
	summary Summary             // Sources belong to the reader, the rest to the writer
}

// chunk is messages on their way to a worker.
type chunk struct {
	raws     []mailbox.Raw
	bytes    int64
	failures []*Failure
}

// held is how many bytes the chunk counts for while it is in flight.
func (c *chunk) held() int64 { return min(c.bytes, heavyBytes) }

// result is what a worker made of a chunk.
type result struct {
	facts     []*Facts
	sightings []Sighting
	failures  []*Failure
	read      int64 // messages, readable or not
	bytes     int64
	noForward int64
	held      int64 // bytes that it still counts for until it is stored
}

// hold takes over as much of what the chunk counted for as is needed for its compressed mail.
func (r *result) hold(most int64) int64 {
	for _, f := range r.facts {
		r.held += int64(len(f.Raw))
	}
	r.held = min(r.held, most)
	return r.held
}

// read cuts the messages of all sources into chunks.
func (r *run) read(ctx context.Context, sources []*mailbox.Source, out chan<- *chunk) {
	c := new(chunk)
	flush := func() bool {
		if r.room.Acquire(ctx, c.held()) != nil {
			return false
		}
		select {
		case out <- c:
			c = new(chunk)
			return true
		case <-ctx.Done():
			return false
		}
	}
	for _, s := range sources {
		count := SourceCount{Source: s}
		for raw, err := range s.Messages(ctx, r.options.Limits) {
			if err != nil {
				if ctx.Err() != nil {
					break
				}
				c.failures = append(c.failures, asFailure(s, err))
				count.Failed++
			} else {
				c.raws = append(c.raws, raw)
				c.bytes += int64(len(raw.Data))
				count.Bytes += raw.Length
			}
			count.Read++
			if len(c.raws)+len(c.failures) >= chunkMessages || c.bytes >= chunkBytes {
				if !flush() {
					break
				}
			}
		}
		r.summary.Sources = append(r.summary.Sources, count)
		if ctx.Err() != nil {
			break
		}
	}
	if len(c.raws)+len(c.failures) > 0 {
		flush()
	}
}

func asFailure(s *mailbox.Source, err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Place: mailbox.Place{Path: s.Path, Format: s.Format}, Code: "io", Reason: err.Error(), Err: err}
}

// work hashes the messages of each chunk, asks which are new, and extracts those.
func (r *run) work(ctx context.Context, in <-chan *chunk, out chan<- *result) error {
	var z *zstd.Encoder
	if r.options.KeepRaw {
		var err error
		z, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(256<<10))
		if err != nil {
			return fmt.Errorf("start compression: %w", err)
		}
		defer z.Close()
	}
	for c := range in {
		res, err := r.extract(ctx, c, z)
		if err != nil {
			return err
		}
		r.room.Release(c.held() - res.hold(c.held()))
		select {
		case out <- res:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (r *run) extract(ctx context.Context, c *chunk, z *zstd.Encoder) (*result, error) {
	res := &result{failures: c.failures, read: int64(len(c.raws) + len(c.failures)), bytes: c.bytes}
	if r.options.Forwarded {
		carried := len(c.raws)
		c.raws, res.noForward = forwarded(c.raws)
		res.read += int64(len(c.raws) - carried)
	}
	hashes := make([]Hash, len(c.raws))
	for i, raw := range c.raws {
		hashes[i] = sha256.Sum256(raw.Data)
		res.sightings = append(res.sightings, Sighting{Hash: hashes[i], Place: raw.Place})
	}
	known, err := r.sink.Known(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("ask which messages are stored: %w", err)
	}
	seen := make(map[Hash]bool, len(hashes))
	for i, raw := range c.raws {
		if known[i] || seen[hashes[i]] {
			continue
		}
		seen[hashes[i]] = true
		f, err := safeExtract(hashes[i], raw, &r.options)
		if err != nil {
			res.failures = append(res.failures, &Failure{Place: raw.Place, Code: "extractor", Reason: err.Error()})
			res.sightings = dropSighting(res.sightings, hashes[i])
			continue
		}
		if z != nil {
			f.Raw = compress(z, raw.Data)
		}
		res.facts = append(res.facts, f)
	}
	r.options.Progress.Read.Add(res.read)
	r.options.Progress.Bytes.Add(res.bytes)
	r.options.Progress.Failed.Add(int64(len(res.failures)))
	return res, nil
}

// compress returns an exact-size slice, as it is held until its batch is stored.
func compress(z *zstd.Encoder, data []byte) []byte {
	if len(data) > chunkBytes {
		return z.EncodeAll(data, make([]byte, 0, len(data)/2)) // too large a buffer to keep
	}
	buf := compressBuffers.Get().(*[]byte)
	defer compressBuffers.Put(buf)
	*buf = z.EncodeAll(data, (*buf)[:0])
	return append(make([]byte, 0, len(*buf)), *buf...)
}

var compressBuffers = sync.Pool{New: func() any { return new([]byte) }}

// safeExtract turns a panic, which would be a bug of ours, into an error: one message must not
// keep the rest of the folder out.
func safeExtract(h Hash, raw mailbox.Raw, o *Options) (f *Facts, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the extractor failed on this message (%v); please report it; the message is read again by: collector failures retry", p)
		}
	}()
	f = extract(h, raw.Data, o.Class, &o.Own)
	f.Size = raw.Length
	if raw.Truncated {
		f.RawCut = true
		f.Defects = append(f.Defects, Defect{Code: "message-cut", Part: -1, Detail: fmt.Sprintf("%d of %d bytes read", len(raw.Data), raw.Length)})
	}
	return f, nil
}

func dropSighting(s []Sighting, h Hash) []Sighting {
	out := s[:0]
	for _, x := range s {
		if x.Hash != h {
			out = append(out, x)
		}
	}
	return out
}

// forwarded replaces messages by those attached to them.
func forwarded(raws []mailbox.Raw) (out []mailbox.Raw, none int64) {
	for _, raw := range raws {
		before := len(out)
		for n, data := range message.Parse(raw.Data).Embedded() {
			inner := raw
			inner.Name = fmt.Sprintf("%s#%d", raw.Name, n)
			inner.Data, inner.Length, inner.Truncated = data, int64(len(data)), false
			out = append(out, inner)
		}
		if len(out) == before {
			out = append(out, raw)
			none++
		}
	}
	return out, none
}

// write gathers results into batches and stores them.
func (r *run) write(ctx context.Context, in <-chan *result) error {
	b := newBatch()
	for res := range in {
		r.note(res)
		b.add(res)
		if b.full() {
			if err := r.store(ctx, b); err != nil {
				return err
			}
			b = newBatch()
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.store(ctx, b)
}

func (r *run) note(res *result) {
	s := &r.summary
	s.Read += res.read
	s.Bytes += res.bytes
	s.Failed += int64(len(res.failures))
	s.NoForward += res.noForward
	for _, f := range res.failures {
		if len(s.Failures) < maxListed {
			s.Failures = append(s.Failures, f)
		}
	}
}

func (r *run) store(ctx context.Context, b *batch) error {
	s := &r.summary
	s.Known = s.Read - s.Failed - s.New - int64(len(b.Messages))
	b.Progress = s.Counts
	b.Progress.New += int64(len(b.Messages))
	added, err := r.sink.Store(ctx, &b.Batch)
	r.room.Release(b.held)
	if err != nil {
		return fmt.Errorf("store %d messages: %w", len(b.Messages), err)
	}
	s.New += int64(added)
	s.Known = s.Read - s.Failed - s.New
	r.options.Progress.New.Store(s.New)
	for i := range b.Messages {
		s.tally(&b.Messages[i])
	}
	return nil
}

// week is how far a Date may be from arrival before it counts as off.
const week = 7 * 24 * 60 * 60

func (s *Summary) tally(f *Facts) {
	if f.Boundary < 0 {
		s.NoHops++
	}
	switch {
	case f.Date.IsZero():
		s.Undated++
	case !f.ReceivedAt.IsZero():
		if d := f.Date.Unix() - f.ReceivedAt.Unix(); d > week || d < -week {
			s.DatesOff++
		}
	}
	last := ""
	for _, d := range f.Defects {
		if d.Code != last {
			s.Defects[d.Code]++
			last = d.Code
		}
	}
}

// batch is a Batch in the making.
type batch struct {
	Batch
	in   map[Hash]bool
	size int
	held int64
}

func newBatch() *batch { return &batch{in: map[Hash]bool{}} }

func (b *batch) add(res *result) {
	b.held += res.held
	for _, f := range res.facts {
		if b.in[f.Hash] {
			b.size += len(f.Raw) // so that what it holds is let go in time
		} else {
			b.in[f.Hash] = true
			b.Messages = append(b.Messages, *f)
			b.size += f.weight()
		}
	}
	b.Sightings = append(b.Sightings, res.sightings...)
	b.Failures = append(b.Failures, res.failures...)
}

func (b *batch) full() bool {
	return len(b.Messages) >= batchMessages || b.size >= batchBytes || len(b.Sightings)+len(b.Failures) >= batchSightings
}

// weight estimates the memory that the facts hold.
func (f *Facts) weight() int {
	n := 1500 + len(f.Raw) + len(f.HeaderNames) + len(f.Subject)
	for i := range f.Hops {
		n += 500 + len(f.Hops[i].Raw)
	}
	for i := range f.Links {
		n += 300 + len(f.Links[i].Raw) + len(f.Links[i].URL) + len(f.Links[i].Visible)
	}
	for i := range f.Anomalies {
		n += 150 + len(f.Anomalies[i].Evidence)
	}
	return n + 200*len(f.Parts) + 150*len(f.Contacts) + 300*len(f.Defects)
}
