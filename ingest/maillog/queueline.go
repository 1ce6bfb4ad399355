package maillog

import "bytes"

// queueLine reads a line about one queue file of Postfix.
func (r *Reader) queueLine(w *where, id, b []byte) understood {
	switch b[0] {
	case 't':
		if rest, ok := cut(b, "to="); ok {
			return r.delivered(w, id, rest)
		}
	case 'f':
		if rest, ok := cut(b, "from="); ok {
			return r.queuedFrom(w, id, rest)
		}
	case 'c':
		if rest, ok := cut(b, "client="); ok {
			return r.clientLine(w, id, rest)
		}
	case 'm':
		if rest, ok := cut(b, "message-id="); ok {
			return r.messageID(w, id, rest)
		}
	case 'u':
		if begins(b, "uid=") {
			return r.pickedUp(w, id, b)
		}
	}
	if b[0] == 'r' && begins(b, "removed") {
		return r.removed(w, id)
	}
	if u, ok := r.queueRefusal(w, id, b); ok {
		return u
	}
	if w.program.service == bounceService {
		return r.notification(w, id, b)
	}
	if rest, ok := cut(b, "status=expired"); ok && len(rest) == 0 {
		r.t.get(w, id).d.GivenUp = OutcomeExpired
		return taken
	}
	if u := known(b, asides); u.ok {
		return u
	}
	return known(b, queueLines)
}

// queueLines are notices about a queue file that change nothing.
var queueLines = []string{"skipped, ", "host ", "lost connection ", "conversation with ", "enabling PIX", "SASL ", "requeued", "placed on hold", "released from hold",
	"resent-message-id=", "breaking line", "Cannot start TLS", "TLS is required", "message has been queued", "copy ", "table ", "reject_", "released", "expired", "certificate ",
	"sender ", "postmaster ", "passing ", "forwarding ", "DKIM", "milter", "no signing", "s=", "dkim=", "queue", "SMTPUTF8", "Server ", "Untrusted TLS", "Trusted TLS",
	"Verified TLS", "Anonymous TLS", "connect to ", "uses ", "address ", "flush", "deferred", "active", "header ", "mail for ", "moved", "would "}

// clientLine opens a queue file: "host[192.0.2.1], sasl_method=…, sasl_username=…".
//
// The addresses in front are our own server's words; the login is the client's
// and stands last.
func (r *Reader) clientLine(w *where, id, b []byte) understood {
	c, rest, ok := cutPeer(b)
	if !ok {
		return unknown
	}
	if orig, ok := cut(rest, ", orig_queue_id="); ok {
		return r.backFromFilter(w, id, orig, c)
	}
	x := r.t.open(w, id)
	x.fromPeer(peer2{name: text(c.name), addr: c.addr, port: c.port})
	if orig, ok := cut(rest, ", orig_client="); ok { // the one in front is another host's
		if o, _, ok := cutPeer(orig); ok {
			x.fromPeer(peer2{name: text(o.name), addr: o.addr, port: o.port})
		}
	} else if i := bytes.Index(rest, []byte(", sasl_username=")); i >= 0 {
		login := rest[i+len(", sasl_username="):]
		if j := bytes.LastIndex(login, []byte(", sasl_sender=")); j >= 0 {
			login = login[:j]
		}
		x.d.Login = text(login)
	}
	r.clock.vote(w.stamp, madeAt(id))
	s := r.t.session(w, w.process(), c)
	if s.connected != 0 {
		x.d.Connected = nanos(s.connected)
	}
	if x.d.HELO == "" {
		x.d.HELO = s.helo
	}
	if s.current != nil && s.current != x {
		s.current.session = nil
	}
	x.session, s.current = s, x
	return taken
}

// backFromFilter reads "E1, orig_client=host[192.0.2.1]": the filter passed the
// original client on by XFORWARD.
func (r *Reader) backFromFilter(w *where, id, b []byte, c peer) understood {
	n := 0
	for n < len(b) && b[n] != ',' && b[n] > ' ' {
		n++
	}
	inner := r.t.open(w, id)
	inner.fromPeer(peer2{name: text(c.name), addr: c.addr, port: c.port})
	if n == 0 || inner.has(b[:n]) {
		return taken
	}
	outer := r.t.get(w, b[:n])
	if o, ok := cut(b[n:], ", orig_client="); ok && !outer.d.Client.IsValid() {
		if p, _, ok := cutPeer(o); ok {
			outer.fromPeer(peer2{name: text(p.name), addr: p.addr, port: p.port})
		}
	}
	r.t.join(outer, inner)
	return taken
}

// pickedUp opens a queue file of mail that a program on the server handed in.
func (r *Reader) pickedUp(w *where, id, b []byte) understood {
	x := r.t.open(w, id)
	x.local = true
	r.clock.vote(w.stamp, madeAt(id))
	if i := bytes.LastIndex(b, []byte(" orig_id=")); i >= 0 { // requeued by postsuper
		if orig := b[i+len(" orig_id="):]; wordLen(orig) == len(orig) && len(orig) < 32 && !x.has(orig) {
			outer := r.t.get(w, orig)
			outer.d.GivenUp = ""
			r.t.join(outer, x)
		}
	}
	return taken
}

