package world

import (
	"slices"
	"time"

	"spoor/internal/lab/dice"
)

// plan lays out a campaign in time: runs with pauses, in each one pool and one mailer;
// domains, contacts and builds take turns.
func (b *builder) plan(c *campaign) {
	a := c.actor
	times, runs := b.runs(c.n)
	turn := turns{pool: a.pools[0], mailer: a.mailers[0], run: -1}
	for i, at := range times {
		b.turn(&turn, c, at, runs[i])
		p := &planned{
			c: c, at: at, site: turn.site, mailer: turn.mailer, pool: turn.pool, lot: turn.lot, version: b.IntN(len(c.versions)), subject: b.IntN(len(c.subjects)),
		}
		if turn.before != nil && b.Chance(0.08) {
			p.site = turn.before // the old domain lingers in a queue
		}
		if len(c.ids) > 0 {
			p.id = min(i*len(c.ids)/len(times)+b.IntN(2)*b.IntN(2), len(c.ids)-1)
		}
		c.plans = append(c.plans, p)
	}
	for _, p := range c.plans {
		b.sendPlan(p)
	}
}

// turns holds the resources that a campaign uses at a moment. Each rotates at
// times of its own, so that following one of them bridges the changes of the
// others.
type turns struct {
	site, before *site
	used, limit  int // messages with the site
	lot, inLot   int
	run          int
	pool         *pool
	mailer       *mailer
}

// turn replaces the resources that are used up at the time of a message.
func (b *builder) turn(t *turns, c *campaign, at time.Time, run int) {
	a := c.actor
	if run != t.run {
		t.run, t.pool = run, dice.Pick(b.Dice, a.pools)
		if b.Chance(0.3) {
			t.mailer = dice.Pick(b.Dice, a.mailers)
		}
	}
	if a.morphs {
		t.mailer = dice.Pick(b.Dice, a.mailers)
	}
	if c.kind != noLink && (t.site == nil || t.used >= t.limit) {
		t.before, t.site = t.site, b.newSite(c, at)
		t.used, t.limit = 0, max(1, int(float64(c.perDomain)*(0.5+b.Float64())))
	}
	t.used++
	if t.inLot++; t.inLot > c.perDomain {
		t.inLot, t.lot = 0, t.lot+1
	}
}

// runs spreads n messages over bursts.
func (b *builder) runs(n int) (times []time.Time, run []int) {
	count := b.Spread(1, max(1, min(n/4, 14)))
	length := b.end.Sub(b.start)
	at := b.start.Add(time.Duration(b.Float64() * float64(length) * 0.8))
	left := b.end.Sub(at)
	type moment struct {
		at  time.Time
		run int
	}
	var all []moment
	for r := range count {
		k := n / count
		if r == 0 {
			k += n % count
		}
		hours := b.Spread(1, 48)
		for range k {
			all = append(all, moment{at.Add(time.Duration(b.Float64() * float64(hours) * float64(time.Hour))), r})
		}
		at = at.Add(time.Duration(b.ExpFloat64() * float64(left) / float64(count+1)))
		if at.After(b.end) {
			at = b.end.Add(-time.Duration(b.IntN(72)) * time.Hour)
		}
	}
	slices.SortStableFunc(all, func(x, y moment) int { return x.at.Compare(y.at) })
	for _, m := range all {
		times, run = append(times, m.at), append(run, m.run)
	}
	return times, run
}

// sendPlan decides from where and to whom.
func (b *builder) sendPlan(p *planned) {
	c, a := p.c, p.c.actor
	switch p.pool.kind {
	case mailboxAccounts:
		p.from = c.accounts[p.lot%len(c.accounts)] + "@" + p.pool.service.domain
		p.mailer = p.pool.service.like
	case firmAccounts:
		p.from = c.accounts[p.lot%len(c.accounts)] + "@" + p.pool.clients[p.lot%len(p.pool.clients)].sealed
	case espAccount:
		p.mailer = b.espMailer(p.pool.esp)
		p.from = dice.Pick(b.Dice, []string{"info", "news"}) + "@" + b.espSender(c)
	default:
		p.from = b.forgedFrom(p)
	}
	p.rcpt = b.recipient(p.mailer.damage)
	p.login = a.logins[p.lot%len(a.logins)]
	p.client = p.pool.client(b, b.Dice, p.at, a.slots[p.pool], p.from, p.login)
}

// espSender is the domain in From of an account at an e-mail service.
func (b *builder) espSender(c *campaign) string {
	if c.named["sender"] == "" {
		d := b.domain(c.naming, dice.Pick(b.Dice, c.actor.tlds))
		b.register(d, b.ownerOf(c.actor, 0), b.start.AddDate(0, 0, -b.Between(1, 30)), dice.Pick(b.Dice, c.actor.hosting.addrs))
		c.named["sender"] = d
	}
	return c.named["sender"]
}

// forgedFrom returns an address for From that the sender need not control.
func (b *builder) forgedFrom(p *planned) string {
	c := p.c
	domain := ""
	switch {
	case p.pool.kind == ownServers || p.pool.kind == snowshoe:
		domain = operator(dice.Pick(b.Dice, p.pool.clients).name)
	case c.fromMode == 0 && p.site != nil && p.site.domain != "" && c.kind != hackedSite:
		domain = p.site.domain
	case c.fromMode == 1:
		domain = dice.Pick(b.Dice, b.freemail).domain
	case c.fromMode == 2:
		domain = dice.Pick(b.Dice, b.ownDomains)
	default:
		domain = b.label(twoWords) + ".com"
	}
	user := b.local(b.person())
	if c.lure.brands {
		user = dice.Pick(b.Dice, []string{"service", "support", "no-reply", "security", "info"})
	}
	return user + "@" + domain
}
