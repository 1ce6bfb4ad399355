package simnet

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"spoor/enrich/guard"
)

// Keys of servers that belong to no entry of the World.
const (
	keyIANA      = "iana"
	keyBootstrap = "bootstrap"
	keyAll       = "" // answers for everything
)

// Names of the servers that every World has.
const (
	AnyWHOIS      = "whois.any.test"  // answers for everything
	AnyRDAP       = "rdap.any.test"   // answers for everything
	IANAWHOIS     = "whois.iana.test" // refers to the registry
	BootstrapHTTP = "data.iana.test"  // bootstrap files
)

// TB is the part of testing.TB that New needs.
//
// The production packages must not import testing, and a lab command uses
// Start.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Net is a running World.
//
// Every server has three addresses: its name, a pretended public one that
// clients see, and the real port on 127.0.0.1.
type Net struct {
	ix      *index
	cancel  context.CancelFunc
	servers map[string]*server // by name
	order   []*server
	roots   *x509.CertPool

	mu      sync.Mutex
	outside []string
}

// New starts a World for the duration of a test.
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
//
// All ports are open when it returns, so a client may ask at once. After an
// error nothing runs.
func Start(ctx context.Context, w World) (*Net, error) {
	ix, err := newIndex(w)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	n := &Net{ix: ix, cancel: cancel, servers: map[string]*server{}}
	n.declare(ctx)
	certificate, err := n.certify()
	if err != nil {
		cancel()
		return nil, err
	}
	for _, s := range n.order {
		if err := s.listen(certificate); err != nil {
			n.Close()
			return nil, fmt.Errorf("listen for %s: %w", s.name, err)
		}
	}
	for _, s := range n.order {
		s.start()
	}
	context.AfterFunc(ctx, n.stop)
	return n, nil
}

// Close stops all servers.
func (n *Net) Close() {
	n.cancel()
	n.stop()
}

func (n *Net) stop() {
	for _, s := range n.order {
		s.stop()
	}
}

// declare creates a server for each name in the World.
//
// A name that occurs twice is one server: the first entry decides its kind and
// key.
func (n *Net) declare(ctx context.Context) {
	add := func(k kind, name, key string) {
		if name == "" || n.servers[name] != nil {
			return
		}
		behave, ok := n.ix.Behave[name]
		if !ok {
			behave = n.ix.Default
		}
		i := len(n.order) + 1
		s := &server{
			name: name, kind: k, key: key, ix: n.ix, ctx: ctx, behave: behave, questions: map[string]int{}, conns: map[net.Conn]bool{},
			pretend: netip.AddrFrom4([4]byte{44, 0, byte(i >> 8), byte(i)}), // in a public network; nothing is ever sent there
		}
		n.servers[name], n.order = s, append(n.order, s)
	}
	for _, name := range n.ix.Resolvers {
		add(kindDNS, name, keyAll)
	}
	add(kindWHOIS, AnyWHOIS, keyAll)
	add(kindRDAP, AnyRDAP, keyAll)
	add(kindWHOIS, IANAWHOIS, keyIANA)
	add(kindRDAP, BootstrapHTTP, keyBootstrap)
	for _, r := range n.ix.Registries {
		add(kindWHOIS, r.WHOIS, keyAll)
		add(kindRDAP, r.RDAP, keyAll)
	}
	for _, r := range n.ix.Regional {
		add(kindWHOIS, r.WHOIS, r.Key)
		add(kindRDAP, r.RDAP, r.Key)
	}
	for _, r := range n.ix.Registrars {
		add(kindWHOIS, r.WHOIS, r.Key)
		add(kindRDAP, r.RDAP, r.Key)
	}
}

// certify creates a certificate for all RDAP servers and its own authority.
//
// It holds for ten days, and signs itself.
func (n *Net) certify() (*tls.Config, error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "simnet"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(240 * time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	for _, s := range n.order {
		if s.kind == kindRDAP {
			template.DNSNames = append(template.DNSNames, s.name)
		}
	}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	n.roots = x509.NewCertPool()
	n.roots.AddCert(certificate)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}}}, nil
}

// Roots returns the authorities that a client must trust for TLS with the RDAP
// servers.
func (n *Net) Roots() *x509.CertPool { return n.roots }

// ClientTLS is a client configuration that trusts Roots.
func (n *Net) ClientTLS() *tls.Config { return &tls.Config{RootCAs: n.roots} }

// DNS returns the address (127.0.0.1:PORT, UDP and TCP) of the first resolver.
func (n *Net) DNS() string { return n.Resolvers()[0] }

// Resolvers returns the addresses of all resolvers in the order of
// World.Resolvers.
func (n *Net) Resolvers() []string {
	var all []string
	for _, name := range n.ix.Resolvers {
		all = append(all, n.servers[name].tcp.Addr().String())
	}
	return all
}

// WHOIS returns the real address (127.0.0.1:PORT) of a WHOIS server by its
// name, a TLD, or the Key of a Regional or Registrar. "" is a server that
// answers for everything in the layout of the responsible server. It panics for
// an unknown key.
func (n *Net) WHOIS(key string) string {
	return n.find(kindWHOIS, key, AnyWHOIS).tcp.Addr().String()
}

// RDAP returns the real base URL (http://127.0.0.1:PORT/) of an RDAP server by
// the same keys as WHOIS; "" answers for everything.
func (n *Net) RDAP(key string) string {
	return "http://" + n.find(kindRDAP, key, AnyRDAP).tcp.Addr().String() + "/"
}

