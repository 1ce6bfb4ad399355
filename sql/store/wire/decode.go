package wire

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// binaryFormat is the format code of PostgreSQL's binary representation.
const binaryFormat = 1

// Fields reads the fields of a row in PostgreSQL's binary format, one after the other,
// NULL as the zero value. A field in a form that is not expected sets odd and reads as
// zero: the caller asks once, after the row.
type Fields struct {
	values [][]byte
	odd    bool
}

// Bad tells that a field had a form that was not expected.
func (f *Fields) Bad() bool { return f.odd }

func (f *Fields) Next() []byte {
	if len(f.values) == 0 {
		f.odd = true
		return nil
	}
	v := f.values[0]
	f.values = f.values[1:]
	return v
}

// fixed returns a field of n bytes; nil for NULL.
func (f *Fields) fixed(n int) []byte {
	v := f.Next()
	if v != nil && len(v) != n {
		f.odd = true
		return nil
	}
	return v
}

func (f *Fields) Int64() int64 {
	if v := f.fixed(8); v != nil {
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

// Int32Or returns the number, or what stands for NULL.
func (f *Fields) Int32Or(null int) int {
	if v := f.fixed(4); v != nil {
		return int(int32(binary.BigEndian.Uint32(v)))
	}
	return null
}

func (f *Fields) Real() float32 {
	if v := f.fixed(4); v != nil {
		return math.Float32frombits(binary.BigEndian.Uint32(v))
	}
	return 0
}

func (f *Fields) Bool() bool {
	v := f.fixed(1)
	return v != nil && v[0] != 0
}

func (f *Fields) Text() string { return string(f.Next()) }

func (f *Fields) Bytes() []byte { return append([]byte(nil), f.Next()...) }

// Time makes the zero time of NULL.
func (f *Fields) Time() time.Time {
	if v := f.fixed(8); v != nil {
		return time.UnixMicro(int64(binary.BigEndian.Uint64(v)) + epoch).UTC()
	}
	return time.Time{}
}

// Seconds reads a time as seconds of Unix time, rounded down; NULL as 0.
func (f *Fields) Seconds() int64 {
	if v := f.fixed(8); v != nil {
		return floorDiv(int64(binary.BigEndian.Uint64(v))+epoch, 1_000_000)
	}
	return 0
}

// floorDiv rounds down, before 1970 too.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (f *Fields) Addr() netip.Addr {
	a, ok := decodeInet(f.Next())
	f.odd = f.odd || !ok
	return a.Addr()
}

func (f *Fields) Prefix() netip.Prefix {
	p, ok := decodeInet(f.Next())
	f.odd = f.odd || !ok
	return p
}

// decodeInet reads an inet or cidr: family, bits, whether it is a cidr, length, address.
func decodeInet(v []byte) (netip.Prefix, bool) {
	if v == nil {
		return netip.Prefix{}, true
	}
	if len(v) < 4 {
		return netip.Prefix{}, false
	}
	a, ok := netip.AddrFromSlice(v[4:])
	return netip.PrefixFrom(a, int(v[1])), ok
}

func (f *Fields) Texts() []string {
	var out []string
	f.array(func(v []byte) { out = append(out, string(v)) })
	return out
}

func (f *Fields) Addrs() []netip.Addr {
	var out []netip.Addr
	f.array(func(v []byte) {
		if p, ok := decodeInet(v); ok {
			out = append(out, p.Addr())
		}
	})
	return out
}

func (f *Fields) Int64s() []int64 {
	var out []int64
	f.array(func(v []byte) {
		if len(v) == 8 {
			out = append(out, int64(binary.BigEndian.Uint64(v)))
		}
	})
	return out
}

// AppendInts appends an array of bigint without NULLs to list.
func AppendInts[T ~int64 | ~uint64](f *Fields, list []T) []T {
	const header, element = 20, 12
	v := f.Next()
	if len(v) == 12 { // without elements
		return list
	}
	if len(v) < header || (len(v)-header)%element != 0 || binary.BigEndian.Uint32(v) != 1 {
		f.odd = true
		return list
	}
	for v = v[header:]; len(v) > 0; v = v[element:] {
		list = append(list, T(binary.BigEndian.Uint64(v[4:])))
	}
	return list
}

// array reads an array of one dimension: dimensions, whether there are NULLs, type of
// the elements; count and lower bound; each element with its length before it.
func (f *Fields) array(each func([]byte)) {
	v := f.Next()
	if v == nil || len(v) == 12 && binary.BigEndian.Uint32(v) == 0 {
		return
	}
	if len(v) < 20 || binary.BigEndian.Uint32(v) != 1 {
		f.odd = true
		return
	}
	for rest := v[20:]; len(rest) > 0; {
		if len(rest) < 4 {
			f.odd = true
			return
		}
		n := int(int32(binary.BigEndian.Uint32(rest)))
		if rest = rest[4:]; n < 0 {
			continue
		}
		if n > len(rest) {
			f.odd = true
			return
		}
		each(rest[:n])
		rest = rest[n:]
	}
}

// bigints is an array of numbers as a parameter.
func bigints(list []int64) []byte {
	r := Rows{buf: make([]byte, 0, 20+12*len(list))}
	r.BigintArray(list)
	return r.buf[4:] // a parameter's length stands elsewhere
}

// EachRow runs a statement with an array of numbers as its only parameter and reads its
// rows. What a row points to is valid until each returns.
func EachRow(ctx context.Context, conn *pgconn.PgConn, statement string, keys []int64, each func(*Fields)) error {
	return readAll(conn.ExecParams(ctx, statement, [][]byte{bigints(keys)}, []uint32{oidInt8Array}, []int16{binaryFormat}, []int16{binaryFormat}), each)
}

// EveryRow is eachRow for a statement without parameters.
func EveryRow(ctx context.Context, conn *pgconn.PgConn, statement string, each func(*Fields)) error {
	return readAll(conn.ExecParams(ctx, statement, nil, nil, nil, []int16{binaryFormat}), each)
}

func readAll(result *pgconn.ResultReader, each func(*Fields)) error {
	var f Fields
	bad := 0
	for result.NextRow() {
		f = Fields{values: result.Values()}
		if each(&f); f.odd || len(f.values) > 0 {
			bad++
		}
	}
	_, err := result.Close()
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d rows in an unknown form", bad)
	}
	return err
}
