package ingest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"spoor/ingest/mailbox"
	"spoor/ingest/received"
)

// Limits of the data between the stages. Together they bound the memory of a
// run over sources of any size.
const (
	chunkMessages  = 128      // messages in a chunk, the unit of a worker
	chunkBytes     = 2 << 20  // or bytes of mail in a chunk
	inFlightBytes  = 96 << 20 // bytes read but not yet extracted, and compressed mail not yet stored
	batchMessages  = 2_000    // new messages in one transaction
	batchBytes     = 24 << 20 // or bytes of facts and compressed mail in it
	batchSightings = 20_000   // or sightings of known messages in it

	// heavyBytes is the largest share of inFlightBytes that one chunk takes. A
	// message larger than that must still fit beside a batch that waits to be
	// filled, or the run would block for ever.
	heavyBytes = inFlightBytes - batchBytes - chunkBytes
)

// Options of a run. Class and Own have no default; the caller must set them.
type Options struct {
	Class     Class
	Own       received.Own // servers whose hops are believed; see Survey
	KeepRaw   bool         // keep the compressed messages
	Forwarded bool         // import attached messages instead of those that carry them
	Workers   int          // 0: one for each core
	Limits    mailbox.Limits
	Progress  *Progress // may be nil
	Logs      *Logs     // receives mail logs among the sources; nil: each is a Failure
}

// Progress is updated while a run goes on and may be read from another
// goroutine.
type Progress struct {
	Read, Bytes, New, Failed atomic.Int64
}

// Summary counts the results of a run. "New messages" below are those that this
// run stored.
type Summary struct {
	Counts
	Sources   []SourceCount
	Defects   map[string]int64 // messages by defect code
	NoHops    int64            // messages without a believed hop, so without a known sender
	Undated   int64            // messages without a readable Date
	DatesOff  int64            // messages whose Date is over a week from their arrival
	NoForward int64            // with Options.Forwarded: messages without an attached one, imported themselves
	Failures  []*Failure       // the first maxListed; the sink has all
}

// SourceCount counts the messages of one source.
type SourceCount struct {
	Source       *mailbox.Source
	Read, Failed int64
	Bytes        int64
}

// maxListed bounds Summary.Failures.
const maxListed = 20

// Run reads every message of the sources once and hands the new ones to the
// sink.
//
// If ctx ends, Run still stores the messages read so far and returns the
// summary with ctx's error. An error of the sink ends the run. Everything up to
// the last Store that returned nil is durable, and a second run completes the
// rest.
func Run(ctx context.Context, sources []*mailbox.Source, sink Sink, o Options) (*Summary, error) {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	r := &run{options: o, sink: sink, summary: Summary{Defects: map[string]int64{}}, room: semaphore.NewWeighted(inFlightBytes)}

	// A user who stops the run stops only the reading. Storing ends early on an
	// error alone.
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

// run is the state of one call of Run. Three stages share it: a reader, the
// workers and the writer.
type run struct {
	options Options
	sink    Sink
	room    *semaphore.Weighted // quota of inFlightBytes
	summary Summary             // Sources belong to the reader, the rest to the writer
}

// chunk is a group of messages on its way to a worker. Chunks make one question
// to the sink serve many messages.
type chunk struct {
	raws     []mailbox.Raw
	bytes    int64
	failures []*Failure
}

// held is the number of bytes that the chunk takes of the quota.
func (c *chunk) held() int64 { return min(c.bytes, heavyBytes) }

// result is a worker's output for one chunk.
type result struct {
	facts     []*Facts
	sightings []Sighting
	failures  []*Failure
	read      int64 // messages, readable or not
	bytes     int64
	noForward int64
	held      int64 // bytes of the quota that it keeps until it is stored
}

// hold keeps the part of the chunk's quota that its compressed mail occupies,
// at most most, and returns it.
func (r *result) hold(most int64) int64 {
	for _, f := range r.facts {
		r.held += int64(len(f.Raw))
	}
	r.held = min(r.held, most)
	return r.held
}

// read splits the messages of all sources into chunks. It blocks while the
// quota is used up.
func (r *run) read(ctx context.Context, sources []*mailbox.Source, out chan<- *chunk) {
	c := new(chunk)
	flush := func() bool {
		// Wait until the stages after this one have stored enough.
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
		r.options.Logs.listen(ctx, s, r.options.Progress)
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
		if ctx.Err() != nil || r.options.Logs.broken() {
			break
		}
	}
	if len(c.raws)+len(c.failures) > 0 {
		flush()
	}
}

// asFailure gives every error of a source the form in which failures are stored
// and listed.
func asFailure(s *mailbox.Source, err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Place: mailbox.Place{Path: s.Path, Format: s.Format}, Code: "io", Reason: err.Error(), Err: err}
}
