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
	i, ok := naming.ParseIndicator(text)
	if !ok {
		return nil, cli.Usage("%q is no host, address, network, URL, mail address, phone number, Message-ID or SHA-256", printable.Cut(text, 80))
	}
	f := &Found{Indicator: i}
	var err error
	if f.Hits, err = st.Find(ctx, i); err != nil {
		return nil, err
	}
	if f.Names, err = decision.ReadNames(ctx, st); err != nil {
		return nil, err
	}
	last, err := st.LastRun(ctx)
	f.Stored = last.Stored + last.StoredHam
	return f, err
}
