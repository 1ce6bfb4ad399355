package world

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/simnet"
)

// actor is an operation: people with their tools, machines and suppliers.
//
// It is the truth's operation: all campaigns of one actor belong together,
// however different they look. A finder sees nothing of it but the traces in
// mail, registries and DNS.
type actor struct {
	id         string
	craft      craft
	trade      trade
	mailers    []*mailer
	pools      []*pool
	slots      map[*pool]int // place among those who share a pool
	registrars []string
	servers    []simnet.NameServer // vanity name servers; nil if the actor uses a provider's
	identities []simnet.Contact
	private    bool
	hosting    hosting
	naming     int
	tlds       []string
	logins     []string // addresses from which the actor logs in at providers
	signs      bool     // the actor's own servers sign (DKIM)
	morphs     bool     // changes mailers with every message
	tagged     bool     // mail from own servers has list headers
	look       *look
}

// hosting is where an actor's sites stand.
//
// With private machines a shared address is evidence of one hand. On shared
// ones it is not, and the truth then names no trait for it.
type hosting struct {
	addrs   []netip.Addr
	private bool // dedicated machines, without other customers
	flux    *pool
}

// trade is a business model of unwanted mail. It decides which evidence links
// the campaigns of one operation, however well they hide:
//
//   - shop, image, lead, phish: hosts, name servers and registrants of the
//     domains, which
//
// rotate independently of the texts, and in most cases ids in the links;
//   - tracker, esp: an account at a service with other customers;
//   - cloud, hacked: folder and id of the kit, with the texts and the mailer;
//   - short: texts and mailer, since a short link carries no evidence;
//   - letter, b2b: reply addresses, phones, mailbox accounts and their login
//     addresses;
//   - stock, malware, extort: texts, builds and wallets, with the mailer.
type trade struct {
	name  string
	lures []string // keys
	link  linkKind
	pools []sendingKind
}

// trades are kinds of spammers: their lures, links and ways of sending.
//
// A kind that occurs several times in a list is drawn more often.
func trades() map[string]trade {
	bots := []sendingKind{botnet, botnet, botnet, ownServers}
	return map[string]trade{
		"shop":    {"shop", []string{"pills", "watches", "software", "diploma", "casino", "dating"}, ownSite, bots},
		"image":   {"image", []string{"pills", "watches", "software"}, ownSite, []sendingKind{botnet}},
		"stock":   {"stock", []string{"stock"}, noLink, []sendingKind{botnet}},
		"malware": {"malware", []string{"invoice"}, noLink, []sendingKind{botnet, webHosts}},
		"short":   {"short", []string{"dating", "crypto", "casino", "pills"}, shortened, []sendingKind{botnet, mailboxAccounts, webHosts}},
		"letter":  {"letter", []string{"inheritance", "lottery", "loan", "job", "charity"}, noLink, []sendingKind{mailboxAccounts, mailboxAccounts, webHosts, firmAccounts}},
		"lead":    {"lead", []string{"mortgage", "insurance", "diet", "survey"}, ownSite, []sendingKind{snowshoe, snowshoe, ownServers}},
		"tracker": {"tracker", []string{"insurance", "diet", "survey", "crypto", "casino", "diet-ru", "prize-pt"}, tracked, []sendingKind{snowshoe, ownServers, botnet}},
		"esp":     {"esp", []string{"crypto", "insurance", "survey", "bank", "streaming"}, throughESP, []sendingKind{espAccount}},
		"cloud":   {"cloud", []string{"bank", "mailbox", "parcel", "streaming", "survey", "mailbox-fr", "bank-de"}, tenant, []sendingKind{webHosts, mailboxAccounts, ownServers, firmAccounts}},
		"phish":   {"phish", []string{"bank", "parcel", "streaming", "mailbox", "bank-de", "parcel-es"}, ownSite, []sendingKind{ownServers, webHosts, botnet}},
		"hacked":  {"hacked", []string{"bank", "mailbox", "parcel", "mailbox-fr", "parcel-es"}, hackedSite, []sendingKind{webHosts, botnet, webHosts, firmAccounts}},
		"extort":  {"extort", []string{"extortion"}, noLink, []sendingKind{botnet, webHosts}},
		"b2b":     {"b2b", []string{"seo", "lists"}, noLink, []sendingKind{mailboxAccounts, ownServers, firmAccounts}},
	}
}

