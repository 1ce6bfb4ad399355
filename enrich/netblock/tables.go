package netblock

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/gaissmai/bart"
	"github.com/oschwald/maxminddb-golang/v2"

	"spoor/enrich"
)

// Tables are files of the user that list the holders or origin ASes of
// addresses. The format is recognised by content:
//
//   - mmdb: MaxMind's format, with the fields of GeoLite2-ASN, -Country and -ISP, of
//     DB-IP and of IPinfo
//   - delegated-extended files of the regional registries
//   - lines of prefix, AS and name in any order, of first and last address (iptoasn), of
//     address and length (Routeviews pfx2as), by tab, comma, bar or blank, with a header
//     line or without
//
// Text may be compressed by gzip.
type Tables struct{ tables []*table }

// table is one file.
//
// Exactly one of mmdb and the two tables is used. mmdb files are mapped into
// memory and read in place; text files become two tables of indexes.
type table struct {
	name    string
	mmdb    *maxminddb.Reader
	blocks  bart.Table[uint32] // indexes in holders
	holders []holder
	nets    bart.Table[uint32] // indexes in ases
	ases    []as
	rows    int
	known   map[as]uint32
	words   map[string]string // interned strings
}

// holder is a line's data about the holder of a range.
type holder struct {
	first, last                                    netip.Addr
	handle, name, owner, country, registry, status string
	created                                        int64 // Unix time; 0 for unknown
}

// as is a line's data about an origin AS. Few distinct values occur.
type as struct{ numbers, name, country, registry string }

// maxRows limits a text file; the global routing table has 1.5 million rows.
const maxRows = 5_000_000

// Open reads files into Tables. Close releases the memory of mmdb files.
func Open(paths ...string) (*Tables, error) {
	t := &Tables{}
	for _, p := range paths {
		one, err := openTable(p)
		if err != nil {
			t.Close()
			return nil, fmt.Errorf("read netblocks of %s: %w", p, err)
		}
		t.tables = append(t.tables, one)
	}
	return t, nil
}

// Close releases the files.
func (t *Tables) Close() error {
	var err error
	for _, one := range t.tables {
		if one.mmdb != nil {
			err = errors.Join(err, one.mmdb.Close())
		}
	}
	return err
}

// openTable opens a table in any supported format, detected by its content.
func openTable(path string) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t := &table{name: filepath.Base(path)}
	if isMMDB(f) {
		t.mmdb, err = maxminddb.Open(path)
		return t, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f, 64<<10)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = bufio.NewReaderSize(z, 64<<10)
	}
	return t, t.readLines(in)
}

// isMMDB looks for the marker of the metadata in the last 128 KiB, where the
// format puts it.
func isMMDB(f *os.File) bool {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false
	}
	tail := make([]byte, min(size, 128<<10))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return false
	}
	return bytes.Contains(tail, []byte("\xab\xcd\xefMaxMind.com"))
}

// Netblock returns the holder of addr from the first table that knows it.
//
// The order of the files is the user's order of trust.
func (t *Tables) Netblock(addr netip.Addr) (nb enrich.Netblock, from string, ok bool) {
	addr = addr.Unmap()
	for _, one := range t.tables {
		if nb, ok = one.netblock(addr); ok {
			return nb, one.name, true
		}
	}
	return enrich.Netblock{}, "", false
}

// OriginAS returns the origin AS of addr from the first table that knows it.
func (t *Tables) OriginAS(addr netip.Addr) (origin enrich.OriginAS, from string, ok bool) {
	addr = addr.Unmap()
	for _, one := range t.tables {
		if origin, ok = one.origin(addr); ok {
			return origin, one.name, true
		}
	}
	return enrich.OriginAS{}, "", false
}

// observe returns the tables' answers as observations.
func (t *Tables) observe(s enrich.Subject, addr netip.Addr, now time.Time, fresh time.Duration, holder, origin bool) []enrich.Observation {
	var out []enrich.Observation
	add := func(from string, parsed any) {
		out = append(out, enrich.Observation{
			Subject: s, Source: enrich.Table, Server: from, AskedAt: now, Expires: now.Add(fresh), Outcome: enrich.Answered, Parsed: parsed,
		})
	}
	if nb, from, ok := t.Netblock(addr); ok && holder {
		add(from, &nb)
	}
	if as, from, ok := t.OriginAS(addr); ok && origin {
		add(from, &as)
	}
	return out
}
