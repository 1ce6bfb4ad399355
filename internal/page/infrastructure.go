package page

import (
	"fmt"
	"strings"
	"time"

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

// domains is the table of linked domains with registration and hosting.
//
// Registrant and name servers are those of the newest answer.
func (s *Site) domains(p *findings.Page, in *findings.Infrastructure) table {
	t := table{Name: "Domains that its mail links to", Head: []head{{"Domain", "mono"}, {"Messages", "num"}, {"In mail", "date"}, {"Registered", "date"}, {"Registrant", ""}, {"Hosted at", "mono"}, {"Name servers", "mono wide"}},
		Unless: "Its mail links to nothing."}
	for i := range in.Domains {
		d := &in.Domains[i]
		name := cell{Text: printable.Defang(d.Name), Href: s.Find(d.Name)}
		if d.Shared != "" {
			name.Note = "shared: " + d.Shared
		}
		at := cell{Text: strings.Join(d.Addresses, " ")}
		if len(d.Owners) > 0 {
			at.Note = d.Owners[0]
		}
		t.add(name, number(d.Members), seen(d.FirstSeen, d.LastSeen), cell{Text: cli.Date(d.Created), Note: d.Registrar}, word(d.Registrant), at, word(strings.Join(d.NameServers, " ")))
		judge(&t, p, dossier.LinkDomain, d.Name)
	}
	return t
}

// judge adds to the last line whether export puts a value into a block list, if
// the campaign was judged. The column is last, so that a table without it is
// the same otherwise.
func judge(t *table, p *findings.Page, kind dossier.Kind, value string) {
	if p.Dossier == nil {
		return
	}
	if t.Head[len(t.Head)-1].Text != blockHead {
		t.Head = append(t.Head, head{blockHead, ""})
	}
	v := p.Verdict(kind, value)
	last := &t.Rows[len(t.Rows)-1]
	last.Cells = append(last.Cells, cell{Text: wording.Block(v.Block, string(v.Reason)), Marked: v.Block})
}

// blockHead is the head of the column of verdicts.
const blockHead = "Block?"

// seen is a stretch of days, one below the other.
func seen(first, last time.Time) cell {
	c := word(cli.Date(first))
	if end := cli.Date(last); end != c.Text && end != "" {
		c.Note = "to " + end
	}
	return c
}

// senders is the table of sending addresses with their networks.
func (s *Site) senders(p *findings.Page, in *findings.Infrastructure) table {
	t := table{Name: "Addresses that sent it", Head: []head{{"Sender", "mono"}, {"Messages", "num"}, {"Seen", "date"}, {"HELO", "mono"}, {"Reverse name", "mono wide"}, {"Network", ""}, {"Country", ""}},
		Unless: "No sender is known."}
	for i := range in.Senders {
		a := &in.Senders[i]
		network := cell{Text: a.Owner, Note: a.Netblock}
		if a.ASN != 0 {
			network.Note = strings.TrimSpace(network.Note + fmt.Sprintf(" AS%d", a.ASN))
		}
		t.add(link(a.Sender.String(), s.Find(a.Sender.String())), number(a.Messages), seen(a.FirstSeen, a.LastSeen), word(a.HELO), word(a.ReverseName), network, word(a.Country))
		judge(&t, p, dossier.SenderIP, a.Sender.String())
	}
	return t
}

// graph is a picture of a campaign's infrastructure, in layers from the sending
// networks to the hosting ones.
type graph struct {
	*chart.Graph
	Marks []mark // of the nodes
	Lines []edge // of the edges
	Heads []graphHead
	Words string
	Back  string // link to the whole graph, from a part of it
	Parts bool   // nodes lead to parts of it
}

// mark is the label of a node.
type mark struct {
	Text, Note, Full, Href string
	Open                   string  // link to the part of the graph around it
	Room                   float64 // that its words take
}

// edge is a line of the graph with its tool tip; its thickness grows with the
// number of messages.
//
// Thick is in pixels, from 1 to 4.
type edge struct {
	chart.Edge
	Title string
	Thick float64
	Class string
}

// graphHead is the title of a layer.
type graphHead struct {
	X    float64
	Text string
}

// Layers of the graph, from left to right.
const (
	sendingNets = iota
	sendingAddresses
	linkDomains
	behindDomains
	hostingNets
	layers
)

// layerNames are the titles of the layers, from left to right.
var layerNames = [layers]string{"Sending networks", "Senders", "Domains", "Registrants, name servers, hosts", "Hosting networks"}

// Bounds of a picture that can still be read.
const (
	mostInLayer = 10
	mostNodes   = 44
	longestMark = 21
)

// grower adds nodes and edges to a graph.
//
// at finds a node by a word for its role and its name, since one address may
// send and host.
type grower struct {
	s        *Site
	campaign int64
	whole    bool // without bounds: a part is taken out of it
	bits     map[string]float64
	at       map[string]int
	layer    []int
	marks    []mark
	lines    []edge
	inside   [layers]int
	left     int // that found no room
}

// graph draws a campaign's infrastructure, or the part around a node; nil if
// there is too little for a picture.
//
// Domains come first: if the room ends, those of most mail are in, and
// everything else hangs on them.
func (s *Site) graph(p *findings.Page, in *findings.Infrastructure) *graph {
	g := &grower{s: s, campaign: p.State.ID, whole: in.Around != "", bits: make(map[string]float64), at: make(map[string]int)}
	for _, t := range p.Traits {
		g.bits[t.Kind+" "+strings.ToLower(t.Value)] = t.Bits
	}
	for i := range in.Domains {
		g.domain(&in.Domains[i])
	}
	for i := range in.Senders {
		g.sender(&in.Senders[i])
	}
	for _, f := range in.Flows {
		title := fmt.Sprintf("%s from %s link to %s", cli.Count(f.Messages, "message", ""), f.Sender, printable.Defang(f.Domain))
		g.join("from "+f.Sender.String(), "to "+f.Domain, title, f.Messages)
	}
	if in.Around != "" {
		g = g.around(in.Around)
	}
	if len(g.lines) < 2 && in.Around == "" {
		return nil
	}
	out := g.layOut()
	if in.Around != "" {
		out.Back = s.Paths.Campaign(p.State.ID) + "#graph"
	}
	return out
}

// domain adds a linked domain with its registrant, hosts and name servers, at
// most two of each of the latter. Nothing is added behind a shared service: it
// is not the campaign's.
func (g *grower) domain(d *campaigns.UsedDomain) {
	name := "to " + d.Name
	if !g.add(linkDomains, name, printable.Defang(d.Name), cli.Count(d.Members, "message", ""), d.Name, evidence.LinkDomain, d.Name) || d.Shared != "" {
		return
	}
	if d.Registrant != "" && g.add(behindDomains, "by "+strings.ToLower(d.Registrant), d.Registrant, "registrant", "", evidence.Registrant, d.Registrant) {
		g.join(name, "by "+strings.ToLower(d.Registrant), d.Registrant+" registered "+printable.Defang(d.Name), 1)
	}
	for i, a := range d.Addresses[:g.most(len(d.Addresses))] {
		if !g.add(behindDomains, "at "+a, a, "host", a, evidence.HostAddress, a) {
			continue
		}
		g.join(name, "at "+a, printable.Defang(d.Name)+" is hosted at "+a, 1)
		if owner := d.Owners[i]; owner != "" && g.add(hostingNets, "net "+owner, owner, "", "", evidence.HostOwner, owner) {
			g.join("at "+a, "net "+owner, a+" belongs to "+owner, 1)
		}
	}
	for _, ns := range d.NameServers[:g.most(len(d.NameServers))] {
		if g.add(behindDomains, "ns "+ns, ns, "name server", ns, evidence.NameServers, ns) {
			g.join(name, "ns "+ns, ns+" answers for "+printable.Defang(d.Name), 1)
		}
	}
}

// sender adds a sending address and the holder of its network.
func (g *grower) sender(a *campaigns.UsedSender) {
	name := "from " + a.Sender.String()
	if !g.add(sendingAddresses, name, a.Sender.String(), cli.Count(a.Messages, "message", ""), a.Sender.String(), evidence.SenderAddress, a.Sender.String()) || a.Owner == "" {
		return
	}
	note := strings.TrimSpace(a.Country + " " + naming.ASN(a.ASN))
	if g.add(sendingNets, "out "+a.Owner, a.Owner, note, "", evidence.SenderOwner, a.Owner) {
		g.join("out "+a.Owner, name, fmt.Sprintf("%s is in %s of %s", a.Sender, a.Netblock, a.Owner), a.Messages)
	}
}

// add adds a node, unless it is there; it reports whether it is there now.
//
// The bits of the trait are in the note, as a picture without them shows only
// that things are connected, and not whether that means anything.
func (g *grower) add(layer int, name, text, note, find string, kind evidence.Kind, value string) bool {
	if _, ok := g.at[name]; ok {
		return true
	}
	if !g.whole && (g.inside[layer] == mostInLayer || len(g.marks) == mostNodes) {
		g.left++
		return false
	}
	if b, ok := g.bits[kind.String()+" "+strings.ToLower(value)]; ok {
		note = strings.TrimPrefix(note+" · "+wording.Bits(b)+" bits", " · ")
	}
	m := mark{Text: printable.CutMiddle(text, longestMark), Note: printable.Cut(note, longestMark+6), Full: text}
	// The width in pixels of the words, 7.9 for a letter of the text.
	m.Room = 16 + 7.9*float64(max(printable.Width(m.Text), printable.Width(m.Note)*7/8))
	if find != "" {
		m.Href = g.s.Find(find)
	}
	if g.s.Paths.Around != nil {
		m.Open = g.s.Paths.Around(g.campaign, name)
	}
	g.at[name] = len(g.marks)
	g.marks = append(g.marks, m)
	g.layer = append(g.layer, layer)
	g.inside[layer]++
	return true
}

// most is how many of n hosts or name servers of a domain are drawn.
func (g *grower) most(n int) int {
	if g.whole {
		return n
	}
	return min(n, 2)
}

// around takes out the part of the graph that hangs together with a node: its
// neighbours, and theirs as far as there is room.
func (g *grower) around(name string) *grower {
	part := &grower{s: g.s, campaign: g.campaign, at: make(map[string]int)}
	names := make([]string, len(g.marks))
	for name, i := range g.at {
		names[i] = name
	}
	near := make([][]int, len(g.marks))
	for i := range g.lines {
		l := &g.lines[i]
		near[l.From], near[l.To] = append(near[l.From], l.To), append(near[l.To], l.From)
	}
	take := func(i int) {
		if _, met := part.at[names[i]]; met {
			return
		}
		if len(part.marks) == mostNodes {
			part.left++
			return
		}
		part.at[names[i]] = len(part.marks)
		part.marks, part.layer = append(part.marks, g.marks[i]), append(part.layer, g.layer[i])
		part.inside[g.layer[i]]++
	}
	first, ok := g.at[name]
	if !ok {
		return part
	}
	take(first)
	for _, i := range near[first] {
		take(i)
	}
	for _, i := range near[first] {
		for _, j := range near[i] {
			take(j)
		}
	}
	for i := range g.lines {
		l := g.lines[i]
		from, ok1 := part.at[names[l.From]]
		to, ok2 := part.at[names[l.To]]
		if ok1 && ok2 {
			l.From, l.To = from, to
			part.lines = append(part.lines, l)
		}
	}
	return part
}

// join adds an edge between nodes that are there.
func (g *grower) join(from, to, title string, messages int64) {
	a, ok1 := g.at[from]
	b, ok2 := g.at[to]
	if !ok1 || !ok2 {
		return
	}
	for i := range g.lines {
		if l := &g.lines[i]; l.From == a && l.To == b {
			return
		}
	}
	if note := g.marks[b].Note; strings.Contains(note, "bits") {
		title += " (" + note + ")"
	}
	g.lines = append(g.lines, edge{Edge: chart.Edge{From: a, To: b}, Title: title, Thick: min(1+float64(messages)/12, 4)})
}

// curve is the path of an edge, which begins behind the words of its left node.
func (g *graph) curve(e edge) string {
	left := e.From
	if g.Nodes[e.To].X < g.Nodes[left].X {
		left = e.To
	}
	return g.Curve(e.Edge, g.Marks[left].Room)
}

// layOut finds places, without layers that are empty.
func (g *grower) layOut() *graph {
	var number [layers]int
	used := 0
	out := &graph{Marks: g.marks, Lines: g.lines}
	for l := range layers {
		if number[l] = used; g.inside[l] > 0 {
			out.Heads = append(out.Heads, graphHead{12 + float64(used)*chart.LayerWidth, layerNames[l]})
			used++
		}
	}
	dense := make([]int, len(g.layer))
	for i, l := range g.layer {
		dense[i] = number[l]
	}
	edges := make([]chart.Edge, len(g.lines))
	for i := range g.lines {
		edges[i] = g.lines[i].Edge
	}
	out.Graph = chart.Layered(dense, edges)
	out.Parts = g.s.Paths.Around != nil
	out.Words = fmt.Sprintf("%s and %s.", cli.Count(len(g.marks), "thing", ""), cli.Count(len(g.lines), "connection", ""))
	if g.left > 0 {
		out.Words += fmt.Sprintf(" %s found no room; the tables name more.", cli.Number(g.left))
	}
	return out
}
