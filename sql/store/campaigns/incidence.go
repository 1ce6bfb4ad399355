package campaigns

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

// writeIncidence adds the evidence of messages that lack it.
func writeIncidence(ctx context.Context, tx pgx.Tx, list []campaign.Row, version int) error {
	columns := []string{"message_key", "at", "version", "ham", "newsletter", "sender", "features", "sketch"}
	return wire.CopyIn(ctx, tx, "incidence", columns, list, func(r *wire.Rows, m campaign.Row) { encodeIncidence(r, &m, version) })
}

// encodeIncidence writes the columns of writeIncidence.
func encodeIncidence(r *wire.Rows, m *campaign.Row, version int) {
	r.Begin()
	r.Bigint(m.Key)
	if m.At == 0 {
		r.Timestamp(time.Time{}) // unknown
	} else {
		r.Timestamp(time.Unix(m.At, 0))
	}
	r.Integer(version)
	r.Boolean(m.Ham)
	r.Boolean(m.Newsletter)
	r.Inet(m.Sender)
	features := make([]int64, len(m.Features))
	for i, k := range m.Features {
		features[i] = int64(min(k, math.MaxInt64)) // a kind never has the sign's bit
	}
	r.BigintArray(features)
	r.ByteaOrNull(m.Sketch)
	r.End()
}

// Incidence reads the evidence of every message, in any order. A row is valid
// only until each returns.
func (c *Run) Incidence(ctx context.Context, each func(campaign.Row)) error {
	return readIncidence(ctx, c.tx.Conn().PgConn(), each)
}

// Incidence is that of Run, outside of one.
func (s *Store) Incidence(ctx context.Context, each func(campaign.Row)) error {
	conn, err := s.db.Pool.Acquire(ctx)
	if err != nil {
		return store.Failed("read evidence", err)
	}
	defer conn.Release()
	return readIncidence(ctx, conn.Conn().PgConn(), each)
}

// readIncidence reads the whole table, which has a row for every message: the reason why
// wire.CopyOut exists.
func readIncidence(ctx context.Context, conn *pgconn.PgConn, each func(campaign.Row)) error {
	columns := []string{"message_key", "at", "ham", "newsletter", "sender", "features", "sketch"}
	var features []evidence.Key // one slice for all rows
	err := wire.CopyOut(ctx, conn, "incidence", columns, func(r *wire.Row) {
		features = wire.AppendInts(features[:0], r, "features")
		row := campaign.Row{
			Key: r.Int64("message_key"), At: r.Seconds("at"), Ham: r.Bool("ham"), Newsletter: r.Bool("newsletter"),
			Sender: r.Addr("sender"), Features: features, Sketch: r.Bytes("sketch"),
		}
		if r.OK() {
			each(row)
		}
	})
	return store.Failed("read evidence", err)
}
