package campaigns

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/sql"
	"spoor/sql/store/wire"
)

// writeProfiles replaces the stored profiles and counts of campaigns.
//
// One buffer serves all, as COPY has sent a row before the next is encoded.
func (c *Run) writeProfiles(ctx context.Context, f *outcome) error {
	if _, err := c.tx.Exec(ctx, "DELETE FROM campaign_profiles"); err != nil {
		return err
	}
	var packed []byte
	columns := []string{"campaign_id", "n", "profile", "counts"}
	return wire.CopyIn(ctx, c.tx, "campaign_profiles", columns, indices(len(f.CampaignIDs)), func(r *wire.Rows, i int) {
		r.Begin()
		r.Bigint(f.CampaignIDs[i].ID)
		r.Integer(i)
		packed = f.Campaigns[i].Profile.Pack(packed[:0])
		r.Bytea(packed)
		packed = f.Campaigns[i].Counts.Pack(packed[:0])
		r.Bytea(packed)
		r.End()
	})
}

// writeLearned replaces the estimates of values.
func (c *Run) writeLearned(ctx context.Context, f *outcome) error {
	if _, err := c.tx.Exec(ctx, "DELETE FROM learned_values"); err != nil {
		return err
	}
	return wire.CopyIn(ctx, c.tx, "learned_values", []string{"first", "packed"}, f.Learned, func(r *wire.Rows, p campaign.Page) {
		r.Begin()
		r.Bigint(int64(min(p.First, math.MaxInt64))) // a kind never has the sign's bit
		r.Bytea(p.Packed)
		r.End()
	})
}

// page is the number of rows per statement.
const page = 5000

// writeCampaigns adds new campaigns and updates those that continue.
func (c *Run) writeCampaigns(ctx context.Context, f *outcome) error {
	for part := range slices.Chunk(indices(len(f.CampaignIDs)), page) {
		var id, members, split, operation []int64
		var weakest []float64
		for _, i := range part {
			id = append(id, f.CampaignIDs[i].ID)
			members = append(members, int64(len(f.Campaigns[i].Members)))
			weakest = append(weakest, f.Campaigns[i].Weakest)
			split = append(split, f.CampaignIDs[i].SplitFrom)
			operation = append(operation, f.OperationOf(i))
		}
		if _, err := c.tx.Exec(ctx, sql.Query("campaign_upsert"), id, members, weakest, split, operation, f.run); err != nil {
			return err
		}
	}
	return nil
}

// retire empties the campaigns that this run did not find, and records their
// successors.
func (c *Run) retire(ctx context.Context, f *outcome) error {
	_, err := c.tx.Exec(ctx, "UPDATE campaigns SET members = 0, operation_id = NULL WHERE members > 0 AND last_run <> $1", f.run)
	if err != nil {
		return err
	}
	var from, into []int64
	for _, m := range f.Mergers {
		from, into = append(from, m.From), append(into, m.Into)
	}
	_, err = c.tx.Exec(ctx, `UPDATE campaigns AS c SET merged_into = n.into_id, merged_run = $3
		FROM unnest($1::bigint[], $2::bigint[]) AS n (from_id, into_id) WHERE c.campaign_id = n.from_id`, from, into, f.run)
	return err
}

// writeOperations adds and updates operations. A retired operation keeps its
// row with 0 campaigns.
func (c *Run) writeOperations(ctx context.Context, f *outcome) error {
	var id, campaigns []int64
	var weakest []float64
	for i, o := range f.Operations {
		id, campaigns = append(id, f.OperationIDs[i].ID), append(campaigns, int64(len(o.Campaigns)))
		weakest = append(weakest, o.Weakest)
	}
	if _, err := c.tx.Exec(ctx, sql.Query("campaign_operations"), id, campaigns, weakest, f.run); err != nil {
		return err
	}
	_, err := c.tx.Exec(ctx, "UPDATE operations SET campaigns = 0 WHERE campaigns > 0 AND last_run <> $1", f.run)
	return err
}

// indices returns 0 to n-1, for statements that take parallel arrays.
func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// writeSpamruns replaces the spamruns by those that the correlator found. With
// logs, those over logs and messages stay.
func (c *Run) writeSpamruns(ctx context.Context, f *outcome) error {
	if f.KeepSpamruns {
		return nil
	}
	if _, err := c.tx.Exec(ctx, "DELETE FROM spamruns"); err != nil {
		return err
	}
	_, err := c.tx.CopyFrom(ctx, pgx.Identifier{"spamruns"}, []string{"spamrun_id", "started_at", "ended_at", "messages", "run_id", "sender"},
		pgx.CopyFromSlice(len(f.Spamruns), func(i int) ([]any, error) {
			r := &f.Spamruns[i]
			return []any{r.ID, time.Unix(r.Start, 0), time.Unix(r.End, 0), int64(len(r.Messages)), f.run, r.Sender}, nil
		}))
	return err
}
