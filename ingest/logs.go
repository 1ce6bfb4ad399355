package ingest

import (
	"context"
	"errors"
	"io"
	"time"

	"spoor/ingest/mailbox"
	"spoor/ingest/maillog"
)

// LogStore stores deliveries from mail logs. The lines of one transaction may
// arrive in several Deliveries; the store merges those with the same
// maillog.Key.
type LogStore interface {
	// Deliveries merges all into the stored deliveries and returns how many
	// were new.
	Deliveries(ctx context.Context, all []maillog.Delivery) (added int, err error)
	// File records the statistics of one log file.
	File(ctx context.Context, f maillog.FileInfo) error
}

// LogOptions are the user's statements about all logs of a run.
type LogOptions struct {
	Zone   *time.Location // of timestamps without a zone; nil: inferred from the log
	Year   int            // of the last line in files without years; 0: from the file's time
	Server string         // host name for lines that carry none
	Now    time.Time
}

// Logs reads the mail logs among the sources. It uses one maillog.Reader for
// all of them, because a transaction may continue in the next rotated file.
type Logs struct {
	Files []maillog.FileInfo
	New   int64 // Deliveries that the store did not have
	Read  int64 // Deliveries handed to the store, repeats included

	options  LogOptions
	progress *Progress
	reader   *maillog.Reader
	store    LogStore
	batch    []maillog.Delivery
	err      error // of the store; once set, no more is read
}

// logBatch is the number of Deliveries in one transaction, as many as messages
// in a batch of mail.
const logBatch = 2_000

// maxLogFiles limits Files, which only serves the summary. The store records
// every file.
const maxLogFiles = 10_000

// NewLogs returns a reader that stores into store.
func NewLogs(store LogStore, o LogOptions) *Logs {
	return &Logs{options: o, store: store, progress: new(Progress), reader: maillog.NewReader(maillog.Options{Zone: o.Zone, Server: o.Server, Now: o.Now})}
}

// listen registers l to receive the logs that s contains. It does nothing for a
// nil l.
func (l *Logs) listen(ctx context.Context, s *mailbox.Source, p *Progress) {
	if l != nil {
		l.progress = p
		s.Logs = func(log mailbox.Log) error { return l.Log(ctx, log) }
	}
}

// countedBytes counts bytes as they are read, since one log may take an hour.
type countedBytes struct {
	io.Reader
	progress *Progress
}

func (c countedBytes) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.progress.Bytes.Add(int64(n))
	return n, err
}

// broken reports whether the store has failed, after which reading on is
// pointless.
func (l *Logs) broken() bool { return l != nil && l.err != nil }

// Log reads one log. It returns errors of reading; Finish returns those of the
// store.
func (l *Logs) Log(ctx context.Context, log mailbox.Log) error {
	if l.err != nil {
		return nil
	}
	var failed error
	for d, err := range l.reader.Read(countedBytes{log.R, l.progress}, maillog.File{Name: log.File(), Modified: l.written(log.Modified)}) {
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

// written is the time of the last write to a file. Syslog stamps have no year,
// so this decides theirs. A year that the user gave replaces it.
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

// put collects Deliveries. It returns false if reading should stop.
func (l *Logs) put(ctx context.Context, d maillog.Delivery) bool {
	l.batch = append(l.batch, d)
	if len(l.batch) >= logBatch {
		l.flush(ctx)
	}
	return l.err == nil && ctx.Err() == nil
}

// flush stores the collected Deliveries. It does so even after the user stopped
// the run, so that nothing read is lost.
func (l *Logs) flush(ctx context.Context) {
	if len(l.batch) == 0 || l.err != nil {
		return
	}
	added, err := l.store.Deliveries(context.WithoutCancel(ctx), l.batch)
	l.New += int64(added)
	l.Read += int64(len(l.batch))
	l.progress.Read.Add(int64(len(l.batch)))
	l.err = err
	clear(l.batch)
	l.batch = l.batch[:0]
}

// Finish stores the transactions whose end was not seen, and returns the
// store's first error.
func (l *Logs) Finish(ctx context.Context) error {
	for d := range l.reader.Rest() {
		if l.batch = append(l.batch, d); len(l.batch) >= logBatch {
			l.flush(ctx)
		}
	}
	l.flush(ctx)
	return l.err
}

// Lines returns the lines of all files, and how many of them had an unknown
// format.
func (l *Logs) Lines() (lines, unknown int64) {
	for i := range l.Files {
		lines += l.Files[i].Lines
		unknown += l.Files[i].Unknown
	}
	return lines, unknown
}
