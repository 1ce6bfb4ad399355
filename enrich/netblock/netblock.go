// Package netblock finds the holder of an address: the most specific block in
// the database of a regional or national registry, or of a provider's rwhois
// server.
//
// The parsing half is pure. Parse takes the bytes of one WHOIS answer and
// returns an Answer. It reads RFC 3912, the RPSL of RFC 2622 and 4012, the
// rwhois of RFC 2167, and the layouts of ARIN, LACNIC, JPNIC, KRNIC and TWNIC:
//
//	bytes ──whois.Decode──▶ text ──▶ records of key and value ──▶ blocks ──▶ the one that holds the address
//
// The asking half is Lookup. It asks the registry by RDAP or WHOIS, follows
// referrals, and asks for the origin AS. Tables answers from files without a
// network. An address in a known, fresh block causes no question.
//
// Some entries only say that a block is not the registry's own
// (NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK, "Early Registrations, Transferred to
// ..."). They become a referral or None, and never a holder.
package netblock

import (
	"cmp"
	"net/netip"
	"strings"

	"go4.org/netipx"

	"spoor/enrich"
	"spoor/enrich/whois"
	"spoor/internal/text"
)

// Answer is the content of one WHOIS answer about an address.
type Answer struct {
	Outcome enrich.Outcome // Answered, None, Throttled, Refused or Malformed
	Detail  string         // the server's words or ours, if Outcome is not Answered

	// Netblock is the most specific block with the address; nil unless Outcome
	// is Answered.
	Netblock *enrich.Netblock

	// Refers is the server, host or host:port, with a more specific answer; ""
	// for none. Only its form is checked here: the guard decides whether to
	// connect.
	Refers string
}

// Parse parses a WHOIS answer about addr. server is the host name of the
// server, with or without port; "" if unknown.
//
// It never panics. Time grows linearly with the answer, whose lines and records
// are bounded.
func Parse(addr netip.Addr, server string, raw []byte) Answer {
	addr = addr.Unmap().WithZone("")
	text := text.WithoutTags(whois.Decode(raw, "", ""))
	p := &page{addr: addr, server: hostOf(server), text: text, records: records(text)}
	p.survey()
	b := p.best()
	switch {
	case b == nil:
		return p.without()
	case b.stub:
		return Answer{Outcome: enrich.None, Detail: notHolder + cmp.Or(b.nb.Name, b.nb.Owner, "a placeholder"), Refers: b.refers}
	}
	p.finish(b)
	return Answer{Outcome: enrich.Answered, Netblock: &b.nb, Refers: b.refers}
}

// page is one answer while it is parsed.
//
// Records refer to each other by handle, in any order, so the whole answer is
// kept.
type page struct {
	addr    netip.Addr
	server  string // host that gave it, "" where unknown
	text    string
	records []record
	nets    []network // in order
}

// network is a range in the answer with its position.
type network struct {
	rng   netipx.IPRange
	at    int // index in page.records; -1 for a line of a short list
	style style
	line  listed // where at is -1
}

// block is a parsed network.
type block struct {
	network
	nb     enrich.Netblock
	stub   bool // an entry that names no holder
	refers string
}

// survey finds every range in the answer.
func (p *page) survey() {
	for i := range p.records {
		if rng, style := p.records[i].styled(p.addr); rng.IsValid() {
			p.nets = append(p.nets, network{rng: rng, at: i, style: style})
		}
	}
	p.nets = append(p.nets, shortList(p.text)...)
}

// best parses the smallest block with the address; of equal ones the first.
func (p *page) best() *block {
	var found *network
	for i := range p.nets {
		n := &p.nets[i]
		if n.rng.Contains(p.addr) && (found == nil || p.better(n, found)) {
			found = n
		}
	}
	if found == nil {
		return nil
	}
	return p.read(*found)
}

// better reports whether a is more informative than b, which precedes it: it is
// smaller, or it is KRNIC's English version of b.
func (p *page) better(a, b *network) bool {
	if c := compareSize(a.rng, b.rng); c != 0 {
		return c < 0
	}
	return a.style == krnic && b.style == krnic && p.records[a.at].has("organization-name") && !p.records[b.at].has("organization-name")
}

// without judges an answer that has no block with the address.
func (p *page) without() Answer {
	if a, ok := p.unreachable(); ok {
		return a
	}
	a := verdict(p.text)
	a.Refers = p.referral(nil)
	if a.Refers != "" && a.Outcome == enrich.Malformed {
		return Answer{Outcome: enrich.None, Detail: "refers to " + a.Refers, Refers: a.Refers}
	}
	if len(p.nets) > 0 && a.Outcome == enrich.Malformed {
		a.Detail = "the answer is about other addresses"
	}
	return a
}

// finish sets the fields that are stored outside of the block's own record.
func (p *page) finish(b *block) {
	b.nb.First, b.nb.Last = b.rng.From(), b.rng.To()
	b.nb.Prefixes = b.rng.Prefixes()
	if b.refers == "" {
		b.refers = p.other(nationalServer(&b.nb))
	}
	b.nb.Refers = b.refers
	if b.nb.AbuseEmail == "" {
		b.nb.AbuseEmail = p.abuse(b)
	}
	b.nb.AbuseEmail = lowerHost(b.nb.AbuseEmail)
}

// lowerHost converts the domain of a mail address to lower case.
func lowerHost(mail string) string {
	at := strings.LastIndexByte(mail, '@') + 1
	return mail[:at] + strings.ToLower(mail[at:])
}

// hostOf returns the host of "host:port", "[v6]:port" or "host", in lower case.
func hostOf(server string) string {
	if i := strings.LastIndexByte(server, ':'); i >= 0 && (strings.Count(server, ":") == 1 || strings.Contains(server, "]:")) {
		server = server[:i]
	}
	return strings.ToLower(strings.TrimSuffix(server, "."))
}
