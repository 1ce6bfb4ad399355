// Package ingest turns mail that somebody else wrote into facts: the content and origin of
// each message, derived from its bytes alone, and therefore the same on every machine.
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

	"spoor/ingest/mailbox"
)

// ExtractorVersion names the rules by which facts are derived. It rises whenever the
// same bytes would yield other facts, so that "collector reparse" finds outdated rows.
const ExtractorVersion = 4

// Class is the purpose for which a message is kept.
type Class string

const (
	Spam Class = "spam" // evidence: may be a member of campaigns
	Ham  Class = "ham"  // wanted mail: background for weighing, never a member
)

// Hash is the SHA-256 of a message's bytes: its identity.
type Hash [32]byte

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
