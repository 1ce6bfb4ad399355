package lookups

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/enrich"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// The statements of the queue.
var (
	wakeSQL          = sql.Query("enrich_wake")
	claimSQL         = sql.Query("enrich_claim")
	candidatesSQL    = sql.Query("enrich_candidates")
	leaseSQL         = sql.Query("enrich_lease")
	coveredSQL       = sql.Query("enrich_covered")
	finishLookupsSQL = sql.Query("enrich_finish")
	returnSQL        = sql.Query("enrich_return")
	followUpSQL      = sql.Query("enrich_follow")
)

// Lanes other than top-level domains.
const (
	laneDNS       = "dns"
	laneAddresses = "addresses"
)

// Options of Queue. The zero value suits a command.
type Options struct {
	Worker string // name of the claiming process, for display; "" for machine and process id
	// Now is the clock; nil for the database's, which all machines share.
	Now func() time.Time
	// Registered returns the registered domain of a host, or "". With it,
	// domains of mail addresses in messages are looked up as well.
	Registered func(host string) string
}

// Queue is the queue of look-ups. It implements enrich.Queue, enrich.Waiting
// and enrich.Ranked, and is safe for concurrent use.
type Queue struct {
	Options
	store *Store

	mu     sync.Mutex
	filled string // state of the facts when the queue was last filled
}

// Queue returns the queue of look-ups with a unique worker name.
func (s *Store) Queue(o Options) *Queue {
	if o.Worker == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "?"
		}
		o.Worker = fmt.Sprintf("%s/%d", host, os.Getpid())
	}
	o.Worker = wire.Clean(o.Worker, maxSubject) + "/" + rand.Text()[:6]
	return &Queue{Options: o, store: s}
}

// now returns NULL for the clock of the database.
func (q *Queue) now() *time.Time {
	if q.Now == nil {
		return nil
	}
	t := q.Now().UTC()
	return &t
}

// Claim implements enrich.Queue. It skips rows that others have leased or are
// claiming. Of addresses that may share a netblock it hands out one at a time,
// and none in a known block.
//
// A lease ends by itself after its time, so that the tasks of a killed worker
// come back.
func (q *Queue) Claim(ctx context.Context, lane string, n int, lease time.Duration) ([]enrich.Claim, error) {
	if n <= 0 {
		return nil, nil
	}
	var claims []enrich.Claim
	err := q.store.db.Transaction(ctx, func(tx pgx.Tx) (err error) {
		if _, err := tx.Exec(ctx, wakeSQL, q.now()); err != nil {
			return err
		}
		if lane == laneAddresses {
			claims, err = q.claimAddresses(ctx, tx, n, lease)
			return err
		}
		rows, _ := tx.Query(ctx, claimSQL, lane, n, q.Worker, q.now(), lease)
		claims, err = collectClaims(rows)
		return err
	})
	return claims, store.Failed("claim look-ups", err)
}

// collectClaims sorts claims by priority, because an UPDATE returns rows in any
// order.
func collectClaims(rows pgx.Rows) ([]enrich.Claim, error) {
	claims, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c enrich.Claim, err error) {
		err = row.Scan(&c.Task, &c.Kind, &c.Name, &c.Lane, &c.Priority, &c.Attempts)
		return c, err
	})
	slices.SortFunc(claims, func(a, b enrich.Claim) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Task, b.Task))
	})
	return claims, err
}

// claimAddresses claims tasks on addresses. It examines more rows than it may
// claim, since neighbours of leased addresses must wait for their answer.
//
// The advisory lock makes claims of addresses take turns: two of them would
// hand out neighbours at the same time.
func (q *Queue) claimAddresses(ctx context.Context, tx pgx.Tx, n int, lease time.Duration) ([]enrich.Claim, error) {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockAddresses); err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, "SELECT address FROM lookups WHERE lane = $1 AND leased_by IS NOT NULL", laneAddresses)
	leased, err := pgx.CollectRows(rows, pgx.RowTo[netip.Addr])
	if err != nil {
		return nil, err
	}
	for {
		// Four times the number wanted: in a usual store most candidates have
		// no neighbour among them.
		rows, _ := tx.Query(ctx, candidatesSQL, laneAddresses, max(4*n, 100), q.now())
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[candidate])
		if err != nil {
			return nil, err
		}
		// An address in a block with a fresh answer needs no question. One near
		// an address in progress waits for that answer.
		chosen, covered := choose(list, leased, n)
		if len(covered) > 0 {
			if _, err := tx.Exec(ctx, coveredSQL, covered, q.now()); err != nil {
				return nil, err
			}
		}
		// All candidates were covered: look at the next ones.
		if len(chosen) == 0 && len(covered) > 0 {
			continue
		}
		if len(chosen) == 0 {
			return nil, nil
		}
		rows, _ = tx.Query(ctx, leaseSQL, chosen, q.Worker, q.now(), lease)
		return collectClaims(rows)
	}
}

