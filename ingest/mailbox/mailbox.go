// Package mailbox finds the messages in what an administrator points at: mbox files
// of every dialect, Maildir and Maildir++, MH folders, single messages, folders of
// all these, standard input; each also compressed (gzip, bzip2, xz, zstd), or packed
// in tar or zip. What something is, is told from its bytes, never from its name.
//
// In go paths; out come Raw messages, byte for byte as they were stored, each with
// the Place where it was found. The bytes of an mbox separator line are not part of
// the message. A source is never written to, moved or locked.
//
// The package does not look inside a message: that is ingest/message's business.
package mailbox

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"
)

// Format says how a source stores its messages.
type Format string

const (
	Mbox    Format = "mbox"    // any dialect, told apart by Dialect
	Maildir Format = "maildir" // Maildir or Maildir++
	MH      Format = "mh"
	Single  Format = "message" // one RFC 5322 message in a file
	MailLog Format = "log"     // of a mail server, or a listing of its queue: no messages
)

// Limits bounds the cost of one source. The zero value means DefaultLimits.
type Limits struct {
	// MessageBytes bounds one message; of a larger one the first MessageBytes are
	// yielded with Raw.Truncated set, and the rest is read over (and hashed by nobody).
	MessageBytes int64
	// Depth bounds nesting of archives and compression.
	Depth int
	// Ratio and RatioFloor stop a decompression bomb: once RatioFloor bytes have come
	// out, no more than Ratio bytes may come out for each byte read.
	Ratio, RatioFloor int64
	// Members bounds the entries of one archive.
	Members int
}

// DefaultLimits are the limits that the commands use.
var DefaultLimits = Limits{MessageBytes: 100 << 20, Depth: 4, Ratio: 250, RatioFloor: 256 << 20, Members: 10_000_000}

// Place is where a message was found. Path, Name and Offset together name it for good:
// reading an unchanged source again yields the same Places.
type Place struct {
	Path   string // the source: mbox file, Maildir or MH folder, archive, or "-" for standard input
	Name   string // within the source: file name of a Maildir, MH or plain folder entry, member of an archive ("a.tar.gz" holding "x/1.eml": "x/1.eml"); "" for an mbox
	Offset int64  // byte at which the message starts, in the decompressed stream
	Length int64  // bytes of the message as stored, also where Raw.Truncated
	Format Format
	Flags  string // Maildir info flags, sorted ("RS"), or mbox Status and X-Status letters if cheaply known
}

// Raw is one message as it was stored.
type Raw struct {
	Place
	// Data holds the message. It belongs to the receiver, who must not change it: other
	// messages may share its backing array.
	Data      []byte
	Truncated bool   // the message was longer than Limits.MessageBytes
	Envelope  string // the rest of the mbox "From " line, "" elsewhere: a claim like any header
}

// Failure is something that could not be read as a message, and why. It is an error
// that ends an item, not the stream.
type Failure struct {
	Place
	Code   string // short and stable, for grouping: "io", "empty", "bomb", "not-mail", "archive", "depth", "permission", ...
	Reason string // in words: the fault, and how to mend it
	Err    error  // the cause, or nil
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s %s byte %d: %s", f.Path, f.Name, f.Offset, f.Reason)
}
func (f *Failure) Unwrap() error { return f.Err }

// Source is one thing that holds messages: an mbox, a Maildir, an archive, ...
type Source struct {
	Path        string
	Format      Format
	Dialect     string // "mboxo", "mboxrd", "mboxcl", "mboxcl2" where told; "" otherwise
	Compression string // "gzip", "tar+xz", "zip", ...; "" for none
	Bytes       int64  // size on disk; -1 if unknown (standard input, pipes)
	Files       int    // files of a folder, 0 for a single file

	// Logs takes the mail logs that are met while messages are read, in folders and archives
	// too. Its error is one of reading, and becomes a Failure. Without it a log is one.
	Logs func(Log) error

	several bool     // an mbox of more than one message
	split   splitter // how to find the separators of an mbox
	open    opener
}

// Log is a mail log or queue listing, unpacked. It is gone once Source.Logs returns.
type Log struct {
	Place
	Modified time.Time // of the file or of the member of a tar archive; zero if unknown
	R        io.Reader
}

// opener is how a kind of source is read; each kind lives in a file of its own.
type opener interface {
	messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool)
	sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool)
}

// Messages yields each message of s in a stable order, with a *Failure for what could
// not be read. Only cancelling ctx or the consumer ends it early.
func (s *Source) Messages(ctx context.Context, lim Limits) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) { s.open.messages(ctx, s, lim, yield) }
}

// Sample yields up to n messages spread evenly over s, for statistics: the header of
// each is whole (up to 256 KiB), the body may be cut. It reads little of a large source and consumes nothing:
// Messages still yields everything, also for standard input. The same source gives the
// same sample. Failures are left out; Messages will tell them.
func (s *Source) Sample(ctx context.Context, lim Limits, n int) iter.Seq[Raw] {
	return func(yield func(Raw) bool) {
		s.open.sample(ctx, s, lim, n, func(r Raw, err error) bool { return err != nil || yield(r) })
	}
}

// File names the log: the path, and the name within an archive or folder.
func (l *Log) File() string {
	if l.Name == "" {
		return l.Path
	}
	return l.Path + "/" + l.Name
}
