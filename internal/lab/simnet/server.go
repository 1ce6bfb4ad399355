package simnet

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// kind is the protocol of a server.
type kind string

// Kinds of servers.
const (
	kindDNS   kind = "dns"
	kindWHOIS kind = "whois"
	kindRDAP  kind = "rdap"
)

// server is one running server: its sockets, behaviour and counts.
type server struct {
	name    string
	kind    kind
	key     string // of its registry, regional registry or registrar
	ix      *index
	pretend netip.Addr
	ctx     context.Context

	tcp, tls net.Listener
	udp      net.PacketConn
	http     *http.Server

	mu        sync.Mutex
	behave    Behaviour
	asked     []Asked
	questions map[string]int
	recent    []time.Time // of the last second
	accepted  []time.Time // the same without throttled ones
	quotaUsed int
	atOnce    int
	faultable int
	stats     Stats
	conns     map[net.Conn]bool
}

// verdict says how to treat one question.
type verdict struct {
	Behaviour
	throttled bool
	at        int // index in asked
}

// begin counts a question and decides how to treat it. The caller must call
// end.
func (s *server) begin(question, network string) verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	v := verdict{Behaviour: s.behave, at: len(s.asked)}
	if b, ok := s.ix.Special[specialKey(question)]; ok {
		v.override(b)
	}
	s.asked = append(s.asked, Asked{At: now, Question: question, Network: network})
	s.questions[question]++
	s.atOnce++
	s.stats.MaxAtOnce = max(s.stats.MaxAtOnce, s.atOnce)
	s.recent = append(lastSecond(s.recent, now), now)
	s.stats.MaxPerSecond = max(s.stats.MaxPerSecond, len(s.recent))
	s.accepted = lastSecond(s.accepted, now)
	v.throttled = v.Rate > 0 && float64(len(s.accepted)) >= v.Rate ||
		v.Quota > 0 && s.quotaUsed >= v.Quota || v.AtOnce > 0 && s.atOnce > v.AtOnce
	if v.throttled {
		s.stats.Throttled++
	} else {
		s.accepted = append(s.accepted, now)
		s.quotaUsed++
	}
	if v.Refuse {
		s.stats.Refused++
	}
	if s.faultable++; v.FaultEvery > 1 && s.faultable%v.FaultEvery != 0 {
		v.Fault = ""
	}
	return v
}

// specialKey is the key of a question in World.Special: "www.spam.com. A" has
// the key www.spam.com.
func specialKey(question string) string {
	for i := range len(question) {
		if question[i] == ' ' {
			question = question[:i]
			break
		}
	}
	if n := len(question); n > 1 && question[n-1] == '.' {
		return question[:n-1]
	}
	return question
}

// override applies the fields that special sets.
func (v *verdict) override(special Behaviour) {
	own := v.Behaviour
	v.Behaviour = special
	if special.Latency == 0 {
		v.Latency = own.Latency
	}
	v.Rate, v.Quota, v.AtOnce = own.Rate, own.Quota, own.AtOnce
	v.Refuse = own.Refuse || special.Refuse
}

// lastSecond drops times more than a second before now.
func lastSecond(times []time.Time, now time.Time) []time.Time {
	old := 0
	for old < len(times) && now.Sub(times[old]) >= time.Second {
		old++
	}
	return times[old:]
}

// end records the outcome of a question.
func (s *server) end(v verdict, outcome string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.atOnce--
	s.asked[v.at].Outcome = outcome
}

// wait waits for d. It returns false if the server was stopped.
func (s *server) wait(d time.Duration) bool {
	if d <= 0 {
		return s.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *server) behaviour() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behave
}

func (s *server) set(b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behave = b
}

// snapshot copies the statistics, which change while a test reads them.
func (s *server) snapshot() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Asked, st.Log, st.Questions = len(s.asked), slices.Clone(s.asked), maps.Clone(s.questions)
	return st
}

// listen opens the server's sockets on loopback.
func (s *server) listen(certificate *tls.Config) error {
	var lc net.ListenConfig
	for range 20 { // a free TCP port may be in use for UDP
		l, err := lc.Listen(s.ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		s.tcp = l
		if s.kind != kindDNS {
			break
		}
		if s.udp, err = lc.ListenPacket(s.ctx, "udp", l.Addr().String()); err == nil {
			break
		}
		l.Close()
	}
	if s.kind != kindRDAP {
		return nil
	}
	l, err := lc.Listen(s.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.tls = tls.NewListener(l, certificate)
	return nil
}

// start serves until stop.
func (s *server) start() {
	switch s.kind {
	case kindDNS:
		if u, ok := s.udp.(*net.UDPConn); ok {
			u.SetReadBuffer(4 << 20) // losing bursts here would make the client look slow
		}
		go s.serveUDP()
		go s.accept(s.tcp, s.serveDNSConn)
	case kindWHOIS:
		go s.accept(s.tcp, s.serveWHOIS)
	case kindRDAP:
		s.http = &http.Server{
			Handler: http.HandlerFunc(s.serveRDAP), ReadHeaderTimeout: 10 * time.Second,
			ConnState: s.connState, BaseContext: func(net.Listener) context.Context { return s.ctx },
		}
		go s.http.Serve(deadable{s.tcp, s})
		go s.http.Serve(deadable{s.tls, s})
	}
}

// stop closes the listeners and all connections.
func (s *server) stop() {
	s.tcp.Close()
	if s.udp != nil {
		s.udp.Close()
	}
	if s.http != nil {
		s.http.Close()
		s.tls.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Close()
	}
}

// accept serves each connection of a listener.
func (s *server) accept(l net.Listener, serve func(net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		if s.behaviour().Fault == Dead {
			reset(c)
			continue
		}
		s.keep(c, true)
		go func() {
			defer s.keep(c, false)
			defer c.Close()
			serve(c)
		}()
	}
}

// keep tracks open connections, so that stop can close them.
func (s *server) keep(c net.Conn, open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !open {
		delete(s.conns, c)
		return
	}
	s.conns[c] = true
	s.stats.Connections++
}

// connState counts the connections of HTTP.
func (s *server) connState(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.mu.Lock()
		s.stats.Connections++
		s.mu.Unlock()
	}
}

// reset closes a connection with RST instead of FIN.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

// deadable is a listener that resets connections while its server is Dead.
type deadable struct {
	net.Listener
	s *server
}

// Accept resets connections while the server plays dead.
func (d deadable) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil || d.s.behaviour().Fault != Dead {
			return c, err
		}
		reset(c)
	}
}
