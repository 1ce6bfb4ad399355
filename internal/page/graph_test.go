package page

import (
	"bytes"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"spoor/internal/findings"
	"spoor/sql/store/campaigns"
)

// manyThings is a campaign with more infrastructure than a picture holds.
func manyThings() *findings.Infrastructure {
	in := &findings.Infrastructure{}
	for i := range 30 {
		d := campaigns.UsedDomain{Name: fmt.Sprintf("shop%02d.example", i), Members: 9, Registrant: fmt.Sprint("Ann ", i/3)}
		for n := range 4 {
			d.Addresses, d.Owners = append(d.Addresses, fmt.Sprintf("192.0.2.%d", 4*i+n)), append(d.Owners, fmt.Sprint("Host ", i%5))
			d.NameServers = append(d.NameServers, fmt.Sprintf("ns%d.pool%d.example", n, i/2))
		}
		sender := netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})
		in.Domains = append(in.Domains, d)
		in.Senders = append(in.Senders, campaigns.UsedSender{Sender: sender, Messages: 3, Owner: fmt.Sprint("Net ", i%4)})
		in.Flows = append(in.Flows, campaigns.Flow{Sender: sender, Domain: d.Name, Messages: 3})
	}
	return in
}

// A node of the graph leads to the part around it, with all of its neighbours.
func TestPartsOfTheGraph(t *testing.T) {
	s := &Site{Paths: Paths{
		Campaign: func(id int64) string { return fmt.Sprint("/c/c", id) },
		Find:     func(text string) string { return "/find?q=" + url.QueryEscape(text) },
		Around:   func(id int64, node string) string { return "/c/c2?around=" + url.QueryEscape(node) },
	}}
	p := &findings.Page{State: campaigns.State{ID: 2}}
	drawn := func(around string) (*graph, string) {
		t.Helper()
		in := manyThings()
		in.Around = around
		g := s.graph(p, in)
		var b bytes.Buffer
		if err := templates.ExecuteTemplate(&b, "graph", g); err != nil {
			t.Fatal(err)
		}
		if len(g.Marks) > mostNodes {
			t.Errorf("around %q are %d nodes", around, len(g.Marks))
		}
		return g, b.String()
	}
	_, whole := drawn("")
	if !strings.Contains(whole, `href="/c/c2?around=to`) {
		t.Errorf("no node leads to its part: %.2000s", whole)
	}
	for _, c := range []struct {
		around string
		want   []string
		not    string
	}{
		{"to shop29.example", []string{"shop29[.]example", "192.0.2.116", "192.0.2.119", "ns3.pool14.example", "198.51.100.29", "Ann 9", "The whole graph"}, "shop03"},
		{"by ann 1", []string{"Ann 1", "shop03[.]example", "shop04[.]example", "shop05[.]example"}, "shop06"},
		{"net Host 2", []string{"192.0.2.8", "192.0.2.11"}, "192.0.2.4<"},
		{"<script>", []string{"0 things", "The whole graph"}, "<script>"},
	} {
		_, got := drawn(c.around)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("around %s: %q is missing", c.around, want)
			}
		}
		if strings.Contains(got, c.not) {
			t.Errorf("around %s: %q is there", c.around, c.not)
		}
	}
	s.Paths.Around = nil
	if _, got := drawn(""); strings.Contains(got, "around") {
		t.Error("a report has links to parts that it does not hold")
	}
}
