package store

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"
)

// Object ids of PostgreSQL's built-in types, fixed for good (pg_type.dat).
const (
	oidBool        = 16
	oidBytea       = 17
	oidInt8        = 20
	oidInt4        = 23
	oidText        = 25
	oidInet        = 869
	oidTextArray   = 1009
	oidInt8Array   = 1016
	oidInt2        = 21
	oidFloat4      = 700
	oidFloat8      = 701
	oidTimestamptz = 1184
)

const (
	maxText  = 64 << 10 // bytes of one text value
	maxTexts = 1 << 20  // bytes of one array of texts
	maxKey   = 1000     // bytes of a text that a btree indexes; it refuses rows over 2,700
)

// rows builds rows in PostgreSQL's binary format: as COPY wants them, or, with record
// set, as elements of an array of a table's row type, where the type's id stands before
// every field. Doing this by hand instead of through pgx's general encoding takes a
// third of the time, and makes this the one place at which foreign text is made fit
// for the database.
type rows struct {
	buf    []byte
	record bool
	start  int // of the record's length, in buf
	count  int // records begun
}

// stream returns rows that begin with COPY's header, ended.
func (r *rows) stream() *bytes.Reader {
	return bytes.NewReader(append(r.buf, 0xff, 0xff))
}

// begin starts a row of n fields. end must follow the last of them.
func (r *rows) begin(n int) {
	r.count++
	if r.record {
		r.start = len(r.buf)
		r.int32(0)
		r.int32(int32(n))
		return
	}
	r.buf = binary.BigEndian.AppendUint16(r.buf, uint16(n))
}

func (r *rows) end() {
	if r.record {
		binary.BigEndian.PutUint32(r.buf[r.start:], uint32(len(r.buf)-r.start-4))
	}
}

func (r *rows) int32(v int32) { r.buf = binary.BigEndian.AppendUint32(r.buf, uint32(v)) }
func (r *rows) int64(v int64) { r.buf = binary.BigEndian.AppendUint64(r.buf, uint64(v)) }

// head starts a field of n bytes.
func (r *rows) head(oid uint32, n int) {
	if r.record {
		r.int32(int32(oid))
	}
	r.int32(int32(n))
}

func (r *rows) null(oid uint32) { r.head(oid, -1) }

func (r *rows) bigint(v int64) {
	r.head(oidInt8, 8)
	r.int64(v)
}

// bigintOrNull leaves zero unknown.
func (r *rows) bigintOrNull(v int64) {
	if v == 0 {
		r.null(oidInt8)
		return
	}
	r.bigint(v)
}

// natural writes a size or an offset: never less than zero.
func (r *rows) natural(v int64) { r.bigint(max(v, 0)) }

func (r *rows) integer(v int) {
	r.head(oidInt4, 4)
	r.int32(int32(min(max(v, math.MinInt32), math.MaxInt32)))
}

// index writes an index into a slice: none if negative.
func (r *rows) index(v int) {
	if v < 0 {
		r.null(oidInt4)
		return
	}
	r.integer(v)
}

func (r *rows) integerOrNull(v int) {
	if v == 0 {
		r.null(oidInt4)
		return
	}
	r.integer(v)
}

func (r *rows) boolean(v bool) {
	r.head(oidBool, 1)
	b := byte(0)
	if v {
		b = 1
	}
	r.buf = append(r.buf, b)
}

func (r *rows) bytea(b []byte) {
	r.head(oidBytea, len(b))
	r.buf = append(r.buf, b...)
}

// byteaOrNull leaves no bytes unknown.
func (r *rows) byteaOrNull(b []byte) {
	if len(b) == 0 {
		r.null(oidBytea)
		return
	}
	r.bytea(b)
}

// hashOrNull leaves the zero hash unknown.
func (r *rows) hashOrNull(h *[32]byte) {
	if *h == [32]byte{} {
		r.null(oidBytea)
		return
	}
	r.bytea(h[:])
}

