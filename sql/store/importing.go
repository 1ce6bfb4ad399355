package store

import (
	"context"
	"errors"
	"time"

	"spoor/ingest"
	"spoor/ingest/received"
)

// Import is what a run of "collector import" was asked to do.
type Import struct {
	Class     ingest.Class
	Own       received.Own // may be told later, by SetOwn
	Arguments []string     // paths and options as given
	StartedAt time.Time
	NoRaw     bool
}

// Importing is one run that adds facts. It is an ingest.Sink.
type Importing struct {
	ID int64 // imports.import_id

	store *Store
}

var _ ingest.Sink = (*Importing)(nil)

// Begin records that an import starts.
func (s *Store) Begin(ctx context.Context, run Import) (*Importing, error) {
	return nil, errors.ErrUnsupported
}

// SetOwn records the servers that the run takes for our own, once they are known. It
// belongs before the first Store.
func (i *Importing) SetOwn(ctx context.Context, own received.Own) error { return errors.ErrUnsupported }

// Known implements ingest.Sink.
func (i *Importing) Known(ctx context.Context, hashes []ingest.Hash) ([]bool, error) {
	return nil, errors.ErrUnsupported
}

// Store implements ingest.Sink. A message that is stored with facts of an older
// extractor gets the new ones, and is not counted as added. A sighting's message must be
// in this batch, in an earlier one, or reported by Known.
func (i *Importing) Store(ctx context.Context, b *ingest.Batch) (added int, err error) {
	return 0, errors.ErrUnsupported
}

// Finish records the sum of the run and that it ended.
func (i *Importing) Finish(ctx context.Context, sum ingest.Counts) error { return errors.ErrUnsupported }
