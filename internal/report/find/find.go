// Package find prints where an indicator stands.
package find

import (
	"fmt"
	"time"

	"spoor/internal/cli"
	"spoor/internal/findings"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/campaigns"
)

// IndicatorNames says how an indicator was read.
var IndicatorNames = map[string]string{"host": "host", "url": "URL", "net": "address", "mail": "mail address",
	"phone": "phone number", "message-id": "Message-ID", "hash": "SHA-256"}

// Document is where an indicator stands, for programs.
type Document struct {
	Kind  string     `json:"kind"`
	Value string     `json:"value"`
	Spam  int64      `json:"spam"`
	Ham   int64      `json:"ham"`
	First *time.Time `json:"first_seen"`
	Last  *time.Time `json:"last_seen"`
	Hits  []hitJSON  `json:"hits"`
}

type hitJSON struct {
	Campaign *string `json:"campaign_id"`
	Name     *string `json:"campaign_name"`
	Role     string  `json:"role"`
	Value    string  `json:"value"`
	Spam     int64   `json:"spam"`
	Ham      int64   `json:"ham"`
}

// documentOf is the answer for programs.
func documentOf(f *findings.Found) Document {
	out := Document{Kind: f.Indicator.Kind, Value: f.Indicator.Value, Hits: []hitJSON{}}
	for _, h := range f.Hits {
		out.Spam, out.Ham = h.AllSpam, h.AllHam
		out.First, out.Last = cli.Time(h.FirstSeen), cli.Time(h.LastSeen)
		j := hitJSON{Role: h.Role, Value: h.Value, Spam: h.Spam, Ham: h.Ham}
		if h.Campaign != 0 {
			id := naming.ID(h.Campaign)
			j.Campaign, j.Name = &id, wording.NameOrNull(f.Names[h.Campaign])
		}
		out.Hits = append(out.Hits, j)
	}
	return out
}

// Print prints where an indicator stands: in which messages, campaigns and roles.
func Print(env *cli.Env, f *findings.Found) error {
	var err error
	switch {
	case env.ForPrograms():
		err = env.Result(documentOf(f))
	case len(f.Hits) > 0:
		err = printHits(env, f.Indicator, f.Hits, f.Names)
	default:
		err = env.Printf("%s %s: in none of %s.\n", name(f.Indicator), env.Text(f.Indicator.Value), cli.Count(f.Stored, "message", ""))
	}
	if err == nil && len(f.Hits) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

func name(i campaigns.Indicator) string {
	if i.Kind == "net" && !i.Net.IsSingleIP() {
		return "network"
	}
	return IndicatorNames[i.Kind]
}

func printHits(env *cli.Env, i campaigns.Indicator, hits []campaigns.Hit, names map[int64]string) error {
	h := hits[0]
	head := fmt.Sprintf("%s %s   %s", name(i), shownValue(i), cli.Count(h.AllSpam, "spam message", ""))
	if h.AllHam > 0 {
		head += fmt.Sprintf(", %s ham", cli.Number(h.AllHam))
	}
	if span := cli.Span(h.FirstSeen, h.LastSeen); span != "" {
		head += "   " + span
	}
	if err := env.Printf("%s\n\n", env.Text(head)); err != nil {
		return err
	}
	t := env.Table(cli.Column{Title: "msgs", Right: true}, cli.Column{Title: "ham", Right: true}, cli.Column{Title: "campaign"}, cli.Column{Title: "as"}, cli.Column{Title: "where", Flex: true})
	for _, h := range hits {
		id := "-"
		if h.Campaign != 0 {
			id = naming.ID(h.Campaign)
		}
		if name := names[h.Campaign]; name != "" {
			id += " " + wording.Quoted(printable.Cut(name, 24))
		}
		where := h.Value
		if h.Role == "link" {
			where = printable.Defang(where)
		}
		t.Row(cli.Number(h.Spam), cli.Number(h.Ham), id, h.Role, where)
	}
	return t.Print()
}

func shownValue(i campaigns.Indicator) string {
	if i.Kind == "url" {
		return printable.Defang(i.Value)
	}
	return i.Value
}
