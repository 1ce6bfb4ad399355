package resolve

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"spoor/enrich"
	"spoor/enrich/guard"
)

// Limits of one resolver's sockets.
const (
	// ednsSize is the size of a datagram that passes unfragmented (DNS flag day
	// 2020).
	ednsSize = 1232
	// maxUses limits the questions on one socket. A fresh port for each
	// question would be harder to guess, but closed ports stay blocked for a
	// while, and they ran out.
	maxUses = 64
	// maxStray is the number of stray datagrams after which somebody seems to
	// guess ids. Then the question goes over TCP.
	maxStray = 8
	// maxIdle limits the kept sockets.
	maxIdle = 1024
	// maxLarge limits concurrent questions over TCP: 64 KB of compressed names
	// can grow a hundredfold when parsed.
	maxLarge = 8
)

// upstream is one resolver with its sockets.
type upstream struct {
	address  string
	udp, tcp *guard.Dialer
	large    chan struct{} // one entry for each question over TCP

	mu       sync.Mutex
	idle     []*socket
	answered time.Time     // time of its last answer
	probe    chan struct{} // closed when the question that tests the resolver is over; nil for none
}

// socket is a kept UDP socket for one question at a time.
type socket struct {
	net.Conn
	uses int
	buf  []byte
}

// newUpstream returns a resolver whose dialers connect to it alone.
func newUpstream(address string, o Options) *upstream {
	d := guard.Dialer{}
	if o.Dialer != nil {
		d = guard.Dialer{Resolve: o.Dialer.Resolve, Dial: o.Dialer.Dial, Timeout: o.Dialer.Timeout}
	}
	d.Configured, d.Ports = []string{address}, nil
	udp, tcp := d, d
	tcp.MaxBytes = 2 + 0xffff
	return &upstream{address: address, large: make(chan struct{}, maxLarge), udp: &udp, tcp: &tcp}
}

// close closes the kept sockets.
func (u *upstream) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range u.idle {
		s.Close()
	}
	u.idle = nil
}

// socket takes a kept socket or opens one.
//
// The last one kept is used first. Ports change with use, and after maxUses in
// any case.
func (u *upstream) socket(ctx context.Context) (*socket, error) {
	u.mu.Lock()
	if n := len(u.idle); n > 0 {
		s := u.idle[n-1]
		u.idle = u.idle[:n-1]
		u.mu.Unlock()
		return s, nil
	}
	u.mu.Unlock()
	c, err := u.udp.DialContext(ctx, "udp", u.address)
	if err != nil {
		return nil, err
	}
	return &socket{Conn: c, buf: make([]byte, 4096)}, nil
}

// keep returns a socket after an answer.
func (u *upstream) keep(s *socket) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if s.uses++; s.uses >= maxUses || len(u.idle) >= maxIdle {
		s.Close()
		return
	}
	u.idle = append(u.idle, s)
}

// heard notes the time of an answer. Answers of concurrent questions may come
// out of order.
func (u *upstream) heard(now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.After(u.answered) {
		u.answered = now
	}
}

// alive reports whether the resolver works, although it is silent about a name.
// Name servers of many spammers' zones are dead, and the resolver waits for
// them in vain. If it has answered nobody since the given time, one caller asks
// it for the name servers of the root, which every resolver knows, and the
// others wait for the result.
func (u *upstream) alive(ctx context.Context, since time.Time, timeout time.Duration) bool {
	u.mu.Lock()
	if u.answered.After(since) {
		u.mu.Unlock()
		return true
	}
	// One caller asks, the others wait for the result.
	out, mine := u.probe, u.probe == nil
	if mine {
		out = make(chan struct{})
		u.probe = out
	}
	u.mu.Unlock()
	if mine {
		within, cancel := context.WithTimeout(ctx, timeout)
		_, _, err := ask(within, u.overUDP, question{".", dns.TypeNS}, true)
		cancel()
		if err == nil {
			u.heard(time.Now())
		}
		u.mu.Lock()
		u.probe = nil
		u.mu.Unlock()
		close(out)
	}
	select {
	case <-out:
	case <-ctx.Done():
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.answered.After(since)
}

// errStray reports datagrams that answer no question.
var errStray = errors.New("too many datagrams that are no answer")

// transport sends a query and returns the answer with its bytes.
type transport func(ctx context.Context, q question, id uint16, query []byte) (*dns.Msg, []byte, error)

// ask sends one question over a transport.
func ask(ctx context.Context, over transport, q question, edns bool) (*dns.Msg, []byte, error) {
	// A forger has to guess it and the port (RFC 5452 section 4).
	id := uint16(rand.Uint32())
	query, err := pack(q, id, edns)
	if err != nil {
		return nil, nil, err
	}
	return over(ctx, q, id, query)
}

// pack encodes a question.
func pack(q question, id uint16, edns bool) ([]byte, error) {
	m := dns.Msg{
		MsgHdr:   dns.MsgHdr{Id: id, RecursionDesired: true},
		Question: []dns.Question{{Name: q.name, Qtype: q.qtype, Qclass: dns.ClassINET}},
	}
	if edns {
		m.SetEdns0(ednsSize, false)
	}
	b, err := m.Pack()
	if err != nil {
		return nil, fmt.Errorf("write the question %s %s: %w", q.name, q, err)
	}
	return b, nil
}

// overUDP asks over UDP. A socket with an error is closed, so that a late
// answer cannot reach the next question.
func (u *upstream) overUDP(ctx context.Context, q question, id uint16, query []byte) (*dns.Msg, []byte, error) {
	s, err := u.socket(ctx)
	if err != nil {
		return nil, nil, err
	}
	m, raw, err := s.roundTrip(ctx, q, id, query)
	if err != nil {
		s.Close() // a late answer must not meet the next question
		return nil, nil, err
	}
	u.keep(s)
	return m, raw, nil
}

// roundTrip sends a query and reads until its answer arrives. The socket is
// connected, so the kernel delivers only datagrams from the resolver's address
// and port.
func (s *socket) roundTrip(ctx context.Context, q question, id uint16, query []byte) (*dns.Msg, []byte, error) {
	if err := bound(ctx, s); err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { s.SetDeadline(past) })
	m, raw, err := s.converse(q, id, query)
	if !stop() && err == nil {
		err = os.ErrDeadlineExceeded // a deadline set now may hit the next question
	}
	return m, raw, err
}

