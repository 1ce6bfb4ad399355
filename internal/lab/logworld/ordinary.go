package logworld

import (
	"fmt"
	"time"
)

// ordinary adds the mail that people, machines and lists write.
func (w *World) ordinary(start time.Time) {
	switch w.Style {
	case Steady, Contacts:
		w.firms(start, w.Mail)
	case Offices:
		w.offices(start, w.Mail/2)
		w.people(start, w.Mail/3)
		w.lists(start.Add(7*time.Hour), 3)
	case Relays:
		w.customers(start, w.Mail/2)
		w.people(start, w.Mail/4)
		w.newsletters(start, 6)
		w.backscatter(start, w.Mail/20)
	case Night:
		w.firms(start, w.Mail/2)
		w.machines(start, 4)
		w.lists(start.Add(2*time.Hour), 6)
		w.newsletters(start, 2)
	case Campus, Workshop, Hosting:
		w.place(start)
	case Bureau, Town, Platform:
		w.town(start)
	case Hospital, School, Village, Biller:
		w.site(start)
	case Drawn:
		for _, t := range w.traffic {
			t.send(w, start, t.mails)
		}
	case Bazaar:
		w.firms(start, w.Mail/5)
		w.offices(start, w.Mail/5)
		w.people(start, w.Mail/5)
		w.customers(start, w.Mail/5)
		w.machines(start, 2)
		w.lists(start.Add(3*time.Hour), 3)
		w.newsletters(start, 4)
		w.backscatter(start, w.Mail/30)
	}
}

// letter sends an ordinary mail to a real user; one in typos addresses has a
// typing error.
func (w *World) letter(h host, at time.Time, sender string, typos int) {
	m := mail{host: h, at: at, server: "mx1", sender: sender, messageID: fmt.Sprintf("%d.%d@%s", at.Unix(), w.mails, h.helo)}
	if w.dice.IntN(20) == 0 {
		m.server = "mx2"
	}
	u := pick(w.dice, w.Users)
	m.to = []target{{u + "@" + w.Domain, "valid", u, false}}
	if w.dice.IntN(typos) == 0 {
		m.to = append(m.to, target{u[:len(u)-1] + "@" + w.Domain, "unknown", "", true})
		if w.isUser(m.to[1].address) {
			m.to = m.to[:1]
		}
	}
	w.putOff(m)
}

// putOff sends an ordinary mail, at places with greylisting now and then twice.
func (w *World) putOff(m mail) {
	if w.greylists > 0 && w.dice.IntN(100) < w.greylists {
		m.deferred = true
		w.send(m)
		m.deferred = false
		m.at = m.at.Add(time.Duration(305+w.dice.IntN(1500)) * time.Second)
	}
	w.send(m)
}

// firms: real users write by day, from servers of firms.
func (w *World) firms(start time.Time, n int) {
	for range n {
		at := start.Add(time.Duration((6+w.dice.IntN(14))*3600+w.dice.IntN(3600)) * time.Second)
		h := w.mailServer(w.dice.IntN(40))
		sender := fmt.Sprintf("%s.%s@firm%d.example", pick(w.dice, given), pick(w.dice, family), w.dice.IntN(40))
		if w.Style == Contacts {
			sender = fmt.Sprintf("%s.%s@%s", pick(w.dice, given), pick(w.dice, family), h.domain())
		}
		if w.dice.IntN(30) == 0 { // a bounce
			sender = ""
		}
		w.letter(h, at, sender, 40)
	}
}

// offices sends mail of firms whose staff shares one address and writes in
// working hours, now and then to several of our users in a row.
func (w *World) offices(start time.Time, n int) {
	for n > 0 {
		i := w.dice.IntN(25)
		at := start.Add(8*time.Hour + time.Duration(w.dice.IntN(10*3600))*time.Second)
		who := fmt.Sprintf("%s@office%d.test", given[w.dice.IntN(12)], i)
		for range 1 + w.dice.IntN(4)*w.dice.IntN(2) {
			w.letter(office(i), at, who, 40)
			at = at.Add(time.Duration(5+w.dice.IntN(60)) * time.Second)
			n--
		}
	}
}

