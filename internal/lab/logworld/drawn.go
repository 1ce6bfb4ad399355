package logworld

import "time"

// Drawn is a world whose spammers and ordinary mail are drawn from its seed: two or
// three crews with manners of all the other styles, and three to five sorts of mail.
const Drawn Style = "drawn"

// traffic is a sort of ordinary mail, and the relay through which it comes.
type traffic struct {
	send  func(w *World, start time.Time, n int)
	host  func(w *World, i int) host
	mails int // a day
}

// sorts are the sorts of ordinary mail that come through relays.
var sorts = [...]traffic{
	{send: (*World).firms, host: (*World).mailServer},
	{send: (*World).offices, host: func(_ *World, i int) host { return office(i) }},
	{send: (*World).customers, host: (*World).relay},
	{send: (*World).faculties, host: func(_ *World, i int) host { return faculty(i) }},
	{send: (*World).sites, host: func(_ *World, i int) host { return webHost(i) }},
	{send: (*World).throughOne, host: func(w *World, _ int) host { return w.relay(0) }},
	{send: (*World).flushes, host: func(_ *World, i int) host { return gateway(i) }},
	{send: (*World).private, host: func(_ *World, i int) host { return privateServer(i) }},
	{send: (*World).shops, host: func(_ *World, i int) host { return shopRelay(i) }},
	{send: (*World).results, host: func(_ *World, i int) host { return appliance(i) }},
	{send: (*World).tickets, host: func(_ *World, _ int) host { return ticketServer() }},
}

// draw draws the crews and the ordinary mail of a drawn world.
func (w *World) draw() {
	if w.Style != Drawn {
		return
	}
	waits := []func(*World, time.Duration, int) time.Duration{jitter, contacts, random, threads, waves, bundles, tiring, bursty, heavy, clockwork, drifting, minutely, parallel, flagging}
	zombies := []func(*World) host{(*World).zombie, (*World).customer, (*World).rented, (*World).cable, (*World).mixed}
	accounts := []func(*World, *run, host) string{anyone, forged, bounces, onePerRun, numberedAccount, stolen, customerAccount}
	for range 2 + w.dice.IntN(2) {
		w.crews = append(w.crews, manner{wait: pick(w.dice, waits), zombie: pick(w.dice, zombies), account: pick(w.dice, accounts),
			perMail: 1 + w.dice.IntN(8), good: 30 + w.dice.IntN(45), fewest: 10 + w.dice.IntN(20),
			slow: [2]int{20 + w.dice.IntN(20), 30}, minutes: [2]int{4 + w.dice.IntN(6), 10 + w.dice.IntN(10)},
			apart: time.Duration(20+w.dice.IntN(220)) * time.Second, uneven: 5 + w.dice.IntN(35), members: [2]int{2 + w.dice.IntN(4), 1 + w.dice.IntN(5)}})
	}
	if w.dice.IntN(3) == 0 {
		w.greylists = 10 + w.dice.IntN(40)
	}
	for _, k := range w.dice.Perm(len(sorts))[:2+w.dice.IntN(3)] {
		t := sorts[k]
		t.mails = w.Mail/8 + w.dice.IntN(w.Mail/4)
		w.traffic = append(w.traffic, t)
	}
	// Providers with many addresses are everywhere. They are no relay to hijack.
	w.traffic = append(w.traffic, traffic{send: (*World).rest, host: w.traffic[0].host, mails: w.Mail / 4})
}

// rest is the mail that comes everywhere: of people, lists, newsletters and machines.
func (w *World) rest(start time.Time, n int) {
	w.people(start, n)
	w.lists(start.Add(6*time.Hour), n%4)
	w.newsletters(start, n%5)
	w.machines(start, n%3)
	w.backscatter(start, n/10)
}
