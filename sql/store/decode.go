package store

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

// fields reads the fields of a row in PostgreSQL's binary format, one after the other,
// NULL as the zero value. A field in a form that is not expected sets bad and reads as
// zero: the caller asks once, after the row.
type fields struct {
	values [][]byte
	bad    bool
}

func (f *fields) next() []byte {
	if len(f.values) == 0 {
		f.bad = true
		return nil
	}
	v := f.values[0]
	f.values = f.values[1:]
	return v
}

// fixed returns a field of n bytes; nil for NULL.
func (f *fields) fixed(n int) []byte {
	v := f.next()
	if v != nil && len(v) != n {
		f.bad = true
		return nil
	}
	return v
}

func (f *fields) int64() int64 {
	if v := f.fixed(8); v != nil {
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

// int32Or returns the number, or what stands for NULL.
func (f *fields) int32Or(null int) int {
	if v := f.fixed(4); v != nil {
		return int(int32(binary.BigEndian.Uint32(v)))
	}
	return null
}

func (f *fields) real() float32 {
	if v := f.fixed(4); v != nil {
		return math.Float32frombits(binary.BigEndian.Uint32(v))
	}
	return 0
}

func (f *fields) bool() bool {
	v := f.fixed(1)
	return v != nil && v[0] != 0
}

func (f *fields) text() string { return string(f.next()) }

func (f *fields) bytes() []byte { return append([]byte(nil), f.next()...) }

// time makes the zero time of NULL.
func (f *fields) time() time.Time {
	if v := f.fixed(8); v != nil {
		return time.UnixMicro(int64(binary.BigEndian.Uint64(v)) + epoch).UTC()
	}
	return time.Time{}
}

func (f *fields) addr() netip.Addr {
	a, ok := decodeInet(f.next())
	f.bad = f.bad || !ok
	return a.Addr()
}

func (f *fields) prefix() netip.Prefix {
	p, ok := decodeInet(f.next())
	f.bad = f.bad || !ok
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

func (f *fields) texts() []string {
	var out []string
	f.array(func(v []byte) { out = append(out, string(v)) })
	return out
}

func (f *fields) addrs() []netip.Addr {
	var out []netip.Addr
	f.array(func(v []byte) {
		if p, ok := decodeInet(v); ok {
			out = append(out, p.Addr())
		}
	})
	return out
}

func (f *fields) int64s() []int64 {
	var out []int64
	f.array(func(v []byte) {
		if len(v) == 8 {
			out = append(out, int64(binary.BigEndian.Uint64(v)))
		}
	})
	return out
}

// array reads an array of one dimension: dimensions, whether there are NULLs, type of
// the elements; count and lower bound; each element with its length before it.
func (f *fields) array(each func([]byte)) {
	v := f.next()
	if v == nil || len(v) == 12 && binary.BigEndian.Uint32(v) == 0 {
		return
	}
	if len(v) < 20 || binary.BigEndian.Uint32(v) != 1 {
		f.bad = true
		return
	}
	for rest := v[20:]; len(rest) > 0; {
		if len(rest) < 4 {
			f.bad = true
			return
		}
		n := int(int32(binary.BigEndian.Uint32(rest)))
		if rest = rest[4:]; n < 0 {
			continue
		}
		if n > len(rest) {
			f.bad = true
			return
		}
		each(rest[:n])
		rest = rest[n:]
	}
}

// bigints is an array of numbers as a parameter.
func bigints(list []int64) []byte {
	r := rows{buf: make([]byte, 0, 20+12*len(list))}
	r.bigintArray(list)
	return r.buf[4:] // a parameter's length stands elsewhere
}

// eachRow runs a statement with an array of numbers as its only parameter and reads its
// rows. What a row points to is valid until each returns.
func eachRow(ctx context.Context, conn *pgconn.PgConn, statement string, keys []int64, each func(*fields)) error {
	return readAll(conn.ExecParams(ctx, statement, [][]byte{bigints(keys)}, []uint32{oidInt8Array}, []int16{binaryFormat}, []int16{binaryFormat}), each)
}

// everyRow is eachRow for a statement without parameters.
func everyRow(ctx context.Context, conn *pgconn.PgConn, statement string, each func(*fields)) error {
	return readAll(conn.ExecParams(ctx, statement, nil, nil, nil, []int16{binaryFormat}), each)
}

func readAll(result *pgconn.ResultReader, each func(*fields)) error {
	var f fields
	bad := 0
	for result.NextRow() {
		f = fields{values: result.Values()}
		if each(&f); f.bad || len(f.values) > 0 {
			bad++
		}
	}
	_, err := result.Close()
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d rows in an unknown form", bad)
	}
	return err
}
