package whois

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	library "github.com/likexian/whois"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/internal/domain"
)

// Client asks WHOIS servers. Its fields must not change once it is in use.
//
// One Client serves many goroutines: the directory of servers and the kept thin
// answers are shared and locked.
type Client struct {
	Dialer  *guard.Dialer
	Gate    enrich.Gate       // passed before each question; nil permits everything
	All     string            // host:port of the user's server for everything; "" for none
	Servers map[string]string // the user's host:port by suffix; takes precedence over the built-in table
	IANA    string            // host:port of the server that refers to the others; "" for whois.iana.org
	Timeout time.Duration     // of one question with its answer; 20 s if zero
	Now     func() time.Time  // nil for time.Now

	// SecondTry is the delay before asking again about a domain that was
	// answered with "too many"; 3 s if zero. Some servers answer so about
	// single domains.
	SecondTry time.Duration

	directory directory
	thin      thinAnswers
}

// defaultSecondTry is the default of Client.SecondTry.
const defaultSecondTry = 3 * time.Second

// defaultTimeout is the default of Client.Timeout.
const defaultTimeout = 20 * time.Second

// answer is the result of one question.
type answer struct {
	raw     []byte
	outcome enrich.Outcome // "" if raw must be judged by its content
	detail  string
}

// ask sends one question to one server and returns at most guard.MaxAnswer
// bytes. question is the line to send, without its end.
//
// The library writes the question and reads the answer. This package decides
// where it connects, for how long, and how much it may read.
//
// Bytes that arrived before an error are returned with it, because a refusal is
// often followed by a reset. Blank answers count as none.
func (c *Client) ask(ctx context.Context, server, question string) (a answer) {
	if !sendable(question) {
		return answer{outcome: enrich.Guarded, detail: "not a name that can be sent"}
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.Timeout, defaultTimeout))
	defer cancel()
	line := &oneCall{ctx: ctx, guard: c.Dialer, server: server}
	err := line.call(question)
	a.raw = line.heard.Bytes()
	if len(bytes.TrimSpace(a.raw)) == 0 {
		a.raw = nil
	}
	switch {
	case err != nil:
		a.outcome, a.detail = outcomeOf(ctx, err)
	case line.full:
		a.outcome, a.detail = enrich.Malformed, guard.ErrTooLarge.Error()
	case a.raw == nil:
		// Several registries close the connection in this way after too many
		// questions.
		a.outcome, a.detail = enrich.Failed, "the server closed the connection without an answer"
	}
	return a
}

// sendable reports whether a question is one line of plain words. RFC 3912
// section 2 ends the query at CRLF, so a name that contains one would make two
// queries.
func sendable(q string) bool {
	if q == "" || len(q) > 300 {
		return false
	}
	for i := range len(q) {
		if q[i] < ' ' || q[i] > '~' {
			return false
		}
	}
	return true
}

// validName returns a name in the form for a registry. ok is false if no
// registry could have it, or if the server could take it for an option or for
// several names.
func validName(name string) (string, bool) {
	n, ok := domain.Parse(name)
	if !ok || n.Malformed || !strings.Contains(n.Host, ".") || strings.HasPrefix(n.Host, "-") {
		return "", false
	}
	return n.Host, true
}

// oneCall is the library's connection. It goes through the guard to one server
// and ignores the address that the library requests. Its answer is bounded.
//
// It holds the context because the library's dialer interface has none.
type oneCall struct {
	ctx    context.Context
	guard  *guard.Dialer
	server string

	heard bytes.Buffer
	full  bool
}

// call sends one question through the WHOIS library. The library may panic on
// an unusual answer, and one server must not end the run.
func (l *oneCall) call(question string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the WHOIS client failed: %v", p)
		}
	}()
	client := library.NewClient().SetDialer(l).SetDisableReferral(true).SetDisableStats(true)
	// The library changes some questions by the server's real name. A word
	// without a dot is a top-level domain to it, which only changes the address
	// that it requests.
	_, err = client.Whois(question, "server")
	if l.full {
		return nil
	}
	return err
}

// Dial connects to that server.
func (l *oneCall) Dial(network, _ string) (net.Conn, error) {
	c, err := l.guard.DialContext(l.ctx, network, l.server)
	if err != nil {
		return nil, err
	}
	return &listening{Conn: c, call: l, stop: context.AfterFunc(l.ctx, func() { c.Close() })}, nil
}

// listening keeps the bytes as received, because the library trims them. It
// also keeps the guard's deadline, which the library would extend, and the byte
// limit.
type listening struct {
	net.Conn
	call *oneCall
	stop func() bool
}

