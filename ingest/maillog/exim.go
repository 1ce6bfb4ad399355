package maillog

import "bytes"

// exim reads the text of a line of Exim's main log, in any selection of fields:
//
//	[pid] 1rjFQf-0001Ab-2C <= s@y H=host (helo) [192.0.2.1] P=esmtp S=900 id=… from <s@y> for u@x
func (r *Reader) exim(w *where, b []byte) understood {
	if b[0] == '[' { // +pid
		if v, n := number(b[1:], 10); n > 0 && len(b) > n+2 && b[n+1] == ']' && b[n+2] == ' ' {
			w.pid, b = v, b[n+3:]
		}
	}
	b, part := r.pieces.join(w, b)
	if len(b) == 0 && part {
		return outside("part of a long line")
	}
	if n := eximIDLen(b); n > 0 && len(b) > n && b[n] == ' ' {
		return r.eximMail(w, b[:n], b[n+1:])
	}
	if begins(b, "H=") {
		return r.eximVerdict(w, nil, b)
	}
	for _, p := range [...]string{"rejected ", "temporarily rejected "} { // local, without a client
		if begins(b, p) {
			return outside(p)
		}
	}
	if u, ok := r.eximLost(w, b); ok {
		return u
	}
	if u := r.eximSession(w, b); u.ok {
		return u
	}
	if bytes.Contains(b, []byte(" authenticator failed for ")) { // the name of the authenticator is the administrator's
		return outside("authenticator failed")
	}
	if _, _, ok := cutPeer(b); ok { // "[192.0.2.1] SSL verify error: ..."
		return outside("about a host")
	}
	return known(b, eximLines)
}

// eximLines begin lines of Exim about itself, hosts and sessions without mail.
var eximLines = []string{"Start queue run", "End queue run", "exim ", "cwd=", "no host name found", "SMTP syntax error", "SMTP protocol ", "SMTP command timeout",
	"SMTP call from", "SMTP connection", "unexpected disconnection", "Warning: ", "TLS ", "no IP address", "Connection from", "connection from", "refused connection",
	"Connection refused", "Remote host", "remote host", "lowest numbered MX", "daemon", "queue run", "Queue run", "plain_", "login_", "auth", "fixed_", "dovecot_", "cram",
	"DKIM", "SPF", "DMARC", "spam ", "spamd", "clamd", "malware", "ident connection", "host ", "2", "SIGHUP", "pid ", "Exim ", "socket bind", "warning", "log_",
	"failed to ", "Failed to ", "unable to ", "Unable to", "abandoned", "local_scan", "rejected by", "SMTP data timeout", "Unfrozen", "errno", "permission", "list matching",
	"set_id", "LOG:", "ratelimit", "ACL ", "callout", "Authentication", "authentication", "TFO", "Looked up", "Completed", "Message ", "Cancel", "Removing", "sender ",
	"Closed connection", "closed connection", "bad ", "no MAIL in ", "unqualified ", "incorrect ", "invalid ", "too many ", "Too many ", "no immediate", "not enough ", "cannot ", "Cannot ", "could not ", "ALERT", "Tainted ", "tainted ",
	"Continued", "Shutting down", "IPv6 ", "DANE", "DNS ", "dns", "string_", "U=", "retry ", "transport ", "router ", "lookup ", "LDAP", "error", "panic", "Process", "process"}

