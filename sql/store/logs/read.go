package logs

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"spoor/ingest/maillog"
	"spoor/sql"
	"spoor/sql/store"
)

// stored is a row of deliveries.
//
// A pointer is nil where the log does not tell.
type stored struct {
	DeliveryKey   int64
	MessageKey    *int64
	SpamrunID     *int64 `db:"spamrun_id"`
	Line          int64
	Size          *int64
	ConnectedAt   *time.Time
	StartedAt     *time.Time
	EndedAt       *time.Time
	SeenAt        *time.Time
	LastSeenAt    *time.Time
	ZoneSeconds   int32
	PID           *int32 `db:"pid"`
	Port          *int32
	Keyed, Opened bool
	Closed        bool
	Floating      bool
	Sender        *netip.Addr
	Origin        string
	Direction     *string
	GivenUp       *string
	Server        string
	Instance      string
	File          string
	QueueID       *string  `db:"queue_id"`
	QueueIDs      []string `db:"queue_ids"`
	ReverseName   *string
	Helo          *string
	Protocol      *string
	Login         *string
	ReturnPath    *string
	MessageID     *string `db:"message_id"`
	Apart         []byte
}

// storedRecipient is a row of recipients.
type storedRecipient struct {
	DeliveryKey  int64
	Line         int64
	At           *time.Time
	OutcomeAt    *time.Time
	Repeats      int32
	Code         *int32
	Verdict      string
	Address      *string
	Reason       *string
	DSN          *string `db:"dsn"`
	Reply        *string
	Outcome      *string
	OutcomeDSN   *string `db:"outcome_dsn"`
	OutcomeReply *string
	Via          *string
	ToldBy       *string
}

// read returns the transactions of the keys, with times as they were logged.
func read(ctx context.Context, q store.Querier, keys []int64) (map[int64]*row, error) {
	out := make(map[int64]*row, len(keys))
	rows, _ := q.Query(ctx, sql.Query("logs_deliveries"), keys)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[stored])
	if err != nil {
		return nil, err
	}
	for i := range all {
		r, err := all[i].row()
		if err != nil {
			return nil, err
		}
		out[r.key] = r
	}
	if len(all) == 0 {
		return out, nil
	}
	rows, _ = q.Query(ctx, sql.Query("logs_recipients"), keys)
	to, err := pgx.CollectRows(rows, pgx.RowToStructByName[storedRecipient])
	if err != nil {
		return nil, err
	}
	for i := range to {
		if r := out[to[i].DeliveryKey]; r != nil {
			r.Recipients = append(r.Recipients, to[i].recipient(r))
		}
	}
	return out, nil
}

// row converts the row to a transaction with times as they were logged.
//
// Merging needs times as they were logged, because fragments that come later
// have those.
func (s *stored) row() (*row, error) {
	r := &row{key: s.DeliveryKey, keyed: s.Keyed, message: s.MessageKey, run: s.SpamrunID, shift: time.Duration(s.ZoneSeconds) * time.Second}
	apart, err := fromJSON(s.Apart)
	r.apart = apart
	r.Delivery = maillog.Delivery{Origin: maillog.Origin(s.Origin), Server: s.Server, Instance: s.Instance, File: s.File, Line: s.Line, PID: int(told(s.PID)),
		Opened: s.Opened, Closed: s.Closed, Floating: s.Floating, Connected: r.wall(s.ConnectedAt), Started: r.wall(s.StartedAt), Ended: r.wall(s.EndedAt),
		Seen: r.wall(s.SeenAt), LastSeen: r.wall(s.LastSeenAt), QueueID: told(s.QueueID), QueueIDs: s.QueueIDs, Client: told(s.Sender), Port: uint16(told(s.Port)),
		ReverseName: told(s.ReverseName), HELO: told(s.Helo), Protocol: told(s.Protocol), Login: told(s.Login), ReturnPath: told(s.ReturnPath),
		HasReturnPath: s.ReturnPath != nil, MessageID: told(s.MessageID), Size: told(s.Size), Direction: maillog.Direction(told(s.Direction)),
		GivenUp: maillog.Outcome(told(s.GivenUp))}
	return r, err
}

// recipient converts the row.
func (s *storedRecipient) recipient(r *row) maillog.Recipient {
	return maillog.Recipient{Line: s.Line, At: r.wall(s.At), Address: told(s.Address), Repeats: s.Repeats, Verdict: maillog.Verdict(s.Verdict), Code: int(told(s.Code)),
		DSN: told(s.DSN), Reason: maillog.Reason(told(s.Reason)), Reply: told(s.Reply), Outcome: maillog.Outcome(told(s.Outcome)), OutcomeAt: r.wall(s.OutcomeAt),
		OutcomeDSN: told(s.OutcomeDSN), OutcomeReply: told(s.OutcomeReply), Via: told(s.Via), By: told(s.ToldBy)}
}
