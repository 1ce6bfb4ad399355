// Package mailbox finds the messages in the paths that an administrator names.
// It reads mbox files of every dialect, Maildir and Maildir++, MH folders,
// single messages, folders of all these, and standard input. Any of them may be
// compressed (gzip, bzip2, xz, zstd) or packed in tar or zip. It recognises
// formats by content and never by name.
//
// Paths go in; Raw messages come out, byte for byte as stored, each with its
// Place. The separator line of an mbox is not part of a message. The package
// never writes to, moves or locks a source.
//
// It does not parse messages; package message does.
package mailbox

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"
)

// Format is the way in which a source stores messages.
type Format string

// The formats, as stored.
const (
	Mbox    Format = "mbox"    // any dialect; see Source.Dialect
	Maildir Format = "maildir" // Maildir or Maildir++
	MH      Format = "mh"
	Single  Format = "message" // one RFC 5322 message in a file
	MailLog Format = "log"     // of a mail server, or a queue listing; has no messages
)

// Limits bounds the cost of one source. A zero field means the value of
// DefaultLimits.
type Limits struct {
	// MessageBytes limits one message. Of a larger one, the first MessageBytes
	// bytes are yielded with Raw.Truncated set, and the rest is skipped.
	MessageBytes int64
	// Depth limits the nesting of archives and compression.
	Depth int
	// Ratio and RatioFloor stop decompression bombs. After RatioFloor bytes of
	// output, at most Ratio bytes may come out for each byte of input.
	Ratio, RatioFloor int64
	// Members limits the entries of one archive.
	Members int
}

// DefaultLimits are the limits that the commands use. The ratio is far above
// that of mail; a bomb of zeros reaches 1:1000 with gzip.
var DefaultLimits = Limits{MessageBytes: 100 << 20, Depth: 4, Ratio: 250, RatioFloor: 256 << 20, Members: 10_000_000}

// Place is the position of a message. Path, Name and Offset identify it
// permanently: reading an unchanged source again yields the same Places.
type Place struct {
	Path   string // the source: mbox file, Maildir or MH folder, archive, or "-" for standard input
	Name   string // within the source: file name of a Maildir, MH or plain folder entry, member of an archive ("a.tar.gz" holding "x/1.eml": "x/1.eml"); "" for an mbox
	Offset int64  // index of the first byte in the decompressed stream
	Length int64  // bytes as stored, also if Raw.Truncated
	Format Format
	Flags  string // Maildir info flags, sorted ("RS"), or mbox Status and X-Status letters if cheaply known
}

// Raw is one message as it was stored.
type Raw struct {
	Place
	// Data is the message. The receiver may keep it but must not change it,
	// because other messages may share its backing array.
	Data      []byte
	Truncated bool   // the message exceeded Limits.MessageBytes
	Envelope  string // text of the mbox "From " line after "From "; "" elsewhere; a claim like any header
}

// Failure says why something could not be read as a message. It is the error of
// one item and does not end the stream.
type Failure struct {
	Place
	Code   string // short and stable, for grouping: "io", "empty", "bomb", "not-mail", "archive", "depth", "permission", ...
	Reason string // the fault and its remedy, for people
	Err    error  // the cause, or nil
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s %s byte %d: %s", f.Path, f.Name, f.Offset, f.Reason)
}
func (f *Failure) Unwrap() error { return f.Err }

// Source is one container of messages: an mbox, a Maildir, an archive and so
// on.
type Source struct {
	Path        string
	Format      Format
	Dialect     string // "mboxo", "mboxrd", "mboxcl", "mboxcl2" if recognised; else ""
	Compression string // "gzip", "tar+xz", "zip", ...; "" for none
	Bytes       int64  // size on disk; -1 if unknown (standard input, pipes)
	Files       int    // number of files in a folder; 0 for a single file

	// Logs receives the mail logs that Messages meets, also in folders and
	// archives. Its error becomes a Failure. If Logs is nil, each log is a
	// Failure.
	Logs func(Log) error

	several bool     // an mbox of more than one message
	split   splitter // how to find the separators of an mbox
	open    opener
}

// Log is an unpacked mail log or queue listing. R is valid until Source.Logs
// returns.
type Log struct {
	Place
	Modified time.Time // of the file or of the member of a tar archive; zero if unknown
	R        io.Reader
}

// opener reads one kind of source. Each kind has a file of its own.
type opener interface {
	messages(ctx context.Context, s *Source, lim Limits, yield func(Raw, error) bool)
	sample(ctx context.Context, s *Source, lim Limits, n int, yield func(Raw, error) bool)
}

// Messages yields the messages of s in a stable order, with a *Failure for each
// item that could not be read. It ends early only if ctx is cancelled or the
// consumer stops.
func (s *Source) Messages(ctx context.Context, lim Limits) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) { s.open.messages(ctx, s, lim, yield) }
}

// Sample yields up to n messages spread evenly over s, for statistics. The
// header of each is complete (up to 256 KiB); the body may be truncated. Sample
// reads little of a large source. It consumes nothing: Messages still yields
// everything, even from standard input. The same source gives the same sample.
// Failures are omitted; Messages reports them.
func (s *Source) Sample(ctx context.Context, lim Limits, n int) iter.Seq[Raw] {
	return func(yield func(Raw) bool) {
		s.open.sample(ctx, s, lim, n, func(r Raw, err error) bool { return err != nil || yield(r) })
	}
}

// File names the log: its path, and its name within an archive or folder.
func (l *Log) File() string {
	if l.Name == "" {
		return l.Path
	}
	return l.Path + "/" + l.Name
}
