package logs

import (
	"context"
	"encoding/json"
	"maps"
	"net/netip"
	"slices"

	"github.com/jackc/pgx/v5"

	"spoor/ingest"
	"spoor/ingest/maillog"
	"spoor/sql"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// Writer is one run that adds logs. It is an ingest.LogStore, for one goroutine.
//
// Finish must follow the last file. Without it the rows are right, but parts of
// one transaction stand apart.
type Writer struct {
	Before int64 // transactions that were stored when it began

	store *Store
	// loose are transactions that may be part of others, or have parts elsewhere.
	loose map[int64]bool
	zone  bool // some have no zone
}

var _ ingest.LogStore = (*Writer)(nil)

// Begin returns a Writer.
func (s *Store) Begin() *Writer { return &Writer{store: s, loose: map[int64]bool{}} }

// Count counts the transactions that are stored.
func (s *Store) Count(ctx context.Context) (n int64, err error) {
	err = s.db.Pool.QueryRow(ctx, "SELECT count(*) FROM deliveries").Scan(&n)
	return n, store.Failed("count transactions", err)
}

// Deliveries implements ingest.LogStore.
//
// added counts rows that are new, also those that turn out to be parts of
// others later. A batch is stored whole or not at all.
func (w *Writer) Deliveries(ctx context.Context, all []maillog.Delivery) (added int, err error) {
	fresh, order := gather(all)
	err = w.store.locked(ctx, func(tx pgx.Tx) error {
		added = 0
		old, err := read(ctx, tx, order)
		if err != nil {
			return err
		}
		rows := make([]*row, 0, len(order))
		for _, k := range order {
			r := fresh[k]
			if o := old[k]; o != nil {
				r = o.with(r)
			} else {
				added++
			}
			rows = append(rows, r)
		}
		if err := write(ctx, tx, rows); err != nil {
			return err
		}
		return w.note(ctx, tx, rows)
	})
	return added, store.Failed("store transactions of a log", err)
}

// gather merges the parts of each transaction within a batch.
func gather(all []maillog.Delivery) (fresh map[int64]*row, order []int64) {
	fresh = make(map[int64]*row, len(all))
	for i := range all {
		d := all[i]
		clean(&d)
		key, keyed := keyOf(&d)
		if r := fresh[key]; r != nil {
			r.Delivery = maillog.Merge(r.Delivery, d)
			continue
		}
		fresh[key] = &row{key: key, keyed: keyed, Delivery: d}
		order = append(order, key)
	}
	return fresh, order
}

// with merges a file's part into the stored one. For a transaction with tails,
// it also updates the form without them.
func (r *row) with(fresh *row) *row {
	out := *r
	out.Delivery = maillog.Merge(r.Delivery, fresh.Delivery)
	if r.apart != nil {
		apart := maillog.Merge(*r.apart, fresh.Delivery)
		out.apart = &apart
	}
	return &out
}

// locked runs f in a transaction that excludes other writers of logs.
//
// Two imports of logs at once wait for each other here, batch by batch. Readers
// are not held up.
func (s *Store) locked(ctx context.Context, f func(pgx.Tx) error) error {
	return s.db.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", store.LockLogs); err != nil {
			return err
		}
		return f(tx)
	})
}

// note remembers the transactions that Finish has to resolve: parts, and the
// transactions that a stored part can belong to. All files must be read first,
// because a part can come from a file that is read later.
func (w *Writer) note(ctx context.Context, tx pgx.Tx, rows []*row) error {
	byThread := map[string][]int64{}
	var behind []string
	var clients []netip.Addr
	for _, r := range rows {
		w.zone = w.zone || r.Floating
		if r.isPart() || r.apart != nil {
			w.loose[r.key] = true
			continue
		}
		for _, t := range threads(&r.Delivery) {
			byThread[t] = append(byThread[t], r.key)
		}
		behind = append(behind, r.QueueIDs...)
		if a := address(r.Client); r.QueueID == "" && a != nil && !r.Closed {
			clients = append(clients, *a)
		}
	}
	asked := slices.Sorted(maps.Keys(byThread))
	found, _ := tx.Query(ctx, sql.Query("logs_waiting"), asked, behind, clients)
	waiting, err := pgx.CollectRows(found, pgx.RowTo[string])
	for _, t := range waiting {
		for _, k := range byThread[t] {
			w.loose[k] = true
		}
	}
	return err
}

// isPart reports whether the transaction may continue one of other lines.
// Either its beginning was not read, or the client is the server itself, as for
// mail that a content filter returns.
//
// It errs on the side of yes, which costs a look and no more.
func (r *row) isPart() bool {
	if r.QueueID == "" {
		return r.Connected.IsZero()
	}
	return !r.Opened || !r.Client.IsValid() || r.Client.IsLoopback()
}

// threads returns the names by which the parts of a transaction are found: its
// queue ids, or the client and envelope sender of a connection without one.
func threads(d *maillog.Delivery) []string {
	if d.QueueID == "" {
		return []string{d.Client.String() + " " + wire.Clean(d.ReturnPath, wire.MaxKey)}
	}
	return append([]string{d.QueueID}, d.QueueIDs...)
}

// shape is the form of a maillog.Shape in log_files.
type shape struct {
	Text    string `json:"shape"`
	Count   int64  `json:"lines"`
	Line    int64  `json:"first_line"`
	Unknown bool   `json:"unknown"`
}

// maxShapes bounds the stored shapes of a file.
const maxShapes = 200

// File implements ingest.LogStore.
//
// A file that is read again replaces its row.
func (w *Writer) File(ctx context.Context, f maillog.FileInfo) error {
	list := []shape{}
	for _, s := range f.UnknownShapes {
		list = append(list, shape{wire.WellFormed(s.Text), s.Count, s.Line, true})
	}
	for _, s := range f.OtherShapes {
		list = append(list, shape{wire.WellFormed(s.Text), s.Count, s.Line, false})
	}
	text, err := json.Marshal(slices.Clip(list[:min(len(list), maxShapes)]))
	if err != nil {
		return err
	}
	var zone *int
	if f.ZoneBasis != maillog.BasisNone {
		zone = &f.ZoneSeconds
	}
	_, err = w.store.db.Pool.Exec(ctx, sql.Query("logs_file"),
		wire.Clean(f.Name, wire.MaxKey), known(wire.Clean(f.Server, wire.MaxText)), known(string(f.Kind)), whole(f.First), whole(f.Last), f.Lines, f.Unknown, zone,
		known(f.ZoneBasis), known(f.YearBasis), text)
	return store.Failed("note a log file", err)
}
