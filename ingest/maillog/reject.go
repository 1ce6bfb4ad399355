package maillog

import "bytes"

// refusal is a line with a permanent or temporary refusal of a client.
//
// Its slices are parts of the line and valid as long as that.
type refusal struct {
	stage  []byte // RCPT, DATA, END-OF-MESSAGE, …
	client peer
	code   int
	dsn    []byte
	reply  []byte
	envelope
}

// envelope is the data that Postfix appends to a line about a session.
type envelope struct {
	sender, recipient, proto, helo []byte
	hasSender, hasRecipient        bool
}

// cutRefusal reads what follows "reject: " in a line of smtpd or postscreen:
//
//	RCPT from host[192.0.2.1]: 550 5.1.1 <u@x>: reply; from=<s@y> to=<u@x> proto=ESMTP helo=<h>
func cutRefusal(b []byte) (r refusal, ok bool) {
	i := bytes.Index(b[:min(len(b), 64)], []byte(" from "))
	if i < 0 {
		return r, false
	}
	r.stage = b[:i]
	var rest []byte
	if r.client, rest, ok = cutPeer(b[i+6:]); !ok {
		return r, false
	}
	if rest, ok = cut(rest, ": "); !ok {
		return r, false
	}
	r.code, r.dsn, rest = cutCode(rest)
	if r.reply, r.envelope, ok = cutEnvelope(rest); !ok && string(r.stage) == "CONNECT" {
		r.reply, ok = rest, true // postscreen knows no more: "too many connections"
		if r.code == 0 {
			r.code = 421
		}
	}
	return r, ok
}

// cutEnvelope splits "reply; from=<…> to=<…> proto=… helo=<…>". HELO name and quoted
// addresses may contain text of that shape, and the reply may quote them. Of all the
// places where the envelope can begin, the first counts at which the reply does not
// contradict it: it begins with the HELO name, the sender or the recipient in brackets, and
// with nothing else that is in brackets.
//
// At most 32 places are tried. If none agrees, the first that can be read
// counts.
func cutEnvelope(b []byte) (reply []byte, e envelope, ok bool) {
	found := false
	for from, tries := 0, 0; tries < 32; tries++ {
		i := bytes.IndexByte(b[from:], ';')
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		if i+7 > len(b) || b[i+1] != ' ' {
			continue
		}
		c, ok := parseEnvelope(b[i+2:])
		if !ok {
			continue
		}
		if c.agrees(b[:i]) {
			return b[:i], c, true
		}
		if !found {
			reply, e, found = b[:i], c, true
		}
	}
	return reply, e, found
}

// agrees reports whether the reply quotes a field of the envelope, if it quotes one at all.
func (e *envelope) agrees(reply []byte) bool {
	if len(reply) > 0 && reply[0] == '<' {
		return quotes(reply[1:], e.recipient, '>') || quotes(reply[1:], e.helo, '>') || quotes(reply[1:], e.sender, '>') ||
			e.clientQuoted(reply[1:])
	}
	for _, word := range [...]string{"Helo command [", "Sender address [", "Recipient address ["} {
		if i := bytes.Index(reply[:min(len(reply), 64)], []byte(word)); i >= 0 {
			q := reply[i+len(word):]
			return quotes(q, e.helo, ']') || quotes(q, e.sender, ']') || quotes(q, e.recipient, ']')
		}
	}
	return true
}

// clientQuoted recognises "<host[192.0.2.1]>: Client host rejected".
func (e *envelope) clientQuoted(b []byte) bool {
	_, rest, ok := cutPeer(b)
	return ok && begins(rest, ">: ")
}

// quotes reports whether b begins with a field and the bracket that closes it.
func quotes(b, field []byte, end byte) bool {
	return len(b) > len(field) && bytes.Equal(b[:len(field)], field) && b[len(field)] == end
}

