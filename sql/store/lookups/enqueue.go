package lookups

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
	"spoor/sql/store"
)

// The statements that fill the queue, by kind of subject.
var (
	enqueueDomainsSQL   = sql.Query("enrich_enqueue_domains")
	enqueueHostsSQL     = sql.Query("enrich_enqueue_hosts")
	enqueueAddressesSQL = sql.Query("enrich_enqueue_addresses")
	enqueueNamedSQL     = sql.Query("enrich_enqueue_named")
	contactHostsSQL     = sql.Query("enrich_contact_hosts")
)

// analyzeAfter is the number of new rows after which the queue's statistics are
// useless. With the statistics of an empty table, a claim would read all of it.
const analyzeAfter = 500

// Enqueue fills the queue from the facts: registered domains and hosts of
// links, domains of mail addresses, and sender addresses. Existing rows stay.
// The priority of names in new mail rises, and a row with a distant due time
// becomes due once its answer has expired.
//
// The priority grows with the logarithm of the number of messages, spam before
// ham. A name that was never looked up precedes one that was. New rows are due
// from now.
func (q *Queue) Enqueue(ctx context.Context, now time.Time) (added int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	// The steps read all links. They are skipped while no import has stored
	// anything.
	state, err := q.factsState(ctx)
	if err != nil {
		return 0, store.Failed("look for new facts", err)
	}
	if state == q.filled {
		return 0, nil
	}
	for _, step := range []func(context.Context, time.Time) (int, error){
		q.enqueueBy(enqueueDomainsSQL), q.enqueueBy(enqueueHostsSQL), q.enqueueBy(enqueueAddressesSQL), q.enqueueContacts,
	} {
		n, err := step(ctx, now.UTC())
		added += n
		if err != nil {
			return added, store.Failed("fill the queue", err)
		}
	}
	if added >= analyzeAfter {
		if _, err := q.store.db.Pool.Exec(ctx, "ANALYZE lookups, domains"); err != nil {
			return added, store.Failed("analyze the queue", err)
		}
	}
	if err := q.store.db.SettleHosting(ctx); err != nil {
		return added, store.Failed("work out where domains point to", err)
	}
	// Only after all steps: if one fails, the next call repeats all of them,
	// which adds nothing twice.
	q.filled = state
	return added, nil
}

// factsState changes with every batch that an import stores.
//
// One row an import, so the query stays cheap however much mail is stored.
func (q *Queue) factsState(ctx context.Context) (state string, err error) {
	err = q.store.db.Pool.QueryRow(ctx, "SELECT concat(count(*), ' ', sum(read), ' ', sum(added)) FROM imports").Scan(&state)
	return state, err
}

// enqueueBy runs a statement that adds rows in its own transaction, and returns
// their number.
func (q *Queue) enqueueBy(statement string) func(context.Context, time.Time) (int, error) {
	return func(ctx context.Context, now time.Time) (added int, err error) {
		err = q.store.db.Transaction(ctx, func(tx pgx.Tx) error {
			// Sorting and hashing all links at once justifies more memory than
			// a claim.
			if _, err := tx.Exec(ctx, "SET LOCAL work_mem = '64MB'"); err != nil {
				return err
			}
			return tx.QueryRow(ctx, statement, now).Scan(&added)
		})
		return added, err
	}
}

// contactDomain is a registered domain of mail addresses.
type contactDomain struct {
	messages, ham int64
	first, last   *time.Time
}

// enqueueContacts adds the domains of mail addresses in messages.
func (q *Queue) enqueueContacts(ctx context.Context, now time.Time) (added int, err error) {
	if q.Registered == nil {
		return 0, nil
	}
	domains := map[string]contactDomain{}
	rows, _ := q.store.db.Pool.Query(ctx, contactHostsSQL)
	var host string
	var messages, ham int64
	var first, last *time.Time
	_, err = pgx.ForEachRow(rows, []any{&host, &messages, &ham, &first, &last}, func() error {
		// Sum up the hosts of a domain: one registration serves all.
		if name := q.Registered(host); name != "" {
			d := domains[name]
			d.messages, d.ham = d.messages+messages, d.ham+ham
			d.first, d.last = earlier(d.first, first), later(d.last, last)
			domains[name] = d
		}
		return nil
	})
	if err != nil || len(domains) == 0 {
		return 0, err
	}
	var names []string
	var all, wanted []int64
	var firsts, lasts []*time.Time
	// The order of a map is random; the statement sorts before it locks.
	for name, d := range domains {
		names, all, wanted = append(names, name), append(all, d.messages), append(wanted, d.ham)
		firsts, lasts = append(firsts, d.first), append(lasts, d.last)
	}
	err = q.store.db.Transaction(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, enqueueNamedSQL, now, names, all, wanted, firsts, lasts).Scan(&added)
	})
	return added, err
}

// earlier returns the earlier of two times; nil is unknown.
func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

// later returns the later of two times; nil is unknown.
func later(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}
