package maillog

import "bytes"

// service is the role of a program of Postfix, as far as its lines differ.
type service int8

// The roles.
const (
	notPostfix service = iota
	smtpd
	postscreenService
	cleanup
	qmgr
	pickup
	bounceService
	agent   // smtp, lmtp, local, virtual, pipe, error, retry
	discard // discards mail and logs "sent"
	postsuper
	aside // daemons whose lines are not about single mails
	exim
)

// program is a syslog tag: "postfix/submission/smtpd".
//
// Of "postfix/submission/smtpd" the instance is "postfix/submission", the base
// "postfix" and the name "smtpd".
type program struct {
	instance string // all but the last part
	base     string // its first part, which the queue manager has too
	name     string // the last part
	service  service
	managed  *server // whose queue manager it was seen to be
}

// programOf splits a tag. The name after the last slash is the service; some of
// these are names of a second smtpd in master.cf.
func programOf(tag string) *program {
	p := &program{instance: tag, base: tag, name: tag}
	if isEximTag([]byte(tag)) {
		p.service = exim
		return p
	}
	i := bytes.LastIndexByte([]byte(tag), '/')
	if i <= 0 {
		return p
	}
	p.instance, p.name = tag[:i], tag[i+1:]
	p.base = p.instance
	if j := bytes.IndexByte([]byte(tag), '/'); j > 0 {
		p.base = tag[:j]
	}
	switch p.name {
	case "smtpd", "smtps", "submission":
		p.service = smtpd
	case "postscreen":
		p.service = postscreenService
	case "cleanup":
		p.service = cleanup
	case "qmgr", "nqmgr", "oqmgr":
		p.service = qmgr
	case "pickup", "qmqpd":
		p.service = pickup
	case "bounce", "defer", "trace":
		p.service = bounceService
	case "smtp", "lmtp", "local", "virtual", "pipe", "error", "retry", "relay", "spawn", "maildrop", "dovecot":
		p.service = agent
	case "discard":
		p.service = discard
	case "postsuper", "postqueue":
		p.service = postsuper
	case "anvil", "scache", "verify", "tlsproxy", "tlsmgr", "dnsblog", "trivial-rewrite", "master", "postfix-script", "flush", "showq",
		"proxymap", "proxywrite", "postlogd", "postlog", "postmap", "postalias", "sendmail", "postdrop", "postmulti", "set-permissions",
		"policyd-spf", "policy-spf", "postkick", "postcat", "postconf", "fsstone", "script", "postgrey", "policyd-weight":
		p.service = aside
	}
	return p
}

// understood classifies a line: used, recognised but irrelevant, or unknown.
type understood struct {
	named string // a shape outside the subject; "" if the line was taken
	ok    bool
}

// The two results without a name.
var (
	taken   = understood{ok: true}
	unknown = understood{}
)

// outside names a shape outside the subject.
func outside(name string) understood { return understood{named: name, ok: true} }

// postfix reads the text of a line of Postfix.
//
// A line with a queue id is read by its verb, whichever daemon wrote it. Others
// are read by the daemon.
func (r *Reader) postfix(w *where, b []byte) understood {
	if w.program.service == aside {
		return outside("")
	}
	if id, rest := cutQueueID(b); id != nil {
		return r.queueLine(w, id, rest)
	}
	if rest, ok := cut(b, "NOQUEUE: "); ok {
		return r.noQueue(w, rest)
	}
	for _, p := range [...]string{"warning: ", "fatal: ", "panic: ", "error: "} {
		if begins(b, p) {
			return outside(p[:len(p)-2])
		}
	}
	if isVerbose(b) {
		return outside("verbose")
	}
	switch w.program.service {
	case smtpd:
		return r.smtpdLine(w, b)
	case postscreenService:
		return r.postscreenLine(w, b)
	}
	return known(b, agentLines)
}

// verboseLines begin lines of a daemon that runs with -v: its dialogue and its calls.
var verboseLines = []string{"> ", "< ", ">>> ", "<<< ", "send attr ", "input attribute ", "private/", "public/", "before input_", "after input_", "trying... "}

// isVerbose recognises a line that only -v writes. Names of functions have an underscore, and a
// colon behind them.
func isVerbose(b []byte) bool {
	for _, p := range verboseLines {
		if begins(b, p) {
			return true
		}
	}
	n, function := 0, false
	for n < len(b) && (b[n] >= 'a' && b[n] <= 'z' || b[n] == '_' || b[n] >= '0' && b[n] <= '9') {
		function = function || b[n] == '_'
		n++
	}
	return function && begins(b[n:], ": ")
}

