package campaigns

import (
	"cmp"
	"context"
	"slices"
	"time"

	"spoor/graph/correlation"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// readMembers reads the memberships of the run before, without those that imports assigned
// since.
func (c *Run) readMembers(ctx context.Context, b *correlation.Before) error {
	err := store.EachRow(ctx, c.tx, sql.Query("campaign_memberships"), func(m *correlation.Membership) { b.Members = append(b.Members, *m) })
	// By key in Go's order, in which differ compares. A statement's order would
	// need a sort on disk.
	slices.SortFunc(b.Members, func(p, q correlation.Membership) int { return cmp.Compare(p.Message, q.Message) })
	return err
}

// Memberships reads the campaign of every message that is in one, those that imports
// assigned since the last run too.
func (s *Store) Memberships(ctx context.Context) (map[int64]int64, error) {
	type member struct{ MessageKey, CampaignID int64 }
	out := make(map[int64]int64)
	err := store.EachRow(ctx, s.db.Pool, "SELECT message_key, campaign_id FROM memberships WHERE campaign_id IS NOT NULL", func(m *member) { out[m.MessageKey] = m.CampaignID })
	return out, store.Failed("read the campaigns of messages", err)
}

// difference lists the changes that turn one list into the other.
type difference struct {
	added, changed []correlation.Membership
	gone           []int64
}

// differ compares two lists sorted by key.
//
// It takes linear time. A message with the same campaign and another confidence
// counts as changed.
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

// writeMembers writes the changed memberships; most messages stay in their
// campaign. If most have changed, as after a change of the rules, rewriting all
// is cheaper.
func (c *Run) writeMembers(ctx context.Context, f *outcome) error {
	before, after := f.Before, f.Members
	d := differ(before, after)
	if 2*(len(d.changed)+len(d.gone)) > len(before) {
		if _, err := c.tx.Exec(ctx, "DELETE FROM memberships"); err != nil {
			return err
		}
		return c.copyMembers(ctx, f, after)
	}
	for part := range slices.Chunk(d.gone, page) {
		if _, err := c.tx.Exec(ctx, "DELETE FROM memberships WHERE message_key = ANY($1)", part); err != nil {
			return err
		}
	}
	if err := c.copyMembers(ctx, f, d.added); err != nil {
		return err
	}
	for part := range slices.Chunk(d.changed, page) {
		var keys, campaigns, spamruns []int64
		var confidences []float32
		for _, m := range part {
			keys, campaigns = append(keys, m.Message), append(campaigns, m.Campaign)
			spamruns, confidences = append(spamruns, m.Spamrun), append(confidences, m.Confidence)
		}
		if _, err := c.tx.Exec(ctx, sql.Query("campaign_moved"), keys, campaigns, spamruns, confidences, f.run); err != nil {
			return err
		}
	}
	return nil
}

// copyMembers adds messages that have no row yet.
func (c *Run) copyMembers(ctx context.Context, f *outcome, list []correlation.Membership) error {
	columns := []string{"message_key", "campaign_id", "spamrun_id", "confidence", "run_id", "received_at"}
	seen := f.Seen // both lists are sorted by message
	return wire.CopyIn(ctx, c.tx, "memberships", columns, list, func(r *wire.Rows, m correlation.Membership) {
		for len(seen) > 0 && seen[0].Message < m.Message {
			seen = seen[1:]
		}
		var at time.Time
		if len(seen) > 0 && seen[0].Message == m.Message && seen[0].At != 0 {
			at = time.Unix(seen[0].At, 0)
		}
		encodeMembership(r, m, f.run, at)
	})
}

// encodeMembership writes a row in the order of copyMembers' columns. Outside
// of campaigns there is no confidence.
func encodeMembership(r *wire.Rows, m correlation.Membership, run int64, at time.Time) {
	r.Begin()
	r.Bigint(m.Message)
	r.BigintOrNull(m.Campaign)
	r.BigintOrNull(m.Spamrun)
	if m.Campaign == 0 {
		r.NullReal()
	} else {
		r.Real(m.Confidence)
	}
	r.Bigint(run)
	r.Timestamp(at)
	r.End()
}
