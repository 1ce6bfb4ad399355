package rdap

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"spoor/enrich"
	"spoor/enrich/guard"
	"spoor/internal/text"
)

// target validates the URL of a question. It refuses to leave https for http
// (RFC 7480 section 8), except to a server that the user named. Whether the
// address may be contacted is decided when it is dialled.
func (c *Client) target(at string, secure bool) (*url.URL, error) {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("not the URL of an RDAP server: " + oneLine(text.Cut(at, 100)))
	}
	// Credentials in a redirect would be sent to the server that it names.
	u.User, u.Fragment = nil, ""
	if secure && u.Scheme == "http" && !c.guard.Named(hostPort(u)) {
		return nil, errors.New("redirected from https to http: " + hostPort(u))
	}
	return u, nil
}

// hostPort returns the server of u in the notation of guard and gate.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
		if u.Scheme == "http" {
			port = "80"
		}
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// reply is the response to one request.
type reply struct {
	outcome enrich.Outcome
	detail  string
	body    []byte
	next    string        // target of a redirect
	wait    time.Duration // time for which the server wants to be left alone; 0 if it does not say
}

// gated passes the gate, sends the request, and reports the outcome.
//
// If the server says for how long it wants to be left alone, that counts and
// not our own back-off.
func (c *Client) gated(ctx context.Context, u *url.URL, about string) (reply, error) {
	if err := ctx.Err(); err != nil {
		return reply{}, err
	}
	if c.Gate == nil {
		return c.get(ctx, u), nil
	}
	release, err := c.Gate.Wait(ctx, hostPort(u), about)
	if err != nil {
		return reply{}, err
	}
	r := reply{outcome: enrich.Failed}
	defer func() { release(r.outcome) }()
	r = c.get(ctx, u)
	if patient, ok := c.Gate.(patientGate); ok && r.outcome == enrich.Throttled && r.wait > 0 {
		return r, patient.LeaveAlone(ctx, hostPort(u), c.now().Add(r.wait), "it says so (Retry-After)")
	}
	return r, nil
}

// patientGate is a Gate that accepts a back-off which the server itself
// demands.
type patientGate interface {
	LeaveAlone(ctx context.Context, server string, until time.Time, reason string) error
}

// retryAfter parses seconds or a date (RFC 9110 section 10.2.3).
//
// A day at most for seconds: a hostile server must not end all questions to a
// registry. 0 means that nothing usable was said.
func retryAfter(v string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// get makes one request.
func (c *Client) get(ctx context.Context, u *url.URL) reply {
	limit := c.Timeout
	if limit <= 0 {
		limit = defaultLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return reply{outcome: enrich.Guarded, detail: err.Error()}
	}
	// RFC 7480 section 4.2 asks for this media type; some servers send plain
	// JSON only.
	req.Header.Set("Accept", "application/rdap+json, application/json;q=0.9, */*;q=0.1")
	req.Header.Set("User-Agent", "spoor")
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return failure(err)
	}
	defer resp.Body.Close()
	// One byte more than the limit shows that there is more.
	body, err := io.ReadAll(io.LimitReader(resp.Body, guard.MaxAnswer+1))
	if len(body) > guard.MaxAnswer {
		return reply{outcome: enrich.Malformed, detail: errTooLarge.Error(), body: body[:guard.MaxAnswer]}
	}
	if err != nil {
		r := failure(err)
		r.body = body
		return r
	}
	return judge(u, resp, body)
}

// judge evaluates status and headers.
//
// The body of an error is kept: registries explain refusals in it.
func judge(u *url.URL, resp *http.Response, body []byte) reply {
	if loc := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && loc != "" {
		next, err := u.Parse(loc)
		if err != nil {
			return reply{outcome: enrich.Malformed, detail: "redirected to what is no URL", body: body}
		}
		return reply{outcome: enrich.Answered, next: next.String()}
	}
	r := reply{outcome: ofStatus(resp.StatusCode), body: body}
	if r.outcome == enrich.Answered {
		return r
	}
	r.detail = resp.Status
	if wait := resp.Header.Get("Retry-After"); wait != "" { // RFC 9110, section 10.2.3
		r.detail += "; retry after " + wait
		r.wait = retryAfter(wait, time.Now())
		if resp.StatusCode == http.StatusServiceUnavailable {
			r.outcome = enrich.Throttled
		}
	}
	return r
}

// failure maps an error of the connection to an Outcome.
func failure(err error) reply {
	var guarded *guard.Error
	var timeout net.Error
	r := reply{outcome: enrich.Failed, detail: err.Error()}
	switch {
	case errors.As(err, &guarded):
		r.outcome, r.detail = enrich.Guarded, guarded.Error()
	case errors.Is(err, guard.ErrTooLarge):
		r.outcome = enrich.Malformed
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		r.outcome, r.detail = enrich.TimedOut, "no answer in time"
	}
	return r
}
