package maillog

// connect begins a connection.
func (t *tracker) connect(w *where, key sessionKey, c peer) {
	s := t.sessions[key]
	if s != nil && s.client.addr == c.addr {
		if s.connected == w.at {
			return // the line twice
		}
		if s.connected == 0 && abs(s.at-w.sec()) <= 2 {
			s.connected = w.at // its first lines came out of order
			for _, r := range s.refusals {
				r.d.Connected = w.time()
			}
			return
		}
	}
	if s != nil {
		t.dropSession(s)
	}
	s = t.newSession(w, key, c)
	s.connected = w.at
}

// session finds the connection that a line is about, or begins one whose first line was
// not seen.
func (t *tracker) session(w *where, key sessionKey, c peer) *session {
	s := t.sessions[key]
	if s != nil && (s.client.addr != c.addr || abs(s.at-w.sec()) > sessionGap) {
		t.dropSession(s)
		s = nil
	}
	if s == nil {
		return t.newSession(w, key, c)
	}
	t.unlink(s)
	s.at = w.sec()
	t.link(s)
	return s
}

// newSession files a connection under its key.
func (t *tracker) newSession(w *where, key sessionKey, c peer) *session {
	s := &session{key: key, instance: w.program.instance, at: w.sec(), floating: w.floating}
	s.client = peer2{name: text(c.name), addr: c.addr, port: c.port}
	t.sessions[key] = s
	t.link(s)
	return s
}

// link puts a connection at the end of the list in which the oldest is dropped first.
func (t *tracker) link(s *session) {
	s.prev, s.next = t.latest, nil
	if t.latest != nil {
		t.latest.next = s
	} else {
		t.oldest = s
	}
	t.latest = s
}

// unlink takes it out of the list.
func (t *tracker) unlink(s *session) {
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		t.oldest = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	} else {
		t.latest = s.prev
	}
}

// dropSession ends a connection after its last line.
func (t *tracker) dropSession(s *session) {
	t.unlink(s)
	delete(t.sessions, s.key)
	for _, x := range s.refusals {
		x.session = nil
		t.end(x)
	}
	if s.current != nil {
		s.current.session = nil
	}
	s.refusals, s.current = nil, nil
}

// disconnect ends a connection in good order, or, if broken, in the middle of something.
func (t *tracker) disconnect(w *where, key sessionKey, c peer, broken bool) {
	s := t.sessions[key]
	if s == nil || s.client.addr != c.addr {
		return
	}
	s.at = w.sec()
	if broken {
		if s.current != nil {
			s.current.broken = true
		}
		return // "disconnect" follows
	}
	for _, x := range s.refusals {
		t.end(x)
	}
	if s.current != nil && s.current.broken {
		t.end(s.current)
	}
}

// Limits of the envelope senders of one connection that are kept open, and
// searched.
const (
	maxSenders = 64
	maxLooks   = 16
)

// refusedFor finds the transaction of a connection's refusals for one envelope sender. A
// client that names a new sender each time makes a transaction each time; the latest
// few are looked at.
//
// A transaction is one attempt with one sender: a spammer may try a hundred
// recipients in it.
func (t *tracker) refusedFor(w *where, s *session, e *envelope) *transaction {
	for i := len(s.refusals) - 1; i >= 0 && i > len(s.refusals)-maxLooks; i-- {
		x := s.refusals[i]
		if x.d.HasReturnPath == e.hasSender && x.d.ReturnPath == string(e.sender) {
			t.touch(x)
			return x
		}
	}
	if len(s.refusals) >= maxSenders {
		old := s.refusals[0]
		s.refusals = append(s.refusals[:0], s.refusals[1:]...)
		old.session = nil
		t.end(old)
	}
	x := t.begin(w, nil)
	x.session = s
	x.d.Opened = true
	x.d.Instance, x.d.PID = w.program.instance, w.pid
	x.d.Started = w.time()
	if s.connected != 0 {
		x.d.Connected = nanos(s.connected)
	}
	x.fromPeer(s.client)
	x.d.ReturnPath, x.d.HasReturnPath = text(e.sender), e.hasSender
	s.refusals = append(s.refusals, x)
	t.touch(x)
	return x
}

// fromPeer records the client's data, without replacing known values.
func (x *transaction) fromPeer(c peer2) {
	if c.addr.IsValid() {
		x.d.Client = c.addr
	}
	if c.name != "" {
		x.d.ReverseName = c.name
	}
	if c.port != 0 {
		x.d.Port = c.port
	}
}

// apply notes a refusal in a transaction and returns its row.
//
// Lines come out of order by some seconds, so the earliest counts as the start.
func (x *transaction) apply(w *where, r *refusal, v Verdict, reason Reason) *Recipient {
	x.note(w)
	x.smtpTime(w)
	if w.time().Before(x.d.Started) && x.id == 0 {
		x.d.Started, x.d.Line, x.d.File = w.time(), w.line, w.file
	}
	if r.proto != nil {
		x.d.Protocol = text(r.proto)
	}
	if r.helo != nil {
		x.d.HELO = text(r.helo)
		if x.session != nil {
			x.session.helo = x.d.HELO
		}
	}
	if r.hasSender && !x.d.HasReturnPath {
		x.d.ReturnPath, x.d.HasReturnPath = text(r.sender), true
	}
	row := Recipient{Line: w.line, At: w.time(), Address: text(r.recipient), Verdict: v, Code: r.code, DSN: text(r.dsn), Reason: reason, Reply: text(r.reply)}
	if v == Accepted {
		row.Outcome, row.OutcomeAt = OutcomeDiscarded, row.At
	}
	if w.folded > 0 { // with the first of them logged by itself, or not
		if i := x.latestLike(&row); i >= 0 {
			x.d.Recipients[i].fold(w.folded)
			return &x.d.Recipients[i]
		}
		row.Repeats = clamp(w.folded - 1)
	}
	return x.refuse(row)
}

// latestLike finds the last row that differs from r in time at most.
func (x *transaction) latestLike(r *Recipient) int {
	for i := len(x.d.Recipients) - 1; i >= 0; i-- {
		o := x.d.Recipients[i]
		o.At = r.At
		if o.sameVerdict(r) {
			return i
		}
	}
	return -1
}

// fold adds lines that syslog did not write.
func (r *Recipient) fold(times int64) { r.Repeats = clamp(int64(r.Repeats) + min(times, 1<<40)) }

// clamp keeps counts within an SQL integer: four thousand million repeats cost nothing.
func clamp(n int64) int32 { return int32(max(0, min(n, 1<<31-1))) }
