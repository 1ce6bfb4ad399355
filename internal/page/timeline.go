package page

import (
	"fmt"
	"math"
	"slices"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/page/chart"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// timeline draws when mail came: a lane for each domain that it leads to, a bar for each
// burst. With few bursts it is only their list.
type timeline struct {
	Lanes  []lane
	Ticks  []chart.Tick
	Words  string
	Bursts table
	Few    bool
}

// lane is the row of one domain.
type lane struct {
	Label, Href, Note string
	Messages          string
	Bursts            []burst
	Registered        *chart.Percent // day of registration, if it is within the picture
}

// burst is a bar; the more messages, the thicker.
type burst struct {
	From, To chart.Percent
	Thick    float64
	Title    string
}

// Halo is the thickness of the gap around it, so that bars that overlap stay two.
func (b burst) Halo() float64 { return b.Thick + 3 }

// Thickness of bars, in pixels of a lane.
const (
	thinnest, thickest = 5, 20
)

// timeline draws the bursts in a lane for each domain; nil if there are none.
//
// The thickness of a bar grows with the root of its messages, as the area is
// seen. Lanes without a burst are left out.
func (s *Site) timeline(p *findings.Page, in *findings.Infrastructure) *timeline {
	if len(in.Bursts) == 0 {
		return nil
	}
	out := &timeline{Few: len(in.Bursts) < wording.FewPoints, Bursts: s.bursts(in.Bursts)}
	out.Words = fmt.Sprintf("%s from %s to %s, by what the mail links to.", cli.Count(len(in.Bursts), "burst", ""), cli.Minute(p.Sums.FirstSeen), cli.Minute(p.Sums.LastSeen))
	if out.Few {
		return out
	}
	pad := max(p.Sums.LastSeen.Sub(p.Sums.FirstSeen)/50, 1)
	axis := chart.Axis{First: p.Sums.FirstSeen.Add(-pad), Last: p.Sums.LastSeen.Add(pad)}
	out.Ticks = axis.Ticks()
	most := slices.MaxFunc(in.Bursts, func(a, b campaigns.Burst) int { return int(a.Messages - b.Messages) }).Messages
	at := make(map[string]int)
	for i := range in.Domains {
		d := &in.Domains[i]
		l := lane{Label: printable.Defang(d.Name), Href: s.Find(d.Name), Messages: cli.Number(d.Members)}
		if !d.Created.IsZero() {
			l.Note = "registered " + cli.Date(d.Created)
			if d.Created.After(axis.First) && d.Created.Before(axis.Last) {
				x := axis.At(d.Created)
				l.Registered = &x
			}
		}
		at[d.Name] = len(out.Lanes)
		out.Lanes = append(out.Lanes, l)
	}
	for i := range in.Bursts {
		b := &in.Bursts[i]
		n, ok := at[b.Domain]
		if !ok {
			n = len(out.Lanes)
			at[b.Domain] = n
			out.Lanes = append(out.Lanes, lane{Label: elsewhere(b.Domain)})
		}
		thick := thinnest + (thickest-thinnest)*math.Sqrt(float64(b.Messages)/float64(most))
		out.Lanes[n].Bursts = append(out.Lanes[n].Bursts, burst{axis.At(b.FirstSeen), axis.At(b.LastSeen), thick, burstWords(b)})
	}
	out.Lanes = slices.DeleteFunc(out.Lanes, func(l lane) bool { return len(l.Bursts) == 0 })
	return out
}

// elsewhere returns the lane of link domains that have no lane of their own.
func elsewhere(domain string) string {
	if domain == "" {
		return "no link"
	}
	return "other domains"
}

func burstWords(b *campaigns.Burst) string {
	return fmt.Sprintf("%s, %s, from %s", cli.Minute(b.FirstSeen), cli.Count(b.Messages, "message", ""), burstSender(b))
}

// burstSender names the sender of a burst, or counts them.
func burstSender(b *campaigns.Burst) string {
	switch {
	case b.Sender == nil:
		return "an unknown sender"
	case b.Senders > 1:
		return cli.Count(b.Senders, "sender", "")
	}
	return b.Sender.String()
}

// mostBursts limits the lines of the list.
const mostBursts = 60

// bursts is the table of the largest bursts, by time.
func (s *Site) bursts(list []campaigns.Burst) table {
	t := table{Name: "Bursts, in the order of time", Head: []head{{"Began", "date"}, {"Lasted", "num"}, {"Messages", "num"}, {"Sender", "mono"}, {"Links to", "wide mono"}}}
	largest := slices.Clone(list[:min(len(list), mostBursts)]) // they come largest first
	slices.SortStableFunc(largest, func(a, b campaigns.Burst) int { return a.FirstSeen.Compare(b.FirstSeen) })
	for i := range largest {
		b := &largest[i]
		sender := word(burstSender(b))
		if b.Senders == 1 && b.Sender != nil {
			sender = link(b.Sender.String(), s.Find(b.Sender.String()))
		}
		to := word(elsewhere(b.Domain))
		if b.Domain != "" && b.Domain != "+" {
			to = link(printable.Defang(b.Domain), s.Find(b.Domain))
		}
		t.add(word(cli.Minute(b.FirstSeen)), word(cli.Duration(b.LastSeen.Sub(b.FirstSeen))), number(b.Messages), sender, to)
	}
	return t
}
