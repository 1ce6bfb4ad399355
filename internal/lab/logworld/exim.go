package logworld

import (
	"fmt"
	"strings"
	"time"
)

// exim writes a transaction as Exim does.
func (w *World) exim(m mail, all []answer, times []time.Time) {
	at := m.at
	peer := "H=(" + m.helo + ") [" + m.addr.String() + "]"
	if m.name == m.helo {
		peer = "H=" + m.name + " [" + m.addr.String() + "]"
	} else if m.name != "" {
		peer = "H=" + m.name + " (" + m.helo + ") [" + m.addr.String() + "]"
	}
	var accepted []string
	for i, a := range all {
		at = at.Add(time.Duration(w.dice.IntN(1200)) * time.Millisecond)
		times[i] = at
		if a.verdict == "accepted" {
			accepted = append(accepted, a.address)
			continue
		}
		w.line(&m, at, fmt.Sprintf("%s F=<%s> %s", peer, m.sender, eximRefusal(a)))
	}
	if len(accepted) == 0 {
		return
	}
	at = at.Add(time.Second)
	for i, a := range all {
		if a.verdict == "accepted" {
			times[i] = at
		}
	}
	id := in62(at.Unix(), 6) + "-" + in62(int64(w.mails), 11) + "-" + in62(int64(at.Nanosecond()/1e6), 4)
	sender := m.sender
	if sender == "" {
		sender = "<>"
	}
	w.line(&m, at, fmt.Sprintf("%s <= %s %s P=esmtp S=%d id=%s T=\"hello \\\"%s\\\" for all\" from <%s> for %s", id, sender, peer, 900+w.dice.IntN(9000), m.messageID, m.sender, m.sender, strings.Join(accepted, " ")))
	for _, to := range accepted {
		local, _, _ := strings.Cut(to, "@")
		w.line(&m, at.Add(time.Second), fmt.Sprintf("%s => %s <%s> R=virtual T=lmtp C=\"250 2.0.0 saved\"", id, local, to))
	}
	w.line(&m, at.Add(time.Second), id+" Completed")
}

// eximRefusal words an answer as the ACLs of Debian's configuration do.
func eximRefusal(a answer) string {
	verb := "rejected"
	if a.verdict == "deferred" {
		verb = "temporarily rejected"
	}
	reply := "Unrouteable address"
	switch {
	case strings.Contains(a.reply, "bl.example"):
		reply = "found in bl.example"
	case a.verdict == "deferred":
		reply = "greylisted, try later"
	case a.kind == "foreign":
		reply = "relay not permitted"
	}
	return verb + " RCPT <" + a.address + ">: " + reply
}

// base62 has the digits of Exim's message ids.
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// in62 writes a number in the alphabet of Exim's ids.
func in62(n int64, width int) string {
	b := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		b[i] = base62[n%62]
		n /= 62
	}
	return string(b)
}
