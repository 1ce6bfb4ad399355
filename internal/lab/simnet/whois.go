package simnet

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// maxQuestion limits a question, in bytes. RFC 3912 sets no limit, but
// registries do.
const maxQuestion = 512

// serveWHOIS answers one question (RFC 3912), or the first of a rwhois session.
func (s *server) serveWHOIS(c net.Conn) {
	c.SetDeadline(time.Now().Add(5 * time.Minute))
	if s.layoutIs(RWhois) {
		io.WriteString(c, "%rwhois V-1.5:003fff:00 "+s.name+" (by simnet)\r\n")
	}
	line, err := bufio.NewReader(io.LimitReader(c, maxQuestion)).ReadString('\n')
	if err != nil {
		return
	}
	question := subjectOf(line)
	v := s.begin(question, "tcp")
	if v.Fault == Blackhole {
		io.Copy(io.Discard, c)
		s.end(v, "fault")
		return
	}
	if !s.wait(v.Latency) {
		s.end(v, "fault")
		return
	}
	answer, outcome := s.whoisAnswer(v, question)
	if v.Fault != "" {
		outcome = "fault"
	}
	s.end(v, outcome) // before the last byte, so that a client with the answer finds it counted
	s.deliver(c, v, answer)
}

func (s *server) layoutIs(l Layout) bool {
	r := s.ix.regional(s.key)
	return r != nil && r.Layout == l
}

// deliver writes an answer with the faults of streams.
func (s *server) deliver(c net.Conn, v verdict, answer []byte) {
	switch v.Fault {
	case Closed:
	case Reset:
		c.Write(answer[:len(answer)/2])
		time.Sleep(20 * time.Millisecond) // let the first half arrive; RST drops queued data
		reset(c)
	case Endless:
		for {
			if _, err := c.Write(append(answer, '\n')); err != nil {
				return
			}
		}
	case Drip:
		for i := range answer {
			if _, err := c.Write(answer[i : i+1]); err != nil || !s.wait(time.Second) {
				return
			}
		}
	default:
		c.Write(answer)
	}
}

// whoisAnswer returns the answer to a question and its outcome.
func (s *server) whoisAnswer(v verdict, question string) ([]byte, string) {
	layout := s.layoutFor(question)
	var answer []byte
	var outcome string
	switch {
	case v.throttled:
		return []byte(quotaWords(layout)), "throttled"
	case v.Refuse:
		return []byte(refusalWords(layout)), "refused"
	case v.Fault == Lame:
		return []byte("Database temporarily unavailable, please try again later.\r\n"), "fault"
	case v.Fault == Binary:
		return binaryNoise(), "fault"
	case v.Fault == HTMLPage:
		return []byte(htmlPage), "fault"
	case v.Raw != nil:
		return v.Raw, "answered"
	default:
		answer, outcome = s.render(layout, question)
	}
	if v.Refers != "" {
		answer = referring(answer, layout, v.Refers)
	}
	if v.Fault == Cut {
		answer = cutAfterReferral(answer)
	}
	return answer, outcome
}

// subjectOf extracts the subject of a question in any registry's syntax:
// "domain spam.com", "=spam.com", "-T dn,ace spam.de", "spam.jp/e", "n +
// 192.0.2.1".
func subjectOf(line string) string {
	fields := strings.Fields(strings.ToLower(line))
	if len(fields) == 0 {
		return ""
	}
	subject := strings.TrimPrefix(fields[len(fields)-1], "=")
	return strings.TrimSuffix(strings.TrimSuffix(subject, "/e"), ".")
}

// layoutFor is the layout in which a server answers a question.
func (s *server) layoutFor(question string) Layout {
	if r := s.ix.regional(s.key); r != nil {
		return r.Layout
	}
	if r, ok := s.ix.registrars[s.key]; ok {
		return r.layout()
	}
	if s.key == keyIANA {
		return IANA
	}
	return s.ix.layoutOf(question)
}

// layoutOf is the layout of the registry that is responsible for a question.
func (ix *index) layoutOf(question string) Layout {
	registry := ""
	if a, err := netip.ParseAddr(question); err == nil {
		if b := ix.block(a, ""); b != nil {
			registry = b.Registry
		}
	} else if n, ok := asNumber(question); ok {
		if as := ix.as(n); as != nil {
			registry = as.Registry
		}
	} else if r := ix.registry(question); r != nil {
		return r.Layout
	} else {
		return PIR
	}
	if r := ix.regional(registry); r != nil {
		return r.Layout
	}
	return RIPE
}

// layout is the layout of the registrar's answers.
func (r *Registrar) layout() Layout {
	if r.Layout == "" {
		return Thick
	}
	return r.Layout
}

// asNumber parses "as64500".
func asNumber(question string) (uint64, bool) {
	digits, ok := strings.CutPrefix(question, "as")
	n, err := strconv.ParseUint(digits, 10, 32)
	return n, ok && err == nil
}

// render writes the answer to a question in a layout.
func (s *server) render(layout Layout, question string) ([]byte, string) {
	if layout == IANA {
		return s.ix.renderIANA(question)
	}
	if a, err := netip.ParseAddr(question); err == nil {
		return s.ix.renderAddress(layout, a)
	}
	if n, ok := asNumber(question); ok {
		return s.ix.renderAS(layout, n)
	}
	d, ok := s.ix.domain(question)
	if _, registrar := s.ix.registrars[s.key]; ok && registrar && d.Registrar != s.key {
		ok = false // a registrar knows only its own customers
	}
	if !ok || s.ix.regional(s.key) != nil {
		return encode(layout, absence(layout, question)), "none"
	}
	return encode(layout, s.ix.renderDomain(layout, d)), "answered"
}

// referring replaces the referral of an answer, or adds one at the end.
func referring(answer []byte, layout Layout, to string) []byte {
	key := referralKey(layout)
	lines := strings.SplitAfter(string(answer), "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), key) {
			lines[i] = line[:strings.Index(line, key)] + key + " " + to + "\r\n"
			return []byte(strings.Join(lines, ""))
		}
	}
	return append(answer, key+" "+to+"\r\n"...)
}

// referralKey is the key of the line that names the next server.
func referralKey(layout Layout) string {
	switch layout {
	case ARIN:
		return "ReferralServer:"
	case IANA:
		return "refer:"
	case Old2005, NetSol:
		return "Whois Server:"
	}
	return "Registrar WHOIS Server:"
}

// cutAfterReferral truncates an answer directly after its referral, or after
// its last line, without a newline.
func cutAfterReferral(answer []byte) []byte {
	text := string(answer)
	for _, key := range []string{"Registrar WHOIS Server:", "ReferralServer:", "refer:", "Whois Server:"} {
		if i := strings.Index(text, key); i >= 0 {
			if end := strings.IndexAny(text[i:], "\r\n"); end >= 0 {
				return []byte(text[:i+end])
			}
		}
	}
	return []byte(strings.TrimRight(text, "\r\n"))
}
