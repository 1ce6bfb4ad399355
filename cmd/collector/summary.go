package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/facts"
)

// Lines of each list on the screen of an import. A longer list ends with a
// count of the rest.
const (
	topSenders     = 5
	listedSources  = 8
	listedFailures = 5
	listedGuesses  = 6
	listedKinds    = 4
)

// print prints the end of an import: totals, sources, inferred settings,
// failures, and the next step.
//
// next is the suggestion for the user. It gives way to a more urgent one.
func (d *imported) print(env *cli.Env, next string) error {
	for _, part := range []func(*cli.Env) error{
		d.printSources, d.printSum, d.logs.printSum, d.printFacts, d.printOwn, d.printJudged, d.printSenders, d.printFailures, d.printAssigned,
	} {
		if err := part(env); err != nil {
			return err
		}
	}
	switch {
	case d.stopped:
		next = "Stopped before the end. Run the same command again for the rest."
	case d.sum.Read == d.sum.Failed && len(d.logs.files()) == 0:
		next = "No messages found."
	}
	if next == "" {
		return nil
	}
	return env.Printf("\n%s\n", next)
}

// printSources lists the mail and logs that were read, and the store that took
// them.
func (d *imported) printSources(env *cli.Env) error {
	t := env.Table(cli.Column{}, cli.Column{Flex: true, Path: true}, cli.Column{Right: true}, cli.Column{Right: true})
	t.Indent = 0
	for i, s := range d.mailSources() {
		if i == listedSources && len(d.mailSources()) > listedSources+1 {
			t.Row("", "and "+cli.Number(len(d.mailSources())-i)+" more sources", "", "")
			break
		}
		t.Row(sourceKind(s), env.Tilde(s.Source.Path), cli.Count(s.Read, "message", ""), cli.Bytes(s.Bytes))
	}
	if err := t.Print(); err != nil {
		return err
	}
	if err := d.logs.printLogs(env); err != nil {
		return err
	}
	kind := d.where.Kind
	if d.where.New {
		kind = "new, " + kind
	}
	return env.Printf("Store  %s   %s\n", env.Text(d.where.Where), env.Text(kind))
}

// mailSources are the sources without logs, which are listed by themselves.
func (d *imported) mailSources() []ingest.SourceCount {
	return slices.DeleteFunc(slices.Clone(d.sum.Sources), func(s ingest.SourceCount) bool { return s.Source.Format == mailbox.MailLog })
}

// sourceKind describes the format of a source: "mboxrd", "maildir", "folder",
// "mboxo, gzip".
//
// The dialect of an mbox matters to the reader: it decides which "From " lines
// begin a message.
func sourceKind(s ingest.SourceCount) string {
	kind := cmp.Or(s.Source.Dialect, string(s.Source.Format))
	if s.Source.Format == mailbox.Single && s.Source.Files > 0 {
		kind = "folder"
	}
	switch {
	case kind == "": // a pack is known by its compression
		return s.Source.Compression
	case s.Source.Compression != "":
		kind += ", " + s.Source.Compression
	}
	return kind
}

// printSum prints the totals, which add up: read = new + already stored + not
// readable.
func (d *imported) printSum(env *cli.Env) error {
	end := ""
	if d.flags.class == class(ingest.Ham) {
		end = "; used for counts, never in a campaign"
	}
	if err := env.Printf("\nRun %d stored %s in %s%s\n\n", d.run, cli.Count(d.sum.New, "message", ""), cli.Duration(d.took), end); err != nil {
		return err
	}
	for _, line := range []struct {
		name string
		n    int64
	}{
		{"read", d.sum.Read}, {"new", d.sum.New}, {"already stored", d.sum.Known}, {"not readable", d.sum.Failed},
	} {
		if err := env.Printf("  %-15s %12s\n", line.name, cli.Number(line.n)); err != nil {
			return err
		}
	}
	if err := d.printConflicts(env); err != nil {
		return err
	}
	if d.forgot > 0 {
		return env.Printf("\n  %s stored: forgotten before (collector forget)\n", cli.Count(d.forgot, "message is not", "messages are not"))
	}
	return nil
}

// printConflicts reports mail that is stored as the other class.
func (d *imported) printConflicts(env *cli.Env) error {
	was, is := ingest.Ham, ingest.Class(d.flags.class)
	if is == ingest.Ham {
		was = ingest.Spam
	}
	switch {
	case d.other == 0:
		return nil
	case d.flags.reclass:
		return env.Printf("\n  %s stored as %s before, now %s. Run correlate.\n", cli.Count(d.other, "message was", "messages were"), was, is)
	}
	return env.Printf("\n  %s stored as %s and stay so; to change that: --reclassify, or correlate %s MESSAGE\n",
		cli.Count(d.other, "message is", "messages are"), was, is)
}

// labelled prints " label text" for each line with a text, wrapped under
// itself, after an empty line.
func labelled(env *cli.Env, lines [][2]string) error {
	first := true
	for _, l := range lines {
		if l[1] == "" {
			continue
		}
		if first {
			if err := env.Printf("\n"); err != nil {
				return err
			}
			first = false
		}
		if err := env.Printf("%s", cli.Wrap(env.Text(fmt.Sprintf("  %-11s %s", l[0], l[1])), env.Columns(), 14)); err != nil {
			return err
		}
	}
	return nil
}

// printFacts prints counts over the new messages; nothing if there are none.
func (d *imported) printFacts(env *cli.Env) error {
	// Counts are over new messages. For none of them the lines would say "0 of
	// 0".
	if d.sum.New == 0 {
		return nil
	}
	return labelled(env, [][2]string{
		{"received", d.receivedText()},
		{"Date", d.dateText()},
		{"found", fmt.Sprintf("%s, %s, %s", cli.Count(d.stored.Hops, "relay IP", ""), cli.Count(d.stored.LinkHosts, "link host", ""), cli.Count(d.stored.FromDomains, "From domain", ""))},
		{"forwarded", d.forwardedText()},
		{"malformed", tallies(d.stored.Defects)},
		{"anomalies", tallies(d.stored.Anomalies)},
	})
}

