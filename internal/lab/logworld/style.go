package logworld

import (
	"fmt"
	"math"
	"time"
)

// Style says how senders behave in time and by what names.
type Style string

const (
	Steady Style = "" // mails some seconds or minutes apart, give or take a half
	// Contacts: clients come back at random times and leave some mails each; slow ones too.
	// Firms write from their own servers, and a hijacked relay sends under one account.
	Contacts Style = "contacts"
)

// wait is the time to the next mail of a run.
func (w *World) wait(pause time.Duration, n int) time.Duration {
	if w.Style == Steady {
		return pause/2 + time.Duration(w.dice.Int64N(int64(pause)))
	}
	if n%3 != 0 {
		return time.Duration(1+w.dice.IntN(6)) * time.Second // the same contact
	}
	return time.Duration(1.5 * float64(pause) * -math.Log(1-w.dice.Float64()))
}

// account is the envelope sender of a run's mail.
func (w *World) account(r run, h host) string {
	if w.Style == Contacts && r.kind == "hijacked" {
		return fmt.Sprintf("%s.%s@%s", given[r.id%len(given)], family[r.id%len(family)], h.domain())
	}
	return fmt.Sprintf("%s%d@%s.example", pick(w.dice, given), w.dice.IntN(1000), pick(w.dice, family))
}

// domain is the firm of a mail server.
func (h host) domain() string {
	for i := range h.name {
		if h.name[i] == '.' {
			return h.name[i+1:]
		}
	}
	return h.name
}
