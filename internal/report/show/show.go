// Package show prints the report on one campaign, or on one operation.
//
// A report is a sheet of parts: for a terminal as text, for a ticket as
// Markdown with our own recipients replaced, for programs as JSON. Every table
// counts the same three things: members, other spam and ham. Lines beyond a
// screen are counted, and shown by --all.
package show

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/sheet"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// Options say how a campaign is printed.
type Options struct {
	All      bool // every line of every table
	Markdown bool
	WhyBlock bool // the grounds of each verdict
}

// onePage is the screen of one campaign.
type onePage struct {
	env *cli.Env
	Options
	*findings.Page
}

// Print prints one campaign.
func Print(env *cli.Env, p *findings.Page, o Options) error {
	c := &onePage{env, o, p}
	if env.ForPrograms() {
		return env.Result(c.json())
	}
	if o.Markdown {
		return c.sheet().Markdown(env, c.hidden())
	}
	return c.sheet().Print(env)
}

// sheet is the report. Its parts follow a reader's questions: time, content,
// decisions, evidence, domains and hosting, senders, program, messages,
// history, next steps.
func (c *onePage) sheet() *sheet.Sheet {
	s := &sheet.Sheet{Name: naming.ID(c.State.ID), Title: opinion{&c.Opinion}.title(), Lead: c.lead()}
	if c.Markdown && c.Opinion.Said.Name == "" {
		s.Title = c.ownWords() + s.Title
	}
	for _, part := range []func() sheet.Part{
		c.weeks, c.lure, opinion{&c.Opinion}.decisions, c.sameOperation, c.strongest, c.traits, c.domains, c.hosting, c.links, c.senders, c.networks, c.whyBlock, c.runs, c.backscatter,
		c.mailer, c.anomalies, c.subjects, c.messages, func() sheet.Part { return opinion{&c.Opinion}.history(c.All) }, c.weakest, c.next,
	} {
		s.Add(part())
	}
	return s
}

// hidden replaces our own recipients' addresses in a report that is handed on.
func (c *onePage) hidden() *strings.Replacer {
	if c.Dossier == nil {
		return nil
	}
	var pairs []string
	for _, r := range c.Dossier.Recipients {
		pairs = append(pairs, r, "(recipient)")
	}
	return strings.NewReplacer(pairs...)
}

// lead is the first line: counts, period and origin.
func (c *onePage) lead() string {
	s := c.Sums
	lead := []string{cli.Count(s.Messages, "message", "")}
	if span := cli.Span(s.FirstSeen, s.LastSeen); span != "" {
		lead = append(lead, span)
	}
	lead = append(lead, cli.Count(s.Senders, "sender", ""), cli.Count(s.Subjects, "subject", ""), cli.Count(s.Domains, "link domain", ""))
	if s.FirstSeen.IsZero() {
		lead = append(lead, "times unknown")
	}
	if c.State.SplitFrom != 0 {
		lead = append(lead, "split from "+naming.ID(c.State.SplitFrom))
	}
	return strings.Join(lead, ", ")
}

// weeks draws the messages by week, as a line of bars, or as numbers if there
// are fewer than five.
func (c *onePage) weeks() sheet.Part {
	p := sheet.Part{Title: "When"}
	if len(c.Weeks) == 0 {
		return p
	}
	best := c.Weeks[0]
	for _, w := range c.Weeks {
		if w.Messages > best.Messages {
			best = w
		}
	}
	counts := everyWeek(c.Weeks)
	if len(counts) < wording.FewPoints {
		var s []string
		for _, w := range c.Weeks {
			s = append(s, fmt.Sprintf("%s: %s", cli.Date(w.Week), cli.Number(w.Messages)))
		}
		p.Text = []string{"Messages by week: " + strings.Join(s, ", ")}
		return p
	}
	per, width := "per week", c.env.Columns()-len("  per week  ")
	if len(counts) > width {
		n := (len(counts) + width - 1) / width
		counts, per = bundle(counts, n), fmt.Sprintf("per %d weeks", n)
	}
	p.Picture = per + "  " + wording.Spark(counts)
	most := fmt.Sprintf("most %s, week of %s", cli.Number(best.Messages), cli.Date(best.Week))
	if len(per)+len(counts)+len(most)+7 <= c.env.Columns() {
		p.Picture += "   " + most
	} else {
		p.Foot = []string{"  " + most}
	}
	return p
}

// maxWeeks limits the picture: wrong clocks of our own relays have dated mail
// to 1904.
const maxWeeks = 52 * 50

// everyWeek returns a count for each week, zero for weeks without messages; nil
// if they are too many.
func everyWeek(weeks []campaigns.Week) []int64 {
	first := weeks[0].Week
	n := int(weeks[len(weeks)-1].Week.Sub(first)/(7*24*time.Hour)) + 1
	if n > maxWeeks {
		return nil
	}
	counts := make([]int64, n)
	for _, w := range weeks {
		counts[int(w.Week.Sub(first)/(7*24*time.Hour))] += w.Messages
	}
	return counts
}

// bundle sums up every n counts, to fit the width of the screen.
func bundle(counts []int64, n int) []int64 {
	out := make([]int64, 0, len(counts)/n+1)
	for i, c := range counts {
		if i%n == 0 {
			out = append(out, 0)
		}
		out[len(out)-1] += c
	}
	return out
}
