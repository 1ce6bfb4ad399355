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
	Logs      *Logs     // takes the mail logs among the sources; nil: each is a Failure
}

// Progress can be read while a run is under way.
type Progress struct {
	Read, Bytes, New, Failed atomic.Int64
}

// Summary counts the results of a run. Read = New + Known + Failed.
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

// SourceCount counts the messages of one source.
type SourceCount struct {
	Source       *mailbox.Source
	Read, Failed int64
	Bytes        int64
}

// maxListed bounds Summary.Failures.
const maxListed = 20

// Run reads every message of the sources once and hands new ones to the sink.
//
// When ctx ends, the messages read so far are still stored, and Run returns the summary with
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

// result holds the facts that a worker extracted from a chunk.
type result struct {
	facts     []*Facts
	sightings []Sighting
	failures  []*Failure
	read      int64 // messages, readable or not
	bytes     int64
	noForward int64
	held      int64 // bytes that it still counts for until it is stored
}

// hold takes over the part of the chunk's quota that its compressed mail needs.
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
		r.options.Logs.listen(ctx, s)
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

func asFailure(s *mailbox.Source, err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Place: mailbox.Place{Path: s.Path, Format: s.Format}, Code: "io", Reason: err.Error(), Err: err}
}