// candidate is an address that might be asked about.
type candidate struct {
	Name     string
	Address  netip.Addr
	Covered  bool // it is in a fresh netblock
	Explored bool // a fresh netblock is known in its neighbourhood
	Barren   bool // no netblock was found for a close neighbour, so there is none to share
}

// choose picks up to n candidates. No two of them, and none of them and a
// leased address, are neighbours, because one block usually contains both.
func choose(list []candidate, leased []netip.Addr, n int) (chosen, covered []string) {
	near, far := map[netip.Prefix]bool{}, map[netip.Prefix]bool{}
	take := func(a netip.Addr) {
		narrow, wide := enrich.Neighbourhood(a)
		near[narrow], far[wide] = true, true
	}
	for _, a := range leased {
		take(a)
	}
	for _, c := range list {
		narrow, wide := enrich.Neighbourhood(c.Address)
		switch {
		case c.Covered:
			covered = append(covered, c.Name)
		case len(chosen) == n, near[narrow] && !c.Barren, far[wide] && !c.Explored && !c.Barren:
		default:
			chosen = append(chosen, c.Name)
			take(c.Address)
		}
	}
	return chosen, covered
}

// Lanes implements enrich.Queue.
func (q *Queue) Lanes(ctx context.Context) (map[string]int, error) {
	lanes := map[string]int{}
	err := q.store.db.Transaction(ctx, func(tx pgx.Tx) error {
		// The transaction may run twice, after a conflict.
		clear(lanes)
		if _, err := tx.Exec(ctx, wakeSQL, q.now()); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, "SELECT lane, count(*) FROM lookups WHERE ready GROUP BY lane")
		var lane string
		var n int
		_, err := pgx.ForEachRow(rows, []any{&lane, &n}, func() error { lanes[lane] = n; return nil })
		return err
	})
	return lanes, store.Failed("look for due look-ups", err)
}

// Finish implements enrich.Queue. It stores observations even after the lease
// ended, because they are true. A worker that has claimed the task meanwhile
// keeps it.
func (q *Queue) Finish(ctx context.Context, done []enrich.Done) error {
	var all []enrich.Observation
	for i := range done {
		all = append(all, done[i].Observations...)
	}
	// Hashing and JSON happen before the transaction, which holds locks.
	list := prepareAll(all)
	err := q.store.db.Transaction(ctx, func(tx pgx.Tx) error {
		if err := q.finish(ctx, tx, done); err != nil {
			return err
		}
		if err := q.follow(ctx, tx, done); err != nil {
			return err
		}
		return record(ctx, tx, list)
	})
	return store.Failed("store what was found", q.store.settled(ctx, err))
}

// finish updates the rows of claims in the common order of locks.
func (q *Queue) finish(ctx context.Context, tx pgx.Tx, done []enrich.Done) error {
	done = slices.SortedFunc(slices.Values(done), func(a, b enrich.Done) int { return compareClaims(a.Claim, b.Claim) })
	var names, kinds, tasks, servers []string
	var due []time.Time
	var asked, fresh []*time.Time
	var final []bool
	var outcomes []*string
	for i := range done {
		d := &done[i]
		names, kinds, tasks = append(names, d.Name), append(kinds, string(d.Kind)), append(tasks, string(d.Task))
		servers = append(servers, wire.Clean(d.PutOffBy, maxServer))
		s := summarise(d)
		due, asked, fresh = append(due, d.Due), append(asked, s.asked), append(fresh, s.fresh)
		final, outcomes = append(final, s.final), append(outcomes, textOrNull(s.outcome))
	}
	_, err := tx.Exec(ctx, finishLookupsSQL, q.Worker, q.now(), names, kinds, tasks, due, asked, fresh, final, outcomes, servers)
	return err
}

// summary holds the queue's columns of a finished claim.
type summary struct {
	asked, fresh *time.Time
	final        bool
	outcome      string // the best one
}

