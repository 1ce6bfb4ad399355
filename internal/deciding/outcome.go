package deciding

import (
	"context"
	"slices"
	"time"

	"spoor/graph/correlation"
	"spoor/graph/decision"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// Outcome is the result of a command that decides.
type Outcome struct {
	Already     string              // why there was nothing to decide; "" if there was
	Made, Known []decision.Decision // made or undone; standing ones of the same content
	Later       bool                // it takes effect with the next run
	After       *After              // the run that followed; nil if none was needed or requested
}

// After is the effect of decisions in the following run.
type After struct {
	Run      correlation.Summary
	Before   campaigns.LastRun
	Honoured bool
	// Present campaigns of the messages that represent the decision; nil
	// without such messages.
	Where *Places
	// Only of one split: the campaigns of the messages taken out, and of the
	// rest.
	TakenOut, Left *Places
}

// Places are where some messages are.
type Places struct {
	Campaigns []campaigns.State // at most shownPlaces
	More      int               // campaigns
	Alone     int               // messages
}

// outcome runs the correlator if a decision requires it. known are standing
// decisions of the same content.
//
// made is empty if all of them stood already; then there is nothing to run for.
func (d *decider) outcome(ctx context.Context, made, known []decision.Decision) (*Outcome, error) {
	out := &Outcome{Made: made, Known: known}
	if !decision.NeedRun(made) {
		return out, nil
	}
	if d.NoRun {
		out.Later = true
		return out, nil
	}
	var err error
	if out.After, err = d.rerun(ctx, made); err != nil {
		// The decision is stored before the run, so a failed run does not lose
		// it.
		d.env.Notef("%s kept, but not yet in effect: run correlate.\n", d.env.Text(wording.IDsOf(made)))
		return nil, err
	}
	return out, nil
}

// rerun correlates, and finds the effect on the decisions.
func (d *decider) rerun(ctx context.Context, made []decision.Decision) (*After, error) {
	before, err := d.st.LastRun(ctx)
	if err != nil {
		return nil, err
	}
	progress := d.env.StartProgress(func(time.Duration) string { return "correlating anew" })
	run, err := correlation.Run(ctx, d.st, correlation.Options{Now: d.env.Now})
	progress.Stop()
	if err != nil {
		return nil, err
	}
	out := &After{Run: run, Before: before}
	return out, d.locate(ctx, out, made)
}

// locate finds the messages that represent the decisions.
//
// Honoured tells whether the run did as it was told.
func (d *decider) locate(ctx context.Context, out *After, made []decision.Decision) error {
	keys := spokenOf(made)
	if len(keys) == 0 {
		return nil
	}
	in, err := d.st.CampaignsOf(ctx, keys)
	if err != nil {
		return err
	}
	out.Honoured = decision.Honoured(made, in)
	if out.Where, err = d.places(ctx, keys, in); err != nil {
		return err
	}
	if s := &made[0]; s.Kind == decision.Split && len(made) == 1 && s.UndoneAt.IsZero() {
		if out.TakenOut, err = d.places(ctx, s.Messages, in); err != nil {
			return err
		}
		out.Left, err = d.places(ctx, decision.StandIns(s.Others), in)
	}
	return err
}

// spokenOf lists the messages that represent the decisions.
func spokenOf(list []decision.Decision) []int64 {
	var out []int64
	for i := range list {
		switch d := &list[i]; d.Kind {
		case decision.Split:
			out = append(append(out, d.Messages...), decision.StandIns(d.Others)...)
		case decision.Merge, decision.Same, decision.NotSame:
			out = append(append(out, decision.StandIns(d.Messages)...), decision.StandIns(d.Others)...)
		}
	}
	return out
}

// shownPlaces limits the campaigns named as places of the messages.
const shownPlaces = 5

// places finds the campaigns that messages are in.
func (d *decider) places(ctx context.Context, keys []int64, in map[int64]int64) (*Places, error) {
	out := &Places{}
	var ids []int64
	for _, k := range keys {
		if id := in[k]; id == 0 {
			out.Alone++
		} else if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids[:min(len(ids), shownPlaces)] {
		state, _, err := d.st.State(ctx, id)
		if err != nil {
			return nil, err
		}
		state.ID = id // it may be no more
		out.Campaigns = append(out.Campaigns, state)
	}
	out.More = len(ids) - len(out.Campaigns)
	return out, nil
}
