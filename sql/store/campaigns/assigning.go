package campaigns

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// errCorrelating says that a run is under way, or ended meanwhile: its word stands.
var errCorrelating = errors.New("a run of the correlator is under way")

// profiledRun is a run that left profiles, and what people have decided since.
type profiledRun struct {
	run        int64
	parameters campaign.Parameters
	decisions  campaign.Decisions
}

// profiled reads the last run; its number is 0 if there was none or it left no profiles.
func (s *Store) profiled(ctx context.Context) (p profiledRun, err error) {
	var text []byte
	err = s.db.Pool.QueryRow(ctx, sql.Query("assign_run")).Scan(&p.run, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return profiledRun{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p.parameters)
	}
	return p, err
}

// assignable lists the spam of an import that is in no campaign.
func (s *Store) assignable(ctx context.Context, importID int64) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("assign_new"), importID)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// newRow reads a row of incidence.
func newRow(f *wire.Fields) campaign.Row {
	r := campaign.Row{Key: f.Int64()}
	if at := f.Time(); !at.IsZero() {
		r.At = at.Unix()
	}
	r.Background, r.Newsletter = f.Bool(), f.Bool()
	for _, k := range f.Int64s() {
		r.Features = append(r.Features, evidence.Key(k))
	}
	r.Sketch = f.Bytes()
	return r
}

// writeAssigned writes memberships, and returns how many by campaign, unless a run of the
// correlator is under way or ended since.
func writeAssigned(ctx context.Context, tx pgx.Tx, list []membership, run int64, now time.Time) (map[int64]int64, error) {
	if err := lastRunStands(ctx, tx, run); err != nil || len(list) == 0 {
		return nil, err
	}
	joined := sizes(list)
	rows, _ := tx.Query(ctx, sql.Query("assign_lock"), slices.Sorted(maps.Keys(joined)))
	there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(joined, func(id, _ int64) bool { return !slices.Contains(there, id) })
	counts := make([]int64, len(there))
	for i, id := range there {
		counts[i] = joined[id]
	}
	// Small tables come before those that are spread over servers.
	if _, err := tx.Exec(ctx, sql.Query("assign_count"), there, counts); err != nil {
		return nil, err
	}
	var keys, campaigns []int64
	var confidences []float32
	for _, m := range list {
		if joined[m.campaign] > 0 {
			keys, campaigns, confidences = append(keys, m.key), append(campaigns, m.campaign), append(confidences, m.confidence)
		}
	}
	_, err = tx.Exec(ctx, sql.Query("assign_write"), keys, campaigns, confidences, run, now)
	return joined, err
}

// lastRunStands makes sure that no run of the correlator comes in between until the end of
// the transaction.
func lastRunStands(ctx context.Context, tx pgx.Tx, run int64) error {
	var free bool
	if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock_shared($1)", store.LockCorrelation).Scan(&free); err != nil {
		return err
	}
	if !free {
		return errCorrelating
	}
	var last int64
	if err := tx.QueryRow(ctx, "SELECT max(run_id) FROM correlations").Scan(&last); err != nil {
		return err
	}
	if last != run {
		return errCorrelating
	}
	return nil
}
