package replay

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// dnsRecorder records answers of a resolver.
//
// asked holds the ids under way; UDP sockets are reused, and TCP may carry
// several questions.
type dnsRecorder struct {
	net.Conn
	tape   *Tape
	stream bool // over TCP, where a length precedes each message

	mu      sync.Mutex
	asked   map[uint16]time.Time
	written []byte
	heard   []byte
}

// Write notes the queries of a connection. Over TCP, messages have a length
// prefix (RFC 1035, 4.2.2) and may be split between writes.
func (c *dnsRecorder) Write(b []byte) (int, error) {
	c.mu.Lock()
	if c.stream {
		c.written = append(c.written, b...)
		for _, m := range frames(&c.written) {
			c.note(m)
		}
	} else {
		c.note(b)
	}
	c.mu.Unlock()
	return c.Conn.Write(b)
}

// note remembers the time of a query by its id. The limit is for a client that
// never reads.
func (c *dnsRecorder) note(query []byte) {
	if len(query) >= 12 && len(c.asked) < 1000 {
		c.asked[binary.BigEndian.Uint16(query)] = time.Now()
	}
}

// Read records the answers of a connection.
func (c *dnsRecorder) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream {
		c.heard = append(c.heard, b[:n]...)
		for _, m := range frames(&c.heard) {
			c.save(m)
		}
	} else if err == nil {
		c.save(b[:n])
	}
	return n, err
}

// save records an answer. A truncated one is asked again over TCP, and one that
// can't be parsed has no question by which to find it.
//
// The text form is for people who edit recordings. If it does not give the
// answer back, its bytes are kept as hex.
func (c *dnsRecorder) save(raw []byte) {
	var m dns.Msg
	if m.Unpack(raw) != nil || len(m.Question) != 1 || m.Truncated {
		return
	}
	at, ok := c.asked[m.Id]
	if !ok {
		return
	}
	delete(c.asked, m.Id)
	a := &Answer{Protocol: names, Question: questionOf(&m), Asked: at, Header: [][2]string{{"Status", dns.RcodeToString[m.Rcode]}}}
	a.Body = textOf(&m)
	if back, err := messageOf(a, m.Question[0]); err != nil || back.Rcode != m.Rcode {
		a.Header = append(a.Header, [2]string{"Encoding", "hex"})
		a.Body = append([]byte(hex.EncodeToString(raw)), '\n')
	}
	c.tape.keep(a)
}

// frames takes the complete messages from the front of a stream.
func frames(stream *[]byte) (out [][]byte) {
	for len(*stream) >= 2 {
		n := int(binary.BigEndian.Uint16(*stream))
		if len(*stream) < 2+n {
			break
		}
		out = append(out, (*stream)[2:2+n])
		*stream = (*stream)[2+n:]
	}
	return out
}

// questionOf returns the question in the form of Answer.Question.
func questionOf(m *dns.Msg) string {
	q := m.Question[0]
	return strings.ToLower(q.Name) + " " + dns.Type(q.Qtype).String()
}

// sections are the headings of the sections of an answer.
var sections = []string{";; ANSWER", ";; AUTHORITY", ";; ADDITIONAL"}

// textOf writes an answer in the format of master files (RFC 1035 section 5).
func textOf(m *dns.Msg) []byte {
	var b bytes.Buffer
	for i, list := range [][]dns.RR{m.Answer, m.Ns, m.Extra} {
		fmt.Fprintln(&b, sections[i])
		for _, rr := range list {
			if rr.Header().Rrtype != dns.TypeOPT { // belongs to this hop alone (RFC 6891 section 6.1.1)
				fmt.Fprintln(&b, rr.String())
			}
		}
	}
	return b.Bytes()
}

// messageOf restores a recorded answer to a question.
//
// An unreadable file is an error, and not a missing answer.
func messageOf(a *Answer, q dns.Question) (*dns.Msg, error) {
	m := &dns.Msg{}
	if a.get("Encoding") == "hex" {
		raw, err := hex.DecodeString(strings.TrimSpace(string(a.Body)))
		if err != nil {
			return nil, fmt.Errorf("read a DNS answer: %w", err)
		}
		if err := m.Unpack(raw); err != nil {
			return nil, fmt.Errorf("read a DNS answer: %w", err)
		}
		return m, nil
	}
	code, ok := dns.StringToRcode[a.get("Status")]
	if !ok {
		return nil, fmt.Errorf("no DNS status: %q", a.get("Status"))
	}
	// The text form has no flags. These are those of every answer of a
	// resolver.
	m.Response, m.RecursionDesired, m.RecursionAvailable, m.Rcode = true, true, true, code
	m.Question = []dns.Question{q}
	section := &m.Answer
	for line := range strings.Lines(string(a.Body)) {
		switch line = strings.TrimRight(line, "\r\n"); line {
		case "":
		case sections[0]:
			section = &m.Answer
		case sections[1]:
			section = &m.Ns
		case sections[2]:
			section = &m.Extra
		default:
			rr, err := dns.NewRR(line)
			if err != nil || rr == nil {
				return nil, fmt.Errorf("read a DNS record: %w", err)
			}
			*section = append(*section, rr)
		}
	}
	return m, nil
}

// dnsPlayer answers DNS questions.
type dnsPlayer struct {
	tape   *Tape
	stream bool
}

// maxDatagram is the size that resolvers send over UDP; longer answers go over
// TCP.
const maxDatagram = 1232

// ask answers a DNS query from the recording or from a zone file.
func (p *dnsPlayer) ask(written []byte) ([]byte, error, bool) {
	if p.stream {
		whole := frames(&written)
		if len(whole) == 0 {
			return nil, nil, false
		}
		written = whole[0]
	}
	var query dns.Msg
	if err := query.Unpack(written); err != nil || len(query.Question) != 1 {
		return nil, errors.New("no question"), true
	}
	m, err := p.tape.resolve(&query)
	if err != nil {
		return nil, err, true
	}
	// The client's id and question replace those of the recording: it compares
	// both.
	m.Id, m.Question = query.Id, query.Question
	raw, err := m.Pack()
	// A large answer is truncated as by a resolver, so that the client asks
	// again over TCP.
	if err == nil && !p.stream && len(raw) > maxDatagram {
		raw, err = (&dns.Msg{MsgHdr: dns.MsgHdr{Id: m.Id, Response: true, Truncated: true, RecursionDesired: true, RecursionAvailable: true, Rcode: m.Rcode}, Question: m.Question}).Pack()
	}
	if err != nil {
		return nil, fmt.Errorf("write a DNS answer: %w", err), true
	}
	if p.stream {
		raw = append(binary.BigEndian.AppendUint16(nil, uint16(len(raw))), raw...)
	}
	return raw, nil, true
}

// resolve finds a recorded answer, or one from a zone file.
func (t *Tape) resolve(query *dns.Msg) (*dns.Msg, error) {
	q := query.Question[0]
	a, err := t.find(names, "", questionOf(query))
	if err == nil {
		t.noteName(q.Name, a.Asked)
		return messageOf(a, q)
	}
	if !errors.Is(err, ErrNotRecorded) {
		return nil, err
	}
	for _, z := range t.zones { // find has read them, and nobody writes them later
		if z.has(q.Name) {
			t.noteName(q.Name, z.asked)
			return z.answer(q), nil
		}
	}
	return nil, ErrNotRecorded
}
