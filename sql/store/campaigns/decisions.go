package campaigns

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Decision is one thing that people decided.
type Decision struct {
	ID       int64     `db:"decision_id"`
	MadeAt   time.Time //
	UndoneAt time.Time // zero: it stands
	Kind     string    // same, not-same, merge, split, name, note, tag, untag, ignore, trust
	Campaign int64     `db:"campaign_id"` // as it was named then; 0: it is about none
	Other    int64     `db:"other_id"`
	// Messages stand for the one side, Others for the other, the most central first. Of a
	// split Messages are all that it takes out.
	Messages, Others []int64
	// Moved are all members of Other where it goes into Campaign, so that it can be restored.
	Moved            []int64
	Feature          int64
	Value            string // name, note, tag; the feature or the messages as people read them
	MadeBy, UndoneBy string
	Because          string
}

// DecisionList lists decisions, oldest first; all: also those that were undone.
func (s *Store) DecisionList(ctx context.Context, all bool) ([]Decision, error) {
	rows, _ := s.db.Pool.Query(ctx, sql.Query("decision_list"), all)
	return collectDecisions(rows)
}

func collectDecisions(rows pgx.Rows) ([]Decision, error) {
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Decision])
	return out, store.Failed("read decisions", err)
}

// Decide keeps the decisions that f returns, having been told what stands and in which
// campaigns the messages that are spoken of are now. People who decide at once take turns. The
// decisions are returned with their ids.
func (s *Store) Decide(ctx context.Context, f func(standing []Decision, in map[int64]int64) ([]Decision, error)) ([]Decision, error) {
	var out []Decision
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return store.Failed("keep a decision", err)
		}
		rows, _ := tx.Query(ctx, sql.Query("decision_list"), false)
		standing, err := collectDecisions(rows)
		if err != nil {
			return err
		}
		in, err := campaignsOf(ctx, tx, spokenOf(standing))
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

func insertDecisions(ctx context.Context, tx pgx.Tx, list []Decision) error {
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

// spokenOf lists the messages that decisions name.
func spokenOf(list []Decision) []int64 {
	var out []int64
	for i := range list {
		out = append(append(out, list[i].Messages...), list[i].Others...)
	}
	return out
}
