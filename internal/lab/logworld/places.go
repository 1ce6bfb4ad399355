package logworld

import (
	"fmt"
	"math"
	"time"
)

// Three places whose ordinary mail differs from that of the other styles. They were written
// before the likelihoods of silences and hands, to test them once.
const (
	// Campus is a university: many lists with hundreds of readers, faculties that write
	// through servers of their own, students behind one address. Spam comes in bundles.
	Campus Style = "campus"
	// Workshop is a small firm: a provider's relay brings most mail, at weekends hardly any.
	// Runs get slower while their lists are worked off.
	Workshop Style = "workshop"
	// Hosting is a provider of web space: sites of hundreds of domains send forms and
	// newsletters from a few machines, and forwarded mail has rewritten senders.
	Hosting Style = "hosting"
)

var places = map[Style]manner{
	Campus: {wait: bundles, zombie: (*World).customer, account: forged, perMail: 2, good: 65, fewest: 10, slow: [2]int{20, 25}, minutes: [2]int{6, 18},
		apart: 2 * time.Minute, uneven: 15},
	Workshop: {wait: tiring, zombie: (*World).cable, account: onePerRun, perMail: 4, good: 45, fewest: 14, slow: [2]int{25, 30}, minutes: [2]int{5, 20},
		apart: 100 * time.Second, uneven: 20},
	Hosting: {wait: bursty, zombie: (*World).rented, account: numberedAccount, perMail: 8, good: 60, fewest: 20, slow: [2]int{30, 40}, minutes: [2]int{8, 20},
		apart: 3 * time.Minute, uneven: 25},
}

// bundles: five to fifteen mails in a row, then a pause of some lengths.
func bundles(w *World, pause time.Duration, n int) time.Duration {
	if pause >= time.Minute {
		return w.exponential(pause)
	}
	if w.dice.IntN(10) > 0 {
		return time.Duration(1+w.dice.IntN(4)) * time.Second
	}
	return 4*pause + w.exponential(4*pause)
}

// tiring: each mail takes a little longer than the one before.
func tiring(w *World, pause time.Duration, n int) time.Duration {
	return time.Duration(float64(pause) * (0.5 + float64(n)/40) * math.Exp(0.3*w.dice.NormFloat64()))
}

// bursty: waits of all lengths, most of them short.
func bursty(w *World, pause time.Duration, _ int) time.Duration {
	return time.Duration(float64(pause) * 0.6 * math.Exp(w.dice.NormFloat64()))
}

// numberedAccount is an invented account of one or two domains a run.
func numberedAccount(w *World, r *run, h host) string {
	if r.kind == "hijacked" && r.id%3 == 0 {
		return onePerRun(w, r, h)
	}
	return fmt.Sprintf("%s%d@%s-%s.example", given[(r.id+w.dice.IntN(6))%len(given)], w.dice.IntN(100), family[r.id%len(family)], pick(w.dice, []string{"shop", "news"}))
}

// hijackedAt is the relay that a run of the place goes through.
func (w *World) hijackedAt(i int) (h host, second bool) {
	switch w.Style {
	case Bureau, Town, Platform:
		return w.hijackedInTown(i)
	case Hospital, School, Village, Biller:
		return w.hijackedOnSite(i)
	case Drawn:
		return pick(w.dice, w.traffic).host(w, i), w.dice.IntN(4) == 0
	case Campus:
		return faculty(i), i == 1
	case Workshop:
		return pick(w.dice, []host{w.relay(0), w.relay(1 + i), office(i)}), false
	}
	return webHost(i), i == 0
}

// faculty invents a server of a faculty.
func faculty(i int) host { return sendout(10 + i%8) }

// webHost invents a machine that hosts the sites of many.
func webHost(i int) host {
	h := sendout(25 + i%5)
	h.name = fmt.Sprintf("web%d.hosting.test", i%5)
	h.helo = h.name
	return h
}

// place adds the ordinary mail of a day at the place.
func (w *World) place(start time.Time) {
	switch w.Style {
	case Campus:
		w.faculties(start, w.Mail/3)
		w.people(start, w.Mail/3)
		w.offices(start, w.Mail/6)
		w.lists(start.Add(5*time.Hour), 14)
		w.lists(start.Add(13*time.Hour), 8)
	case Workshop:
		n := w.Mail
		if d := start.Weekday(); d == time.Saturday || d == time.Sunday {
			n /= 12
		}
		w.throughOne(start, 2*n/3)
		w.people(start, n/6)
		w.customers(start, n/6)
		w.machines(start, 3)
	case Hosting:
		w.sites(start, w.Mail/2)
		w.forwarded(start, w.Mail/4)
		w.people(start, w.Mail/5)
		w.newsletters(start, 8)
		w.backscatter(start, w.Mail/15)
	}
}

// faculties write by day and late, several mails in a row now and then.
func (w *World) faculties(start time.Time, n int) {
	for n > 0 {
		i := w.dice.IntN(8)
		at := start.Add(time.Duration(max(0, min(86000, 14*3600+4*3600*w.dice.NormFloat64()))) * time.Second)
		who := fmt.Sprintf("%s.%s@dept%d.campus.test", pick(w.dice, given), family[w.dice.IntN(20)], i)
		for range 1 + w.dice.IntN(6)*w.dice.IntN(2) {
			w.letter(faculty(i), at, who, 35)
			at = at.Add(time.Duration(2+w.dice.IntN(40)) * time.Second)
			n--
		}
	}
}

// throughOne sends the mail of correspondents of some dozen firms through one relay of a
// provider.
func (w *World) throughOne(start time.Time, n int) {
	for range n {
		at := start.Add(time.Duration(max(0, min(86000, 13*3600+3*3600*w.dice.NormFloat64()))) * time.Second)
		w.letter(w.relay(0), at, fmt.Sprintf("%s@%s.test", given[w.dice.IntN(25)], family[w.dice.IntN(30)]), 40)
	}
}

// sites: programs of web sites report orders, forms and errors, at any time of the day.
func (w *World) sites(start time.Time, n int) {
	for range n {
		site := w.dice.IntN(200)
		at := start.Add(time.Duration(w.dice.IntN(86000)) * time.Second)
		w.letter(webHost(site), at, fmt.Sprintf("%s@site%d.example", pick(w.dice, []string{"www", "shop", "noreply", "orders"}), site), 50)
	}
}

// forwarded: mail that customers have sent on, under senders that are rewritten.
func (w *World) forwarded(start time.Time, n int) {
	for range n {
		at := start.Add(time.Duration(max(0, min(86000, 15*3600+5*3600*w.dice.NormFloat64()))) * time.Second)
		who := fmt.Sprintf("SRS0=%04x=%02x=%s.test=%s@forward%d.test", w.dice.IntN(65536), w.dice.IntN(256), pick(w.dice, family), pick(w.dice, given), w.dice.IntN(3))
		w.letter(w.relay(3+w.dice.IntN(3)), at, who, 40)
	}
}