// agentLines begin lines of daemons about hosts and not about mail.
var agentLines = []string{"connect to ", "Untrusted TLS", "Trusted TLS", "Verified TLS", "Anonymous TLS", "certificate ", "SSL_connect error",
	"SASL authentication", "statistics: ", "reload ", "table ", "Deleted: ", "Requeued: ", "Placed on hold: ", "Released from hold: ", "Expired: ",
	"host ", "lost connection with ", "conversation with ", "Server certificate", "TLS SNI ", "looking for plugins", "setting up TLS", "TLSA ",
	"using backwards-compatible ", "open ", "initializing ", "smtp_", "lmtp_", "dict_", "match_", "premature end-of-input", "Peer ", "Host offered STARTTLS",
	"watchdog ", "mapping DSN status ", "sender_", "recipient_", "network_", "discarding EHLO keywords", "end of data", "tls_", "SSL3 "}

// known names the first of prefixes that b begins with.
//
// A line that begins with none of them is unknown, which is counted and shown,
// so that a new wording of Postfix is noticed.
func known(b []byte, prefixes []string) understood {
	for _, p := range prefixes {
		if begins(b, p) {
			return outside(p)
		}
	}
	return unknown
}

// smtpdLines begin lines of smtpd about a connection or a table and not about a
// recipient.
var smtpdLines = []string{"Anonymous TLS", "Trusted TLS", "Untrusted TLS", "Verified TLS", "SSL_accept error", "improper command pipelining",
	"discarding EHLO keywords", "bare <LF> received", "setting up TLS", "TLS SNI ", "initializing ", "table ", "using backwards-compatible ",
	"too many errors ", "sender_", "Illegal ", "generic_checks", "name_mask", "watch", "policy ", "SASL ", "match_", "certificate ",
	"idle timeout", "disconnect ", "hostname ", "address ", "not owned", "tls_", "SSL3 ", "dict_", "statistics: ", "vstream_", "milter", "auto_clnt"}

// smtpdLine reads the lines about a connection.
func (r *Reader) smtpdLine(w *where, b []byte) understood {
	key := w.process()
	if rest, ok := cut(b, "connect from "); ok {
		c, _, ok := cutPeer(rest)
		if ok {
			r.t.connect(w, key, c)
		}
		return understood{ok: ok}
	}
	if rest, ok := cut(b, "disconnect from "); ok {
		c, _, ok := cutPeer(rest)
		if ok {
			r.t.disconnect(w, key, c, false)
		}
		return understood{ok: ok}
	}
	for _, p := range [...]string{"lost connection after ", "timeout after ", "too many errors after "} {
		if rest, ok := cut(b, p); ok {
			i := bytes.Index(rest, []byte(" from "))
			if i < 0 {
				return unknown
			}
			// After END-OF-MESSAGE the mail is queued; before MAIL there is
			// none.
			if c, _, ok := cutPeer(rest[i+6:]); ok && !begins(rest, "END-OF-MESSAGE") && !begins(rest, "QUIT") {
				r.t.disconnect(w, key, c, true)
			}
			return taken
		}
	}
	if begins(b, "proxy-reject: ") || begins(b, "proxy-accept: ") {
		return r.noQueue(w, b)
	}
	return known(b, smtpdLines)
}

// process is the key of a connection that one process serves.
func (w *where) process() sessionKey {
	return sessionKey{server: w.server.id, pid: int32(w.pid), program: w.program}
}

// postscreenLines are those of postscreen. A client that it rejects has a
// NOQUEUE line besides, which is used.
var postscreenLines = []string{"CONNECT from ", "DISCONNECT ", "PASS ", "DNSBL rank ", "HANGUP after ", "PREGREET ", "COMMAND ", "BARE NEWLINE ",
	"NON-SMTP COMMAND ", "WHITELISTED ", "BLACKLISTED ", "ALLOWLISTED ", "DENYLISTED ", "WHITELIST VETO", "ALLOWLIST VETO", "cache ", "statistics: ", "entering STRESS",
	"leaving STRESS", "close database", "getpeername"}

// postscreenLine reads the lines about a connection. One postscreen process
// serves all clients, so address and port identify the connection.
func (r *Reader) postscreenLine(w *where, b []byte) understood {
	if rest, ok := cut(b, "CONNECT from "); ok {
		if c, _, ok := cutPeer(rest); ok {
			r.t.connect(w, w.endpoint(c), c)
			return taken
		}
	}
	if rest, ok := cut(b, "DISCONNECT "); ok {
		if c, _, ok := cutPeer(rest); ok {
			r.t.disconnect(w, w.endpoint(c), c, false)
			return taken
		}
	}
	return known(b, postscreenLines)
}

// endpoint is the key of a connection that shares its process with others.
func (w *where) endpoint(c peer) sessionKey {
	return sessionKey{server: w.server.id, program: w.program, port: int32(c.port), addr: c.addr}
}

