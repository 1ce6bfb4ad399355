package replay

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// zoneFile answers every question below its origins, like a resolver that knows
// that there are no other records.
type zoneFile struct {
	origins []string // lower case, with the final dot
	asked   time.Time
	records map[string][]dns.RR // by owner
	exists  map[string]bool     // owners and the empty non-terminals above them (RFC 8020)
}

// Limits of a zone file.
const (
	maxRecords = 1_000_000
	maxChain   = 8 // of successive CNAME records
)

// readZone reads a zone file (RFC 1035, 5) that answers for all names below its
// origins.
//
// Records outside of the origins are refused, as they would never be found.
// $INCLUDE is not allowed by the parser's default.
func readZone(a *Answer) (*zoneFile, error) {
	z := &zoneFile{asked: a.Asked, records: map[string][]dns.RR{}, exists: map[string]bool{}}
	for _, o := range strings.Fields(a.get("Origins")) {
		z.origins = append(z.origins, dns.CanonicalName(o))
	}
	if len(z.origins) == 0 {
		return nil, errors.New(`a zone needs a line "Origins: NAME..."`)
	}
	parser := dns.NewZoneParser(bytes.NewReader(a.Body), ".", "")
	parser.SetDefaultTTL(3600)
	for n := 0; ; n++ {
		rr, ok := parser.Next()
		if !ok {
			break
		}
		if n >= maxRecords {
			return nil, errors.New("too many records")
		}
		owner := dns.CanonicalName(rr.Header().Name)
		if !z.has(owner) {
			return nil, fmt.Errorf("%s is not below the origins", owner)
		}
		z.records[owner] = append(z.records[owner], rr)
		// An owner makes the names above it exist, although they have no
		// records (RFC 8020 section 2).
		for name := owner; name != "." && !z.exists[name]; {
			z.exists[name] = true
			_, rest, _ := strings.Cut(name, ".")
			if name = rest; name == "" {
				break
			}
		}
	}
	if err := parser.Err(); err != nil {
		return nil, fmt.Errorf("read the records: %w", err)
	}
	return z, nil
}

// has reports whether a name is below the origins.
func (z *zoneFile) has(name string) bool {
	name = dns.CanonicalName(name)
	for _, o := range z.origins {
		if dns.IsSubDomain(o, name) {
			return true
		}
	}
	return false
}

// answer answers a question as a resolver does, with the chain of CNAME
// records.
//
// A loop of aliases ends at maxChain, with the records collected so far.
func (z *zoneFile) answer(q dns.Question) *dns.Msg {
	m := &dns.Msg{Question: []dns.Question{q}}
	m.Response, m.RecursionDesired, m.RecursionAvailable = true, true, true
	name := dns.CanonicalName(q.Name)
	for range maxChain {
		next := ""
		for _, rr := range z.records[name] {
			switch rr := rr.(type) {
			case *dns.CNAME:
				m.Answer = append(m.Answer, rr)
				if q.Qtype != dns.TypeCNAME {
					next = dns.CanonicalName(rr.Target)
				}
			default:
				if rr.Header().Rrtype == q.Qtype {
					m.Answer = append(m.Answer, rr)
				}
			}
		}
		if next == "" {
			break
		}
		name = next
	}
	// The last name of a chain decides (RFC 6604 section 3). Outside of the
	// zone nothing is known.
	if !z.exists[name] && z.has(name) {
		m.Rcode = dns.RcodeNameError
	}
	return m
}
