package campaigns

import (
	"context"
	"time"

	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// writePublishers replaces the stored publishers and their issues.
//
// The id of a publisher is the key of its From address: it stays the same from
// run to run.
func (c *Run) writePublishers(ctx context.Context, f *outcome) error {
	for _, table := range []string{"publishers", "publisher_issues"} {
		if _, err := c.tx.Exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	columns := []string{"publisher_id", "name", "messages", "listed", "days", "run_id"}
	err := wire.CopyIn(ctx, c.tx, "publishers", columns, indices(len(f.Publishers)), func(r *wire.Rows, i int) {
		p := &f.Publishers[i]
		r.Begin()
		r.Bigint(int64(p.From))
		r.TextValue(f.Values[p.From])
		r.Bigint(int64(len(p.Members)))
		r.Bigint(int64(p.Listed))
		r.Integer(p.Days)
		r.Bigint(f.run)
		r.End()
	})
	if err != nil {
		return err
	}
	var issues [][2]int64 // message, publisher
	for i := range f.Publishers {
		for _, m := range f.Publishers[i].Members {
			issues = append(issues, [2]int64{m, int64(f.Publishers[i].From)})
		}
	}
	return wire.CopyIn(ctx, c.tx, "publisher_issues", []string{"message_key", "publisher_id"}, issues, func(r *wire.Rows, i [2]int64) {
		r.Begin()
		r.Bigint(i[0])
		r.Bigint(i[1])
		r.End()
	})
}

// Publisher is one address that sends regular issues. They are in no campaign.
type Publisher struct {
	ID                  int64  `db:"publisher_id"`
	Name                string // its From address
	Messages, Listed    int64  // issues; those that are list mail
	Days                int64  // on which issues came
	FirstSeen, LastSeen time.Time
	AllPublishers       int64 // also beyond the limit
	AllMessages         int64 // their issues
}

// Publishers lists publishers by their number of issues, largest first: at most
// limit of them, or all for 0. name selects by address or by domain; "" selects
// all.
func (s *Store) Publishers(ctx context.Context, name string, limit int) ([]Publisher, error) {
	return store.Collect[Publisher](ctx, s.db, "publisher_list", wire.WellFormed(name), store.Limit(limit))
}

// Issues lists the messages of publishers, newest first: at most limit of them,
// or all for 0.
func (s *Store) Issues(ctx context.Context, ids []int64, limit int) ([]Message, error) {
	return store.Collect[Message](ctx, s.db, "publisher_messages", ids, store.Limit(limit))
}
