package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql"
)

// Decision is one thing that people decided.
type Decision struct {
	ID       int64     `db:"decision_id"`
	MadeAt   time.Time //
	UndoneAt time.Time // zero: it stands
	Kind     string    // same, not-same, merge, split, name, note, tag, untag, ignore, trust
	Campaign int64     `db:"campaign_id"` // as it was named then; 0: it is about none
	Other    int64     `db:"other_id"`
	// Messages stand for the one side, Others for the other, the most central first. Of a
	// split Messages are all that it takes out.
	Messages, Others []int64
	// Moved are all members of Other where it goes into Campaign, so that it can be restored.
	Moved            []int64
	Feature          int64
	Value            string // name, note, tag; the feature or the messages as people read them
	MadeBy, UndoneBy string
	Because          string
}

// Stand is how many messages stand for a campaign.
const Stand = 3

// Pairs returns what d says of pairs of messages.
func (d *Decision) Pairs() (same, notSame [][2]int64) {
	a, b := firsts(d.Messages), firsts(d.Others)
	switch d.Kind {
	case "same", "merge":
		if len(a) == 0 || len(b) == 0 {
			return nil, nil
		}
		for i := range max(len(a), len(b)) {
			same = append(same, [2]int64{a[i%len(a)], b[i%len(b)]})
		}
	case "not-same":
		notSame = crossed(a, b)
	case "split":
		// Each with the next and the one after it: the loss of one leaves the rest together.
		for i, m := range d.Messages {
			for _, n := range d.Messages[i+1 : min(i+3, len(d.Messages))] {
				same = append(same, [2]int64{m, n})
			}
		}
		notSame = crossed(d.Messages, b)
	}
	return same, notSame
}

func firsts(keys []int64) []int64 { return keys[:min(Stand, len(keys))] }

func crossed(a, b []int64) [][2]int64 {
	out := make([][2]int64, 0, len(a)*len(b))
	for _, m := range a {
		for _, n := range b {
			out = append(out, [2]int64{m, n})
		}
	}
	return out
}

// What callers of Undo branch on.
var (
	ErrNoDecision = errors.New("there is no such decision")
	ErrUndone     = errors.New("the decision was undone before")
)

// DecisionList lists decisions, oldest first; all: also those that were undone.
func (s *Store) DecisionList(ctx context.Context, all bool) ([]Decision, error) {
	rows, _ := s.pool.Query(ctx, sql.Query("decision_list"), all)
	return collectDecisions(rows)
}

func collectDecisions(rows pgx.Rows) ([]Decision, error) {
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[Decision])
	return out, failed("read decisions", err)
}

// Decisions returns what stands, in the terms of the grouping.
func (s *Store) Decisions(ctx context.Context) (campaign.Decisions, error) {
	list, err := s.DecisionList(ctx, false)
	return honoured(list), err
}

// Decisions returns what stands as this run is to honour it.
func (c *Correlating) Decisions(ctx context.Context) (campaign.Decisions, error) {
	rows, _ := c.tx.Query(ctx, sql.Query("decision_list"), false)
	list, err := collectDecisions(rows)
	return honoured(list), err
}

func honoured(list []Decision) campaign.Decisions {
	var out campaign.Decisions
	for i := range list {
		d := &list[i]
		same, notSame := d.Pairs()
		out.Same = append(out.Same, same...)
		out.NotSame = append(out.NotSame, notSame...)
		switch d.Kind {
		case "ignore":
			out.Ignored = append(out.Ignored, evidence.Key(d.Feature))
		case "trust":
			out.Trusted = append(out.Trusted, evidence.Key(d.Feature))
		}
	}
	return out
}

// Decide keeps the decisions that f returns, having been told what stands and in which
// campaigns the messages that are spoken of are now. People who decide at once take turns. The
// decisions are returned with their ids.
func (s *Store) Decide(ctx context.Context, f func(standing []Decision, in map[int64]int64) ([]Decision, error)) ([]Decision, error) {
	var out []Decision
	err := s.transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return failed("keep a decision", err)
		}
		rows, _ := tx.Query(ctx, sql.Query("decision_list"), false)
		standing, err := collectDecisions(rows)
		if err != nil {
			return err
		}
		in, err := campaignsOf(ctx, tx, spokenOf(standing))
		if err != nil {
			return err
		}
		if out, err = f(standing, in); err != nil {
			return err
		}
		return insertDecisions(ctx, tx, out)
	})
	return out, err
}