// eximMail reads a line about one mail.
func (r *Reader) eximMail(w *where, id, b []byte) understood {
	// The flags of Exim's specification, chapter "Log files": => and -> are the
	// first and a further recipient of one delivery, >> is a cutthrough
	// delivery.
	if len(b) > 3 && b[2] == ' ' {
		switch string(b[:2]) {
		case "<=":
			return r.eximArrival(w, id, b[3:])
		case "=>", "->", ">>":
			return r.eximOutcome(w, id, b[3:], OutcomeSent)
		case "**":
			return r.eximOutcome(w, id, b[3:], OutcomeBounced)
		case "==":
			return r.eximOutcome(w, id, b[3:], OutcomeDeferred)
		case "*>":
			return outside("suppressed by -N")
		}
	}
	if begins(b, "H=") || begins(b, "U=") {
		u := r.eximVerdict(w, id, b)
		if !u.ok && !bytes.Contains(b, []byte(" rejected ")) { // of the host to which the mail goes
			return outside("about a host")
		}
		return u
	}
	switch {
	case begins(b, "Completed"):
		if x := r.t.lookup(w, id); x != nil {
			x.queued = true
			r.t.end(x)
		}
		return taken
	case begins(b, "removed by ") || begins(b, "cancelled by "):
		r.t.get(w, id).d.GivenUp = OutcomeDiscarded
		return taken
	case begins(b, "rejected by ") || begins(b, "rejected from "):
		return r.eximVerdict(w, id, b)
	}
	return outside("about a mail")
}

// eximFields are the fields between the sender and the recipients.
type eximFields struct {
	client       peer
	helo         []byte
	proto, login []byte
	size         int64
	messageID    []byte
	sender       []byte // F=<…>
	hasSender    bool
	hasHost      bool
	rest         []byte // rest of the line
}

// eximArrival reads what follows "<= ".
func (r *Reader) eximArrival(w *where, id, b []byte) understood {
	sender, rest, ok := cutEximAddress(b)
	if !ok {
		return unknown
	}
	f, ok := cutEximFields(rest, true)
	if !ok {
		return unknown
	}
	x := r.t.open(w, id)
	r.clock.vote(w.stamp, madeAt(id))
	x.queued = true
	x.fromPeer(peer2{name: text(f.client.name), addr: f.client.addr, port: f.client.port})
	x.local = !f.hasHost
	if string(sender) == "<>" {
		sender = nil
	}
	x.d.ReturnPath, x.d.HasReturnPath = text(sender), true
	x.d.HELO, x.d.Protocol, x.d.Login = text(f.helo), text(f.proto), text(f.login)
	if i := bytes.IndexByte(f.login, ':'); i >= 0 { // A=plain_server:user
		x.d.Login = text(f.login[i+1:])
	}
	x.d.Size = f.size
	if f.messageID != nil {
		x.d.MessageID = text(f.messageID)
	}
	for list := eximRecipients(rest, sender); len(list) > 0; {
		var to []byte
		if to, list, ok = cutEximAddress(list); !ok || len(to) == 0 {
			break
		}
		row := x.accepted(text(to))
		if row.Line == 0 {
			row.Line = w.line
		}
		r.t.spill(x)
	}
	return taken
}

// eximRecipients finds the list behind " for ". The Message-ID and the subject, which come
// before it, are the sender's; the list is behind the last " from <sender> for ", or, if
// that selector is off, the last " for " outside of quotes.
func eximRecipients(b, sender []byte) []byte {
	mark := append(append([]byte(" from <"), sender...), "> for "...)
	if i := bytes.LastIndex(b, mark); i >= 0 {
		return b[i+len(mark):]
	}
	at, quoted := -1, false
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\\' && quoted:
			i++
		case b[i] == '"' && (quoted || i > 0 && b[i-1] == '='):
			quoted = !quoted
		case b[i] == ' ' && !quoted && begins(b[i:], " for "):
			at = i + 5
		}
	}
	if at < 0 {
		return nil
	}
	return b[at:]
}

// cutEximAddress reads an address up to the blank after it. A quoted local part may hold
// blanks.
func cutEximAddress(b []byte) (addr, rest []byte, ok bool) {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	n := quotedLen(b)
	for n < len(b) && b[n] != ' ' {
		n++
	}
	return b[:n], b[n:], n > 0
}

