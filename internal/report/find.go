package report

import (
	"context"
	"fmt"
	"time"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// indicatorNames says how an indicator was read.
var indicatorNames = map[string]string{"host": "host", "url": "URL", "net": "address", "mail": "mail address",
	"phone": "phone number", "message-id": "Message-ID", "hash": "SHA-256"}

type findJSON struct {
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

// Find prints where an indicator stands: in which messages, campaigns and roles.
func Find(ctx context.Context, env *cli.Env, st *campaigns.Store, text string) error {
	i, ok := ParseIndicator(text)
	if !ok {
		return cli.Usage("%q is no host, address, network, URL, mail address, phone number, Message-ID or SHA-256", printable.Cut(text, 80))
	}
	hits, err := st.Find(ctx, i)
	if err != nil {
		return err
	}
	names, err := namesOf(ctx, st, hits)
	if err != nil {
		return err
	}
	found := findJSON{Kind: i.Kind, Value: i.Value, Hits: []hitJSON{}}
	for _, h := range hits {
		found.Spam, found.Ham = h.AllSpam, h.AllHam
		found.First, found.Last = cli.Time(h.FirstSeen), cli.Time(h.LastSeen)
		j := hitJSON{Role: h.Role, Value: h.Value, Spam: h.Spam, Ham: h.Ham}
		if h.Campaign != 0 {
			id := ID(h.Campaign)
			j.Campaign, j.Name = &id, nameOrNull(names[h.Campaign])
		}
		found.Hits = append(found.Hits, j)
	}
	switch {
	case env.JSON():
		err = env.WriteJSON(found)
	case len(hits) > 0:
		err = printHits(env, i, hits, names)
	default:
		return notFound(ctx, env, st, i)
	}
	if err == nil && len(hits) == 0 {
		return cli.Silent(cli.NoneFound)
	}
	return err
}

func notFound(ctx context.Context, env *cli.Env, st *campaigns.Store, i campaigns.Indicator) error {
	last, err := st.LastRun(ctx)
	if err != nil {
		return err
	}
	if err := env.Printf("%s %s: in none of %s.\n", name(i), env.Text(i.Value), cli.Count(last.Stored+last.StoredHam, "message", "")); err != nil {
		return err
	}
	return cli.Silent(cli.NoneFound)
}

func name(i campaigns.Indicator) string {
	if i.Kind == "net" && !i.Net.IsSingleIP() {
		return "network"
	}
	return indicatorNames[i.Kind]
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
			id = ID(h.Campaign)
		}
		if name := names[h.Campaign]; name != "" {
			id += " " + quoted(printable.Cut(name, 24))
		}
		where := h.Value
		if h.Role == "link" {
			where = printable.Defang(where)
		}
		t.Row(cli.Number(h.Spam), cli.Number(h.Ham), id, h.Role, where)
	}
	return t.Print()
}

// namesOf tells the names of the campaigns that were hit.
func namesOf(ctx context.Context, st *campaigns.Store, hits []campaigns.Hit) (map[int64]string, error) {
	var ids []int64
	for _, h := range hits {
		ids = append(ids, h.Campaign)
	}
	return decision.ReadNames(ctx, st)
}

func shownValue(i campaigns.Indicator) string {
	if i.Kind == "url" {
		return printable.Defang(i.Value)
	}
	return i.Value
}
