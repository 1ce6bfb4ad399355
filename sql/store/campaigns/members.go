package campaigns

import (
	"context"
	"iter"

	"github.com/jackc/pgx/v5"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// Member is a message that is in a campaign.
type Member struct {
	CampaignID        int64
	MessageID, SHA256 string
}

// Members yields every member, campaign by campaign.
//
// An error ends the sequence. The connection is held until then, so a caller
// must not stop without leaving the loop.
func (s *Store) Members(ctx context.Context) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		rows, err := s.db.Pool.Query(ctx, sql.Query("campaign_pairs"))
		if err != nil {
			yield(Member{}, store.Failed("read members", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var m Member
			err := rows.Scan(&m.CampaignID, &m.MessageID, &m.SHA256)
			if !yield(m, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Member{}, store.Failed("read members", err))
		}
	}
}

// campaignsOf returns the campaign of each message, without those that have
// none.
func campaignsOf(ctx context.Context, q store.Querier, keys []int64) (map[int64]int64, error) {
	out := make(map[int64]int64, len(keys))
	rows, _ := q.Query(ctx, "SELECT message_key, campaign_id FROM memberships WHERE campaign_id IS NOT NULL AND message_key = ANY ($1)", keys)
	var key, id int64
	_, err := pgx.ForEachRow(rows, []any{&key, &id}, func() error { out[key] = id; return nil })
	return out, store.Failed("read memberships", err)
}

// CampaignsOf returns the campaign of each message, without those that have
// none.
func (s *Store) CampaignsOf(ctx context.Context, keys []int64) (map[int64]int64, error) {
	return campaignsOf(ctx, s.db.Pool, keys)
}

// Central lists members of a campaign by confidence, highest first: at most
// limit of them, or all for 0. It leaves out the messages of except.
func (s *Store) Central(ctx context.Context, id int64, except []int64, limit int) ([]int64, error) {
	if except == nil {
		except = []int64{}
	}
	rows, _ := s.db.Pool.Query(ctx, sql.Query("decision_central"), id, except, store.Limit(limit))
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("read members", err)
}

// MembersWith lists members of a campaign that have a feature themselves.
func (s *Store) MembersWith(ctx context.Context, id int64, feature evidence.Key) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, `SELECT message_key FROM memberships JOIN incidence i USING (message_key)
		WHERE campaign_id = $1 AND i.features @> ARRAY[$2::bigint] ORDER BY confidence DESC NULLS LAST, message_key`, id, int64(feature))
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("read members", err)
}

// Grouped is a stored message with its place in the last run of the correlator.
type Grouped struct {
	Key        int64
	SHA256     [32]byte
	MessageID  string // without angle brackets; "" if the message has none
	Ham        bool
	CampaignID int64 // 0: none
	Operation  int64 // operation of the campaign; 0: none
}

// All yields every stored message, by key. A value is valid until the next.
func (s *Store) All(ctx context.Context) iter.Seq2[*Grouped, error] {
	return func(yield func(*Grouped, error) bool) {
		rows, _ := s.db.Pool.Query(ctx, `SELECT m.message_key, m.sha256, coalesce(m.message_id, ''), m.ham, coalesce(b.campaign_id, 0), coalesce(c.operation_id, 0)
			FROM messages m LEFT JOIN memberships b USING (message_key) LEFT JOIN campaigns c USING (campaign_id) ORDER BY m.message_key`)
		defer rows.Close()
		var g Grouped
		var hash []byte
		for rows.Next() {
			err := rows.Scan(&g.Key, &hash, &g.MessageID, &g.Ham, &g.CampaignID, &g.Operation)
			// One value for all rows: a store may have millions.
			copy(g.SHA256[:], hash)
			if !yield(&g, store.Failed("read where messages are", err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, store.Failed("read where messages are", err))
		}
	}
}

// OperationMembers lists the messages of all campaigns of an operation.
func (s *Store) OperationMembers(ctx context.Context, id int64) ([]int64, error) {
	rows, _ := s.db.Pool.Query(ctx, "SELECT message_key FROM campaigns c JOIN memberships USING (campaign_id) WHERE c.operation_id = $1 ORDER BY 1", id)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return out, store.Failed("read members", err)
}

// Recipients lists our own addresses to which members of the campaigns were
// sent.
func (s *Store) Recipients(ctx context.Context, ids []int64) ([]string, error) {
	rows, _ := s.db.Pool.Query(ctx, `SELECT DISTINCT r FROM memberships b JOIN messages m USING (message_key) CROSS JOIN LATERAL unnest(m.recipients) r
		WHERE b.campaign_id = ANY ($1) ORDER BY r`, ids)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return out, store.Failed("read recipients", err)
}
