package netblock

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"

	"spoor/enrich"
	"spoor/internal/domain"
	"spoor/internal/text"
)

// referral returns the server with a more specific answer about block b, or
// about the address if b is nil.
//
// Explicit keys count before remarks, and keys of the block before those of the
// answer.
func (p *page) referral(b *block) string {
	from, to := 0, len(p.records)
	if b != nil {
		from, to = b.at, p.sectionEnd(b.at)
	}
	if s := p.referralIn(from, to, "referralserver", "referral-server", "resourcelink"); s != "" {
		return s
	}
	if s := p.referralIn(0, to, "refer", "whois"); s != "" { // IANA's comes before the block
		return s
	}
	if b == nil {
		return p.referralNote()
	}
	return p.referralRemark(&p.records[b.at])
}

// referralIn returns the first server named by one of the keys that is not the
// one asked.
func (p *page) referralIn(from, to int, keys ...string) string {
	for i := from; i < to; i++ {
		for _, k := range keys {
			for _, v := range p.records[i].all(k) {
				if s := p.other(server(v)); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// unreachable recognises AFRINIC's "The WHOIS is temporary unable to query ARIN
// for the requested resource. Please try again later." It is not a quota: the
// address belongs to the other registry, which can be asked directly.
func (p *page) unreachable() (Answer, bool) {
	const words = "unable to query"
	for l := range strings.SplitSeq(text.Cut(p.text, judged), "\n") {
		at := strings.Index(strings.ToLower(l), words)
		if at < 0 {
			continue
		}
		for w := range strings.FieldsFuncSeq(strings.ToLower(l[at+len(words):]), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if other := whoisServers[strings.TrimSuffix(w, "ncc")]; other != "" && p.other(other) != "" {
				return Answer{Outcome: enrich.None, Detail: detail(l), Refers: other}, true
			}
		}
		return Answer{Outcome: enrich.Failed, Detail: detail(l)}, true
	}
	return Answer{}, false
}

// referralNote reads the "%referral
// rwhois://rwhois.example.net:4321/auth-area=..." of rwhois (RFC 2167 section
// 3.3.2).
func (p *page) referralNote() string {
	for l := range strings.SplitSeq(p.text[:min(len(p.text), 64<<10)], "\n") {
		if rest, ok := text.CutPrefixFold(strings.TrimSpace(l), "%referral "); ok {
			if s := p.other(server(rest)); s != "" {
				return s
			}
		}
	}
	return ""
}

// referralRemark finds a server in the remarks of a record. Providers name
// their rwhois server there. APNIC's copies of national records name the
// national one ("To obtain more specific information, please use ...
// whois.nic.example"). A list of all registries, as RIPE writes for unknown
// blocks, is not a referral.
func (p *page) referralRemark(r *record) string {
	found := ""
	for i := range r.pairs {
		if k := r.pairs[i].key; k != "remarks" && k != "comment" {
			continue
		}
		for w := range strings.FieldsSeq(r.pairs[i].value) {
			w = strings.Trim(w, ".,;()<>'\"")
			if !namesServer(strings.ToLower(w)) {
				continue
			}
			s := p.other(server(w))
			if found != "" && s != "" && s != found {
				return ""
			}
			found = cmp.Or(found, s)
		}
	}
	return found
}

// namesServer reports whether a word is the name or URL of a WHOIS or rwhois
// server.
func namesServer(w string) bool {
	for _, start := range []string{"whois.", "rwhois.", "whois://", "rwhois://"} {
		if strings.HasPrefix(w, start) {
			return true
		}
	}
	return false
}

// other returns s, unless it is the server that gave the answer.
func (p *page) other(s string) string {
	if s == "" || hostOf(s) == p.server {
		return ""
	}
	return s
}

// server returns the host, or host:port for a port other than 43, of
// "whois://host:port/path", "rwhois://host", "host:port" or "host". It returns
// "" if s names no server that speaks WHOIS.
//
// Servers of RDAP and web pages are left out: the caller speaks WHOIS.
func server(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	port := ""
	if rest, ok := text.CutPrefixFold(s, "rwhois://"); ok {
		s, port = rest, "4321" // RFC 2167 section 3.1.1
	} else if rest, ok := text.CutPrefixFold(s, "whois://"); ok {
		s = rest
	} else if strings.Contains(s, "://") {
		return "" // a web page or an RDAP server
	}
	s, _, _ = strings.Cut(s, "/")
	host := s
	if i := strings.LastIndexByte(s, ':'); i > 0 && (strings.Count(s, ":") == 1 || s[i-1] == ']') {
		host, port = s[:i], s[i+1:]
	}
	host, ok := hostName(strings.Trim(host, "[]"))
	if !ok {
		return ""
	}
	if port == "" || port == "43" {
		return host
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return ""
	}
	return host + ":" + port
}

// hostName normalises a host name or address.
func hostName(s string) (string, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		if a.Is6() {
			return "[" + a.String() + "]", a.Zone() == ""
		}
		return a.String(), true
	}
	n, ok := domain.Parse(s)
	return n.Host, ok && !n.Malformed && strings.Contains(n.Host, ".")
}
