package store

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"spoor/graph/campaign"
	"spoor/graph/evidence"
)

const incidenceReadSQL = "COPY (SELECT message_key, at, ham, newsletter, sender, features, sketch FROM incidence) TO STDOUT (FORMAT binary)"

// Incidence reads what every message offers as evidence, in any order. The row that each
// gets is valid until it returns.
func (c *Correlating) Incidence(ctx context.Context, each func(campaign.Row)) error {
	return readIncidence(ctx, c.tx.Conn().PgConn(), func(r campaign.Row) {
		c.seen = append(c.seen, seen{r.Key, r.At, r.Background})
		each(r)
	})
}

// Incidence is that of Correlating, outside of a run.
func (s *Store) Incidence(ctx context.Context, each func(campaign.Row)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return failed("read evidence", err)
	}
	defer conn.Release()
	return readIncidence(ctx, conn.Conn().PgConn(), each)
}

func readIncidence(ctx context.Context, conn *pgconn.PgConn, each func(campaign.Row)) error {
	d := incidenceDecoder{each: each}
	_, err := conn.CopyTo(ctx, &d, incidenceReadSQL)
	if err == nil && !d.ended {
		err = errIncidence
	}
	return failed("read evidence", err)
}

var errIncidence = errors.New("rows of incidence in an unknown form")

// incidenceDecoder reads COPY's binary format row by row as it comes, without an
// allocation a row: a general driver takes longer to read a million messages than all
// that is done with them.
type incidenceDecoder struct {
	each     func(campaign.Row)
	begun    bool // the header was read
	ended    bool
	part     []byte // of a row that has not come whole
	features []evidence.Key
}

func (d *incidenceDecoder) Write(p []byte) (int, error) {
	data := p
	if len(d.part) > 0 {
		d.part = append(d.part, p...)
		data = d.part
	}
	used, err := d.decode(data)
	if err != nil {
		return 0, err
	}
	d.part = append(d.part[:0], data[used:]...)
	return len(p), nil
}

// decode reads the whole rows of data and returns how far they go.
func (d *incidenceDecoder) decode(data []byte) (int, error) {
	at := 0
	if !d.begun {
		if len(data) < len(copyHeader) {
			return 0, nil
		}
		if string(data[:11]) != copyHeader[:11] {
			return 0, errIncidence
		}
		d.begun, at = true, len(copyHeader)
	}
	for len(data)-at >= 2 {
		switch n := int16(binary.BigEndian.Uint16(data[at:])); {
		case n == -1 && len(data)-at == 2:
			d.ended = true
			return at + 2, nil
		case n != incidenceFields || d.ended:
			return 0, errIncidence
		}
		n, err := d.row(data[at+2:])
		if n == 0 || err != nil {
			return at, err
		}
		at += 2 + n
	}
	return at, nil
}

const incidenceFields = 7

// row reads one row and returns its length; 0 if it has not come whole.
func (d *incidenceDecoder) row(data []byte) (int, error) {
	var field [incidenceFields][]byte
	at := 0
	for i := range field {
		if len(data)-at < 4 {
			return 0, nil
		}
		n := int(int32(binary.BigEndian.Uint32(data[at:])))
		if at += 4; n < 0 {
			continue
		}
		if len(data)-at < n {
			return 0, nil
		}
		field[i] = data[at : at+n]
		at += n
	}
	f := fields{values: field[:]}
	r := campaign.Row{Key: f.int64()}
	if v := f.fixed(8); v != nil {
		r.At = floorDiv(int64(binary.BigEndian.Uint64(v))+epoch, 1_000_000)
	}
	r.Background, r.Newsletter = f.bool(), f.bool()
	r.Sender = f.addr()
	r.Features = d.keys(&f)
	r.Sketch = f.next()
	if f.bad {
		return 0, errIncidence
	}
	d.each(r)
	return at, nil
}

// floorDiv rounds down, before 1970 too.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// keys reads an array of bigint into the one slice that is used for all rows.
func (d *incidenceDecoder) keys(f *fields) []evidence.Key {
	const header, element = 20, 12
	v := f.next()
	d.features = d.features[:0]
	if len(v) == 12 { // without elements
		return nil
	}
	if len(v) < header || (len(v)-header)%element != 0 || binary.BigEndian.Uint32(v) != 1 {
		f.bad = true
		return nil
	}
	for v = v[header:]; len(v) > 0; v = v[element:] {
		d.features = append(d.features, evidence.Key(binary.BigEndian.Uint64(v[4:])))
	}
	return d.features
}
