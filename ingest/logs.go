package ingest

import (
	"context"
	"errors"
	"time"

	"spoor/ingest/mailbox"
	"spoor/ingest/maillog"
)

// LogStore is where the transactions of mail logs go. Lines of one transaction may come in
// several Deliveries, of which each is merged with those of the same maillog.Key.
type LogStore interface {
	// Deliveries merges them into those that are stored, and tells how many are new.
	Deliveries(ctx context.Context, all []maillog.Delivery) (added int, err error)
	// File notes what a file held.
	File(ctx context.Context, f maillog.FileInfo) error
}

// LogOptions are what the user says of all logs.
type LogOptions struct {
	Zone   *time.Location // of stamps without zone; nil: found
	Year   int            // of the last line of files without year; 0: by the time of the file
	Server string         // that wrote lines without a host name
	Now    time.Time
}

// Logs reads the mail logs that are met among sources, with one maillog.Reader for all of
// them: transactions go on over rotated files.
type Logs struct {
	Files []maillog.FileInfo
	New   int64 // Deliveries that were not stored before
	Read  int64 // Deliveries, each as often as it was put out

	options LogOptions
	reader  *maillog.Reader
	store   LogStore
	batch   []maillog.Delivery
	err     error // of the store, which ends all reading
}

// logBatch is how many Deliveries are stored in one transaction.
const logBatch = 2_000

// maxLogFiles bounds Files; the store has them all.
const maxLogFiles = 10_000

// NewLogs returns a reader of logs into store.
func NewLogs(store LogStore, o LogOptions) *Logs {
	return &Logs{options: o, store: store, reader: maillog.NewReader(maillog.Options{Zone: o.Zone, Server: o.Server, Now: o.Now})}
}

// listen makes l take the logs of s.
func (l *Logs) listen(ctx context.Context, s *mailbox.Source) {
	if l != nil {
		s.Logs = func(log mailbox.Log) error { return l.Log(ctx, log) }
	}
}

func (l *Logs) broken() bool { return l != nil && l.err != nil }

// Log reads one log. Its error is one of reading; those of the store come from Finish.
func (l *Logs) Log(ctx context.Context, log mailbox.Log) error {
	if l.err != nil {
		return nil
	}
	var failed error
	for d, err := range l.reader.Read(log.R, maillog.File{Name: log.File(), Modified: l.written(log.Modified)}) {
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if !l.put(ctx, d) {
			return ctx.Err()
		}
	}
	info := l.reader.Info()
	if len(l.Files) < maxLogFiles {
		l.Files = append(l.Files, info)
	}
	l.flush(ctx)
	if l.err == nil {
		l.err = l.store.File(context.WithoutCancel(ctx), info)
	}
	return failed
}

// written is when a file was written to last, which decides the years of its stamps.
func (l *Logs) written(modified time.Time) time.Time {
	if l.options.Year == 0 {
		return modified
	}
	zone := l.options.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(l.options.Year, time.December, 31, 23, 59, 59, 0, zone)
}

// put gathers Deliveries; it is false when nothing more is to be read.
func (l *Logs) put(ctx context.Context, d maillog.Delivery) bool {
	l.batch = append(l.batch, d)
	if len(l.batch) >= logBatch {
		l.flush(ctx)
	}
	return l.err == nil && ctx.Err() == nil
}

// flush stores what was gathered, also when the user has stopped the reading.
func (l *Logs) flush(ctx context.Context) {
	if len(l.batch) == 0 || l.err != nil {
		return
	}
	added, err := l.store.Deliveries(context.WithoutCancel(ctx), l.batch)
	l.New += int64(added)
	l.Read += int64(len(l.batch))
	l.err = err
	clear(l.batch)
	l.batch = l.batch[:0]
}

// Finish stores what is not complete and returns the error of the store.
func (l *Logs) Finish(ctx context.Context) error {
	for d := range l.reader.Rest() {
		if l.batch = append(l.batch, d); len(l.batch) >= logBatch {
			l.flush(ctx)
		}
	}
	l.flush(ctx)
	return l.err
}

// Lines sums up the files.
func (l *Logs) Lines() (lines, unknown int64) {
	for i := range l.Files {
		lines += l.Files[i].Lines
		unknown += l.Files[i].Unknown
	}
	return lines, unknown
}
