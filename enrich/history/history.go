// Package history reads collections of past answers: passive DNS (JSON lines in
// the Common Output Format, draft-dulaunoy-dnsop-passive-dns-cof), dumps of
// WHOIS and RDAP answers, and certificate transparency as JSON. Each item
// becomes an Observation with the times at which it was first and last seen.
//
//	file ──▶ items (JSON lines, or one array) ──▶ Read ──▶ Observations
//
// It asks no server. An item without a time or without a domain is an error of
// that item alone.
package history

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/enrich/whois"
)

// Options supply values that a file does not contain.
type Options struct {
	Name   string    // of the file; takes the place of a server's name
	SeenAt time.Time // for items without a time; zero refuses them
}

// ItemError reports an error in one item of a file.
type ItemError struct {
	Item int // counted from 1; the line number for JSON lines
	Err  error
}

// Error names the item, so that the user finds it.
func (e *ItemError) Error() string { return fmt.Sprintf("item %d: %v", e.Item, e.Err) }

// Unwrap returns the underlying error.
func (e *ItemError) Unwrap() error { return e.Err }

// Read yields the observations of a file. For an unusable item it yields an
// *ItemError and continues. Any other error ends the iteration.
func Read(r io.Reader, o Options) iter.Seq2[enrich.Observation, error] {
	return func(yield func(enrich.Observation, error) bool) {
		n := 0
		for raw, err := range items(r) {
			n++
			if err != nil {
				_, bad := errors.AsType[*tooLong](err)
				if bad {
					err = &ItemError{n, err}
				}
				if !yield(enrich.Observation{}, err) || !bad {
					return
				}
				continue
			}
			list, err := o.read(raw)
			if err != nil && !yield(enrich.Observation{}, &ItemError{n, err}) {
				return
			}
			for _, obs := range list {
				if !yield(obs, nil) {
					return
				}
			}
		}
	}
}

// item is one JSON object with its keys in lower case.
type item map[string]json.RawMessage

// maxItem limits one item, in bytes: the largest answer with room for JSON
// escapes.
const maxItem = 2 * guard.MaxAnswer

// tooLong is the error of an item beyond maxItem.
type tooLong struct{}

// Error names the limit.
func (*tooLong) Error() string { return "longer than 2 MiB" }

// items yields the objects of JSON lines or of one JSON array.
func items(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		first, err := firstByte(in)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				yield(nil, err)
			}
			return
		}
		if first == '[' {
			array(in, yield)
			return
		}
		for {
			// An error of the source ends the file, but the line before it may
			// be whole.
			line, err := readLine(in)
			if text := strings.TrimSpace(string(line)); text != "" || err != nil && !errors.Is(err, io.EOF) {
				_, long := errors.AsType[*tooLong](err)
				if errors.Is(err, io.EOF) {
					if !yield([]byte(text), nil) {
						return
					}
				} else if !yield([]byte(text), err) {
					return
				}
				if err != nil && !long {
					return
				}
			} else if err != nil {
				return
			}
		}
	}
}

// firstByte skips white space and a byte order mark.
func firstByte(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		switch b {
		case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf:
		default:
			return b, in.UnreadByte()
		}
	}
}

// readLine reads a line. It keeps nothing of one that is too long.
func readLine(in *bufio.Reader) (line []byte, err error) {
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxItem {
			long, line = true, nil
		}
		if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, &tooLong{}
		default:
			return line, err
		}
	}
}

// array reads a JSON array item by item, as crt.sh returns it.
func array(in io.Reader, yield func([]byte, error) bool) {
	bound := &bounded{r: in, left: maxItem}
	dec := json.NewDecoder(bound)
	if _, err := dec.Token(); err != nil {
		yield(nil, fmt.Errorf("read the array: %w", err))
		return
	}
	for dec.More() {
		bound.left = maxItem
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			yield(nil, fmt.Errorf("read the array: %w", err))
			return
		}
		if !yield(raw, nil) {
			return
		}
	}
}

// bounded ends an item that exceeds maxItem.
type bounded struct {
	r    io.Reader
	left int
}

// Read fails once the item is longer than maxItem.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("an item is longer than 2 MiB")
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// read recognises the kind of an item by its keys.
func (o Options) read(raw []byte) ([]enrich.Observation, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, errors.New("not a JSON object")
	}
	it := make(item, len(fields))
	for k, v := range fields {
		it[strings.ToLower(k)] = v
	}
	switch {
	case it.has("rrname") && it.has("rrtype"):
		return o.passiveDNS(it)
	case it.has("name_value") || it.has("dns_names") || it.has("leaf_cert"):
		return o.certificate(it)
	case it.has("objectclassname"):
		return o.rdap(it, raw)
	case it.object("rdap") != nil:
		return o.rdap(it, it.object("rdap"))
	case it.text("raw", "whois", "whois_raw", "raw_text", "rawtext", "text", "body") != "":
		return o.whois(it)
	}
	return nil, errors.New("none of passive DNS, WHOIS, RDAP or a certificate")
}

// has reports whether an item has a key, with any value.
func (it item) has(key string) bool { _, ok := it[key]; return ok }

// text returns the first of the keys that has a string.
func (it item) text(keys ...string) string {
	for _, k := range keys {
		var s string
		if json.Unmarshal(it[k], &s) == nil && s != "" {
			return s
		}
	}
	return ""
}

// texts returns a string or a list of strings.
func (it item) texts(key string) []string {
	if s := it.text(key); s != "" {
		return []string{s}
	}
	var list []string
	if json.Unmarshal(it[key], &list) != nil {
		return nil
	}
	return list
}

// object returns the bytes of a member that is an object.
func (it item) object(key string) []byte {
	if raw := strings.TrimSpace(string(it[key])); strings.HasPrefix(raw, "{") {
		return []byte(raw)
	}
	return nil
}

// time reads the first of the keys that has a time: seconds or milliseconds
// since 1970, or a written date.
func (it item) time(keys ...string) time.Time {
	for _, k := range keys {
		s := strings.Trim(string(it[k]), `"`)
		if s == "" || s == "null" {
			continue
		}
		// A smaller number is a date such as 20240131. 1e11 seconds are in the
		// year 5138, so that a greater number is in milliseconds.
		if n, err := strconv.ParseFloat(s, 64); err == nil && n > 1e8 {
			if n > 1e11 {
				n /= 1000
			}
			if n < 1e11 {
				return time.Unix(int64(n), 0).UTC()
			}
			continue
		}
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return t.UTC()
		}
		if t, ok := whois.ParseDate(s); ok {
			return t
		}
	}
	return time.Time{}
}

// Keys of times in the common collections.
var (
	firstKeys = []string{"time_first", "first_seen", "firstseen", "zone_time_first", "seen_at", "asked_at", "entry_timestamp", "timestamp", "time", "date", "crawled_at", "created_at", "query_time"}
	lastKeys  = []string{"time_last", "last_seen", "lastseen", "zone_time_last"}
)

// seen returns when an item was first and last seen.
func (o Options) seen(it item) (first, last time.Time, err error) {
	first, last = it.time(firstKeys...), it.time(lastKeys...)
	if first.IsZero() {
		first = o.SeenAt
	}
	if first.IsZero() {
		first = last
	}
	if first.IsZero() {
		return first, last, errors.New("no time at which it was seen")
	}
	if last.Before(first) {
		last = first
	}
	return first, last, nil
}
