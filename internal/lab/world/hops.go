package world

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// The organisation whose mail this is has two primary exchangers, a backup with a worse
// priority at another site, and a store behind them.
type exchanger struct {
	name, addr string
	priority   int
}

// serverStyle is the software of our own mail servers.
type serverStyle int

// Servers whose forms of Received are written.
const (
	postfix serverStyle = iota
	sendmail
	exim
)

// received writes our own servers' lines about a client: the store's on top.
//
// Two lines: a store took the message from an exchanger, and that from the
// client. Forged lines of the mailer follow below. The forms are those that
// ingest/received must read.
func (b *builder) received(d dice.Dice, c client, helo, rcpt string, at time.Time, backup bool) []string {
	mx := b.exchangers[d.IntN(2)]
	if backup {
		mx = b.exchangers[2]
	}
	reverse := c.reverse
	if reverse == "" {
		reverse = "unknown"
	}
	// One moment, in the zone of our servers.
	stamp := b.stamp(at)
	var edge string
	switch b.server {
	case sendmail:
		who := fmt.Sprintf("%s [%s]", c.reverse, c.addr)
		if c.reverse == "" {
			who = fmt.Sprintf("[%s]", c.addr)
		}
		edge = fmt.Sprintf("from %s (%s)\n\tby %s (8.12.8/8.12.8) with ESMTP id %s\n\tfor <%s>; %s", helo, who, mx.name, sendmailID(d, at), rcpt, stamp)
	case exim:
		edge = fmt.Sprintf("from %s ([%s] helo=%s)\n\tby %s with esmtp (Exim 4.%s)\n\tid %s-%s-%s\n\tfor %s; %s",
			reverse, c.addr, helo, mx.name, b.exims, d.Chars(dice.Base62, 6), d.Chars(dice.Base62, 6), d.Chars(dice.Base62, 2), rcpt, stamp)
		if c.reverse == "" {
			edge = fmt.Sprintf("from [%s] (helo=%s)\n\tby %s with esmtp (Exim 4.%s)\n\tid %s-%s-%s\n\tfor %s; %s",
				c.addr, helo, mx.name, b.exims, d.Chars(dice.Base62, 6), d.Chars(dice.Base62, 6), d.Chars(dice.Base62, 2), rcpt, stamp)
		}
	default:
		edge = fmt.Sprintf("from %s (%s [%s])\n\tby %s (Postfix) with %s id %s\n\tfor <%s>; %s",
			helo, reverse, c.addr, mx.name, dice.Pick(d, []string{"ESMTP", "ESMTP", "SMTP"}), d.Chars(dice.HEX, 10), rcpt, stamp)
	}
	store := fmt.Sprintf("from %s (%s [%s])\n\tby %s (Postfix) with ESMTP id %s\n\tfor <%s>; %s",
		mx.name, mx.name, mx.addr, b.store.name, d.Chars(dice.HEX, 10), rcpt, b.stamp(at.Add(time.Duration(d.Between(1, 20))*time.Second)))
	return []string{store, edge}
}

// The form of sendmail 8.10 and later: year, month, day, hour, minute and
// second in letters or digits, then the process id.
func sendmailID(d dice.Dice, at time.Time) string {
	return fmt.Sprintf("%c%c%c%c%c%c%06d", 'i'+rune(at.Year()%10), 'A'+rune(at.Month()-1), '1'+rune(at.Day()%9), 'A'+rune(at.Hour()), 'a'+rune(at.Minute()%26), 'A'+rune(at.Second()%26), d.IntN(99999))
}

func (b *builder) stamp(at time.Time) string {
	return at.In(b.clock).Format("Mon, 02 Jan 2006 15:04:05 -0700 (MST)")
}

// forgedHop is a Received field that a mailer makes up.
//
// It pretends a hop in front of the client, some minutes to half a day earlier,
// with the mailer's own faults in the date.
func (b *builder) forgedHop(d dice.Dice, m *mailer, c client, from, rcpt string, at time.Time) string {
	host := from[strings.LastIndexByte(from, '@')+1:]
	x := fmt.Sprintf("%d.%d.%d.%d", d.Between(24, 220), d.IntN(256), d.IntN(256), d.Between(1, 254))
	text := expand(d, m.forged, fill{at: at, host: rcpt[strings.LastIndexByte(rcpt, '@')+1:], named: map[string]string{"x": x, "f": host}})
	if !strings.HasSuffix(text, ";") {
		text += ";"
	}
	return text + " " + m.dateOf(d, at.Add(-time.Duration(d.Between(60, 40000))*time.Second))
}

// helo is how the client introduces itself under a mailer.
func (b *builder) heloOf(d dice.Dice, m *mailer, c client, from, rcpt string) string {
	// An honest program on an honest host, whose name is the host's.
	if m.helo == "" || c.sealed != "" {
		if c.name == "" {
			return "localhost"
		}
		return c.name
	}
	return expand(d, m.helo, fill{named: map[string]string{
		"from": from[strings.LastIndexByte(from, '@')+1:], "ip": c.addr.String(), "rcpthost": rcpt[strings.LastIndexByte(rcpt, '@')+1:],
	}})
}
