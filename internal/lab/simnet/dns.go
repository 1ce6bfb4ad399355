package simnet

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// serveUDP answers datagrams. One goroutine unpacks them and timers do the
// waiting, so that thousands of questions per second cost little.
func (s *server) serveUDP() {
	// Larger than any question: those are a name and a few options.
	buf := make([]byte, 4096)
	for {
		n, from, err := s.udp.ReadFrom(buf)
		if err != nil {
			if s.ctx.Err() != nil || !temporary(err) {
				return
			}
			continue
		}
		var q dns.Msg
		// Something else than a question gets no answer, as from most servers.
		if q.Unpack(buf[:n]) != nil || len(q.Question) != 1 || q.Response {
			continue
		}
		v := s.begin(questionText(&q), "udp")
		if v.Fault == Dead || v.Fault == Blackhole {
			s.end(v, "fault")
			continue
		}
		send := func(b []byte) { s.udp.WriteTo(b, from) }
		later(v.Latency, func() { s.answerDNS(v, &q, "udp", send) })
	}
}

// temporary distinguishes ICMP errors about an earlier datagram from a closed
// socket.
//
// A client that has closed its socket makes the next read of ours fail with
// ECONNREFUSED on Linux.
func temporary(err error) bool {
	return !strings.Contains(err.Error(), net.ErrClosed.Error())
}

// later runs f after d.
func later(d time.Duration, f func()) {
	if d <= 0 {
		f()
		return
	}
	time.AfterFunc(d, f)
}

// serveDNSConn answers questions over TCP (RFC 1035 section 4.2.2), one after
// another.
func (s *server) serveDNSConn(c net.Conn) {
	for {
		c.SetDeadline(time.Now().Add(30 * time.Second))
		packet, err := readFrame(c)
		var q dns.Msg
		if err != nil || q.Unpack(packet) != nil || len(q.Question) != 1 {
			return
		}
		v := s.begin(questionText(&q), "tcp")
		if !s.wait(v.Latency) {
			s.end(v, "fault")
			return
		}
		if !s.answerTCP(c, v, &q) {
			return
		}
	}
}

// answerTCP answers one question over TCP with the faults of streams. It
// returns false if the connection is finished.
func (s *server) answerTCP(c net.Conn, v verdict, q *dns.Msg) bool {
	switch v.Fault {
	// The connection stays open and silent.
	case Blackhole:
		io.Copy(io.Discard, c)
	case Closed:
	case Reset:
		c.Write([]byte{1, 0, 1, 2, 3}) // a frame of 256 bytes, of which three arrive
		reset(c)
	// Frames of 64 KiB of zeros, until the client has enough.
	case Endless:
		for {
			if _, err := c.Write(append([]byte{0xff, 0xff}, make([]byte, 0xffff)...)); err != nil {
				break
			}
		}
	// One byte a second of a frame of 512.
	case Drip:
		c.Write([]byte{2, 0})
		for s.wait(time.Second) {
			if _, err := c.Write([]byte{0}); err != nil {
				break
			}
		}
	default:
		s.answerDNS(v, q, "tcp", func(b []byte) {
			c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...))
		})
		return true
	}
	s.end(v, "fault")
	return false
}

// readFrame reads a DNS message over TCP, which follows its length (RFC 1035,
// section 4.2.2).
func readFrame(r io.Reader) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err := io.ReadFull(r, b)
	return b, err
}

// questionText is the form in which questions are counted: "www.spam.com. A",
// in lower case.
func questionText(q *dns.Msg) string {
	return strings.ToLower(q.Question[0].Name) + " " + dns.TypeToString[q.Question[0].Qtype]
}

// answerDNS sends the answer to a question.
//
// A forged answer comes before the true one, as it must in order to win. A
// client that checks id and question takes the second.
func (s *server) answerDNS(v verdict, q *dns.Msg, network string, send func([]byte)) {
	if s.ctx.Err() != nil {
		return
	}
	m := s.reply(v, q)
	outcome := outcomeOf(m)
	switch v.Fault {
	case Binary:
		send([]byte("\x00\x01\xff\x1b]0;gotcha\x07\xff\xff\xff\xff\xff\xff"))
		s.end(v, "fault")
		return
	case WrongID:
		m.Id ^= 0x5555
	case WrongQuestion:
		m.Question[0].Name = "elsewhere.test."
	case Spoofed:
		forged := s.forge(m)
		send(packed(forged))
	}
	if network == "udp" {
		// It sets the bit TC if records had to go (RFC 2181 section 9).
		m.Truncate(udpSize(q))
		if v.Fault == Truncates {
			m.Answer, m.Ns, m.Truncated = nil, nil, true
		}
	}
	send(packed(m))
	s.end(v, outcome)
}

// forge returns an answer that an off-path attacker who guesses ids might send.
//
// The question is right and the id is wrong by one. The address is of the test
// network 203.0.113.0/24, so that a test finds it.
func (s *server) forge(m *dns.Msg) *dns.Msg {
	forged := m.Copy()
	forged.Id++
	forged.Rcode = dns.RcodeSuccess
	a, err := dns.NewRR(m.Question[0].Name + " 300 IN A 203.0.113.66")
	if err == nil {
		forged.Answer = []dns.RR{a}
	}
	return forged
}

// packed is a message in wire format; nil if it cannot be packed, which sends
// nothing.
func packed(m *dns.Msg) []byte {
	b, err := m.Pack()
	if err != nil {
		return nil
	}
	return b
}

