package netblock

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	likexian "github.com/likexian/whois"

	"spoor/enrich"
	"spoor/enrich/guard"
)

// ask puts one question to a WHOIS server. It returns what came, also with an error.
func ask(ctx context.Context, d *guard.Dialer, server, question string) (raw []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			raw, err = nil, fmt.Errorf("ask %s: the WHOIS client failed: %v", server, r)
		}
	}()
	to := &oneServer{ctx: ctx, guard: d, address: server}
	defer to.done()
	client := likexian.NewClient().SetDialer(to).SetDisableReferral(true).SetDisableStats(true)
	answer, err := client.Whois(question, "server") // oneServer knows where to; a name that the library knows would change the question
	return []byte(answer), err
}

// oneServer is the library's way to the network: to one server, by the guard.
type oneServer struct {
	ctx     context.Context
	guard   *guard.Dialer
	address string
	mu      sync.Mutex
	stop    []func() bool
}

// Dial connects to the server, whatever the library thinks its address is.
func (s *oneServer) Dial(network, _ string) (net.Conn, error) {
	c, err := s.guard.DialContext(s.ctx, network, s.address)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = append(s.stop, context.AfterFunc(s.ctx, func() { c.Close() }))
	return &answerConn{Conn: c, left: guard.MaxAnswer}, nil
}

func (s *oneServer) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stop := range s.stop {
		stop()
	}
}

// answerConn ends after so many bytes, and keeps the guard's deadline, which the library
// would put off.
type answerConn struct {
	net.Conn
	left int
}

func (c *answerConn) SetReadDeadline(time.Time) error  { return nil }
func (c *answerConn) SetWriteDeadline(time.Time) error { return nil }

func (c *answerConn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, guard.ErrTooLarge
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

// failure maps an error of asking to an Outcome and its words.
func failure(err error) (enrich.Outcome, string) {
	var guarded *guard.Error
	var timeout net.Error
	switch {
	case errors.As(err, &guarded):
		return enrich.Guarded, guarded.Error()
	case errors.Is(err, guard.ErrTooLarge):
		return enrich.Malformed, guard.ErrTooLarge.Error()
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return enrich.TimedOut, "no answer in time"
	}
	return enrich.Failed, strings.TrimPrefix(err.Error(), "whois: ")
}
