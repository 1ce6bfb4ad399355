package store

import (
	"context"
	"encoding/json"
	"iter"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/graph"
	"spoor/sql"
)

// lockCorrelation is the advisory lock that one run of the correlator holds.
const lockCorrelation = 0x73706f6f72_02

// Correlating is a run of the correlator: one transaction, so that a run that is killed
// leaves the memberships of the last complete one.
type Correlating struct {
	tx      pgx.Tx
	started time.Time
}

// BeginCorrelation waits until no other run is under way and begins one.
func (s *Store) BeginCorrelation(ctx context.Context, now time.Time) (*Correlating, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, failed("begin correlation", err)
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockCorrelation)); err != nil {
		tx.Rollback(context.WithoutCancel(ctx)) // the first error tells
		return nil, failed("wait for another correlation", err)
	}
	return &Correlating{tx: tx, started: now}, nil
}

// Close gives up what was not committed by Replace.
func (c *Correlating) Close(ctx context.Context) error {
	err := c.tx.Rollback(context.WithoutCancel(ctx))
	if err == pgx.ErrTxClosed {
		return nil
	}
	return err
}

// page is how many messages are read at once.
const page = 5000

// Messages yields what the grouping uses of every message, by key. A message is valid
// until the next one is asked for.
func (c *Correlating) Messages(ctx context.Context) iter.Seq2[*graph.Message, error] {
	return func(yield func(*graph.Message, error) bool) {
		for from := int64(math.MinInt64); ; {
			messages, err := c.page(ctx, from)
			if err != nil {
				yield(nil, failed("read messages for correlation", err))
				return
			}
			for i := range messages {
				if !yield(&messages[i], nil) {
					return
				}
			}
			if len(messages) < page || messages[page-1].Key == math.MaxInt64 {
				return
			}
			from = messages[page-1].Key + 1
		}
	}
}

// page reads up to page messages with keys from from on. Each statement sees what is
// committed by then: a message that comes in between waits for the next run.
func (c *Correlating) page(ctx context.Context, from int64) ([]graph.Message, error) {
	rows, _ := c.tx.Query(ctx, sql.Query("campaign_evidence"), from, page)
	messages, readers, err := scanMessages(rows)
	if err != nil || len(messages) == 0 {
		return nil, err
	}
	at := make(map[int64]*graph.Message, len(messages))
	for i := range messages {
		at[messages[i].Key] = &messages[i]
	}
	last := messages[len(messages)-1].Key
	if err := c.addLinks(ctx, at, from, last); err != nil {
		return nil, err
	}
	if err := c.addContacts(ctx, at, readers, from, last); err != nil {
		return nil, err
	}
	return messages, c.addFiles(ctx, at, from, last)
}

func scanMessages(rows pgx.Rows) ([]graph.Message, map[int64][]string, error) {
	var out []graph.Message
	readers := make(map[int64][]string)
	for rows.Next() {
		var m graph.Message
		var sender *netip.Addr
		var to []string
		if err := rows.Scan(&m.Key, &m.Background, &m.Text, &m.Subject, &m.From, &m.ReplyTo, &m.ReturnPath, &m.ListID,
			&m.MessageID, &m.MessageIDForm, &m.BoundaryForm, &m.MIMESkeleton, &m.HeaderNames, &m.Mailer,
			&sender, &m.HELO, &m.ReverseName, &to); err != nil {
			rows.Close()
			return nil, nil, err
		}
		if sender != nil {
			m.Sender = *sender
		}
		readers[m.Key] = to
		out = append(out, m)
	}
	return out, readers, rows.Err()
}

func (c *Correlating) addLinks(ctx context.Context, at map[int64]*graph.Message, from, to int64) error {
	rows, _ := c.tx.Query(ctx, sql.Query("campaign_evidence_urls"), from, to)
	var key int64
	var l graph.Link
	_, err := pgx.ForEachRow(rows, []any{&key, &l.URL, &l.Host, &l.Domain, &l.Shared}, func() error {
		if m := at[key]; m != nil {
			m.Links = append(m.Links, l)
		}
		return nil
	})
	return err
}

