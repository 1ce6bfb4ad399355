// Package ingest turns received mail into facts: the content and origin of each
// message. Facts are derived from the bytes of the message alone, so they are
// the same on every machine and at every time.
//
//	mailbox ──▶ Raw ──▶ message ──▶ received, links ──▶ Facts ──▶ Sink
//
// Run makes one pass over the sources. It surveys them for the trust boundary,
// reads and hashes every message once, and asks the Sink which ones are new. It
// extracts the facts of the new messages on all cores and stores them in
// batches. A message that cannot be read becomes a Failure, and the pass goes
// on.
//
// The package has no database and no network. The caller provides the Sink.
package ingest

import (
	"context"

	"spoor/ingest/mailbox"
)

// ExtractorVersion is the version of the rules that derive facts. Raise it
// whenever the same bytes yield other facts, so that "collector reparse" finds
// the messages to extract again.
const ExtractorVersion = 6

// Class is the purpose of a message: spam to be clustered, or ham for
// comparison.
type Class string

// The classes, as stored and typed.
const (
	Spam Class = "spam" // evidence; may be a member of campaigns
	Ham  Class = "ham"  // legitimate mail; background for weighing, never a member
)

// Hash identifies a message: the SHA-256 of its bytes.
type Hash [32]byte

// Sighting records that a message was found at a place. One message has as many
// as it has copies.
type Sighting struct {
	Hash  Hash
	Place mailbox.Place
}

// Failure describes bytes that could not be stored as a message: the place, a
// code and the reason.
type Failure = mailbox.Failure

// Batch is the unit of storing: all of it in one transaction, or none of it.
type Batch struct {
	Messages  []Facts    // new messages, each once
	Sightings []Sighting // places of new and of known messages
	Failures  []*Failure
	// Progress holds the counts of the whole run up to and including this
	// batch, so that a run that was killed shows how far it came.
	Progress Counts
}

// Counts of a run in messages and bytes. Read = New + Known + Failed always
// holds.
type Counts struct {
	Read, New, Known, Failed int64
	Bytes                    int64
}

// Sink stores facts. Its methods must be safe for concurrent use by all
// workers.
type Sink interface {
	// Known reports, for each hash, whether the message is stored with facts of
	// the present ExtractorVersion.
	Known(ctx context.Context, hashes []Hash) ([]bool, error)
	// Store adds the new part of the batch and returns the number of messages
	// that it added. That is fewer than len(b.Messages) if another process
	// stored some meanwhile. When Store returns nil, the batch is durable.
	Store(ctx context.Context, b *Batch) (added int, err error)
}
