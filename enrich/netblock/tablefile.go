package netblock

import (
	"bufio"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"go4.org/netipx"

	"spoor/enrich/rdap"
	"spoor/internal/text"
)

// maxTableLine limits a line of a table, in bytes.
const maxTableLine = 64 << 10

// readLines reads a text table and skips invalid lines. A file without a valid
// line is an error.
//
// Invalid lines are skipped, because real tables have comments, summaries and
// damaged lines. Which format the file has is decided line by line, except for
// the separator.
func (t *table) readLines(in *bufio.Reader) error {
	t.known, t.words = make(map[as]uint32), make(map[string]string)
	scan := bufio.NewScanner(in)
	scan.Buffer(make([]byte, 64<<10), maxTableLine)
	var columns map[string]int
	sep := byte(0)
	for n := 0; scan.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\xef\xbb\xbf"))
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		// The first line decides the separator, and may be a header with the
		// names of columns.
		if sep == 0 {
			sep = separator(line)
		}
		fields := splitFields(line, sep)
		if columns == nil && t.rows == 0 {
			if columns = header(fields); columns != nil {
				continue
			}
		}
		if t.rows == maxRows {
			return fmt.Errorf("more than %d lines", maxRows)
		}
		t.row(fields, columns)
	}
	// The indexes for equal values are used while reading only.
	t.known, t.words = nil, nil
	if err := scan.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return err
	} else if err != nil && t.rows > 0 {
		return fmt.Errorf("a line is longer than %d bytes", maxTableLine)
	}
	if t.rows == 0 {
		return errors.New("neither an mmdb nor lines of prefixes with their holders or AS numbers")
	}
	return nil
}

// separator guesses the separator of the columns of a line.
func separator(line string) byte {
	for _, c := range []byte{'\t', '|', ','} {
		if strings.IndexByte(line, c) > 0 {
			return c
		}
	}
	return ' '
}

// splitFields splits a line of a table, with quotes as in CSV (RFC 4180). 64
// fields are more than any known table has.
func splitFields(line string, sep byte) []string {
	if sep == ' ' {
		return strings.Fields(line)
	}
	var out []string
	for rest := line; ; {
		var f string
		f, rest = nextField(rest, sep)
		out = append(out, f)
		if rest == "" || len(out) == 64 {
			return out
		}
		rest = rest[1:]
	}
}

// nextField splits off the first field and removes its quotes (RFC 4180).
//
// rest begins with the separator, so that an empty last field is seen. A quote
// without its end is an ordinary character.
func nextField(s string, sep byte) (field, rest string) {
	if strings.HasPrefix(s, `"`) {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			field, s = s[1:1+end], s[end+2:]
			if i := strings.IndexByte(s, sep); i >= 0 {
				return strings.TrimSpace(field), s[i:]
			}
			return strings.TrimSpace(field), ""
		}
	}
	i := strings.IndexByte(s, sep)
	if i < 0 {
		return strings.TrimSpace(s), ""
	}
	if i == len(s)-1 {
		return strings.TrimSpace(s[:i]), ""
	}
	return strings.TrimSpace(s[:i]), s[i:]
}

// columnNames maps the words of header lines to columns.
var columnNames = map[string]string{
	"prefix": "prefix", "network": "prefix", "cidr": "prefix", "range": "prefix", "netblock": "prefix", "subnet": "prefix", "inetnum": "prefix",
	"start": "first", "first": "first", "from": "first", "range_start": "first", "start_ip": "first", "ip_start": "first", "first_ip": "first",
	"end": "last", "last": "last", "to": "last", "range_end": "last", "end_ip": "last", "ip_end": "last", "last_ip": "last",
	"asn": "asn", "as": "asn", "as_number": "asn", "origin": "asn", "autonomous_system_number": "asn", "origin_as": "asn",
	"as_name": "asname", "asname": "asname", "as_description": "asname", "autonomous_system_organization": "asname", "as_organization": "asname", "as_org": "asname",
	"owner": "owner", "organization": "owner", "organisation": "owner", "org": "owner", "holder": "owner", "isp": "owner", "company": "owner", "org_name": "owner",
	"netname": "name", "net_name": "name", "network_name": "name", "name": "anyname", "description": "anyname", "descr": "anyname",
	"country": "country", "cc": "country", "country_code": "country", "registry": "registry", "rir": "registry", "status": "status", "handle": "handle", "abuse": "abuse",
}

