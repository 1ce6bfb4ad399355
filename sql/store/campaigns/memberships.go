package campaigns

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/sql/store/wire"
)

// membership is where a message belongs; 0 for nowhere.
type membership struct {
	key, campaign, spamrun int64
	confidence             float32 // 0 where campaign is
}

// memberships reads those of the run before, by key. What imports assigned since does not
// count: the same mail gives the same campaigns, in however many batches it came.
func (c *Run) memberships(ctx context.Context) ([]membership, error) {
	var out []membership
	err := wire.EveryRow(ctx, c.tx.Conn().PgConn(), "SELECT message_key, campaign_id, spamrun_id, confidence, assigned_at IS NOT NULL FROM memberships", func(f *wire.Fields) {
		m := membership{f.Int64(), f.Int64(), f.Int64(), f.Real()}
		if f.Bool() {
			m.campaign, m.confidence = 0, 0
		}
		out = append(out, m)
	})
	sortMemberships(out)
	return out, err
}

func sortMemberships(list []membership) {
	slices.SortFunc(list, func(a, b membership) int { return cmp.Compare(a.key, b.key) })
}

// members lists the memberships of a run, by key.
func (f *outcome) members(spamrunOf map[int64]int64) []membership {
	n := len(spamrunOf)
	for i := range f.Campaigns {
		n += len(f.Campaigns[i].Members)
	}
	out := make([]membership, 0, n)
	for i := range f.Campaigns {
		for _, m := range f.Campaigns[i].Members {
			out = append(out, membership{m.Key, f.campaigns[i].ID, spamrunOf[m.Key], confidence(m.Confidence)})
		}
	}
	sortMemberships(out)
	in := len(out)
	for key, run := range spamrunOf {
		if _, ok := membershipOf(out[:in], key); !ok {
			out = append(out, membership{key: key, spamrun: run})
		}
	}
	if len(out) > in {
		sortMemberships(out)
	}
	return out
}

func membershipOf(sorted []membership, key int64) (membership, bool) {
	i, ok := slices.BinarySearchFunc(sorted, key, func(m membership, key int64) int { return cmp.Compare(m.key, key) })
	if !ok {
		return membership{}, false
	}
	return sorted[i], true
}

// confidence is kept in hundredths: less than that is no change worth a write.
func confidence(v float64) float32 {
	return float32(math.Round(100*min(max(v, 0), 1)) / 100)
}

// difference is what has to be written so that one list becomes the other.
type difference struct {
	added, changed []membership
	gone           []int64
}

// differ compares two lists sorted by key.
func differ(before, after []membership) difference {
	var d difference
	for len(before) > 0 || len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].key < after[0].key:
			d.gone = append(d.gone, before[0].key)
			before = before[1:]
		case len(before) == 0 || after[0].key < before[0].key:
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
func (c *Run) writeMembers(ctx context.Context, before, after []membership, run int64) error {
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

func (c *Run) copyMembers(ctx context.Context, table string, list []membership, run int64) error {
	if len(list) == 0 {
		return nil
	}
	_, err := c.tx.Conn().PgConn().CopyFrom(ctx, wire.NewStream(list, func(r *wire.Rows, m membership) { encodeMembership(r, m, run) }),
		"COPY "+pgx.Identifier{table}.Sanitize()+" (message_key, campaign_id, spamrun_id, confidence, run_id) FROM STDIN (FORMAT binary)")
	return err
}

func encodeMembership(r *wire.Rows, m membership, run int64) {
	r.Begin(5)
	r.Bigint(m.key)
	r.BigintOrNull(m.campaign)
	r.BigintOrNull(m.spamrun)
	if m.campaign == 0 {
		r.Null(wire.Float4)
	} else {
		r.Real(m.confidence)
	}
	r.Bigint(run)
	r.End()
}
