package maillog

import "bytes"

// report is a delivery agent's line about one recipient.
type report struct {
	to, orig    []byte
	relay       []byte
	dsn, status []byte
	reply       []byte
	hasOrig     bool
}

// cutReport reads what follows "to=":
//
//	<u@x>, orig_to=<a@x>, relay=host[192.0.2.9]:25, delay=1, delays=…, dsn=2.0.0, status=sent (reply)
//
// Only addresses and the reply are of others; the reply is last, so nothing in it counts.
//
// Of Postfix before 2.3 the fields delays and dsn are missing.
func cutReport(b []byte) (r report, ok bool) {
	if r.to, b, ok = cutField(b); !ok {
		return r, false
	}
	if rest, has := cut(b, "orig_to="); has {
		if r.orig, b, ok = cutField(rest); !ok {
			return r, false
		}
		r.hasOrig = true
	}
	for tries := 0; tries < 12; tries++ {
		eq := bytes.IndexByte(b[:min(len(b), 16)], '=')
		if eq < 0 {
			return r, false
		}
		key, rest := b[:eq], b[eq+1:]
		// The status is the last field before the reply, which ends the line.
		if string(key) == "status" {
			n := wordLen(rest)
			r.status, rest = rest[:n], rest[n:]
			if rest, ok = cut(rest, " ("); ok {
				if ends(rest, ")") {
					rest = rest[:len(rest)-1]
				}
				r.reply = rest
			}
			return r, n > 0
		}
		i := bytes.Index(rest, []byte(", "))
		if i < 0 {
			return r, false
		}
		switch string(key) {
		case "relay":
			r.relay = rest[:i]
		case "dsn":
			r.dsn = rest[:i]
		}
		b = rest[i+2:]
	}
	return r, false
}

// cutField reads "<u@x>, " or, of Postfix before 2.3 and of rewritten logs, "u@x, ".
func cutField(b []byte) (field, rest []byte, ok bool) {
	if r, bracket := cut(b, "<"); bracket {
		end := quotedLen(r)
		for tries := 0; tries < 8; tries++ {
			i := bytes.IndexByte(r[end:], '>')
			if i < 0 {
				return nil, b, false
			}
			end += i
			if rest, ok = cut(r[end+1:], ", "); ok {
				return r[:end], rest, true
			}
			end++
		}
		return nil, b, false
	}
	i := bytes.Index(b, []byte(", "))
	if i < 0 {
		return nil, b, false
	}
	return b[:i], b[i+2:], true
}

// delivered records the outcome of a recipient.
//
// to= is the address after aliases, orig_to= the one before them. The latter is
// the one that the client gave.
func (r *Reader) delivered(w *where, id, b []byte) understood {
	rep, ok := cutReport(b)
	if !ok {
		return unknown
	}
	var o Outcome
	switch string(rep.status) {
	case "sent":
		o = OutcomeSent
		if w.program.service == discard {
			o = OutcomeDiscarded
		}
	case "bounced":
		o = OutcomeBounced
	case "deferred", "softbounce", "SOFTBOUNCE": // with soft_bounce the mail stays in the queue
		o = OutcomeDeferred
	case "expired":
		o = OutcomeExpired
	case "deliverable", "undeliverable", "undeliverable-but-not-cached": // address verification
		x := r.t.get(w, id)
		x.probe = !x.d.Client.IsValid() && !x.local
		return taken
	default:
		return unknown
	}
	x := r.t.get(w, id)
	x.queued = true
	address := rep.to
	if rep.hasOrig {
		address = rep.orig
	}
	row := x.accepted(text(address))
	row.outcome(Recipient{Line: w.line, Outcome: o, OutcomeAt: w.time(), OutcomeDSN: text(rep.dsn), OutcomeReply: text(rep.reply)})
	if o == OutcomeSent {
		r.handedOn(w, x, row, &rep)
	}
	x.relayed = x.relayed || w.program.name == "smtp" && toOutside(rep.relay)
	r.t.joinByMessage(x)
	r.t.spill(x)
	return taken
}

// handedOn looks for the queue id under which the mail goes on.
//
// "queued as" is the reply of the next host and may be anybody's claim;
// passedOn looks whether it can be true.
func (r *Reader) handedOn(w *where, x *transaction, row *Recipient, rep *report) {
	if rest, ok := cut(rep.reply, "forwarded as "); ok && w.program.name == "local" {
		r.t.passedOn(w, x, row, rest[:wordLen(rest)], true)
		return
	}
	i := bytes.LastIndex(rep.reply, []byte("queued as "))
	if i < 0 {
		return
	}
	id := rep.reply[i+len("queued as "):]
	n := wordLen(id)
	for n > 0 && (id[n-1] == ')' || id[n-1] == '.' || id[n-1] == ',') {
		n--
	}
	if n < 5 || n > 30 {
		return
	}
	p, _, ok := cutPeer(rep.relay)
	r.t.passedOn(w, x, row, id[:n], ok && p.addr.IsLoopback())
}

// toOutside reports whether a relay is another host outside of private
// networks.
func toOutside(relay []byte) bool {
	p, _, ok := cutPeer(relay)
	return ok && p.addr.IsValid() && !inside(p.addr)
}
