package campaigns

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// assignPage is how many new messages are compared with the campaigns at once.
const assignPage = 5000

// maxAssign is how many new messages are assigned: for more a run is no dearer.
const maxAssign = 50_000

// Assignment is what came of the new messages of an import.
type Assignment struct {
	Run      int64           // whose campaigns they were compared with; 0: there are none
	Messages int64           // spam that was new
	Joined   map[int64]int64 // by campaign
	Skipped  string          // why nothing was done, or not all: "running", "many"; "" if all was
}

// Assign puts the new spam of an import into the campaigns of the last run that it clearly
// belongs to. The messages count as members at once and are marked; the next run decides
// anew as if they had not been. Pages are transactions of their own. While a run of the
// correlator is under way nothing is assigned: the run may have read the messages, and
// would take back what was done behind it. progress is told how many of all are done; it may
// be nil.
func (s *Store) Assign(ctx context.Context, importID int64, now time.Time, progress func(done, all int64)) (Assignment, error) {
	out := Assignment{Joined: make(map[int64]int64)}
	p, err := s.profiled(ctx)
	if err != nil || p.run == 0 {
		return out, store.Failed("read the last run", err)
	}
	out.Run = p.run
	// Where a run is under way, don't even begin.
	if err := s.db.Transaction(ctx, func(tx pgx.Tx) error { return lastRunStands(ctx, tx, p.run) }); errors.Is(err, errCorrelating) {
		out.Skipped = "running"
		return out, nil
	} else if err != nil {
		return out, store.Failed("read the last run", err)
	}
	keys, err := s.assignable(ctx, importID)
	if err != nil {
		return out, store.Failed("look for new messages", err)
	}
	if out.Messages = int64(len(keys)); len(keys) > maxAssign {
		out.Skipped = "many"
		return out, nil
	}
	if p.decisions, err = s.Decisions(ctx); err != nil {
		return out, err
	}
	done := int64(0)
	for part := range slices.Chunk(keys, assignPage) {
		list, err := s.assigned(ctx, part, p)
		var joined map[int64]int64
		if err == nil {
			err = s.db.Transaction(ctx, func(tx pgx.Tx) error {
				joined, err = writeAssigned(ctx, tx, list, p.run, now)
				return err
			})
		}
		if errors.Is(err, errCorrelating) {
			out.Skipped = "running"
			return out, nil
		}
		if err != nil {
			return out, store.Failed("assign new messages", err)
		}
		for id, n := range joined {
			out.Joined[id] += n
		}
		if done += int64(len(part)); progress != nil {
			progress(done, out.Messages)
		}
	}
	return out, nil
}

// assigned finds the campaigns of new messages; of those that have none nothing is returned.
func (s *Store) assigned(ctx context.Context, keys []int64, p profiledRun) ([]membership, error) {
	for page := range slices.Chunk(keys, evidencePage) {
		if err := s.db.Transaction(ctx, func(tx pgx.Tx) error { return derive(ctx, tx, page) }); err != nil {
			return nil, err
		}
	}
	conn, err := s.db.Pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	var rows []campaign.Row
	has := make(map[evidence.Key]bool)
	err = wire.EachRow(ctx, conn.Conn().PgConn(), sql.Query("assign_rows"), keys, func(f *wire.Fields) {
		r := newRow(f)
		rows = append(rows, r)
		for _, k := range r.Features {
			has[k] = true
		}
	})
	if err != nil {
		return nil, err
	}
	var profiles []campaign.Profile
	err = wire.EveryRow(ctx, conn.Conn().PgConn(), "SELECT campaign_id, profile FROM campaign_profiles", func(f *wire.Fields) {
		id := f.Int64()
		if c, ok := campaign.Unpack(f.Bytes()); ok && c.Meets(has) {
			c.Campaign = id
			profiles = append(profiles, c)
		}
	})
	if err != nil {
		return nil, err
	}
	known := campaign.NewKnown(profiles, p.parameters, p.decisions)
	var out []membership
	for _, r := range rows {
		if a, ok := known.Assign(r); ok {
			out = append(out, membership{key: r.Key, campaign: a.Campaign, confidence: confidence(a.Confidence)})
		}
	}
	return out, nil
}
