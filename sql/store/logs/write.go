package logs

import (
	"context"
	"encoding/json"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/ingest/maillog"
)

// deliveryColumns are the columns of deliveries in the order of values.
var deliveryColumns = []string{"delivery_key", "message_key", "spamrun_id", "line", "size", "connected_at", "started_at", "ended_at", "seen_at", "last_seen_at",
	"zone_seconds", "pid", "port", "accepted", "refused", "deferred", "lost", "keyed", "opened", "closed", "floating", "sender", "origin", "direction", "given_up",
	"server", "instance", "file", "queue_id", "queue_ids", "reverse_name", "helo", "protocol", "login", "return_path", "message_id", "apart"}

// recipientColumns are the columns of recipients in the order of recipient.
var recipientColumns = []string{"delivery_key", "n", "line", "at", "outcome_at", "repeats", "code", "verdict", "address", "reason", "dsn", "reply", "outcome",
	"outcome_dsn", "outcome_reply", "via", "told_by"}

// write replaces the rows of the same keys: it deletes them and copies the new
// ones in.
//
// The order of the rows within the tables does not matter. COPY is several
// times faster than INSERT for rows of 37 columns.
func write(ctx context.Context, tx pgx.Tx, rows []*row) error {
	keys := make([]int64, len(rows))
	total := 0
	for i, r := range rows {
		keys[i] = r.key
		total += len(r.Recipients)
	}
	if err := remove(ctx, tx, keys); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"deliveries"}, deliveryColumns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		return rows[i].values()
	}))
	if err != nil {
		return err
	}
	i, n := 0, 0
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"recipients"}, recipientColumns, pgx.CopyFromSlice(total, func(int) ([]any, error) {
		// A transaction may have no recipient.
		for n == len(rows[i].Recipients) {
			i, n = i+1, 0
		}
		n++
		return rows[i].recipient(n - 1), nil
	}))
	return err
}

// remove deletes transactions with their recipients.
func remove(ctx context.Context, tx pgx.Tx, keys []int64) error {
	if _, err := tx.Exec(ctx, "DELETE FROM deliveries WHERE delivery_key = ANY($1)", keys); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM recipients WHERE delivery_key = ANY($1)", keys)
	return err
}

// values returns the values of deliveryColumns.
func (r *row) values() ([]any, error) {
	c := r.Counts()
	var apart []byte
	if r.apart != nil {
		var err error
		if apart, err = json.Marshal(r.apart); err != nil {
			return nil, err
		}
	}
	var path *string
	if r.HasReturnPath {
		path = &r.ReturnPath
	}
	return []any{r.key, r.message, r.run, r.Line, known(r.Size), r.atUTC(r.Connected), r.atUTC(r.Started), r.atUTC(r.Ended), r.atUTC(r.Seen), r.atUTC(r.LastSeen),
		int32(r.shift / time.Second), known(int32(r.PID)), known(int32(r.Port)), int32(c.Accepted), int32(c.Refused), int32(c.Deferred), int32(c.Lost),
		r.keyed, r.Opened, r.Closed, r.Floating, address(r.Client), string(r.Origin), known(string(r.Direction)), known(string(r.GivenUp)),
		r.Server, r.Instance, r.File, known(r.QueueID), list(r.QueueIDs), known(r.ReverseName), known(r.HELO), known(r.Protocol), known(r.Login), path,
		known(r.MessageID), apart}, nil
}

// recipient returns the values of recipientColumns for the n-th recipient.
func (r *row) recipient(n int) []any {
	x := &r.Recipients[n]
	return []any{r.key, int32(n), x.Line, r.atUTC(x.At), r.atUTC(x.OutcomeAt), x.Repeats, known(int32(x.Code)), string(x.Verdict), known(x.Address), known(string(x.Reason)),
		known(x.DSN), known(x.Reply), known(string(x.Outcome)), known(x.OutcomeDSN), known(x.OutcomeReply), known(x.Via), known(x.By)}
}

// known converts the zero value, which means that the log lacks it, to NULL.
func known[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// told converts NULL to the zero value.
func told[T any](v *T) (out T) {
	if v != nil {
		out = *v
	}
	return out
}

// address returns NULL for the invalid address, and an IPv4 address without the
// form of IPv6.
func address(a netip.Addr) *netip.Addr {
	if !a.IsValid() {
		return nil
	}
	a = a.Unmap().WithZone("")
	return &a
}

// list returns NULL for an empty list.
// An empty array and NULL would be two values for one thing.
func list(l []string) []string {
	if len(l) == 0 {
		return nil
	}
	return l
}

// fromJSON decodes the output of values.
func fromJSON(data []byte) (*maillog.Delivery, error) {
	if data == nil {
		return nil, nil
	}
	d := new(maillog.Delivery)
	return d, json.Unmarshal(data, d)
}
