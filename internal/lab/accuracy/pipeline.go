package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
	"spoor/internal/lab/world"
	"spoor/internal/report"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
)

// measure runs a world through what a user runs: import, correlate, and with enriched
// also enrich and correlate. url names an empty database, dir a folder for the mail.
func measure(ctx context.Context, url, dir string, w *world.World, enriched bool) (m measured, err error) {
	st, err := store.Open(ctx, url, store.Options{Program: "accuracy"})
	if err != nil {
		return m, err
	}
	defer st.Close()
	facts, err := importWorld(ctx, st, dir, w)
	if err != nil {
		return m, fmt.Errorf("import: %w", err)
	}
	m = measured{Grade: w.Options.Grade, Seed: w.Options.Seed, Messages: len(w.Messages), Ways: map[string]figures{}}
	if m.Ways[spoor], err = correlated(ctx, st, w); err != nil {
		return m, fmt.Errorf("correlate: %w", err)
	}
	for _, b := range baselines() {
		m.Ways[b.name] = figuresOf(w, b.group(facts), nil)
	}
	if !enriched {
		return m, nil
	}
	if err := ask(ctx, st, w); err != nil {
		return m, fmt.Errorf("enrich: %w", err)
	}
	if m.Ways[spoorAsked], err = correlated(ctx, st, w); err != nil {
		return m, fmt.Errorf("correlate what was asked: %w", err)
	}
	return m, nil
}

// importWorld imports a world's mail as "collector import --own-mx --mx" does, and returns
// what the baselines go by, in the order of the world's messages.
func importWorld(ctx context.Context, st *store.DB, dir string, w *world.World) ([]indicators, error) {
	path := filepath.Join(dir, "mail.mbox")
	if err := writeMail(path, w); err != nil {
		return nil, err
	}
	own, err := ownServers(w)
	if err != nil {
		return nil, err
	}
	var sources []*mailbox.Source
	for s, err := range mailbox.Find(ctx, []string{path}, nil, mailbox.DefaultLimits) {
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	o := ingest.Options{Class: ingest.Spam, Own: own, Limits: mailbox.DefaultLimits}
	importing, err := facts.New(st).Begin(ctx, facts.Import{Class: o.Class, Own: own, Arguments: []string{path}, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		return nil, err
	}
	seen := &witness{Writer: importing, of: map[string]indicators{}}
	sum, err := ingest.Run(ctx, sources, seen, o)
	if err != nil {
		return nil, err
	}
	if err := importing.Finish(ctx, sum.Counts); err != nil {
		return nil, err
	}
	return seen.inOrder(w)
}

func writeMail(path string, w *world.World) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(w.WriteMbox(f), f.Close())
}

func ownServers(w *world.World) (received.Own, error) {
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

// witness is the store, and notes of what goes into it what the baselines go by.
type witness struct {
	*facts.Writer
	of map[string]indicators // by Message-ID
}

func (s *witness) Store(ctx context.Context, b *ingest.Batch) (int, error) {
	for i := range b.Messages {
		s.of[b.Messages[i].MessageID] = indicatorsOf(&b.Messages[i])
	}
	return s.Writer.Store(ctx, b)
}

// inOrder fails if a message of the world was lost: figures over the rest would flatter.
func (s *witness) inOrder(w *world.World) ([]indicators, error) {
	out := make([]indicators, len(w.Messages))
	for i := range w.Messages {
		x, ok := s.of[w.Messages[i].ID]
		if !ok {
			return nil, fmt.Errorf("message %q was not read", w.Messages[i].ID)
		}
		out[i] = x
	}
	return out, nil
}

// correlated runs the correlator and scores what it wrote.
func correlated(ctx context.Context, st *store.DB, w *world.World) (figures, error) {
	if _, err := report.Correlate(ctx, campaigns.New(st), report.Options{}); err != nil {
		return figures{}, err
	}
	type place struct{ campaign, operation string }
	at := map[string]place{}
	for g, err := range campaigns.New(st).All(ctx) {
		if err != nil {
			return figures{}, err
		}
		var p place
		if g.CampaignID != 0 {
			p.campaign = report.ID(g.CampaignID)
			p.operation = p.campaign
		}
		if g.Operation != 0 {
			p.operation = fmt.Sprintf("o%d", g.Operation)
		}
		at[g.MessageID] = p
	}
	campaigns, operations := make([]string, len(w.Messages)), make([]string, len(w.Messages))
	for i := range w.Messages {
		p, ok := at[w.Messages[i].ID]
		if !ok {
			return figures{}, fmt.Errorf("message %q is not stored", w.Messages[i].ID)
		}
		campaigns[i], operations[i] = p.campaign, p.operation
	}
	return figuresOf(w, campaigns, operations), nil
}
