package dossiers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"spoor/internal/dossier"
	"spoor/sql/store"
)

// Observation is an answer of the world as packs carry it.
type Observation struct {
	Kind        string          `json:"kind"`
	Subject     string          `json:"subject"`
	Source      string          `json:"source"`
	Server      string          `json:"server"`
	AskedAt     time.Time       `json:"asked_at"`
	ConfirmedAt time.Time       `json:"confirmed_at"`
	FreshUntil  time.Time       `json:"fresh_until"`
	Took        time.Duration   `json:"took"`
	Outcome     string          `json:"outcome"`
	Detail      string          `json:"detail"`
	Parsed      json.RawMessage `json:"parsed"`
	Answer      []byte          `json:"answer"` // as received
}

// maxAnswer bounds an answer, which enrich bounds by far less.
const maxAnswer = 64 << 20

// Observations reads all observations about the campaign's resources: domains,
// hosts, name servers, addresses.
func (s *Store) Observations(ctx context.Context, c *dossier.Campaign) ([]Observation, error) {
	out, err := store.Collect[Observation](ctx, s.db, "dossier_observations", subjects(c))
	if err != nil {
		return nil, err
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxAnswer))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	for i := range out {
		o := &out[i]
		if o.Answer == nil {
			continue
		}
		if o.Answer, err = z.DecodeAll(o.Answer, nil); err != nil {
			return nil, fmt.Errorf("what %s said of %s is damaged in the store: %w", o.Server, o.Subject, err)
		}
	}
	return out, nil
}

// subjects lists the names and addresses about which observations are exported,
// sorted, each once.
func subjects(c *dossier.Campaign) []string {
	out := []string{}
	for i := range c.Domains {
		out = append(append(out, c.Domains[i].Name), c.Domains[i].NameServers...)
	}
	for i := range c.Hosts {
		out = append(out, c.Hosts[i].Name, c.Hosts[i].Addr.String())
	}
	for i := range c.Senders {
		out = append(out, c.Senders[i].Addr.String())
	}
	for i := range c.Indicators {
		if c.Indicators[i].Kind == dossier.LinkHost {
			out = append(out, c.Indicators[i].Value)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