// summarise picks the best outcome of several sources: an answer before "does
// not exist", and that before a failure.
//
// fresh is the earliest expiry: the task is due again when its first answer is
// stale.
func summarise(d *enrich.Done) summary {
	s := summary{final: len(d.Observations) == 0} // known from elsewhere
	rank := func(outcome string) int {
		switch enrich.Outcome(outcome) {
		case enrich.Answered:
			return 3
		case enrich.None:
			return 2
		case "":
			return 0
		}
		return 1
	}
	for i := range d.Observations {
		o := &d.Observations[i]
		if s.asked == nil || o.AskedAt.After(*s.asked) {
			s.asked = &o.AskedAt
		}
		s.final = s.final || o.Outcome.Final()
		if o.Outcome.Final() && (s.fresh == nil || o.Expires.Before(*s.fresh)) {
			s.fresh = &o.Expires
		}
		if rank(string(o.Outcome)) > rank(s.outcome) {
			s.outcome = string(o.Outcome)
		}
	}
	return s
}

// maxFollowed limits the name servers of one answer that are looked up. A
// delegation of 13 fits into the 512 bytes of RFC 1035; longer lists are made
// to cause work.
const maxFollowed = 64

// follow queues the addresses in DNS answers: their holders and, for hosts,
// their reverse names. Their priority is slightly below that of the name.
func (q *Queue) follow(ctx context.Context, tx pgx.Tx, done []enrich.Done) error {
	worth := map[task]float64{}
	note := func(list []netip.Addr, what enrich.Task, priority float64) {
		for _, a := range list {
			if a = a.Unmap(); askable(a) {
				k := task{a, what}
				worth[k] = max(worth[k], priority)
			}
		}
	}
	for i := range done {
		for j := range done[i].Observations {
			r, ok := done[i].Observations[j].Parsed.(*enrich.Records)
			if !ok || r == nil {
				continue
			}
			for _, list := range [][]netip.Addr{r.A, r.AAAA} {
				// A follow-up is worth a little less than the question that led
				// to it.
				note(list, enrich.NetblockTask, done[i].Priority*0.9)
				note(list, enrich.ReverseTask, done[i].Priority*0.9)
			}
			for _, ns := range r.NS[:min(len(r.NS), maxFollowed)] {
				note(ns.Addrs, enrich.NetblockTask, done[i].Priority*0.8)
			}
		}
	}
	if len(worth) == 0 {
		return nil
	}
	var addrs []netip.Addr
	var tasks, lanes []string
	var priorities []float64
	// The statement sorts; the order of the map does not matter.
	for k, priority := range worth {
		lane := laneDNS
		if k.task == enrich.NetblockTask {
			lane = laneAddresses
		}
		addrs, tasks = append(addrs, k.addr), append(tasks, string(k.task))
		lanes, priorities = append(lanes, lane), append(priorities, priority)
	}
	_, err := tx.Exec(ctx, followUpSQL, addrs, tasks, lanes, priorities, q.now())
	return err
}

// task is a follow-up question about an address.
type task struct {
	addr netip.Addr
	task enrich.Task
}

// askable reports whether somebody may hold an address. Registries do not know
// private ones.
func askable(a netip.Addr) bool {
	return a.IsValid() && a.Zone() == "" && !a.IsPrivate() && !a.IsLoopback() && !a.IsUnspecified() &&
		!a.IsLinkLocalUnicast() && !a.IsMulticast() && (!a.Is4() || a.As4()[0] != 0 && a.As4()[0] < 240)
}

// Return implements enrich.Queue.
//
// server is the one that everybody has to wait for, "" for none. Attempts are
// not counted up, as nobody was asked.
func (q *Queue) Return(ctx context.Context, claims []enrich.Claim, due time.Time, server string) error {
	if len(claims) == 0 {
		return nil
	}
	claims = slices.SortedFunc(slices.Values(claims), compareClaims)
	var names, kinds, tasks []string
	for _, c := range claims {
		names, kinds, tasks = append(names, c.Name), append(kinds, string(c.Kind)), append(tasks, string(c.Task))
	}
	return store.Failed("give look-ups back", q.store.db.Transaction(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, returnSQL, q.Worker, due, names, kinds, tasks, wire.Clean(server, maxServer))
		return err
	}))
}

// compareClaims is the order in which rows of the queue are locked.
func compareClaims(a, b enrich.Claim) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Task, b.Task))
}
