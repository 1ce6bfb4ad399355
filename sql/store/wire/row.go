package wire

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Row reads the columns of one row by their names, NULL as the zero value. A column
// in an unexpected form reads as zero too, and OK reports it. Values point into the row: they
// are valid until the next is read.
type Row struct {
	names  []string
	values [][]byte
	at     int // index of the column that was read last
	err    error
}

// OK reports whether every column that was read is there and had the form expected.
func (r *Row) OK() bool { return r.err == nil }

// Bytes returns a column's bytes; nil for NULL.
func (r *Row) Bytes(name string) []byte {
	// Columns are mostly read in their order: the search begins behind the last one.
	for range r.names {
		if r.at++; r.at >= len(r.names) {
			r.at = 0
		}
		if r.names[r.at] == name {
			return r.values[r.at]
		}
	}
	r.odd(name, nil)
	return nil
}

// fixed returns a column of n bytes; nil for NULL.
func (r *Row) fixed(name string, n int) []byte {
	v := r.Bytes(name)
	if v != nil && len(v) != n {
		r.odd(name, v)
		return nil
	}
	return v
}

// odd keeps the first error.
func (r *Row) odd(name string, v []byte) {
	if r.err == nil {
		r.err = fmt.Errorf("column %s is missing or in an unknown form (%d bytes)", name, len(v))
	}
}

// Int64 reads a bigint.
func (r *Row) Int64(name string) int64 {
	if v := r.fixed(name, 8); v != nil {
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

// Bool reads a boolean.
func (r *Row) Bool(name string) bool {
	v := r.fixed(name, 1)
	return v != nil && v[0] != 0
}

// Seconds reads a timestamptz as seconds of Unix time, rounded down, before 1970 too.
func (r *Row) Seconds(name string) int64 {
	v := r.fixed(name, 8)
	if v == nil {
		return 0
	}
	const micro = 1_000_000
	t := int64(binary.BigEndian.Uint64(v)) + epoch
	s := t / micro
	if t%micro < 0 {
		s--
	}
	return s
}

// Addr reads an inet: family, bits, whether it is a cidr, length, address.
func (r *Row) Addr(name string) netip.Addr {
	v := r.Bytes(name)
	if v == nil {
		return netip.Addr{}
	}
	if len(v) < 4 {
		r.odd(name, v)
		return netip.Addr{}
	}
	a, ok := netip.AddrFromSlice(v[4:])
	if !ok {
		r.odd(name, v)
	}
	return a
}

// AppendInts appends the elements of a bigint[] without NULLs to list. (Its form: number of
// dimensions, whether there are NULLs, type of the elements; count and lower bound; each
// element with its length before it.)
func AppendInts[T ~int64 | ~uint64](list []T, r *Row, name string) []T {
	const header, element = 20, 12
	v := r.Bytes(name)
	if v == nil || len(v) == 12 { // NULL, or without elements
		return list
	}
	if len(v) < header || (len(v)-header)%element != 0 || binary.BigEndian.Uint32(v) != 1 {
		r.odd(name, v)
		return list
	}
	for v = v[header:]; len(v) > 0; v = v[element:] {
		list = append(list, T(binary.BigEndian.Uint64(v[4:])))
	}
	return list
}
