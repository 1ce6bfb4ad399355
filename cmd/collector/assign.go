package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"spoor/graph/correlation"
	"spoor/ingest"
	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// assign puts the new messages of an import into the known campaigns that they
// clearly belong to. It does nothing for wanted mail, a stopped import or
// --no-assign. If it is stopped, the import stays whole and the result notes
// it: the next run of correlate decides anyway.
//
// Its error does not undo the import: the caller prints the result first, and
// returns the error for the exit code.
func (d *imported) assign(ctx context.Context, env *cli.Env, s *cli.Session) error {
	if d.flags.noAssign || d.stopped || d.sum.New == 0 || d.flags.class == class(ingest.Ham) {
		return nil
	}
	// The limit of the import would have garbage collected all the time: profiles of campaigns stay in memory.
	env.Memory(0, usualPercent)
	var done, all atomic.Int64
	// The number of new messages is an upper bound until the correlator has
	// counted those that it compares.
	all.Store(d.sum.New)
	progress := env.StartProgress(func(time.Duration) string {
		return "comparing with campaigns  " + cli.Number(done.Load()) + " of " + cli.Number(all.Load()) + " new messages"
	})
	defer progress.Stop()
	var err error
	d.joined, err = correlation.Assign(ctx, campaigns.New(s.DB), d.run, env.Now(), func(n, of int64) { done.Store(n); all.Store(of) })
	// The mail is stored already; only its assignment is missing.
	if ctx.Err() != nil {
		d.joined.Skipped = correlation.SkippedStopped
		return nil
	}
	return env.StoreError(err, s.Where)
}

// listedCampaigns limits the campaigns listed with new messages.
const listedCampaigns = 8

// printAssigned lists the campaigns that got new messages.
func (d *imported) printAssigned(env *cli.Env) error {
	line := assignedText(&d.joined)
	if line == "" {
		return nil
	}
	return env.Printf("\n%s", cli.Wrap(line, env.Columns(), 2))
}

// assignedText is the sentence about the assignment; empty if there was nothing
// to compare, or no run of correlate yet.
//
// The wording distinguishes "none belongs" from "none was compared": only the
// first is a finding.
func assignedText(a *correlation.Assignment) string {
	if a.Run == 0 || a.Messages == 0 && a.Skipped == "" {
		return ""
	}
	joined := int64(0)
	for _, n := range a.Joined {
		joined += n
	}
	line := fmt.Sprintf("%s of %s joined known campaigns", cli.Number(joined), cli.Count(a.Messages, "new message", ""))
	switch {
	case joined == 0 && a.Skipped == "":
		return "No new message clearly belongs to a known campaign; correlate finds new ones."
	case joined == 0:
		line = "The new messages were not compared with known campaigns"
	default:
		line += ": " + joinedText(a.Joined)
	}
	switch a.Skipped {
	case correlation.SkippedRunning:
		return line + "; correlate is at work on them, or will be the next time."
	case correlation.SkippedMany:
		return line + ": they are too many; correlate does it."
	case correlation.SkippedStopped:
		return line + ": stopped; correlate does it."
	}
	return line + "; correlate revises."
}

// joinedText lists campaigns, those that most joined first.
func joinedText(by map[int64]int64) string {
	ids := byJoined(by)
	var out []string
	for i, id := range ids {
		// A last line for one more campaign would take the place of that
		// campaign.
		if i == listedCampaigns && len(ids) > listedCampaigns+1 {
			return strings.Join(out, ", ") + " and " + cli.Number(len(ids)-i) + " more"
		}
		out = append(out, fmt.Sprintf("c%d %s", id, cli.Number(by[id])))
	}
	return strings.Join(out, ", ")
}

// byJoined orders campaigns by the messages that joined, most first; ties by
// number, so that the output is always the same.
func byJoined(by map[int64]int64) []int64 {
	return slices.SortedFunc(maps.Keys(by), func(a, b int64) int { return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b)) })
}

// assignedJSON is the assignment of the new messages; null if there are no
// campaigns yet.
type assignedJSON struct {
	Run       int64        `json:"correlation"` // whose campaigns these are
	Messages  int64        `json:"compared"`
	Skipped   string       `json:"skipped,omitempty"`
	Campaigns []joinedJSON `json:"campaigns"`
}

// joinedJSON is a campaign and how many of the new messages joined it.
type joinedJSON struct {
	ID       string `json:"id"`
	Messages int64  `json:"messages"`
}

// assignedJSON returns the assignment for programs; nil before the first run of
// correlate.
func (d *imported) assignedJSON() *assignedJSON {
	a := &d.joined
	if a.Run == 0 {
		return nil
	}
	out := &assignedJSON{Run: a.Run, Messages: a.Messages, Skipped: string(a.Skipped), Campaigns: []joinedJSON{}}
	for _, id := range byJoined(a.Joined) {
		out.Campaigns = append(out.Campaigns, joinedJSON{fmt.Sprintf("c%d", id), a.Joined[id]})
	}
	return out
}
