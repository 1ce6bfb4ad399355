package campaigns

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/graph/correlation"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// readMembers reads the memberships of the run before, without those that imports assigned
// since.
func (c *Run) readMembers(ctx context.Context, b *correlation.Before) error {
	err := store.EachRow(ctx, c.tx, sql.Query("campaign_memberships"), func(m *correlation.Membership) { b.Members = append(b.Members, *m) })
	slices.SortFunc(b.Members, func(p, q correlation.Membership) int { return cmp.Compare(p.Message, q.Message) })
	return err
}

// difference is what has to be written so that one list becomes the other.
type difference struct {
	added, changed []correlation.Membership
	gone           []int64
}

// differ compares two lists sorted by key.
func differ(before, after []correlation.Membership) difference {
	var d difference
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].Message < after[0].Message:
			d.gone = append(d.gone, before[0].Message)
			before = before[1:]
		case len(before) == 0 || after[0].Message < before[0].Message:
			d.added = append(d.added, after[0])
			after = after[1:]
		default:
			if before[0] != after[0] {
				d.changed = append(d.changed, after[0])
			}
			before, after = before[1:], after[1:]
		}
	}
	return d
}

// writeMembers writes what changed: most messages stay where they were. Where most
// change, as after a change of the rules, writing all anew is cheaper.
func (c *Run) writeMembers(ctx context.Context, f *outcome) error {
	before, after, run := f.Before, f.Members, f.run
	d := differ(before, after)
	if 2*(len(d.changed)+len(d.gone)) > len(before) {
		if _, err := c.tx.Exec(ctx, "DELETE FROM memberships"); err != nil {
			return err
		}
		return c.copyMembers(ctx, "memberships", after, run)
	}
	for part := range slices.Chunk(d.gone, page) {
		if _, err := c.tx.Exec(ctx, "DELETE FROM memberships WHERE message_key = ANY($1)", part); err != nil {
			return err
		}
	}
	if err := c.copyMembers(ctx, "memberships", d.added, run); err != nil || len(d.changed) == 0 {
		return err
	}
	if _, err := c.tx.Exec(ctx, "CREATE TEMP TABLE moved (LIKE memberships) ON COMMIT DROP"); err != nil {
		return err
	}
	if err := c.copyMembers(ctx, "moved", d.changed, run); err != nil {
		return err
	}
	_, err := c.tx.Exec(ctx, `UPDATE memberships AS b
		SET campaign_id = n.campaign_id, spamrun_id = n.spamrun_id, confidence = n.confidence,
		    run_id = CASE WHEN b.campaign_id IS DISTINCT FROM n.campaign_id OR b.assigned_at IS NOT NULL THEN n.run_id ELSE b.run_id END,
		    assigned_at = NULL
		FROM moved n WHERE b.message_key = n.message_key`)
	return err
}

func (c *Run) copyMembers(ctx context.Context, table string, list []correlation.Membership, run int64) error {
	if len(list) == 0 {
		return nil
	}
	_, err := c.tx.Conn().PgConn().CopyFrom(ctx, wire.NewStream(list, func(r *wire.Rows, m correlation.Membership) { encodeMembership(r, m, run) }),
		"COPY "+pgx.Identifier{table}.Sanitize()+" (message_key, campaign_id, spamrun_id, confidence, run_id) FROM STDIN (FORMAT binary)")
	return err
}

func encodeMembership(r *wire.Rows, m correlation.Membership, run int64) {
	r.Begin(5)
	r.Bigint(m.Message)
	r.BigintOrNull(m.Campaign)
	r.BigintOrNull(m.Spamrun)
	if m.Campaign == 0 {
		r.NullReal()
	} else {
		r.Real(m.Confidence)
	}
	r.Bigint(run)
	r.End()
}
