// Package publishers prints publishers of newsletters, and their issues.
//
// Publishers send regular mail of their own, so a run sets them aside: their
// issues are in no campaign. The list shows the reason for each, since a
// spammer who mails one text a day looks alike.
package publishers

import (
	"fmt"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// Print prints the publishers, or the issues of those that were asked for.
func Print(env *cli.Env, found *findings.Publishers) error {
	var err error
	switch {
	case env.ForPrograms():
		err = env.Result(documentOf(found))
	case found.Asked != "":
		err = printIssues(env, found)
	default:
		err = printList(env, found)
	}
	if err == nil && len(found.List) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

// printList prints the publishers, most messages first.
func printList(env *cli.Env, found *findings.Publishers) error {
	if found.Last.Run == 0 {
		return env.Printf("The stored messages have not been correlated yet: run correlate.\n")
	}
	if len(found.List) == 0 {
		return env.Printf("No publishers: nothing is set aside as a newsletter.  Run %d.\n", found.Last.Run)
	}
	first := found.List[0]
	head := fmt.Sprintf("%s of %s set aside from campaigns.  Run %d.", wording.Plural(first.AllMessages, "message", "messages"),
		wording.Plural(first.AllPublishers, "publisher is", "publishers are"), found.Last.Run)
	if err := env.Printf("%s\n\n", head); err != nil {
		return err
	}
	if err := table(env, found.List).Print(); err != nil {
		return err
	}
	if more := first.AllPublishers - int64(len(found.List)); more > 0 {
		if err := env.Printf("  %s more: correlate publishers --all\n", cli.Number(more)); err != nil {
			return err
		}
	}
	return env.Printf("\nThe messages of one: correlate publishers NAME\n")
}

// table has a line for each publisher.
func table(env *cli.Env, list []campaigns.Publisher) *cli.Table {
	t := env.Table(cli.Column{Title: "Msgs", Right: true}, cli.Column{Title: "First"}, cli.Column{Title: "Last"}, cli.Column{Title: "Days", Right: true},
		cli.Column{Title: "Recognised by"}, cli.Column{Title: "Publisher", Flex: true})
	for i := range list {
		p := &list[i]
		t.Row(cli.Number(p.Messages), cli.Date(p.FirstSeen), cli.Date(p.LastSeen), cli.Number(p.Days), basis(p), p.Name)
	}
	return t
}

// basis is the property by which a publisher was recognised: a run demands list
// mail in nine of ten issues, or else issues on more days.
func basis(p *campaigns.Publisher) string {
	if 10*p.Listed >= 9*p.Messages {
		return "list mail"
	}
	return "regular issues"
}

// printIssues prints the reasons for the named publishers, and their newest
// issues by the numbers that collector show takes.
func printIssues(env *cli.Env, found *findings.Publishers) error {
	for i := range found.List {
		p := &found.List[i]
		text := fmt.Sprintf("%s: %s on %s; recognised by %s.", printable.Cut(p.Name, 200), cli.Count(p.Messages, "message", ""), cli.Count(p.Days, "day", ""), reasons(p))
		if err := env.Printf("%s", wording.Paragraph(env.Text(text), env.Columns())); err != nil {
			return err
		}
	}
	if err := env.Printf("\n"); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "#", Right: true}, cli.Column{Title: "Newest"}, cli.Column{Title: "received"}, cli.Column{Title: "from", Flex: true}, cli.Column{Title: "subject", Flex: true})
	for i, m := range found.Issues {
		t.Row(cli.Number(i+1), wording.Head(m.SHA256, 8), cli.Minute(m.ReceivedAt), m.FromAddress, m.Subject)
	}
	if err := t.Print(); err != nil {
		return err
	}
	if more := found.List[0].AllMessages - int64(len(found.Issues)); more > 0 {
		if err := env.Printf("  %s more with --all\n", cli.Number(more)); err != nil {
			return err
		}
	}
	return env.Printf("\nOne of them: collector show 1\n")
}

// reasons describes the basis in words.
func reasons(p *campaigns.Publisher) string {
	if basis(p) == "list mail" {
		return fmt.Sprintf("list mail (%s name a list or a way to unsubscribe, and lead to the domain that they come from)", cli.Number(p.Listed))
	}
	return "regular issues: one address, one network, about one text a day"
}

// Document is the list of publishers for programs.
type Document struct {
	Run        int64           `json:"run"`
	Count      int64           `json:"publisher_count"`
	Messages   int64           `json:"messages"`
	Publishers []publisherJSON `json:"publishers"`
	LeftOut    int64           `json:"left_out"` // publishers, by --limit
	Issues     []issueJSON     `json:"issues"`   // of the publishers that were named, newest first
}

// publisherJSON is a publisher with the period and number of its issues.
type publisherJSON struct {
	Name     string     `json:"publisher"`
	Messages int64      `json:"messages"`
	First    *time.Time `json:"first_seen"`
	Last     *time.Time `json:"last_seen"`
	Days     int64      `json:"days"`
	Basis    string     `json:"recognised_by"` // "list mail" or "regular issues"
	Listed   int64      `json:"list_messages"`
}

// issueJSON is one issue.
type issueJSON struct {
	SHA256    string     `json:"sha256"`
	MessageID string     `json:"message_id"`
	Received  *time.Time `json:"received_at"`
	From      string     `json:"from_address"`
	Subject   string     `json:"subject"`
}

// documentOf converts the result; every publisher repeats the totals.
func documentOf(found *findings.Publishers) Document {
	out := Document{Run: found.Last.Run, Publishers: []publisherJSON{}, Issues: []issueJSON{}}
	for i := range found.List {
		p := &found.List[i]
		out.Count, out.Messages = p.AllPublishers, p.AllMessages
		out.Publishers = append(out.Publishers, publisherJSON{p.Name, p.Messages, cli.Time(p.FirstSeen), cli.Time(p.LastSeen), p.Days, basis(p), p.Listed})
	}
	out.LeftOut = out.Count - int64(len(found.List))
	for _, m := range found.Issues {
		out.Issues = append(out.Issues, issueJSON{m.SHA256, m.MessageID, cli.Time(m.ReceivedAt), m.FromAddress, m.Subject})
	}
	return out
}
