// Package report runs the correlator over a store and shows what came of it: the list of
// campaigns, one campaign, the members, where an indicator stands. Both programs print
// campaigns through it, so that they look the same.
//
// In goes a store; out come screens of text on env's stdout, or with --json the same
// facts as one JSON object. What foreign mail says goes through env before it is shown.
// It holds no rules of grouping (graph) and no SQL (sql/store).
package report

import (
	"context"
	"time"

	"spoor/graph/campaign"
	"spoor/internal/cli"
	"spoor/sql/store/campaigns"
)

// Options of a run. The zero value is right.
type Options struct {
	Group campaign.Options
	Now   func() time.Time // nil: time.Now
	// Progress is told how far the run has come; it may be nil.
	Progress func(Step)
}

// Step is how far a run has come.
type Step struct {
	Doing string // "evidence", "read", "group", "write"; "" before the first
	Done  int64  // messages, where they are counted
	All   int64  // 0 if not known
}

// String is the step as a line of progress.
func (s Step) String() string {
	switch s.Doing {
	case "evidence":
		return "correlating  evidence of " + cli.Number(s.Done) + " of " + cli.Number(s.All) + " new messages"
	case "read":
		return "correlating  " + cli.Number(s.Done) + " messages read"
	case "group":
		return "correlating  " + cli.Number(s.Done) + " messages, grouping"
	case "write":
		return "correlating  writing campaigns"
	}
	return "correlating"
}

// Run is what a run of the correlator found and changed.
type Run struct {
	ID                     int64
	Messages, Background   int // candidates; wanted mail
	Incidences             int
	Campaigns, Members     int
	Operations             int
	New, Merged, Dissolved int // campaigns, against the run before
	Took                   time.Duration
}

// Correlate groups all stored messages and replaces the campaigns. When it returns an
// error, or is killed, the campaigns are those of the run before.
func Correlate(ctx context.Context, st *campaigns.Store, o Options) (Run, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(Step) {}
	}
	begun := o.Now()
	_, err := st.DeriveEvidence(ctx, func(done, all int64) { o.Progress(Step{"evidence", done, all}) })
	if err != nil {
		return Run{}, err
	}
	c, err := st.Begin(ctx, begun)
	if err != nil {
		return Run{}, err
	}
	defer c.Close(ctx) // after Replace there is nothing to give up
	known, err := c.Knowledge(ctx)
	if err != nil {
		return Run{}, err
	}
	found, err := group(ctx, c, known, o)
	if err != nil {
		return Run{}, err
	}
	o.Progress(Step{Doing: "write"})
	done, err := c.Replace(ctx, found, known, o.Now())
	if err != nil {
		return Run{}, err
	}
	run := Run{ID: done.Run, Messages: found.Messages, Background: found.Background, Incidences: found.Incidences,
		Campaigns: len(found.Campaigns), Operations: len(found.Operations),
		New: done.New, Merged: done.Merged, Dissolved: done.Gone, Took: o.Now().Sub(begun)}
	for i := range found.Campaigns {
		run.Members += len(found.Campaigns[i].Members)
	}
	return run, nil
}

// group reads all that is known into an index and finds the campaigns. What it used is
// garbage when it returns: writing needs room too.
func group(ctx context.Context, c *campaigns.Run, known campaigns.Knowledge, o Options) (*campaign.Result, error) {
	read := int64(0)
	b, err := evidenceOf(ctx, c, known, func() {
		if read++; read%10_000 == 0 {
			o.Progress(Step{Doing: "read", Done: read})
		}
	})
	if err != nil {
		return nil, err
	}
	o.Progress(Step{Doing: "group", Done: read})
	return b.Index(o.Group).Cluster(), nil
}

// corpus is where the evidence is read: a run of the correlator, or the store outside of one.
type corpus interface {
	Decisions(context.Context) (campaign.Decisions, error)
	Incidence(context.Context, func(campaign.Row)) error
}

// evidenceOf gathers all that is known of all messages; each is called for every one.
func evidenceOf(ctx context.Context, c corpus, known campaigns.Knowledge, each func()) (*campaign.Builder, error) {
	decided, err := c.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	b := new(campaign.Builder)
	b.Decide(decided)
	for _, d := range known.Domains {
		b.AddDomain(d)
	}
	for _, a := range known.Addresses {
		b.AddAddress(a)
	}
	return b, c.Incidence(ctx, func(r campaign.Row) {
		b.Add(r)
		each()
	})
}
