package logs

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// pair is a message and a transaction that may have brought it.
//
// The query has found it by one of the ids, or by sender and time.
type pair struct {
	MessageKey, DeliveryKey int64
	File                    string
	Floating                bool
	QueueID                 bool   `db:"queue_id"`   // the queue ids agree
	MessageID               bool   `db:"message_id"` // the Message-IDs agree
	Sender                  *bool  // NULL: unknown on one side
	ReturnPath              *bool  // the same
	Recipient               *bool  // the same
	Off                     *int64 // seconds from the transaction to the message; NULL: not known
}

// Zones are whole quarters of an hour, and a wall clock is at most 14 hours off.
const (
	quarter  = 15 * 60
	farthest = 14*3600 + quarter
	closeBy  = 30      // seconds between the lines of one mail in log and header
	sameMail = 10 * 60 // a content filter, or a slow sender, takes that long at most
	enough   = 6       // points
)

// score rates the evidence for a pair, in points; 0 if the pair is impossible.
//
// An id and a second agreement reach enough. One id alone does not: a queue id is used again, and a sender chooses the Message-ID.
func (p *pair) score() float64 {
	points := 0.0
	if p.QueueID {
		points += 4
	}
	if p.MessageID {
		points += 4
	}
	for _, agree := range []*bool{p.Sender, p.ReturnPath, p.Recipient} {
		switch {
		case agree == nil:
		case *agree:
			points += 2
		default:
			points -= 2
		}
	}
	if p.Off == nil {
		return max(points, 0)
	}
	// Positive if the message came after the transaction.
	off := float64(*p.Off)
	// Times without a zone are off by a multiple of a quarter of an hour.
	if p.Floating && math.Abs(off) <= farthest {
		off -= quarter * math.Round(off/quarter)
	}
	switch off = math.Abs(off); {
	case off <= closeBy:
		points += 2 - off/closeBy
	case off > sameMail:
		return 0
	}
	return max(points, 0)
}

// joined is the transaction that a message was found to belong to.
type joined struct {
	pair
	points float64
}

// best chooses the transaction of each message by points. Of two with equal
// points it takes the one with the smaller key, so that the order of files does
// not matter.
//
// A transaction may be chosen by several messages, as copies of one mail have
// one.
func best(pairs []pair) []joined {
	chosen := map[int64]joined{}
	for _, p := range pairs {
		points := p.score()
		if points < enough {
			continue
		}
		old, has := chosen[p.MessageKey]
		if !has || cmp.Or(cmp.Compare(points, old.points), cmp.Compare(old.DeliveryKey, p.DeliveryKey)) > 0 {
			chosen[p.MessageKey] = joined{p, points}
		}
	}
	out := make([]joined, 0, len(chosen))
	for _, j := range chosen {
		out = append(out, j)
	}
	slices.SortFunc(out, func(a, b joined) int { return cmp.Compare(a.MessageKey, b.MessageKey) })
	return out
}

// join finds the transactions of messages that have none yet, and the time
// zones of log files that do not state one.
func join(ctx context.Context, tx pgx.Tx) (zones map[string]int, err error) {
	rows, _ := tx.Query(ctx, sql.Query("logs_pairs"))
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByName[pair])
	if err != nil {
		return nil, err
	}
	found := best(pairs)
	var messages, deliveries []int64
	var points []float64
	for _, j := range found {
		messages, deliveries, points = append(messages, j.MessageKey), append(deliveries, j.DeliveryKey), append(points, j.points)
	}
	if len(found) > 0 {
		if _, err := tx.Exec(ctx, sql.Query("logs_join"), messages, deliveries, points); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, sql.Query("logs_joined"), deliveries); err != nil {
			return nil, err
		}
	}
	if zones, err = settled(ctx, tx); err != nil {
		return nil, err
	}
	// A file's zone follows from the pairs of its transactions with messages,
	// whose Received fields have a zone.
	maps.Copy(zones, clocks(found))
	for file, east := range zones {
		if err := setZone(ctx, tx, file, east); err != nil {
			return nil, err
		}
	}
	return zones, nil
}

// settled derives the zones of files without joined messages from other files
// of the server.
func settled(ctx context.Context, tx pgx.Tx) (map[string]int, error) {
	out := map[string]int{}
	rows, _ := tx.Query(ctx, sql.Query("logs_settled"))
	var file string
	var east int
	_, err := pgx.ForEachRow(rows, []any{&file, &east}, func() error {
		out[file] = east
		return nil
	})
	return out, err
}

// clocks returns the offset east of UTC of each file's clock. It uses only
// messages whose ids match beyond doubt, and most of them have to agree.
//
// Two thirds of a file's votes must agree. The time of summer is among those of
// one file only in the week of the change.
func clocks(found []joined) map[string]int {
	votes := map[string]map[int]int{}
	for _, j := range found {
		if !j.Floating || j.Off == nil || !j.QueueID && !j.MessageID || math.Abs(float64(*j.Off)) > farthest {
			continue
		}
		east := -quarter * int(math.Round(float64(*j.Off)/quarter))
		if votes[j.File] == nil {
			votes[j.File] = map[int]int{}
		}
		votes[j.File][east]++
	}
	out := map[string]int{}
	for file, v := range votes {
		all, most, east := 0, 0, 0
		for e, n := range v {
			all += n
			if n > most || n == most && e < east {
				most, east = n, e
			}
		}
		if 3*most >= 2*all {
			out[file] = east
		}
	}
	return out
}

// setZone converts the times of a file to UTC. east is the remaining offset in
// seconds.
//
// The times of recipients come first, as their query finds the transactions by
// the state before.
func setZone(ctx context.Context, tx pgx.Tx, file string, east int) error {
	shift := time.Duration(east) * time.Second
	for _, query := range []string{"logs_zone_recipients", "logs_zone"} {
		if east == 0 {
			break
		}
		if _, err := tx.Exec(ctx, sql.Query(query), file, shift, int32(east)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, sql.Query("logs_zone_file"), file, int32(east), shift)
	return err
}
