package resolve

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/miekg/dns"

	"spoor/enrich"
)

// Limits of one answer. A resolver passes on the records of a zone's owner, and
// the 64 KB of a TCP answer hold thousands of records.
const (
	maxAddrs   = 64
	maxNames   = 32   // MX, NS or PTR records
	maxChain   = 16   // CNAMEs
	maxTexts   = 32   // TXT records
	maxText    = 4096 // bytes of one TXT record
	maxDetail  = 200
	maxRawOne  = 16 << 10
	maxRecords = 4096 // records examined
)

// set is the answer to one question: the records of its type, or the reason why
// there are none.
//
// Of a final set either records or the reason for none is there. Lists are
// sorted and have each item once.
type set struct {
	outcome   enrich.Outcome
	detail    string
	backedOff *enrich.BackedOff // no server was asked

	server string
	raw    []byte // the answer with its length before it, as over TCP (RFC 1035 section 4.2.2), with id 0

	ttl   uint32
	chain []string // CNAMEs from the name in question
	addrs []netip.Addr
	mx    []enrich.MX
	names []string // NS or PTR
	soa   *enrich.SOA
	texts []string
	odd   []string
}

// final reports whether the question is settled.
func (s *set) final() bool { return s.outcome == enrich.Answered || s.outcome == enrich.None }

// empty reports whether an answer lacks the requested records.
func (s *set) empty() bool {
	return len(s.chain)+len(s.addrs)+len(s.mx)+len(s.names)+len(s.texts) == 0 && s.soa == nil
}

// unpack parses an answer and recovers from panics: the library is careful, but
// these bytes are untrusted.
func unpack(b []byte) (m *dns.Msg, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("read the answer: %v", r)
		}
	}()
	m = new(dns.Msg)
	if err := m.Unpack(b); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return m, nil
}

// matches reports whether m answers q with the id that was sent. A server that
// does not understand a query may omit the question from its error (RFC 1035
// section 4.1.1).
//
// Names are compared without case (RFC 4343), as some resolvers change it.
func matches(m *dns.Msg, q question, id uint16) bool {
	if m.Id != id || !m.Response || m.Opcode != dns.OpcodeQuery {
		return false
	}
	if len(m.Question) == 0 {
		return m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented
	}
	asked := m.Question[0]
	return len(m.Question) == 1 && asked.Qtype == q.qtype && asked.Qclass == dns.ClassINET && strings.EqualFold(asked.Name, q.name)
}

// read converts an answer to a set. It does no I/O and does not keep m.
func read(m *dns.Msg, q question) set {
	var s set
	s.outcome, s.detail = judge(m)
	if !s.final() {
		return s
	}
	// The least TTL of the records used replaces it.
	s.ttl = ^uint32(0)
	owner := s.follow(m, q)
	s.collect(m, q, owner)
	s.order()
	if s.empty() {
		s.ttl = negativeTTL(m)
	} else {
		// This applies to NXDOMAIN as well: an alias to a missing name exists
		// itself.
		s.outcome, s.detail = enrich.Answered, ""
	}
	return s
}

// judge returns the outcome that the header of an answer states.
//
// Only "no such name" is a statement about the name. The other codes are about
// the server or the question.
func judge(m *dns.Msg) (enrich.Outcome, string) {
	switch m.Rcode {
	case dns.RcodeSuccess:
		if !m.RecursionAvailable && !m.Authoritative && len(m.Answer) == 0 {
			return enrich.Refused, "the server does not resolve names for others"
		}
		return enrich.Answered, ""
	case dns.RcodeNameError:
		return enrich.None, "no such name"
	case dns.RcodeRefused:
		return enrich.Refused, withReason("REFUSED", m)
	case dns.RcodeFormatError, dns.RcodeNotImplemented, dns.RcodeBadVers:
		return enrich.Malformed, withReason("the server does not understand the question", m)
	case dns.RcodeServerFailure:
		return enrich.Failed, withReason("SERVFAIL", m)
	}
	if name, ok := dns.RcodeToString[m.Rcode]; ok {
		return enrich.Failed, withReason(name, m)
	}
	return enrich.Failed, fmt.Sprintf("response code %d", m.Rcode)
}

