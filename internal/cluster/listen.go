package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"strings"
)

// noAddress stands for a server that listens on its socket only.
var noAddress = netip.AddrPort{}

// ErrAddress reports that a string is not an address to listen at.
var ErrAddress = errors.New("an address to listen at is an IP address, with a port behind it if it is not 5432: 127.0.0.1:5433")

// parseAddress parses ADDRESS or ADDRESS:PORT; "" is none. It accepts no host
// names, which would have to be looked up and may denote several addresses.
func parseAddress(s string) (netip.AddrPort, error) {
	if s == "" {
		return noAddress, nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil && ip.Zone() == "" {
		return netip.AddrPortFrom(ip, socketPort), nil
	}
	at, err := netip.ParseAddrPort(s)
	if err != nil || at.Port() == 0 || at.Addr().Zone() != "" {
		return noAddress, fmt.Errorf("%q: %w", s, ErrAddress)
	}
	return at, nil
}

// portOf returns the server's port, which is part of the socket's name.
func portOf(at netip.AddrPort) int {
	if at.IsValid() {
		return int(at.Port())
	}
	return socketPort
}

// listening returns the address at which the server listens, or will listen
// when it starts. It is stored in keepFile, so that a server restarted after a
// crash has the same address.
func (p *place) listening() (netip.AddrPort, error) {
	if p.listen != nil {
		return *p.listen, nil
	}
	text, err := readSmall(p.root, keepFile)
	if err != nil {
		return noAddress, ignoreEmpty(err)
	}
	return parseAddress(strings.TrimSpace(text))
}

// keep makes the server permanent and, for a valid address, lets it listen
// there.
//
// The file is written last. A kill before it leaves a server that the next
// command stops.
func (c *Cluster) keep(ctx context.Context, at netip.AddrPort) error {
	p := c.place
	gate, err := p.lockGate(ctx)
	if err != nil {
		return err
	}
	defer gate.release()
	now, err := p.listening()
	if err != nil {
		return err
	}
	if at.IsValid() && at != now {
		p.listen = &at
		if err := c.restart(ctx); err != nil {
			return err
		}
		now = at
	}
	text := ""
	if now.IsValid() {
		text = now.String() + "\n"
	}
	return p.writeOwn(keepFile, text)
}

// restart restarts the server, unless other commands use it. The caller holds
// the gate.
func (c *Cluster) restart(ctx context.Context) error {
	users, err := c.place.users()
	if err != nil {
		return err
	}
	if others := without(users, os.Getpid()); len(others) > 0 {
		return &BusyError{others}
	}
	if err := c.place.down(ctx); err != nil && !errors.Is(err, ErrNotRunning) {
		return err
	}
	c.server, err = c.place.up(ctx)
	return err
}

// without returns a list without one of its entries.
func without(pids []int, one int) []int {
	for i, pid := range pids {
		if pid == one {
			return append(append([]int{}, pids[:i]...), pids[i+1:]...)
		}
	}
	return pids
}

// ignoreEmpty ignores the errors of a missing or empty file.
func ignoreEmpty(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
