package campaigns

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/sql"
	"spoor/sql/store"
)

// Profiled returns the number and the parameters of the last run, or 0 if there
// was no run or it left no profiles.
//
// The parameters are those of that run: a message is judged by the numbers with
// which its campaign was found, and not by those of a newer program.
func (s *Store) Profiled(ctx context.Context) (run int64, p campaign.Parameters, err error) {
	return s.parameters(ctx, sql.Query("assign_run"))
}

// Free returns correlation.ErrRunning unless run is the last one and no run is
// in progress.
func (s *Store) Free(ctx context.Context, run int64) error {
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error { return lastRunStands(ctx, tx, run) })
	return store.Failed("read the last run", err)
}

// Assignable lists the spam of an import that is in no campaign.
func (s *Store) Assignable(ctx context.Context, importID int64) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("assign_new"), importID)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("look for new messages", err)
}

// Rows reads the evidence of messages, in the order of their keys.
func (s *Store) Rows(ctx context.Context, keys []int64) ([]campaign.Row, error) {
	list, err := s.Enrolled(ctx, keys)
	out := make([]campaign.Row, len(list))
	for i := range list {
		out[i] = list[i].Row
	}
	return out, err
}

// Profiles yields the profile of every campaign.
//
// Profiles are passed one by one, because all together may need more memory
// than an import.
func (s *Store) Profiles(ctx context.Context, each func(campaign int64, packed []byte)) error {
	type row struct {
		CampaignID int64
		Profile    []byte
	}
	err := store.EachRow(ctx, s.db.Pool, "SELECT campaign_id, profile FROM campaign_profiles", func(r *row) { each(r.CampaignID, r.Profile) })
	return store.Failed("read profiles", err)
}

// Join writes memberships and returns their number by campaign. It refuses if a
// run of the correlator is in progress or has ended since.
func (s *Store) Join(ctx context.Context, list []correlation.Membership, run int64, now time.Time) (joined map[int64]int64, err error) {
	err = s.db.Transaction(ctx, func(tx pgx.Tx) error {
		joined, err = join(ctx, tx, list, run, now)
		return err
	})
	return joined, store.Failed("assign new messages", err)
}

// join is Join in a transaction. Campaigns are locked in the order of their ids, so that two
// imports that end together do not wait for each other in a circle.
func join(ctx context.Context, tx pgx.Tx, list []correlation.Membership, run int64, now time.Time) (map[int64]int64, error) {
	if err := lastRunStands(ctx, tx, run); err != nil || len(list) == 0 {
		return nil, err
	}
	joined := make(map[int64]int64)
	for _, m := range list {
		joined[m.Campaign]++
	}
	rows, _ := tx.Query(ctx, sql.Query("assign_lock"), slices.Sorted(maps.Keys(joined)))
	there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	// A campaign may have gone since its profile was read.
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
		if joined[m.Campaign] > 0 {
			keys, campaigns, confidences = append(keys, m.Message), append(campaigns, m.Campaign), append(confidences, m.Confidence)
		}
	}
	if _, err := tx.Exec(ctx, sql.Query("assign_write"), keys, campaigns, confidences, run, now); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, sql.Query("sums_joined"), keys, campaigns)
	return joined, err
}

// lastRunStands makes sure that no run of the correlator comes in between until the end of
// the transaction.
func lastRunStands(ctx context.Context, tx pgx.Tx, run int64) error {
	var free bool
	// An import must not wait for minutes. Imports share the lock; a run takes
	// it alone.
	if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock_shared($1)", store.LockCorrelation).Scan(&free); err != nil {
		return err
	}
	if !free {
		return correlation.ErrRunning
	}
	var last int64
	if err := tx.QueryRow(ctx, "SELECT max(run_id) FROM correlations").Scan(&last); err != nil {
		return err
	}
	if last != run {
		return correlation.ErrRunning
	}
	return nil
}
