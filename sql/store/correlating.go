package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/sql"
)

// lockCorrelation is the advisory lock that one run of the correlator holds.
const lockCorrelation = 0x73706f6f72_02

// page is how many rows one statement writes.
const page = 5000

// Correlating is a run of the correlator: one transaction, so that a run that is killed
// leaves the memberships of the last complete one.
type Correlating struct {
	tx      pgx.Tx
	started time.Time
	seen    []seen // what Incidence read
}

// seen is when a message came.
type seen struct {
	key, at int64 // seconds of Unix time; 0 if unknown
	ham     bool
}

// BeginCorrelation waits until no other run is under way and begins one.
func (s *Store) BeginCorrelation(ctx context.Context, now time.Time) (*Correlating, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, failed("begin correlation", err)
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockCorrelation)); err != nil {
		tx.Rollback(context.WithoutCancel(ctx)) // the first error tells
		return nil, failed("wait for another correlation", err)
	}
	return &Correlating{tx: tx, started: now}, nil
}

// Close gives up what was not committed by Replace.
func (c *Correlating) Close(ctx context.Context) error {
	err := c.tx.Rollback(context.WithoutCancel(ctx))
	if err == pgx.ErrTxClosed {
		return nil
	}
	return err
}

// Correlation is what a run changed.
type Correlation struct {
	Run               int64
	New, Merged, Gone int // campaigns
}

// Replace puts the campaigns and operations of r in the place of those before, with their
// ids carried over, and commits.
func (c *Correlating) Replace(ctx context.Context, r *campaign.Result, k Knowledge, now time.Time) (Correlation, error) {
	out, err := c.replace(ctx, r, k, now)
	if err == nil {
		err = c.tx.Commit(ctx)
	}
	if err != nil {
		return Correlation{}, failed("write campaigns", err)
	}
	return out, nil
}

func (c *Correlating) replace(ctx context.Context, r *campaign.Result, k Knowledge, now time.Time) (out Correlation, err error) {
	values, err := c.traitValues(ctx, r, k)
	if err != nil {
		return out, err
	}
	before, err := c.memberships(ctx)
	if err != nil {
		return out, err
	}
	found, err := c.identify(ctx, r, before)
	if err != nil {
		return out, err
	}
	if found.run, err = c.record(ctx, r, values, now); err != nil {
		return out, err
	}
	for _, step := range []func() error{
		func() error { return c.writeSpamruns(ctx, r.Spamruns, found.run) },
		func() error { return c.writeCampaigns(ctx, found) },
		func() error { return c.retire(ctx, found) },
		func() error { return c.writeOperations(ctx, found) },
		func() error { return c.writeTraits(ctx, found, values) },
		func() error { return c.writeProfiles(ctx, found) },
		func() error { return c.writeEvents(ctx, found, before, now) },
		func() error { return c.writeMembers(ctx, before, found.members(spamrunOf(r.Spamruns)), found.run) },
	} {
		if err := step(); err != nil {
			return out, err
		}
	}
	return found.changes(before), nil
}

// outcome is a result with the ids that its campaigns and operations have in the store.
type outcome struct {
	*campaign.Result
	run        int64
	campaigns  []campaign.Identity
	operations []campaign.Identity
	mergers    []campaign.Merger
}

// identify carries ids over from the run before.
func (c *Correlating) identify(ctx context.Context, r *campaign.Result, before []membership) (*outcome, error) {
	var campaigns, operations int64 // the first ids that were never given
	err := c.tx.QueryRow(ctx, "SELECT (SELECT coalesce(max(campaign_id), 0) + 1 FROM campaigns), (SELECT coalesce(max(operation_id), 0) + 1 FROM operations)").
		Scan(&campaigns, &operations)
	if err != nil {
		return nil, err
	}
	was, err := c.operationsBefore(ctx)
	if err != nil {
		return nil, err
	}
	f := &outcome{Result: r}
	of := make(map[int64]int64, len(before))
	for _, m := range before {
		if m.campaign != 0 {
			of[m.key] = m.campaign
		}
	}
	groups := make([][]int64, len(r.Campaigns))
	for i := range r.Campaigns {
		for _, m := range r.Campaigns[i].Members {
			groups[i] = append(groups[i], m.Key)
		}
	}
	f.campaigns, f.mergers = campaign.Identify(of, groups, campaigns)
	for key, id := range of {
		if of[key] = was[id]; was[id] == 0 {
			delete(of, key)
		}
	}
	together := make([][]int64, len(r.Operations))
	for i, o := range r.Operations {
		for _, n := range o.Campaigns {
			together[i] = append(together[i], groups[n]...)
		}
	}
	f.operations, _ = campaign.Identify(of, together, operations)
	return f, nil
}

