package lookups

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/enrich"
	"spoor/sql"
	"spoor/sql/store"
)

// The statements that count tasks.
var (
	bestSQL    = sql.Query("enrich_best")
	waitingSQL = sql.Query("enrich_waiting")
)

// Status describes the tasks of one kind.
type Status struct {
	Task    string
	All     int64
	Due     int64 // may be claimed now
	Leased  int64 // claimed by a worker
	Fresh   int64 // answered, and not due yet
	PutOff  int64 // their server is backed off
	Retry   int64 // failed, waiting for another try
	Never   int64 // never asked
	NextDue time.Time
}

// Best implements enrich.Ranked: it counts the n due tasks of the highest
// priority by lane.
//
// It is for plans: nothing is claimed.
func (q *Queue) Best(ctx context.Context, n int, skip func(lane string) bool) (map[string]int, error) {
	skipped, err := q.skipped(ctx, skip)
	if err != nil {
		return nil, err
	}
	lanes := map[string]int{}
	rows, _ := q.store.db.Pool.Query(ctx, bestSQL, n, skipped)
	var lane string
	var count int
	_, err = pgx.ForEachRow(rows, []any{&lane, &count}, func() error { lanes[lane] = count; return nil })
	return lanes, store.Failed("look for the best look-ups", err)
}

// Backlog implements enrich.Waiting.
func (q *Queue) Backlog(ctx context.Context, skip func(lane string) bool) (b enrich.Backlog, err error) {
	skipped, err := q.skipped(ctx, skip)
	if err != nil {
		return b, err
	}
	var due *time.Time
	if err := q.store.db.Pool.QueryRow(ctx, waitingSQL, q.Worker, q.now(), skipped).Scan(&b.Leased, &due); err != nil {
		return b, store.Failed("look at the queue", err)
	}
	if due != nil {
		b.Next = *due
	}
	list, err := store.Collect[putOff](ctx, q.store.db, "enrich_put_off")
	if err != nil {
		return b, err
	}
	at := map[string]int{}
	for _, p := range list {
		if skip != nil && skip(p.Lane) {
			continue
		}
		i, ok := at[p.Server]
		if !ok {
			i, at[p.Server] = len(b.PutOff), len(b.PutOff)
			b.PutOff = append(b.PutOff, enrich.PutOff{BackedOff: enrich.BackedOff{Server: p.Server, Until: p.Until, Reason: p.Reason}})
		}
		b.PutOff[i].Tasks += int(p.Tasks)
		// Lanes of one server may have different times; the first counts.
		if p.Until.Before(b.PutOff[i].Until) {
			b.PutOff[i].Until = p.Until
		}
	}
	return b, nil
}

// putOff is the work of one lane that waits for one server.
type putOff struct {
	Server, Lane, Reason string
	Tasks                int64
	Until                time.Time
}

// skipped lists the lanes for which skip is true.
//
// The statement needs a list, since the database cannot call a function of the
// program. There are as many lanes as top-level domains.
func (q *Queue) skipped(ctx context.Context, skip func(lane string) bool) ([]string, error) {
	out := []string{}
	if skip == nil {
		return out, nil
	}
	rows, _ := q.store.db.Pool.Query(ctx, "SELECT DISTINCT lane FROM lookups")
	lanes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, store.Failed("look for lanes", err)
	}
	for _, lane := range lanes {
		if skip(lane) {
			out = append(out, lane)
		}
	}
	return out, nil
}

// Status describes the queue by task.
func (q *Queue) Status(ctx context.Context) ([]Status, error) {
	return store.Collect[Status](ctx, q.store.db, "enrich_status", q.now())
}

// Oldest returns the time at which the longest-waiting domain without any
// answer became due; zero if there is none.
func (q *Queue) Oldest(ctx context.Context) (time.Time, error) {
	var since time.Time
	err := q.store.db.Pool.QueryRow(ctx, sql.Query("enrich_oldest")).Scan(&since)
	return since, store.Failed("look for the oldest look-up", err)
}

// OutcomeCount is the number of subjects whose last look-up by a source had
// this outcome.
type OutcomeCount struct {
	Task, Outcome string
	Subjects      int64
}

// Outcomes counts the last outcomes in the queue by task.
func (q *Queue) Outcomes(ctx context.Context) ([]OutcomeCount, error) {
	return store.Collect[OutcomeCount](ctx, q.store.db, "enrich_outcomes")
}

// ServerStatus describes how a server was asked.
type ServerStatus struct {
	Server      string
	Asked       int64
	AskedAt     time.Time // zero: never
	BackedUntil time.Time // zero or past: it may be asked
	BackedOffs  int64
	Reason      string
	LeftAlone   bool // at present
}

// Servers lists the servers that were asked, backed-off ones first.
func (q *Queue) Servers(ctx context.Context, limit int) ([]ServerStatus, error) {
	return store.Collect[ServerStatus](ctx, q.store.db, "enrich_servers", store.Limit(limit), q.now())
}