// converse sends a query and reads datagrams until one is the answer.
//
// A stray datagram may be a late answer to an earlier question of this socket,
// and is no error yet.
func (s *socket) converse(q question, id uint16, query []byte) (*dns.Msg, []byte, error) {
	if _, err := s.Write(query); err != nil {
		return nil, nil, fmt.Errorf("ask: %w", err)
	}
	for strays := 0; ; strays++ {
		if strays > maxStray {
			return nil, nil, errStray
		}
		n, err := s.Read(s.buf)
		if err != nil {
			return nil, nil, fmt.Errorf("wait for the answer: %w", err)
		}
		m, err := answerIn(s.buf[:n], q, id)
		if err == nil {
			return m, framed(s.buf[:n]), nil
		}
		if !errors.Is(err, errStray) {
			return nil, nil, err
		}
	}
}

// past is a deadline that has passed: setting it ends a blocked read.
var past = time.Unix(1, 0)

// answerIn reads a datagram or frame. One without the id is a stray. One with
// the id that cannot be parsed is a broken answer.
func answerIn(b []byte, q question, id uint16) (*dns.Msg, error) {
	if len(b) < 12 || binary.BigEndian.Uint16(b) != id {
		return nil, errStray
	}
	m, err := unpack(b)
	if err != nil {
		return nil, &broken{err}
	}
	if !matches(m, q, id) {
		return nil, errStray
	}
	return m, nil
}

// broken is an answer that cannot be parsed.
type broken struct{ error }

// overTCP asks over TCP, after a truncated answer over UDP (RFC 7766).
//
// Each question has a connection of its own: truncated answers are rare, and a
// shared one would need to match answers by id.
func (u *upstream) overTCP(ctx context.Context, q question, id uint16, query []byte) (*dns.Msg, []byte, error) {
	c, err := u.tcp.DialContext(ctx, "tcp", u.address)
	if err != nil {
		return nil, nil, err
	}
	defer c.Close()
	if err := bound(ctx, c); err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(past) })
	defer stop()
	if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(query))), query...)); err != nil {
		return nil, nil, fmt.Errorf("ask over TCP: %w", err)
	}
	b, err := readFrame(c)
	if err != nil {
		return nil, nil, err
	}
	m, err := answerIn(b, q, id)
	if errors.Is(err, errStray) {
		err = &broken{errors.New("the answer over TCP is to another question")}
	}
	return m, framed(b), err
}

// readFrame reads a message with its length before it (RFC 1035 section 4.2.2).
func readFrame(r io.Reader) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, fmt.Errorf("wait for the answer over TCP: %w", err)
	}
	b := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, fmt.Errorf("read the answer over TCP: %w", err)
	}
	return b, nil
}

// bound sets the deadline of the connection to that of ctx.
func bound(ctx context.Context, c net.Conn) error {
	deadline, _ := ctx.Deadline()
	if err := c.SetDeadline(deadline); err != nil {
		return fmt.Errorf("set a deadline: %w", err)
	}
	return nil
}

// outcomeOf maps an error of exchange to an outcome.
func outcomeOf(err error) (enrich.Outcome, string) {
	var (
		guarded *guard.Error
		bad     *broken
		timeout net.Error
	)
	switch {
	case errors.As(err, &guarded):
		return enrich.Guarded, clean(guarded.Reason, maxDetail)
	case errors.As(err, &bad), errors.Is(err, errStray):
		return enrich.Malformed, clean(err.Error(), maxDetail)
	case errors.Is(err, syscall.ECONNREFUSED):
		return enrich.Failed, "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return enrich.Failed, "the server dropped the connection"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return enrich.TimedOut, "no answer in time"
	}
	return enrich.Failed, clean(err.Error(), maxDetail)
}
