// Package ledger records exchanges with others: the abuse reports that were
// made, compared with later observations, and sightings that others reported.
// It sends nothing, and a row does not prove that a report was sent.
package ledger

import (
	"context"
	"time"

	"spoor/sql"
	"spoor/sql/store"
)

// Store is the ledger of a database. It is safe for concurrent use.
type Store struct{ db *store.DB }

// New returns the ledger of db.
func New(db *store.DB) *Store { return &Store{db} }

// Entry is one source in a report.
type Entry struct {
	ID       string // UUID
	Campaign int64
	Contact  string
	Guessed  bool
	Role     string // netblock, host, registrar, platform
	Source   string
	Messages int64
	LastSeen time.Time
}

// Made records that a report was made.
func (s *Store) Made(ctx context.Context, e Entry, at time.Time) error {
	var last *time.Time
	if !e.LastSeen.IsZero() {
		last = &e.LastSeen
	}
	_, err := s.db.Pool.Exec(ctx, sql.Query("abuse_made"), e.ID, at, last, e.Campaign, e.Messages, e.Guessed, e.Contact, e.Role, e.Source)
	return store.Failed("note a report", err)
}

// Line is an entry with the observations since then.
type Line struct {
	ReportID              string
	MadeAt, LastMade      time.Time
	Times                 int
	Contact, Role, Source string
	Messages              int64
	LastSeen              time.Time
	MessagesSince         int64 // spam of any campaign from the source
	LastSince             time.Time
	Outcome               string    // outcome of the last DNS answer since: answered or none; "" if nobody asked
	LookedAt              time.Time // time of that answer
	State                 string    // state of the registration, if a registry answered since
	StateAt               time.Time
}

// List returns the reports about a campaign.
func (s *Store) List(ctx context.Context, campaign int64) ([]Line, error) {
	return store.Collect[Line](ctx, s.db, "abuse_list", campaign)
}