// operationsBefore reads to which operations campaigns belonged.
func (c *Correlating) operationsBefore(ctx context.Context) (map[int64]int64, error) {
	of := make(map[int64]int64)
	rows, _ := c.tx.Query(ctx, "SELECT campaign_id, operation_id FROM campaigns WHERE operation_id IS NOT NULL AND members > 0")
	var id, operation int64
	_, err := pgx.ForEachRow(rows, []any{&id, &operation}, func() error { of[id] = operation; return nil })
	return of, err
}

// operationOf returns the id of the operation of campaign i; 0 for none.
func (f *outcome) operationOf(i int) int64 {
	if o := f.Campaigns[i].Operation; o >= 0 && o < len(f.operations) {
		return f.operations[o].ID
	}
	return 0
}

func (f *outcome) changes(before []membership) Correlation {
	out := Correlation{Run: f.run, Merged: len(f.mergers)}
	now := make(map[int64]bool, len(f.campaigns))
	for _, id := range f.campaigns {
		now[id.ID] = true
		if id.New {
			out.New++
		}
	}
	for id := range sizes(before) {
		if !now[id] {
			out.Gone++
		}
	}
	out.Gone -= out.Merged
	return out
}

// method is the version of the rules that group.
const method = 2

func (c *Correlating) record(ctx context.Context, r *campaign.Result, values traitValues, now time.Time) (run int64, err error) {
	members := 0
	for i := range r.Campaigns {
		members += len(r.Campaigns[i].Members)
	}
	aside := []SetAside{}
	for _, t := range r.SetAside {
		if v := values[t.Feature]; v != "" {
			aside = append(aside, SetAside{Value: wellFormed(v), Messages: t.Elsewhere, Ham: t.Ham})
		}
	}
	text, err := json.Marshal(aside)
	if err != nil {
		return 0, err
	}
	parameters, err := json.Marshal(r.Parameters)
	if err != nil {
		return 0, err
	}
	err = c.tx.QueryRow(ctx, `INSERT INTO correlations (started_at, finished_at, method, link_bits, messages, background, incidences, campaigns, operations, members, set_aside, parameters)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING run_id`,
		c.started, now, method, r.Parameters.LinkBits, r.Messages, r.Background, r.Incidences, len(r.Campaigns), len(r.Operations), members, text, parameters).Scan(&run)
	return run, err
}

func (c *Correlating) writeCampaigns(ctx context.Context, f *outcome) error {
	for part := range slices.Chunk(indices(len(f.campaigns)), page) {
		var id, members, split, operation []int64
		var weakest []float64
		for _, i := range part {
			id = append(id, f.campaigns[i].ID)
			members = append(members, int64(len(f.Campaigns[i].Members)))
			weakest = append(weakest, f.Campaigns[i].Weakest)
			split = append(split, f.campaigns[i].SplitFrom)
			operation = append(operation, f.operationOf(i))
		}
		if _, err := c.tx.Exec(ctx, sql.Query("campaign_upsert"), id, members, weakest, split, operation, f.run); err != nil {
			return err
		}
	}
	return nil
}

// retire empties the campaigns that this run did not find and says where they went.
func (c *Correlating) retire(ctx context.Context, f *outcome) error {
	_, err := c.tx.Exec(ctx, "UPDATE campaigns SET members = 0, operation_id = NULL WHERE members > 0 AND last_run <> $1", f.run)
	if err != nil {
		return err
	}
	var from, into []int64
	for _, m := range f.mergers {
		from, into = append(from, m.From), append(into, m.Into)
	}
	_, err = c.tx.Exec(ctx, `UPDATE campaigns AS c SET merged_into = n.into_id, merged_run = $3
		FROM unnest($1::bigint[], $2::bigint[]) AS n (from_id, into_id) WHERE c.campaign_id = n.from_id`, from, into, f.run)
	return err
}

func (c *Correlating) writeOperations(ctx context.Context, f *outcome) error {
	var id, campaigns []int64
	var weakest []float64
	for i, o := range f.Operations {
		id, campaigns = append(id, f.operations[i].ID), append(campaigns, int64(len(o.Campaigns)))
		weakest = append(weakest, o.Weakest)
	}
	if _, err := c.tx.Exec(ctx, sql.Query("campaign_operations"), id, campaigns, weakest, f.run); err != nil {
		return err
	}
	_, err := c.tx.Exec(ctx, "UPDATE operations SET campaigns = 0 WHERE campaigns > 0 AND last_run <> $1", f.run)
	return err
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
