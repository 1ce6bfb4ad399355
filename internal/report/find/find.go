// Package find prints the messages, campaigns and roles in which an indicator
// occurs: one indicator in full, or a line for each of many.
//
// The first line says how the text was read, since "888" may be a host, a phone
// number or a word. Counts are those of every other screen: spam and ham, by
// campaign and role. Links are defanged.
package find

import (
	"fmt"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// IndicatorNames gives the kinds of indicators their words on screens; the page
// uses them too.
var IndicatorNames = map[string]string{"host": "host", "url": "URL", "net": "address", "mail": "mail address", "phone": "phone number", "message-id": "Message-ID",
	"hash": "SHA-256", "as": "autonomous system", "words": "words", "text": "words in mail", "trait": "trait"}

// shownLines is the default number of lines of an answer.
const shownLines = 20

// Options say how much is printed.
type Options struct {
	Limit int  // lines; 0: a screenful
	All   bool // every line
}

// Print prints the occurrences of an indicator by campaign and role. None is
// exit code 1.
func Print(env *cli.Env, f *findings.Found, o Options) error {
	var err error
	switch {
	case env.ForPrograms():
		err = env.Result(documentOf(f))
	case f.Object != nil:
		err = env.Printf("%s %s, %s: %s\n", f.Object.Kind, env.Text(f.Object.ID), cli.Count(f.Object.Messages, "message", ""), f.Object.Command)
	case len(f.Hits) > 0:
		err = printHits(env, f, o)
	default:
		err = env.Printf("%s %s: in none of %s.\n%s", name(f.Indicator), env.Text(printable.Cut(f.Indicator.Value, 200)), cli.Count(f.Stored, "message", ""), inText(f))
	}
	if err == nil && len(f.Hits) == 0 && f.Object == nil {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

// inText explains how to search texts: words are compared with values of
// evidence only.
func inText(f *findings.Found) string {
	if f.Indicator.Kind != "words" {
		return ""
	}
	return "Words in subjects and texts: correlate find --text WORDS\n"
}

// name is the kind of an indicator in words. An address with a mask is a
// network.
func name(i campaigns.Indicator) string {
	if i.Kind == "net" && !i.Net.IsSingleIP() {
		return "network"
	}
	return IndicatorNames[i.Kind]
}

// printHits prints the headline, a line for each campaign and role, and the
// newest messages.
func printHits(env *cli.Env, f *findings.Found, o Options) error {
	head := env.Text(headline(f)) + "\n"
	if printable.Width(head) > env.Columns() {
		head = wording.Paragraph(head, env.Columns())
	}
	if err := env.Printf("%s\n", head); err != nil {
		return err
	}
	lines := Lines(f.Hits)
	// Screens are for reading: a value of all mail can have a line for each of
	// a thousand campaigns.
	most := shownLines
	if o.Limit > 0 {
		most = o.Limit
	}
	if o.All {
		most = len(lines)
	}
	t := env.Table(cli.Column{Title: "msgs", Right: true}, cli.Column{Title: "ham", Right: true}, cli.Column{Title: "campaign"}, cli.Column{Title: "as"}, cli.Column{Title: "where", Flex: true})
	for _, l := range lines[:min(len(lines), most)] {
		id := "-"
		if l.Campaign != 0 {
			id = naming.ID(l.Campaign)
		}
		if name := f.Names[l.Campaign]; name != "" {
			id += " " + wording.Quoted(printable.Cut(name, 24))
		}
		t.Row(cli.Number(l.RoleSpam), cli.Number(l.RoleHam), id, l.Role, l.Where())
	}
	if err := t.Print(); err != nil {
		return err
	}
	if left := len(lines) - most; left > 0 {
		if err := env.Printf("  %s more with --all\n", cli.Count(left, "line", "")); err != nil {
			return err
		}
	}
	if err := printAside(env, f, o.All); err != nil {
		return err
	}
	return printNewest(env, f)
}

// shownPublishers is how many publishers are named unless all are asked for.
const shownPublishers = 3

// printAside says which of the messages are set aside from campaigns, and why.
func printAside(env *cli.Env, f *findings.Found, all bool) error {
	h := &f.Hits[0]
	var b strings.Builder
	for i, publisher := range h.AsidePublishers {
		if i == shownPublishers && !all && len(h.AsidePublishers) > i+1 {
			fmt.Fprintf(&b, "More is set aside: correlate publishers lists all.\n")
			break
		}
		text := wording.Plural(h.AsideIssues[i], "of them is ", "of them are ") + wording.SetAside(printable.Cut(publisher, 100), true) + "."
		b.WriteString(wording.Paragraph(env.Text(text), env.Columns()))
	}
	if b.Len() == 0 {
		return nil
	}
	return env.Printf("\n%s", b.String())
}

// headline sums up all occurrences. Traits have no times: the last run counted
// them.
func headline(f *findings.Found) string {
	h := f.Hits[0]
	head := name(f.Indicator) + " " + shownValue(f.Indicator)
	if f.Indicator.Kind == "trait" {
		return head + ", as the last run counted it"
	}
	head += "   " + cli.Count(h.AllSpam, "spam message", "")
	if h.AllHam > 0 {
		head += fmt.Sprintf(", %s ham", cli.Number(h.AllHam))
	}
	if span := cli.Span(h.FirstSeen, h.LastSeen); span != "" {
		head += "   " + span
	}
	return head
}

// Line sums up the hits of one campaign in one role: the first values.
type Line struct {
	campaigns.Hit
	values []string
}

// shownValues is the number of values on a line.
const shownValues = 3

// Lines joins neighbouring hits of the same campaign and role. The store
// returns them in that order.
func Lines(hits []campaigns.Hit) (out []Line) {
	for _, h := range hits {
		if n := len(out) - 1; n < 0 || out[n].Campaign != h.Campaign || out[n].Role != h.Role {
			out = append(out, Line{Hit: h})
		}
		l := &out[len(out)-1]
		if h.Value != "" && len(l.values) < shownValues {
			l.values = append(l.values, h.Value)
		}
	}
	return out
}

// Where lists the values of a line; links are defanged.
func (l *Line) Where() string {
	values := make([]string, len(l.values))
	for i, v := range l.values {
		values[i] = printable.Cut(v, 100)
		if l.Role == "link" {
			values[i] = printable.Defang(values[i])
		}
	}
	text := strings.Join(values, ", ")
	if more := l.Values - int64(len(values)); len(values) > 0 && more > 0 {
		text += fmt.Sprintf(" +%d", more)
	}
	return text
}

// printNewest lists the newest messages by the numbers that collector show
// takes.
func printNewest(env *cli.Env, f *findings.Found) error {
	newest := Newest(f)
	if len(newest) == 0 {
		return nil
	}
	var words []string
	for i, hash := range newest {
		words = append(words, fmt.Sprintf("%d %s", i+1, wording.Head(hash, 8)))
	}
	return env.Printf("\n%s", wording.Paragraph("Newest: "+strings.Join(words, ", ")+". One of them: collector show 1", env.Columns()))
}

// Newest returns the hashes of the newest messages, in the order of their
// numbers.
func Newest(f *findings.Found) []string {
	if len(f.Hits) == 0 {
		return nil
	}
	return f.Hits[0].Newest
}

// shownValue is the value of an indicator as a screen shows it; URLs are
// defanged.
func shownValue(i campaigns.Indicator) string {
	switch i.Kind {
	case "url":
		return printable.Defang(i.Value)
	case "as":
		return "AS" + i.Value
	case "words", "text":
		return wording.Quoted(i.Value)
	}
	return i.Value
}
