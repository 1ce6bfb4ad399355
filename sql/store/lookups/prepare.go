package lookups

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/sql/store/wire"
)

// Limits of the columns of an observation.
const (
	maxSubject = 500     // bytes of a name; a host name has at most 253
	maxServer  = 500     // bytes of a URL or host:port
	maxDetail  = 300     // bytes
	maxParsed  = 1 << 20 // bytes of JSON
	noServer   = "-"     // if no server was asked
)

// prepared is an observation in the form of the database.
//
// Every text is valid UTF-8 without NUL and fits its column, so that no hostile
// answer can make a statement fail.
type prepared struct {
	kind, subject, source, server string
	askedAt, freshUntil           time.Time
	took                          time.Duration
	outcome, detail               string
	content, answer               []byte // hashes; answer is nil if there is none
	raw                           []byte
	parsed                        []byte // JSON; nil for NULL
	of                            any    // source of parsed, or nil
}

// conclusive reports whether the observation says something about its subject,
// even that it does not exist. Others only record an attempt.
func (p *prepared) conclusive() bool {
	return p.outcome == string(enrich.Answered) || p.outcome == string(enrich.None)
}

// key identifies the series of the observation.
func (p *prepared) key() seriesKey { return seriesKey{p.subject, p.kind, p.source, p.server} }

// seriesKey identifies the answers of one server about one subject.
type seriesKey struct{ subject, kind, source, server string }

// subjectSource is the key of values: servers of one source replace each
// other's.
type subjectSource struct{ subject, kind, source string }

// prepare limits an observation to the columns of the database and hashes its
// significant part. An observation without a time counts as made now.
func prepare(o *enrich.Observation, now time.Time) prepared {
	p := prepared{
		kind: string(o.Kind), subject: wire.Clean(o.Name, maxSubject), source: wire.Clean(string(o.Source), maxSubject),
		server: cmp.Or(wire.Clean(o.Server, maxServer), noServer), took: max(o.Took, 0),
		outcome: string(o.Outcome), detail: wire.Clean(o.Detail, maxDetail),
		askedAt: microseconds(o.AskedAt, now), raw: o.Raw,
	}
	p.freshUntil = microseconds(o.Expires, p.askedAt)
	if len(p.raw) > guard.MaxAnswer {
		p.raw = p.raw[:guard.MaxAnswer]
	}
	if p.raw != nil {
		h := sha256.Sum256(p.raw)
		p.answer = h[:]
	}
	p.of = sound(o.Parsed)
	p.parsed = jsonOf(p.of)
	if p.parsed == nil {
		p.of = nil
	}
	// A value that is dropped as too large must not count for the hash either.
	p.content = contentHash(&p)
	return p
}

// microseconds rounds to the precision of the database. It returns instead for
// a time out of range.
func microseconds(t, instead time.Time) time.Time {
	if !wire.InRange(t) || t.IsZero() {
		t = instead
	}
	return t.UTC().Truncate(time.Microsecond)
}

// jsonOf returns nil for no value and for one that is too large. PostgreSQL
// accepts no NUL in text, not even as an escape.
func jsonOf(v any) []byte {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil || len(b) > maxParsed || string(b) == "null" {
		return nil
	}
	return withoutNUL(b)
}

// withoutNUL replaces escapes of NUL, but not an escaped backslash before
// "u0000".
func withoutNUL(b []byte) []byte {
	const nul = `\u0000`
	if !bytes.Contains(b, []byte(nul)) {
		return b
	}
	for i := 0; i+1 < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		if bytes.HasPrefix(b[i:], []byte(nul)) {
			copy(b[i:], `\ufffd`)
		}
		i++
	}
	return b
}

