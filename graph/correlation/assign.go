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

// assignPage is the number of new messages that are compared with the campaigns
// at once.
const assignPage = 5000

// maxAssign limits the new messages that are assigned; beyond it a full run
// costs no more.
const maxAssign = 50_000

// Assignment counts the outcomes of an import's new messages.
type Assignment struct {
	Run      int64           // run whose campaigns they were compared with; 0 if there is none
	Messages int64           // new spam
	Joined   map[int64]int64 // by campaign
	Skipped  Skipped
}

// Skipped is the reason why new messages were not compared, or not all; "" if
// all were.
type Skipped string

// The reasons, in the words of JSON output.
const (
	SkippedRunning Skipped = "running" // a run is in progress
	SkippedMany    Skipped = "many"    // too many new messages
	SkippedStopped Skipped = "stopped" // the caller cancelled
)

// Assign adds the new spam of an import to the campaigns of the last run, where
// it clearly belongs. These members count at once and are marked as assigned;
// the next run decides anew without regard to them. Each page is a transaction.
// Assign does nothing while a run is in progress, because that run may have
// read the messages already and would undo the result. progress receives the
// number of messages done and of all; it may be nil.
func Assign(ctx context.Context, st Assigning, importID int64, now time.Time, progress func(done, all int64)) (Assignment, error) {
	out := Assignment{Joined: make(map[int64]int64)}
	err := assign(ctx, st, importID, now, progress, &out)
	if errors.Is(err, ErrRunning) {
		out.Skipped, err = SkippedRunning, nil
	}
	return out, err
}

// assign compares the messages of an import with the profiles of the last run,
// in batches. A run that ends meanwhile makes the profiles obsolete, so the
// store checks again before it writes.
func assign(ctx context.Context, st Assigning, importID int64, now time.Time, progress func(done, all int64), out *Assignment) error {
	run, parameters, err := st.Profiled(ctx)
	if err != nil || run == 0 {
		return err
	}
	out.Run = run
	// Check before any work whether a run is in progress.
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

// assigned returns the memberships of the new messages that belong to a
// campaign. It derives and stores their features first. Of the profiles of all
// campaigns only those that share a feature with the new messages are kept in
// memory.
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
	// Only profiles that share a feature with the new messages are unpacked and
	// kept.
	has := make(map[evidence.Key]bool)
	for i := range rows {
		rows[i].Meeting(func(k evidence.Key) { has[k] = true })
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
