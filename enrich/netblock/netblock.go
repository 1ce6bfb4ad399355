// Package netblock finds out who holds an address: the most specific block that a
// regional or national registry, or a provider's rwhois server, has on record for it.
//
// The reading half is pure. Parse takes the bytes of one WHOIS answer (RFC 3912, RPSL of
// RFC 2622 and 4012, rwhois of RFC 2167, and the layouts that ARIN, LACNIC, JPNIC, KRNIC
// and TWNIC have of their own) and returns an Answer:
//
//	bytes ──whois.Decode──▶ text ──▶ records of key and value ──▶ blocks ──▶ the one that holds the address
//
// The asking half is a Lookup: the registry by RDAP or WHOIS, where that one refers to,
// and the origin AS; or a Tables of the user's, without a network. An address inside a
// block that is known and fresh asks nothing.
//
// A registry's entry that only says "not ours" (NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK, "Early
// Registrations, Transferred to ...") is a referral or None, and never a holder.
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

// Answer is what one WHOIS answer about an address says.
type Answer struct {
	Outcome enrich.Outcome // Answered, None, Throttled, Refused or Malformed
	Detail  string         // the server's words, or ours, where Outcome is not Answered

	// Netblock is the most specific block that holds the address; nil unless Outcome is
	// Answered.
	Netblock *enrich.Netblock

	// Refers is the server, host or host:port, that knows more; "" for none. Only its form
	// is judged here: the guard decides where to go.
	Refers string
}

// Parse reads a WHOIS answer about addr from server (a host name, with or without port; ""
// where unknown).
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

// page is one answer while it is read.
type page struct {
	addr    netip.Addr
	server  string // host that gave it, "" where unknown
	text    string
	records []record
	nets    []network // in order
}

// network is a range in the answer, and where it stands.
type network struct {
	rng   netipx.IPRange
	at    int // index in page.records; -1 for a line of a short list
	style style
	line  listed // where at is -1
}

// block is a network that was read.
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

// best reads the smallest block that holds the address, the first of equals.
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

// better reports whether a tells more of the address than b, which stands before it: it is
// smaller, or KRNIC's English half of the same.
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

// finish fills in what stands outside of the block's own record.
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

// lowerHost writes a mail address's domain in lower case.
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
