package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// errForm means a server that speaks another COPY than ours, or cut it short.
var errForm = errors.New("rows in an unknown form")

// CopyOut reads columns of every row of a table one by one, in any order. A row
// is valid only until each returns.
func CopyOut(ctx context.Context, conn *pgconn.PgConn, table string, columns []string, each func(*Row)) error {
	d := copyDecoder{each: each, row: Row{names: columns, values: make([][]byte, len(columns))}}
	_, err := conn.CopyTo(ctx, &d, "COPY "+table+" ("+strings.Join(columns, ", ")+") TO STDOUT (FORMAT binary)")
	if err == nil && !d.ended {
		err = errForm
	}
	return err
}

// copyDecoder splits COPY's binary format into rows.
type copyDecoder struct {
	each  func(*Row)
	begun bool   // the header was read
	ended bool   // the trailer was
	part  []byte // of a row that has not come whole
	row   Row
}

// Write takes the next part of the stream, which ends anywhere.
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

// decode reads the complete rows in data and returns their length.
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
		switch n := int(int16(binary.BigEndian.Uint16(data[at:]))); {
		case n == -1 && len(data)-at == 2:
			d.ended = true
			return at + 2, nil
		case n != len(d.row.names) || d.ended:
			return 0, errForm
		}
		n, err := d.decodeRow(data[at+2:])
		if n < 0 || err != nil {
			return at, err
		}
		at += 2 + n
	}
	return at, nil
}

// decodeRow reads a row and returns its length; -1 if it has not come whole.
func (d *copyDecoder) decodeRow(data []byte) (int, error) {
	at := 0
	for i := range d.row.values {
		if len(data)-at < 4 {
			return -1, nil
		}
		size := int(int32(binary.BigEndian.Uint32(data[at:])))
		if at += 4; size < 0 {
			d.row.values[i] = nil
			continue
		}
		if len(data)-at < size {
			return -1, nil
		}
		d.row.values[i] = data[at : at+size]
		at += size
	}
	d.row.at = -1
	d.each(&d.row)
	return at, d.row.err
}
