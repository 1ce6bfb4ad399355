// Package correlation runs the correlator on a store: read, derive, weigh,
// cluster, identify, write.
//
// A Store provides facts of messages, answers of registries and people's
// decisions. Run writes evidence and campaigns, with the ids that these had
// before; if its input is that of the run before, the campaigns stand. Assign
// adds new messages to campaigns. Package evidence defines the evidence, package
// campaign the clustering, package decision the rules. This package combines
// them. By itself it decides only which earlier campaign a present one continues
// (Identify), and which events that makes (Event).
//
// It does I/O only through the Store and contains no SQL.
package correlation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/decision"
	"spoor/graph/evidence"
)

// GCPercent is the rate of garbage collection, as GOGC, that suits a run. Most of its memory
// stays in use to the end and has no pointers, so that a collection is cheap.
const GCPercent = 10

// Options of a run. The zero value selects the defaults.
type Options struct {
	Group campaign.Options
	Now   func() time.Time // nil: time.Now
	// Program is the version of the program: another one may find other campaigns.
	Program string
	// Again groups the messages even if nothing changed since the run before.
	Again bool
	// Progress receives the progress of the run; it may be nil.
	Progress func(Step)
}

// Step is a state of a run.
type Step struct {
	Doing Doing
	Done  int64 // messages, if they are counted
	All   int64 // 0 if unknown
}

// Doing is a phase of a run.
type Doing int

// The phases, in their order.
const (
	Waiting  Doing = iota // for another run
	Deriving              // evidence from facts
	Reading
	Grouping
	Writing
)

// Summary counts the results of a run.
type Summary struct {
	Changes
	Unchanged          bool // nothing is new since the run before, which stands; all counts are 0
	Messages, Ham      int  // candidates; ham
	Incidences         int
	Campaigns, Members int
	Operations         int
	Took               time.Duration
}

// Changes are the differences to the run before.
type Changes struct {
	Run                    int64
	New, Merged, Dissolved int // campaigns
}

// Run groups all stored messages and replaces the campaigns. If it fails or is
// killed, the campaigns of the run before remain. They remain, too, if nothing is new.
func Run(ctx context.Context, st Store, o Options) (Summary, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(Step) {}
	}
	begun := o.Now()
	_, err := Derive(ctx, st, func(done, all int64) { o.Progress(Step{Deriving, done, all}) })
	if err != nil {
		return Summary{}, err
	}
	var out Summary
	err = st.Exclusively(ctx, func(tx Tx) error {
		known, err := tx.Knowledge(ctx)
		if err != nil {
			return err
		}
		print, same, err := input(ctx, tx, known, o)
		if err != nil {
			return err
		}
		if same != 0 && !o.Again {
			out.Unchanged, out.Run = true, same
			return nil
		}
		found, seen, err := group(ctx, tx, known, o)
		if err != nil {
			return err
		}
		o.Progress(Step{Doing: Writing})
		out = summaryOf(found)
		out.Changes, err = Keep(ctx, tx, found, known, seen, print, begun, o.Now())
		return err
	})
	out.Took = o.Now().Sub(begun)
	return out, err
}

// summaryOf counts the sizes of a result. Changes are added after it is stored.
func summaryOf(r *campaign.Result) Summary {
	out := Summary{Messages: r.Messages, Ham: r.Ham, Incidences: r.Incidences, Campaigns: len(r.Campaigns), Operations: len(r.Operations)}
	for i := range r.Campaigns {
		out.Members += len(r.Campaigns[i].Members)
	}
	return out
}

// group reads all evidence into an index and finds the campaigns. The index
// becomes garbage when it returns, which leaves memory for writing.
func group(ctx context.Context, tx Tx, known evidence.Knowledge, o Options) (*campaign.Result, []Seen, error) {
	var seen []Seen
	b, err := Read(ctx, tx, known, func(r *campaign.Row) {
		seen = append(seen, Seen{r.Key, r.At, r.Ham})
		if len(seen)%10_000 == 0 {
			o.Progress(Step{Doing: Reading, Done: int64(len(seen))})
		}
	})
	if err != nil {
		return nil, nil, err
	}
	o.Progress(Step{Doing: Grouping, Done: int64(len(seen))})
	return b.Cluster(o.Group), seen, nil
}

// Read collects the evidence of all messages and calls each for every one.
func Read(ctx context.Context, c Corpus, known evidence.Knowledge, each func(*campaign.Row)) (*campaign.Builder, error) {
	standing, err := c.Standing(ctx)
	if err != nil {
		return nil, err
	}
	b := new(campaign.Builder)
	b.Decide(decision.Rules(standing))
	for _, d := range known.Domains {
		b.AddDomain(d)
	}
	for _, a := range known.Addresses {
		b.AddAddress(a)
	}
	return b, c.Incidence(ctx, func(r campaign.Row) {
		b.Add(r)
		each(&r)
	})
}

// Keep identifies the campaigns and operations of a result with those of the
// run before, and replaces them. seen holds the arrival of each message, input
// the fingerprint of the input, begun the start of the run.
func Keep(ctx context.Context, tx Tx, r *campaign.Result, known evidence.Knowledge, seen []Seen, input int64, begun, now time.Time) (Changes, error) {
	before, err := tx.Before(ctx)
	if err != nil {
		return Changes{}, err
	}
	out := identified(r, before)
	out.Input, out.Begun, out.Ended = input, begun, now
	if out.Values, err = valuesOf(ctx, tx, r, known); err != nil {
		return Changes{}, err
	}
	slices.SortFunc(seen, func(a, b Seen) int { return cmp.Compare(a.Message, b.Message) })
	out.Members, out.Seen = out.members(), seen
	out.Events = append(out.events(before.Members), out.sleepers(seen, before.Asleep, now.Unix())...)
	changes := out.changes(before.Members)
	changes.Run, err = tx.Write(ctx, out)
	return changes, err
}
