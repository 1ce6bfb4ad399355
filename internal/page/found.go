package page

import (
	"fmt"
	"net/netip"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/find"
)

// found is the screen of search results for an indicator.
type found struct {
	Kind, Value string
	Facts       []fact
	Hits        table
	None        string
	Words       string // how much of a large network was searched
	Halves      []Ref  // of it
}

// Found returns the screen of search results for an indicator. more is the link
// to all of them.
//
// Counts are of the first hit, which carries the totals of the whole search.
func (s *Site) Found(f *findings.Found, more string) Body {
	out := &found{Kind: find.IndicatorNames[f.Indicator.Kind], Value: printable.Defang(f.Indicator.Value)}
	if f.Indicator.Kind != "host" && f.Indicator.Kind != "url" {
		out.Value = f.Indicator.Value
	}
	if len(f.Hits) == 0 {
		out.None = "It is in none of " + cli.Count(f.Stored, "stored message", "") + "."
		return Body{"found.html", out}
	}
	h := f.Hits[0]
	if f.Indicator.Kind != "trait" {
		out.Facts = []fact{{cli.Number(h.AllSpam), plural(h.AllSpam, "spam message", "spam messages")}, {cli.Number(h.AllHam), "ham"}}
	}
	if span := cli.Span(h.FirstSeen, h.LastSeen); span != "" {
		out.Facts = append(out.Facts, fact{span, "first and last received"})
	}
	out.Hits = s.hits(f)
	if left := h.AllRoles - int64(len(out.Hits.Rows)); left > 0 {
		out.Hits.More = []Ref{{cli.Count(left, "further line", ""), more}}
	}
	s.smaller(out, f)
	return Body{"found.html", out}
}

// hits is the table of campaigns and roles in which the indicator stands.
func (s *Site) hits(f *findings.Found) table {
	t := table{ID: "hits", Name: "Where it stands", Head: []head{{"Campaign", "wide"}, {"As", ""}, {"Where", "wide mono"}, {"Spam", "num"}, {"Ham", "num"}}}
	lines := find.Lines(f.Hits)
	for i := range lines {
		l := &lines[i]
		in := word("none")
		if l.Campaign != 0 {
			in = cell{Text: naming.ID(l.Campaign), Href: s.Campaign(l.Campaign), Note: f.Names[l.Campaign]}
		}
		t.add(in, word(l.Role), word(printable.Cut(l.Where(), 200)), number(l.RoleSpam), number(l.RoleHam))
	}
	return t
}

// smaller tells that a network was searched in part, and leads to its halves.
func (s *Site) smaller(out *found, f *findings.Found) {
	h := f.Hits[0]
	if h.LastSender == "" {
		return
	}
	out.Words = fmt.Sprintf("%s came from this network. This page counts those of its first addresses, up to %s, %s in all. correlate find counts all of them.",
		cli.Count(h.InNetwork, "message", ""), h.LastSender, cli.Count(h.AllSpam+h.AllHam, "message", ""))
	for _, half := range halves(f.Indicator.Net) {
		out.Halves = append(out.Halves, Ref{half.String(), s.Find(half.String())})
	}
}

// halves divides a network in two; none of a single address.
//
// They are exact: together they are the network.
func halves(net netip.Prefix) []netip.Prefix {
	if net.IsSingleIP() {
		return nil
	}
	first := netip.PrefixFrom(net.Addr(), net.Bits()+1)
	second := net.Addr().AsSlice()
	second[net.Bits()/8] |= 0x80 >> (net.Bits() % 8)
	a, _ := netip.AddrFromSlice(second) // as long as it was
	return []netip.Prefix{first, netip.PrefixFrom(a, net.Bits()+1)}
}
