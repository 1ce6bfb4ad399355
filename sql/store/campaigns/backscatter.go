package campaigns

import (
	"context"
	"time"

	"spoor/sql"
	"spoor/sql/store"
)

// writeBackscatter matches delivery reports with the campaigns whose mail they return. It
// follows the memberships.
func (c *Run) writeBackscatter(ctx context.Context, _ *outcome) error {
	// Rewritten in full: reports are few, and any of them may match another
	// campaign now.
	if _, err := c.tx.Exec(ctx, "DELETE FROM backscatter"); err != nil {
		return err
	}
	_, err := c.tx.Exec(ctx, sql.Query("backscatter"))
	return err
}

// Backscatter sums up the delivery reports that return mail of a campaign. They are no
// members of it.
type Backscatter struct {
	Reports                  int64
	ByID, ByLinks, BySubject int64 // by the evidence that matched them
	FirstSeen, LastSeen      time.Time
	Newest                   []string // SHA-256 of the newest, some
}

// Backscatter returns the reports that return mail of a campaign.
func (s *Store) Backscatter(ctx context.Context, id int64) (b Backscatter, err error) {
	err = store.EachRow(ctx, s.db.Pool, sql.Query("backscatter_of"), func(row *Backscatter) { b = *row }, id)
	return b, store.Failed("read delivery reports", err)
}
