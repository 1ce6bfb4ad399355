package main

import (
	"context"
	"fmt"

	"spoor/graph/evidence"
	"spoor/ingest/received"
	"spoor/internal/lab/sources"
)

// measure compares the campaigns of a world with its labels: those of its mail alone, with
// o.enrich those with the answers of registries too, with o.simple the simple ways'.
//
// The mail is read once for all ways, so that they start from equal facts.
func measure(ctx context.Context, w *sources.World, o options, read func(mail) (*corpus, error)) (m measured, err error) {
	source := mail{path: w.Mail}
	if source.own, err = ownServers(w); err != nil {
		return m, err
	}
	if o.enrich {
		source.net = w.Net
	}
	c, err := read(source)
	if err != nil {
		return m, err
	}
	m = measured{Source: w.Source, Grade: w.Grade, Seed: w.Seed, Messages: len(w.Labels), Ways: map[string]figures{}}
	labelled, err := c.labelled(w)
	if err != nil {
		return m, err
	}
	if m.Ways[spoor], err = correlated(ctx, w, c, labelled, evidence.Knowledge{}); err != nil {
		return m, err
	}
	if o.simple {
		all := make([]indicators, len(labelled))
		for i, x := range labelled {
			all[i] = indicatorsOf(x)
		}
		for _, b := range baselines() {
			m.Ways[b.name] = figuresOf(w.Labels, b.group(all), nil)
		}
	}
	if c.Asked != nil {
		m.Ways[spoorAsked], err = correlated(ctx, w, c, labelled, *c.Asked)
	}
	return m, err
}

// labelled returns the message of each label. A message of the world that was lost is an
// error: figures over the rest would flatter.
func (c *corpus) labelled(w *sources.World) ([]*evidence.Message, error) {
	of := make(map[string]*evidence.Message, len(c.Messages))
	for i := range c.Messages {
		of[c.Messages[i].MessageID] = &c.Messages[i]
	}
	out := make([]*evidence.Message, len(w.Labels))
	for i := range w.Labels {
		if out[i] = of[w.Labels[i].ID]; out[i] == nil {
			return nil, fmt.Errorf("message %q was not read", w.Labels[i].ID)
		}
	}
	return out, nil
}

// correlated runs the correlator and scores its result.
func correlated(ctx context.Context, w *sources.World, c *corpus, labelled []*evidence.Message, known evidence.Knowledge) (figures, error) {
	at, err := c.places(ctx, known)
	if err != nil {
		return figures{}, fmt.Errorf("correlate: %w", err)
	}
	found := make([]place, len(labelled))
	inCampaigns, operations := make([]string, len(labelled)), make([]string, len(labelled))
	for i, m := range labelled {
		found[i] = at[m.Key]
		inCampaigns[i], operations[i] = found[i].campaign, found[i].operation
	}
	f := figuresOf(w.Labels, inCampaigns, operations)
	f.Confidence = reliabilityOf(w.Labels, found)
	return f, nil
}

// ownServers reads a world's own servers, as --own-mx and --mx would.
func ownServers(w *sources.World) (received.Own, error) {
	own, err := received.ParseOwn(w.OwnMX)
	if err != nil {
		return own, err
	}
	for _, v := range w.MX {
		x, err := received.ParseMX(v)
		if err != nil {
			return own, err
		}
		own.MX, own.Names = append(own.MX, x), append(own.Names, x.Name)
	}
	return own, nil
}
