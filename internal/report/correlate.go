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

	"spoor/graph"
	"spoor/sql/store"
)

// Options of a run. The zero value is right.
type Options struct {
	Group graph.Options
	Now   func() time.Time // nil: time.Now
	// Progress is told how many messages have been read; it may be nil.
	Progress func(read int64)
}

// Run is what a run of the correlator found and changed.
type Run struct {
	ID                     int64
	Messages, Background   int // candidates; wanted mail
	Campaigns, Members     int
	New, Merged, Dissolved int // campaigns, against the run before
	Took                   time.Duration
}

// Correlate groups all stored messages and replaces the campaigns. When it returns an
// error, or is killed, the campaigns are those of the run before.
func Correlate(ctx context.Context, st *store.Store, o Options) (Run, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	begun := o.Now()
	c, err := st.BeginCorrelation(ctx, begun)
	if err != nil {
		return Run{}, err
	}
	defer c.Close(ctx) // after Replace there is nothing to give up
	found, err := group(ctx, c, o)
	if err != nil {
		return Run{}, err
	}
	ended := o.Now()
	done, err := c.Replace(ctx, &found, ended)
	if err != nil {
		return Run{}, err
	}
	run := Run{ID: done.Run, Messages: found.Messages, Background: found.Background, Campaigns: len(found.Campaigns),
		New: done.New, Merged: done.Merged, Dissolved: done.Gone, Took: o.Now().Sub(begun)}
	for i := range found.Campaigns {
		run.Members += len(found.Campaigns[i].Members)
	}
	return run, nil
}

func group(ctx context.Context, c *store.Correlating, o Options) (graph.Result, error) {
	var b graph.Builder
	read := int64(0)
	for m, err := range c.Messages(ctx) {
		if err != nil {
			return graph.Result{}, err
		}
		b.Add(m)
		if read++; o.Progress != nil && read%1000 == 0 {
			o.Progress(read)
		}
	}
	return b.Group(o.Group), nil
}
