package lookups

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
)

var bestSQL = sql.Query("enrich_best")

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

// Best tells to which lanes the n due tasks of the highest priority belong. It implements
// enrich.Ranked.
func (q *Queue) Best(ctx context.Context, n int, skip func(lane string) bool) (map[string]int, error) {
	lanes, err := q.Lanes(ctx)
	if err != nil {
		return nil, err
	}
	skipped := []string{}
	for lane := range lanes {
		if skip != nil && skip(lane) {
			skipped = append(skipped, lane)
		}
	}
	clear(lanes)
	rows, _ := q.store.db.Pool.Query(ctx, bestSQL, n, skipped)
	var lane string
	var count int
	_, err = pgx.ForEachRow(rows, []any{&lane, &count}, func() error { lanes[lane] = count; return nil })
	return lanes, store.Failed("look for the best look-ups", err)
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