// The library sets deadlines of its own for each step, which together could
// exceed the context's.
func (c *listening) SetDeadline(time.Time) error      { return nil }
func (c *listening) SetReadDeadline(time.Time) error  { return nil }
func (c *listening) SetWriteDeadline(time.Time) error { return nil }

// Read copies the answer while the library reads it, up to the limit.
func (c *listening) Read(b []byte) (int, error) {
	left := guard.MaxAnswer - c.call.heard.Len()
	if left <= 0 {
		c.call.full = true
		return 0, guard.ErrTooLarge
	}
	n, err := c.Conn.Read(b[:min(len(b), left)])
	c.call.heard.Write(b[:n])
	return n, err
}

func (c *listening) Close() error {
	c.stop()
	return c.Conn.Close()
}

// outcomeOf maps an error of the connection to an Outcome.
//
// The order matters: a guard's refusal and a size limit also close the
// connection, and a closed connection looks like a failure.
func outcomeOf(ctx context.Context, err error) (enrich.Outcome, string) {
	var guarded *guard.Error
	var timeout net.Error
	switch {
	case errors.As(err, &guarded):
		return enrich.Guarded, guarded.Error()
	case errors.Is(err, guard.ErrTooLarge):
		return enrich.Malformed, guard.ErrTooLarge.Error()
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout(), ctx.Err() != nil:
		return enrich.TimedOut, "no answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return enrich.Failed, "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrUnexpectedEOF):
		return enrich.Failed, "the server dropped the connection"
	}
	return enrich.Failed, strings.TrimPrefix(err.Error(), "whois: ")
}

// observe asks about a domain, and once more if the server answers "too many",
// since that may concern this domain only. The error is the Gate's;
// observations made before it are returned as well.
func (c *Client) observe(ctx context.Context, s enrich.Subject, source enrich.Source, server string) ([]enrich.Observation, error) {
	first, err := c.Observe(ctx, s, source, server, question(server, s.Name), read)
	if err != nil {
		return nil, err
	}
	out := []enrich.Observation{first}
	if first.Outcome != enrich.Throttled {
		return out, nil
	}
	pause := time.NewTimer(cmp.Or(c.SecondTry, defaultSecondTry))
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
		return out, nil
	}
	second, err := c.Observe(ctx, s, source, server, question(server, s.Name), read)
	if err == nil {
		out = append(out, second)
	}
	return out, err
}

// Observe passes the gate and sends one question to one server. read judges the
// received bytes, if any; a broken connection has set Outcome before. The error
// is the Gate's, or it says that ctx ended before the question.
func (c *Client) Observe(ctx context.Context, s enrich.Subject, source enrich.Source, server, question string, read func(*enrich.Observation)) (enrich.Observation, error) {
	return c.gated(ctx, server, s.Name, func() enrich.Observation {
		o := enrich.Observation{Subject: s, Source: source, Server: server, AskedAt: c.now()}
		a := c.ask(ctx, server, question)
		o.Took = c.now().Sub(o.AskedAt)
		o.Raw, o.Outcome, o.Detail = a.raw, a.outcome, a.detail
		if o.Raw != nil && o.Outcome != enrich.Malformed {
			read(&o)
		}
		o.Detail = brief(o.Detail)
		return o
	})
}

// gated calls ask after the gate has given a slot, and reports the outcome to
// it.
//
// The slot is released even if ask panics, as a failure. Otherwise the server
// would be closed to the whole run.
func (c *Client) gated(ctx context.Context, server, about string, ask func() enrich.Observation) (enrich.Observation, error) {
	if err := ctx.Err(); err != nil {
		return enrich.Observation{}, err
	}
	release := func(enrich.Outcome) {}
	if c.Gate != nil {
		var err error
		if release, err = c.Gate.Wait(ctx, server, about); err != nil {
			return enrich.Observation{}, err
		}
	}
	outcome := enrich.Failed
	defer func() { release(outcome) }()
	o := ask()
	outcome = o.Outcome
	return o, nil
}

// read judges the received bytes with Parse. If the connection broke, only a
// refusal counts, because the rest of the answer is missing.
//
// Half of a record must not pass for the whole: missing name servers or a
// missing registrant would be stored as facts.
func read(o *enrich.Observation) {
	host, _, _ := strings.Cut(o.Server, ":")
	a := Parse(o.Name, host, o.Raw)
	broken := o.Outcome != ""
	if broken && a.Outcome != enrich.Throttled && a.Outcome != enrich.Refused {
		return
	}
	o.Outcome, o.Detail = a.Outcome, a.Detail
	if a.Registration != nil {
		o.Parsed = a.Registration
	}
}

