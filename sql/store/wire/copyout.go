package wire

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

var errForm = errors.New("rows in an unknown form")

// CopyOut runs a COPY TO STDOUT (FORMAT binary) and reads its rows one by one as they
// come, without an allocation a row: a general driver takes longer to read a million
// rows than all that is done with them. What a row points to is valid until each returns.
func CopyOut(ctx context.Context, conn *pgconn.PgConn, statement string, each func(*Fields)) error {
	d := copyDecoder{each: each}
	_, err := conn.CopyTo(ctx, &d, statement)
	if err == nil && !d.ended {
		err = errForm
	}
	return err
}

// copyDecoder splits COPY's binary format into rows.
type copyDecoder struct {
	each  func(*Fields)
	begun bool   // the header was read
	ended bool   // the trailer was
	part  []byte // of a row that has not come whole
	row   [][]byte
}

func (d *copyDecoder) Write(p []byte) (int, error) {
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
func (d *copyDecoder) decode(data []byte) (int, error) {
	at := 0
	if !d.begun {
		if len(data) < len(copyHeader) {
			return 0, nil
		}
		if string(data[:11]) != copyHeader[:11] {
			return 0, errForm
		}
		d.begun, at = true, len(copyHeader)
	}
	for len(data)-at >= 2 {
		n := int(int16(binary.BigEndian.Uint16(data[at:])))
		switch {
		case n == -1 && len(data)-at == 2:
			d.ended = true
			return at + 2, nil
		case n < 0 || d.ended:
			return 0, errForm
		}
		n, err := d.decodeRow(data[at+2:], n)
		if n < 0 || err != nil {
			return at, err
		}
		at += 2 + n
	}
	return at, nil
}

// decodeRow reads a row of n fields and returns its length; -1 if it has not come whole.
func (d *copyDecoder) decodeRow(data []byte, n int) (int, error) {
	d.row = d.row[:0]
	at := 0
	for range n {
		if len(data)-at < 4 {
			return -1, nil
		}
		size := int(int32(binary.BigEndian.Uint32(data[at:])))
		if at += 4; size < 0 {
			d.row = append(d.row, nil)
			continue
		}
		if len(data)-at < size {
			return -1, nil
		}
		d.row = append(d.row, data[at:at+size])
		at += size
	}
	f := Fields{values: d.row}
	if d.each(&f); f.odd || len(f.values) > 0 {
		return 0, errForm
	}
	return at, nil
}