// messageID takes all that follows, since the id is the sender's and may hold anything.
func (r *Reader) messageID(w *where, id, b []byte) understood {
	r.t.manage(w)
	x := r.t.get(w, id)
	x.smtpTime(w)
	b = bytes.TrimSpace(b) // the header as it was sent
	if i := bytes.Index(b, []byte("> (")); i > 0 && ends(b, ")") {
		b = b[:i+1] // "<x@far.example> (added by postmaster@far.example)"
	}
	if len(b) > 1 && b[0] == '<' && b[len(b)-1] == '>' {
		b = b[1 : len(b)-1]
	}
	if x.d.MessageID == "" {
		x.d.MessageID = text(b)
	}
	r.t.joinByMessage(x)
	return taken
}

// queuedFrom reads "<s@y>, size=900, nrcpt=1 (queue active)" of the queue manager, from
// its end, and "<s@y>, status=expired, returned to sender".
//
// An address may hold ", size=" in quotes, hence from the end.
func (r *Reader) queuedFrom(w *where, id, b []byte) understood {
	r.t.manage(w)
	if i := bytes.LastIndex(b, []byte(", status=")); i >= 0 && !ends(b, "(queue active)") {
		x := r.t.get(w, id)
		x.setSender(b[:i])
		x.queued = true
		if rest := b[i+len(", status="):]; begins(rest, "expired") || begins(rest, "force-expired") {
			x.d.GivenUp = OutcomeExpired
		}
		return taken
	}
	i := bytes.LastIndex(b, []byte(", size="))
	if i < 0 {
		return unknown
	}
	size, n := number(b[i+len(", size="):], 18)
	x := r.t.get(w, id)
	x.queued = true
	x.setSender(b[:i])
	if n > 0 {
		x.d.Size = int64(size)
	}
	r.t.joinByMessage(x)
	return taken
}

// manage learns which instances have a queue of their own.
func (t *tracker) manage(w *where) {
	if w.program.service != qmgr && w.program.service != cleanup || w.program.managed == w.server {
		return
	}
	w.program.managed = w.server
	if len(t.managers) < maxNames {
		t.managers[managerKey(w.server, w.program.base)] = -1
	}
}

// setSender takes the brackets off. The first word counts: a retry logs the sender again,
// perhaps rewritten by then.
func (x *transaction) setSender(b []byte) {
	if len(b) >= 2 && b[0] == '<' && b[len(b)-1] == '>' {
		b = b[1 : len(b)-1]
	}
	if !x.d.HasReturnPath {
		x.d.ReturnPath, x.d.HasReturnPath = text(b), true
	}
}

// removed ends a queue file. postsuper -d removes it with the mail in it.
func (r *Reader) removed(w *where, id []byte) understood {
	x := r.t.lookup(w, id)
	if x == nil {
		if w.program.service != postsuper {
			return taken // the end of a transaction that was yielded before
		}
		x = r.t.get(w, id)
	}
	if w.program.service == postsuper {
		x.d.GivenUp = OutcomeDiscarded
	} else {
		x.queued = true
	}
	r.t.end(x)
	return taken
}

// queueRefusal reads verdicts on a mail that has a queue file already.
func (r *Reader) queueRefusal(w *where, id, b []byte) (understood, bool) {
	for _, verb := range [...]string{"reject: ", "milter-reject: ", "discard: ", "milter-discard: ", "proxy-reject: "} {
		rest, ok := cut(b, verb)
		if !ok {
			continue
		}
		var ref refusal
		if w.program.service == cleanup && (begins(rest, "header ") || begins(rest, "body ") || begins(rest, "mime-header ") || begins(rest, "nested-header ")) {
			ref, ok = cutContentRefusal(rest)
		} else if verb == "proxy-reject: " {
			return r.proxyRefused(w, r.t.get(w, id), rest), true
		} else {
			ref, ok = cutRefusal(rest)
		}
		if !ok {
			return unknown, true
		}
		x := r.t.get(w, id)
		if !x.d.Client.IsValid() {
			x.fromPeer(peer2{name: text(ref.client.name), addr: ref.client.addr, port: ref.client.port})
		}
		return r.refused(w, x, &ref, verb), true
	}
	return unknown, false
}

// notification reads "sender non-delivery notification: E2": E2 is mail of the server's own.
func (r *Reader) notification(w *where, id, b []byte) understood {
	i := bytes.LastIndex(b, []byte(" notification: "))
	if i < 0 {
		return known(b, queueLines)
	}
	to := b[i+len(" notification: "):]
	if wordLen(to) != len(to) || len(to) == 0 || len(to) > 32 {
		return unknown
	}
	if x := r.t.get(w, to); !x.d.Client.IsValid() {
		x.local = true
		if !x.d.Opened {
			x.d.Opened = true
			x.d.Started = nanos(x.openedAt)
		}
	}
	return taken
}