// header parses a line of column names; nil if it is none.
func header(fields []string) map[string]int {
	columns := make(map[string]int)
	for i, f := range fields {
		if c := columnNames[strings.ReplaceAll(strings.ToLower(strings.Trim(f, "\"# ")), " ", "_")]; c != "" {
			if _, ok := columns[c]; !ok {
				columns[c] = i
			}
		}
	}
	_, prefix := columns["prefix"]
	_, first := columns["first"]
	if !prefix && !first || len(columns) < 2 {
		return nil
	}
	return columns
}

// entry is the content of one line.
type entry struct {
	rng     netipx.IPRange
	numbers string // AS numbers: "64500" or "64500 64501"
	holder
	asName string
}

// row reads a row: by the header's columns, as an RIR delegated file, or by the
// form of its values.
//
// A line may have both an AS and a holder, and is added to both tables then.
func (t *table) row(fields []string, columns map[string]int) {
	var e entry
	var ok bool
	switch {
	case columns != nil:
		e, ok = byHeader(fields, columns)
	case len(fields) >= 7 && (fields[2] == "ipv4" || fields[2] == "ipv6"):
		e, ok = delegated(fields)
	default:
		e, ok = byLook(fields)
	}
	if !ok || !e.rng.IsValid() {
		return
	}
	t.rows++
	if e.numbers != "" {
		t.addOrigin(e)
	}
	if e.numbers == "" || e.owner != "" || e.holder.name != "" {
		t.addHolder(e)
	}
}

// byHeader reads a line by the file's column names.
func byHeader(fields []string, columns map[string]int) (e entry, ok bool) {
	get := func(c string) string {
		if i, in := columns[c]; in && i < len(fields) {
			return fields[i]
		}
		return ""
	}
	if s := get("prefix"); s != "" {
		e.rng = parseRange(s, netip.Addr{})
	} else {
		e.rng = rangeOf(get("first"), get("last"))
	}
	e.numbers, _ = asNumbers(get("asn"))
	e.asName, e.owner, e.holder.name = get("asname"), get("owner"), get("name")
	e.country, e.registry, e.status, e.handle = rdap.Country(get("country")), registryName(get("registry")), get("status"), get("handle")
	if any := get("anyname"); e.numbers != "" && e.asName == "" {
		e.asName = any
	} else if e.holder.name == "" {
		e.holder.name = any
	}
	return e, e.rng.IsValid()
}

// byLook reads a line without column names: each field is recognised by its
// form.
func byLook(fields []string) (e entry, ok bool) {
	i := 0
	for i < len(fields) { // find the range
		if r, used := rangeAt(fields[i:]); used > 0 {
			e.rng = r
			fields = append(append([]string{}, fields[:i]...), fields[i+used:]...)
			break
		}
		i++
	}
	if !e.rng.IsValid() {
		return e, false
	}
	var words []string
	for _, f := range fields {
		n, isAS := asNumbers(f)
		switch {
		case isAS && e.numbers == "":
			e.numbers = n
		case len(f) == 2 && e.country == "" && f == strings.ToUpper(f) && rdap.Country(f) != "":
			e.country = rdap.Country(f)
		case f != "" && f != "-" && f != "None" && f != "0":
			words = append(words, f)
		}
	}
	name := text.Cut(strings.Join(words, " "), maxValue)
	if e.numbers != "" {
		e.asName = name
		return e, true
	}
	if name == "Not routed" { // AS 0 of iptoasn
		return e, false
	}
	e.owner = name
	return e, name != "" || e.country != ""
}

// rangeAt parses a range at the start of fields: a prefix or range in one
// field, first and last address, or address and length. It returns the number
// of fields used.
func rangeAt(fields []string) (netipx.IPRange, int) {
	if strings.ContainsAny(fields[0], "/-") {
		if r := parseRange(fields[0], netip.Addr{}); r.IsValid() {
			return r, 1
		}
		return netipx.IPRange{}, 0
	}
	if len(fields) < 2 {
		return netipx.IPRange{}, 0
	}
	if r := rangeOf(fields[0], fields[1]); r.IsValid() {
		return r, 2
	}
	a, err := netip.ParseAddr(fields[0])
	bits, err2 := strconv.Atoi(fields[1])
	if err != nil || err2 != nil {
		return netipx.IPRange{}, 0
	}
	pre, err := a.Prefix(bits)
	if err != nil {
		return netipx.IPRange{}, 0
	}
	return netipx.RangeOfPrefix(pre), 2
}

