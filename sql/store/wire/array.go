package wire

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// RowType is a table's row type and the type of its arrays.
type RowType struct{ Row, Array uint32 }

// Array is an array of rows, the one parameter of a statement.
type Array struct {
	Rows
	oid uint32
}

// countAt is where in an array's header the number of elements stands.
const countAt = 12

// NewArray begins an array. (Its form: number of dimensions, whether there are NULLs, type of
// the elements; count and lower bound; each element with its length before it.)
func NewArray(t RowType) *Array {
	a := &Array{Rows: Rows{record: true}, oid: t.Array}
	a.int32(1) // dimensions
	a.int32(0) // no nulls
	a.int32(int32(t.Row))
	a.int32(0) // elements
	a.int32(1) // lower bound
	return a
}

// Exec runs a statement with the array as its parameter and returns the message
// keys that the statement returns.
func (a *Array) Exec(ctx context.Context, tx pgx.Tx, statement string) ([]int64, error) {
	if a.count == 0 {
		return nil, nil
	}
	binary.BigEndian.PutUint32(a.buf[countAt:], uint32(a.count))
	result := tx.Conn().PgConn().ExecParams(ctx, statement, [][]byte{a.buf}, []uint32{a.oid}, []int16{pgx.BinaryFormatCode}, []int16{pgx.BinaryFormatCode}).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	keys := make([]int64, len(result.Rows))
	for n, row := range result.Rows {
		if len(row) != 1 || len(row[0]) != 8 {
			return nil, fmt.Errorf("a message key of %d columns", len(row))
		}
		keys[n] = int64(binary.BigEndian.Uint64(row[0]))
	}
	return keys, nil
}
