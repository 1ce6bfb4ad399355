package logworld

import (
	"fmt"
	"time"
)

// day adds one day: ordinary mail and the runs of the mixture.
func (w *World) day(start time.Time) {
	if w.Style == Agents {
		w.act(start)
		return
	}
	w.ordinary(start)
	for range w.Plain {
		r := w.next("plain")
		w.burst(r.zombie(w), w.moment(start), r, w.targets(r, 20+w.dice.IntN(60)))
	}
	for range w.RefusedOnly {
		r := w.next("refused_only")
		r.blocked = true
		w.burst(r.zombie(w), w.moment(start), r, w.targets(r, 20+w.dice.IntN(40)))
	}
	for range w.Paired {
		r, at := w.next("paired"), w.moment(start)
		h := r.zombie(w)
		end := w.burst(h, at, r, w.targets(r, r.fewest+w.dice.IntN(30)))
		pause := time.Duration(15+w.dice.IntN(26)) * time.Minute
		again := w.next("paired")
		again.manner = r.manner
		w.burst(h, end.Add(pause), again, w.targets(again, r.fewest+w.dice.IntN(30)))
	}
	for range w.Slow {
		r := w.next("slow")
		r.pause = time.Duration(r.minutes[0]+w.dice.IntN(r.minutes[1])) * time.Minute
		w.burst(r.zombie(w), start.Add(time.Duration(w.dice.IntN(8*3600))*time.Second), r, w.targets(r, r.slow[0]+w.dice.IntN(r.slow[1])))
	}
	w.hijacks(start)
	for range w.Greylisted {
		r := w.next("greylisted")
		r.greylisted = true
		w.burst(r.zombie(w), w.moment(start), r, w.targets(r, 15+w.dice.IntN(30)))
	}
	for range w.Coordinated {
		w.coordinated(w.moment(start))
	}
}

// hijacks sends through relays whose own mail is among the ordinary, in working hours.
func (w *World) hijacks(start time.Time) {
	for i := range w.Hijacked {
		r := w.next("hijacked")
		h, at := w.mailServer(i), w.moment(start)
		switch w.Style {
		case Offices: // a machine in the office, past the office's server
			h = office(i)
			h.helo = fmt.Sprintf("PC-%X", w.dice.Uint32())
			at = start.Add(9*time.Hour + time.Duration(w.dice.IntN(7*3600))*time.Second)
		case Relays:
			h = w.relay(i)
			if i == 0 {
				w.secondHand(h, at)
			}
		case Bazaar:
			h = pick(w.dice, []host{w.mailServer(i), office(i), w.relay(i)})
			if i == 0 {
				w.secondHand(h, at)
			}
		case Campus, Workshop, Hosting, Bureau, Town, Platform, Hospital, School, Village, Biller, Drawn:
			var second bool
			if h, second = w.hijackedAt(i); second {
				w.secondHand(h, at)
			}
		}
		w.burst(h, at, r, w.targets(r, 20+w.dice.IntN(40)))
	}
}

// secondHand sends through a relay while another hand does.
func (w *World) secondHand(h host, at time.Time) {
	r := w.next("hijacked")
	w.burst(h, at.Add(time.Minute), r, w.targets(r, 20+w.dice.IntN(40)))
}

// moment is a time of the day that leaves room for a run.
func (w *World) moment(start time.Time) time.Time {
	return start.Add(time.Duration(1800+w.dice.IntN(20*3600)) * time.Second)
}

// run is how a burst is sent.
type run struct {
	manner
	id, group  int
	kind       string
	pause      time.Duration
	blocked    bool
	greylisted bool
}

// next begins a run with seconds between its mails, unless the kind has another
// pace.
func (w *World) next(kind string) *run {
	w.runs++
	return &run{manner: w.manner(), id: w.runs, kind: kind, pause: time.Duration(3+w.dice.IntN(20)) * time.Second}
}

// target is a recipient with its truth.
type target struct {
	address, kind, from string
	broken              bool
}

// targets draws recipients as a spammer's list has them.
func (w *World) targets(r *run, n int) (all []target) {
	seen := map[string]bool{}
	for len(all) < n {
		kind := "valid"
		if w.dice.IntN(100) >= r.good {
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
func (w *World) burst(h host, at time.Time, r *run, to []target) time.Time {
	last := at
	for i := 1; len(to) > 0; i++ {
		n := min(len(to), 1+w.dice.IntN(r.perMail))
		m := mail{host: h, at: at, run: *r, server: "mx2", to: to[:n]}
		m.sender = r.account(w, r, h)
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
		at = at.Add(r.wait(w, r.pause, i))
	}
	return last
}

// coordinated sends through several zombies at one time, each with a part of the list.
func (w *World) coordinated(at time.Time) {
	w.groups++
	n := 3 + w.dice.IntN(3)
	r := w.next("coordinated")
	if r.members[0] > 0 {
		n = r.members[0] + w.dice.IntN(r.members[1])
	}
	w.runs--
	part := max(15, r.fewest)
	to := w.targets(r, 2*part*n)
	for range n {
		next := w.next("coordinated")
		next.manner, next.group = r.manner, w.groups
		k := part
		if r.uneven > 0 {
			k += part * (w.dice.IntN(2*r.uneven) - r.uneven) / 100
		}
		w.burst(r.zombie(w), at.Add(time.Duration(w.dice.Int64N(int64(r.apart)))), next, to[:k])
		to = to[k:]
	}
}
