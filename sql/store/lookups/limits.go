package lookups

import (
	"context"
	"time"

	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// The statements of Limits.
var (
	reserveSQL = sql.Query("enrich_reserve")
	backOffSQL = sql.Query("enrich_back_off")
)

// Limits shares the pace of every server among all processes on the database: a
// process reserves a slot here before each request. The clocks of the machines
// should agree within the interval of the strictest server.
type Limits struct{ store *Store }

// Limits returns the limits that all processes on the database share.
func (s *Store) Limits() Limits { return Limits{s} }

// Reserve takes n slots at a server, one each interval, and returns the time of
// the first. If the server is backed off, it takes none and returns until when
// and why. The statement locks the server's row, so that no two callers get the
// same slot.
//
// The slot lies in the future if others wait as well. The caller sleeps until
// then, without a connection or a lock.
func (l Limits) Reserve(ctx context.Context, server string, now time.Time, each time.Duration, n int) (first, backedOff time.Time, reason string, err error) {
	var until *time.Time
	var why *string
	err = l.store.db.Pool.QueryRow(ctx, reserveSQL, wire.Clean(server, maxServer), now.UTC(), max(each, 0), max(n, 1)).Scan(&first, &until, &why, nil)
	if err != nil {
		return time.Time{}, time.Time{}, "", store.Failed("reserve a turn at "+server, err)
	}
	if until != nil {
		backedOff = *until
	}
	if why != nil {
		reason = *why
	}
	return first, backedOff, reason, nil
}

// BackOff backs off from a server until a time, for all processes and later
// runs. It never shortens an earlier back-off.
func (l Limits) BackOff(ctx context.Context, server string, until time.Time, reason string) error {
	_, err := l.store.db.Pool.Exec(ctx, backOffSQL, wire.Clean(server, maxServer), until.UTC(), textOrNull(wire.Clean(reason, maxDetail)))
	return store.Failed("leave "+server+" alone", err)
}
