package replay

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"spoor/enrich/guard"
)

// lineRecorder records the answer to a one-line question (RFC 3912, RFC 2167).
//
// Bytes are recorded as they pass, so that the client sees no difference in
// time or size.
type lineRecorder struct {
	net.Conn
	tape   *Tape
	server string
	began  time.Time

	mu       sync.Mutex
	question []byte
	answer   []byte
	saved    bool
}

// Write passes the question on and keeps it, up to maxQuestion bytes.
func (c *lineRecorder) Write(b []byte) (int, error) {
	c.mu.Lock()
	if len(c.question) < maxQuestion {
		c.question = append(c.question, b...)
	}
	c.mu.Unlock()
	return c.Conn.Write(b)
}

// Read copies the answer up to the limit of the guard, and saves it at its end.
func (c *lineRecorder) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if left := guard.MaxAnswer - len(c.answer); left > 0 {
		c.answer = append(c.answer, b[:min(n, left)]...)
	}
	if err != nil {
		c.save(err)
	}
	return n, err
}

// Close records the bytes read so far: a client that closes first had enough.
func (c *lineRecorder) Close() error {
	err := c.Conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.save(nil)
	return err
}

// save records the exchange once. A connection without a question is no
// exchange.
func (c *lineRecorder) save(err error) {
	if c.saved || len(c.question) == 0 || errors.Is(err, net.ErrClosed) {
		return
	}
	c.saved = true
	c.tape.keep(&Answer{
		Protocol: whois, Server: c.server, Question: lineIn(c.question), Asked: c.began, Error: wordsOf(err), Body: c.answer,
	})
}

// lineIn returns the question without its line end.
func lineIn(written []byte) string { return flat(string(bytes.TrimRight(written, "\r\n"))) }

// lineRefused records that a server could not be reached.
type lineRefused struct {
	tape   *Tape
	server string
	began  time.Time
	err    error
}

// ask records the question and returns the error of the connection.
//
// The failure is recorded with the question: a replay fails in the same way for
// this question only.
func (p *lineRefused) ask(written []byte) ([]byte, error, bool) {
	if !bytes.HasSuffix(written, []byte("\n")) {
		return nil, nil, false
	}
	p.tape.keep(&Answer{Protocol: whois, Server: p.server, Question: lineIn(written), Asked: p.began, Error: wordsOf(p.err)})
	return nil, p.err, true
}

// linePlayer answers one-line questions.
type linePlayer struct {
	ctx    context.Context
	tape   *Tape
	server string
}

// ask answers a WHOIS question from the recording once its line is complete.
func (p *linePlayer) ask(written []byte) ([]byte, error, bool) {
	if !bytes.HasSuffix(written, []byte("\n")) {
		return nil, nil, false
	}
	a, err := p.tape.find(whois, p.server, lineIn(written))
	if err != nil {
		return nil, err, true
	}
	noteTime(p.ctx, p.server, a.Asked)
	return a.Body, errorOf(a.Error), true
}
