package campaigns

import (
	"context"

	"github.com/jackc/pgx/v5"

	"spoor/graph/decision"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// DecisionList lists decisions, oldest first, with those that were undone if
// all is set.
func (s *Store) DecisionList(ctx context.Context, all bool) ([]decision.Decision, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("decision_list"), all)
	return collectDecisions(rows)
}

func collectDecisions(rows pgx.Rows) ([]decision.Decision, error) {
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[decision.Decision])
	return out, store.Failed("read decisions", err)
}

// Decide stores the decisions that f returns. f gets the standing decisions and
// the present campaigns of the messages concerned. A lock serializes concurrent
// callers. The result has the ids of the stored decisions.
//
// f may run twice, after a conflict. Its error is returned unchanged, so that
// callers can tell a refusal by people's rules from a failure of the store.
func (s *Store) Decide(ctx context.Context, f func(standing []decision.Decision, in map[int64]int64) ([]decision.Decision, error)) ([]decision.Decision, error) {
	var out []decision.Decision
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return store.Failed("keep a decision", err)
		}
		rows, _ := tx.Query(ctx, sql.Query("decision_list"), false)
		standing, err := collectDecisions(rows)
		if err != nil {
			return err
		}
		in, err := campaignsOf(ctx, tx, decision.Mentioned(standing))
		if err != nil {
			return err
		}
		if out, err = f(standing, in); err != nil {
			return err
		}
		return insertDecisions(ctx, tx, out)
	})
	return out, err
}

// insertDecisions writes decisions one by one, because each needs its id: people make a few
// at a time.
func insertDecisions(ctx context.Context, tx pgx.Tx, list []decision.Decision) error {
	for i := range list {
		d := &list[i]
		err := tx.QueryRow(ctx, sql.Query("decision_insert"), d.MadeAt, d.Kind, d.Campaign, d.Other, d.Messages, d.Others,
			d.Feature, wire.WellFormed(d.Value), wire.WellFormed(d.MadeBy), wire.WellFormed(d.Because), d.Moved).Scan(&d.ID)
		if err != nil {
			return store.Failed("keep a decision", err)
		}
	}
	return nil
}

// Standing lists the decisions that are in force, oldest first. The run reads
// them within its own transaction, so that they fit the campaigns it replaces.
func (c *Run) Standing(ctx context.Context) ([]decision.Decision, error) {
	rows, _ := c.tx.Query(ctx, sql.Query("decision_list"), false)
	return collectDecisions(rows)
}

// Standing lists the decisions that are in force, oldest first.
func (s *Store) Standing(ctx context.Context) ([]decision.Decision, error) {
	return s.DecisionList(ctx, false)
}
