package maillog

import (
	"bytes"
	"encoding/json"

	"time"
)

// A queue listing has the waiting mail: it was accepted, and a log need not
// mention it. Its client is unknown.

// listing returns the reader of the file's kind, or nil for logs.
func (r *Reader) listing() func(*lines) error {
	switch r.info.Kind {
	case PostqueueList:
		return r.postqueue
	case PostqueueJSON:
		return r.postqueueJSON
	case EximQueueList:
		return r.eximQueue
	}
	return nil
}

// each calls f with the lines of a listing.
func (r *Reader) each(in *lines, f func(line []byte) understood) error {
	in.limit = listingBytes
	start := r.file.Line
	for {
		line, _, err := in.next()
		r.file.Line = start + in.count
		if len(line) > 0 {
			if line = trimEnd(line); len(line) > 0 {
				r.info.Lines++
				switch u := f(line); {
				case in.oversize || !u.ok:
					r.unknown(line, "")
				case u.named != "":
					r.shapes.other(nil, u.named, r.file.Line)
				}
			}
		}
		if err != nil {
			return err
		}
	}
}

// trimEnd keeps leading blanks, which distinguish recipients from mails in
// listings.
func trimEnd(b []byte) []byte { return bytes.TrimRight(b, "\r\n ") }

// queued begins the Delivery of a queue file.
//
// The time is in a long id, or in the listing; without either Started stays
// zero.
func (r *Reader) queued(id []byte, at stamp) Delivery {
	d := Delivery{Origin: FromQueue, Server: r.opt.Server, Instance: "postfix", File: r.file.Name, Line: r.file.Line, Opened: true, QueueID: text(id)}
	if made := madeAt(id); made != 0 {
		d.Started = time.Unix(made, 0).UTC()
	} else if s, ok := r.clock.dated(at); ok && s.sane() {
		sec, floating := r.clock.unix(s)
		d.Started, d.Floating = nanos(sec*1e9+int64(s.nsec)), floating
	}
	return d
}

// waiting adds a recipient of a queue file.
func (d *Delivery) waiting(address, why string, line int64) {
	r := Recipient{Line: line, At: d.Started, Address: address, Verdict: Accepted, OutcomeReply: why}
	if why != "" {
		r.Outcome = OutcomeDeferred
	}
	d.Recipients = append(d.Recipients, r)
}

// list yields a queue file.
func (r *Reader) list(d *Delivery) {
	if d.QueueID == "" {
		return
	}
	if !d.Started.IsZero() {
		if r.info.First.IsZero() || d.Started.Before(r.info.First) {
			r.info.First = d.Started
		}
		if d.Started.After(r.info.Last) {
			r.info.Last = d.Started
		}
	}
	r.t.out = append(r.t.out, *d)
	*d = Delivery{}
}

// postqueue reads the blocks of "postqueue -p":
//
//	4TsXxx1234z5abc*     900 Sun Mar 10 10:00:01  a@s.example
//	(reply of the next host)
//	                                         u1@own.example
func (r *Reader) postqueue(in *lines) error {
	var d Delivery
	why := ""
	err := r.each(in, func(line []byte) understood {
		switch {
		case line[0] == '-' || begins(line, "Mail queue is empty") || begins(line, "Mail queue status"):
			return outside("heading")
		case line[0] == ' ' && d.QueueID != "":
			b := bytes.TrimLeft(line, " ")
			if b[0] == '(' {
				why = text(bytes.Trim(b, "()"))
				return taken
			}
			if len(d.Recipients) < 100_000 {
				d.waiting(text(b), why, r.file.Line)
			}
			return taken
		case line[0] == '(' && d.QueueID != "":
			why = text(bytes.Trim(line, "()"))
			return taken
		}
		r.list(&d)
		why = ""
		n := wordLen(line)
		id := bytes.TrimRight(line[:n], "*!#")
		rest := skipWord(line, n)
		size, w := number(rest, 18)
		if len(id) < 5 || len(id) > 31 || w == 0 {
			return unknown
		}
		rest = bytes.TrimLeft(rest[w:], " ")
		at, rest, ok := cutStamp(append(rest[:len(rest):len(rest)], ' '))
		if !ok && len(rest) > 4 && isWeekday(rest) { // "Sun Mar 10 10:00:01", without year
			at, rest, ok = cutStamp(rest[4:])
		}
		if !ok {
			return unknown
		}
		d = r.queued(id, at)
		d.Size = int64(size)
		sender := bytes.TrimRight(rest, " ")
		if string(sender) == "MAILER-DAEMON" {
			sender = nil
		}
		d.ReturnPath, d.HasReturnPath = text(sender), true
		return taken
	})
	r.list(&d)
	return err
}

