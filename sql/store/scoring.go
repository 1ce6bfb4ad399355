package store

import (
	"context"
	"iter"
)

// Grouped is a stored message and where the last run of the correlator put it.
type Grouped struct {
	SHA256     [32]byte
	MessageID  string // without its brackets; "" if it has none
	Ham        bool
	CampaignID int64 // 0: in none
	Operation  int64 // of the campaign; 0: of none
}

// AllGrouped yields every stored message, by key. What it yields is valid until the next.
func (s *Store) AllGrouped(ctx context.Context) iter.Seq2[*Grouped, error] {
	return func(yield func(*Grouped, error) bool) {
		rows, _ := s.pool.Query(ctx, `SELECT m.sha256, coalesce(m.message_id, ''), m.ham, coalesce(b.campaign_id, 0), coalesce(c.operation_id, 0)
			FROM messages m LEFT JOIN memberships b USING (message_key) LEFT JOIN campaigns c USING (campaign_id) ORDER BY m.message_key`)
		defer rows.Close()
		var g Grouped
		var hash []byte
		for rows.Next() {
			err := rows.Scan(&hash, &g.MessageID, &g.Ham, &g.CampaignID, &g.Operation)
			copy(g.SHA256[:], hash)
			if !yield(&g, failed("read where messages are", err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, failed("read where messages are", err))
		}
	}
}
