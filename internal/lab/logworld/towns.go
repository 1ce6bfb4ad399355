package logworld

import (
	"fmt"
	"math"
	"time"
)

// Three more places. They were written before runs were cut and parted by mail in
// bundles, and looked at once after it.
const (
	// Bureau is an authority: gateways flush tickets and letters each quarter of an hour.
	// Spammers use accounts that were stolen from clerks, and wait for times of all lengths.
	Bureau Style = "bureau"
	// Town is a region: firms and private servers on customers' lines. Spammers' programs
	// keep to the clock, with many recipients a mail.
	Town Style = "town"
	// Platform is a service that sends the mail of hundreds of shops. Runs go faster and
	// slower, and a spammer is one more customer.
	Platform Style = "platform"
)

var towns = map[Style]manner{
	Bureau: {wait: heavy, zombie: (*World).zombie, account: stolen, perMail: 3, good: 60, fewest: 16, slow: [2]int{25, 30}, minutes: [2]int{5, 15},
		apart: 2 * time.Minute, uneven: 20},
	Town: {wait: clockwork, zombie: (*World).cable, account: onePerRun, perMail: 6, good: 50, fewest: 24, slow: [2]int{36, 40}, minutes: [2]int{6, 20},
		apart: 90 * time.Second, uneven: 15},
	Platform: {wait: drifting, zombie: (*World).rented, account: customerAccount, perMail: 4, good: 70, fewest: 16, slow: [2]int{30, 30}, minutes: [2]int{5, 15},
		apart: 3 * time.Minute, uneven: 25},
}

// heavy: waits whose tail is that of a power, at most 20 times the mean.
func heavy(w *World, pause time.Duration, _ int) time.Duration {
	return time.Duration(float64(pause) * min(20, 0.4*math.Pow(1-w.dice.Float64(), -0.6)))
}

// clockwork: the same wait each time, and a second more or less.
func clockwork(w *World, pause time.Duration, _ int) time.Duration {
	return max(time.Second, pause+time.Duration(w.dice.IntN(3)-1)*time.Second)
}

// drifting: a rate that swings by a factor of four over some dozen mails.
func drifting(w *World, pause time.Duration, n int) time.Duration {
	return time.Duration(float64(w.exponential(pause)) * math.Exp(0.7*math.Sin(float64(n)/4)))
}

// clerk is one of the people of a gateway.
func clerk(gateway, i int) string {
	return fmt.Sprintf("%s.%s@gate%d.bureau.test", given[i%30], family[(i+3*gateway)%30], gateway)
}

// stolen is the account of a clerk in a hijacked gateway, and anybody's elsewhere.
func stolen(w *World, r *run, h host) string {
	if r.kind == "hijacked" {
		return clerk(int(octets(h.addr)[3])%5, r.id)
	}
	return anyone(w, r, h)
}

// customerAccount is an invented return path of one customer's domain.
func customerAccount(w *World, r *run, _ host) string {
	return fmt.Sprintf("msg-%x@mail.%s%s.example", w.dice.Uint64(), given[(3*r.id)%len(given)], family[r.id%len(family)])
}

// gateway invents one of an authority's servers.
func gateway(i int) host {
	h := sendout(5 + i%5)
	h.name = fmt.Sprintf("gate%d.bureau.test", int(octets(h.addr)[3])%5)
	h.helo = h.name
	return h
}

// shopRelay invents one of the machines of the platform.
func shopRelay(i int) host { return sendout(30 + i%4) }

// privateServer invents a server that somebody runs on a customer's line.
func privateServer(i int) host {
	h := office(40 + i%20)
	h.name = fmt.Sprintf("ip-192-0-2-%d.town.example", octets(h.addr)[3])
	h.helo = fmt.Sprintf("mail.%s%d.example", family[i%len(family)], i%20)
	return h
}

// hijackedInTown is the relay that a run of the place goes through.
func (w *World) hijackedInTown(i int) (h host, second bool) {
	switch w.Style {
	case Bureau:
		return gateway(i), i == 2
	case Town:
		return pick(w.dice, []host{privateServer(i), office(i), w.relay(i)}), false
	}
	return shopRelay(i), i == 0
}

// town adds the ordinary mail of a day at the place.
func (w *World) town(start time.Time) {
	switch w.Style {
	case Bureau:
		w.flushes(start, w.Mail/2)
		w.people(start, w.Mail/4)
		w.firms(start, w.Mail/4)
		w.backscatter(start, w.Mail/40)
	case Town:
		w.private(start, w.Mail/4)
		w.offices(start, w.Mail/4)
		w.customers(start, w.Mail/4)
		w.people(start, w.Mail/4)
		w.lists(start.Add(6*time.Hour), 4)
	case Platform:
		w.shops(start, w.Mail/2)
		w.firms(start, w.Mail/4)
		w.people(start, w.Mail/4)
		w.newsletters(start, 5)
	}
}

// flushes: a gateway collects letters of its clerks, and sends them each quarter of an hour
// by day.
func (w *World) flushes(start time.Time, n int) {
	for n > 0 {
		i := w.dice.IntN(5)
		h := gateway(i)
		at := start.Add(time.Duration(7*4+w.dice.IntN(11*4)) * 15 * time.Minute)
		for range 1 + w.dice.IntN(8) {
			w.letter(h, at, clerk(int(octets(h.addr)[3])%5, w.dice.IntN(60)), 40)
			at = at.Add(time.Duration(w.dice.IntN(4)) * time.Second)
			n--
		}
	}
}

// private: people write through servers at home.
func (w *World) private(start time.Time, n int) {
	for range n {
		i := w.dice.IntN(20)
		at := start.Add(time.Duration(max(0, min(86000, 17*3600+4*3600*w.dice.NormFloat64()))) * time.Second)
		w.letter(privateServer(i), at, fmt.Sprintf("%s@%s%d.example", given[w.dice.IntN(4)], family[i%len(family)], i%20), 30)
	}
}

// shops: receipts and news of shops, now and then to some dozen customers in a row.
func (w *World) shops(start time.Time, n int) {
	for n > 0 {
		shop := w.dice.IntN(300)
		at := start.Add(time.Duration(max(0, min(84000, 15*3600+5*3600*w.dice.NormFloat64()))) * time.Second)
		several := 1
		if w.dice.IntN(25) == 0 {
			several = 5 + w.dice.IntN(20)
		}
		for range several {
			w.letter(shopRelay(shop), at, fmt.Sprintf("msg-%x@mail.shop%d.test", w.dice.Uint64(), shop), 40)
			at = at.Add(time.Duration(w.dice.IntN(5)) * time.Second)
			n--
		}
	}
}
