package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"spoor/enrich/guard"
)

// Attach puts the Tape between a Dialer and the network. resolvers lists the
// "host:port" of DNS servers; other TCP connections count as WHOIS. Call it
// before the Dialer is used or copied.
func (t *Tape) Attach(d *guard.Dialer, resolvers []string) {
	if t.recording {
		t.record(d, resolvers)
		return
	}
	d.Resolve = t.invent
	d.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		server := t.hostOf(address)
		if isDNS(network, address, resolvers) {
			return newPlayed(&dnsPlayer{tape: t, stream: network != "udp"}), nil
		}
		return newPlayed(&linePlayer{ctx: ctx, tape: t, server: server}), nil
	}
}

// record makes the dialer record every connection, in the format of DNS for
// connections to a resolver and of WHOIS for others.
func (t *Tape) record(d *guard.Dialer, resolvers []string) {
	resolve, dial := d.Resolve, d.Dial
	if resolve == nil {
		resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if dial == nil {
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		}
	}
	d.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
		addrs, err := resolve(ctx, host)
		for _, a := range addrs {
			t.noteHost(a, host)
		}
		return addrs, err
	}
	d.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		server, began := t.hostOf(address), time.Now()
		c, err := dial(ctx, network, address)
		switch {
		case isDNS(network, address, resolvers):
			if err != nil {
				return nil, err // asked again, and of the next resolver
			}
			return &dnsRecorder{Conn: c, tape: t, stream: network != "udp", asked: map[uint16]time.Time{}}, nil
		case err != nil:
			// The question is unknown as yet, but the client writes it next.
			return newPlayed(&lineRefused{tape: t, server: server, began: began, err: err}), nil
		}
		return &lineRecorder{Conn: c, tape: t, server: server, began: began}, nil
	}
}

// isDNS reports whether a connection goes to a resolver. Those are recorded by
// question and not by bytes, because ids and ports differ each time.
//
// Nothing else uses UDP here.
func isDNS(network, address string, resolvers []string) bool {
	return network == "udp" || slices.Contains(resolvers, address) || strings.HasSuffix(address, ":53")
}

// maxHosts limits the addresses that are remembered.
const maxHosts = 100_000

// noteHost remembers the host of an address, because guard.Dialer dials
// addresses, and a recording names hosts.
func (t *Tape) noteHost(a netip.Addr, host string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.hosts) < maxHosts {
		t.hosts[a.Unmap().String()] = strings.ToLower(host)
	}
}

// hostOf returns "host:port" for "address:port" if the address came from a
// resolution.
func (t *Tape) hostOf(address string) string {
	ip, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if host, ok := t.hosts[ip]; ok {
		return net.JoinHostPort(host, port)
	}
	return address
}

// invent gives a host a public address for the replay, so that the guard judges
// it like the recorded one. Nothing is ever sent to it.
func (t *Tape) invent(_ context.Context, host string) ([]netip.Addr, error) {
	host = strings.ToLower(host)
	t.mu.Lock()
	defer t.mu.Unlock()
	// The same host always gets the same address within a replay.
	n := len(t.hosts)
	for a, h := range t.hosts {
		if h == host {
			return []netip.Addr{netip.MustParseAddr(a)}, nil
		}
	}
	if n >= maxHosts {
		return nil, fmt.Errorf("find %q: too many hosts", host)
	}
	// 44.64.0.0/10 was given out to amateur radio and is public to the guard.
	a := netip.AddrFrom4([4]byte{44, byte(64 + n>>16), byte(n >> 8), byte(n)})
	t.hosts[a.String()] = host
	return []netip.Addr{a}, nil
}

// player answers the bytes that are written to a connection.
type player interface {
	// ask takes the bytes written so far and returns those to read. ok is false
	// if the question is incomplete.
	ask(written []byte) (answer []byte, end error, ok bool)
}

// played is a connection that is answered from a folder.
//
// Reads never block: the answer is there when the question is complete.
type played struct {
	player
	mu      sync.Mutex
	written []byte
	left    []byte
	end     error
	closed  bool
}

// newPlayed returns a connection that a player answers.
func newPlayed(p player) *played { return &played{player: p} }

// maxQuestion limits the bytes written to a connection.
const maxQuestion = 64 << 10

// Write collects the question. Once it is complete, the answer is ready to be
// read.
func (c *played) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	if len(c.written)+len(b) > maxQuestion {
		return 0, errors.New("the question is too long")
	}
	c.written = append(c.written, b...)
	if answer, end, ok := c.ask(c.written); ok {
		c.left, c.end, c.written = answer, end, nil
	}
	return len(b), nil
}

// Read returns the answer, then the error with which it ended.
func (c *played) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return 0, net.ErrClosed
	case len(c.left) > 0:
		n := copy(b, c.left)
		c.left = c.left[n:]
		return n, nil
	case c.end != nil:
		return 0, c.end
	}
	return 0, io.EOF
}

// Close ends the exchange.
func (c *played) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return nil
}

func (c *played) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *played) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *played) SetDeadline(time.Time) error      { return nil }
func (c *played) SetReadDeadline(time.Time) error  { return nil }
func (c *played) SetWriteDeadline(time.Time) error { return nil }

// Errors that end an answer, as files name them.
const (
	saidTimedOut = "timed out"
	saidRefused  = "connection refused"
	saidReset    = "connection reset"
)

// wordsOf returns the recorded form of a network error. Only the kinds that the
// look-ups treat differently have one.
//
// Words and not numbers, so that recordings can be written by hand and read on
// any system.
func wordsOf(err error) string {
	var timeout net.Error
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return ""
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return saidTimedOut
	case errors.Is(err, syscall.ECONNREFUSED):
		return saidRefused
	case errors.Is(err, syscall.ECONNRESET):
		return saidReset
	}
	return err.Error()
}

// errorOf returns the network error of its recorded form.
func errorOf(words string) error {
	switch words {
	case "":
		return io.EOF
	case saidTimedOut:
		return os.ErrDeadlineExceeded
	case saidRefused:
		return syscall.ECONNREFUSED
	case saidReset:
		return syscall.ECONNRESET
	}
	return errors.New(words)
}
