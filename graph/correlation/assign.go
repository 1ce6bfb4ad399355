package correlation

import (
	"context"
	"errors"
	"slices"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
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
	Skipped  Skipped
}

// Skipped says why new messages were not compared, or not all of them; "" if all were.
type Skipped string

const (
	SkippedRunning Skipped = "running" // a run is under way
	SkippedMany    Skipped = "many"    // there are too many of them
	SkippedStopped Skipped = "stopped" // the caller gave up
)

// Assign puts the new spam of an import into the campaigns of the last run that it clearly
// belongs to. The messages count as members at once and are marked; the next run decides
// anew as if they had not been. Pages are transactions of their own. While a run of the
// correlator is under way nothing is assigned: the run may have read the messages, and
// would take back what was done behind it. progress is told how many of all are done; it may
// be nil.
func Assign(ctx context.Context, st Assigning, importID int64, now time.Time, progress func(done, all int64)) (Assignment, error) {
	out := Assignment{Joined: make(map[int64]int64)}
	err := assign(ctx, st, importID, now, progress, &out)
	if errors.Is(err, ErrRunning) {
		out.Skipped, err = SkippedRunning, nil
	}
	return out, err
}

func assign(ctx context.Context, st Assigning, importID int64, now time.Time, progress func(done, all int64), out *Assignment) error {
	run, parameters, err := st.Profiled(ctx)
	if err != nil || run == 0 {
		return err
	}
	out.Run = run
	// Where a run is under way, don't even begin.
	if err := st.Free(ctx, run); err != nil {
		return err
	}
	keys, err := st.Assignable(ctx, importID)
	if err != nil {
		return err
	}
	if out.Messages = int64(len(keys)); len(keys) > maxAssign {
		out.Skipped = SkippedMany
		return nil
	}
	standing, err := st.Standing(ctx)
	if err != nil {
		return err
	}
	done := int64(0)
	for part := range slices.Chunk(keys, assignPage) {
		list, err := assigned(ctx, st, part, parameters, decision.Rules(standing))
		if err != nil {
			return err
		}
		joined, err := st.Join(ctx, list, run, now)
		if err != nil {
			return err
		}
		for id, n := range joined {
			out.Joined[id] += n
		}
		if done += int64(len(part)); progress != nil {
			progress(done, out.Messages)
		}
	}
	return nil
}

// assigned finds the campaigns of new messages; of those that have none nothing is returned.
func assigned(ctx context.Context, st Assigning, keys []int64, p campaign.Parameters, rules campaign.Decisions) ([]Membership, error) {
	for part := range slices.Chunk(keys, page) {
		if err := st.StoreRows(ctx, part, evidence.Version, RowOf); err != nil {
			return nil, err
		}
	}
	rows, err := st.Rows(ctx, keys)
	if err != nil {
		return nil, err
	}
	has := make(map[evidence.Key]bool)
	for i := range rows {
		for _, k := range rows[i].Features {
			has[k] = true
		}
	}
	var profiles []campaign.Profile
	err = st.Profiles(ctx, func(id int64, packed []byte) {
		if c, ok := campaign.Unpack(packed); ok && c.Meets(has) {
			c.Campaign = id
			profiles = append(profiles, c)
		}
	})
	if err != nil {
		return nil, err
	}
	known := campaign.NewKnown(profiles, p, rules)
	var out []Membership
	for _, r := range rows {
		if a, ok := known.Assign(r); ok {
			out = append(out, Membership{Message: r.Key, Campaign: a.Campaign, Confidence: hundredths(a.Confidence)})
		}
	}
	return out, nil
}
