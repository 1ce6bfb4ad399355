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

const incidenceColumns = "(message_key, at, version, ham, newsletter, sender, features, sketch)"

const incidenceCopySQL = "COPY incidence " + incidenceColumns + " FROM STDIN (FORMAT binary)"

func writeIncidence(ctx context.Context, tx pgx.Tx, list []campaign.Row, version int) error {
	encode := func(r *wire.Rows, m campaign.Row) { encodeIncidence(r, &m, version) }
	_, err := tx.Conn().PgConn().CopyFrom(ctx, wire.NewStream(list, encode), incidenceCopySQL)
	return err
}

func encodeIncidence(r *wire.Rows, m *campaign.Row, version int) {
	r.Begin(8)
	r.Bigint(m.Key)
	if m.At == 0 {
		r.Timestamp(time.Time{}) // unknown
	} else {
		r.Timestamp(time.Unix(m.At, 0))
	}
	r.Integer(version)
	r.Boolean(m.Background)
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

const incidenceReadSQL = "COPY (SELECT message_key, at, ham, newsletter, sender, features, sketch FROM incidence) TO STDOUT (FORMAT binary)"

// Incidence reads what every message offers as evidence, in any order. The row that each
// gets is valid until it returns.
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

func readIncidence(ctx context.Context, conn *pgconn.PgConn, each func(campaign.Row)) error {
	var features []evidence.Key // one slice for all rows
	err := wire.CopyOut(ctx, conn, incidenceReadSQL, func(f *wire.Fields) {
		r := campaign.Row{Key: f.Int64(), At: f.Seconds(), Background: f.Bool(), Newsletter: f.Bool(), Sender: f.Addr()}
		features = wire.AppendInts(f, features[:0])
		r.Features, r.Sketch = features, f.Next()
		if !f.Bad() {
			each(r)
		}
	})
	return store.Failed("read evidence", err)
}