// asides are verbs of smtpd and cleanup without effect on the reply to the
// client.
var asides = []string{"reject_warning: ", "warn: ", "info: ", "warning: ", "hold: ", "filter: ", "prepend: ", "replace: ", "redirect: ", "strip: ", "bcc: ",
	"milter-hold: ", "milter-quarantine: ", "milter-header-", "milter-body-", "milter-reply", "milter-", "permit: ", "trigger: ", "dunno: ", "delay: ",
	"client=", "accept: ", "sasl_", "pass: ", "abort: ", "greylist"}

// noQueue reads what follows "NOQUEUE: ".
func (r *Reader) noQueue(w *where, b []byte) understood {
	for _, p := range [...]string{"reject: ", "milter-reject: ", "discard: ", "milter-discard: "} {
		if rest, ok := cut(b, p); ok {
			ref, ok := cutRefusal(rest)
			if !ok {
				return unknown
			}
			return r.refused(w, nil, &ref, p)
		}
	}
	if rest, ok := cut(b, "proxy-reject: "); ok {
		if u := r.proxyRefused(w, nil, rest); u.ok {
			return u
		}
		return outside("proxy-reject")
	}
	if rest, ok := cut(b, "proxy-accept: "); ok {
		return r.proxyAccepted(w, rest)
	}
	if rest, ok := cut(b, "client="); ok { // in front of smtpd_proxy_filter
		if c, _, ok := cutPeer(rest); ok {
			r.t.session(w, w.process(), c)
		}
	}
	return known(b, asides)
}

// proxyAccepted reads "END-OF-MESSAGE: 250 2.0.0 Ok: queued as E2; from=<…> …": the mail
// came through a filter that answers before the queue, and its queue file has the filter
// for a client unless that speaks XFORWARD.
func (r *Reader) proxyAccepted(w *where, b []byte) understood {
	s := r.t.sessions[w.process()]
	reply, e, ok := cutEnvelope(b)
	i := bytes.LastIndex(reply, []byte("queued as "))
	if !ok || i < 0 || s == nil {
		return outside("proxy-accept")
	}
	id := reply[i+len("queued as "):]
	x := r.t.lookup(w, bytes.TrimRight(id[:wordLen(id)], ").,"))
	if x == nil || x.outer != nil || !x.d.Client.IsLoopback() {
		return outside("proxy-accept")
	}
	x.note(w)
	x.smtpTime(w)
	x.fromPeer(s.client)
	x.d.ReverseName, x.d.Port = s.client.name, s.client.port
	x.d.HELO, x.d.Protocol, x.d.Instance, x.d.PID = text(e.helo), text(e.proto), w.program.instance, w.pid
	return taken
}

// proxyRefused reads "END-OF-MESSAGE: 554 5.7.0 reply; from=<…> …", which names no client:
// it is that of the process.
func (r *Reader) proxyRefused(w *where, x *transaction, b []byte) understood {
	i := bytes.Index(b[:min(len(b), 32)], []byte(": "))
	if i < 0 {
		return unknown
	}
	ref := refusal{stage: b[:i]}
	rest := b[i+2:]
	ref.code, ref.dsn, rest = cutCode(rest)
	var ok bool
	if ref.reply, ref.envelope, ok = cutEnvelope(rest); !ok {
		return unknown
	}
	s := r.t.sessions[w.process()]
	if x == nil && s == nil || ref.code == 0 {
		return unknown
	}
	if s != nil {
		ref.client = peer{name: []byte(s.client.name), addr: s.client.addr, port: s.client.port}
	}
	return r.refused(w, x, &ref, "reject: ")
}

// refused notes a verdict. verb is that of the line.
//
// A reply without a code is judged by its enhanced code, and counts as
// permanent if that is missing too.
func (r *Reader) refused(w *where, x *transaction, ref *refusal, verb string) understood {
	if string(ref.stage) == "VRFY" || string(ref.stage) == "ETRN" {
		return outside("reject " + string(ref.stage)) // no transaction
	}
	v := Refused
	switch {
	case verb == "discard: " || verb == "milter-discard: ":
		v = Accepted // the client gets a positive reply
	case ref.code >= 400 && ref.code < 500 || ref.code == 0 && len(ref.dsn) > 0 && ref.dsn[0] == '4':
		v = Deferred
	}
	postscreen := w.program.service == postscreenService
	if x == nil {
		key := w.process()
		if postscreen {
			key = w.endpoint(ref.client)
		}
		x = r.t.refusedFor(w, r.t.session(w, key, ref.client), &ref.envelope)
	}
	reason := Reason("")
	if v != Accepted {
		reason = classify(ref, postscreen)
	}
	row := x.apply(w, ref, v, reason)
	if reason == Relay {
		x.relayed = x.relayed || inside(x.d.Client)
	}
	r.last = lastRow{server: w.server, x: x, row: *row}
	r.t.spill(x)
	return taken
}