// Bootstrap returns the real base URL of the bootstrap files (RFC 9224):
// dns.json, ipv4.json, ipv6.json and asn.json. They contain URLs of pretended
// hosts (http://rdap.verisign.test/).
func (n *Net) Bootstrap() string { return n.RDAP(BootstrapHTTP) }

// BootstrapFile returns the content of a bootstrap file.
func (n *Net) BootstrapFile(name string) []byte { return n.ix.bootstrap(name) }

// find returns a server by its name or owner. It panics for an unknown one,
// since that is an error of the test.
func (n *Net) find(k kind, key, all string) *server {
	if key == "" {
		key = all
	}
	name := key
	pick := func(whois, rdap string) {
		if name = whois; k == kindRDAP {
			name = rdap
		}
	}
	if n.servers[key] == nil {
		if r := n.ix.regional(key); r != nil {
			pick(r.WHOIS, r.RDAP)
		} else if r := n.ix.registrars[key]; r != nil {
			pick(r.WHOIS, r.RDAP)
		} else if r := n.ix.registry(key); r != nil {
			pick(r.WHOIS, r.RDAP)
		}
	}
	s := n.servers[name]
	if s == nil || s.kind != k {
		panic(fmt.Sprintf("simnet: no %s server %q in this World", k, key))
	}
	return s
}

// Dialer returns a guard.Dialer for which the servers have public addresses,
// their host names and well-known ports (43 and 4321 for WHOIS, 80 and 443 for
// RDAP, 53). configured lists further addresses ("127.0.0.1:4343") that it may
// dial directly. Connections to anything else are refused and recorded in
// Outside.
//
// Tests dial through the product's own guard, so they cover it as well.
func (n *Net) Dialer(configured ...string) *guard.Dialer {
	return &guard.Dialer{
		Configured: configured, Ports: []uint16{43, 53, 80, 443, 4321}, Timeout: 10 * time.Second, MaxBytes: guard.MaxAnswer,
		Resolve: n.Resolve, Dial: n.Dial,
	}
}

// Resolve returns the pretended address of a server name, for guard.Dialer.
// Other names resolve by the World's DNS, so that a referral can name a host
// with a bad address.
//
// "localhost" resolves to 127.0.0.1, so that a referral to it is refused by the
// guard and not by a missing name.
func (n *Net) Resolve(_ context.Context, host string) ([]netip.Addr, error) {
	if s := n.servers[strings.ToLower(host)]; s != nil {
		return []netip.Addr{s.pretend}, nil
	}
	if addrs := n.ix.addresses(host); len(addrs) > 0 {
		return addrs, nil
	}
	if host == "localhost" {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// Dial connects to a real address of the World, or to the real address behind a
// pretended one, for guard.Dialer.
func (n *Net) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	to := n.behind(address)
	if to == "" {
		n.mu.Lock()
		n.outside = append(n.outside, address)
		n.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("no route to host outside of the simulated Internet")}
	}
	for _, s := range n.order {
		// The port is open all the time. A dead server is refused here, as a
		// real one would by its kernel.
		if s.tcp.Addr().String() == to && s.behaviour().Fault == Dead {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
	}
	var d net.Dialer
	return d.DialContext(ctx, network, to)
}

// behind maps a dialled address to a real one, or "" if it is not in the World.
//
// 4321 is the port of RWhois (RFC 2167).
func (n *Net) behind(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ""
	}
	for _, s := range n.order {
		if s.tcp.Addr().String() == address || s.tls != nil && s.tls.Addr().String() == address {
			return address
		}
		if s.pretend != at.Addr() {
			continue
		}
		switch p := at.Port(); {
		case s.kind == kindDNS && p == 53, s.kind == kindWHOIS && (p == 43 || p == 4321), s.kind == kindRDAP && p == 80:
			return s.tcp.Addr().String()
		case s.kind == kindRDAP && p == 443:
			return s.tls.Addr().String()
		}
	}
	return ""
}

// Outside returns the addresses that were dialled through Dialer outside of the
// World. A working guard leaves it empty.
func (n *Net) Outside() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.outside)
}

// Set changes the behaviour of a server from now on.
func (n *Net) Set(server string, b Behaviour) { n.named(server).set(b) }

// Stats returns the questions that a server has received.
func (n *Net) Stats(server string) Stats { return n.named(server).snapshot() }

// Names returns the names of all servers, sorted.
func (n *Net) Names() []string { return slices.Sorted(maps.Keys(n.servers)) }

// named returns a server. An unknown name is a fault of the test, so it panics.
func (n *Net) named(server string) *server {
	if s := n.servers[server]; s != nil {
		return s
	}
	panic(fmt.Sprintf("simnet: no server %q in this World: it has %s", server, strings.Join(n.Names(), ", ")))
}

// Asked is one question that a server received.
type Asked struct {
	At       time.Time
	Question string // domain, address, "name. TYPE", or path
	Network  string // "udp" or "tcp"
	Outcome  string // "answered", "none", "throttled", "refused", "fault"; "" while in progress
}

// Stats are the counts of a server.
//
// Counts begin with the start of the World. A question without an answer yet
// counts as asked.
type Stats struct {
	Asked        int
	Throttled    int
	Refused      int
	Questions    map[string]int // number of times for each domain or address, "name. TYPE", or path
	Log          []Asked        // in order
	MaxAtOnce    int            // most questions in progress at one time
	MaxPerSecond int            // most questions in any window of a second
	Connections  int
}
