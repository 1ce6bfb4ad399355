package findings

import (
	"context"

	"spoor/graph/decision"
	"spoor/internal/cli"
	"spoor/internal/naming"
	"spoor/internal/printable"
	"spoor/sql/store/campaigns"
)

// Found is where an indicator stands.
type Found struct {
	Indicator campaigns.Indicator
	Hits      []campaigns.Hit
	Names     map[int64]string // of campaigns
	Stored    int64            // messages, ham too
}

// Find looks for what a person means by text.
func Find(ctx context.Context, st *campaigns.Store, text string) (*Found, error) {
	list, err := FindAll(ctx, st, []string{text})
	if err == nil && list[0] == nil {
		err = cli.Usage("%q is no host, address, network, URL, mail address, phone number, Message-ID or SHA-256", printable.Cut(text, 80))
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// FindAll looks for each of words; nil stands for one that is nothing to look for.
func FindAll(ctx context.Context, st *campaigns.Store, words []string) ([]*Found, error) {
	names, err := decision.ReadNames(ctx, st)
	if err != nil {
		return nil, err
	}
	last, err := st.LastRun(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]*Found, len(words))
	for n, word := range words {
		i, ok := naming.ParseIndicator(word)
		if !ok {
			continue
		}
		hits, err := st.Find(ctx, i)
		if err != nil {
			return nil, err
		}
		out[n] = &Found{Indicator: i, Hits: hits, Names: names, Stored: last.Stored + last.StoredHam}
	}
	return out, nil
}
