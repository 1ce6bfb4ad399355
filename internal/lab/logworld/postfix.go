package logworld

import (
	"fmt"
	"strings"
	"time"
)

// postfix writes a transaction as Postfix does.
func (w *World) postfix(m mail, all []answer, times []time.Time) {
	at := m.at.Add(time.Duration(w.dice.IntN(900)) * time.Millisecond)
	step := func() time.Time { at = at.Add(time.Duration(20+w.dice.IntN(400)) * time.Millisecond); return at }
	pid := 1000 + w.mails%25000
	name := m.name
	if name == "" {
		name = "unknown"
	}
	client := name + "[" + m.addr.String() + "]"
	smtpd := fmt.Sprintf("postfix/smtpd[%d]: ", pid)
	w.line(&m, at, smtpd+"connect from "+client)
	id := "NOQUEUE"
	var opened time.Time
	var accepted []answer
	for i, a := range all {
		times[i] = step()
		if a.verdict == "accepted" {
			if id == "NOQUEUE" {
				id, opened = w.queueID(at), at
				w.line(&m, at, smtpd+id+": client="+client)
			}
			times[i] = opened
			accepted = append(accepted, a)
			continue
		}
		w.line(&m, at, fmt.Sprintf("%s%s: reject: RCPT from %s: %s; from=<%s> to=<%s> proto=ESMTP helo=<%s>", smtpd, id, client, a.reply, m.sender, a.address, m.helo))
	}
	if len(accepted) > 0 {
		w.queued(&m, id, step(), pid, accepted)
	}
	w.line(&m, step(), smtpd+"disconnect from "+client+" ehlo=1 mail=1 rcpt=1 quit=1 commands=4")
}

// queued writes the way of an accepted mail.
func (w *World) queued(m *mail, id string, at time.Time, pid int, to []answer) {
	second := time.Second
	w.line(m, at, fmt.Sprintf("postfix/cleanup[%d]: %s: message-id=<%s>", pid+1, id, m.messageID))
	w.line(m, at.Add(second), fmt.Sprintf("postfix/qmgr[77]: %s: from=<%s>, size=%d, nrcpt=%d (queue active)", id, m.sender, 900+w.dice.IntN(9000), len(to)))
	at = at.Add(2 * second)
	if !w.Filter || m.server != "mx1" {
		w.delivered(m, id, at, pid, to, "lmtp", "mail.own.example[private/dovecot-lmtp]", "250 2.0.0 saved")
		return
	}
	again := w.queueID(at)
	w.line(m, at, fmt.Sprintf("postfix/10025/smtpd[%d]: %s: client=localhost[127.0.0.1]", pid+2, again))
	w.line(m, at, fmt.Sprintf("postfix/cleanup[%d]: %s: message-id=<%s>", pid+1, again, m.messageID))
	w.line(m, at, fmt.Sprintf("postfix/qmgr[77]: %s: from=<%s>, size=%d, nrcpt=%d (queue active)", again, m.sender, 1900+w.dice.IntN(9000), len(to)))
	w.delivered(m, id, at.Add(second/4), pid, to, "amavis/smtp", "127.0.0.1[127.0.0.1]:10024",
		"250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as "+again)
	w.delivered(m, again, at.Add(second/2), pid, to, "lmtp", "mail.own.example[private/dovecot-lmtp]", "250 2.0.0 saved")
}

// delivered writes the lines of a delivery agent and the end of the queue file.
func (w *World) delivered(m *mail, id string, at time.Time, pid int, to []answer, agent, relay, reply string) {
	for _, a := range to {
		w.line(m, at, fmt.Sprintf("postfix/%s[%d]: %s: to=<%s>, relay=%s, delay=2.1, delays=0.1/0/1/1, dsn=2.0.0, status=sent (%s)", agent, pid+3, id, a.address, relay, reply))
	}
	w.line(m, at.Add(time.Millisecond), "postfix/qmgr[77]: "+id+": removed")
}

// base52 has the digits of Postfix's long queue ids, which have no vowels.
const base52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"

// queueID makes a short id, of a small set so that ids are used again, or a long one.
func (w *World) queueID(at time.Time) string {
	if !w.LongIDs {
		return fmt.Sprintf("%05X%06X", at.Nanosecond()/1000, 0x40000+w.mails%5000*2+w.dice.IntN(2))
	}
	return in52(at.Unix(), 6) + in52(int64(at.Nanosecond()/1000), 4) + "z" + strings.ReplaceAll(in52(int64(40000+w.dice.IntN(100000)), 4), "z", "B")
}

// in52 writes a number in the alphabet of long queue ids.
func in52(n int64, width int) string {
	var b []byte
	for ; n > 0 || len(b) < width; n /= 52 {
		b = append(b, base52[n%52])
	}
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
