// Package runs prints spamruns: the list, and one with its timeline.
//
// Counts of refused and lost mail exist only where logs were imported; their
// columns appear if any listed run has them. Times are in the zone of our own
// servers, so that a line can be found in their logs.
package runs

import (
	"fmt"
	"slices"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// runs is the screen of spamruns.
type runs struct {
	env *cli.Env
	*findings.Runs
}

// Print prints spamruns, those of most messages first.
func Print(env *cli.Env, found *findings.Runs) error {
	r := &runs{env, found}
	var err error
	if env.ForPrograms() {
		err = env.Result(DocumentOf(found))
	} else {
		err = r.print()
	}
	if err == nil && len(found.List) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

// print prints the headline, the table and the footer, or one line if there are
// none.
func (r *runs) print() error {
	if len(r.List) == 0 {
		return r.env.Printf("%s\n", r.none())
	}
	if err := r.env.Printf("%s\n", wording.Paragraph(r.headline(), r.env.Columns())); err != nil {
		return err
	}
	if err := r.table().Print(); err != nil {
		return err
	}
	return r.env.Printf("\n%s", r.footer())
}

// none says that nothing was found; before the first run of correlate that is
// no result yet.
func (r *runs) none() string {
	if r.Last.Run == 0 && r.Last.Stored+r.Last.StoredHam > 0 {
		return "The stored messages have not been correlated yet: run correlate."
	}
	return "No " + r.burst() + "s" + r.which() + "."
}

// burst is the noun for the listed bursts; those of wanted mail are no
// spamruns.
func (r *runs) burst() string {
	if r.Asked.Wanted {
		return "burst"
	}
	return "spamrun"
}

// which describes the selection.
func (r *runs) which() string {
	s := ""
	if p := r.Asked.Sender; p.IsValid() {
		s = " from " + p.String()
		if p.IsSingleIP() {
			s = " from " + p.Addr().String()
		}
	}
	if r.Asked.Wanted {
		s += " of wanted mail"
	}
	if r.Asked.Domain != "" {
		s += " to " + r.Asked.Domain
	}
	if r.Asked.MX != "" {
		s += " at " + r.Asked.MX
	}
	if !r.Asked.Since.IsZero() {
		s += " since " + cli.Minute(r.Asked.Since)
	}
	if r.Asked.Campaign != 0 {
		s += " with messages of " + naming.ID(r.Asked.Campaign)
	}
	return s
}

// headline sums up the selection; without one, it compares with all spam.
func (r *runs) headline() string {
	first := r.List[0]
	text := cli.Count(first.AllRuns, r.burst(), "") + r.which() + ", " + cli.Count(first.AllMessages, "message", "") + "."
	// Only without a selection do the numbers compare with all spam.
	all := r.Asked == (campaigns.SpamrunFilter{Limit: r.Asked.Limit})
	switch {
	case r.Last.Run == 0: // logs alone: nothing was correlated
		return cli.Count(first.AllRuns, r.burst(), "") + r.which() + "."
	case all:
		text = fmt.Sprintf("%s of %s spam; %s came in none.",
			wording.Plural(first.AllRuns, "spamrun brought "+cli.Number(first.AllMessages), "spamruns brought "+cli.Number(first.AllMessages)),
			cli.Number(r.Last.Messages), cli.Number(max(r.Last.Messages-first.AllMessages, 0)))
	}
	return text + fmt.Sprintf("  Run %d.", r.Last.Run)
}

// Columns are dropped on a narrow screen, the least important first.
const (
	wideEnoughForRecipients = 120
	wideEnoughForRate       = 96
	wideEnoughForMX         = 72
)

// table has a line for each spamrun. Columns depend on the width, and those of
// logs on whether a log tells more than the mail.
func (r *runs) table() *cli.Table {
	width := r.env.Columns()
	zone, campaigns := r.zone(), 1
	if width >= wideEnoughForMX {
		campaigns = 2
	}
	cols := []cli.Column{{Title: "Start " + zone.String()}, {Title: "Length", Right: true}, {Title: "Msgs", Right: true}}
	logged := r.logged()
	if logged {
		cols = append(cols, cli.Column{Title: "Tried", Right: true}, cli.Column{Title: "No", Right: true})
	}
	if width >= wideEnoughForRate {
		cols = append(cols, cli.Column{Title: "per h", Right: true})
	}
	cols = append(cols, cli.Column{Title: "Sender", Flex: r.long()}, cli.Column{Title: "To", Flex: true})
	if width >= wideEnoughForRecipients {
		cols = append(cols, cli.Column{Title: "Recipients"})
	}
	if width >= wideEnoughForMX {
		cols = append(cols, cli.Column{Title: "MX", Flex: true})
	}
	t := r.env.Table(append(cols, cli.Column{Title: "In"})...)
	for i := range r.List {
		s := &r.List[i]
		row := []string{s.StartedAt.In(zone).Format("2006-01-02 15:04"), cli.Seconds(s.EndedAt.Sub(s.StartedAt)), cli.Number(s.Messages)}
		if logged {
			row = append(row, cli.Number(s.Attempts), cli.Number(s.Refused+s.Deferred+s.Lost))
		}
		if width >= wideEnoughForRate {
			row = append(row, perHour(s.Rate))
		}
		row = append(row, s.Sender.String(), wording.Some(s.TargetDomains, 3))
		if width >= wideEnoughForRecipients {
			row = append(row, recipients(s))
		}
		if width >= wideEnoughForMX {
			row = append(row, wording.Exchangers(s))
		}
		t.Row(append(row, wording.Some(s.Campaigns, campaigns))...)
	}
	return t
}

// logged reports whether a log has a recipient that got no mail.
func (r *runs) logged() bool {
	return slices.ContainsFunc(r.List, func(s campaigns.Spamrun) bool { return s.Attempts > s.Accepted })
}

// long reports whether an address is longer than those of IPv4 and needs a
// flexible column.
func (r *runs) long() bool {
	return slices.ContainsFunc(r.List, func(s campaigns.Spamrun) bool { return s.Sender.Is6() })
}

// zone is the time zone in which our own servers wrote the times of all listed
// runs, so that they can be found in the logs. If servers differ it is UTC.
func (r *runs) zone() *time.Location { return r.zoneOf(r.List) }

// zoneOf returns the zone that a list shares, else UTC.
func (r *runs) zoneOf(list []campaigns.Spamrun) *time.Location {
	first := ""
	for i := range list {
		switch z := list[i].Zone; {
		case z == "": // nothing of it is stored
		case first == "":
			first = z
		case z != first:
			return time.UTC
		}
	}
	t, err := time.Parse("-0700", first)
	if _, offset := t.Zone(); err == nil && offset != 0 {
		return time.FixedZone(first, offset)
	}
	return time.UTC
}

// perHour writes a rate; a run within a second has none.
func perHour(rate *float64) string {
	switch {
	case rate == nil:
		return "-"
	case *rate < 10:
		return fmt.Sprintf("%.1f", *rate)
	}
	return cli.Number(int64(*rate + 0.5))
}

// recipients is the number of recipients, and how many of them look broken; "-"
// if unknown.
func recipients(s *campaigns.Spamrun) string {
	if s.Recipients == nil {
		return "-"
	}
	text := cli.Number(*s.Recipients)
	if s.BrokenRecipients != nil && *s.BrokenRecipients > 0 {
		text += ", " + cli.Number(*s.BrokenRecipients) + " broken"
	}
	return text
}

// footer shows the commands that lead on.
func (r *runs) footer() string {
	one := fmt.Sprintf("One sender: correlate find %s\n", r.List[0].Sender)
	if !r.Asked.Wanted {
		one = fmt.Sprintf("One: correlate run-show r%d\n%s", r.List[0].ID, one)
	}
	more := r.List[0].AllRuns - int64(len(r.List))
	switch {
	case more <= 0:
		return one
	case r.env.Columns() < wideEnoughForMX:
		return fmt.Sprintf("%s more: correlate runs --all\n%s", cli.Number(more), one)
	}
	return fmt.Sprintf("%s more: correlate runs --all     %s", cli.Number(more), one)
}

// Document is the list of spamruns for programs.
type Document struct {
	Run      int64     `json:"run"`
	Count    int64     `json:"spamrun_count"`
	Messages int64     `json:"messages"`
	Runs     []runJSON `json:"spamruns"`
	LeftOut  int64     `json:"left_out"` // spamruns, by --limit
}

// runJSON is one spamrun. Null is unknown: mail without a log has no attempts.
type runJSON struct {
	ID         string     `json:"spamrun_id"` // of 63 bits: more than a number holds in many a program
	Sender     string     `json:"sender"`
	Started    *time.Time `json:"started_at"`
	Ended      *time.Time `json:"ended_at"`
	Zone       *string    `json:"zone"`
	Messages   int64      `json:"messages"`
	Rate       *float64   `json:"rate_per_hour"`
	Targets    []string   `json:"target_domains"`
	Recipients *int64     `json:"recipients"`
	Broken     *int64     `json:"broken_recipients"`
	MX         []string   `json:"mx"`
	Priorities []int32    `json:"mx_priorities"`
	Campaigns  []string   `json:"campaigns"`

	Attempts    int64   `json:"attempts"`
	Accepted    int64   `json:"accepted"`
	Refused     int64   `json:"refused"`
	Deferred    int64   `json:"deferred"`
	Lost        int64   `json:"lost"`
	Method      string  `json:"method"`
	Coordinated *string `json:"coordinated_run_id"`
}

// DocumentOf converts the list to its JSON form; every run repeats the totals.
func DocumentOf(r *findings.Runs) Document {
	out := Document{Run: r.Last.Run, Runs: []runJSON{}}
	for i := range r.List {
		s := &r.List[i]
		out.Count, out.Messages = s.AllRuns, s.AllMessages
		out.Runs = append(out.Runs, asJSON(s))
	}
	out.LeftOut = out.Count - int64(len(out.Runs))
	return out
}

// asJSON converts one spamrun.
func asJSON(s *campaigns.Spamrun) runJSON {
	j := runJSON{ID: fmt.Sprint(s.ID), Sender: s.Sender.String(), Started: cli.Time(s.StartedAt), Ended: cli.Time(s.EndedAt),
		Messages: s.Messages, Rate: s.Rate, Targets: s.TargetDomains, Recipients: s.Recipients, Broken: s.BrokenRecipients,
		MX: s.MX, Priorities: s.MXPriorities, Campaigns: s.Campaigns, Attempts: s.Attempts, Accepted: s.Accepted, Refused: s.Refused,
		Deferred: s.Deferred, Lost: s.Lost, Method: s.Method}
	if s.Zone != "" {
		j.Zone = &s.Zone
	}
	if s.CoordinatedRunID != nil {
		id := fmt.Sprint(*s.CoordinatedRunID)
		j.Coordinated = &id
	}
	return j
}
