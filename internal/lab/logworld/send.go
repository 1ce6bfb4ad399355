package logworld

import (
	"time"
)

// mail is one SMTP transaction.
type mail struct {
	host
	at        time.Time
	run       run
	server    string
	sender    string
	messageID string
	to        []target
	deferred  bool // greylisted
}

// answer is the server's reply about one recipient.
type answer struct {
	target
	verdict string
	reply   string // of Postfix, with its code
}

// send writes the lines of a mail and notes the truth.
func (w *World) send(m mail) {
	w.mails++
	var all []answer
	for _, t := range m.to {
		all = append(all, m.answer(t))
	}
	// Postfix dates accepted recipients by the line with the client, Exim by the end of data.
	times := make([]time.Time, len(all))
	if w.Server == Exim {
		w.exim(m, all, times)
	} else {
		w.postfix(m, all, times)
	}
	for i, a := range all {
		x := Attempt{At: times[i].Truncate(time.Second), Server: m.server, Client: m.addr, Sender: m.sender, Recipient: a.address, Verdict: a.verdict,
			Delivery: w.mails, Run: m.run.id, RunKind: m.run.kind, Group: m.run.group, Kind: a.kind}
		if a.verdict == "accepted" {
			x.Outcome, x.MessageID = "sent", m.messageID
		}
		if a.from != "" {
			x.MadeFrom = a.from + "@" + w.Domain
		}
		w.Attempts = append(w.Attempts, x)
	}
}

// answer decides about one recipient, in the order in which servers check.
func (m *mail) answer(t target) answer {
	switch {
	case m.run.blocked:
		return answer{t, "refused", "554 5.7.1 Service unavailable; Client host [" + m.addr.String() + "] blocked using bl.example; http://bl.example/" + m.addr.String()}
	case t.kind == "foreign":
		return answer{t, "refused", "554 5.7.1 <" + t.address + ">: Relay access denied"}
	case t.broken:
		return answer{t, "refused", "550 5.1.1 <" + t.address + ">: Recipient address rejected: User unknown in virtual mailbox table"}
	case m.deferred:
		return answer{t, "deferred", "450 4.2.0 <" + t.address + ">: Recipient address rejected: Greylisted, see http://greylist.example/"}
	}
	return answer{t, "accepted", ""}
}

// line adds a line to the log of the mail's server. The logs are sorted at the
// end.
func (w *World) line(m *mail, at time.Time, text string) {
	w.logs[m.server] = append(w.logs[m.server], logLine{at, text})
}