// sound copies a parsed answer without values that the database's functions
// cannot read, such as impossible dates and numbers beyond their columns. A nil
// pointer becomes nil.
func sound(parsed any) any {
	switch p := parsed.(type) {
	case *enrich.Registration:
		if p == nil {
			return nil
		}
		r := *p
		r.Created, r.Updated, r.Expires = date(r.Created), date(r.Updated), date(r.Expires)
		for _, c := range []*enrich.Contact{&r.Registrant, &r.Admin, &r.Tech, &r.Billing} {
			c.Created = date(c.Created)
		}
		if r.Registrar.IANAID < 0 || r.Registrar.IANAID > 1<<31-1 {
			r.Registrar.IANAID = 0
		}
		return &r
	case *enrich.Records:
		if p == nil {
			return nil
		}
		r := *p
		r.A, r.AAAA = withoutZones(r.A), withoutZones(r.AAAA)
		return &r
	case *enrich.Netblock:
		if p == nil {
			return nil
		}
		n := *p
		n.Created, n.Updated = date(n.Created), date(n.Updated)
		return &n
	case *enrich.OriginAS:
		if p == nil {
			return nil
		}
	case *enrich.Reverse:
		if p == nil {
			return nil
		}
	}
	return parsed
}

// date returns the zero time for implausible years.
func date(t time.Time) time.Time {
	if y := t.UTC().Year(); y < 1900 || y > 2999 {
		return time.Time{}
	}
	return t.UTC()
}

// withoutZones drops addresses with a zone, which mean nothing on another
// machine (RFC 4007 section 6).
func withoutZones(list []netip.Addr) []netip.Addr {
	return slices.DeleteFunc(slices.Clone(list), func(a netip.Addr) bool { return !a.IsValid() || a.Zone() != "" })
}

// contentHash hashes the significant part of an answer, so that equivalent
// answers are equal. Servers vary the order of records, serial numbers and
// remaining TTLs. Our own conclusions are not part of it.
//
// 16 bytes are enough: hashes are compared within one series only.
func contentHash(p *prepared) []byte {
	h := sha256.New()
	h.Write([]byte(p.outcome + "\n"))
	switch b := jsonOf(essence(p.of)); {
	case b != nil:
		h.Write(b)
	case p.outcome == string(enrich.Answered):
		h.Write(p.raw) // unreadable, so only equal bytes are equal
	case p.outcome != string(enrich.None):
		h.Write([]byte(withoutDigits(p.detail)))
	}
	return h.Sum(nil)[:16]
}

// withoutDigits removes the variable parts of equal failures: ports and times.
func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// essence copies the significant part of a parsed answer in a fixed order.
func essence(parsed any) any {
	switch p := parsed.(type) {
	case *enrich.Registration:
		r := *p
		r.Anomalies = nil
		r.NameServers = sortedServers(r.NameServers)
		r.Status, r.Redacted = sorted(r.Status), sorted(r.Redacted)
		return r
	case *enrich.Records:
		r := *p
		r.TTL = 0
		r.A, r.AAAA = sortedAddrs(r.A), sortedAddrs(r.AAAA)
		r.NS, r.TXT = sortedServers(r.NS), sorted(r.TXT)
		r.MX = slices.Clone(r.MX)
		slices.SortFunc(r.MX, func(a, b enrich.MX) int {
			return cmp.Or(cmp.Compare(a.Preference, b.Preference), cmp.Compare(a.Host, b.Host))
		})
		if r.SOA != nil {
			soa := *r.SOA
			soa.Serial = 0
			r.SOA = &soa
		}
		return r
	case *enrich.Reverse:
		return enrich.Reverse{Names: sorted(p.Names), Confirmed: sorted(p.Confirmed)}
	}
	return parsed
}

// sorted returns a sorted copy.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// sortedAddrs returns a sorted copy.
func sortedAddrs(list []netip.Addr) []netip.Addr {
	list = slices.Clone(list)
	slices.SortFunc(list, netip.Addr.Compare)
	return list
}

// sortedServers sorts name servers and their addresses. Registries return them
// in any order, which must not look like a change.
func sortedServers(list []enrich.NameServer) []enrich.NameServer {
	list = slices.Clone(list)
	for i := range list {
		list[i].Addrs = sortedAddrs(list[i].Addrs)
	}
	slices.SortStableFunc(list, func(a, b enrich.NameServer) int { return cmp.Compare(a.Host, b.Host) })
	return list
}

// textOrNull returns NULL for the empty string.
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
