package campaigns

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
	"spoor/sql/store"
	"spoor/sql/store/wire"
)

const incidenceColumns = "(message_key, at, version, ham, newsletter, sender, features, sketch)"

const incidenceCopySQL = "COPY incidence " + incidenceColumns + " FROM STDIN (FORMAT binary)"

// offered is what a message offers as evidence.
type offered struct {
	*evidence.Message
	keys []evidence.Key
}

func writeIncidence(ctx context.Context, tx pgx.Tx, list []offered) error {
	_, err := tx.Conn().PgConn().CopyFrom(ctx, wire.NewStream(list, encodeIncidence), incidenceCopySQL)
	return err
}

func encodeIncidence(r *wire.Rows, m offered) {
	r.Begin(8)
	r.Bigint(m.Key)
	r.Timestamp(m.ReceivedAt)
	r.Integer(evidence.Version)
	r.Boolean(m.Background)
	r.Boolean(evidence.Newsletter(m.Message))
	r.Inet(m.Sender)
	features := make([]int64, len(m.keys))
	for i, k := range m.keys {
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
	return readIncidence(ctx, c.tx.Conn().PgConn(), func(r campaign.Row) {
		c.seen = append(c.seen, seen{r.Key, r.At, r.Background})
		each(r)
	})
}

// Incidence is that of Correlating, outside of a run.
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