// addContacts leaves out the reader's own address: mail greets people by it.
func (c *Correlating) addContacts(ctx context.Context, at map[int64]*graph.Message, readers map[int64][]string, from, to int64) error {
	rows, _ := c.tx.Query(ctx, sql.Query("campaign_evidence_contacts"), from, to)
	var key int64
	var kind, value string
	_, err := pgx.ForEachRow(rows, []any{&key, &kind, &value}, func() error {
		m := at[key]
		switch {
		case m == nil:
		case kind == "phone":
			m.Phones = append(m.Phones, value)
		case kind == "mail" && !slices.Contains(readers[key], value):
			m.Mailboxes = append(m.Mailboxes, value)
		}
		return nil
	})
	return err
}

func (c *Correlating) addFiles(ctx context.Context, at map[int64]*graph.Message, from, to int64) error {
	rows, _ := c.tx.Query(ctx, sql.Query("campaign_evidence_files"), from, to)
	var key int64
	var hash string
	_, err := pgx.ForEachRow(rows, []any{&key, &hash}, func() error {
		if m := at[key]; m != nil {
			m.Attachments = append(m.Attachments, hash)
		}
		return nil
	})
	return err
}

// Correlation is what a run changed.
type Correlation struct {
	Run               int64
	New, Merged, Gone int // campaigns
}

// Replace puts the campaigns of r in the place of those before, with their ids carried
// over, and commits.
func (c *Correlating) Replace(ctx context.Context, r *graph.Result, now time.Time) (Correlation, error) {
	out, err := c.replace(ctx, r, now)
	if err == nil {
		err = c.tx.Commit(ctx)
	}
	if err != nil {
		return Correlation{}, failed("write campaigns", err)
	}
	return out, nil
}

func (c *Correlating) replace(ctx context.Context, r *graph.Result, now time.Time) (out Correlation, err error) {
	before, free, err := c.before(ctx)
	if err != nil {
		return out, err
	}
	ids, mergers := graph.Identify(before, r.Campaigns, free)
	if out.Run, err = c.record(ctx, r, now); err != nil {
		return out, err
	}
	if err := c.writeCampaigns(ctx, r.Campaigns, ids, out.Run); err != nil {
		return out, err
	}
	if out.Gone, err = c.retire(ctx, mergers, out.Run); err != nil {
		return out, err
	}
	if err := c.writeTraits(ctx, r.Campaigns, ids); err != nil {
		return out, err
	}
	for _, id := range ids {
		if id.New {
			out.New++
		}
	}
	out.Merged = len(mergers)
	out.Gone -= out.Merged
	return out, c.writeMembers(ctx, before, r.Campaigns, ids, out.Run)
}

// before reads the memberships as they are and the first id that was never given.
func (c *Correlating) before(ctx context.Context) (map[int64]int64, int64, error) {
	of := make(map[int64]int64)
	rows, _ := c.tx.Query(ctx, "SELECT message_key, campaign_id FROM memberships WHERE campaign_id IS NOT NULL")
	var key, id int64
	if _, err := pgx.ForEachRow(rows, []any{&key, &id}, func() error { of[key] = id; return nil }); err != nil {
		return nil, 0, err
	}
	var free int64
	err := c.tx.QueryRow(ctx, "SELECT coalesce(max(campaign_id), 0) + 1 FROM campaigns").Scan(&free)
	return of, free, err
}

// method is the version of the rules that group.
const method = 1

