package campaigns

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/decision"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Errors of Undo that callers distinguish.
var (
	ErrNoDecision = errors.New("there is no such decision")
	ErrUndone     = errors.New("the decision was undone before")
)

// Undo takes a decision back. A campaign that went into another by it gets its messages
// back, so that it keeps its id if the next run finds it again.
//
// A decision is never deleted: the history keeps it, with who took it back and
// when.
func (s *Store) Undo(ctx context.Context, id int64, by string, at time.Time) (decision.Decision, error) {
	var d decision.Decision
	err := s.db.Transaction(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, sql.Query("decision_list"), true)
		list, err := collectDecisions(rows)
		if err != nil {
			return err
		}
		i := 0
		for i < len(list) && list[i].ID != id {
			i++
		}
		if i == len(list) {
			return ErrNoDecision
		}
		d = list[i]
		tag, err := tx.Exec(ctx, "UPDATE decisions SET undone_at = greatest(made_at, $2), undone_by = $3 WHERE decision_id = $1 AND undone_at IS NULL",
			id, at, wire.WellFormed(by))
		if err != nil {
			return store.Failed("undo a decision", err)
		}
		if tag.RowsAffected() == 0 {
			return ErrUndone
		}
		d.UndoneAt, d.UndoneBy = at, by
		return restore(ctx, tx, &d)
	})
	return d, err
}

// restore undoes the memberships that a merge changed, as far as they still are as it left
// them and something stays in the other campaign. It waits for a run that is under way.
func restore(ctx context.Context, tx pgx.Tx, d *decision.Decision) error {
	// Only the merger of two campaigns moved members.
	if d.Other == 0 || len(d.Moved) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockCorrelation); err != nil {
		return store.Failed("wait for a correlation", err)
	}
	to, err := leadsTo(ctx, tx, []int64{d.Other})
	if err != nil || to[d.Other] == d.Other {
		return err
	}
	into := to[d.Other]
	var back, members int64
	err = tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM memberships WHERE campaign_id = $1 AND message_key = ANY ($2)),
		(SELECT members FROM campaigns WHERE campaign_id = $1)`, into, d.Moved).Scan(&back, &members)
	// A run in between may have moved the members on. Then the next run
	// decides.
	if err != nil || back < 2 || back >= members {
		return store.Failed("restore a campaign", err)
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE memberships SET campaign_id = $1 WHERE campaign_id = $2 AND message_key = ANY ($3)", []any{d.Other, into, d.Moved}},
		{"UPDATE campaigns SET members = members - $2 WHERE campaign_id = $1", []any{into, back}},
		{"UPDATE campaigns SET members = $2, merged_into = NULL, merged_run = NULL WHERE campaign_id = $1", []any{d.Other, back}},
	} {
		if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
			return store.Failed("restore a campaign", err)
		}
	}
	return store.Failed("restore a campaign", store.SumUp(ctx, tx, []int64{into, d.Other}))
}

// leadsTo follows campaigns to those that they went into, at most a hundred mergers.
//
// A campaign that went into none leads to itself. The bound ends a circle,
// which only a damaged table could have.
func leadsTo(ctx context.Context, q store.Querier, ids []int64) (map[int64]int64, error) {
	out := make(map[int64]int64, len(ids))
	for _, id := range ids {
		out[id] = id
	}
	for range 100 {
		var at []int64
		for _, to := range out {
			at = append(at, to)
		}
		next := make(map[int64]int64)
		rows, _ := q.Query(ctx, "SELECT campaign_id, merged_into FROM campaigns WHERE merged_into IS NOT NULL AND campaign_id = ANY ($1)", at)
		var from, to int64
		if _, err := pgx.ForEachRow(rows, []any{&from, &to}, func() error { next[from] = to; return nil }); err != nil {
			return nil, store.Failed("follow campaigns", err)
		}
		if len(next) == 0 {
			break
		}
		for id, to := range out {
			if then, ok := next[to]; ok {
				out[id] = then
			}
		}
	}
	return out, nil
}
