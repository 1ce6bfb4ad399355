// Package guard is the only way from Spoor to the network. A hostile registry,
// or the owner of a domain in spam, can try to direct look-ups: by a WHOIS
// referral to 127.0.0.1:6379, an RDAP link into the local network, or an answer
// that never ends. Every connection therefore goes through a Dialer, which
//   - connects to a server that the user configured as it was configured,
//   - connects to any other server only on the ports of the look-up protocols, and only
//     to public addresses, checked on the very address that is dialled, after resolution,
//   - ends a connection at its deadline, however slowly bytes drip, and after its byte cap.
//
// It implements no protocol and keeps no connection.
package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"spoor/enrich/servers"
)

// MaxAnswer limits one answer, in bytes; answers of registries are far shorter.
const MaxAnswer = 1 << 20

// Error reports that a server was not asked because the guard forbids it.
type Error struct {
	Server string // as passed to the dialer
	Reason string
}

// Error quotes the server, because its name may come from a hostile answer.
func (e *Error) Error() string { return fmt.Sprintf("not asking %q: %s", e.Server, e.Reason) }

// ErrTooLarge ends an answer that exceeds the byte limit.
var ErrTooLarge = errors.New("answer is larger than the limit")

// Dialer opens guarded connections. Its fields must not change once it is in
// use.
type Dialer struct {
	// Configured holds "host:port" of every server that the user named. These
	// may be anywhere.
	Configured []string
	// Referred holds servers to which answers may refer although they are not
	// public or do not use a registry's port, for use in a laboratory.
	Referred []servers.Pattern
	// Ports lists the ports that other servers may be asked on.
	Ports []uint16
	// Timeout limits a whole connection, from resolution to the last byte. ctx
	// may end it earlier.
	Timeout time.Duration
	// MaxBytes limits the bytes that a connection may deliver; 0 for no limit.
	// Pooled HTTP connections carry several answers and are limited by answer
	// instead.
	MaxBytes int64

	// Resolve looks up a host name; nil for the system's resolver.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Dial connects to an address that the guard accepted; nil for net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// DialContext opens a connection to address ("host:port"). network is "tcp" or
// "udp".
//
// It returns an *Error if the guard forbids the connection, else the error of
// the first address tried.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := splitHostPort(address)
	if err != nil {
		return nil, &Error{address, err.Error()}
	}
	if err := d.checkPort(address, host, port); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(d.timeout())
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	addrs, err := d.resolve(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("find %q: %w", host, err)
	}
	return d.dialFirst(ctx, network, address, host, addrs, port)
}

// Named reports whether the user named the server or a pattern that includes
// it.
func (d *Dialer) Named(address string) bool {
	return slices.Contains(d.Configured, address) || slices.ContainsFunc(d.Referred, func(p servers.Pattern) bool { return p.Match(address) })
}

// checkPort refuses ports that no registry uses. A name may still resolve to an
// address that Referred allows on any port; allowed decides that after the
// resolution.
func (d *Dialer) checkPort(address, host string, port uint16) error {
	_, notAddress := netip.ParseAddr(host)
	if d.Named(address) || slices.Contains(d.Ports, port) || notAddress != nil && len(d.Referred) > 0 {
		return nil
	}
	return &Error{address, fmt.Sprintf("port %d is not one that registries use", port)}
}

// allowed judges the address that is dialled, after resolution, so that DNS
// rebinding gains nothing.
func (d *Dialer) allowed(address, host string, port uint16, a netip.Addr) error {
	if slices.Contains(d.Configured, address) || slices.ContainsFunc(d.Referred, func(p servers.Pattern) bool { return p.MatchDialled(host, port, a) }) {
		return nil
	}
	if !slices.Contains(d.Ports, port) {
		return &Error{address, fmt.Sprintf("port %d is not one that registries use", port)}
	}
	if !Public(a) {
		return &Error{address, fmt.Sprintf("%s is not a public address", a)}
	}
	return nil
}

// maxTried limits the addresses of one server that are tried.
const maxTried = 4

// dialFirst connects to the first address that is allowed and answers, of at
// most maxTried.
func (d *Dialer) dialFirst(ctx context.Context, network, address, host string, addrs []netip.Addr, port uint16) (net.Conn, error) {
	var firstErr error
	keep := func(err error) {
		if firstErr == nil {
			firstErr = err
		}
	}
	for i, a := range addrs {
		if i == maxTried {
			break
		}
		// Each address is judged by itself: a hostile zone may mix public and
		// private ones.
		if err := d.allowed(address, host, port, a); err != nil {
			keep(err)
			continue
		}
		conn, err := d.dial(ctx, network, netip.AddrPortFrom(a, port).String())
		if err != nil {
			keep(err)
			continue
		}
		// The deadline is absolute, so that an answer in single bytes does not
		// extend it.
		if deadline, ok := ctx.Deadline(); ok {
			if err := conn.SetDeadline(deadline); err != nil {
				conn.Close()
				return nil, fmt.Errorf("set a deadline for %s: %w", address, err)
			}
		}
		return d.capped(conn), nil
	}
	if firstErr == nil {
		firstErr = fmt.Errorf("%q has no address", address)
	}
	return nil, firstErr
}

// timeout returns the time limit of a connection, 20 seconds by default.
func (d *Dialer) timeout() time.Duration {
	if d.Timeout > 0 {
		return d.Timeout
	}
	return 20 * time.Second
}

// resolve returns the addresses of a host, by the resolvers of the dialer.
func (d *Dialer) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if d.Resolve != nil {
		return d.Resolve(ctx, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// dial connects to an address that the guard has accepted.
func (d *Dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if d.Dial != nil {
		return d.Dial(ctx, network, address)
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, address)
}

// capped limits the bytes that may be read from a connection.
func (d *Dialer) capped(c net.Conn) net.Conn {
	if d.MaxBytes <= 0 {
		return c
	}
	conn := &cappedConn{Conn: c}
	conn.left.Store(d.MaxBytes)
	return conn
}

// cappedConn returns ErrTooLarge after the permitted number of bytes.
type cappedConn struct {
	net.Conn
	left atomic.Int64
}

// Read ends an answer at the limit, with an error: a cut answer would be taken
// for a complete one.
func (c *cappedConn) Read(b []byte) (int, error) {
	left := c.left.Load()
	if left <= 0 {
		return 0, ErrTooLarge
	}
	if int64(len(b)) > left {
		b = b[:left]
	}
	n, err := c.Conn.Read(b)
	c.left.Add(-int64(n))
	return n, err
}

// splitHostPort splits an address and refuses port 0.
func splitHostPort(address string) (host string, port uint16, err error) {
	host, p, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, errors.New("it is not host:port")
	}
	n, err := strconv.ParseUint(p, 10, 16)
	if err != nil || n == 0 {
		return "", 0, errors.New("its port is no number from 1 to 65535")
	}
	if host == "" {
		return "", 0, errors.New("it names no host")
	}
	return host, uint16(n), nil
}
