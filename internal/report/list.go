package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// listed is how many campaigns fit a screen.
const listed = 20

// ListOptions say how much of the list is wanted.
type ListOptions struct {
	Limit int  // 0: a screenful
	All   bool // all of them
}

// List prints the campaigns, largest first. It returns cli.Silent(cli.NoneFound) after
// saying so if there are none.
func List(ctx context.Context, env *cli.Env, st *campaigns.Store, o ListOptions) error {
	if o.All {
		o.Limit = 0
	} else if o.Limit == 0 {
		o.Limit = listed
	}
	last, err := st.LastRun(ctx)
	if err != nil {
		return err
	}
	found, err := st.List(ctx, o.Limit)
	if err != nil {
		return err
	}
	l := &list{env: env, last: last, campaigns: found}
	if l.said, err = decision.ReadSaid(ctx, st); err != nil {
		return err
	}
	if l.operations, err = st.Operations(ctx); err != nil {
		return err
	}
	if err := l.addTimes(ctx, st); err != nil {
		return err
	}
	if env.JSON() {
		err = env.WriteJSON(l.json())
	} else {
		err = l.print()
	}
	if err == nil && len(found) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

type list struct {
	env       *cli.Env
	last      campaigns.LastRun
	campaigns []campaigns.Campaign
	said      map[int64]*decision.Said

	operations []campaigns.Operation
	first      time.Time // of what is listed: forged and broken clocks elsewhere are no matter
	latest     time.Time
	slices     int               // of that period; 0: too short to draw
	times      map[int64][]int64 // by campaign
}

func (l *list) addTimes(ctx context.Context, st *campaigns.Store) error {
	for _, c := range l.campaigns {
		if !c.FirstSeen.IsZero() && (l.first.IsZero() || c.FirstSeen.Before(l.first)) {
			l.first = c.FirstSeen
		}
		if c.LastSeen.After(l.latest) {
			l.latest = c.LastSeen
		}
	}
	l.slices = slicesOf(l.first, l.latest)
	if l.slices == 0 {
		return nil
	}
	ids := make([]int64, len(l.campaigns))
	l.times = make(map[int64][]int64, len(ids))
	for i, c := range l.campaigns {
		ids[i] = c.ID
		l.times[c.ID] = make([]int64, l.slices)
	}
	counts, err := st.Times(ctx, ids, l.first, l.latest, l.slices)
	for _, c := range counts {
		if line := l.times[c.CampaignID]; c.Slice >= 0 && c.Slice < len(line) {
			line[c.Slice] = c.Messages
		}
	}
	return err
}

func (l *list) print() error {
	if err := l.env.Printf("%s\n", l.headline()); err != nil {
		return err
	}
	if len(l.campaigns) == 0 {
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

func (l *list) headline() string {
	c := l.last
	if c.Run == 0 {
		return "The stored messages have not been correlated yet: run correlate."
	}
	late := ""
	if more := c.Stored - c.Messages; more > 0 {
		late = fmt.Sprintf("\n%s came since: run correlate.", cli.Count(more, "message", ""))
	}
	if c.Campaigns == 0 {
		return fmt.Sprintf("No campaigns: none of %s belong together.  Run %d.%s", cli.Count(c.Messages, "spam message", ""), c.Run, late)
	}
	return fmt.Sprintf("%s of %s spam; %s.  Run %d, %s.%s",
		plural(c.Campaigns, "campaign holds "+cli.Number(c.Members), "campaigns hold "+cli.Number(c.Members)),
		cli.Number(c.Messages), plural(c.Messages-c.Members, "stands alone", "stand alone"),
		c.Run, cli.Duration(c.Finished.Sub(c.Started)), late)
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return cli.Number(n) + " " + many
}

// Columns give way on a narrow screen, the picture first.
const (
	wideEnoughForPicture = 72
	wideEnoughForLast    = 56
)

func (l *list) table() *cli.Table {
	width := l.env.Columns()
	picture := l.slices > 0 && width >= wideEnoughForPicture
	cols := []cli.Column{{Title: "ID", Right: true}, {Title: "Msgs", Right: true}, {Title: "First"}}
	if width >= wideEnoughForLast {
		cols = append(cols, cli.Column{Title: "Last"})
	}
	if picture {
		cols = append(cols, cli.Column{Title: period(l.first, l.latest)})
	}
	if len(l.operations) > 0 {
		cols = append(cols, cli.Column{Title: "Op"})
	}
	cols = append(cols, cli.Column{Title: "Weak", Right: true}, cli.Column{Title: l.traitTitle(), Flex: true})
	t := l.env.Table(cols...)
	for _, c := range l.campaigns {
		row := []string{ID(c.ID), cli.Number(c.Messages), cli.Date(c.FirstSeen)}
		if width >= wideEnoughForLast {
			row = append(row, cli.Date(c.LastSeen))
		}
		if picture {
			row = append(row, spark(l.times[c.ID]))
		}
		if len(l.operations) > 0 {
			row = append(row, operationOf(c))
		}
		t.Row(append(row, l.weak(c), l.named(c.ID)+l.traits(c))...)
	}
	return t
}

// operationOf is the id of a campaign's operation, "" for none.
func operationOf(c campaigns.Campaign) string {
	if c.Operation == 0 {
		return ""
	}
	return operationID(c.Operation)
}

// operationsShown is how many operations have a line below the list.
const operationsShown = 5

// operationLines say which campaigns are the same people's.
func (l *list) operationLines() string {
	var b strings.Builder
	most := operationsShown
	if len(l.campaigns) == int(l.last.Campaigns) {
		most = len(l.operations)
	}
	for i := range l.operations[:min(most, len(l.operations))] {
		o := &l.operations[i]
		var ids []string
		for _, id := range o.Campaigns {
			ids = append(ids, ID(id))
		}
		line := fmt.Sprintf("%s: %s, %s", operationID(o.ID), some(ids, 12), cli.Count(o.Messages, "message", ""))
		if o.Kind != "" {
			line += ", by " + traitWords(o.Kind, o.Value)
		}
		b.WriteString(l.env.Cut(line, l.env.Columns()) + "\n")
	}
	if more := len(l.operations) - most; more > 0 {
		fmt.Fprintf(&b, "%s more with correlate list --all\n", cli.Count(more, "operation", ""))
	}
	return b.String()
}

// wideEnoughForTraits is the width from which a campaign has more than its strongest trait.
const wideEnoughForTraits = 120

// traits says what a campaign has in common, as far as there is room.
func (l *list) traits(c campaigns.Campaign) string {
	most := 1
	if l.env.Columns() >= wideEnoughForTraits {
		most = len(c.Kinds)
	}
	var words []string
	for i := range c.Kinds[:min(most, len(c.Kinds))] {
		words = append(words, printable.Cut(traitWords(c.Kinds[i], c.TraitValues[i]), 48))
	}
	return strings.Join(words, "; ")
}

// traitTitle is over the last column, where names stand if there are any.
func (l *list) traitTitle() string {
	for _, c := range l.campaigns {
		if l.named(c.ID) != "" {
			return "Name, common trait"
		}
	}
	if l.env.Columns() >= wideEnoughForTraits {
		return "Strongest common traits"
	}
	return "Strongest common trait"
}

// named is the name that people gave a campaign, in front of what it has in common.
func (l *list) named(id int64) string {
	if c := l.said[id]; c != nil && c.Name != "" {
		return quoted(c.Name) + "  "
	}
	return ""
}

// nearLimit is how far above the limit a weakest link is marked, in bits.
const nearLimit = 0.25

// weak marks the bits of a weakest link that just held.
func (l *list) weak(c campaigns.Campaign) string {
	s := fmt.Sprintf("%.1f", c.WeakestBits)
	if c.WeakestBits <= l.last.LinkBits+nearLimit {
		return s + "!"
	}
	return s + l.noMark()
}

// noMark keeps the points of numbers below one another where some have a mark.
func (l *list) noMark() string {
	for _, c := range l.campaigns {
		if c.WeakestBits <= l.last.LinkBits+nearLimit {
			return " "
		}
	}
	return ""
}

func (l *list) footer() string {
	var b strings.Builder
	b.WriteString(paragraph(fmt.Sprintf("Weak: bits of the weakest link that holds it together; ! is near the limit of %s.", bits(l.last.LinkBits)), l.env.Columns()))
	if len(l.last.SetAside) > 0 {
		var names []string
		for _, s := range l.last.SetAside {
			names = append(names, fmt.Sprintf("%s %s", l.env.Cut(s.Value, 40), cli.Number(s.Messages+s.Ham)))
		}
		b.WriteString(paragraph("Set aside, too common to be evidence: "+strings.Join(names, ", "), l.env.Columns()))
	}
	b.WriteString(l.operationLines())
	b.WriteByte('\n')
	if more := l.last.Campaigns - int64(len(l.campaigns)); more > 0 {
		fmt.Fprintf(&b, "%s more: correlate list --all     ", cli.Number(more))
	}
	fmt.Fprintf(&b, "One: correlate show %s\n", ID(l.campaigns[0].ID))
	return b.String()
}

// paragraph breaks text into lines that fit.
func paragraph(text string, width int) string {
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		w := printable.Width(word)
		switch {
		case used == 0:
		case used+1+w > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	b.WriteByte('\n')
	return b.String()
}

type campaignJSON struct {
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
}

type listJSON struct {
	Run        int64                `json:"run"`
	Finished   *time.Time           `json:"finished_at"`
	Messages   int64                `json:"messages"`
	Background int64                `json:"background"`
	Campaigns  int64                `json:"campaign_count"`
	Members    int64                `json:"members"`
	Since      int64                `json:"messages_since"`
	LinkBits   float64              `json:"link_bits"`
	SetAside   []campaigns.SetAside `json:"set_aside"`
	List       []campaignJSON       `json:"campaigns"`
}

func (l *list) json() listJSON {
	c := l.last
	out := listJSON{Run: c.Run, Finished: cli.Time(c.Finished), Messages: c.Messages, Background: c.Background,
		Campaigns: c.Campaigns, Members: c.Members, Since: max(c.Stored-c.Messages, 0), LinkBits: c.LinkBits,
		SetAside: c.SetAside, List: []campaignJSON{}}
	if out.SetAside == nil {
		out.SetAside = []campaigns.SetAside{}
	}
	for _, c := range l.campaigns {
		j := campaignJSON{ID: ID(c.ID), Messages: c.Messages, First: cli.Time(c.FirstSeen), Last: cli.Time(c.LastSeen),
			Weakest: c.WeakestBits, Tags: []string{}}
		if len(c.Kinds) > 0 {
			j.Kind, j.Value = c.Kinds[0], c.TraitValues[0]
		}
		if said := l.said[c.ID]; said != nil {
			j.Name, j.Tags = nameOrNull(said.Name), append(j.Tags, said.Tags...)
		}
		if c.Operation != 0 {
			id := operationID(c.Operation)
			j.Operation = &id
		}
		out.List = append(out.List, j)
	}
	return out
}
