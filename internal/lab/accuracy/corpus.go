package main

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"strconv"
	"sync"
	"time"

	"spoor/graph/campaign"
	"spoor/graph/correlation"
	"spoor/graph/decision"
	"spoor/graph/evidence"
	"spoor/ingest"
	"spoor/ingest/mailbox"
	"spoor/ingest/received"
	"spoor/internal/lab/simnet"
	"spoor/sql/store"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/facts"
)

// mail is mail to be measured, with the settings that a user would give.
type mail struct {
	path string // mbox or folder
	own  received.Own
	net  *simnet.World // registries and DNS to ask; nil for none
}

// corpus is imported mail as a run of the correlator reads it. It is a
// correlation.Corpus, so a run over it needs no database.
//
// The fields are exported for gob.
type corpus struct {
	Messages []evidence.Message
	Files    map[string]int64    // key of the message in a file, by the file's name
	Asked    *evidence.Knowledge // answers of registries; nil if none were asked
}

// extract imports mail into an empty database, looks up its names, and reads
// all of it back.
//
// It goes the way of the product in all steps but the clustering, so a fault of
// the parser lowers the figures as it would in use.
func extract(ctx context.Context, url string, m mail) (*corpus, error) {
	st, err := store.Open(ctx, url, store.Options{Program: "accuracy"})
	if err != nil {
		return nil, err
	}
	defer st.Close()
	files, err := importMail(ctx, st, m)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	db := campaigns.New(st)
	keys, err := db.Underived(ctx, evidence.Version) // all: nothing is derived yet
	if err != nil {
		return nil, err
	}
	c := &corpus{}
	if c.Messages, err = db.Evidence(ctx, keys); err != nil {
		return nil, err
	}
	if c.Files, err = keysOf(ctx, db, files); err != nil || m.net == nil {
		return c, err
	}
	if err := ask(ctx, st, m.net); err != nil {
		return nil, fmt.Errorf("enrich: %w", err)
	}
	known, err := db.Knowledge(ctx)
	c.Asked = &known
	return c, err
}

// importMail imports mail as "collector import" does, with --own-mx and --mx if own
// servers are known. It returns the messages by file.
//
// All mail is imported as spam: the figures are about telling campaigns and not
// about telling ham.
func importMail(ctx context.Context, st *store.DB, m mail) (map[string]ingest.Hash, error) {
	var from []*mailbox.Source
	for s, err := range mailbox.Find(ctx, []string{m.path}, nil, mailbox.DefaultLimits) {
		if err != nil {
			return nil, err
		}
		from = append(from, s)
	}
	o := ingest.Options{Class: ingest.Spam, Own: m.own, Limits: mailbox.DefaultLimits}
	if len(o.Own.Names) == 0 {
		o.Own, _ = ingest.Survey(ctx, from, o)
	}
	importing, err := facts.New(st).Begin(ctx, facts.Import{Class: o.Class, Own: o.Own, Arguments: []string{m.path}, StartedAt: time.Now(), NoRaw: true})
	if err != nil {
		return nil, err
	}
	seen := &witness{Writer: importing, files: map[string]ingest.Hash{}}
	sum, err := ingest.Run(ctx, from, seen, o)
	if err != nil {
		return nil, err
	}
	return seen.files, importing.Finish(ctx, sum.Counts)
}

// witness is the store with a record of the file of each message.
type witness struct {
	*facts.Writer
	mu    sync.Mutex
	files map[string]ingest.Hash
}

// Store notes the file of each message on its way to the store: judged pairs
// name files.
func (s *witness) Store(ctx context.Context, b *ingest.Batch) (int, error) {
	s.mu.Lock()
	for _, x := range b.Sightings {
		s.files[path.Base(cmp.Or(x.Place.Name, x.Place.Path))] = x.Hash
	}
	s.mu.Unlock()
	return s.Writer.Store(ctx, b)
}

// keysOf maps names of files to the keys of their messages.
//
// A file whose message was not stored has the key 0, which no message has.
func keysOf(ctx context.Context, db *campaigns.Store, files map[string]ingest.Hash) (map[string]int64, error) {
	of := make(map[ingest.Hash]int64)
	for g, err := range db.All(ctx) {
		if err != nil {
			return nil, err
		}
		of[g.SHA256] = g.Key
	}
	out := make(map[string]int64, len(files))
	for name, h := range files {
		out[name] = of[h]
	}
	return out, nil
}

// Standing implements correlation.Corpus: people have decided nothing.
func (c *corpus) Standing(context.Context) ([]decision.Decision, error) { return nil, nil }

// Incidence implements correlation.Corpus.
func (c *corpus) Incidence(_ context.Context, each func(campaign.Row)) error {
	for i := range c.Messages {
		each(correlation.RowOf(&c.Messages[i]))
	}
	return nil
}

// place is the result for a message; "" if it is in no campaign or operation.
type place struct {
	campaign, operation string
	confidence          float64
}

// places correlates and returns the result by key.
//
// A campaign outside of every operation counts as an operation of its own.
func (c *corpus) places(ctx context.Context, known evidence.Knowledge) (map[int64]place, error) {
	b, err := correlation.Read(ctx, c, known, func(*campaign.Row) {})
	if err != nil {
		return nil, err
	}
	r := b.Index(campaign.Options{}).Cluster()
	out := make(map[int64]place, len(c.Messages))
	for i := range r.Campaigns {
		p := place{campaign: "c" + strconv.Itoa(i)}
		if p.operation = p.campaign; r.Campaigns[i].Operation >= 0 {
			p.operation = "o" + strconv.Itoa(r.Campaigns[i].Operation)
		}
		for _, m := range r.Campaigns[i].Members {
			p.confidence = m.Confidence
			out[m.Key] = p
		}
	}
	return out, nil
}