// people: users of large providers write, most in the evening, through any of their servers.
func (w *World) people(start time.Time, n int) {
	for range n {
		which := w.dice.IntN(len(providers))
		at := start.Add(time.Duration(max(0, min(86399, 18*3600+4*3600*w.dice.NormFloat64()))) * time.Second)
		sender := fmt.Sprintf("%s.%s%d@%s", pick(w.dice, given), pick(w.dice, family), w.dice.IntN(60), providers[which])
		w.letter(w.provider(which), at, sender, 30)
	}
}

// customers: relays of providers take mail of hundreds of domains to us.
func (w *World) customers(start time.Time, n int) {
	for range n {
		at := start.Add(7*time.Hour + time.Duration(w.dice.IntN(13*3600))*time.Second)
		sender := fmt.Sprintf("%s@%s%s.test", pick(w.dice, given), pick(w.dice, family), pick(w.dice, family))
		w.letter(w.relay(w.dice.IntN(6)), at, sender, 40)
	}
}

// relay is one of few that carry much.
func (w *World) relay(i int) host { return w.mailServer(200 + i%6) }

// lists sends posts of mailing lists to all of their subscribers at our side,
// each with its own envelope sender.
func (w *World) lists(start time.Time, n int) {
	for i := range n {
		readers := 15 + 9*i
		for range 1 + w.dice.IntN(3) {
			at := start.Add(time.Duration(w.dice.IntN(6*3600)) * time.Second)
			for r := range readers {
				u := w.Users[(r*7+i*13)%len(w.Users)]
				w.send(mail{host: sendout(20 + i), at: at, server: "mx1", sender: fmt.Sprintf("list%d-bounces+%s=%s@lists%d.test", i, u, w.Domain, i),
					messageID: fmt.Sprintf("%d@lists%d.test", at.Unix(), i), to: []target{{u + "@" + w.Domain, "valid", u, false}}})
				at = at.Add(time.Duration(w.dice.IntN(3)) * time.Second)
			}
		}
	}
}

// newsletters: firms send to hundreds of subscribers through a service; some left long ago.
func (w *World) newsletters(start time.Time, n int) {
	for i := range n {
		at := start.Add(time.Duration(6*3600+w.dice.IntN(12*3600)) * time.Second)
		for range min(40+w.dice.IntN(160), len(w.Users)) {
			to := target{"", "valid", pick(w.dice, w.Users), false}
			if w.dice.IntN(25) == 0 {
				to = target{"", "stale", pick(w.dice, w.Former), true}
			}
			to.address = to.from + "@" + w.Domain
			w.send(mail{host: sendout(w.dice.IntN(2) + 2*i), at: at, server: "mx1", sender: fmt.Sprintf("bounce-%d-%d@news%d.test", i, w.dice.IntN(1e6), i%9),
				messageID: fmt.Sprintf("%x@news%d.test", w.dice.Uint64(), i), to: []target{to}})
			at = at.Add(time.Duration(w.dice.IntN(4)) * time.Second)
		}
	}
}

// machines report by the clock, day and night.
func (w *World) machines(start time.Time, n int) {
	for i := range n {
		u := w.Users[i]
		for at := start; at.Before(start.Add(24 * time.Hour)); at = at.Add(time.Duration(5*(i+1)) * time.Minute) {
			w.send(mail{host: w.mailServer(60 + i), at: at.Add(time.Duration(w.dice.IntN(3)) * time.Second), server: "mx1", sender: fmt.Sprintf("root@cron%d.firm%d.example", i, 60+i),
				messageID: fmt.Sprintf("%d@cron%d.example", at.Unix(), i), to: []target{{u + "@" + w.Domain, "valid", u, false}}})
		}
	}
}

// backscatter: servers return mail that somebody sent in our users' names, real or not.
func (w *World) backscatter(start time.Time, n int) {
	for range n {
		at := start.Add(time.Duration(w.dice.IntN(86000)) * time.Second)
		kind := pick(w.dice, []string{"valid", "dictionary", "unknown"})
		address, from := w.broken(w.dice, kind)
		if kind != "valid" && w.isUser(address) {
			continue
		}
		w.send(mail{host: w.mailServer(100 + w.dice.IntN(90)), at: at, server: "mx1", messageID: fmt.Sprintf("%x@back.test", w.dice.Uint64()),
			to: []target{{address, kind, from, kind != "valid"}}})
	}
}
