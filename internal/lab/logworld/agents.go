package logworld

import (
	"fmt"
	"math"
	"time"
)

// Agents is a world without set days or set senders. Crews, machines and firms are drawn once,
// each with rates of its own, and act by Poisson processes. A machine has one speed and one
// name for all crews that rent it, and serves again on other days. A firm has few frequent
// correspondents and many rare ones, and its own hours.
const Agents Style = "agents"

// agents are the actors of such a world.
type agents struct {
	operators []crew
	park      []machine
	houses    []firm
}

// crew is an operator: how its program waits, what its list is like, which names it gives.
type crew struct {
	manner
	pause, shape float64 // seconds between mails, and of the gamma distribution of these
	size         float64 // mean of the log of recipients
	kinds        []string
	regular      bool // its senders start at once, else one by one
}

// machine is a client that crews rent.
type machine struct {
	host
	made  func(*World) host
	speed float64
}

// firm is a relay with its own correspondents.
type firm struct {
	host
	mails          float64 // a day
	center, spread float64 // of its hours
	writers        int
	tempo          float64 // share of the mails that follow another within a minute
	typos          int
}

// lognormal draws about a median.
func (w *World) lognormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*w.dice.NormFloat64())
}

// gamma draws by the method of Marsaglia and Tsang (2000), with mean one.
func (w *World) gamma(shape float64) float64 {
	boost := 1.0
	k := shape
	if k < 1 {
		boost, k = math.Pow(1-w.dice.Float64(), 1/k), k+1
	}
	for d := k - 1./3; ; {
		x := w.dice.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(1-w.dice.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return boost * d * v / shape
		}
	}
}

// poisson counts the events of a mean, by adding waiting times.
func (w *World) poisson(mean float64) (n int) {
	for t := -math.Log(1 - w.dice.Float64()); t < mean; t -= math.Log(1 - w.dice.Float64()) {
		n++
	}
	return n
}

// recruit draws the actors.
func (w *World) recruit() {
	if w.Style != Agents {
		return
	}
	for range 2 + w.dice.IntN(4) {
		w.hire()
	}
	hosts := []func(*World) host{(*World).zombie, (*World).customer, (*World).rented, (*World).cable}
	for range 60 + w.dice.IntN(200) {
		made := pick(w.dice, hosts)
		w.park = append(w.park, machine{made(w), made, w.lognormal(1, 0.35)})
	}
	var total float64
	for i := range 12 + w.dice.IntN(30) {
		name := fmt.Sprintf("%s.%s%d.test", pick(w.dice, []string{"mail", "smtp", "relay", "mx-out", "gw"}), family[i%len(family)], i)
		f := firm{host: host{addr: office(i).addr, name: name, helo: name}, mails: w.lognormal(1, 1.3), center: 8 + 10*w.dice.Float64(), spread: 1.5 + 4*w.dice.Float64(),
			writers: int(w.lognormal(15, 1.2)) + 1, tempo: w.dice.Float64() / 2, typos: 20 + w.dice.IntN(200)}
		total += f.mails
		w.houses = append(w.houses, f)
	}
	for i := range w.houses {
		w.houses[i].mails *= 0.7 * float64(w.Mail) / total
	}
}

// hire draws a crew.
func (w *World) hire() {
	accounts := []func(*World, *run, host) string{anyone, forged, bounces, onePerRun, numberedAccount, customerAccount}
	c := crew{pause: w.lognormal(9, 0.6), shape: w.lognormal(1.5, 1), size: math.Log(w.lognormal(35, 0.3)), regular: w.dice.IntN(2) == 0}
	c.manner = manner{account: pick(w.dice, accounts), perMail: 1 + w.poisson(2), good: 30 + w.dice.IntN(45), fewest: 12}
	for _, k := range Kinds[1:] {
		if w.dice.IntN(2) == 0 {
			c.kinds = append(c.kinds, k)
		}
	}
	c.kinds = append(c.kinds, "dictionary", "stale")
	w.operators = append(w.operators, c)
}

// order is a run of a crew by one machine.
func (w *World) order(c *crew, m *machine, kind string) *run {
	r := w.next(kind)
	r.manner = c.manner
	r.wait = func(w *World, pause time.Duration, _ int) time.Duration {
		return time.Duration(float64(pause) * w.gamma(c.shape))
	}
	r.pause = time.Duration(c.pause / m.speed * float64(time.Second))
	return r
}