// newActor founds an operation that is active from about the given day on.
//
// The order of the draws is part of the world: another one gives another world
// for the same seed.
func (b *builder) newActor(t trade, c craft) *actor {
	a := &actor{
		id: fmt.Sprintf("op-%d", b.count("actor")), craft: c, trade: t, slots: map[*pool]int{}, naming: b.IntN(namingHabits), private: b.Chance(c.private),
		tlds: dice.Some(b.Dice, b.topLevel(), b.Between(1, 3)), look: b.newLook(),
	}
	for range b.Between(1, 2) {
		a.registrars = append(a.registrars, b.registrar())
	}
	for range b.Between(c.identities[0], c.identities[1]) {
		a.identities = append(a.identities, b.identity())
	}
	if b.Chance(c.vanity) {
		a.servers = b.vanity(a)
	}
	a.hosting = b.hostingOf(a)
	for range b.Between(1, c.identities[1]) {
		a.logins = append(a.logins, dice.Pick(b.Dice, b.lines).address(b.Dice).String())
	}
	// DKIM is RFC 4871 of 2007; bulk senders took it up some years later.
	a.signs, a.tagged = b.year >= 2012 && b.Chance(0.6), b.Chance(0.5)
	a.morphs = b.Chance(c.noise / 2)
	for i := range b.Between(c.mailers[0], c.mailers[1]) {
		a.mailers = append(a.mailers, b.mailerOf(a, i))
	}
	b.poolsOf(a)
	return a
}

// topLevel returns the top-level domains that were cheap in the year of the
// world.
//
// The new top-level domains came from 2013 on, and their first year is often
// nearly free.
func (b *builder) topLevel() []string {
	if b.year < 2012 {
		return []string{"com", "com", "net", "info", "biz", "org", "us", "ru", "cn"}
	}
	return []string{"com", "com", "net", "xyz", "top", "online", "shop", "site", "click", "info", "ru", "eu", "de", "live", "club", "tk"}
}

// vanity registers the pool of name servers that all of an actor's domains use.
//
// Name servers below one's own domain are glue that all domains of the actor
// point to, one of the strongest links between them.
func (b *builder) vanity(a *actor) []simnet.NameServer {
	d := b.domain(pronounceable, dice.Pick(b.Dice, []string{"com", "net", "biz"}))
	n := dice.Pick(b.Dice, slices.Concat(b.bulletproof, b.hosters))
	servers := []simnet.NameServer{{Host: "ns1." + d, Addrs: []netip.Addr{n.address(b.Dice)}}, {Host: "ns2." + d, Addrs: []netip.Addr{n.address(b.Dice)}}}
	b.register(d, owner{registrar: a.registrars[0], who: b.registrant(a, 0), redacted: b.redacts && a.private, servers: servers}, b.start.AddDate(0, 0, -b.Between(5, 90)), servers[0].Addrs[0])
	return servers
}

// registrant returns the contact that WHOIS shows for the i-th domain. The
// actor rotates through its identities.
//
// Before 2018 a privacy service of the registrar stands in its place; since
// then registries redact by themselves (GDPR), so the identity is kept and not
// shown.
func (b *builder) registrant(a *actor, i int) simnet.Contact {
	if a.private && !b.redacts {
		return b.hidden(a.registrars[0])
	}
	return a.identities[i%len(a.identities)]
}

// hostingOf gives an actor its web hosts: dedicated machines, or shared ones of
// a bullet-proof hoster, of a content network or of a botnet.
//
// Fast flux, web sites on zombies behind names of short life, belongs to the
// years before 2012.
func (b *builder) hostingOf(a *actor) hosting {
	if !b.Chance(a.craft.shared) {
		n, h := dice.Pick(b.Dice, b.hosters), hosting{private: true}
		for range b.Between(1, 3) {
			h.addrs = append(h.addrs, n.address(b.Dice))
		}
		return h
	}
	var h hosting
	switch b.IntN(3) {
	case 0:
		n := dice.Pick(b.Dice, b.bulletproof)
		for i := range b.Between(2, 4) { // a bullet-proof hoster puts all its customers on a few machines
			h.addrs = append(h.addrs, offset(n.prefix, 10+3*i))
		}
	case 1:
		h.addrs = dice.Some(b.Dice, b.cdnAddrs, 4)
	default:
		if b.year < 2012 {
			h.flux = dice.Pick(b.Dice, b.botnets)
			for range 12 {
				h.addrs = append(h.addrs, dice.Pick(b.Dice, h.flux.clients).addr)
			}
			break
		}
		h.addrs = dice.Some(b.Dice, b.sharedAddrs, 3)
	}
	return h
}