// withReason adds the resolver's explanation (RFC 8914).
func withReason(words string, m *dns.Msg) string {
	opt := m.IsEdns0()
	if opt == nil {
		return words
	}
	for _, o := range opt.Option {
		if e, ok := o.(*dns.EDNS0_EDE); ok {
			reason := cmp.Or(dns.ExtendedErrorCodeToString[e.InfoCode], fmt.Sprintf("error %d", e.InfoCode))
			if e.ExtraText != "" {
				reason += ": " + e.ExtraText
			}
			return clean(words+" ("+reason+")", maxDetail)
		}
	}
	return words
}

// follow follows the CNAMEs from the name in question and returns the last
// name.
func (s *set) follow(m *dns.Msg, q question) string {
	if q.qtype == dns.TypeCNAME {
		return q.name
	}
	// The records may come in any order, so they are indexed first. Most
	// answers have no alias, and need no map.
	aliases := map[string]*dns.CNAME(nil)
	for _, rr := range first(m.Answer, maxRecords) {
		if c, ok := rr.(*dns.CNAME); ok {
			if aliases == nil {
				aliases = map[string]*dns.CNAME{}
			}
			if owner := strings.ToLower(c.Hdr.Name); aliases[owner] == nil {
				aliases[owner] = c
			}
		}
	}
	owner := q.name
	for c := aliases[owner]; c != nil; c = aliases[owner] {
		if len(s.chain) == maxChain {
			s.anomaly("long-cname-chain")
			break
		}
		// Each alias is followed once, which ends a loop.
		delete(aliases, owner)
		s.seen(c.Hdr.Ttl)
		s.chain = append(s.chain, hostOf(c.Target))
		owner = strings.ToLower(c.Target)
		if owner == q.name || slices.Contains(s.chain[:len(s.chain)-1], hostOf(c.Target)) {
			s.anomaly("cname-loop")
			break
		}
	}
	return owner
}

// collect takes the records of the requested type that belong to owner.
//
// Records of other names are dropped: a resolver has no reason to add them, and
// a forger has.
func (s *set) collect(m *dns.Msg, q question, owner string) {
	for _, rr := range first(m.Answer, maxRecords) {
		h := rr.Header()
		if h.Rrtype != q.qtype || h.Class != dns.ClassINET || !strings.EqualFold(h.Name, owner) {
			continue
		}
		if s.take(rr) {
			s.seen(h.Ttl)
		} else {
			s.anomaly("many-records")
		}
	}
}

// take adds one record. It returns false if there are too many of its type.
func (s *set) take(rr dns.RR) bool {
	switch rr := rr.(type) {
	case *dns.A:
		return s.address(rr.A)
	case *dns.AAAA:
		return s.address(rr.AAAA)
	case *dns.MX:
		if rr.Mx == "." { // the domain accepts no mail (RFC 7505)
			s.anomaly("null-mx")
		}
		return add(&s.mx, enrich.MX{Preference: rr.Preference, Host: hostOf(rr.Mx)}, maxNames)
	case *dns.NS:
		return add(&s.names, hostOf(rr.Ns), maxNames)
	case *dns.PTR:
		return add(&s.names, hostOf(rr.Ptr), maxNames)
	case *dns.SOA:
		s.soa = &enrich.SOA{Zone: hostOf(rr.Hdr.Name), MName: hostOf(rr.Ns), RName: hostOf(rr.Mbox), Serial: rr.Serial}
	case *dns.TXT:
		return add(&s.texts, textOf(rr.Txt), maxTexts)
	}
	return true
}