func insertDecisions(ctx context.Context, tx pgx.Tx, list []Decision) error {
	for i := range list {
		d := &list[i]
		err := tx.QueryRow(ctx, sql.Query("decision_insert"), d.MadeAt, d.Kind, d.Campaign, d.Other, d.Messages, d.Others,
			d.Feature, wellFormed(d.Value), wellFormed(d.MadeBy), wellFormed(d.Because), d.Moved).Scan(&d.ID)
		if err != nil {
			return failed("keep a decision", err)
		}
	}
	return nil
}

// spokenOf lists the messages that decisions name.
func spokenOf(list []Decision) []int64 {
	var out []int64
	for i := range list {
		out = append(append(out, list[i].Messages...), list[i].Others...)
	}
	return out
}

// rowser is a pool or a transaction.
type rowser interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// campaignsOf tells in which campaign each message is; those that are in none are left out.
func campaignsOf(ctx context.Context, q rowser, keys []int64) (map[int64]int64, error) {
	out := make(map[int64]int64, len(keys))
	rows, _ := q.Query(ctx, "SELECT message_key, campaign_id FROM memberships WHERE campaign_id IS NOT NULL AND message_key = ANY ($1)", keys)
	var key, id int64
	_, err := pgx.ForEachRow(rows, []any{&key, &id}, func() error { out[key] = id; return nil })
	return out, failed("read memberships", err)
}

// CampaignsOf tells in which campaign each message is; those that are in none are left out.
func (s *Store) CampaignsOf(ctx context.Context, keys []int64) (map[int64]int64, error) {
	return campaignsOf(ctx, s.pool, keys)
}

// Undo takes a decision back. A campaign that went into another by it gets its messages
// back, so that it keeps its id if the next run finds it again.
func (s *Store) Undo(ctx context.Context, id int64, by string, at time.Time) (Decision, error) {
	var d Decision
	err := s.transaction(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, sql.Query("decision_list"), true)
		list, err := collectDecisions(rows)
		if err != nil {
			return err
		}
		i := 0
		for i < len(list) && list[i].ID != id {
			i++
		}
		if i == len(list) {
			return ErrNoDecision
		}
		d = list[i]
		tag, err := tx.Exec(ctx, "UPDATE decisions SET undone_at = greatest(made_at, $2), undone_by = $3 WHERE decision_id = $1 AND undone_at IS NULL",
			id, at, wellFormed(by))
		if err != nil {
			return failed("undo a decision", err)
		}
		if tag.RowsAffected() == 0 {
			return ErrUndone
		}
		d.UndoneAt, d.UndoneBy = at, by
		return restore(ctx, tx, &d)
	})
	return d, err
}

