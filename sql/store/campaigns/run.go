package campaigns

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"spoor/graph/correlation"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Exclusively waits until no other run is active, calls f and commits if f
// returns nil. All reads and writes of f are in one transaction.
//
// There is no retry as in other transactions: a run takes minutes, and its lock
// excludes the conflicts that a retry would mend.
func (s *Store) Exclusively(ctx context.Context, f func(correlation.Tx) error) error {
	c, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer c.tx.Rollback(context.WithoutCancel(ctx)) // after Commit there is nothing to take back
	if err := f(c); err != nil {
		return err
	}
	return store.Failed("write campaigns", c.tx.Commit(ctx))
}

// begin starts a transaction and takes the lock in it. PostgreSQL releases the
// lock with the transaction, even if the connection breaks.
func (s *Store) begin(ctx context.Context) (*Run, error) {
	tx, err := s.db.Pool.Begin(ctx)
	if err != nil {
		return nil, store.Failed("begin correlation", err)
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockCorrelation); err != nil {
		tx.Rollback(context.WithoutCancel(ctx)) // the first error is the one to report
		return nil, store.Failed("wait for another correlation", err)
	}
	return &Run{tx}, nil
}

// Before reads the results of the run before.
func (c *Run) Before(ctx context.Context) (b correlation.Before, err error) {
	for _, read := range []func(context.Context, *correlation.Before) error{c.readFree, c.readOperations, c.readAsleep, c.readLogged, c.readMembers} {
		if err := read(ctx, &b); err != nil {
			return b, store.Failed("read the campaigns of the run before", err)
		}
	}
	return b, nil
}

// Input returns a fingerprint of the stored evidence and decisions, and the last
// run with the fingerprint of its input.
func (c *Run) Input(ctx context.Context) (print, run, before int64, err error) {
	err = c.tx.QueryRow(ctx, sql.Query("correlation_input")).Scan(&print, &run, &before)
	return print, run, before, store.Failed("look what is new", err)
}

// readFree reads the first ids that no campaign and no operation ever had. Ids
// are never used again, because people write them down.
func (c *Run) readFree(ctx context.Context, b *correlation.Before) error {
	return c.tx.QueryRow(ctx, "SELECT (SELECT coalesce(max(campaign_id), 0) + 1 FROM campaigns), (SELECT coalesce(max(operation_id), 0) + 1 FROM operations)").
		Scan(&b.FreeCampaign, &b.FreeOperation)
}

// readOperations reads the operation of each campaign that has members.
func (c *Run) readOperations(ctx context.Context, b *correlation.Before) error {
	b.Operations = make(map[int64]int64)
	rows, _ := c.tx.Query(ctx, "SELECT campaign_id, operation_id FROM campaigns WHERE operation_id IS NOT NULL AND members > 0")
	var id, operation int64
	_, err := pgx.ForEachRow(rows, []any{&id, &operation}, func() error { b.Operations[id] = operation; return nil })
	return err
}

// readAsleep reads the campaigns that slept as of the run before.
func (c *Run) readAsleep(ctx context.Context, b *correlation.Before) error {
	rows, _ := c.tx.Query(ctx, sql.Query("campaign_asleep"))
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	b.Asleep = make(map[int64]bool, len(ids))
	for _, id := range ids {
		b.Asleep[id] = true
	}
	return err
}

// readLogged reports whether a log was imported.
func (c *Run) readLogged(ctx context.Context, b *correlation.Before) error {
	return c.tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM deliveries)").Scan(&b.Logged)
}

// Write replaces the stored campaigns and operations by those of o, and returns
// the id of the run.
//
// The order follows the references: spamruns and campaigns before memberships,
// and sums last.
func (c *Run) Write(ctx context.Context, o *correlation.Outcome) (run int64, err error) {
	if run, err = c.record(ctx, o); err != nil {
		return 0, store.Failed("write campaigns", err)
	}
	f := &outcome{o, run}
	for _, write := range []func(context.Context, *outcome) error{
		c.writeSpamruns, c.writeCampaigns, c.retire, c.writeOperations, c.writeTraits, c.writeProfiles, c.writeLearned, c.writePublishers, c.writeEvents, c.writeMembers, c.writeBackscatter, c.writeSums,
	} {
		if err := write(ctx, f); err != nil {
			return 0, store.Failed("write campaigns", err)
		}
	}
	return run, nil
}

// method is the version of the grouping rules.
const method = 2

// record writes the parameters and totals of the run: one row of correlations.
//
// The parameters are stored as JSON, so that an old run can be explained
// although a newer version has others.
func (c *Run) record(ctx context.Context, o *correlation.Outcome) (run int64, err error) {
	members := 0
	for i := range o.Campaigns {
		members += len(o.Campaigns[i].Members)
	}
	excluded := []SetAside{}
	for _, t := range o.SetAside {
		if v := o.Values[t.Feature]; v != "" {
			excluded = append(excluded, SetAside{Value: wire.WellFormed(v), Messages: t.Elsewhere, Ham: t.Ham})
		}
	}
	text, err := json.Marshal(excluded)
	if err != nil {
		return 0, err
	}
	parameters, err := json.Marshal(o.Parameters)
	if err != nil {
		return 0, err
	}
	err = c.tx.QueryRow(ctx, `INSERT INTO correlations (started_at, finished_at, method, link_bits, messages, background, incidences, campaigns, operations, members, set_aside, parameters, input)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING run_id`,
		o.Begun, o.Ended, method, o.Parameters.LinkBits, o.Messages, o.Ham, o.Incidences, len(o.Campaigns), len(o.Operations), members, text, parameters, o.Input).Scan(&run)
	return run, err
}