// add appends an item that is not in the list, up to a number.
//
// Lists are short, so a linear search is cheaper than a map.
func add[T comparable](list *[]T, item T, most int) bool {
	if slices.Contains(*list, item) {
		return true
	}
	if len(*list) == most {
		return false
	}
	*list = append(*list, item)
	return true
}

// address adds an address record and notes addresses that are not public.
func (s *set) address(ip net.IP) bool {
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return true
	}
	a = a.Unmap()
	if local(a) {
		s.anomaly("private-address")
	}
	return add(&s.addrs, a, maxAddrs)
}

// seen keeps the least TTL of the records used.
func (s *set) seen(ttl uint32) {
	if ttl > 1<<31 { // RFC 2181 section 8: a TTL with the top bit set means 0
		ttl = 0
	}
	s.ttl = min(s.ttl, ttl)
}

// anomaly adds a code once.
func (s *set) anomaly(code string) { add(&s.odd, code, 16) }

// order sorts the records, because resolvers rotate their answers.
func (s *set) order() {
	slices.SortFunc(s.addrs, netip.Addr.Compare)
	slices.SortFunc(s.mx, func(a, b enrich.MX) int {
		return cmp.Or(cmp.Compare(a.Preference, b.Preference), strings.Compare(a.Host, b.Host))
	})
	slices.Sort(s.names)
	slices.Sort(s.texts)
}

// negativeTTL is the lifetime of a negative answer (RFC 2308 section 5).
//
// 0 without an SOA record: then the caller's own lifetime applies.
func negativeTTL(m *dns.Msg) uint32 {
	for _, rr := range first(m.Ns, maxRecords) {
		if soa, ok := rr.(*dns.SOA); ok {
			return min(soa.Hdr.Ttl, soa.Minttl)
		}
	}
	return 0
}

// first returns at most n records: the limits hold before anything is copied.
func first(rrs []dns.RR, n int) []dns.RR { return rrs[:min(len(rrs), n)] }

// hostOf normalises a name of an answer. The library escapes unusual
// characters, so the result is always printable. The root stays ".".
func hostOf(name string) string {
	if name == "." {
		return name
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// textOf joins the strings of a TXT record, as SPF does (RFC 7208 section 3.3),
// and undoes the library's escapes.
func textOf(parts []string) string {
	var b []byte
	for _, part := range parts {
		b = appendUnescaped(b, part, maxText)
		if len(b) >= maxText {
			break
		}
	}
	return clean(string(b), maxText)
}

// appendUnescaped appends s with \DDD and \X decoded.
func appendUnescaped(b []byte, s string, most int) []byte {
	for i := 0; i < len(s) && len(b) < most; i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		if n, ok := decimal(s[i:]); ok {
			b = append(b, n)
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return b
}

// decimal reads the three digits of an escaped byte (RFC 1035, 5.1).
func decimal(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	n := 0
	for i := range 3 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return byte(n), n < 256
}

// clean makes text of an answer safe to store and display: valid UTF-8 without
// control and format characters, at most most bytes.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.Is(unicode.C, r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	return s
}

// framed returns an answer in stored form: with its length, and without its id,
// which would make equal answers differ.
func framed(b []byte) []byte {
	if len(b) < 2 || len(b) > maxRawOne {
		return nil
	}
	out := make([]byte, 0, len(b)+2)
	out = append(out, byte(len(b)>>8), byte(len(b)), 0, 0)
	return append(out, b[2:]...)
}

// holds is the time for which this process may reuse a set.
//
// A minute at least, so that a look-up of many names does not repeat a
// question; an hour at most, as the process may run for days. Failures are
// remembered for a minute, to give all look-ups under way the same answer.
func (s *set) holds() time.Duration {
	switch s.outcome {
	case enrich.Answered:
		return min(max(time.Duration(s.ttl)*time.Second, time.Minute), time.Hour)
	case enrich.None:
		return 15 * time.Minute
	}
	return time.Minute
}
