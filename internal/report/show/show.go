// Package show prints the screen of one campaign.
package show

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// onePage is the screen of one campaign.
type onePage struct {
	env *cli.Env
	all bool
	*findings.Page
}

// Print prints one campaign.
func Print(env *cli.Env, p *findings.Page, all bool) error {
	c := &onePage{env, all, p}
	if env.ForPrograms() {
		return env.Result(c.json())
	}
	return c.print()
}

func (c *onePage) print() error {
	for _, section := range []func() error{c.printHead, c.printDecisions, c.printOperation, c.printTraits, c.printLinks, c.printSenders, c.printRuns, c.printAnomalies, c.printSubjects, c.printMessages, c.printHistory, c.printFoot} {
		if err := section(); err != nil {
			return err
		}
	}
	return nil
}

func (c *onePage) printHead() error {
	s := c.Sums
	head := []string{cli.Count(s.Messages, "message", "")}
	if span := cli.Span(s.FirstSeen, s.LastSeen); span != "" {
		head = append(head, span)
	}
	head = append(head, cli.Count(s.Senders, "sender", ""), cli.Count(s.Subjects, "subject", ""), cli.Count(s.Domains, "link domain", ""))
	if s.FirstSeen.IsZero() {
		head = append(head, "times unknown")
	}
	text := c.env.Text(naming.ID(c.State.ID) + opinion{&c.Opinion}.title() + "  " + strings.Join(head, ", "))
	text = wording.Paragraph(text, c.env.Columns())
	text = c.env.Bold(naming.ID(c.State.ID)) + strings.TrimPrefix(text, naming.ID(c.State.ID))
	if c.State.SplitFrom != 0 {
		text += fmt.Sprintf("split from %s\n", naming.ID(c.State.SplitFrom))
	}
	return c.env.Printf("%s%s", text, c.picture())
}

// picture is the line of weeks; with fewer than five points it is the numbers.
func (c *onePage) picture() string {
	if len(c.Weeks) == 0 {
		return ""
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
		return paragraphIndented("per week  "+strings.Join(s, ", "), c.env.Columns())
	}
	per, width := "per week", c.env.Columns()-len("  per week  ")
	if len(counts) > width {
		n := (len(counts) + width - 1) / width
		counts, per = bundle(counts, n), fmt.Sprintf("per %d weeks", n)
	}
	line := "  " + per + "  " + wording.Spark(counts)
	most := fmt.Sprintf("most %s, week of %s", cli.Number(best.Messages), cli.Date(best.Week))
	if len(per)+len(counts)+len(most)+7 <= c.env.Columns() {
		return "\n" + c.env.Text(line) + "   " + most + "\n"
	}
	return "\n" + c.env.Text(line) + "\n  " + most + "\n"
}

// maxWeeks bounds the picture: forged clocks of our own relays have put mail into 1904.
const maxWeeks = 52 * 50

// everyWeek fills in the weeks without messages.
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

func paragraphIndented(text string, width int) string {
	return "\n  " + strings.ReplaceAll(strings.TrimSuffix(wording.Paragraph(text, width-2), "\n"), "\n", "\n  ") + "\n"
}

// section prints a table if it has rows.
func (c *onePage) section(rows int, t *cli.Table) error {
	if rows == 0 {
		return nil
	}
	if err := c.env.Printf("\n"); err != nil {
		return err
	}
	return t.Print()
}

func (c *onePage) printAnomalies() error {
	t := c.env.Table(cli.Column{Title: "Anomalies of the headers", Flex: true}, cli.Column{Title: "in " + naming.ID(c.State.ID), Right: true}, cli.Column{Title: "all", Right: true})
	for _, a := range c.Anomalies {
		t.Row(a.Reason, cli.Number(a.Members), cli.Number(a.Spam))
		if c.all && a.Evidence != "" {
			t.Row("    " + a.Evidence)
		}
	}
	return c.section(len(c.Anomalies), t)
}

func (c *onePage) printSubjects() error {
	if len(c.Subjects) < 2 {
		return nil // the messages below show it
	}
	t := c.env.Table(cli.Column{Title: "Subjects", Flex: true}, cli.Column{Title: "msgs", Right: true})
	for _, s := range c.Subjects {
		t.Row(s.Subject, cli.Number(s.Messages))
	}
	return c.section(len(c.Subjects), t)
}

func (c *onePage) printMessages() error {
	t := c.env.Table(cli.Column{Title: "#", Right: true}, cli.Column{Title: "Newest"}, cli.Column{Title: "received"}, cli.Column{Title: "from", Flex: true}, cli.Column{Title: "subject", Flex: true})
	for i, m := range c.Messages {
		t.Row(cli.Number(i+1), wording.Head(m.SHA256, 8), cli.Minute(m.ReceivedAt), m.FromAddress, m.Subject)
	}
	return c.section(len(c.Messages), t)
}

func (c *onePage) printFoot() error {
	foot := fmt.Sprintf("Weakest link that holds it together: %s bits; %s were needed.", wording.Bits(c.State.WeakestBits), wording.Bits(c.Last.LinkBits))
	foot = wording.Paragraph(foot, c.env.Columns()) + fmt.Sprintf("What that is: correlate why %s", naming.ID(c.State.ID))
	if !c.all {
		foot += fmt.Sprintf("     All of it: correlate show %s --all", naming.ID(c.State.ID))
	}
	return c.env.Printf("\n%s\n", foot)
}
