package maillog

import "bytes"

// eximVerdict reads a refusal:
//
//	H=host (helo) [192.0.2.1] F=<s@y> temporarily rejected RCPT <u@x>: reply
//
// With helo_accept_junk_hosts a HELO name may hold all of that. So if the reply still has a
// host and a verdict in it, the first reading ended within the HELO name.
//
// At most eight readings are tried, so a hostile HELO name costs a bounded
// time.
func (r *Reader) eximVerdict(w *where, id, b []byte) understood {
	v, ok := cutEximVerdict(b)
	for tries := 0; ok && tries < 8; tries++ {
		i := bytes.Index(v.reply, []byte(") ["))
		if i < 0 {
			break
		}
		at := len(b) - len(v.reply) + i + 2
		c, rest, isPeer := cutPeer(b[at:])
		var f eximFields
		if !isPeer || !f.host(b[2:at], c) {
			break
		}
		f.take(rest)
		w, again := cutEximVerb(f)
		if !again {
			break
		}
		v = w
	}
	if !ok {
		if begins(b, "H=") && isEximNotice(b) {
			return outside("about a host")
		}
		return unknown
	}
	return r.eximRefused(w, id, &v)
}

// isEximNotice recognises lines about a client that are no verdict.
//
// Lines that are neither count as unknown, which shows the administrator that
// something may be missing.
func isEximNotice(b []byte) bool {
	for _, s := range [...]string{"sender verify ", "Warning: ", "incomplete transaction", "no immediate", "AUTH ", "X=", "DKIM", "SPF", "callout", " rejected ", "closed", "lost",
		"syntactically invalid", "authenticator failed", "greylist", "delay", "Warning", "warn"} {
		if bytes.Contains(b, []byte(s)) {
			return true
		}
	}
	return false
}

// eximVerb is a refusal that was read.
type eximVerb struct {
	eximFields
	refusal
	verdict Verdict
	many    []byte // recipients of an incomplete transaction
}

// cutEximVerdict reads the whole of a line with a verdict.
func cutEximVerdict(b []byte) (v eximVerb, ok bool) {
	f, ok := cutEximFields(b, false)
	if !ok {
		return v, false
	}
	return cutEximVerb(f)
}

// cutEximVerb reads "temporarily rejected RCPT <u@x>: reply" behind the fields.
//
// The stages are those of Exim's ACLs. "by " is a refusal by local_scan, or by the ACL for mail that came by no SMTP.
func cutEximVerb(f eximFields) (v eximVerb, ok bool) {
	v.eximFields, v.verdict = f, Refused
	v.refusal.client, v.refusal.helo = f.client, f.helo
	v.refusal.envelope.sender, v.refusal.envelope.hasSender = f.sender, f.hasSender
	v.refusal.envelope.proto = f.proto
	b := f.rest
	if rest, soft := cut(b, "temporarily "); soft {
		v.verdict, b = Deferred, rest
	}
	if rest, lost := cut(b, "incomplete transaction ("); lost {
		return v.incomplete(rest)
	}
	if b, ok = cut(b, "rejected "); !ok {
		return v.discarded(f.rest)
	}
	for _, stage := range [...]string{"RCPT ", "MAIL ", "after DATA", "DATA", "during MIME ACL", "by ", "EHLO or HELO ", "connection", "VRFY ", "EXPN ", "AUTH", "STARTTLS", "ETRN"} {
		rest, is := cut(b, stage)
		if !is {
			continue
		}
		v.stage = []byte(stage)
		switch stage {
		case "RCPT ", "MAIL ", "VRFY ", "EXPN ":
			if rest, ok = cut(rest, "<"); !ok {
				return v, false
			}
			var addr []byte
			if addr, rest, ok = cutAddress(rest); !ok {
				return v, false
			}
			if stage == "RCPT " {
				v.recipient, v.hasRecipient = addr, true
			} else if stage == "MAIL " {
				v.refusal.envelope.sender, v.refusal.envelope.hasSender = addr, true
			}
		case "after DATA", "during MIME ACL", "by ":
			// The whole mail was read. Postfix names this stage so.
			v.stage = []byte("END-OF-MESSAGE")
		}
		if i := bytes.Index(rest, []byte(": ")); i >= 0 {
			rest = rest[i+2:]
		}
		v.reply = rest
		v.code, v.dsn, _ = cutCode(rest)
		return v, true
	}
	return v, false
}

