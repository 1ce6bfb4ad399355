package logs

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/ingest/maillog"
	"spoor/sql"
	"spoor/sql/store"
)

// resolvePage is the number of parts per transaction.
const resolvePage = 500

// Finish puts parts to the transactions that they belong to, now that all files
// are read.
//
// An error leaves the rest for a later call; the transactions joined so far are
// right in themselves.
func (w *Writer) Finish(ctx context.Context) error {
	keys := slices.Sorted(maps.Keys(w.loose))
	for part := range slices.Chunk(keys, resolvePage) {
		err := w.store.locked(ctx, func(tx pgx.Tx) error { return resolve(ctx, tx, part) })
		if err != nil {
			return store.Failed("join parts of transactions", err)
		}
	}
	clear(w.loose)
	return nil
}

// resolve joins the transactions of keys and of their neighbours again. It
// first takes all joined transactions apart, so that the order in which files
// were read does not matter.
//
// The Book joins as a test's reference does, so there is one rule for fragments
// in the whole program.
func resolve(ctx context.Context, tx pgx.Tx, keys []int64) error {
	rows, err := neighbours(ctx, tx, keys)
	if err != nil {
		return err
	}
	parts, err := tails(ctx, tx, rows)
	if err != nil {
		return err
	}
	var book maillog.Book
	alone := map[int64]maillog.Delivery{}
	for _, k := range slices.Sorted(maps.Keys(rows)) {
		d := rows[k].Delivery
		if a := rows[k].apart; a != nil {
			d = *a
		}
		alone[k] = d
		book.Put(d)
	}
	for _, k := range slices.Sorted(maps.Keys(parts)) {
		if _, both := alone[k]; !both {
			alone[k] = parts[k]
			book.Put(parts[k])
		}
	}
	return settle(ctx, tx, rows, alone, book.All())
}

// same reports whether two fragments have equal content.
func same(a, b *maillog.Delivery) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// settle writes the result: transactions, and the fragments merged into others.
//
// Fragments that were merged into others are kept in log_tails as they were
// logged, since a file that comes later may show that they belong elsewhere.
func settle(ctx context.Context, tx pgx.Tx, rows map[int64]*row, alone map[int64]maillog.Delivery, all []maillog.Delivery) error {
	var found []*row
	left := map[int64]bool{}
	for i := range all {
		key, keyed := keyOf(&all[i])
		r := &row{key: key, keyed: keyed, Delivery: all[i]}
		if old := rows[key]; old != nil {
			r.message, r.run, r.shift = old.message, old.run, old.shift
		}
		// Keep the part as it was logged, so that a later log can join it
		// otherwise.
		if a, ok := alone[key]; ok && !same(&a, &all[i]) {
			r.apart = &a
		}
		left[key] = true
		found = append(found, r)
	}
	if err := write(ctx, tx, found); err != nil {
		return err
	}
	var gone []int64
	for k := range alone {
		if !left[k] {
			gone = append(gone, k)
		}
	}
	slices.Sort(gone)
	if err := remove(ctx, tx, gone); err != nil {
		return err
	}
	for _, k := range gone {
		d := alone[k]
		text, err := json.Marshal(&d)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO log_tails (tail_key, server, threads, data) VALUES ($1, $2, $3, $4)
			ON CONFLICT (tail_key) DO UPDATE SET threads = excluded.threads, data = excluded.data`, k, d.Server, threads(&d), text)
		if err != nil {
			return err
		}
	}
	return nil
}

// neighbours reads the transactions of keys and those connected to them, in two
// steps: the transaction before a filter, and the one before that.
func neighbours(ctx context.Context, tx pgx.Tx, keys []int64) (map[int64]*row, error) {
	rows, err := read(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	// Two steps reach the mail behind a filter, and the mail in front of that.
	for range 2 {
		var servers, ids, messages, clients []string
		for _, r := range rows {
			servers = append(servers, r.Server)
			if r.QueueID == "" {
				if r.Client.IsValid() {
					clients = append(clients, r.Client.Unmap().WithZone("").String())
				}
				continue
			}
			ids = append(ids, threads(&r.Delivery)...)
			if r.isPart() && r.MessageID != "" {
				messages = append(messages, r.MessageID)
			}
		}
		found, _ := tx.Query(ctx, sql.Query("logs_neighbours"), servers, ids, messages, clients)
		more, err := pgx.CollectRows(found, pgx.RowTo[int64])
		if err != nil {
			return nil, err
		}
		more = slices.DeleteFunc(more, func(k int64) bool { return rows[k] != nil })
		if len(more) == 0 {
			break
		}
		next, err := read(ctx, tx, more)
		if err != nil {
			return nil, err
		}
		maps.Copy(rows, next)
	}
	return rows, nil
}

// tails reads the stretches that meet the rows in a thread.
//
// "&&" is true for arrays with an element in common, which an index finds.
func tails(ctx context.Context, tx pgx.Tx, rows map[int64]*row) (map[int64]maillog.Delivery, error) {
	var servers, names []string
	for _, r := range rows {
		servers = append(servers, r.Server)
		names = append(names, threads(&r.Delivery)...)
	}
	out := map[int64]maillog.Delivery{}
	found, _ := tx.Query(ctx, "SELECT tail_key, data FROM log_tails WHERE server = ANY($1) AND threads && $2", servers, names)
	var key int64
	var data []byte
	_, err := pgx.ForEachRow(found, []any{&key, &data}, func() error {
		d, err := fromJSON(data)
		if err == nil {
			out[key] = *d
		}
		return err
	})
	return out, err
}

// whole returns a time for a column that accepts NULL; the zero time is NULL.
func whole(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