// restore undoes the memberships that a merge changed, as far as they still are as it left
// them and something stays in the other campaign. It waits for a run that is under way.
func restore(ctx context.Context, tx pgx.Tx, d *Decision) error {
	if d.Other == 0 || len(d.Moved) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockCorrelation)); err != nil {
		return failed("wait for a correlation", err)
	}
	to, err := leadsTo(ctx, tx, []int64{d.Other})
	if err != nil || to[d.Other] == d.Other {
		return err
	}
	into := to[d.Other]
	var back, members int64
	err = tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM memberships WHERE campaign_id = $1 AND message_key = ANY ($2)),
		(SELECT members FROM campaigns WHERE campaign_id = $1)`, into, d.Moved).Scan(&back, &members)
	if err != nil || back < 2 || back >= members {
		return failed("restore a campaign", err)
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"UPDATE memberships SET campaign_id = $1 WHERE campaign_id = $2 AND message_key = ANY ($3)", []any{d.Other, into, d.Moved}},
		{"UPDATE campaigns SET members = members - $2 WHERE campaign_id = $1", []any{into, back}},
		{"UPDATE campaigns SET members = $2, merged_into = NULL, merged_run = NULL WHERE campaign_id = $1", []any{d.Other, back}},
	} {
		if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
			return failed("restore a campaign", err)
		}
	}
	return nil
}

// leadsTo follows campaigns to those that they went into, at most a hundred mergers.
func leadsTo(ctx context.Context, q rowser, ids []int64) (map[int64]int64, error) {
	out := make(map[int64]int64, len(ids))
	for _, id := range ids {
		out[id] = id
	}
	for range 100 {
		var at []int64
		for _, to := range out {
			at = append(at, to)
		}
		next := make(map[int64]int64)
		rows, _ := q.Query(ctx, "SELECT campaign_id, merged_into FROM campaigns WHERE merged_into IS NOT NULL AND campaign_id = ANY ($1)", at)
		var from, to int64
		if _, err := pgx.ForEachRow(rows, []any{&from, &to}, func() error { next[from] = to; return nil }); err != nil {
			return nil, failed("follow campaigns", err)
		}
		if len(next) == 0 {
			break
		}
		for id, to := range out {
			if then, ok := next[to]; ok {
				out[id] = then
			}
		}
	}
	return out, nil
}

// Central lists members of a campaign, those that are surest of it first, limit of them
// (0: all), without except.
func (s *Store) Central(ctx context.Context, id int64, except []int64, limit int) ([]int64, error) {
	if except == nil {
		except = []int64{}
	}
	rows, _ := s.pool.Query(ctx, sql.Query("decision_central"), id, except, limitOf(limit))
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, failed("read members", err)
}

// MembersWith lists members of a campaign that have a feature themselves.
func (s *Store) MembersWith(ctx context.Context, id int64, feature evidence.Key) ([]int64, error) {
	rows, _ := s.pool.Query(ctx, `SELECT message_key FROM memberships JOIN incidence i USING (message_key)
		WHERE campaign_id = $1 AND i.features @> ARRAY[$2::bigint] ORDER BY confidence DESC NULLS LAST, message_key`, id, int64(feature))
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, failed("read members", err)
}

// NamedMessage is a message that people name.
type NamedMessage struct {
	Key               int64 `db:"message_key"`
	SHA256, MessageID string
	Ham               bool
	Campaign          int64 `db:"campaign_id"` // 0: in none
}

// MessagesByHash lists up to limit messages whose SHA-256 begins with prefix, in hex.
func (s *Store) MessagesByHash(ctx context.Context, prefix string, limit int) ([]NamedMessage, error) {
	low, err1 := hex.DecodeString((prefix + strings.Repeat("0", 64))[:64])
	high, err2 := hex.DecodeString((prefix + strings.Repeat("f", 64))[:64])
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("read a hash: %w", err)
	}
	// A key is the first half of its hash, or a little more: the next that was free.
	const taken = 16
	from, to := naturalKey([32]byte(low)), naturalKey([32]byte(high))
	if to+taken > to {
		to += taken
	}
	return collect[NamedMessage](ctx, s, "decision_messages", low, high, "", limit, from, to)
}

// MessagesByID lists up to limit messages with that Message-ID, without its brackets.
func (s *Store) MessagesByID(ctx context.Context, id string, limit int) ([]NamedMessage, error) {
	if id == "" {
		return nil, nil
	}
	return collect[NamedMessage](ctx, s, "decision_messages", []byte{}, []byte{}, wellFormed(id), limit, 0, 0)
}

// FeatureCount is how many messages have a feature themselves, not through what
// registries say.
type FeatureCount struct {
	Feature   int64
	Spam, Ham int64
}

// FeatureCounts counts the messages that have features; those that none has are left out.
func (s *Store) FeatureCounts(ctx context.Context, keys []evidence.Key) (map[evidence.Key]FeatureCount, error) {
	list := make([]int64, len(keys))
	for i, k := range keys {
		list[i] = int64(k)
	}
	counts, err := collect[FeatureCount](ctx, s, "decision_features", list)
	out := make(map[evidence.Key]FeatureCount, len(counts))
	for _, c := range counts {
		out[evidence.Key(c.Feature)] = c
	}
	return out, err
}

// TraitValue is what some campaign has in common.
type TraitValue struct{ Kind, Value string }

// TraitValues lists what campaigns have in common, each once.
func (s *Store) TraitValues(ctx context.Context) ([]TraitValue, error) {
	rows, _ := s.pool.Query(ctx, "SELECT DISTINCT kind, value FROM campaign_traits WHERE value IS NOT NULL ORDER BY kind, value")
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[TraitValue])
	return out, failed("read traits", err)
}

// CampaignEvent is one thing that happened to a campaign in a run.
type CampaignEvent struct {
	At       time.Time
	Run      int64 `db:"run_id"`
	Event    string
	Other    int64 `db:"other_id"` // 0: none
	Messages int64
}

// CampaignEvents lists what happened to a campaign, oldest first.
func (s *Store) CampaignEvents(ctx context.Context, id int64) ([]CampaignEvent, error) {
	return collect[CampaignEvent](ctx, s, "decision_events", id)
}
