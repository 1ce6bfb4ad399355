package main

import (
	"context"
	"errors"
	"fmt"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

// finish completes the counts of an import, and stores them as its end.
func (d *imported) finish(ctx context.Context, sink *facts.Writer, lost []*ingest.Failure) error {
	// Paths that are no source count as read and failed, so that the sum stays
	// true.
	if err := d.addLost(ctx, sink, lost); err != nil {
		return err
	}
	if err := d.metAgain(ctx, sink); err != nil {
		return err
	}
	return sink.Finish(ctx, d.sum.Counts)
}

// metAgain counts stored messages of the other class, and those that were
// forgotten. With --reclassify it changes the class of the former.
func (d *imported) metAgain(ctx context.Context, sink *facts.Writer) error {
	d.forgot = sink.Forgotten()
	conflicts := sink.Conflicts()
	if d.other = int64(len(conflicts)); !d.flags.reclass || d.other == 0 {
		return nil
	}
	_, err := facts.New(d.where.DB).Reclassify(ctx, conflicts, d.flags.class == class(ingest.Ham))
	return err
}

// find lists the sources, and the paths that are none as failures. It waits for
// a pipe until ctx ends.
//
// Errors that are no ingest.Failure come from the file system. They are given
// the code "io".
func find(ctx context.Context, env *cli.Env, paths []string, lim mailbox.Limits) (sources []*mailbox.Source, lost []*ingest.Failure) {
	stdin := cli.UntilDone(ctx, env.Stdin)
	for s, err := range mailbox.Find(ctx, paths, stdin, lim) {
		if err == nil {
			sources = append(sources, s)
			continue
		}
		failure, ok := errors.AsType[*ingest.Failure](err)
		if !ok {
			failure = &ingest.Failure{Code: "io", Reason: err.Error(), Err: err}
		}
		lost = append(lost, failure)
	}
	return sources, lost
}

// addLost stores the paths that are no sources as failures, and counts them as
// unreadable.
func (d *imported) addLost(ctx context.Context, sink *facts.Writer, lost []*ingest.Failure) error {
	if len(lost) == 0 {
		return nil
	}
	d.sum.Read += int64(len(lost))
	d.sum.Failed += int64(len(lost))
	// The list on the screen is short; the store has all of them.
	d.sum.Failures = append(lost[:min(len(lost), listedFailures)], d.sum.Failures...)
	_, err := sink.Store(ctx, &ingest.Batch{Failures: lost, Progress: d.sum.Counts})
	return err
}

// check verifies that everything read is accounted for: it is new, known or
// unreadable.
//
// The equation is an invariant of ingest.Run. It is checked here once more,
// because a message lost without a trace is the one error that no user could
// notice.
func (d *imported) check() error {
	s := d.sum
	if s.Read != s.New+s.Known+s.Failed || s.New < 0 || s.Known < 0 || s.Failed < 0 {
		return &cli.Error{Code: cli.InPart, Message: fmt.Sprintf("the sum does not add up: %d read, %d new, %d already stored, %d not readable", s.Read, s.New, s.Known, s.Failed), Hint: "This is a bug in Spoor; please report it. The stored data are sound."}
	}
	return nil
}

// end returns the exit code: stopped, or a part that failed. An import that
// found neither mail nor logs counts as failed.
func (d *imported) end() error {
	switch {
	case d.stopped:
		return cli.Silent(cli.Stopped)
	case d.sum.Failed > 0, d.sum.Read == 0 && len(d.logs.files()) == 0:
		return cli.Silent(cli.InPart)
	}
	return nil
}
