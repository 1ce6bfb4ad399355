package logs

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"spoor/graph/recipient"
	"spoor/graph/spamrun"
	"spoor/sql"
)

// attempt is the input of the search for runs: a transaction, or a stored
// message that no log mentions.
//
// At and Until are seconds since 1970 in UTC. The last four slices have one
// entry for each recipient and go together.
type attempt struct {
	DeliveryKey *int64 // NULL: a message without a log
	MessageKey  *int64
	Messages    int64 // stored copies of it
	Sender      netip.Addr
	At, Until   int64
	ReturnPath  *string
	Helo        *string
	HeloSenders int64 // number of senders with the same HELO name
	ReverseName *string
	Server      *string
	Ham         *bool    // NULL: not stored
	SpamrunID   *int64   `db:"spamrun_id"` // that it is in so far
	MessageRun  *int64   // the same of its message
	Addresses   []string // of its recipients, "" where the log does not tell
	Verdicts    []string
	Kinds       []string
	Sure        []float32
}

// Limits of the memory of a run.
const (
	// fetched is the number of rows of each FETCH.
	fetched = 2000
	// mostOfSender bounds the attempts of one sender in memory. The mail of a
	// larger relay is read in pieces of some days each.
	mostOfSender = 1 << 14
)

// bySender calls each with the attempts of one sender after another, in the
// order of logs_attempts. It reads them through a cursor, and reuses the slice
// after each call: memory is bounded by the largest sender, or by mostOfSender.
//
// A sender beyond mostOfSender comes in several calls, one after the other.
// Runs at the border of two pieces may be cut in two; such a sender is a relay,
// whose runs mean little.
func bySender(ctx context.Context, tx pgx.Tx, each func([]attempt) error) error {
	var all []attempt
	err := declare(ctx, tx, "attempts", "logs_attempts")
	if err != nil {
		return err
	}
	err = pages(ctx, tx, "attempts", func(page []attempt) error {
		for i := range page {
			if len(all) > 0 && (all[0].Sender != page[i].Sender || len(all) == mostOfSender) {
				if err := each(all); err != nil {
					return err
				}
				clear(all)
				all = all[:0]
			}
			all = append(all, page[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(all) > 0 {
		if err := each(all); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, "CLOSE attempts")
	return err
}

// declare opens a cursor, which can be read several times, over the rows of a query.
func declare(ctx context.Context, tx pgx.Tx, cursor, query string) error {
	// All rows are read. The default of 0.1 prefers a plan with an early first
	// row, whose last row comes late.
	if _, err := tx.Exec(ctx, "SET LOCAL cursor_tuple_fraction = 1"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DECLARE "+cursor+" SCROLL CURSOR FOR "+sql.Query(query))
	return err
}

// pages calls each with the rows of a cursor, some thousands at a time.
func pages[Row any](ctx context.Context, tx pgx.Tx, cursor string, each func([]Row) error) error {
	for {
		rows, _ := tx.Query(ctx, fmt.Sprintf("FETCH %d FROM %s", fetched, cursor))
		page, err := pgx.CollectRows(rows, pgx.RowToStructByName[Row])
		if err != nil {
			return err
		}
		if err := each(page); err != nil || len(page) < fetched {
			return err
		}
	}
}

// arrival returns the attempt in the finder's form; i is its place among those
// of its sender.
//
// Recipients are passed as hashes: the finder only compares them, and names
// would be most of its memory.
func (a *attempt) arrival(i int) spamrun.Arrival {
	out := spamrun.Arrival{Message: int64(i), Sender: a.Sender, At: a.At, Until: a.Until, HELO: told(a.Helo), ReverseName: told(a.ReverseName)}
	if a.ReturnPath != nil {
		out.ReturnPath = cmp.Or(*a.ReturnPath, "<>")
	}
	if a.Ham != nil {
		out.Class = spamrun.Spam
		if *a.Ham {
			out.Class = spamrun.Wanted
		}
	}
	for n, to := range a.Addresses {
		h := fnv.New64a()
		h.Write([]byte(to)) // never fails
		out.Tried++
		out.Tries = append(out.Tries, h.Sum64())
		switch verdict := a.Verdicts[n]; {
		case verdict == "refused" || verdict != "deferred" && a.damaged(n):
			out.Bad++
		case verdict == "deferred":
			out.PutOff = append(out.PutOff, h.Sum64())
		}
	}
	return out
}

// damaged reports whether a recipient is an address that a list maker broke.
//
// Kinds with an honest cause do not count, and neither does an explanation that
// is as likely wrong as right.
func (a *attempt) damaged(n int) bool {
	switch recipient.Kind(a.Kinds[n]) {
	case recipient.Valid, recipient.Foreign, recipient.Unknown, recipient.Role, recipient.Stale, "":
		return false
	}
	return a.Sure[n] >= 0.5
}
