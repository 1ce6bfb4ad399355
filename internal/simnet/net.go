package simnet

import (
	"context"
	"net/netip"
	"time"

	"spoor/enrich/guard"
)

// Port numbers that the servers have in the pretended Internet.
const (
	portDNS   = 53
	portWHOIS = 43
	portHTTP  = 80
)

// TB is the part of testing.TB that New needs.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Net is a running World.
type Net struct{}

// New starts a World for the length of a test.
func New(tb TB, w World) *Net {
	tb.Helper()
	n, err := Start(context.Background(), w)
	if err != nil {
		tb.Fatalf("start the simulated Internet: %v", err)
	}
	tb.Cleanup(n.Close)
	return n
}

// Start starts a World that ends with ctx or with Close.
func Start(ctx context.Context, w World) (*Net, error) { return &Net{}, nil }

// Close stops all servers.
func (n *Net) Close() {}

// DNS returns the address (127.0.0.1:PORT, UDP and TCP) of the first resolver.
func (n *Net) DNS() string { return "" }

// Resolvers returns the addresses of all resolvers, in the order of World.Resolvers.
func (n *Net) Resolvers() []string { return nil }

// WHOIS returns the real address (127.0.0.1:PORT) of a WHOIS server, by its server name,
// or by a TLD or the Key of a Regional or Registrar. "" is a server that answers for
// everything, in the layout that the right server would use.
func (n *Net) WHOIS(key string) string { return "" }

// RDAP returns the real base URL (http://127.0.0.1:PORT/) of an RDAP server, by the same
// keys as WHOIS; "" answers for everything.
func (n *Net) RDAP(key string) string { return "" }

// Bootstrap returns the real base URL of the bootstrap files (RFC 9224): dns.json,
// ipv4.json, ipv6.json and asn.json below it. Their URLs are of pretended hosts
// (http://rdap.verisign.test/).
func (n *Net) Bootstrap() string { return "" }

// BootstrapFile returns the content of such a file.
func (n *Net) BootstrapFile(name string) []byte { return nil }

// Dialer returns a guard.Dialer for which the servers are on public addresses, at their
// host names and well-known ports (43, 4321 for rwhois, 80); configured are further
// addresses ("127.0.0.1:4343") that it may dial as they are. What it dials outside of the
// World is refused and kept in Strays.
func (n *Net) Dialer(configured ...string) *guard.Dialer {
	return &guard.Dialer{Configured: configured, Resolve: n.Resolve, Dial: nil}
}

// Resolve gives the pretended addresses of a server name; for guard.Dialer.
func (n *Net) Resolve(ctx context.Context, host string) ([]netip.Addr, error) { return nil, nil }

// Strays returns what was dialled through Dialer but is no server of the World: a guard
// that works leaves it empty.
func (n *Net) Strays() []string { return nil }

// Set changes how a server behaves from now on.
func (n *Net) Set(server string, b Behaviour) {}

// Stats tells what a server was asked so far.
func (n *Net) Stats(server string) Stats { return Stats{} }

// Asked is one question that a server received.
type Asked struct {
	At       time.Time
	Question string // domain, address, "name. TYPE", or path
	Network  string // "udp" or "tcp"
	Outcome  string // "answered", "none", "throttled", "refused", "fault"
}

// Stats is what a server counted.
type Stats struct {
	Asked        int
	Throttled    int
	Refused      int
	Questions    map[string]int // how often each was asked: domain or address, "name. TYPE", or path
	Log          []Asked        // in order
	MaxAtOnce    int            // most questions under way at one time
	MaxPerSecond int            // most questions in any window of a second
	Connections  int
}
