package asking

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"spoor/enrich"
)

// Online reports whether there is a network. It checks for a route to the
// resolvers and then asks one of them for the name of a registry. Servers that
// the user named count as reachable.
func (a *Asking) Online(ctx context.Context) bool {
	s := a.settings
	switch {
	case s.Replay != "", s.tablesOnly():
		return true
	case s.Offline:
		return false
	case s.Named():
		return true
	}
	if !slices.ContainsFunc(a.names.Servers, routed) {
		return false
	}
	// Two tries of a resolver.
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	_, err := a.names.Resolve(ctx, "whois.iana.org")
	return err == nil
}

// tablesOnly reports whether only the user's own files are read, which needs no
// network.
func (s *Settings) tablesOnly() bool {
	return len(s.Sources) > 0 && !slices.ContainsFunc(s.Sources, func(name string) bool { return name != string(enrich.Table) })
}

// routed reports whether there is a route to an address. Connecting a UDP
// socket makes the kernel choose a route and sends nothing.
func routed(address string) bool {
	if a, err := netip.ParseAddrPort(address); err != nil || a.Addr().IsLoopback() {
		return err == nil
	}
	c, err := net.Dial("udp", address)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// Where describes in one line which servers the look-ups ask.
func (a *Asking) Where() string {
	s := a.settings
	if s.Replay != "" {
		return "answers recorded in " + s.Replay + ", no network"
	}
	parts := []string{"DNS " + strings.Join(a.names.Servers, ", ")}
	if a.whois.All != "" {
		parts = append(parts, "WHOIS "+a.whois.All)
	} else {
		parts = append(parts, "WHOIS of the registries")
	}
	switch {
	case a.rdap == nil:
		parts = append(parts, "no RDAP")
	case s.RDAP != "":
		parts = append(parts, "RDAP "+s.RDAP)
	default:
		parts = append(parts, "RDAP of the registries")
	}
	return strings.Join(parts, ", ")
}