// text leaves the empty string unknown.
func (r *rows) text(s string) {
	if s == "" {
		r.null(oidText)
		return
	}
	r.textValue(s)
}

// textValue writes a text even if it is empty.
func (r *rows) textValue(s string) {
	s = clean(s, maxText)
	r.head(oidText, len(s))
	r.buf = append(r.buf, s...)
}

// key writes a text that a btree indexes.
func (r *rows) key(s string) {
	r.text(clean(s, maxKey))
}

// texts leaves the empty list unknown.
func (r *rows) texts(list []string) {
	if len(list) == 0 {
		r.null(oidTextArray)
		return
	}
	r.head(oidTextArray, 0)
	start := len(r.buf)
	r.int32(1) // dimensions
	r.int32(0) // no nulls
	r.int32(oidText)
	count := len(r.buf)
	r.int32(0) // elements
	r.int32(1) // lower bound
	n := int32(0)
	for _, s := range list {
		if len(r.buf)-start > maxTexts {
			break
		}
		s = clean(s, maxText)
		r.int32(int32(len(s)))
		r.buf = append(r.buf, s...)
		n++
	}
	binary.BigEndian.PutUint32(r.buf[count:], uint32(n))
	binary.BigEndian.PutUint32(r.buf[start-4:], uint32(len(r.buf)-start))
}

// bigintArray writes all numbers, be there none.
func (r *rows) bigintArray(list []int64) {
	r.head(oidInt8Array, 20+12*len(list))
	r.int32(1) // dimensions
	r.int32(0) // no nulls
	r.int32(oidInt8)
	r.int32(int32(len(list)))
	r.int32(1) // lower bound
	for _, v := range list {
		r.int32(8)
		r.int64(v)
	}
}

func (r *rows) smallint(v int) {
	r.head(oidInt2, 2)
	r.buf = binary.BigEndian.AppendUint16(r.buf, uint16(int16(v)))
}

func (r *rows) double(v float64) {
	r.head(oidFloat8, 8)
	r.int64(int64(math.Float64bits(v)))
}

func (r *rows) real(v float32) {
	r.head(oidFloat4, 4)
	r.int32(int32(math.Float32bits(v)))
}

// inet leaves the invalid address unknown. An IPv4 address written in IPv6 is the same
// address; a zone means nothing on another machine.
func (r *rows) inet(a netip.Addr) {
	if !a.IsValid() {
		r.null(oidInet)
		return
	}
	if a = a.Unmap(); a.Is4() {
		b := a.As4()
		r.head(oidInet, 4+len(b))
		r.buf = append(r.buf, 2, 32, 0, 4) // family, bits, not a cidr, length
		r.buf = append(r.buf, b[:]...)
		return
	}
	b := a.As16()
	r.head(oidInet, 4+len(b))
	r.buf = append(r.buf, 3, 128, 0, 16)
	r.buf = append(r.buf, b[:]...)
}

// epoch is PostgreSQL's, 2000-01-01, in microseconds of Unix time.
const epoch = 946_684_800_000_000

// timestamp leaves the zero time unknown, and years that no mail was written in: outside
// 1 to 9999 neither RFC 3339 nor PostgreSQL's clients agree on how to write them.
func (r *rows) timestamp(t time.Time) {
	if t.IsZero() || !inRange(t) {
		r.null(oidTimestamptz)
		return
	}
	r.head(oidTimestamptz, 8)
	r.int64(t.UnixMicro() - epoch)
}

func inRange(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

// clean makes s fit for a text column: at most limit bytes of valid UTF-8 without NUL.
// What is not is replaced by U+FFFD.
func clean(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
		for i := 1; i <= utf8.UTFMax && i <= len(s); i++ {
			if utf8.RuneStart(s[len(s)-i]) {
				if !utf8.FullRuneInString(s[len(s)-i:]) {
					s = s[:len(s)-i]
				}
				break
			}
		}
	}
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if len(s) > limit { // a replacement is three bytes
		return clean(s, limit)
	}
	return s
}