// parseEnvelope reads "from=<…> to=<…> proto=… helo=<…>" up to the end of the line. Any
// may be missing, but one of the addresses or the protocol is there. Postscreen puts
// commas between.
func parseEnvelope(b []byte) (e envelope, ok bool) {
	rest, has := cut(b, "from=<")
	if !has {
		return e.afterSender(b)
	}
	e.hasSender = true
	// Before Postfix 3.5 an address is logged without quotes, so its end is ambiguous: the
	// first end after which the rest fits counts.
	for end, tries := quotedLen(rest), 0; tries < 8; tries++ {
		j := bytes.IndexByte(rest[end:], '>')
		if j < 0 {
			return e, false
		}
		end += j
		e.sender = rest[:end]
		if r, sep := cutSeparator(rest[end+1:]); sep {
			if full, ok := e.afterSender(r); ok {
				return full, true
			}
		}
		end++
	}
	return e, false
}

// afterSender reads "to=<…> proto=… helo=<…>".
func (e envelope) afterSender(b []byte) (envelope, bool) {
	if rest, has := cut(b, "to=<"); has {
		var ok bool
		if e.recipient, rest, ok = cutAddress(rest); !ok {
			return e, false
		}
		e.hasRecipient = true
		if len(rest) == 0 { // cut, but the recipient is whole
			return e, true
		}
		if b, ok = cutSeparator(rest); !ok {
			return e, false
		}
	}
	rest, has := cut(b, "proto=")
	if !has {
		return e, len("proto=") > len(b) && string(b) == "proto="[:len(b)] && e.hasRecipient
	}
	n := 0
	for n < len(rest) && rest[n] >= 'A' && rest[n] <= 'Z' {
		n++
	}
	e.proto, rest = rest[:n], rest[n:]
	if n == 0 && !e.hasSender && !e.hasRecipient {
		return e, false
	}
	rest, _ = cutSeparator(rest)
	if len(rest) == 0 {
		return e, true
	}
	if rest, has = cut(rest, "helo=<"); has {
		i := bytes.LastIndexByte(rest, '>')
		if i < 0 { // the line is cut here
			return e, true
		}
		rest = rest[:i]
		if i := bytes.Index(rest, []byte("> sasl_username=<")); i >= 0 { // Postfix 3.4
			rest = rest[:i]
		}
		e.helo = rest
	}
	return e, true
}

// cutSeparator removes the separator of two fields: ", " in postscreen, a blank
// in smtpd.
func cutSeparator(b []byte) ([]byte, bool) {
	if r, ok := cut(b, ", "); ok {
		return r, true
	}
	return cut(b, " ")
}

// cutContentRefusal reads what follows "reject: " in a line of cleanup:
//
//	header Subject: text from host[192.0.2.1]; from=<s@y> to=<u@x> proto=ESMTP helo=<h>: 5.7.1 reply
//
// The header is the sender's, word for word, and so is the HELO name. If more than one
// reading fits and they differ in the recipient, it stays unknown.
//
// Stage is END-OF-MESSAGE, as the whole message was there.
func cutContentRefusal(b []byte) (r refusal, ok bool) {
	for from, tries := 0, 0; tries < 32; tries++ {
		i := bytes.Index(b[from:], []byte("; from=<"))
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		e, fits := parseEnvelope(b[i+2:])
		client, named := peerBefore(b[:i])
		if !fits || !named {
			continue
		}
		// Two readings disagree: the header imitates an envelope.
		if ok && !bytes.Equal(e.recipient, r.recipient) {
			r.recipient, r.hasRecipient = nil, false
			continue
		}
		if !ok {
			r.client, r.envelope, ok = client, e, true
		}
	}
	r.stage = []byte("END-OF-MESSAGE")
	if i := bytes.LastIndex(b, []byte(">: ")); i >= 0 {
		r.code, r.dsn, r.reply = cutCode(b[i+3:])
		if j := bytes.Index(r.helo, []byte(">: ")); j >= 0 {
			r.helo = r.helo[:j]
		}
	}
	return r, ok
}

// peerBefore reads the "from host[addr]" at the end of b; "local" mail has
// none.
func peerBefore(b []byte) (peer, bool) {
	if ends(b, " from local") {
		return peer{}, true
	}
	i := bytes.LastIndex(b, []byte(" from "))
	if i < 0 {
		return peer{}, false
	}
	p, rest, ok := cutPeer(b[i+6:])
	return p, ok && len(rest) == 0
}
