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
	Kinds       []string `db:"-"`            // of the traits that are most its own (findings fills them)
	TraitValues []string `db:"-"`            // of these
	Operation   int64    `db:"operation_id"` // 0: none is known
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
	Ham                int64
	Campaigns, Members int64
	SetAside           []SetAside
	Issues             int64 // messages that are set aside as newsletters
	Stored, StoredHam  int64 // messages that are stored by now
}

// LastRun returns the last complete run, and how much was imported since.
func (s *Store) LastRun(ctx context.Context) (LastRun, error) {
	var c LastRun
	var err error
	if c.Stored, c.StoredHam, err = s.Arrived(ctx, time.Time{}); err != nil {
		return c, err
	}
	err = store.EachRow(ctx, s.db.Pool, sql.Query("correlation_last"), func(last *LastRun) {
		last.Stored, last.StoredHam = c.Stored, c.StoredHam
		// The counts of stored messages are those from before; the statement
		// does not return them.
		c = *last
	})
	return c, store.Failed("read the last correlation", err)
}

// List lists the largest campaigns of at least least messages, after the first
// from: at most limit of them, or all for 0.
func (s *Store) List(ctx context.Context, from, limit, least int) ([]Campaign, error) {
	return store.Collect[Campaign](ctx, s.db, "campaign_list", store.Limit(limit), least, nil, from)
}

// Some lists campaigns of given ids, those that have members, largest first.
func (s *Store) Some(ctx context.Context, ids []int64) ([]Campaign, error) {
	return store.Collect[Campaign](ctx, s.db, "campaign_list", nil, 1, ids, 0)
}

// Smaller counts the campaigns that have members, but fewer than least.
func (s *Store) Smaller(ctx context.Context, least int) (n int64, err error) {
	err = s.db.Pool.QueryRow(ctx, "SELECT count(*) FROM campaigns WHERE members > 0 AND members < $1", least).Scan(&n)
	return n, store.Failed("count campaigns", err)
}

// TraitsOf lists the common traits of each of some campaigns, strongest first.
func (s *Store) TraitsOf(ctx context.Context, ids []int64) (map[int64][]Trait, error) {
	type row struct {
		CampaignID int64
		Trait
	}
	out := make(map[int64][]Trait, len(ids))
	err := store.EachRow(ctx, s.db.Pool, sql.Query("campaign_traits_of"), func(r *row) { out[r.CampaignID] = append(out[r.CampaignID], r.Trait) }, ids)
	return out, store.Failed("read traits", err)
}

// Lure is the commonest subject of a campaign; Subjects counts the distinct ones.
type Lure struct {
	CampaignID         int64
	Subject            string
	Messages, Subjects int64
}

// Lures finds the commonest subject of each of some campaigns.
func (s *Store) Lures(ctx context.Context, ids []int64) (map[int64]Lure, error) {
	list, err := store.Collect[Lure](ctx, s.db, "campaign_lures", ids)
	out := make(map[int64]Lure, len(list))
	for _, l := range list {
		out[l.CampaignID] = l
	}
	return out, err
}

// OperationTraits lists the traits that the campaigns of an operation share,
// strongest first.
func (s *Store) OperationTraits(ctx context.Context, id int64) ([]Trait, error) {
	return store.Collect[Trait](ctx, s.db, "operation_traits", id)
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

// opaque reports whether the values of a kind only tell two apart.
//
// They are hashes and lists of field names, which a list of operations cannot
// show in a line.
func opaque(k evidence.Kind) bool {
	return k.Showing() == evidence.Digits || k.Showing() == evidence.FieldNames
}
