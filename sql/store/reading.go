package store

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"spoor/ingest"
	"spoor/ingest/received"
)

// RawMessage is a stored message, for deriving its facts anew.
type RawMessage struct {
	Key       int64
	Hash      ingest.Hash
	Class     ingest.Class
	Size      int64
	Extractor int
	Data      []byte // zstd
	Cut       bool
	Own       received.Own // of the import that stored it
}

// RawMessages returns up to limit messages whose facts are of an extractor older than
// olderThan and that are kept raw, in the order of their keys, after the key after
// (math.MinInt64 to begin with).
func (s *Store) RawMessages(ctx context.Context, after int64, olderThan, limit int) ([]RawMessage, error) {
	return nil, errors.ErrUnsupported
}

// Failure is an item that could not be read as a message.
type Failure struct {
	ID                      int64
	Path, Name              string
	Offset, Length          int64
	Code, Reason            string
	FirstImport, LastImport int64
	ResolvedImport          int64 // 0 while it stands
}

// FailureFilter chooses among failures.
type FailureFilter struct {
	Import   int64 // seen by this import; 0 for any
	Resolved bool  // include those that a later import could read
	Limit    int   // 0 for no limit
}

// Failures lists what could not be read, by path and offset.
func (s *Store) Failures(ctx context.Context, f FailureFilter) ([]Failure, error) {
	return nil, errors.ErrUnsupported
}

// ResolveFailure marks a failure as read after all by an import. Storing a message that
// stands at the very place of a failure does this by itself.
func (s *Store) ResolveFailure(ctx context.Context, id, importID int64) error {
	return errors.ErrUnsupported
}

// Summary is what "collector status" shows of the store.
type Summary struct {
	Schema        int64  // number of the last migration
	Server        string // PostgreSQL version
	Messages      int64
	Spam, Ham     int64
	RawMessages   int64
	OldExtractor  int64 // messages whose facts an older extractor derived
	Places        int64
	Sources       int64
	Imports       int64
	LastImport    time.Time // zero if none
	Failures      int64     // unresolved
	First, Last   time.Time // span of received_at; zero if unknown
	DatabaseBytes int64
}

// Summary counts what is stored.
func (s *Store) Summary(ctx context.Context) (Summary, error) {
	return Summary{}, errors.ErrUnsupported
}

// Sender is a sender address and how many messages came from it.
type Sender struct {
	Addr        netip.Addr
	ReverseName string // the one most often recorded; "" for none
	HELO        string // the one most often given
	Messages    int64
}

// Tally is a code and how often it was met.
type Tally struct {
	Code     string
	Messages int64
}

// ImportSummary is what one import brought: of the messages that it was the first to store.
type ImportSummary struct {
	Counts      ingest.Counts
	First, Last time.Time // span of received_at; zero if unknown
	NoReceived  int64     // messages without a trusted time
	DateOff     int64     // Date more than 7 days from received_at
	NoDate      int64     // Date field that is not a date
	Senders     int64     // distinct sender addresses
	Hops        int64     // distinct addresses in hops
	LinkHosts   int64     // distinct
	FromDomains int64     // distinct
	Top         []Sender  // most messages first
	Defects     []Tally
	Anomalies   []Tally
	Failures    []Tally
}

// ImportSummary sums up one import, with its top senders.
func (s *Store) ImportSummary(ctx context.Context, importID int64, top int) (ImportSummary, error) {
	return ImportSummary{}, errors.ErrUnsupported
}