// discarded reads "RCPT <u@x>: discarded by RCPT ACL: reply". The client is told that the
// recipient is accepted.
func (v *eximVerb) discarded(b []byte) (eximVerb, bool) {
	b, ok := cut(b, "RCPT <")
	if !ok {
		return *v, false
	}
	addr, rest, ok := cutAddress(b)
	if rest, ok2 := cut(rest, ": discarded by "); ok && ok2 {
		v.verdict, v.stage = Accepted, []byte("RCPT ")
		v.recipient, v.hasRecipient, v.reply = addr, true, rest
		return *v, true
	}
	return *v, false
}

// incomplete reads "QUIT) from <s@y> for u@x v@x": the recipients were accepted, and no
// data followed.
func (v *eximVerb) incomplete(b []byte) (eximVerb, bool) {
	i := bytes.Index(b, []byte(") from <"))
	if i < 0 {
		return *v, false
	}
	sender, rest, ok := cutAddress(b[i+len(") from <"):])
	if !ok {
		return *v, false
	}
	v.verdict = Lost
	v.refusal.envelope.sender, v.refusal.envelope.hasSender = sender, true
	v.many, _ = cut(rest, " for ")
	v.reply = b[:i]
	return *v, true
}

// eximRefused notes a verdict.
//
// Without an id the refusal belongs to the connection, as with Postfix's
// NOQUEUE.
func (r *Reader) eximRefused(w *where, id []byte, v *eximVerb) understood {
	switch string(v.stage) {
	case "VRFY ", "EXPN ", "AUTH", "STARTTLS", "ETRN":
		return outside("rejected " + string(v.stage))
	}
	var x *transaction
	if id != nil {
		x = r.t.get(w, id)
		if !x.d.Client.IsValid() {
			x.fromPeer(peer2{name: text(v.refusal.client.name), addr: v.refusal.client.addr, port: v.refusal.client.port})
		}
		if !x.d.Opened {
			x.d.Opened, x.d.Started, x.d.PID = true, w.time(), w.pid
		}
	} else {
		c := v.refusal.client
		s := r.t.session(w, w.eximConnection(c), c)
		x = r.t.refusedFor(w, s, &v.envelope)
	}
	// An incomplete transaction names its recipients in one line.
	if v.verdict == Lost {
		for list := v.many; len(list) > 0; {
			var ok bool
			if v.recipient, list, ok = cutEximAddress(list); !ok || len(v.recipient) == 0 {
				break
			}
			x.apply(w, &v.refusal, Lost, "")
		}
		return taken
	}
	reason := Reason("")
	if v.verdict != Accepted {
		reason = classify(&v.refusal, false)
	}
	row := x.apply(w, &v.refusal, v.verdict, reason)
	r.last = lastRow{server: w.server, x: x, row: *row}
	r.t.spill(x)
	return taken
}

// eximBroken are the lines about a connection that broke within the data.
var eximBroken = []string{"SMTP data timeout (message abandoned) on connection from ", "SMTP connection lost while reading message data from ",
	"SMTP connection lost while reading message data (header) from "}

// eximLost reads "host (helo) [192.0.2.1] F=<s@y>" after one of eximBroken. The
// recipients are not logged.
func (r *Reader) eximLost(w *where, b []byte) (understood, bool) {
	for _, p := range eximBroken {
		rest, ok := cut(b, p)
		if !ok {
			continue
		}
		f, ok := cutEximFields(append([]byte("H="), rest...), false)
		if !ok || !f.client.addr.IsValid() {
			return outside("SMTP connection"), true
		}
		v := eximVerb{eximFields: f, verdict: Lost}
		v.refusal.client, v.refusal.helo = f.client, f.helo
		v.refusal.envelope.sender, v.refusal.envelope.hasSender = f.sender, f.hasSender
		s := r.t.session(w, w.eximConnection(f.client), f.client)
		r.t.refusedFor(w, s, &v.envelope).apply(w, &v.refusal, Lost, "")
		return taken, true
	}
	return unknown, false
}

// eximSession reads the beginning and the end of connections (+smtp_connection).
func (r *Reader) eximSession(w *where, b []byte) understood {
	rest, ok := cut(b, "SMTP connection from ")
	if !ok {
		return unknown
	}
	var f eximFields
	i := bytes.IndexByte(rest, '[')
	if i < 0 {
		return outside("SMTP connection")
	}
	c, tail, ok := cutPeer(rest[i:])
	if !ok || !f.host(rest[:i], c) {
		return outside("SMTP connection")
	}
	key := w.eximConnection(c)
	switch {
	case begins(tail, " (TCP/IP connection count"):
		// The daemon writes this line with its own pid, so only the port
		// identifies the connection.
		if c.port != 0 && w.pid == 0 {
			r.t.connect(w, key, c)
		}
	case bytes.Contains(tail, []byte("closed by")) || bytes.Contains(tail, []byte("lost")):
		r.t.disconnect(w, key, f.client, false)
	}
	return outside("SMTP connection")
}

