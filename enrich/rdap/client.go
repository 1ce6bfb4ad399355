package rdap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/internal/domain"
	"spoor/internal/text"
)

// Limits of one question, and defaults.
const (
	maxRedirects = 5
	// Registries answer within a second. The limit is for those that answer
	// late rather than never.
	defaultLimit  = 20 * time.Second
	defaultFresh  = 7 * 24 * time.Hour
	maxDetail     = 300
	maxServer     = 300
	maxHeaderSize = 64 << 10
)

// Client asks RDAP servers. Create it with NewClient. Its fields must not
// change once it is in use.
type Client struct {
	// Base is the server for all questions if the user named one; "" selects
	// servers by Bootstrap.
	Base      string
	Bootstrap *Bootstrap
	Gate      enrich.Gate   // nil permits everything
	Timeout   time.Duration // of one question with its answer; 20 s if zero
	Fresh     time.Duration // time for which an answer is fresh; 7 days if zero
	Now       func() time.Time

	guard     *guard.Dialer
	transport *http.Transport
}

// NewClient returns a client that connects through dialer. Connections serve
// many questions, so the byte limit applies to each answer and not to the
// connection.
func NewClient(dialer *guard.Dialer, b *Bootstrap, gate enrich.Gate) *Client {
	d := *dialer
	d.MaxBytes = 0
	return &Client{Bootstrap: b, Gate: gate, guard: &d, transport: &http.Transport{
		DialContext:            func(ctx context.Context, network, addr string) (net.Conn, error) { return dial(ctx, &d, network, addr) },
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		MaxResponseHeaderBytes: maxHeaderSize,
	}}
}

// dial removes the guard's deadline, which is for a whole connection. Here a
// connection serves many questions, each with a deadline in its context.
func dial(ctx context.Context, d *guard.Dialer, network, addr string) (net.Conn, error) {
	c, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if err := c.SetDeadline(time.Time{}); err != nil {
		c.Close()
		return nil, fmt.Errorf("keep a connection to %s: %w", addr, err)
	}
	return c, nil
}

