package campaigns

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// Parameters reads those of the last run, and its number; 0 if there was no run.
func (s *Store) Parameters(ctx context.Context) (run int64, p campaign.Parameters, err error) {
	return s.parameters(ctx, "SELECT run_id, parameters FROM correlations ORDER BY run_id DESC LIMIT 1")
}

func (s *Store) parameters(ctx context.Context, query string) (run int64, p campaign.Parameters, err error) {
	var text []byte
	err = s.db.Pool.QueryRow(ctx, query).Scan(&run, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return run, p, store.Failed("read the last run", err)
}

// Enrolled is the evidence of a message with its campaign.
type Enrolled struct {
	campaign.Row
	Campaign int64 // 0: none
	Since    bool  // an import put it there, after the run
}

// Enrolled reads the evidence of messages, in the order of their keys.
func (s *Store) Enrolled(ctx context.Context, keys []int64) ([]Enrolled, error) {
	return store.Collect[Enrolled](ctx, s.db, "recall_rows", keys)
}

// MembersAround lists about n members of a campaign, at equal distances in time.
func (s *Store) MembersAround(ctx context.Context, id int64, n int) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("recall_members"), id, n)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("read members", err)
}

// Learned reads the last run's estimates of values, those that it knows.
func (s *Store) Learned(ctx context.Context, keys []evidence.Key) (map[evidence.Key]campaign.Value, error) {
	asked, list := make(map[evidence.Key]bool, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		asked[k], list[i] = true, int64(k)
	}
	type row struct {
		First  int64
		Packed []byte
	}
	out := make(map[evidence.Key]campaign.Value, len(keys))
	err := store.EachRow(ctx, s.db.Pool, sql.Query("recall_values"), func(r *row) {
		campaign.Page{First: evidence.Key(r.First), Packed: r.Packed}.Values(func(v campaign.Value) {
			if asked[v.Key] {
				out[v.Key] = v
			}
		})
	}, list)
	return out, store.Failed("read learned values", err)
}

// Remembered reads the last run's counts of campaigns: those of ids, with their Counts, and those
// that Value.Campaigns names by numbers. Members are left to the caller.
func (s *Store) Remembered(ctx context.Context, ids []int64, numbers []int32) ([]campaign.Remembered, error) {
	type row struct {
		CampaignID, Members int64
		N                   *int32
		Profile, Counts     []byte
	}
	var out []campaign.Remembered
	err := store.EachRow(ctx, s.db.Pool, sql.Query("recall_campaigns"), func(r *row) {
		c := campaign.Remembered{Messages: int(r.Members)}
		c.Profile, _ = campaign.Unpack(r.Profile) // of another version: as if there were none
		c.Counts, _ = campaign.UnpackCounts(r.Counts)
		c.Profile.Campaign = r.CampaignID
		out = append(out, c)
	}, ids, numbers)
	return out, store.Failed("read campaigns", err)
}
