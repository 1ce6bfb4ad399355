package campaigns

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Run is a run of the correlator: one transaction, so that a run that is killed
// leaves the memberships of the last complete one.
type Run struct {
	tx      pgx.Tx
	started time.Time
	seen    []seen // what Incidence read
}

// seen is when a message came.
type seen struct {
	key, at int64 // seconds of Unix time; 0 if unknown
	ham     bool
}

// Begin waits until no other run is under way and begins one.
func (s *Store) Begin(ctx context.Context, now time.Time) (*Run, error) {
	tx, err := s.db.Pool.Begin(ctx)
	if err != nil {
		return nil, store.Failed("begin correlation", err)
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockCorrelation); err != nil {
		tx.Rollback(context.WithoutCancel(ctx)) // the first error tells
		return nil, store.Failed("wait for another correlation", err)
	}
	return &Run{tx: tx, started: now}, nil
}

// Close gives up what was not committed by Replace.
func (c *Run) Close(ctx context.Context) error {
	err := c.tx.Rollback(context.WithoutCancel(ctx))
	if err == pgx.ErrTxClosed {
		return nil
	}
	return err
}

// Changes is what a run changed.
type Changes struct {
	Run               int64
	New, Merged, Gone int // campaigns
}

// Replace puts the campaigns and operations of r in the place of those before, with their
// ids carried over, and commits.
func (c *Run) Replace(ctx context.Context, r *campaign.Result, k Knowledge, now time.Time) (Changes, error) {
	out, err := c.replace(ctx, r, k, now)
	if err == nil {
		err = c.tx.Commit(ctx)
	}
	if err != nil {
		return Changes{}, store.Failed("write campaigns", err)
	}
	return out, nil
}

func (c *Run) replace(ctx context.Context, r *campaign.Result, k Knowledge, now time.Time) (out Changes, err error) {
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

// method is the version of the rules that group.
const method = 2

func (c *Run) record(ctx context.Context, r *campaign.Result, values traitValues, now time.Time) (run int64, err error) {
	members := 0
	for i := range r.Campaigns {
		members += len(r.Campaigns[i].Members)
	}
	aside := []SetAside{}
	for _, t := range r.SetAside {
		if v := values[t.Feature]; v != "" {
			aside = append(aside, SetAside{Value: wire.WellFormed(v), Messages: t.Elsewhere, Ham: t.Ham})
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
