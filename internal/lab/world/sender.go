package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// client is the host that connects to our mail exchanger.
type client struct {
	addr    netip.Addr
	reverse string
	name    string   // its HELO name unless the mailer sets one
	below   []string // Received fields that it brings along
	sealed  string   // the domain that signs and that From must have; "" without a signature
}

// ways to send.
type sendingKind int

const (
	ownServers sendingKind = iota
	snowshoe
	botnet
	webHosts // hacked accounts on shared hosters
	mailboxAccounts
	espAccount
	firmAccounts // stolen accounts at firms' own servers
)

// pool is a set of sending hosts. Botnets and hacked hosts serve several
// actors.
type pool struct {
	kind    sendingKind
	name    string
	net     *network // of snowshoe
	domain  string   // of own servers
	clients []client
	service *mailService
	esp     *platform
	slots   int // actors that share it
	rented  map[int][]int
}

// botnet finds zombies on providers' lines all over the world.
func (b *builder) botnet(n int) *pool {
	p := &pool{kind: botnet, name: fmt.Sprintf("botnet-%d", b.count("botnet")), rented: map[int][]int{}}
	lines := dice.Some(b.Dice, b.lines, b.Between(8, len(b.lines)))
	for range n {
		of := dice.Pick(b.Dice, lines)
		a := of.address(b.Dice)
		p.clients = append(p.clients, b.lineClient(of, a))
	}
	return p
}

// lineClient is a client on an end user's line, whose HELO is seldom its real
// name.
func (b *builder) lineClient(of *network, a netip.Addr) client {
	reverse := of.reverseOf(b.Dice, a)
	c := client{addr: a, reverse: reverse, name: reverse}
	if reverse == "" || b.Chance(0.3) {
		c.name = dice.Pick(b.Dice, []string{b.Chars(dice.Lower, b.Between(4, 8)), strings.ToLower(dice.Pick(b.Dice, given)) + "-pc", "home", "[192.168.1." + fmt.Sprint(b.Between(2, 60)) + "]"})
	}
	return c
}

// servers rents a few machines of a hoster, with reverse names that the customer chose.
func (b *builder) servers(of *network, n int, domain string) *pool {
	p := &pool{kind: ownServers, name: "servers-" + domain, domain: domain}
	for i := range n {
		a := of.address(b.Dice)
		host := fmt.Sprintf("%s%d.%s", dice.Pick(b.Dice, []string{"mail", "mx", "smtp", "out", "s", "host"}), i+1, domain)
		b.host(host, a)
		p.clients = append(p.clients, client{addr: a, reverse: host, name: host})
	}
	return p
}

// snowshoe spreads over a whole /24 or more with a name for each address.
func (b *builder) snowshoe(of *network, bits int, domains []string, created time.Time, shell string) *pool {
	part := b.part(of, bits, shell, domains[0], created)
	p := &pool{kind: snowshoe, name: "snowshoe-" + part.prefix.String(), net: part}
	for i := range 1<<(32-bits) - 2 {
		a := offset(part.prefix, i+1)
		host := fmt.Sprintf("%s.%s", b.syllabic(2)+b.Chars(dice.Digits, 1), domains[i%len(domains)])
		p.clients = append(p.clients, client{addr: a, reverse: host, name: host})
	}
	return p
}

// hacked is a set of web servers on shared hosters whose customers' scripts send.
func (b *builder) hacked(n int) *pool {
	p := &pool{kind: webHosts, name: fmt.Sprintf("hacked-%d", b.count("hacked")), rented: map[int][]int{}}
	for range n {
		of := dice.Pick(b.Dice, b.hosters)
		a := of.address(b.Dice)
		host := fmt.Sprintf("%s%d.%s", dice.Pick(b.Dice, []string{"server", "web", "host", "cp", "s"}), b.Between(1, 400), of.domain)
		p.clients = append(p.clients, client{addr: a, reverse: host, name: host})
	}
	return p
}

// stolen returns a set of stolen accounts at firms with servers of their own.
func (b *builder) stolen(n int) *pool {
	p := &pool{kind: firmAccounts, name: "stolen"}
	for range n {
		_, c := b.firm(b.person())
		p.clients = append(p.clients, c)
	}
	return p
}

// client chooses who sends a message at a time. slot is the actor's place among those
// that share the pool: no zombie serves two of them on one day.
func (p *pool) client(b *builder, d dice.Dice, at time.Time, slot int, account, login string) client {
	switch p.kind {
	case mailboxAccounts:
		return p.service.client(b, d, at, account, login)
	case espAccount:
		a := p.esp.net.address(d)
		host := fmt.Sprintf("o%d.%s", d.Between(1, 400), p.esp.domain)
		return client{addr: a, reverse: host, name: host, sealed: p.esp.domain}
	case firmAccounts:
		c := p.clients[len(account)%len(p.clients)]
		for _, f := range p.clients {
			if strings.HasSuffix(account, "@"+f.sealed) {
				c = f
			}
		}
		c.below = []string{fmt.Sprintf("from %s ([%s])\n\tby mail.%s with ESMTPSA id %s; %s", d.Chars(dice.Lower, 6), login, c.sealed, d.Chars(dice.Slug, 12), at.Add(-2*time.Second).UTC().Format(rfcDate))}
		return c
	case botnet, webHosts:
		mine := p.rent(b, at.YearDay()+at.Year()*400, slot)
		return p.clients[mine[d.IntN(len(mine))]]
	}
	return p.clients[d.IntN(len(p.clients))]
}

// rent deals the machines out for a day.
func (p *pool) rent(b *builder, day, slot int) []int {
	key := day*64 + slot
	if p.rented[key] == nil {
		perm := dice.New(b.o.Seed, p.name+fmt.Sprint(day)).Perm(len(p.clients))
		slots := max(p.slots, 1)
		share := max(len(perm)/slots, 1)
		p.rented[key] = perm[slot%slots*share : slot%slots*share+share]
	}
	return p.rented[key]
}

// client is an outbound server of a mailbox provider, with the submission below it.
func (m *mailService) client(b *builder, d dice.Dice, at time.Time, account, login string) client {
	a := m.net.address(d)
	host := expand(d, m.names, fill{host: m.domain})
	c := client{addr: a, reverse: host, name: host, sealed: m.domain}
	stamp := at.Add(-3 * time.Second).UTC().Format(rfcDate)
	if m.web && login != "" {
		c.below = append(c.below, fmt.Sprintf("from [%s] by web%s.%s via HTTP; %s", login, d.Chars(dice.Digits, 3), m.domain, stamp))
	} else if login != "" {
		c.below = append(c.below, fmt.Sprintf("from [%s] (%s)\n\tby smtp.%s with ESMTPSA id %s\n\tfor <%s>; %s", login, login, m.domain, d.Chars(dice.Slug, 14), account, stamp))
	}
	return c
}
