package logworld

import (
	"fmt"
	"math"
	"time"
)

// Four more places, written before runs of several senders were compared by learned
// tolerances. School and Village were looked at afterwards.
const (
	// Hospital works in shifts: machines send results in bundles day and night. Spammers'
	// programs wake each minute, and many senders share a small list.
	Hospital Style = "hospital"
	// School writes in the hours of classes, to whole classes at once. Groups of two and
	// three send with several connections at a time.
	School Style = "school"
	// Village has one relay and much backscatter, and puts off ordinary mail, too.
	Village Style = "village"
	// Biller sends bills to thousands at night and tickets by day, from one server.
	Biller Style = "biller"
)

var sites = map[Style]manner{
	Hospital: {wait: minutely, zombie: (*World).zombie, account: onePerRun, perMail: 2, good: 45, fewest: 12, slow: [2]int{20, 30}, minutes: [2]int{7, 14},
		apart: 3 * time.Minute, uneven: 30, members: [2]int{5, 6}},
	School: {wait: parallel, zombie: (*World).cable, account: forged, perMail: 4, good: 65, fewest: 18, slow: [2]int{35, 25}, minutes: [2]int{5, 20},
		apart: 45 * time.Second, uneven: 15, members: [2]int{2, 3}},
	Village: {wait: flagging, zombie: (*World).customer, account: numberedAccount, perMail: 3, good: 35, fewest: 14, slow: [2]int{22, 20}, minutes: [2]int{6, 18},
		apart: 4 * time.Minute, uneven: 40, members: [2]int{3, 5}},
	Biller: {wait: random, zombie: (*World).mixed, account: anyone, perMail: 6, good: 55, fewest: 20, slow: [2]int{30, 40}, minutes: [2]int{8, 12},
		apart: 2 * time.Minute, uneven: 20, members: [2]int{4, 4}},
}

// mixed is a client of any sort.
func (w *World) mixed() host {
	return pick(w.dice, []func(*World) host{(*World).zombie, (*World).customer, (*World).rented, (*World).cable})(w)
}

// minutely: a program that a clock starts each minute, and that sends a few mails.
func minutely(w *World, pause time.Duration, n int) time.Duration {
	if pause >= time.Minute {
		return pause.Round(time.Minute) + time.Duration(w.dice.IntN(3))*time.Second
	}
	if n%max(1, int(time.Minute/pause)) == 0 {
		return time.Minute - time.Duration(w.dice.IntN(4))*time.Second
	}
	return time.Duration(w.dice.IntN(2)) * time.Second
}

// parallel: two to four connections at once, then a wait.
func parallel(w *World, pause time.Duration, n int) time.Duration {
	if w.dice.IntN(3) > 0 && pause < time.Minute {
		return 0
	}
	return w.exponential(pause) + pause/2
}

// flagging: quick at first, then with longer and longer gaps that differ much.
func flagging(w *World, pause time.Duration, n int) time.Duration {
	if pause >= time.Minute {
		return time.Duration(float64(pause) * math.Exp(0.5*w.dice.NormFloat64()))
	}
	return time.Duration(float64(pause) * min(4, 0.3+float64(n)/15) * math.Exp(0.6*w.dice.NormFloat64()))
}

// hijackedOnSite is the relay that a run of the site goes through.
func (w *World) hijackedOnSite(i int) (h host, second bool) {
	switch w.Style {
	case Hospital:
		return pick(w.dice, []host{appliance(i), w.mailServer(i)}), i == 0
	case School:
		return w.relay(i % 3), false
	case Village:
		return w.relay(0), false
	}
	return ticketServer(), false
}

// appliance invents a gateway of machines.
func appliance(i int) host {
	name := fmt.Sprintf("gw%d.lab.test", i%6)
	return host{addr: sendout(8 + i%6).addr, name: name, helo: name}
}

// ticketServer is the server of a firm that sends bills and tickets.
func ticketServer() host {
	name := "out.bills.test"
	return host{addr: sendout(36).addr, name: name, helo: name}
}