// mailerOf gives an actor its i-th mailer: a kit of its own, a public kit, or a
// forgery of an honest program.
//
// A public kit is used as it is or with settings of one's own: in the second
// case two customers can be told apart.
func (b *builder) mailerOf(a *actor, i int) *mailer {
	name := fmt.Sprintf("mailer-%s-%d", a.id, i)
	switch {
	case b.Chance(a.craft.sharedKit):
		m := dice.Pick(b.Dice, b.kits)
		if b.Chance(0.6) {
			return b.configured(m, name)
		}
		return m
	case b.Chance(a.craft.forged):
		return b.forgery(name)
	}
	return b.kit(name)
}

// poolsOf gives an actor its pools of senders.
func (b *builder) poolsOf(a *actor) {
	kinds := a.trade.pools
	for range b.Between(1, 2) {
		kind := dice.Pick(b.Dice, kinds)
		// Only the easy grade has whole botnets of one actor. Elsewhere they
		// are rented, and an address proves nothing.
		if kind == botnet && !b.Chance(a.craft.rented) && b.o.Grade == Easy {
			a.pools = append(a.pools, b.botnet(b.Between(30, 80))) // one's own zombies
		} else {
			a.pools = append(a.pools, b.poolOf(a, kind))
		}
		p := a.pools[len(a.pools)-1]
		if _, rents := a.slots[p]; !rents {
			a.slots[p] = p.slots
			p.slots++
		}
	}
}

// poolOf returns a pool of the kind: a public one where the market has it, else
// a new one.
//
// Snowshoe sending spreads over many addresses and domains, each with little
// mail, so it gets a netblock and domains of its own.
func (b *builder) poolOf(a *actor, kind sendingKind) *pool {
	switch kind {
	case botnet:
		return dice.Pick(b.Dice, b.botnets)
	case webHosts:
		return dice.Pick(b.Dice, b.hackedPools)
	case mailboxAccounts:
		s := dice.Pick(b.Dice, b.freemail)
		return &pool{kind: kind, name: "mailboxes-" + s.domain, service: s}
	case firmAccounts:
		return b.stolen(b.Between(4, 20))
	case espAccount:
		return &pool{kind: kind, name: "esp", esp: dice.Pick(b.Dice, b.platforms["esp"])}
	case snowshoe:
		of := dice.Pick(b.Dice, b.hosters)
		var domains []string
		created := b.start.AddDate(0, 0, -b.Between(3, 40))
		for i := range b.Between(4, 12) {
			d := b.domain(a.naming, dice.Pick(b.Dice, a.tlds))
			b.register(d, b.ownerOf(a, i), created.Add(time.Duration(i)*time.Minute), netip.Addr{})
			domains = append(domains, d)
		}
		return b.snowshoe(of, b.Between(24, 26), domains, created, b.company())
	}
	d := b.domain(a.naming, dice.Pick(b.Dice, a.tlds))
	b.register(d, b.ownerOf(a, 0), b.start.AddDate(0, 0, -b.Between(3, 60)), netip.Addr{})
	return b.servers(dice.Pick(b.Dice, append(b.bulletproof, b.hosters...)), b.Between(1, 4), d)
}

// ownerOf is how an actor registers its i-th domain.
//
// Five domains have one identity, and seven one registrar: bulk buyers change
// both now and then, at different times.
func (b *builder) ownerOf(a *actor, i int) owner {
	r := a.registrars[i/7%len(a.registrars)]
	o := owner{registrar: r, who: b.registrant(a, i/5), redacted: b.redacts && a.private, servers: a.servers}
	if o.servers == nil {
		o.servers = b.parked(r)
	}
	return o
}

// tradeNames are the trades of the world's style, in order.
func (b *builder) tradeNames() []string { return slices.Sorted(maps.Keys(b.style.trades)) }

// crime founds operations until the spam is used up, then writes their mail.
//
// All campaigns are planned before one is written, since b.mend may still
// change the plans (see there). Half to four fifths of a world is spam.
func (b *builder) crime() {
	total := int(float64(b.o.Messages) * (0.5 + 0.3*b.Float64()))
	names := b.tradeNames()
	weights := make([]float64, len(names))
	for i, name := range names {
		weights[i] = b.style.trades[name] * (0.3 + 1.4*b.Float64())
	}
	left := total
	for left > 1 {
		c := b.craftOf()
		a := b.newActor(trades()[names[b.Weighted(weights...)]], c)
		for range b.Between(c.offers[0], c.offers[1]) {
			n := min(b.sizeOf(c, total/4), left)
			if n < 2 {
				break
			}
			b.campaigns = append(b.campaigns, b.newCampaign(a, n))
			left -= n
		}
	}
	for _, c := range b.campaigns {
		b.plan(c)
	}
	b.mend()
	for _, c := range b.campaigns {
		b.post(c)
	}
}