// receivedText is the span of arrival times at our own servers, and how many
// messages have none.
func (d *imported) receivedText() string {
	span := cli.Span(d.stored.First, d.stored.Last)
	switch {
	case span == "":
		return "no message has a time that one of our own servers wrote"
	case d.stored.NoReceived > 0:
		return span + "; not known of " + cli.Count(d.stored.NoReceived, "message", "")
	}
	return span
}

// dateText says how well Date fields agree with arrival times.
func (d *imported) dateText() string {
	var out []string
	if n := d.stored.DateOff; n > 0 {
		out = append(out, cli.Number(n)+" more than 7 days from Received")
	}
	if n := d.stored.NoDate; n > 0 {
		out = append(out, cli.Number(n)+" missing or not a date")
	}
	if len(out) == 0 {
		return "all within 7 days of Received"
	}
	return strings.Join(out, ", ") + "; Received is used"
}

// forwardedText counts the messages of --forwarded that had no message
// attached.
func (d *imported) forwardedText() string {
	if !d.flags.forwarded || d.sum.NoForward == 0 {
		return ""
	}
	return cli.Count(d.sum.NoForward, "message", "") + " carried none and stand for themselves"
}

// tallies lists the most frequent codes: "312 header-no-colon, 20 base64-short and 4 more kinds".
func tallies(all []facts.Tally) string {
	var out []string
	for i, t := range all {
		if i == listedKinds && len(all) > listedKinds+1 {
			return strings.Join(out, ", ") + " and " + cli.Number(len(all)-i) + " more kinds"
		}
		out = append(out, cli.Number(t.Messages)+" "+t.Code)
	}
	return strings.Join(out, ", ")
}

// printOwn lists the servers whose Received fields are trusted, with the
// reason.
func (d *imported) printOwn(env *cli.Env) error {
	if d.sum.Read == d.sum.Failed {
		return nil
	}
	switch {
	case !d.own.Inferred:
		return labelled(env, [][2]string{{"own servers", strings.Join(ownPatterns(d.own), ", ") + " (as given)"}})
	case len(d.guesses) == 0:
		return labelled(env, [][2]string{{"own servers", "none could be told from the mail, so no sender is certain; name them: --own-mx PATTERN"}})
	}
	if err := labelled(env, [][2]string{{"own servers", "guessed from the mail; if wrong, name them: --own-mx PATTERN"}}); err != nil {
		return err
	}
	width := env.Columns()
	for i, g := range d.guesses {
		if i == listedGuesses && len(d.guesses) > listedGuesses+1 {
			return env.Printf("    and %s more\n", cli.Number(len(d.guesses)-i))
		}
		line := fmt.Sprintf("    %s: %s", env.Cut(g.Name, 60), g.Reason)
		if err := env.Printf("%s", cli.Wrap(env.Text(line), width, 6)); err != nil {
			return err
		}
	}
	return nil
}

// printJudged reports the effect of --own-mx on mail stored before.
func (d *imported) printJudged(env *cli.Env) error {
	if d.said == nil || d.said.again.derived.Load() == 0 && d.said.bare == 0 {
		return nil
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	return d.said.tell(env, "")
}

// printSenders lists the addresses that sent most. Wanted mail is not shown
// this way.
func (d *imported) printSenders(env *cli.Env) error {
	if len(d.stored.Top) == 0 || d.flags.class == class(ingest.Ham) {
		return nil
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "Top senders"}, cli.Column{Title: "Msgs", Right: true},
		cli.Column{Title: "Reverse name", Flex: true}, cli.Column{Title: "HELO", Flex: true})
	for _, s := range d.stored.Top {
		t.Row(s.Addr.String(), cli.Number(s.Messages), s.ReverseName, s.HELO)
	}
	return t.Print()
}

// printFailures lists the first failures by cause, and counts the others.
func (d *imported) printFailures(env *cli.Env) error {
	if d.sum.Failed == 0 {
		return nil
	}
	first := d.sum.Failures
	// By cause, so that a hundred failures of one kind read as one.
	slices.SortStableFunc(first, func(a, b *ingest.Failure) int { return cmp.Compare(a.Code, b.Code) })
	if err := env.Printf("\n"); err != nil {
		return err
	}
	first = first[:min(len(first), listedFailures)]
	for _, f := range first {
		if err := printFailure(env, f.Path, f.Name, f.Offset, f.Reason); err != nil {
			return err
		}
	}
	if rest := d.sum.Failed - int64(len(first)); rest > 0 {
		if err := env.Printf("  and %s more; by cause: %s\n", cli.Number(rest), env.Text(tallies(d.stored.Failures))); err != nil {
			return err
		}
	}
	return env.Printf("\nKept for a retry: collector failures --run %d\n", d.run)
}

// printFailure prints the place, and the reason under it where both don't fit a line.
func printFailure(env *cli.Env, path, name string, offset int64, reason string) error {
	place := printable.CutMiddle(env.Tilde(path), max(30, env.Columns()-30))
	if name != "" {
		place += "  " + printable.CutMiddle(name, 40)
	}
	if offset > 0 {
		place += "  byte " + cli.Number(offset)
	}
	line := "  " + place + "  " + reason
	if printable.Width(line) <= env.Columns() {
		return env.Printf("%s\n", env.Text(line))
	}
	return env.Printf("  %s\n%s", env.Text(place), cli.Wrap(env.Text("      "+reason), env.Columns(), 6))
}
