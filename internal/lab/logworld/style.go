package logworld

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Style is the behaviour of senders over time, their names, and the kind of
// ordinary mail.
type Style string

const (
	Steady Style = "" // mails some seconds or minutes apart, give or take a half
	// Contacts: clients come back at random times and leave some mails each; slow ones too.
	// Firms write from their own servers, and a hijacked relay sends under one account.
	Contacts Style = "contacts"
	// Offices has mails at random times, with one recipient each and mostly
	// valid addresses. Ordinary mail comes by day. Much of it is from offices
	// behind one address, from which a hijacked machine sends too, and from
	// providers with many addresses and lists.
	Offices Style = "offices"
	// Relays: threads send many recipients a mail, from rented servers whose names are in order.
	// Ordinary mail comes through large relays and in newsletters, and relays are hijacked.
	Relays Style = "relays"
	// Night and Bazaar were held out while the finder of runs was made. In
	// Night, mail comes in waves that thin out, beside machines with reports
	// every few minutes and nightly list mail. In Bazaar each run has its own
	// manner, beside all kinds of ordinary mail, and relays serve several
	// operators at a time.
	Night  Style = "night"
	Bazaar Style = "bazaar"
)

// manner is how the senders of a style behave.
type manner struct {
	wait    func(w *World, pause time.Duration, n int) time.Duration // to the next mail
	zombie  func(w *World) host
	account func(w *World, r *run, h host) string
	perMail int           // recipients of a mail at most
	good    int           // per cent of the list
	fewest  int           // recipients of a run, of the smallest
	slow    [2]int        // recipients of a slow run: minimum, and range above it
	minutes [2]int        // minutes between its mails: minimum, and range above it
	apart   time.Duration // between the starts of senders that act together
	uneven  int           // per cent by which their parts of the list differ
	members [2]int        // senders of a group: minimum, and range above it; 3 to 5 if not set
}

// manners sets the behaviour of senders in each style.
var manners = map[Style]manner{
	Steady: {wait: jitter, zombie: (*World).zombie, account: anyone, perMail: 3, good: 50, fewest: 15, slow: [2]int{30, 30}, minutes: [2]int{4, 12}, apart: time.Minute},
	Contacts: {wait: contacts, zombie: (*World).zombie, account: anyone, perMail: 3, good: 50, fewest: 15, slow: [2]int{30, 30}, minutes: [2]int{4, 12},
		apart: time.Minute},
	Offices: {wait: random, zombie: (*World).customer, account: forged, perMail: 1, good: 70, fewest: 8, slow: [2]int{12, 20}, minutes: [2]int{5, 15},
		apart: 2 * time.Minute, uneven: 20},
	Relays: {wait: threads, zombie: (*World).rented, account: bounces, perMail: 12, good: 55, fewest: 25, slow: [2]int{40, 60}, minutes: [2]int{10, 25},
		apart: 3 * time.Minute, uneven: 10},
	Night: {wait: waves, zombie: (*World).cable, account: onePerRun, perMail: 5, good: 60, fewest: 12, slow: [2]int{40, 30}, minutes: [2]int{12, 15},
		apart: 90 * time.Second, uneven: 25},
	Bazaar: {apart: 4 * time.Minute, uneven: 30},
}

// Known reports whether there is such a style.
func (s Style) Known() bool {
	_, ok := manners[s]
	_, place := places[s]
	_, town := towns[s]
	_, site := sites[s]
	return ok || place || town || site || s == Drawn || s == Agents
}

// manner draws how a run is sent.
func (w *World) manner() manner {
	for _, of := range [...]map[Style]manner{places, towns, sites} {
		if m, ok := of[w.Style]; ok {
			return m
		}
	}
	if w.Style == Drawn {
		return pick(w.dice, w.crews)
	}
	if w.Style != Bazaar {
		return manners[w.Style]
	}
	from := [...]Style{Steady, Contacts, Offices, Relays, Night}
	m := manners[pick(w.dice, from[:])]
	other := manners[pick(w.dice, from[:])]
	m.zombie, m.good, m.account = other.zombie, 35+w.dice.IntN(45), manners[pick(w.dice, from[:])].account
	m.apart, m.uneven = manners[Bazaar].apart, manners[Bazaar].uneven
	return m
}

// jitter: a machine that waits, give or take a half.
func jitter(w *World, pause time.Duration, _ int) time.Duration {
	return pause/2 + time.Duration(w.dice.Int64N(int64(pause)))
}

// exponential is the time to the next event of those that come at random.
func (w *World) exponential(mean time.Duration) time.Duration {
	return time.Duration(float64(mean) * -math.Log(1-w.dice.Float64()))
}

// contacts: three mails in some seconds, then nothing for a time that is wholly random.
func contacts(w *World, pause time.Duration, n int) time.Duration {
	if n%3 != 0 {
		return time.Duration(1+w.dice.IntN(6)) * time.Second // the same contact
	}
	return w.exponential(3 * pause / 2)
}

// random: at random at a steady rate.
func random(w *World, pause time.Duration, _ int) time.Duration { return w.exponential(pause) }

// threads: several mails at once, then a time that is about the same but now and then long.
func threads(w *World, pause time.Duration, n int) time.Duration {
	if n%4 != 0 && pause < time.Minute {
		return time.Duration(w.dice.IntN(3)) * time.Second
	}
	return time.Duration(float64(pause) * math.Exp(0.5*w.dice.NormFloat64()))
}

// waves sends half a minute of mail, then pauses for the length of two, each
// wave later.
func waves(w *World, pause time.Duration, n int) time.Duration {
	if pause >= time.Minute {
		return pause/4 + w.exponential(3*pause/4)
	}
	if n%9 == 0 {
		return time.Duration(30+w.dice.IntN(90)) * time.Second
	}
	return w.exponential(pause/3 + time.Duration(n)*time.Second/8)
}

// anyone is another person each time.
func anyone(w *World, r *run, h host) string {
	if w.Style == Contacts && r.kind == "hijacked" {
		return onePerRun(w, r, h)
	}
	return fmt.Sprintf("%s%d@%s.example", pick(w.dice, given), w.dice.IntN(1000), pick(w.dice, family))
}

// forged returns an address of one of our own users or of a large provider.
func forged(w *World, _ *run, _ host) string {
	if w.dice.IntN(3) == 0 {
		return pick(w.dice, w.Users) + "@" + w.Domain
	}
	return fmt.Sprintf("%s.%s@%s", pick(w.dice, given), pick(w.dice, family), pick(w.dice, providers))
}

// bounces returns a sender address that identifies the recipient of a bounce.
func bounces(w *World, r *run, h host) string {
	if r.kind == "hijacked" && r.id%2 == 0 {
		return onePerRun(w, r, h)
	}
	return fmt.Sprintf("b-%d-%x@%s%s.example", r.id, w.dice.Uint32(), family[r.id%len(family)], given[r.id%len(given)])
}

// onePerRun returns one account per run; for a hijacked relay one of its own.
func onePerRun(_ *World, r *run, h host) string {
	who := given[r.id%len(given)] + "." + family[r.id%len(family)]
	if r.kind == "hijacked" {
		return who + "@" + h.domain()
	}
	return who + "@" + family[(7*r.id)%len(family)] + ".example"
}

// providers are mailbox providers: their users write wanted mail, and hijacked
// machines name them in HELO.
var providers = []string{"bigmail.example", "webpost.example", "freemail.example", "letterbox.test"}

// domain is the firm of a mail server.
func (h host) domain() string {
	if _, after, ok := strings.Cut(h.name, "."); ok {
		return after
	}
	return h.name
}