// eximOutcome reads what follows "=> ":
//
//	u <u@x> R=router T=transport …
//	final@z (parent@y) <u@x> R=…
//	u@x R=router T=transport: error
//
// The original address of the recipient is in angle brackets if an alias or a
// forwarding changed it. That one counts, as it is the one that the sender
// gave.
func (r *Reader) eximOutcome(w *where, id, b []byte, o Outcome) understood {
	addr, rest, ok := cutEximTarget(b)
	if !ok {
		return unknown
	}
	reply := rest
	if string(addr) == ":blackhole:" || string(addr) == "blackhole" || string(addr) == "discarded" {
		o = OutcomeDiscarded
	}
	if p, has := cut(rest, " ("); has && o != OutcomeDiscarded {
		if i := bytes.Index(p, []byte(") ")); i >= 0 {
			rest = p[i+1:]
		}
	}
	orig, has := cut(rest, " <")
	if has {
		if a, after, closed := cutAddress(orig); closed {
			addr, reply = a, after
		}
	}
	x := r.t.get(w, id)
	x.queued = true
	row := Recipient{Line: w.line, Outcome: o, OutcomeAt: w.time()}
	row.OutcomeReply, row.OutcomeDSN = eximReply(reply)
	if o == OutcomeBounced && bytes.Contains(reply, []byte("retry timeout exceeded")) {
		row.Outcome = OutcomeExpired
	}
	if string(addr) == "blackhole" || string(addr) == "discarded" { // by an ACL: all of them
		for i := range x.d.Recipients {
			x.d.Recipients[i].outcome(row)
		}
		return taken
	}
	x.accepted(text(addr)).outcome(row)
	f := eximFields{}
	if h := bytes.Index(reply, []byte(" H=")); h >= 0 {
		f, _ = cutEximFields(reply[h+1:], false)
		x.relayed = x.relayed || f.client.addr.IsValid() && !inside(f.client.addr)
	}
	r.t.joinByMessage(x)
	r.t.spill(x)
	return taken
}

// cutEximTarget reads the address that was delivered to. Of a pipe or a file, which may
// hold blanks, the address comes behind it in brackets.
func cutEximTarget(b []byte) (addr, rest []byte, ok bool) {
	if len(b) > 0 && (b[0] == '|' || b[0] == '/') {
		i := bytes.Index(b, []byte(" <"))
		if i < 0 {
			return nil, b, false
		}
		return b[:i], b[i:], true
	}
	addr, rest, ok = cutEximAddress(b)
	if ok && ends(addr, ":") && len(addr) > 1 && addr[0] != ':' {
		addr, rest = addr[:len(addr)-1], b[len(addr)-1:]
	}
	return addr, rest, ok
}

// eximReply returns the error at the end of a line, or the confirmation of the
// next host.
func eximReply(b []byte) (reply, dsn string) {
	if i := bytes.Index(b, []byte(` C="`)); i >= 0 {
		q := b[i+3:]
		if n := quotedLen(q); n > 1 {
			q = q[1 : n-1]
		}
		_, d, _ := cutCode(q)
		return text(q), text(d)
	}
	i := bytes.Index(b, []byte(": "))
	if i < 0 {
		return "", ""
	}
	q := b[i+2:]
	// The code of the remote host stands within Exim's own sentence.
	for j := 0; j+4 < len(q); j++ { // "… after RCPT TO:<u@x>: 550 5.1.1 …"
		if q[j] == ' ' {
			if code, d, _ := cutCode(q[j+1:]); code > 0 && len(d) > 0 {
				return text(q), text(d)
			}
		}
	}
	return text(q), ""
}

// looksExim reports whether text behind a stamp is of Exim's main log.
func looksExim(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	if b[0] == '[' {
		if i := bytes.Index(b, []byte("] ")); i > 0 && i < 12 {
			b = b[i+2:]
		}
	}
	if n := eximIDLen(b); n > 0 {
		return true
	}
	return begins(b, "H=") || begins(b, "Start queue run") || begins(b, "End queue run") || begins(b, "exim ") || begins(b, "SMTP ") || begins(b, "no host name found") ||
		begins(b, "cwd=") || begins(b, "unexpected disconnection")
}

// eximConnection is the key of a connection: process and port, as far as they
// are logged.
func (w *where) eximConnection(c peer) sessionKey {
	return sessionKey{server: w.server.id, pid: int32(w.pid), port: int32(c.port), program: w.program, addr: c.addr}
}