// list draws recipients in the crew's way.
func (w *World) list(c *crew, n int) (all []target) {
	seen := map[string]bool{}
	for len(all) < n {
		kind := "valid"
		if w.dice.IntN(100) >= c.good {
			kind = pick(w.dice, c.kinds)
		}
		address, from := w.broken(w.dice, kind)
		if seen[address] || kind != "valid" && w.isUser(address) {
			continue
		}
		seen[address] = true
		all = append(all, target{address, kind, from, kind != "valid"})
	}
	return all
}

// many draws the size of a run.
func (w *World) many(c *crew) int { return max(c.fewest, int(w.lognormal(math.Exp(c.size), 0.35))) }

// act adds the orders of a day.
func (w *World) act(start time.Time) {
	for i := range w.houses {
		w.business(&w.houses[i], start)
	}
	w.rest(start, w.Mail/5)
	each := func(mean int, f func(c *crew, m *machine)) {
		for range max(1, w.poisson(float64(mean))) {
			f(&w.operators[w.dice.IntN(len(w.operators))], &w.park[w.dice.IntN(len(w.park))])
		}
	}
	plain := func(kind string) func(c *crew, m *machine) {
		return func(c *crew, m *machine) {
			r := w.order(c, m, kind)
			r.blocked, r.greylisted = kind == "refused_only", kind == "greylisted"
			w.burst(w.rent(m), w.moment(start), r, w.list(c, w.many(c)))
		}
	}
	each(w.Plain, plain("plain"))
	each(w.RefusedOnly, plain("refused_only"))
	each(w.Greylisted, plain("greylisted"))
	each(w.Paired, func(c *crew, m *machine) {
		h := w.rent(m)
		end := w.burst(h, w.moment(start), w.order(c, m, "paired"), w.list(c, w.many(c)))
		w.burst(h, end.Add(time.Duration(15+w.dice.IntN(26))*time.Minute), w.order(c, m, "paired"), w.list(c, w.many(c)))
	})
	each(w.Slow, func(c *crew, m *machine) {
		r := w.order(c, m, "slow")
		r.pause = time.Duration(w.lognormal(7, 0.4) * float64(time.Minute))
		w.burst(w.rent(m), start.Add(time.Duration(w.dice.IntN(8*3600))*time.Second), r, w.list(c, 20+w.dice.IntN(30)))
	})
	each(w.Hijacked, func(c *crew, m *machine) {
		w.burst(w.busiest().host, w.moment(start), w.order(c, m, "hijacked"), w.list(c, w.many(c)))
	})
	for range w.Coordinated {
		w.command(&w.operators[w.dice.IntN(len(w.operators))], w.moment(start))
	}
}

// rent returns a machine as it is now: every third time it has a new address, as of a pool.
func (w *World) rent(m *machine) host {
	if w.dice.IntN(3) == 0 {
		m.host = m.made(w)
	}
	return m.host
}

// busiest is a firm that is drawn by its traffic.
func (w *World) busiest() *firm {
	sum := 0.0
	for i := range w.houses {
		sum += w.houses[i].mails
	}
	x := w.dice.Float64() * sum
	for i := range w.houses {
		if x -= w.houses[i].mails; x <= 0 {
			return &w.houses[i]
		}
	}
	return &w.houses[0]
}

// command divides a list among machines that start one after the other.
func (w *World) command(c *crew, at time.Time) {
	w.groups++
	n := 2 + w.poisson(2)
	used := map[int]bool{}
	for len(used) < n {
		i := w.dice.IntN(len(w.park))
		if used[i] {
			continue
		}
		used[i] = true
		m := &w.park[i]
		r := w.order(c, m, "coordinated")
		r.group = w.groups
		late := time.Duration(w.dice.IntN(20)) * time.Second
		if !c.regular {
			late = min(4*time.Minute, w.exponential(45*time.Second))
		}
		w.burst(w.rent(m), at.Add(late), r, w.list(c, w.many(c)))
	}
}

// business is the mail of a firm: its hours, its frequent writers, and now and then several
// mails in a row.
func (w *World) business(f *firm, start time.Time) {
	for n := w.poisson(f.mails); n > 0; {
		at := start.Add(time.Duration(max(0, min(86000, 3600*(f.center+f.spread*w.dice.NormFloat64())))) * time.Second)
		writer := int(float64(f.writers) * math.Pow(w.dice.Float64(), 3)) // few write most
		domain := f.domain()
		if writer%4 == 3 {
			domain = fmt.Sprintf("%s%d.example", family[writer%len(family)], writer)
		}
		for more := true; more; n-- {
			w.letter(f.host, at, fmt.Sprintf("%s%d@%s", given[writer%len(given)], writer, domain), f.typos)
			at = at.Add(w.exponential(20 * time.Second))
			more = n > 1 && w.dice.Float64() < f.tempo
		}
	}
}
