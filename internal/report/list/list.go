// Package list prints the list of campaigns, and the list of their members.
//
// The list shows traits that distinguish campaigns: subject, strongest evidence
// and times. The weakest link is marked where it just holds. Columns are
// dropped on a narrow screen, the least important first. Members are streamed,
// since there may be a million.
package list

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// list is the screen of a listing.
type list struct {
	env *cli.Env
	*findings.Listing
}

// Print prints campaigns, largest first.
func Print(env *cli.Env, found *findings.Listing) error {
	l := &list{env, found}
	var err error
	if env.ForPrograms() {
		err = env.Result(DocumentOf(found))
	} else {
		err = l.print()
	}
	if err == nil && len(found.Campaigns) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

// print prints the headline, the table and the footer; without campaigns only
// the first.
func (l *list) print() error {
	if err := l.env.Printf("%s\n", l.headline()); err != nil {
		return err
	}
	if len(l.Campaigns) == 0 {
		return nil
	}
	if err := l.env.Printf("\n"); err != nil {
		return err
	}
	if err := l.table().Print(); err != nil {
		return err
	}
	return l.env.Printf("\n%s", l.footer())
}

// headline sums up the last run, and how many messages came since.
func (l *list) headline() string {
	c := l.Last
	if c.Run == 0 {
		return "The stored messages have not been correlated yet: run correlate."
	}
	// Mail that came later is in no campaign yet: the reader must not take the
	// list for all of it.
	late := ""
	if more := c.Stored - c.Messages; more > 0 {
		late = fmt.Sprintf("\n%s came since: run correlate.", cli.Count(more, "message", ""))
	}
	if c.Campaigns == 0 {
		return fmt.Sprintf("No campaigns: none of %s belong together.  Run %d.%s", cli.Count(c.Messages, "spam message", ""), c.Run, late)
	}
	return fmt.Sprintf("%s of %s spam; %s.  Run %d, %s.%s",
		wording.Plural(c.Campaigns, "campaign holds "+cli.Number(c.Members), "campaigns hold "+cli.Number(c.Members)),
		cli.Number(c.Messages), wording.Plural(c.Messages-c.Members, "stands alone", "stand alone"),
		c.Run, cli.Duration(c.Finished.Sub(c.Started)), late)
}

// Widths from which columns are shown. On a narrow screen the subject and the
// strongest trait stay longest.
const (
	wideEnoughForPicture = 110
	wideEnoughForLast    = 96
	wideEnoughForLure    = 64
	wideEnoughForTraits  = 150 // more than the strongest
)

// table has a line for each campaign. Which columns it has depends on the
// width, and on whether there is anything to show in them.
func (l *list) table() *cli.Table {
	width := l.env.Columns()
	picture := l.Slices > 0 && width >= wideEnoughForPicture
	cols := []cli.Column{{Title: "ID", Right: true}, {Title: "Msgs", Right: true}, {Title: "First"}}
	if width >= wideEnoughForLast {
		cols = append(cols, cli.Column{Title: "Last"})
	}
	if picture {
		cols = append(cols, cli.Column{Title: wording.Period(l.First, l.Latest)})
	}
	if len(l.Operations) > 0 {
		cols = append(cols, cli.Column{Title: "Op"})
	}
	cols = append(cols, cli.Column{Title: "Weak", Right: true})
	if width >= wideEnoughForLure {
		cols = append(cols, cli.Column{Title: l.lureTitle(), Flex: true})
	}
	t := l.env.Table(append(cols, cli.Column{Title: "Held together by", Flex: true})...)
	for _, c := range l.Campaigns {
		row := []string{naming.ID(c.ID), cli.Number(c.Messages), cli.Date(c.FirstSeen)}
		if width >= wideEnoughForLast {
			row = append(row, cli.Date(c.LastSeen))
		}
		if picture {
			row = append(row, wording.Spark(l.Times[c.ID]))
		}
		if len(l.Operations) > 0 {
			row = append(row, operationOf(c))
		}
		row = append(row, l.weak(c))
		if width >= wideEnoughForLure {
			row = append(row, l.named(c.ID)+wording.Lure(l.Lures[c.ID]))
		}
		t.Row(append(row, l.traits(c))...)
	}
	return t
}

// operationOf returns the id of a campaign's operation, "" without one.
func operationOf(c campaigns.Campaign) string {
	if c.Operation == 0 {
		return ""
	}
	return naming.OperationID(c.Operation)
}

// operationLines list the groups of campaigns by the same people, with the
// trait that is most their own.
func (l *list) operationLines() string {
	if len(l.Operations) == 0 {
		return ""
	}
	var b strings.Builder
	width := l.env.Columns()
	b.WriteString("\n" + wording.Paragraph("Operations: campaigns that share who is behind them. Each: correlate show "+naming.OperationID(l.Operations[0].ID), width))
	// A list of every campaign explains every operation, too.
	most := findings.OperationsShown
	if len(l.Campaigns) == int(l.Last.Campaigns) {
		most = len(l.Operations)
	}
	for i := range l.Operations[:min(most, len(l.Operations))] {
		o := &l.Operations[i]
		var ids []string
		for _, id := range o.Campaigns {
			ids = append(ids, naming.ID(id))
		}
		line := fmt.Sprintf("%s in %s: %s", cli.Count(o.Messages, "message", ""), cli.Count(len(ids), "campaign", ""), wording.Some(ids, 8))
		if s, ok := l.Shared[o.ID]; ok {
			line += fmt.Sprintf("; by %s (%s of them, %s elsewhere)", wording.Trait(s.Kind, s.Value), cli.Number(s.Members), cli.Number(s.Elsewhere+s.Ham))
		}
		b.WriteString(wording.Indented(fmt.Sprintf("  %-4s ", naming.OperationID(o.ID)), l.env.Text(line), width))
	}
	if more := len(l.Operations) - most; more > 0 {
		fmt.Fprintf(&b, "  %s more: correlate list --all\n", cli.Count(more, "operation", ""))
	}
	return b.String()
}

// traits lists the strongest traits of a campaign: one, or more on a wide
// screen.
func (l *list) traits(c campaigns.Campaign) string {
	most := 1
	if l.env.Columns() >= wideEnoughForTraits {
		most = len(c.Kinds)
	}
	var words []string
	for i := range c.Kinds[:min(most, len(c.Kinds))] {
		words = append(words, printable.Cut(wording.Trait(c.Kinds[i], c.TraitValues[i]), 48))
	}
	return strings.Join(words, "; ")
}

// lureTitle is the title of the column of subjects, which holds users' names
// too if there are any.
func (l *list) lureTitle() string {
	for _, c := range l.Campaigns {
		if l.named(c.ID) != "" {
			return "Name, subject"
		}
	}
	return "Subject"
}

// named returns the user's name of a campaign, to be put before its shared
// values.
func (l *list) named(id int64) string {
	if c := l.Said[id]; c != nil && c.Name != "" {
		return wording.Quoted(c.Name) + "  "
	}
	return ""
}

// weak is the bits of the weakest link, marked if it just holds.
func (l *list) weak(c campaigns.Campaign) string {
	s := fmt.Sprintf("%.1f", c.WeakestBits)
	if findings.JustHolds(c.WeakestBits, l.Last.LinkBits) {
		return s + "!"
	}
	return s + l.noMark()
}

// noMark is a space that keeps decimal points aligned if any line has a mark.
func (l *list) noMark() string {
	for _, c := range l.Campaigns {
		if findings.JustHolds(c.WeakestBits, l.Last.LinkBits) {
			return " "
		}
	}
	return ""
}

// footer explains the columns, and lists excluded values, operations and the
// next commands.
func (l *list) footer() string {
	var b strings.Builder
	if l.Folded > 0 {
		b.WriteString(wording.Paragraph(fmt.Sprintf("%s of two messages are folded away; correlate list --all shows them.", cli.Count(l.Folded, "campaign", "")), l.env.Columns()))
	}
	b.WriteString(wording.Paragraph("Weak: by how many bits its least sure message fits it better than anything else; ! is hardly.", l.env.Columns()))
	if len(l.Last.SetAside) > 0 {
		var names []string
		for _, s := range l.Last.SetAside {
			names = append(names, fmt.Sprintf("%s %s", l.env.Cut(s.Value, 40), cli.Number(s.Messages+s.Ham)))
		}
		b.WriteString(wording.Paragraph("Set aside, too common to be evidence: "+strings.Join(names, ", "), l.env.Columns()))
	}
	if n := l.Last.Issues; n > 0 {
		b.WriteString(wording.Paragraph(wording.Plural(n, "message is", "messages are")+" set aside as newsletters: correlate publishers.", l.env.Columns()))
	}
	b.WriteString(l.operationLines())
	b.WriteByte('\n')
	if more := l.Last.Campaigns - l.Folded - int64(len(l.Campaigns)); more > 0 {
		fmt.Fprintf(&b, "%s more: correlate list --all     ", cli.Number(more))
	}
	fmt.Fprintf(&b, "One: correlate show %s\n", naming.ID(l.Campaigns[0].ID))
	return b.String()
}

// Campaign is a row of the list, for programs.
type Campaign struct {
	ID       string     `json:"campaign_id"`
	Messages int64      `json:"messages"`
	First    *time.Time `json:"first_seen"`
	Last     *time.Time `json:"last_seen"`
	Weakest  float64    `json:"weakest_bits"`
	Kind     string     `json:"trait_kind"`
	Value    string     `json:"trait_value"`
	Name     *string    `json:"name"`
	Tags     []string   `json:"tags"`

	Operation *string `json:"operation_id"`

	Subject  string `json:"top_subject"`
	Subjects int64  `json:"subject_count"`
}

// Document is the list for programs.
type Document struct {
	Run       int64                `json:"run"`
	Finished  *time.Time           `json:"finished_at"`
	Messages  int64                `json:"messages"`
	Ham       int64                `json:"background"`
	Campaigns int64                `json:"campaign_count"`
	Folded    int64                `json:"folded_pairs"` // campaigns of two messages that are not listed
	Members   int64                `json:"members"`
	Since     int64                `json:"messages_since"`
	LinkBits  float64              `json:"link_bits"`
	SetAside  []campaigns.SetAside `json:"set_aside"`
	Issues    int64                `json:"newsletter_messages"` // set aside: correlate publishers
	List      []Campaign           `json:"campaigns"`
	LeftOut   int64                `json:"left_out"` // campaigns, by --limit
}

// DocumentOf converts the list for programs. The command run prints it too.
func DocumentOf(l *findings.Listing) Document {
	c := l.Last
	out := Document{Run: c.Run, Finished: cli.Time(c.Finished), Messages: c.Messages, Ham: c.Ham,
		Campaigns: c.Campaigns, Folded: l.Folded, Members: c.Members, Since: max(c.Stored-c.Messages, 0), LinkBits: c.LinkBits,
		SetAside: c.SetAside, Issues: c.Issues, List: []Campaign{}}
	if out.SetAside == nil {
		out.SetAside = []campaigns.SetAside{}
	}
	for _, c := range l.Campaigns {
		j := Campaign{ID: naming.ID(c.ID), Messages: c.Messages, First: cli.Time(c.FirstSeen), Last: cli.Time(c.LastSeen),
			Weakest: c.WeakestBits, Tags: []string{}, Subject: l.Lures[c.ID].Subject, Subjects: l.Lures[c.ID].Subjects}
		if len(c.Kinds) > 0 {
			j.Kind, j.Value = c.Kinds[0], c.TraitValues[0]
		}
		if said := l.Said[c.ID]; said != nil {
			j.Name, j.Tags = wording.NameOrNull(said.Name), append(j.Tags, said.Tags...)
		}
		if c.Operation != 0 {
			id := naming.OperationID(c.Operation)
			j.Operation = &id
		}
		out.List = append(out.List, j)
	}
	out.LeftOut = max(out.Campaigns-int64(len(out.List)), 0)
	return out
}
