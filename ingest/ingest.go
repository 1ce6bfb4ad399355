// Package ingest turns mail that somebody else wrote into facts: what a message itself
// says, derived from its bytes alone, and therefore the same on every machine.
//
//	mailbox ──▶ Raw ──▶ message ──▶ received, links ──▶ Facts ──▶ Sink
//
// Run drives one pass: it surveys the sources for the trust boundary, reads every
// message once, hashes it, asks the Sink which are new, extracts the facts of those on
// all cores, and hands them on in batches. What cannot be read becomes a Failure and
// the pass goes on.
//
// The package stores nothing and looks nothing up: the Sink is the caller's.
package ingest

import (
	"context"
	"net/netip"
	"time"

	"spoor/ingest/links"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
)

// ExtractorVersion names the rules by which facts are derived. It rises whenever the
// same bytes would yield other facts, so that "collector reparse" knows what is old.
const ExtractorVersion = 1

// Class says what a message is kept for.
type Class string

const (
	Spam Class = "spam" // evidence: may be a member of campaigns
	Ham  Class = "ham"  // wanted mail: background for weighing, never a member
)

// Hash is the SHA-256 of a message's bytes: its identity.
type Hash [32]byte

// Facts is what one message says. Zero values mean that it does not say.
type Facts struct {
	Hash  Hash
	Size  int64
	Class Class

	MessageID     string // without brackets
	Subject       string
	SubjectKey    string // normal form for comparison: without Re:, digits, case, blanks at the ends
	From          Address
	Sender        string // Sender field's address
	ReplyTo       []string
	ReturnPath    string
	To            []string // To and Cc, addresses
	Recipients    []string // envelope recipients that our own servers recorded (Delivered-To, for ...)
	Date          time.Time
	DateRaw       string
	Mailer        string // X-Mailer or User-Agent
	ListID        string
	HeaderNames   string // names in order and case as written, joined by ",", at most 2 KiB: the mailer's habit
	MIMESkeleton  string // nested media types, e.g. "multipart/alternative(text/plain,text/html)", at most 500 bytes
	BoundaryForm  string // first MIME boundary as a character-class template
	MessageIDForm string // Message-ID as a character-class template
	TextHash      int64  // of the normal text of the body; 0 if there is too little to compare
	TextLength    int    // runes of the normal text

	Boundary     int // index into Hops of the last hop of our own; -1 unknown
	SenderAddr   netip.Addr
	HELO         string
	ReverseName  string
	ReverseState received.ReverseState
	ReceivedAt   time.Time // of the boundary hop

	Hops      []received.Hop
	Anomalies []received.Anomaly
	Parts     []Part
	Links     []links.Link
	Contacts  []links.Contact
	Defects   []Defect

	Raw    []byte // the message, zstd-compressed; nil if it is not to be kept
	RawCut bool   // only the first part of a message over the size limit was kept
}

// Address is a mailbox: display name and addr-spec.
type Address struct{ Name, Address string }

// Part is one node of the MIME tree.
type Part struct {
	Parent      int
	Type        string
	Sniffed     string
	Charset     string
	Encoding    string
	Disposition string
	Name        string
	Size        int64
	Hash        Hash // of the decoded bytes; zero for inner nodes
	Attachment  bool
}

// Defect is a departure from the standards, kept as a fact.
type Defect struct {
	Code   string
	Part   int // -1 for the header
	Detail string
}

// Sighting is one place at which a message was found.
type Sighting struct {
	Hash  Hash
	Place mailbox.Place
}

// Failure is what could not be stored as a message, where, and why.
type Failure = mailbox.Failure

// Batch is stored as one: in a single transaction, or not at all.
type Batch struct {
	Messages  []Facts    // new ones, each once
	Sightings []Sighting // of new and known messages
	Failures  []*Failure
	// Progress of the whole run up to and with this batch.
	Progress Counts
}

// Counts add up: Read = New + Known + Failed.
type Counts struct {
	Read, New, Known, Failed int64
	Bytes                    int64
}

// Sink is where facts go. Its methods are safe for concurrent use.
type Sink interface {
	// Known reports for each hash whether the message is stored with facts of
	// ExtractorVersion.
	Known(ctx context.Context, hashes []Hash) ([]bool, error)
	// Store adds what is new of the batch and tells how many messages were new: another
	// process may have stored some in the meantime. When it returns nil the batch is durable.
	Store(ctx context.Context, b *Batch) (added int, err error)
}