// site adds the ordinary mail of a day.
func (w *World) site(start time.Time) {
	switch w.Style {
	case Hospital:
		w.results(start, w.Mail/3)
		w.shifts(start, w.Mail/3)
		w.firms(start, w.Mail/3)
	case School:
		w.classes(start, w.Mail/4)
		w.people(start, w.Mail/4)
		w.customers(start, w.Mail/4)
		w.lists(start.Add(15*time.Hour), 4)
	case Village:
		w.greylists = 30
		w.throughOne(start, w.Mail/2)
		w.people(start, w.Mail/4)
		w.backscatter(start, w.Mail/8)
	case Biller:
		w.bills(start.Add(time.Hour), w.Mail/4)
		w.tickets(start, w.Mail/4)
		w.people(start, w.Mail/4)
		w.newsletters(start, 3)
	}
}

// results: each machine collects results, and reports a bundle of them at any time.
func (w *World) results(start time.Time, n int) {
	for n > 0 {
		i := w.dice.IntN(30)
		at := start.Add(time.Duration(w.dice.IntN(86000)) * time.Second)
		for range 1 + w.dice.IntN(10) {
			w.letter(appliance(i), at, fmt.Sprintf("device%d@lab.test", i), 60)
			at = at.Add(time.Duration(1+w.dice.IntN(5)) * time.Second)
			n--
		}
	}
}

// shifts: people write about the change of shifts.
func (w *World) shifts(start time.Time, n int) {
	for range n {
		at := start.Add(time.Duration(6+8*w.dice.IntN(3))*time.Hour + time.Duration(2400*w.dice.NormFloat64())*time.Second)
		i := w.dice.IntN(12)
		w.letter(w.mailServer(i), at, fmt.Sprintf("%s.%s@firm%d.example", pick(w.dice, given), family[w.dice.IntN(15)], i), 40)
	}
}

// classes: teachers write to all parents of a class in one mail, some of whom left.
func (w *World) classes(start time.Time, n int) {
	for n > 0 {
		at := start.Add(8*time.Hour + time.Duration(w.dice.IntN(8*3600))*time.Second)
		class := w.dice.IntN(20)
		m := mail{host: w.relay(class % 3), at: at, server: "mx1", sender: fmt.Sprintf("%s@school%d.test", given[class%len(given)], class%4),
			messageID: fmt.Sprintf("%d.%d@school.test", at.Unix(), w.mails)}
		for k := range 1 + w.dice.IntN(2)*w.dice.IntN(20) {
			u := w.Users[(class*23+k)%len(w.Users)]
			m.to = append(m.to, target{u + "@" + w.Domain, "valid", u, false})
		}
		if w.dice.IntN(4) == 0 {
			u := w.Former[class%len(w.Former)]
			m.to = append(m.to, target{u + "@" + w.Domain, "stale", u, true})
		}
		w.putOff(m)
		n--
	}
}

// bills: one after the other at a steady rate, some to users who left.
func (w *World) bills(at time.Time, n int) {
	for range n {
		u, kind := pick(w.dice, w.Users), "valid"
		if w.dice.IntN(20) == 0 {
			u, kind = pick(w.dice, w.Former), "stale"
		}
		w.send(mail{host: ticketServer(), at: at, server: "mx1", sender: "bounce@bills.test", messageID: fmt.Sprintf("%x@bills.test", w.dice.Uint64()),
			to: []target{{u + "@" + w.Domain, kind, u, kind == "stale"}}})
		at = at.Add(time.Duration(1+w.dice.IntN(3)) * time.Second)
	}
}

// tickets: people of the service answer by day, each under an address of the ticket.
func (w *World) tickets(start time.Time, n int) {
	for range n {
		at := start.Add(time.Duration(max(0, min(86000, 12*3600+3*3600*w.dice.NormFloat64()))) * time.Second)
		w.letter(ticketServer(), at, fmt.Sprintf("ticket-%d@help.bills.test", w.dice.IntN(100000)), 50)
	}
}
