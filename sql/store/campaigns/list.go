package campaigns

import (
	"context"
	"time"

	"spoor/graph/evidence"
	"spoor/sql"
	"spoor/sql/store"
)

// Campaign is one line of the list of campaigns.
type Campaign struct {
	ID          int64 `db:"campaign_id"`
	Messages    int64
	WeakestBits float64
	FirstSeen   time.Time // zero if unknown
	LastSeen    time.Time
	Kinds       []string // of the traits that hold it together best, the strongest first
	TraitValues []string // of these
	Operation   int64    `db:"operation_id"` // 0: unknown
}

// Operation is one line of the list of operations.
type Operation struct {
	ID          int64 `db:"operation_id"`
	WeakestBits float64
	Campaigns   []int64 // those of most messages first
	Messages    int64
	Kind, Value string // of the trait that holds it together best
}

// Operations lists the operations, those of most messages first.
func (s *Store) Operations(ctx context.Context) ([]Operation, error) {
	return store.Collect[Operation](ctx, s.db, "operation_list", evidence.Names(opaque))
}

// SetAside is a link domain that is too common to be evidence.
type SetAside struct {
	Value    string `json:"value"`
	Messages int    `json:"messages"`
	Ham      int    `json:"ham"`
}

// LastRun is the run whose campaigns are stored.
type LastRun struct {
	Run                int64 // 0: there was no run
	Started, Finished  time.Time
	LinkBits           float64 // that two messages had to share
	Messages           int64   // that could have become members
	Background         int64
	Campaigns, Members int64
	SetAside           []SetAside
	Stored, StoredHam  int64 // messages that are stored by now
}

// LastRun returns the last complete run, and how much was imported since.
func (s *Store) LastRun(ctx context.Context) (LastRun, error) {
	var c LastRun
	err := s.db.Pool.QueryRow(ctx, "SELECT count(*) FILTER (WHERE NOT ham), count(*) FILTER (WHERE ham) FROM messages").Scan(&c.Stored, &c.StoredHam)
	if err != nil {
		return c, store.Failed("count messages", err)
	}
	err = store.EachRow(ctx, s.db.Pool, sql.Query("correlation_last"), func(last *LastRun) {
		last.Stored, last.StoredHam = c.Stored, c.StoredHam
		c = *last
	})
	return c, store.Failed("read the last correlation", err)
}

// List lists the largest campaigns, limit of them (0: all).
func (s *Store) List(ctx context.Context, limit int) ([]Campaign, error) {
	return store.Collect[Campaign](ctx, s.db, "campaign_list", store.Limit(limit), evidence.Names(telling))
}

// Slice is the number of a campaign's members in a period.
type Slice struct {
	CampaignID int64
	Slice      int
	Messages   int64
}

// Times counts the members of campaigns in n equal slices of the time between
// from and to.
func (s *Store) Times(ctx context.Context, ids []int64, from, to time.Time, n int) ([]Slice, error) {
	if n < 1 || !to.After(from) {
		return nil, nil
	}
	return store.Collect[Slice](ctx, s.db, "campaign_times", ids, from, to, n)
}

// telling reports whether the values of a kind mean something to a reader.
func telling(k evidence.Kind) bool { return k.Is(evidence.Telling) }

// opaque reports whether the values of a kind are useful only for comparison.
func opaque(k evidence.Kind) bool {
	return k.Showing() == evidence.Digits || k.Showing() == evidence.FieldNames
}
