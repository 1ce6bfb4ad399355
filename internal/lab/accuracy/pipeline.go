package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"spoor/graph/correlation"
	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
	"spoor/internal/cluster"
	"spoor/internal/lab/sources"
	"spoor/internal/naming"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
)

// measure runs a world through the commands of a user: import and correlate,
// and with o.enrich also enrich and correlate. url names an empty database.
func measure(ctx context.Context, url string, w *sources.World, o options) (m measured, err error) {
	st, err := store.Open(ctx, url, store.Options{Program: "accuracy"})
	if err != nil {
		return m, err
	}
	defer st.Close()
	own, err := ownServers(w)
	if err != nil {
		return m, err
	}
	seen, err := importMail(ctx, st, w.Mail, own)
	if err != nil {
		return m, fmt.Errorf("import: %w", err)
	}
	m = measured{Source: w.Source, Grade: w.Grade, Seed: w.Seed, Messages: len(w.Labels), Ways: map[string]figures{}}
	if m.Ways[spoor], err = correlated(ctx, st, w); err != nil {
		return m, fmt.Errorf("correlate: %w", err)
	}
	if o.simple {
		if err := m.addBaselines(w, seen); err != nil {
			return m, err
		}
	}
	if !o.enrich || w.Net == nil {
		return m, nil
	}
	if err := ask(ctx, st, w.Net); err != nil {
		return m, fmt.Errorf("enrich: %w", err)
	}
	if m.Ways[spoorAsked], err = correlated(ctx, st, w); err != nil {
		return m, fmt.Errorf("correlate what was asked: %w", err)
	}
	return m, nil
}

// addBaselines fails if a message of the world was lost: figures over the rest would
// flatter.
func (m *measured) addBaselines(w *sources.World, seen *witness) error {
	all := make([]indicators, len(w.Labels))
	for i := range w.Labels {
		x, ok := seen.of[w.Labels[i].ID]
		if !ok {
			return fmt.Errorf("message %q was not read", w.Labels[i].ID)
		}
		all[i] = x
	}
	for _, b := range baselines() {
		m.Ways[b.name] = figuresOf(w.Labels, b.group(all), nil)
	}
	return nil
}

// importMail imports mail as "collector import --own-mx --mx" does.
func importMail(ctx context.Context, st *store.DB, mail string, own received.Own) (*witness, error) {
	var from []*mailbox.Source
	for s, err := range mailbox.Find(ctx, []string{mail}, nil, mailbox.DefaultLimits) {
		if err != nil {
			return nil, err
		}
		from = append(from, s)
	}
	o := ingest.Options{Class: ingest.Spam, Own: own, Limits: mailbox.DefaultLimits}
	importing, err := facts.New(st).Begin(ctx, facts.Import{Class: o.Class, Own: own, Arguments: []string{mail}, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		return nil, err
	}
	seen := &witness{Writer: importing, of: map[string]indicators{}, files: map[string]ingest.Hash{}}
	sum, err := ingest.Run(ctx, from, seen, o)
	if err != nil {
		return nil, err
	}
	return seen, importing.Finish(ctx, sum.Counts)
}

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

// witness is the store with a record of its input: the indicators of the
// baselines, and the file of each message.
type witness struct {
	*facts.Writer
	mu    sync.Mutex
	of    map[string]indicators  // by Message-ID
	files map[string]ingest.Hash // by the name of the file
}

func (s *witness) Store(ctx context.Context, b *ingest.Batch) (int, error) {
	s.mu.Lock()
	for i := range b.Messages {
		s.of[b.Messages[i].MessageID] = indicatorsOf(&b.Messages[i])
	}
	for _, x := range b.Sightings {
		s.files[path.Base(cmp.Or(x.Place.Name, x.Place.Path))] = x.Hash
	}
	s.mu.Unlock()
	return s.Writer.Store(ctx, b)
}

// place is the result for a message; "" if it is in no campaign or operation.
type place struct{ campaign, operation string }

// places correlates and reads the result, by Message-ID and by hash.
func places(ctx context.Context, st *store.DB) (byID map[string]place, byHash map[ingest.Hash]place, err error) {
	if _, err := correlation.Run(ctx, campaigns.New(st), correlation.Options{}); err != nil {
		return nil, nil, err
	}
	byID, byHash = map[string]place{}, map[ingest.Hash]place{}
	for g, err := range campaigns.New(st).All(ctx) {
		if err != nil {
			return nil, nil, err
		}
		var p place
		if g.CampaignID != 0 {
			p.campaign = naming.ID(g.CampaignID)
			p.operation = p.campaign
		}
		if g.Operation != 0 {
			p.operation = fmt.Sprintf("o%d", g.Operation)
		}
		byID[strings.Clone(g.MessageID)], byHash[g.SHA256] = p, p
	}
	return byID, byHash, nil
}

// correlated runs the correlator and scores its result.
func correlated(ctx context.Context, st *store.DB, w *sources.World) (figures, error) {
	at, _, err := places(ctx, st)
	if err != nil {
		return figures{}, err
	}
	inCampaigns, operations := make([]string, len(w.Labels)), make([]string, len(w.Labels))
	for i := range w.Labels {
		p, ok := at[w.Labels[i].ID]
		if !ok {
			return figures{}, fmt.Errorf("message %q is not stored", w.Labels[i].ID)
		}
		inCampaigns[i], operations[i] = p.campaign, p.operation
	}
	return figuresOf(w.Labels, inCampaigns, operations), nil
}

// alone calls use with a private PostgreSQL and removes it afterwards.
func alone(ctx context.Context, use func(url string) error) (err error) {
	dir, err := os.MkdirTemp("", "spoor-accuracy-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the server may run as another user
		return err
	}
	c, err := cluster.Open(ctx, cluster.Options{Home: filepath.Join(dir, "home"), Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }() // before its folder goes
	return use(c.URL())
}
