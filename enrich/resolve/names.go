package resolve

import (
	"context"
	"slices"

	"github.com/miekg/dns"

	"spoor/enrich"
	"spoor/internal/domain"
)

// Names looks up the forward records of a Domain or Host.
//
// For a registered domain it asks for A, AAAA, MX, NS, SOA, TXT and the
// addresses of the name servers. For a host below one it asks for addresses
// only; the other records belong to the domain. A name that does not exist
// costs one question.
type Names struct{ *Client }

// Source implements enrich.Lookup.
func (n Names) Source() enrich.Source { return enrich.DNS }

// maxServersAsked limits the name servers whose addresses are looked up; the
// root zone has as many.
const maxServersAsked = 13

// Look implements enrich.Lookup. Its one Observation has *enrich.Records. If
// all resolvers are backed off, it returns only an *enrich.BackedOff.
//
// A comes first and alone: most dead names are told by it, at the cost of one
// question.
func (n Names) Look(ctx context.Context, s enrich.Subject) ([]enrich.Observation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name, err := fqdn(s.Name)
	if err != nil {
		return n.guarded(s, enrich.DNS, err.Error()), nil
	}
	asked := n.Now()
	main := n.ask(ctx, question{name, dns.TypeA})
	if main.backedOff != nil {
		return nil, main.backedOff
	}
	if main.outcome != enrich.Answered {
		return n.seal(n.observe(s, enrich.DNS, asked, main, nil), main.ttl), nil
	}
	more := n.askAll(ctx, furtherQuestions(s, name), false)
	records := merge(append([]set{main}, more...), furtherQuestions(s, name))
	// Name servers are shared by many domains, so the cache answers most of
	// these.
	glue := n.serverAddresses(ctx, records)
	o := n.observe(s, enrich.DNS, asked, main, slices.Concat(more, glue))
	if records.empty() {
		o.Outcome, o.Detail = enrich.None, "the name exists, without any record that was asked for"
		if len(records.Missing) > 0 {
			o.Outcome, o.Detail = failure(more)
		}
		return n.seal(o, records.TTL), nil
	}
	o.Parsed = records.done()
	ttl := records.TTL
	if len(records.Missing) > 0 {
		ttl = 0 // missing answers are worth asking for soon
	}
	return n.seal(o, ttl), nil
}

// furtherQuestions returns the questions after A.
func furtherQuestions(s enrich.Subject, name string) []question {
	questions := []question{{name, dns.TypeAAAA}}
	if s.Kind == enrich.Domain || domain.Registered(s.Name) == s.Name {
		for _, t := range []uint16{dns.TypeNS, dns.TypeMX, dns.TypeSOA, dns.TypeTXT} {
			questions = append(questions, question{name, t})
		}
	}
	return questions
}

// seal sets until when an Observation is fresh.
func (c *Client) seal(o enrich.Observation, ttl uint32) []enrich.Observation {
	if o.Outcome.Final() {
		o.Expires = fresh(o.AskedAt, ttl, namesFor)
	}
	return []enrich.Observation{o}
}

// failure returns the first outcome that is not an answer.
func failure(sets []set) (enrich.Outcome, string) {
	for _, s := range sets {
		if !s.final() {
			return s.outcome, s.detail
		}
	}
	return enrich.Failed, ""
}

// merged collects Records.
type merged struct{ enrich.Records }

// merge combines the answers to A and the further questions.
//
// sets[0] is the answer to A, which is final, and sets[i] that to further[i-1].
// Types without an answer are listed as missing, so that the queue asks again
// soon.
func merge(sets []set, further []question) *merged {
	m := &merged{}
	m.TTL = ^uint32(0)
	for i, s := range sets {
		if !s.final() {
			m.Missing = append(m.Missing, further[i-1].String())
			continue
		}
		m.TTL = min(m.TTL, s.ttl)
		for _, odd := range s.odd {
			add(&m.Anomalies, odd, 16)
		}
		if len(s.chain) > len(m.CNAME) {
			m.CNAME = s.chain
		}
		m.put(s)
	}
	slices.Sort(m.Anomalies)
	return m
}

// put adds the records of a set.
func (m *merged) put(s set) {
	for _, a := range s.addrs {
		if a.Is4() {
			m.A = append(m.A, a)
		} else {
			m.AAAA = append(m.AAAA, a)
		}
	}
	if len(s.mx) > 0 {
		m.MX = s.mx
	}
	for _, host := range s.names {
		m.NS = append(m.NS, enrich.NameServer{Host: host})
	}
	if s.soa != nil {
		m.SOA = s.soa
	}
	if len(s.texts) > 0 {
		m.TXT = s.texts
	}
}

// empty reports whether no record was found.
func (m *merged) empty() bool {
	return len(m.A)+len(m.AAAA)+len(m.CNAME)+len(m.MX)+len(m.NS)+len(m.TXT) == 0 && m.SOA == nil
}

// done returns the merged records. Without any record, the TTL is 0.
func (m *merged) done() *enrich.Records {
	if m.TTL == ^uint32(0) {
		m.TTL = 0
	}
	return &m.Records
}

// serverAddresses adds the addresses of the name servers and returns their
// answers.
func (n Names) serverAddresses(ctx context.Context, m *merged) []set {
	var questions []question
	var whose []int
	for i, ns := range m.NS[:min(len(m.NS), maxServersAsked)] {
		name, err := fqdn(ns.Host)
		if err != nil {
			continue
		}
		questions = append(questions, question{name, dns.TypeA}, question{name, dns.TypeAAAA})
		whose = append(whose, i, i)
	}
	sets := n.askAll(ctx, questions, true)
	for i, s := range sets {
		ns := &m.NS[whose[i]]
		switch {
		case s.final():
			ns.Addrs = append(ns.Addrs, s.addrs...)
		default:
			add(&m.Missing, questions[i].String()+" of "+ns.Host, 32)
		}
		for _, odd := range s.odd {
			add(&m.Anomalies, "name-server-"+odd, 16)
		}
	}
	slices.Sort(m.Anomalies)
	return sets
}
