package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/internal/cli"
)

// askMeter writes the progress line: queries by server, remaining work and
// time.
type askMeter struct {
	env      *cli.Env
	progress *enrich.Progress
}

// line formats the progress: done, queries by source, throttled, left, time to
// go, and at most two servers that are backed off.
//
// It is drawn several times a second, so it only reads counters.
func (m *askMeter) line(elapsed time.Duration) string {
	s := m.progress.Summary()
	left := int64(s.Left())
	parts := []string{"done  " + cli.Number(s.Stored) + " of " + cli.Number(s.Stored+left)}
	for _, source := range sourcesOf(&s) {
		parts = append(parts, fmt.Sprintf("%s %s", source, cli.Number(s.Sources[source].Asked)))
	}
	if n := s.Outcome(enrich.Throttled); n > 0 {
		parts = append(parts, cli.Number(n)+" throttled")
	}
	parts = append(parts, cli.Number(left)+" left")
	if toGo := timeToGo(&s, elapsed, m.env.Now()); toGo > 0 {
		parts = append(parts, cli.Seconds(toGo)+" to go")
	}
	for i, p := range s.Backlog.PutOff {
		if i == 2 { // more than the line has room for
			parts = append(parts, fmt.Sprintf("and %d more", len(s.Backlog.PutOff)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s in %s: %s", p.Server, cli.Seconds(max(p.Until.Sub(m.env.Now()), 0)), cli.Number(p.Tasks)))
	}
	return strings.Join(parts, "   ")
}

// timeToGo estimates the remaining time from the speed so far. It is at least
// the longest wait for a server. The first two seconds give no estimate, as
// connections are still being set up.
//
// 0 means unknown. Look-ups that follow from answers are not in the estimate,
// since nobody knows their number.
func timeToGo(s *enrich.Summary, elapsed time.Duration, now time.Time) (d time.Duration) {
	if s.Stored > 0 && elapsed > 2*time.Second {
		d = time.Duration(float64(elapsed) * float64(s.Left()) / float64(s.Stored))
	}
	for _, p := range s.Backlog.PutOff {
		d = max(d, p.Until.Sub(now))
	}
	return d
}

func sourcesOf(s *enrich.Summary) []enrich.Source { return slices.Sorted(maps.Keys(s.Sources)) }

// outcomes in the order of the screen.
var outcomes = []enrich.Outcome{
	enrich.Answered, enrich.None, enrich.Refused, enrich.Throttled, enrich.TimedOut, enrich.Malformed, enrich.Guarded, enrich.Failed,
}

// print prints the summary: each line adds up to the number of look-ups.
func (d *enriched) print(env *cli.Env) error {
	if err := env.Printf("%s", cli.Wrap(env.Text("Asking  "+d.where), env.Columns(), 8)); err != nil {
		return err
	}
	if d.offline {
		return env.Printf("\nNo network: %s not done. Run collector enrich where there is one.\n", cli.Count(d.due(), "look-up", ""))
	}
	s := &d.sum
	if err := env.Printf("\nLooked up %s in %s\n", cli.Count(s.Stored, "name or address", "names and addresses"), cli.Duration(d.took)); err != nil {
		return err
	}
	if err := d.printSources(env); err != nil {
		return err
	}
	if err := labelled(env, [][2]string{
		{"cached", countText(s.Cached, "known from another answer, so not asked")},
		{"left", d.leftText()},
	}); err != nil {
		return err
	}
	return d.printTroubles(env)
}

// countText is a number with its noun; "" for zero, which drops the line.
func countText(n int64, what string) string {
	if n == 0 {
		return ""
	}
	return cli.Number(n) + " " + what
}

// printSources prints a table of sources and outcomes, without outcomes that
// did not occur.
//
// Only the column for answers is always there; it shows zeros as such.
func (d *enriched) printSources(env *cli.Env) error {
	s := &d.sum
	cols := []cli.Column{{Title: "source"}, {Title: "asked", Right: true}}
	var shown []enrich.Outcome
	for _, o := range outcomes {
		if o == enrich.Answered || s.Outcome(o) > 0 {
			shown = append(shown, o)
			cols = append(cols, cli.Column{Title: string(o), Right: true})
		}
	}
	if s.Asked() == 0 {
		return nil
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	t := env.Table(cols...)
	for _, source := range sourcesOf(s) {
		c := s.Sources[source]
		row := []string{string(source), cli.Number(c.Asked)}
		for _, o := range shown {
			row = append(row, cli.Number(c.ByOutcome[o]))
		}
		t.Row(row...)
	}
	return t.Print()
}

// leftText counts all remaining work, also outside of this run.
func (d *enriched) leftText() string {
	var next time.Time
	var putOff, leased, retry int64
	for _, q := range d.queue {
		retry, putOff, leased = retry+q.Retry, putOff+q.PutOff, leased+q.Leased
		if !q.NextDue.IsZero() && (next.IsZero() || q.NextDue.Before(next)) {
			next = q.NextDue
		}
	}
	text := cli.Number(d.sum.Due) + " due"
	for _, n := range []struct {
		count int64
		what  string
	}{{putOff, "put off"}, {leased, "under way elsewhere"}, {retry, "to be tried again"}} {
		if n.count > 0 {
			text += ", " + cli.Number(n.count) + " " + n.what
		}
	}
	if !next.IsZero() {
		text += "; the next at " + cli.Minute(next)
	}
	if others := d.due() - int64(d.sum.Due); others > 0 {
		text += "; " + cli.Number(others) + " that this run did not ask"
	}
	return text
}

// listedServers limits the servers listed as backed off.
const listedServers = 5

// printTroubles prints the matters that need attention: no network, servers
// backed off, problems, unfinished work.
//
// Each line is a reason why there is less than there could be.
func (d *enriched) printTroubles(env *cli.Env) error {
	lines := []string{}
	if d.gaveUp {
		lines = append(lines, "No server could be reached: is there a network? The rest is not done.")
	}
	for i, p := range d.sum.Backlog.PutOff {
		if i == listedServers {
			lines = append(lines, "and "+cli.Count(len(d.sum.Backlog.PutOff)-i, "more server", ""))
			break
		}
		lines = append(lines, fmt.Sprintf("%s for %s, which is left alone until %s: %s",
			cli.Count(p.Tasks, "look-up waits", "look-ups wait"), p.Server, cli.Minute(p.Until), p.Reason))
	}
	for _, p := range d.sum.Problems {
		lines = append(lines, p.Error())
	}
	switch {
	case d.stopped:
		lines = append(lines, "Stopped before the end. Run the same command again for the rest.")
	case d.sum.Left() > 0 && !d.gaveUp && !d.limited:
		lines = append(lines, "Not finished: "+cli.Count(d.sum.Left(), "look-up is", "look-ups are")+" left. Run the same command again for the rest.")
	}
	for i, l := range lines {
		if i == 0 {
			if err := env.Printf("\n"); err != nil {
				return err
			}
		}
		if err := env.Printf("%s", cli.Wrap(env.Text(l), env.Columns(), 2)); err != nil {
			return err
		}
	}
	return nil
}

// enrichJSON is the output of enrich. Claimed = stored + returned unless it was
// stopped.
//
// Due and Left differ: due counts tasks of all sources that could be asked now,
// left those of this run that were not.
type enrichJSON struct {
	Where    string       `json:"where"`
	Offline  bool         `json:"offline"`
	GaveUp   bool         `json:"gave_up"`
	Stopped  bool         `json:"stopped"`
	Seconds  float64      `json:"seconds"`
	Claimed  int64        `json:"claimed"`
	Stored   int64        `json:"stored"`
	Returned int64        `json:"returned"`
	Cached   int64        `json:"cached"`
	Asked    int64        `json:"asked"`
	Due      int64        `json:"due"`
	Left     int          `json:"left"`
	Sources  []askedJSON  `json:"sources"`
	Backed   []backedJSON `json:"left_alone"` // at any time of the run
	PutOff   []putOffJSON `json:"put_off"`    // at its end
	Problems []string     `json:"problems,omitempty"`
}

// askedJSON counts the queries of a source by outcome; they add up to asked.
type askedJSON struct {
	Source    string `json:"source"`
	Asked     int64  `json:"asked"`
	Answered  int64  `json:"answered"`
	None      int64  `json:"none"`
	Refused   int64  `json:"refused"`
	Throttled int64  `json:"throttled"`
	TimedOut  int64  `json:"timed_out"`
	Malformed int64  `json:"malformed"`
	Guarded   int64  `json:"guarded"`
	Failed    int64  `json:"failed"`
}

// backedJSON is a server that refused queries, and until when it gets none.
type backedJSON struct {
	Server string    `json:"server"`
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
}

// putOffJSON is a server and the look-ups that wait for it.
type putOffJSON struct {
	Server  string    `json:"server"`
	Lookups int       `json:"lookups"`
	Until   time.Time `json:"until"`
	Reason  string    `json:"reason"`
}

// json returns the result for programs; lists are in a fixed order and never
// null.
func (d *enriched) json() enrichJSON {
	s := &d.sum
	j := enrichJSON{
		Where: d.where, Offline: d.offline, GaveUp: d.gaveUp, Stopped: d.stopped, Seconds: d.took.Seconds(),
		Claimed: s.Claimed, Stored: s.Stored, Returned: s.Returned, Cached: s.Cached, Asked: s.Asked(), Due: d.due(), Left: s.Left(),
		Sources: []askedJSON{}, Backed: []backedJSON{}, PutOff: []putOffJSON{},
	}
	for _, source := range sourcesOf(s) {
		c := s.Sources[source]
		n := c.ByOutcome
		j.Sources = append(j.Sources, askedJSON{
			string(source), c.Asked, n[enrich.Answered], n[enrich.None], n[enrich.Refused], n[enrich.Throttled],
			n[enrich.TimedOut], n[enrich.Malformed], n[enrich.Guarded], n[enrich.Failed],
		})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Backed)) {
		b := s.Backed[name]
		j.Backed = append(j.Backed, backedJSON{b.Server, b.Until, b.Reason})
	}
	for _, p := range s.Backlog.PutOff {
		j.PutOff = append(j.PutOff, putOffJSON{p.Server, p.Tasks, p.Until, p.Reason})
	}
	for _, p := range s.Problems {
		j.Problems = append(j.Problems, p.Error())
	}
	return j
}