// rangeOf parses a first and last address, also as integers, which older files
// of iptoasn have.
func rangeOf(first, last string) netipx.IPRange {
	a, ok1 := tableAddr(first)
	b, ok2 := tableAddr(last)
	if !ok1 || !ok2 {
		return netipx.IPRange{}
	}
	return netipx.IPRangeFrom(a, b)
}

// tableAddr reads an address, also as the number that some tables of IPv4 use.
func tableAddr(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap(), a.Zone() == ""
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n < 1<<24 { // a small number is a length or an AS
		return netip.Addr{}, false
	}
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), true
}

// asNumbers parses "64500", "AS64500", and Routeviews' multiple origins
// "64500_64501" and sets "64500,64501". AS 0 means "not announced" (RFC 7607).
func asNumbers(s string) (string, bool) {
	if len(s) > 200 || s == "" {
		return "", false
	}
	var out []string
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '_' || r == ',' || r == ' ' || r == '{' || r == '}' }) {
		if rest, ok := text.CutPrefixFold(f, "as"); ok {
			f = rest
		}
		n, err := strconv.ParseUint(f, 10, 32)
		if err != nil || f[0] == '+' {
			return "", false
		}
		if n != 0 {
			out = append(out, strconv.FormatUint(n, 10))
		}
	}
	return strings.Join(out, " "), len(out) > 0
}

// delegated parses "ripencc|NL|ipv4|192.0.2.0|256|20070112|allocated|id".
func delegated(f []string) (e entry, ok bool) {
	first, err := netip.ParseAddr(f[3])
	if err != nil || f[5] == "summary" {
		return e, false
	}
	switch f[2] {
	case "ipv4":
		n, err := strconv.ParseUint(f[4], 10, 33)
		if err != nil || n == 0 || !first.Is4() {
			return e, false
		}
		b := first.As4()
		last := uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
		if last += n - 1; last > 1<<32-1 {
			return e, false
		}
		e.rng = netipx.IPRangeFrom(first, netip.AddrFrom4([4]byte{byte(last >> 24), byte(last >> 16), byte(last >> 8), byte(last)}))
	default:
		bits, err := strconv.Atoi(f[4])
		if err != nil {
			return e, false
		}
		pre, err := first.Prefix(bits)
		if err != nil {
			return e, false
		}
		e.rng = netipx.RangeOfPrefix(pre)
	}
	if e.status = f[6]; e.status == "available" || e.status == "reserved" {
		return e, false // unassigned
	}
	e.registry, e.country = registryName(f[0]), rdap.Country(f[1])
	if t, err := time.Parse("20060102", f[5]); err == nil && t.Year() >= 1983 {
		e.created = t.Unix()
	}
	if len(f) > 7 {
		e.handle = f[7]
	}
	return e, true
}

// registryName returns a registry's name as enrich.Netblock has it. Delegation
// files call RIPE "ripencc".
func registryName(s string) string {
	s = strings.ToLower(s)
	if s == "ripencc" {
		return "ripe"
	}
	return text.Cut(s, 20)
}

// once returns one copy of equal strings. A table has millions of rows with few
// different names, and its lines would otherwise stay in memory.
func (t *table) once(s string) string {
	s = text.Cut(clean(s), maxValue)
	if have, ok := t.words[s]; ok {
		return have
	}
	s = strings.Clone(s)
	t.words[s] = s
	return s
}

// addOrigin adds the prefixes of a row to the origin table.
func (t *table) addOrigin(e entry) {
	key := as{t.once(e.numbers), t.once(e.asName), t.once(e.country), t.once(e.registry)}
	i, ok := t.known[key]
	if !ok {
		i = uint32(len(t.ases))
		t.ases = append(t.ases, key)
		t.known[key] = i
	}
	for _, p := range e.rng.Prefixes() {
		t.nets.Insert(p, i)
	}
}

// addHolder adds the prefixes of a row to the table of holders.
//
// A later line with the same prefix replaces an earlier one.
func (t *table) addHolder(e entry) {
	h := e.holder
	h.first, h.last = e.rng.From(), e.rng.To()
	for _, s := range []*string{&h.handle, &h.name, &h.owner, &h.country, &h.registry, &h.status} {
		*s = t.once(*s)
	}
	i := uint32(len(t.holders))
	t.holders = append(t.holders, h)
	for _, p := range e.rng.Prefixes() {
		t.blocks.Insert(p, i)
	}
}