func (c *Correlating) record(ctx context.Context, r *graph.Result, now time.Time) (run int64, err error) {
	members := 0
	for i := range r.Campaigns {
		members += len(r.Campaigns[i].Members)
	}
	aside := []SetAside{}
	for _, t := range r.SetAside {
		aside = append(aside, SetAside{Value: wellFormed(t.Value), Messages: t.Elsewhere, Ham: t.Ham})
	}
	text, err := json.Marshal(aside)
	if err != nil {
		return 0, err
	}
	err = c.tx.QueryRow(ctx, `INSERT INTO correlations (started_at, finished_at, method, link_bits, messages, background, incidences, campaigns, members, set_aside)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING run_id`,
		c.started, now, method, float64(r.LinkBits), r.Messages, r.Background, r.Incidences, len(r.Campaigns), members, text).Scan(&run)
	return run, err
}

func (c *Correlating) writeCampaigns(ctx context.Context, campaigns []graph.Campaign, ids []graph.Identity, run int64) error {
	for part := range slices.Chunk(indices(len(ids)), page) {
		var id, members, split []int64
		var weakest []float64
		for _, i := range part {
			id = append(id, ids[i].ID)
			members = append(members, int64(len(campaigns[i].Members)))
			weakest = append(weakest, float64(campaigns[i].Weakest))
			split = append(split, ids[i].SplitFrom)
		}
		if _, err := c.tx.Exec(ctx, sql.Query("campaign_upsert"), id, members, weakest, split, run); err != nil {
			return err
		}
	}
	return nil
}

// retire empties the campaigns that this run did not find and says where they went.
func (c *Correlating) retire(ctx context.Context, mergers []graph.Merger, run int64) (int, error) {
	tag, err := c.tx.Exec(ctx, "UPDATE campaigns SET members = 0 WHERE members > 0 AND last_run <> $1", run)
	if err != nil {
		return 0, err
	}
	var from, into []int64
	for _, m := range mergers {
		from, into = append(from, m.From), append(into, m.Into)
	}
	_, err = c.tx.Exec(ctx, `UPDATE campaigns AS c SET merged_into = n.into_id, merged_run = $3
		FROM unnest($1::bigint[], $2::bigint[]) AS n (from_id, into_id) WHERE c.campaign_id = n.from_id`, from, into, run)
	return int(tag.RowsAffected()), err
}

func (c *Correlating) writeTraits(ctx context.Context, campaigns []graph.Campaign, ids []graph.Identity) error {
	if _, err := c.tx.Exec(ctx, "DELETE FROM campaign_traits"); err != nil {
		return err
	}
	var rows [][]any
	for i := range campaigns {
		for n, t := range campaigns[i].Traits {
			rows = append(rows, []any{ids[i].ID, int16(n), t.Kind.Group().String(), t.Kind.String(), wellFormed(t.Value),
				int64(t.Members), int64(t.Elsewhere), int64(t.Ham), float64(t.Bits)})
		}
	}
	_, err := c.tx.CopyFrom(ctx, pgx.Identifier{"campaign_traits"},
		[]string{"campaign_id", "n", "evidence", "kind", "value", "members", "elsewhere", "ham", "bits"}, pgx.CopyFromRows(rows))
	return err
}

// writeMembers writes what changed: most messages stay where they were.
func (c *Correlating) writeMembers(ctx context.Context, before map[int64]int64, campaigns []graph.Campaign, ids []graph.Identity, run int64) error {
	var keys, to []int64
	for i := range campaigns {
		for _, m := range campaigns[i].Members {
			if before[m] != ids[i].ID {
				keys, to = append(keys, m), append(to, ids[i].ID)
			}
			delete(before, m)
		}
	}
	left := make([]int64, 0, len(before))
	for m := range before {
		left = append(left, m)
	}
	for part := range slices.Chunk(left, page) {
		if _, err := c.tx.Exec(ctx, "DELETE FROM memberships WHERE message_key = ANY($1)", part); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(indices(len(keys)), page) {
		a, b := part[0], part[len(part)-1]+1
		if _, err := c.tx.Exec(ctx, sql.Query("campaign_join"), keys[a:b], to[a:b], run); err != nil {
			return err
		}
	}
	return nil
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