// cutEximFields reads " H=… P=… S=…" up to the first other word. The host name
// may contain blanks. Of its possible ends, the first counts after which fields
// follow to the end of the line or, for a refusal, up to its verb.
func cutEximFields(b []byte, toEnd bool) (f eximFields, ok bool) {
	h := bytes.Index(b[:min(len(b), 2048)], []byte("H="))
	if h < 0 || h > 0 && b[h-1] != ' ' || h > 0 && bytes.IndexByte(b[:h], '=') >= 0 {
		f.take(b)
		return f, true
	}
	// A HELO name may contain brackets, so each address in brackets is tried
	// until the fields around it fit.
	for from, tries := h+2, 0; tries < 16; tries++ {
		i := bytes.IndexByte(b[from:], '[')
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		c, rest, isPeer := cutPeer(b[i:])
		if !isPeer || i > h+2 && b[i-1] != ' ' {
			continue
		}
		var g eximFields
		if !g.host(b[h+2:i], c) {
			continue
		}
		g.take(rest)
		if toEnd && len(g.rest) > 0 && !begins(g.rest, "from <") && !begins(g.rest, "for ") {
			continue
		}
		return g, true
	}
	return f, false
}

// host takes "name (helo) " in front of the address.
func (f *eximFields) host(name []byte, c peer) bool {
	f.client, f.hasHost = c, true
	name = bytes.TrimRight(name, " ")
	i := bytes.IndexByte(name, '(')
	switch {
	case i < 0:
		f.client.name, f.helo = name, name // the HELO name is the reverse name
		return bytes.IndexByte(name, ' ') < 0
	case !ends(name, ")"):
		return false
	}
	f.helo = name[i+1 : len(name)-1]
	f.client.name = bytes.TrimRight(name[:i], " ")
	return bytes.IndexByte(f.client.name, ' ') < 0
}

// take reads fields and leaves the rest.
func (f *eximFields) take(b []byte) {
	for {
		for len(b) > 0 && b[0] == ' ' {
			b = b[1:]
		}
		eq := 0
		for eq < len(b) && eq < 10 && (b[eq] >= 'A' && b[eq] <= 'Z' || b[eq] >= 'a' && b[eq] <= 'z' || eq > 0 && b[eq] >= '0' && b[eq] <= '9') { // M8S=8
			eq++
		}
		if eq == 0 || eq >= len(b) || b[eq] != '=' {
			if w := wordLen(b); w > 0 && isEximFlag(b[:w]) {
				b = b[w:]
				continue
			}
			f.rest = b
			return
		}
		key, rest := b[:eq], b[eq+1:]
		n := valueLen(rest)
		f.set(key, rest[:n])
		b = rest[n:]
	}
}

// isEximFlag recognises words without a value between the fields, as "K", "PRDR", "TFO*"
// and "L.". Each version of Exim has more of them.
func isEximFlag(w []byte) bool {
	switch string(w) {
	case "RCPT", "MAIL": // of a verdict
		return false
	}
	for _, c := range w {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '*' && c != '-' && c != '.' {
			return false
		}
	}
	return len(w) < 6 && w[0] >= 'A'
}

// valueLen is the length of a value: quoted, in brackets, or up to a blank.
func valueLen(b []byte) int {
	n := quotedLen(b)
	if n == 0 && len(b) > 0 && b[0] == '<' {
		if _, rest, ok := cutAddress(b[1:]); ok {
			n = len(b) - len(rest)
		}
	}
	for n < len(b) && b[n] != ' ' {
		n++
	}
	return n
}

// set keeps the fields of interest. A repeated field keeps its last value,
// because Exim writes each once.
func (f *eximFields) set(key, v []byte) {
	switch string(key) {
	case "P":
		f.proto = v
	case "A":
		f.login = v
	case "S":
		n, _ := number(v, 18)
		f.size = int64(n)
	case "id":
		f.messageID = v
	case "F":
		if len(v) >= 2 && v[0] == '<' {
			f.sender, _, f.hasSender = cutAddress(v[1:])
		}
	}
}
