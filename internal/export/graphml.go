package export

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"spoor/internal/dossier"
	"spoor/internal/printable"
)

// graph is the infrastructure of campaigns as distinct nodes and edges, in
// order of appearance.
//
// An index of a slice is the id in the file.
type graph struct {
	nodes []node
	edges []edge
	ids   map[string]int // node by kind and label
	met   map[[2]int]int // edge by its ends
}

// node is a resource: a campaign, address, domain, host or contact.
type node struct{ kind, label string }

// edge connects two nodes by their ids; messages is 0 for facts that no message
// states.
type edge struct {
	from, to int
	kind     string
	messages int64
}

// node returns the id of a node, which it adds if it is new.
func (g *graph) node(kind, label string) int {
	key := kind + "\x00" + label
	if id, ok := g.ids[key]; ok {
		return id
	}
	g.ids[key] = len(g.nodes)
	g.nodes = append(g.nodes, node{kind, label})
	return len(g.nodes) - 1
}

// edge adds an edge between two nodes. Two edges of the same ends become one
// with the larger count.
//
// The count is the larger one and not the sum, as both may be of the same
// messages.
func (g *graph) edge(from, to int, kind string, messages int64) {
	ends := [2]int{from, to}
	if i, ok := g.met[ends]; ok {
		g.edges[i].messages = max(g.edges[i].messages, messages)
		return
	}
	g.met[ends] = len(g.edges)
	g.edges = append(g.edges, edge{from, to, kind, messages})
}

// graphOf builds the graph of campaigns. Campaigns share the nodes of equal
// resources.
func graphOf(campaigns []dossier.Campaign) *graph {
	g := &graph{ids: make(map[string]int), met: make(map[[2]int]int)}
	for i := range campaigns {
		c := &campaigns[i]
		// Nodes are known by kind and label, so campaigns that share a host
		// meet at its node.
		root := g.node("campaign", c.Title())
		for j := range c.Senders {
			s := &c.Senders[j]
			n := g.node("address", s.Addr.String())
			g.edge(root, n, "sent by", s.Messages)
			g.network(n, &s.Network)
		}
		for j := range c.Domains {
			g.domain(root, &c.Domains[j])
		}
		for j := range c.Hosts {
			h := &c.Hosts[j]
			kind := "host"
			if h.NameServer {
				kind = "name server"
			}
			n, a := g.node(kind, h.Name), g.node("address", h.Addr.String())
			g.edge(n, a, "resolves to", 0)
			g.network(a, &h.Network)
		}
		for j := range c.Indicators {
			in := &c.Indicators[j]
			switch in.Kind {
			case dossier.LinkHost:
				g.edge(root, g.node("host", in.Value), "links to", in.Members)
			case dossier.Contact, dossier.Phone, dossier.Wallet:
				g.edge(root, g.node(string(in.Kind), in.Value), "gives as contact", in.Members)
			}
		}
	}
	return g
}

// domain adds a domain with its name servers, registrar and registrant.
func (g *graph) domain(root int, d *dossier.Domain) {
	n := g.node("domain", d.Name)
	g.edge(root, n, "links to", d.Members)
	for _, s := range d.NameServers {
		g.edge(n, g.node("name server", s), "served by", 0)
	}
	if d.Registrar != "" {
		g.edge(n, g.node("registrar", d.Registrar), "registered with", 0)
	}
	for _, who := range []string{d.RegistrantMail, d.RegistrantName, d.RegistrantOrg} {
		if who != "" {
			g.edge(n, g.node("registrant", who), "registered by", 0)
		}
	}
}

// network adds the netblock of an address and its AS.
func (g *graph) network(address int, n *dossier.Network) {
	if !n.Netblock.IsValid() {
		return
	}
	b := g.node("netblock", strings.TrimSpace(n.Netblock.String()+" "+n.Owner))
	g.edge(address, b, "in", 0)
	if n.ASN != 0 {
		g.edge(b, g.node("autonomous system", strings.TrimSpace("AS"+strconv.FormatInt(n.ASN, 10)+" "+n.ASName)), "announced by", 0)
	}
}

// graphmlHead declares the attributes of nodes and edges.
const graphmlHead = `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="kind" for="node" attr.name="kind" attr.type="string"/>
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="relation" for="edge" attr.name="relation" attr.type="string"/>
<key id="messages" for="edge" attr.name="messages" attr.type="long"/>
<graph id="spoor" edgedefault="directed">
`

// writeGraphML writes the graph in GraphML and returns the number of nodes and
// edges.
func writeGraphML(w io.Writer, campaigns []dossier.Campaign, _ Options) (int, error) {
	g := graphOf(campaigns)
	b := bufio.NewWriter(w)
	b.WriteString(graphmlHead)
	for i, n := range g.nodes {
		fmt.Fprintf(b, "<node id=\"n%d\"><data key=\"kind\">%s</data><data key=\"label\">%s</data></node>\n", i, escaped(n.kind), escaped(n.label))
	}
	for i, e := range g.edges {
		fmt.Fprintf(b, "<edge id=\"e%d\" source=\"n%d\" target=\"n%d\"><data key=\"relation\">%s</data>", i, e.from, e.to, escaped(e.kind))
		if e.messages > 0 {
			fmt.Fprintf(b, "<data key=\"messages\">%d</data>", e.messages)
		}
		b.WriteString("</edge>\n")
	}
	b.WriteString("</graph>\n</graphml>\n")
	return len(g.nodes) + len(g.edges), b.Flush() // reports any earlier write error
}

// escaped makes text safe inside an XML element. XML cannot represent most
// control characters, so they are replaced first.
func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(printable.Clean(s))); err != nil {
		return "" // a strings.Builder never fails
	}
	return b.String()
}

// countGraphML counts the nodes and edges of a GraphML file.
//
// The decoder checks that all elements are closed, so a file that was cut is an
// error.
func countGraphML(r io.Reader) (int, error) {
	d := xml.NewDecoder(r)
	for n := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if s, ok := t.(xml.StartElement); ok && (s.Name.Local == "node" || s.Name.Local == "edge") {
			n++
		}
	}
}

// wantGraphML counts the nodes and edges that the file must have.
func wantGraphML(campaigns []dossier.Campaign) int {
	g := graphOf(campaigns)
	return len(g.nodes) + len(g.edges)
}
