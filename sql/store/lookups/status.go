package lookups

import (
	"context"
	"time"

	"spoor/sql/store"
)

// Status tells how one kind of task stands.
type Status struct {
	Task    string
	All     int64
	Due     int64 // may be claimed now
	Leased  int64 // somebody works on it
	Fresh   int64 // answered, and not due yet
	Retry   int64 // failed, and waiting for another try
	Never   int64 // never asked
	NextDue time.Time
}

// Status lists how the queue stands, by task.
func (q *Queue) Status(ctx context.Context) ([]Status, error) {
	return store.Collect[Status](ctx, q.store.db, "enrich_status", q.now())
}

// OutcomeCount is how many subjects' last look-up by a source ended so.
type OutcomeCount struct {
	Task, Outcome string
	Subjects      int64
}

// Outcomes counts the last outcomes in the queue, by task.
func (q *Queue) Outcomes(ctx context.Context) ([]OutcomeCount, error) {
	return store.Collect[OutcomeCount](ctx, q.store.db, "enrich_outcomes")
}

// ServerStatus tells how a server was treated.
type ServerStatus struct {
	Server      string
	Asked       int64
	AskedAt     time.Time // zero: never
	BackedUntil time.Time // zero or past: it may be asked
	BackedOffs  int64
	Reason      string
	LeftAlone   bool // now
}

// Servers lists the servers that were asked, those left alone now first.
func (q *Queue) Servers(ctx context.Context, limit int) ([]ServerStatus, error) {
	return store.Collect[ServerStatus](ctx, q.store.db, "enrich_servers", store.Limit(limit), q.now())
}
