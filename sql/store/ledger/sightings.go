package ledger

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
)

// Sighting is an observation of somebody else.
type Sighting struct {
	SeenAt  time.Time
	Source  string
	Kind    string // host, url, net, mail, phone, message-id, hash, text
	Value   string // normalised
	Network netip.Prefix
	Note    string
}

// key identifies a sighting, so that a repeated import adds nothing.
func (s *Sighting) key() []byte {
	sum := sha256.Sum256([]byte(strings.Join([]string{s.Source, s.SeenAt.UTC().Format(time.RFC3339Nano), s.Kind, s.Value}, "\x00")))
	return sum[:]
}

// AddSightings stores all sightings or none, and returns how many were new.
func (s *Store) AddSightings(ctx context.Context, list []Sighting, at time.Time) (added int64, err error) {
	err = s.db.Transaction(ctx, func(tx pgx.Tx) error {
		for i := range list {
			l := &list[i]
			var network *netip.Prefix
			if l.Network.IsValid() {
				network = &l.Network
			}
			tag, err := tx.Exec(ctx, sql.Query("sighting_add"), l.SeenAt, at, l.Kind, l.Source, l.Value, network, l.Note, l.key())
			if err != nil {
				return store.Failed("keep a sighting", err)
			}
			added += tag.RowsAffected()
		}
		return nil
	})
	return added, err
}

// Met counts the sightings that match our mail.
type Met struct {
	CampaignID string `json:"campaign_id"` // "c2"; "-": messages in no campaign; "": no message matches
	Sightings  int64  `json:"sightings"`
	Messages   int64  `json:"messages"`
}

// Meet returns the campaigns that match sightings, most sightings first.
func (s *Store) Meet(ctx context.Context) ([]Met, error) {
	return store.Collect[Met](ctx, s.db, "sighting_meet")
}
