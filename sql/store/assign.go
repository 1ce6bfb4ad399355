package store

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
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

// errCorrelating says that a run is under way, or ended meanwhile: its word stands.
var errCorrelating = errors.New("a run of the correlator is under way")

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
		return out, failed("read the last run", err)
	}
	out.Run = p.run
	// Where a run is under way, don't even begin.
	if err := s.transaction(ctx, func(tx pgx.Tx) error { return lastRunStands(ctx, tx, p.run) }); errors.Is(err, errCorrelating) {
		out.Skipped = "running"
		return out, nil
	} else if err != nil {
		return out, failed("read the last run", err)
	}
	keys, err := s.assignable(ctx, importID)
	if err != nil {
		return out, failed("look for new messages", err)
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
			err = s.transaction(ctx, func(tx pgx.Tx) error {
				joined, err = writeAssigned(ctx, tx, list, p.run, now)
				return err
			})
		}
		if errors.Is(err, errCorrelating) {
			out.Skipped = "running"
			return out, nil
		}
		if err != nil {
			return out, failed("assign new messages", err)
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

// profiledRun is a run that left profiles, and what people have decided since.
type profiledRun struct {
	run        int64
	parameters campaign.Parameters
	decisions  campaign.Decisions
}

// profiled reads the last run; its number is 0 if there was none or it left no profiles.
func (s *Store) profiled(ctx context.Context) (p profiledRun, err error) {
	var text []byte
	err = s.pool.QueryRow(ctx, sql.Query("assign_run")).Scan(&p.run, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return profiledRun{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p.parameters)
	}
	return p, err
}

// assignable lists the spam of an import that is in no campaign.
func (s *Store) assignable(ctx context.Context, importID int64) ([]int64, error) {
	rows, _ := s.pool.Query(ctx, sql.Query("assign_new"), importID)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// assigned finds the campaigns of new messages; of those that have none nothing is returned.
func (s *Store) assigned(ctx context.Context, keys []int64, p profiledRun) ([]membership, error) {
	for page := range slices.Chunk(keys, evidencePage) {
		if err := s.transaction(ctx, func(tx pgx.Tx) error { return derive(ctx, tx, page) }); err != nil {
			return nil, err
		}
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	var rows []campaign.Row
	has := make(map[evidence.Key]bool)
	err = eachRow(ctx, conn.Conn().PgConn(), sql.Query("assign_rows"), keys, func(f *fields) {
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
	err = everyRow(ctx, conn.Conn().PgConn(), "SELECT campaign_id, profile FROM campaign_profiles", func(f *fields) {
		id := f.int64()
		if c, ok := campaign.Unpack(f.bytes()); ok && c.Meets(has) {
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

// newRow reads a row of incidence.
func newRow(f *fields) campaign.Row {
	r := campaign.Row{Key: f.int64()}
	if at := f.time(); !at.IsZero() {
		r.At = at.Unix()
	}
	r.Background, r.Newsletter = f.bool(), f.bool()
	for _, k := range f.int64s() {
		r.Features = append(r.Features, evidence.Key(k))
	}
	r.Sketch = f.bytes()
	return r
}

// writeAssigned writes memberships, and returns how many by campaign, unless a run of the
// correlator is under way or ended since.
func writeAssigned(ctx context.Context, tx pgx.Tx, list []membership, run int64, now time.Time) (map[int64]int64, error) {
	if err := lastRunStands(ctx, tx, run); err != nil || len(list) == 0 {
		return nil, err
	}
	joined := sizes(list)
	rows, _ := tx.Query(ctx, sql.Query("assign_lock"), slices.Sorted(maps.Keys(joined)))
	there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(joined, func(id, _ int64) bool { return !slices.Contains(there, id) })
	counts := make([]int64, len(there))
	for i, id := range there {
		counts[i] = joined[id]
	}
	// Small tables come before those that are spread over servers.
	if _, err := tx.Exec(ctx, sql.Query("assign_count"), there, counts); err != nil {
		return nil, err
	}
	var keys, campaigns []int64
	var confidences []float32
	for _, m := range list {
		if joined[m.campaign] > 0 {
			keys, campaigns, confidences = append(keys, m.key), append(campaigns, m.campaign), append(confidences, m.confidence)
		}
	}
	_, err = tx.Exec(ctx, sql.Query("assign_write"), keys, campaigns, confidences, run, now)
	return joined, err
}

// lastRunStands makes sure that no run of the correlator comes in between until the end of
// the transaction.
func lastRunStands(ctx context.Context, tx pgx.Tx, run int64) error {
	var free bool
	if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock_shared($1)", int64(lockCorrelation)).Scan(&free); err != nil {
		return err
	}
	if !free {
		return errCorrelating
	}
	var last int64
	if err := tx.QueryRow(ctx, "SELECT max(run_id) FROM correlations").Scan(&last); err != nil {
		return err
	}
	if last != run {
		return errCorrelating
	}
	return nil
}

// writeProfiles puts the profiles of a run in the place of those before.
func (c *Correlating) writeProfiles(ctx context.Context, f *outcome) error {
	if _, err := c.tx.Exec(ctx, "DELETE FROM campaign_profiles"); err != nil {
		return err
	}
	var packed []byte
	for part := range slices.Chunk(indices(len(f.campaigns)), page) {
		r := rows{buf: []byte(copyHeader)}
		for _, i := range part {
			packed = f.Campaigns[i].Profile.Pack(packed[:0])
			r.begin(2)
			r.bigint(f.campaigns[i].ID)
			r.bytea(packed)
			r.end()
		}
		_, err := c.tx.Conn().PgConn().CopyFrom(ctx, r.stream(), "COPY campaign_profiles (campaign_id, profile) FROM STDIN (FORMAT binary)")
		if err != nil {
			return err
		}
	}
	return nil
}