// iana returns the server that knows the servers of top-level domains.
func (c *Client) iana() string { return cmp.Or(c.IANA, ianaServer) }

// now returns the time of the question.
func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// brief makes a Detail of a server's words.
func brief(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(r rune) bool { return r <= ' ' || r >= 0x7f && r < 0xa0 }), " ")
	const most = 300
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// directory caches the servers that IANA named for top-level domains.
type directory struct {
	once    sync.Once
	shipped map[string]string

	mu    sync.Mutex
	named map[string]*naming
}

// naming is the remembered answer for one top-level domain.
type naming struct {
	mu     sync.Mutex // held while asking, so that one caller asks and the others wait
	server string
	known  time.Time
}

// namedFor is the lifetime of IANA's answer.
const namedFor = 7 * 24 * time.Hour

// serverFor finds the server for a name. problem says why there is none; the
// error is the Gate's.
//
// The user's table comes first, then the user's server for everything, then the
// shipped table, then IANA. The longest suffix wins, because registries of
// third-level names (.co.uk, .uk.com) have servers of their own.
func (c *Client) serverFor(ctx context.Context, name string) (server string, problem answer, err error) {
	if s, ok := longestSuffix(c.Servers, name); ok {
		return s, answer{}, nil
	}
	if c.All != "" {
		return c.All, answer{}, nil
	}
	c.directory.once.Do(func() { c.directory.shipped = shippedServers() })
	if s, ok := longestSuffix(c.directory.shipped, name); ok {
		return s, answer{}, nil
	}
	return c.askIANA(ctx, name[strings.LastIndexByte(name, '.')+1:])
}

// askIANA asks for the server of a top-level domain.
//
// Callers that ask about one top-level domain at once wait for the first of
// them. A failure is not remembered; "no server" is, for namedFor.
func (c *Client) askIANA(ctx context.Context, tld string) (server string, problem answer, err error) {
	d := &c.directory
	d.mu.Lock()
	// There are about 1,500 top-level domains; invented ones could fill the
	// memory.
	if d.named == nil || len(d.named) > 5000 {
		d.named = map[string]*naming{}
	}
	n := d.named[tld]
	if n == nil {
		n = new(naming)
		d.named[tld] = n
	}
	d.mu.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.known.IsZero() && c.now().Sub(n.known) < namedFor {
		return n.found(tld)
	}
	var a answer
	_, err = c.gated(ctx, c.iana(), tld, func() enrich.Observation {
		a = c.ask(ctx, c.iana(), tld)
		return enrich.Observation{Outcome: cmp.Or(a.outcome, enrich.Answered)}
	})
	if err != nil || a.outcome != "" {
		a.detail = "which server ." + tld + " has: " + a.detail
		return "", a, err
	}
	n.server, n.known = ianaNames(a.raw), c.now()
	return n.found(tld)
}

// found returns the remembered server, or the failure if IANA named none.
func (n *naming) found(tld string) (string, answer, error) {
	if n.server == "" {
		return "", answer{outcome: enrich.Failed, detail: "no WHOIS server is known for ." + tld}, nil
	}
	return n.server, answer{}, nil
}

// ianaNames returns the "whois:" line of IANA's answer.
//
// "refer:" stands in answers about a name, "whois:" in those about a top-level
// domain.
func ianaNames(raw []byte) string {
	for line := range bytes.Lines(raw) {
		key, value, ok := strings.Cut(string(line), ":")
		if key = strings.TrimSpace(key); ok && (key == "whois" || key == "refer") {
			if server, ok := hostPortIn(value); ok {
				return server
			}
		}
	}
	return ""
}

// hostPortIn parses a server in an answer: a host, perhaps with a port or in a
// URL. Only its form is checked: the guard decides whether to connect.
func hostPortIn(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, scheme := range []string{"whois://", "rwhois://", "http://", "https://", "whois:"} {
		s = strings.TrimPrefix(s, scheme)
	}
	if i := strings.IndexAny(s, "/?# \t"); i >= 0 {
		s = s[:i]
	}
	host, port := s, "43"
	if h, p, err := net.SplitHostPort(s); err == nil {
		host, port = h, p
	}
	host = strings.Trim(host, "[].")
	if a, err := netip.ParseAddr(host); err == nil {
		return net.JoinHostPort(a.String(), port), true
	}
	if _, ok := validName(host); !ok {
		return "", false
	}
	return net.JoinHostPort(host, port), true
}

// configured reports whether the user named a server.
func (c *Client) configured(server string) bool {
	return c.Dialer.Named(server)
}