// postqueueJSON reads "postqueue -j": one object a queue file.
func (r *Reader) postqueueJSON(in *lines) error {
	r.clock.zoneBasis = BasisStamp
	return r.each(in, func(line []byte) understood {
		var q struct {
			Queue   string `json:"queue_name"`
			ID      string `json:"queue_id"`
			Arrival int64  `json:"arrival_time"`
			Size    int64  `json:"message_size"`
			Sender  string `json:"sender"`
			To      []struct {
				Address string `json:"address"`
				Delay   string `json:"delay_reason"`
			} `json:"recipients"`
		}
		if json.Unmarshal(line, &q) != nil || q.ID == "" || len(q.ID) > 31 {
			return unknown
		}
		d := r.queued([]byte(q.ID), stamp{wall: q.Arrival, zoned: true})
		if q.Sender == "MAILER-DAEMON" {
			q.Sender = ""
		}
		d.Size = max(q.Size, 0)
		d.ReturnPath, d.HasReturnPath = text([]byte(q.Sender)), true
		for _, to := range q.To {
			d.waiting(text([]byte(to.Address)), text([]byte(to.Delay)), r.file.Line)
		}
		r.list(&d)
		return taken
	})
}

// eximQueue reads "exim -bp":
//
//	25m  2.9K 1rjFQf-0001Ab-2C <a@s.example> *** frozen ***
//	        D u1@own.example
//	          u2@own.example
//
// The age is rough; the id tells the second.
func (r *Reader) eximQueue(in *lines) error {
	var d Delivery
	err := r.each(in, func(line []byte) understood {
		if h, ok := eximQueueHead(line); ok {
			r.list(&d)
			d = r.queued(h.id, stamp{})
			d.Instance, d.Size = "exim", h.size
			d.ReturnPath, d.HasReturnPath = text(h.sender), true
			return taken
		}
		b := bytes.TrimLeft(line, " ")
		if d.QueueID == "" || len(line)-len(b) < 6 {
			return unknown
		}
		if begins(b, "+D ") { // with -bpa: made of a recipient by a router
			return outside("generated address")
		}
		b, done := cut(b, "D ")
		if len(d.Recipients) < 100_000 {
			d.waiting(text(bytes.TrimLeft(b, " ")), "", r.file.Line)
			if done {
				d.Recipients[len(d.Recipients)-1].Outcome = OutcomeSent
			}
		}
		return taken
	})
	r.list(&d)
	return err
}

// eximHead is the first line of a mail in "exim -bp": age, size, id, sender.
// The age is relative to the unknown time of the listing and is not kept.
type eximHead struct {
	id, sender []byte
	size       int64
}

// eximQueueHead reads the first line of a mail in "exim -bp".
func eximQueueHead(line []byte) (h eximHead, ok bool) {
	b := bytes.TrimLeft(line, " ")
	_, n := number(b, 5)
	if n == 0 || n >= len(b) || bytes.IndexByte([]byte("smhdwy"), b[n]) < 0 || len(line)-len(b) > 5 {
		return h, false
	}
	b = skipWord(b, n+1)
	w := wordLen(b)
	h.size = eximSize(b[:w])
	b = skipWord(b, w)
	if n = eximIDLen(b); n == 0 {
		return h, false
	}
	h.id = b[:n]
	b, ok = cut(skipWord(b, n), "<")
	if !ok {
		return h, false
	}
	h.sender, _, ok = cutAddress(b)
	return h, ok
}

// eximSize reads "2.9K".
func eximSize(b []byte) int64 {
	v, n := number(b, 12)
	size := float64(v)
	f, w := fraction(b[n:])
	size += float64(f) / 1e9
	switch rest := b[n+w:]; string(rest) {
	case "K":
		size *= 1 << 10
	case "M":
		size *= 1 << 20
	}
	return int64(size)
}
