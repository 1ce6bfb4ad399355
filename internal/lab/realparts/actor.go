package realparts

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/netplan"
)

// pool is machines from which mail is sent.
//
// hop means that mail from it passes a server of its own first, whose Received
// field it has.
type pool struct {
	kind  string // "servers", "range", "bots", "service"
	addrs []netip.Addr
	helo  int // habit of naming itself
	hop   bool
}

// newPool makes up n sending addresses: of hijacked machines, of one range, or
// of single servers.
//
// Bots stand in networks of consumers, all else at hosters. "servers" are
// spread over hosters, a "range" is neighbours.
func (w *world) newPool(kind string, n int) *pool {
	p := &pool{kind: kind, helo: w.IntN(4), hop: kind != "bots" && w.Chance(0.4)}
	block := dice.Pick(w.Dice, w.hosting)
	at := w.IntN(1 << 9)
	for i := range n {
		switch kind {
		case "bots":
			p.addrs = append(p.addrs, w.At(w.consumers))
		case "range":
			p.addrs = append(p.addrs, block.At(at+i))
		default:
			p.addrs = append(p.addrs, w.At(w.hosting))
		}
	}
	return p
}

// name is how a machine introduces itself.
//
// Bots give an address in brackets, their reverse name, or a name of Windows;
// servers a name that could be looked up.
func (p *pool) name(w *world, a netip.Addr, from string) string {
	switch {
	case p.kind == "bots" && p.helo == 0:
		return "[" + a.String() + "]"
	case p.kind == "bots" && p.helo == 1:
		return w.RDNS(a)
	case p.kind == "bots":
		return strings.ToUpper(dice.Pick(w.Dice, []string{"home", "pc", "user", "desktop"})) + "-" + w.Chars(dice.SLUG, 7)
	case p.helo == 0:
		return w.RDNS(a)
	case p.helo == 1:
		return "mail." + domainOf(from)
	}
	return domainOf(from)
}

// service sends for many customers, honest ones and others.
//
// Its machines and program are the same for all customers, so only the account
// tells them apart.
type service struct {
	domain  string
	pool    *pool
	program *program // program without the fields that an account fixes
}

// newService makes up a mailing service with customers.
func (w *world) newService() *service {
	s := &service{domain: w.Name(0, "example"), pool: w.newPool("range", w.Between(6, 20))}
	s.pool.kind, s.pool.helo = "service", 2
	block := w.Block(w.Word(2)+" Mail Services", 24, "o%d."+s.domain)
	for i := range s.pool.addrs {
		s.pool.addrs[i] = block.At(10 + i)
	}
	of := w.corpus.bulk
	if len(of) == 0 {
		of = w.corpus.mailers
	}
	s.program = newProgram(w.Dice, &of[w.IntN(len(of))])
	w.Register(s.domain, w.Owner(1, false, true), block.At(9), w.start.AddDate(-6, 0, 0))
	return s
}

// actor is an operation.
type actor struct {
	id       string
	n        int
	programs []*program
	pools    []*pool
	owner    *netplan.Owner
	site     netip.Addr // where its pages lie
	habit    int
	tld      string
	bounce   int
}

// newActor makes up the people behind campaigns; the grade sets how many
// programs and pools they have.
//
// sparse has five of each, so that two messages of a campaign share one only by
// chance.
func (w *world) newActor(grade string) *actor {
	w.actors++
	a := &actor{
		id: fmt.Sprintf("op-%03d", w.actors), owner: w.Owner(w.Between(1, 2), w.Chance(0.3), w.Chance(0.4)), site: w.At(w.hosting),
		habit: w.IntN(netplan.Habits), tld: w.TLD(), bounce: w.IntN(4),
	}
	programs, pools := 1, 1
	switch grade {
	case "mixed":
		pools = w.Between(2, 4)
	case "tough":
		programs, pools = w.Between(2, 3), w.Between(2, 4)
	case "sparse":
		programs, pools = 5, 5
	}
	for range programs {
		a.programs = append(a.programs, newProgram(w.Dice, &w.corpus.mailers[w.IntN(len(w.corpus.mailers))]))
	}
	for range pools {
		a.pools = append(a.pools, w.poolOf(grade))
	}
	return a
}

// rented is the probability that an actor of a grade sends from shared
// machines.
var rented = map[string]float64{"mixed": 0.2, "tough": 0.5}

// poolOf is an actor's own machines, or rented ones.
func (w *world) poolOf(grade string) *pool {
	if w.Chance(rented[grade]) {
		return dice.Pick(w.Dice, w.rings)
	}
	switch w.Weighted(4, 3, 3) {
	case 0:
		return w.newPool("servers", w.Spread(1, 8))
	case 1:
		return w.newPool("range", w.Between(8, 60))
	}
	return w.newPool("bots", w.Between(40, 200))
}

// domain registers a domain of the actor shortly before its use.
//
// One to nine days, as throw-away domains are bought for a campaign. shared
// puts it on a machine that strangers use, too.
func (w *world) domain(a *actor, shared bool, at time.Time) string {
	d, site := w.Name(a.habit, a.tld), a.site
	if shared && w.Chance(0.7) {
		site = netip.MustParseAddr(dice.Pick(w.Dice, w.shared))
	}
	w.Register(d, a.owner, site, at.AddDate(0, 0, -w.Between(1, 9)))
	return d
}