// udpSize is the size of an answer that the client accepts (RFC 6891); 512
// bytes without EDNS.
func udpSize(q *dns.Msg) int {
	if opt := q.IsEdns0(); opt != nil {
		return max(int(opt.UDPSize()), dns.MinMsgSize)
	}
	return dns.MinMsgSize
}

// outcomeOf names the kind of an answer in the statistics.
//
// NXDOMAIN and an empty answer are both "none".
func outcomeOf(m *dns.Msg) string {
	switch {
	case m.Rcode == dns.RcodeRefused:
		return "refused"
	case m.Rcode == dns.RcodeServerFailure:
		return "fault"
	case len(m.Answer) == 0:
		return "none"
	}
	return "answered"
}

// reply is the answer of a recursive resolver.
//
// It never says that data are authentic: there is no DNSSEC.
func (s *server) reply(v verdict, q *dns.Msg) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable, m.Compress = true, true
	if q.IsEdns0() != nil {
		// The size that the DNS flag day of 2020 recommends.
		m.SetEdns0(1232, false)
	}
	switch {
	case v.throttled, v.Refuse:
		m.Rcode = dns.RcodeRefused
	case v.Fault == Lame:
		m.Rcode = dns.RcodeServerFailure
	default:
		s.ix.resolve(m)
	}
	return m
}

// maxChain limits the CNAMEs that the resolver follows; a loop ends there.
const maxChain = 16

// resolve fills in the answer to the question of m.
//
// A CNAME is followed and added to the answer, so that one question suffices
// (RFC 1034 section 3.6.2). A loop or a longer chain is a server failure.
func (ix *index) resolve(m *dns.Msg) {
	name, qtype := m.Question[0].Name, m.Question[0].Qtype
	for range maxChain {
		key := dns.CanonicalName(name)
		found := ix.find(key, qtype)
		if len(found) == 0 && qtype != dns.TypeCNAME {
			if cname := ix.find(key, dns.TypeCNAME); len(cname) > 0 {
				m.Answer = append(m.Answer, named(cname[0], name))
				name = cname[0].(*dns.CNAME).Target
				continue
			}
		}
		for _, rr := range found {
			m.Answer = append(m.Answer, named(rr, name))
		}
		if len(found) == 0 {
			ix.deny(m, key)
		}
		return
	}
	m.Rcode = dns.RcodeServerFailure
}

// named returns rr with the name in the spelling of the question.
//
// A client may mix the case of letters as a guard against forgers, and expects
// its own spelling back.
func named(rr dns.RR, name string) dns.RR {
	rr = dns.Copy(rr)
	rr.Header().Name = name
	return rr
}

// find returns the records of a canonical name.
func (ix *index) find(key string, qtype uint16) []dns.RR {
	if found := ix.records[key][qtype]; len(found) > 0 {
		return found
	}
	if qtype == dns.TypeTXT && strings.HasSuffix(key, ".asn.cymru.com.") {
		return ix.origins(key)
	}
	return ix.inventedRecords(key, qtype)
}

// deny fills in NXDOMAIN or NODATA with the zone's SOA (RFC 2308).
//
// A name below which others exist is no NXDOMAIN (RFC 8020).
func (ix *index) deny(m *dns.Msg, key string) {
	if _, _, ok := ix.invented(strings.TrimSuffix(key, ".")); !ok && !ix.exists[key] {
		m.Rcode = dns.RcodeNameError
	}
	for i, end := 0, false; !end; i, end = dns.NextLabel(key, i) {
		if soa := ix.find(key[i:], dns.TypeSOA); len(soa) > 0 {
			m.Ns = soa
			return
		}
	}
}

// inventedRecords returns the records of Invented domains, their hosts, and the
// name servers that they share.
func (ix *index) inventedRecords(key string, qtype uint16) []dns.RR {
	if !ix.Invent {
		return nil
	}
	host := strings.TrimSuffix(key, ".")
	if strings.HasPrefix(host, "one.pool") || strings.HasPrefix(host, "two.pool") {
		if qtype == dns.TypeA {
			return records(host + ". 3600 IN A 198.51.100.53")
		}
		return nil
	}
	n, tld, ok := ix.invented(host)
	if !ok {
		return nil
	}
	d := Invented(n, tld)
	switch {
	case qtype == dns.TypeA:
		return records(addressLine(host, d.Addrs[0]))
	case host != d.Name:
		return nil
	case qtype == dns.TypeNS:
		return records(host+". 3600 IN NS "+d.NameServers[0].Host+".", host+". 3600 IN NS "+d.NameServers[1].Host+".")
	case qtype == dns.TypeMX:
		return records(host + ". 3600 IN MX " + d.MX[0] + ".")
	case qtype == dns.TypeSOA:
		return records(soaLine(host, d.NameServers))
	}
	return nil
}

// records parses lines of a zone and drops wrong ones.
//
// The lines are made in this package; a wrong one shows as a missing record in
// a test.
func records(lines ...string) []dns.RR {
	var rrs []dns.RR
	for _, line := range lines {
		if rr, err := dns.NewRR(line); err == nil {
			rrs = append(rrs, rr)
		}
	}
	return rrs
}

// addresses returns a host's addresses in DNS.
func (ix *index) addresses(host string) []netip.Addr {
	var out []netip.Addr
	key := dns.CanonicalName(host)
	for _, rr := range slices.Concat(ix.find(key, dns.TypeA), ix.find(key, dns.TypeAAAA)) {
		var ip net.IP
		switch rr := rr.(type) {
		case *dns.A:
			ip = rr.A
		case *dns.AAAA:
			ip = rr.AAAA
		}
		if a, ok := netip.AddrFromSlice(ip); ok {
			out = append(out, a.Unmap())
		}
	}
	return out
}