// Trust replaces the system's certificate authorities by roots. Call it before
// the first question.
func (c *Client) Trust(roots *x509.CertPool) {
	c.transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// Close closes idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// ServesAddress reports whether a server is known for addr.
func (c *Client) ServesAddress(addr netip.Addr) bool { return c.addressBase(addr) != "" }

// ServesDomain reports whether a server is known for a domain.
func (c *Client) ServesDomain(name string) bool { return c.domainBase(name) != "" }

// addressBase returns the URL of the server for an address, with a slash at its
// end, or "".
func (c *Client) addressBase(addr netip.Addr) string {
	if c.Base != "" || c.Bootstrap == nil {
		return withSlash(c.Base)
	}
	return c.Bootstrap.Address(addr)
}

// domainBase is the same for a domain.
func (c *Client) domainBase(name string) string {
	if c.Base != "" || c.Bootstrap == nil {
		return withSlash(c.Base)
	}
	return c.Bootstrap.Domain(name)
}

// withSlash adds the slash to which RFC 9082 section 3 appends the path of a
// query.
func withSlash(base string) string {
	if base == "" || strings.HasSuffix(base, "/") {
		return base
	}
	return base + "/"
}

// Address asks for the holder of an address. ok is false if no server is known.
// The error is the Gate's, or it says that ctx ended before the question.
func (c *Client) Address(ctx context.Context, addr netip.Addr) (o enrich.Observation, ok bool, err error) {
	addr = addr.Unmap().WithZone("")
	base := c.addressBase(addr)
	if base == "" {
		return o, false, nil
	}
	s := enrich.Subject{Kind: enrich.Address, Name: addr.String()}
	o, _, err = c.ask(ctx, s, enrich.IPRDAP, base+"ip/"+addr.String(), func(server string, body []byte) Answer {
		return ParseNetwork(addr, server, body)
	})
	return o, true, err
}

// Domain asks about a domain's registration, like Address. related is the URL
// of the registrar's own answer, or "".
func (c *Client) Domain(ctx context.Context, name string) (o enrich.Observation, related string, ok bool, err error) {
	n, valid := domain.Parse(name)
	base := c.domainBase(n.Host)
	if base == "" {
		return o, "", false, nil
	}
	if !valid || n.Malformed {
		return c.guarded(enrich.Subject{Kind: enrich.Domain, Name: name}, base, "not a name that anybody could register"), "", true, nil
	}
	o, related, err = c.domainAt(ctx, n.Host, base+"domain/"+n.Host)
	return o, related, true, err
}

// domainAt asks about a domain at a URL.
func (c *Client) domainAt(ctx context.Context, name, at string) (enrich.Observation, string, error) {
	s := enrich.Subject{Kind: enrich.Domain, Name: name}
	return c.ask(ctx, s, enrich.RDAP, at, func(_ string, body []byte) Answer { return ParseDomain(name, body) })
}

// guarded is the observation for a question that was not sent.
func (c *Client) guarded(s enrich.Subject, server, why string) enrich.Observation {
	return enrich.Observation{Subject: s, Source: enrich.RDAP, Server: text.Cut(server, maxServer), AskedAt: c.now(), Outcome: enrich.Guarded, Detail: why}
}

// now returns the time of the question.
func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// ask sends one question, follows redirects, and parses the answer.
//
// An error is returned only before the first question. Later ones become an
// outcome, because the observation of a question that was sent must be stored.
func (c *Client) ask(ctx context.Context, s enrich.Subject, source enrich.Source, at string, parse func(string, []byte) Answer) (enrich.Observation, string, error) {
	start := c.now()
	o := enrich.Observation{Subject: s, Source: source, Server: text.Cut(at, maxServer), AskedAt: start}
	related := ""
	finish := func() (enrich.Observation, string, error) {
		o.Took = c.now().Sub(start)
		o.Detail = text.Cut(oneLine(o.Detail), maxDetail)
		if o.Outcome.Final() {
			o.Expires = start.Add(c.fresh(o.Outcome))
		}
		return o, related, nil
	}
	// Once a hop used TLS, none may leave it.
	secure := false
	// Each redirect is a question of its own, to a server with limits of its
	// own.
	for hop := 0; ; hop++ {
		u, err := c.target(at, secure)
		if err != nil {
			o.Outcome, o.Detail = enrich.Guarded, err.Error()
			return finish()
		}
		secure = u.Scheme == "https"
		o.Server = text.Cut(u.String(), maxServer)
		r, err := c.gated(ctx, u, s.Name)
		if err != nil && hop == 0 {
			return o, "", err
		} else if err != nil {
			// The target of the redirect is backed off.
			o.Outcome, o.Detail = enrich.Throttled, err.Error()
			return finish()
		}
		if r.next == "" {
			o.Outcome, o.Detail, o.Raw = r.outcome, r.detail, r.body
			if r.outcome == enrich.Answered {
				related = take(&o, parse)
			}
			return finish()
		}
		if hop == maxRedirects {
			o.Outcome, o.Detail = enrich.Malformed, "redirected more than 5 times"
			return finish()
		}
		at = r.next
	}
}

// take parses the body of an answer into o.
func take(o *enrich.Observation, parse func(string, []byte) Answer) (related string) {
	a := parse(o.Server, o.Raw)
	o.Outcome, o.Detail = a.Outcome, a.Detail
	switch {
	case a.Registration != nil:
		o.Parsed = a.Registration
	case a.Netblock != nil:
		o.Parsed = a.Netblock
	}
	return a.Related
}

// fresh is the time for which an answer is fresh. A missing object is asked for
// again after a day at most.
//
// A domain that does not exist today may be registered tomorrow, for the next
// mail.
func (c *Client) fresh(o enrich.Outcome) time.Duration {
	d := c.Fresh
	if d <= 0 {
		d = defaultFresh
	}
	if o == enrich.None {
		d = min(d, 24*time.Hour)
	}
	return d
}

// Refresh reads newer bootstrap files from source: a folder, a file, or the URL
// of either, such as https://data.iana.org/rdap/. Call it before the first
// question.
//
// Entries of earlier files stay where a newer file has none. An error may leave
// some of the files read.
func (c *Client) Refresh(ctx context.Context, source string) error {
	if !isWeb(source) {
		return c.Bootstrap.AddDir(source)
	}
	files := []string{source}
	if !strings.HasSuffix(source, ".json") {
		files = nil
		for _, name := range bootstrapFiles {
			files = append(files, withSlash(source)+name)
		}
	}
	for _, f := range files {
		u, err := c.target(f, false)
		if err != nil {
			return err
		}
		r, err := c.gated(ctx, u, f)
		if err != nil {
			return fmt.Errorf("read bootstrap %s: %w", f, err)
		}
		if r.outcome != enrich.Answered || r.next != "" {
			return fmt.Errorf("read bootstrap %s: %s %s", f, r.outcome, r.detail)
		}
		if err := c.Bootstrap.Add(r.body); err != nil {
			return fmt.Errorf("read bootstrap %s: %w", f, err)
		}
	}
	return nil
}
