package page

import (
	"cmp"
	"fmt"
	"slices"

	"spoor/graph/evidence"
	"spoor/internal/cli"
	"spoor/internal/dossier"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/page/chart"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// campaignScreen is the screen of one campaign.
//
// A nil picture is left out by the template; a table that is empty says so, or
// is left out if it has no words for it.
type campaignScreen struct {
	ID, Title, Span string
	Tags            []string
	Facts           []fact
	Operation       string
	Others          []Ref // campaigns of the same operation
	Weeks           *weeks
	Timeline        *timeline
	Evidence        table
	Falls           []waterfall
	Kept            string
	Weakest         string
	Domains         table
	Senders         table
	Graph           *graph
	Hosts           table
	Anomalies       table
	Subjects        table
	Messages        table
	Backscatter     string // delivery reports that return its mail
	Reports         []Ref  // some of them
	Judge           string // link to the page with verdicts; "" if they are here, or nowhere
	Notes           []note
	History         table
	Form            *form
}

// shownReports limits the delivery reports that a campaign's page leads to.
const shownReports = 12

// note is a user's note or decision.
type note struct{ ID, Head, Text string }

// OneCampaign is the screen of one campaign. falls is the evidence about some of
// its messages, and kept says which of them have pages in a report.
func (s *Site) OneCampaign(p *findings.Page, in *findings.Infrastructure, falls []Waterfall, kept string) Body {
	c := &campaignScreen{Kept: kept, ID: naming.ID(p.State.ID), Title: s.title(p), Span: cli.Span(p.Sums.FirstSeen, p.Sums.LastSeen), Tags: p.Opinion.Said.Tags}
	c.Facts = []fact{
		{cli.Number(p.Sums.Messages), plural(p.Sums.Messages, "message", "messages")},
		{cli.Number(p.Sums.Senders), plural(p.Sums.Senders, "sender", "senders")},
		{cli.Number(p.Sums.Domains), plural(p.Sums.Domains, "link domain", "link domains")},
		{cli.Number(p.Sums.Subjects), plural(p.Sums.Subjects, "subject", "subjects")},
		{wording.Bits(p.State.WeakestBits), "bits by which its least sure message fits it better than anything else"},
	}
	s.operation(c, p)
	c.Weeks = weeksOf(p.Weeks)
	c.Timeline = s.timeline(p, in)
	c.Evidence = evidenceTable(p)
	for i := range falls {
		c.Falls = append(c.Falls, falls[i].draw())
	}
	domains, senders, hosts := s.domains(p, in), s.senders(p, in), s.hosts(p)
	c.Domains, c.Senders, c.Hosts = domains.withoutEmpty(), senders.withoutEmpty(), hosts.withoutEmpty()
	c.Graph = s.graph(p, in)
	c.Anomalies, c.Subjects, c.Messages = anomalies(p), subjects(p), s.messages(p)
	c.Notes, c.History = s.notes(p), history(p)
	if c.Backscatter = wording.Backscatter(&p.Reports); c.Backscatter != "" {
		for _, sha256 := range p.Reports.Newest[:min(len(p.Reports.Newest), shownReports)] {
			c.Reports = append(c.Reports, Ref{wording.Head(sha256, 10), s.Message(sha256)})
		}
	}
	if p.Dossier == nil {
		c.Judge = s.Paths.Judge(p.State.ID)
	}
	if s.Decide {
		c.Form = &form{ID: c.ID, Token: s.Token}
	}
	return Body{"campaign.html", c}
}

// title returns the user's name of a campaign, else its commonest subject, else
// its strongest trait.
//
// The title is text of a stranger in the second case, hence the quotation
// marks.
func (s *Site) title(p *findings.Page) string {
	switch {
	case p.Opinion.Said.Name != "":
		return p.Opinion.Said.Name
	case len(p.Subjects) > 0 && p.Subjects[0].Subject != "":
		return "“" + printable.Cut(printable.Fold(p.Subjects[0].Subject), 70) + "”"
	case len(p.Traits) > 0:
		return printable.Cut(wording.Trait(p.Traits[0].Kind, p.Traits[0].Value), 70)
	}
	return "Campaign " + naming.ID(p.State.ID)
}

// operation adds the operation of the campaign, and links to its other
// campaigns.
func (s *Site) operation(c *campaignScreen, p *findings.Page) {
	for i := range p.Operations {
		o := &p.Operations[i]
		if !slices.Contains(o.Campaigns, p.State.ID) {
			continue
		}
		c.Operation = fmt.Sprintf("Operation %s, %s bits", naming.OperationID(o.ID), wording.Bits(o.WeakestBits))
		if o.Kind != "" {
			c.Operation += ", by " + wording.Trait(o.Kind, o.Value)
		}
		for _, id := range o.Campaigns {
			if id != p.State.ID && len(c.Others) < 12 {
				c.Others = append(c.Others, Ref{naming.ID(id), s.Paths.Campaign(id)})
			}
		}
	}
}

// evidenceTable lists the shared values by group. The strongest of each group
// counts, and the others follow it.
//
// "elsewhere" is other spam. Bars are drawn against twelve bits, the most that
// a common kind reaches.
func evidenceTable(p *findings.Page) table {
	id := naming.ID(p.State.ID)
	t := table{Name: "What the members have in common", Head: []head{{"Trait", "wide"}, {"in " + id, "num"}, {"elsewhere", "num"}, {"ham", "num"}, {"bits", "num"}, {"", "track"}},
		Unless: "No trait is shared by enough of its members."}
	of := make([]wording.HeldBy, len(p.Traits))
	for i, r := range p.Traits {
		k, _ := evidence.KindOf(r.Kind)
		of[i] = wording.HeldBy{Kind: k, Members: r.Members, Elsewhere: r.Elsewhere, Ham: r.Ham}
	}
	const perGroup = 5
	var groups []string
	rows := make(map[string][]int)
	for _, i := range wording.PerGroup(of, perGroup, false) {
		g := p.Traits[i].Evidence
		if rows[g] == nil {
			groups = append(groups, g)
		}
		rows[g] = append(rows[g], i)
	}
	for _, g := range groups {
		heading := g
		if group, ok := evidence.GroupOf(g); ok {
			heading = g + ": " + group.About()
		}
		t.heading(heading)
		for _, i := range rows[g] {
			r := &p.Traits[i]
			b := bits(r.Bits, fmt.Sprintf("%.1f", r.Bits))
			track := cell{Bits: b.Bits}
			t.add(word(wording.Trait(r.Kind, r.Value)), number(r.Members), number(r.Elsewhere), number(r.Ham), word(b.Text), track)
		}
	}
	return t
}

// hosts is the table of linked hosts. A count of ham is marked: blocking such a
// host would lose mail.
func (s *Site) hosts(p *findings.Page) table {
	id := naming.ID(p.State.ID)
	t := table{Name: "Hosts that its mail links to", Head: []head{{"Host", "wide mono"}, {"in " + id, "num"}, {"all spam", "num"}, {"ham", "num"}, {"shared", ""}}}
	for i := range p.Links {
		l := &p.Links[i]
		t.add(cell{Text: printable.Defang(l.Host), Href: s.Find(l.Host)}, number(l.Members), word(cli.AtLeast(l.Spam, l.More)), cell{Text: cli.Number(l.Ham), Marked: l.Ham > 0}, word(l.Shared))
		judge(&t, p, dossier.LinkHost, l.Host)
	}
	return t
}

// anomalies is the table of anomalies in header fields.
func anomalies(p *findings.Page) table {
	t := table{Name: "Anomalies of the headers", Head: []head{{"Anomaly", "wide"}, {"in " + naming.ID(p.State.ID), "num"}, {"all spam", "num"}}}
	for _, a := range p.Anomalies {
		t.add(cell{Text: a.Reason, Note: printable.Cut(a.Evidence, 160)}, number(a.Members), word(cli.AtLeast(a.Spam, a.More)))
	}
	return t
}

// subjects is the table of subjects.
func subjects(p *findings.Page) table {
	t := table{Name: "Subjects", Head: []head{{"Subject", "wide"}, {"messages", "num"}}}
	for _, r := range p.Subjects {
		t.add(word(printable.Fold(r.Subject)), number(r.Messages))
	}
	return t
}

// messages is the table of the newest messages, with a link to all.
func (s *Site) messages(p *findings.Page) table {
	t := s.messageTable(p.Messages)
	if left := p.Sums.Messages - int64(len(p.Messages)); left > 0 && s.Members(p.State.ID, 0) != "" {
		t.More = []Ref{{"All " + cli.Count(p.Sums.Messages, "message", ""), s.Members(p.State.ID, 0)}}
	}
	return t
}

// messageTable is a table of messages, each with links to itself and its
// sender.
func (s *Site) messageTable(list []campaigns.Message) table {
	t := table{ID: "messages", Name: "Messages, newest first", Head: []head{{"Message", "mono"}, {"Received", "date"}, {"From", ""}, {"Subject", "wide"}, {"Sender", "mono"}}, Unless: "No messages."}
	for i := range list {
		m := &list[i]
		sender := cell{}
		if m.Sender != nil {
			sender = link(m.Sender.String(), s.Find(m.Sender.String()))
		}
		t.add(link(wording.Head(m.SHA256, 10), s.Message(m.SHA256)), word(orUnknown(cli.Minute(m.ReceivedAt))), word(m.FromAddress), word(printable.Fold(m.Subject)), sender)
	}
	return t
}

// MembersOf is the screen of a stretch of a campaign's messages.
//
// The position in the list is a number, so a page of new mail shifts the
// others; nothing is lost by that.
func (s *Site) MembersOf(m *findings.Members) Body {
	id := m.State.ID
	t := s.messageTable(m.Messages)
	if n := max(m.From-membersOnPage, 0); m.From > 0 {
		t.More = append(t.More, Ref{"Newer", s.Members(id, n)})
	}
	if n := m.From + len(m.Messages); int64(n) < m.State.Members && s.Members(id, n) != "" {
		t.More = append(t.More, Ref{"Older", s.Members(id, n)})
	}
	words := cli.Count(m.State.Members, "message", "")
	if len(m.Messages) > 0 {
		words += fmt.Sprintf(", of which %s to %s are here", cli.Number(m.From+1), cli.Number(m.From+len(m.Messages)))
	}
	return Body{"members.html", map[string]any{"ID": naming.ID(id), "Href": s.Paths.Campaign(id), "Words": words + ".", "Messages": t}}
}

// membersOnPage limits the messages listed on a page.
const membersOnPage = 100

// orUnknown is a value, or the word unknown.
func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// notes returns the users' notes and decisions on a campaign.
func (s *Site) notes(p *findings.Page) []note {
	var out []note
	for _, name := range p.Opinion.Said.Also {
		out = append(out, note{Text: "Took in a campaign called " + wording.Quoted(name)})
	}
	for _, n := range p.Opinion.Said.Notes {
		out = append(out, note{naming.DecisionID(n.Decision), "Note of " + cli.Date(n.At) + " by " + n.By, n.Text})
	}
	for i := range p.Opinion.Decisions {
		d := &p.Opinion.Decisions[i]
		if d.AboutCampaign() {
			continue
		}
		text := wording.Decision(d)
		if d.Because != "" {
			text += ", because " + d.Because
		}
		out = append(out, note{naming.DecisionID(d.ID), "Decided on " + cli.Date(d.MadeAt) + " by " + d.MadeBy, text})
	}
	return out
}

// history lists the changes of the campaign, the newest first.
func history(p *findings.Page) table {
	t := table{Name: "What became of it from run to run", Head: []head{{"When", "date"}, {"Run", "num"}, {"What", "wide"}}}
	for _, e := range slices.Backward(p.Opinion.Events) {
		t.add(word(cli.Date(e.At)), number(e.Run), word(wording.Event(e)))
	}
	return t
}

// weeks is the picture of messages a week.
type weeks struct {
	Bars        []chart.Bar
	First, Last string
	Words       string
}

const maxWeeks = 52 * 4 // more bars are indistinguishable on a narrow screen

// weeksOf draws messages a week; nil where that says no more than the bursts do.
//
// Weeks without mail have an empty bar, so that the distance in time is right.
// Over four years there is no picture.
func weeksOf(list []campaigns.Week) *weeks {
	if len(list) < wording.FewPoints {
		return nil
	}
	first, last := list[0].Week, list[len(list)-1].Week
	n := int(last.Sub(first).Hours()/(7*24)) + 1
	if n > maxWeeks {
		return nil
	}
	best := slices.MaxFunc(list, func(a, b campaigns.Week) int { return cmp.Compare(a.Messages, b.Messages) })
	counts := make([]int64, n)
	for _, w := range list {
		counts[int(w.Week.Sub(first).Hours()/(7*24))] += w.Messages
	}
	out := &weeks{Bars: chart.Bars(counts), First: cli.Date(first), Last: cli.Date(last)}
	out.Words = fmt.Sprintf("Messages a week from %s to %s; most %s, in the week of %s.", out.First, out.Last, cli.Number(best.Messages), cli.Date(best.Week))
	return out
}
