package logworld

import (
	"fmt"
	"time"
)

// day adds one day: ordinary mail and the runs of the mixture.
func (w *World) day(start time.Time) {
	w.ordinary(start)
	for range w.Plain {
		w.burst(w.zombie(), w.moment(start), w.next("plain"), w.targets(20+w.dice.IntN(60)))
	}
	for range w.RefusedOnly {
		r := w.next("refused_only")
		r.blocked = true
		w.burst(w.zombie(), w.moment(start), r, w.targets(20+w.dice.IntN(40)))
	}
	for range w.Paired {
		h, at := w.zombie(), w.moment(start)
		end := w.burst(h, at, w.next("paired"), w.targets(15+w.dice.IntN(30)))
		pause := time.Duration(15+w.dice.IntN(26)) * time.Minute
		w.burst(h, end.Add(pause), w.next("paired"), w.targets(15+w.dice.IntN(30)))
	}
	for range w.Slow {
		r := w.next("slow")
		r.pause = time.Duration(4+w.dice.IntN(12)) * time.Minute
		w.burst(w.zombie(), start.Add(time.Duration(w.dice.IntN(8*3600))*time.Second), r, w.targets(30+w.dice.IntN(30)))
	}
	for i := range w.Hijacked { // the relay's own mail is among the ordinary
		w.burst(w.mailServer(i), w.moment(start), w.next("hijacked"), w.targets(20+w.dice.IntN(40)))
	}
	for range w.Greylisted {
		r := w.next("greylisted")
		r.greylisted = true
		w.burst(w.zombie(), w.moment(start), r, w.targets(15+w.dice.IntN(30)))
	}
	for range w.Coordinated {
		w.coordinated(w.moment(start))
	}
}

// moment is a time of the day that leaves room for a run.
func (w *World) moment(start time.Time) time.Time {
	return start.Add(time.Duration(1800+w.dice.IntN(20*3600)) * time.Second)
}

// run is how a burst is sent.
type run struct {
	id, group  int
	kind       string
	pause      time.Duration
	blocked    bool
	greylisted bool
}

// next begins a run: mails some seconds apart unless the kind says otherwise.
func (w *World) next(kind string) run {
	w.runs++
	return run{id: w.runs, kind: kind, pause: time.Duration(3+w.dice.IntN(20)) * time.Second}
}

// target is a recipient with its truth.
type target struct {
	address, kind, from string
	broken              bool
}

// targets draws recipients as a spammer's list has them: half of it is good.
func (w *World) targets(n int) (all []target) {
	seen := map[string]bool{}
	for len(all) < n {
		kind := "valid"
		if w.dice.IntN(2) == 0 {
			kind = Kinds[1+w.dice.IntN(len(Kinds)-1)]
		}
		address, from := w.broken(w.dice, kind)
		if kind != "valid" && w.isUser(address) || seen[address] {
			continue
		}
		seen[address] = true
		all = append(all, target{address, kind, from, kind != "valid"})
	}
	return all
}

// isUser reports whether damage made a real address by chance.
func (w *World) isUser(address string) bool {
	for _, u := range w.Users {
		if u+"@"+w.Domain == address {
			return true
		}
	}
	return false
}

// burst sends to all targets and returns the time of the last mail.
func (w *World) burst(h host, at time.Time, r run, to []target) time.Time {
	last := at
	for i := 1; len(to) > 0; i++ {
		n := min(len(to), 1+w.dice.IntN(3))
		m := mail{host: h, at: at, run: r, server: "mx2", to: to[:n]}
		m.sender = w.account(r, h)
		m.messageID = fmt.Sprintf("%08x$%d@%s.example", w.dice.Uint32(), w.dice.IntN(1e6), pick(w.dice, family))
		if w.dice.IntN(8) == 0 {
			m.server = "mx1"
		}
		to = to[n:]
		last = at
		if r.greylisted {
			m.deferred = true
			w.send(m)
			m.deferred = false
			m.at = at.Add(time.Duration(310+w.dice.IntN(500)) * time.Second)
			last = m.at
		}
		w.send(m)
		at = at.Add(w.wait(r.pause, i))
	}
	return last
}

// coordinated sends through several zombies at one time, each with a part of the list.
func (w *World) coordinated(at time.Time) {
	w.groups++
	n := 3 + w.dice.IntN(3)
	to := w.targets(15 * n)
	for i := range n {
		r := w.next("coordinated")
		r.group = w.groups
		w.burst(w.zombie(), at.Add(time.Duration(w.dice.IntN(60))*time.Second), r, to[15*i:15*i+15])
	}
}

// ordinary adds the mail that people and lists write: to real users, with a typing error now
// and then, most of it by day.
func (w *World) ordinary(start time.Time) {
	for i := range w.Mail {
		hour := 6 + w.dice.IntN(14)
		at := start.Add(time.Duration(hour*3600+w.dice.IntN(3600)) * time.Second)
		m := mail{host: w.mailServer(w.dice.IntN(40)), at: at, server: "mx1"}
		if w.dice.IntN(20) == 0 {
			m.server = "mx2"
		}
		m.sender = fmt.Sprintf("%s.%s@firm%d.example", pick(w.dice, given), pick(w.dice, family), w.dice.IntN(40))
		if w.Style == Contacts {
			m.sender = fmt.Sprintf("%s.%s@%s", pick(w.dice, given), pick(w.dice, family), m.host.domain())
		}
		m.messageID = fmt.Sprintf("%d.%d@%s", at.Unix(), i, m.host.name)
		if w.dice.IntN(30) == 0 { // a bounce
			m.sender = ""
		}
		u := pick(w.dice, w.Users)
		m.to = []target{{u + "@" + w.Domain, "valid", u, false}}
		if w.dice.IntN(40) == 0 {
			m.to = append(m.to, target{u[:len(u)-1] + "@" + w.Domain, "unknown", "", true})
			if w.isUser(m.to[1].address) {
				m.to = m.to[:1]
			}
		}
		w.send(m)
	}
}
