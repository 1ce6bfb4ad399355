package rented

import (
	"net/netip"
	"strings"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/netplan"
)

// market holds the resources for rent, to honest customers and to others.
//
// Its domains and machines occur in honest mail as well. A correlator that
// takes one of them for evidence joins strangers.
type market struct {
	services  []*service // of sending
	trackers  []*tracker
	platforms []*platform
	tenancy   *fleet // a mail system for firms, each a tenant
	webmail   *fleet
	rings     []*fleet // bots
	hosters   []*netplan.Block
	carriers  []*netplan.Block
	storage   []string // hosts on which anybody may store a page or a picture
}

// fleet is machines that send, under one habit of naming themselves.
type fleet struct {
	kind  string // "tenancy", "webmail", "service", "bots", "servers", "snowshoe", "hacked"
	addrs []netip.Addr
	names []string // HELO of each machine
}

// service is a sending service: a program of its own and numbered customers.
type service struct {
	domain string
	style  int // of styles in services.go
	fleet  *fleet
}

// tracker counts clicks for its customers.
type tracker struct {
	hosts []string
	style int
}

// platform sends notices that anybody can cause.
type platform struct {
	kind   string // "survey", "invoice", "code", "forms"
	domain string
	fleet  *fleet
}

// newMarket makes up the services that all crews share: hosters, carriers,
// mailing services, trackers and hijacked machines. They must not join their
// customers' campaigns.
//
// The names of two providers are the real ones, since programs write them into
// all mail of their customers and a correlator may know them.
func (w *world) newMarket() market {
	m := market{}
	for range 7 {
		n := w.Word(3)
		m.hosters = append(m.hosters, w.Block(n+" Cloud", w.Between(18, 21), "vps-%d."+strings.ToLower(n)+".example"))
	}
	for range 18 {
		n := w.Word(3)
		m.carriers = append(m.carriers, w.Block(n+" Broadband", w.Between(14, 17), dice.Pick(w.Dice, []string{"", "%d.pool." + strings.ToLower(n) + ".example", "host-%d." + strings.ToLower(n) + ".example"})))
	}
	for i := range serviceStyles {
		d := w.Name(0, "example")
		m.services = append(m.services, &service{domain: d, style: i, fleet: w.publicFleet("service", d, w.Between(8, 30))})
	}
	for i := range trackerStyles {
		t := &tracker{style: i}
		for range w.Between(1, 3) {
			t.hosts = append(t.hosts, dice.Pick(w.Dice, []string{"click.", "go.", "r."})+w.Name(1, "com"))
		}
		m.trackers = append(m.trackers, t)
	}
	for _, kind := range []string{"survey", "invoice", "code", "forms"} {
		d := w.Name(0, "example")
		m.platforms = append(m.platforms, &platform{kind: kind, domain: d, fleet: w.publicFleet("service", d, w.Between(4, 12))})
	}
	m.tenancy = w.publicFleet("tenancy", "outbound.protection.outlook.com", 40)
	m.webmail = w.publicFleet("webmail", "mail.google.com", 40)
	w.market = m // rings stand on its carriers
	for range 3 {
		w.market.rings = append(w.market.rings, w.bots(w.Between(150, 350)))
	}
	for range 4 {
		w.market.storage = append(w.market.storage, dice.Pick(w.Dice, []string{"storage.", "blob.", "pages.", "img."})+w.Name(0, "example"))
	}
	return w.market
}

// publicFleet creates the machines of a firm, with proper names in a range of
// its own.
//
// Reverse and forward names agree, as at any provider that is accepted.
func (w *world) publicFleet(kind, domain string, n int) *fleet {
	f := &fleet{kind: kind}
	block := w.Block(w.Word(2)+" Mail", 22, "")
	for i := range n {
		a := block.At(16 + i*3)
		name := dice.Pick(w.Dice, []string{"mta", "out", "o", "smtp"}) + w.Digits(3) + "." + domain
		w.SetRDNS(a, name)
		w.Host(name, a)
		f.addrs, f.names = append(f.addrs, a), append(f.names, name)
	}
	return f
}

// bots are lines of private people.
//
// Most networks of consumers have reverse names that spell the address; some
// have none.
func (w *world) bots(n int) *fleet {
	f := &fleet{kind: "bots"}
	habit := w.IntN(3)
	for range n {
		a := dice.Pick(w.Dice, w.market.carriers).Addr()
		name := "[" + a.String() + "]"
		switch {
		case habit == 0:
			name = dice.Pick(w.Dice, []string{"DESKTOP-", "WIN-", "LAPTOP-"}) + w.Chars(dice.SLUG, 7)
		case habit == 1 && w.RDNS(a) != "":
			name = w.RDNS(a)
		}
		f.addrs, f.names = append(f.addrs, a), append(f.names, name)
	}
	return f
}

// own is machines that one crew rents: a few servers, hacked web hosts, or a range in
// which each address sends little.
//
// Servers have a domain each, of the crew's registrant. Of a snowshoe range
// every fourth address has one. Hacked hosts keep the hoster's name.
func (w *world) own(kind string, o *netplan.Owner) *fleet {
	f := &fleet{kind: kind}
	block := dice.Pick(w.Dice, w.market.hosters)
	n, at := w.Between(1, 6), w.IntN(1<<9)
	if kind == "snowshoe" {
		n = w.Between(16, 96)
	}
	for i := range n {
		a := block.At(at + i)
		if kind != "snowshoe" {
			a = dice.Pick(w.Dice, w.market.hosters).Addr()
		}
		name := w.RDNS(a)
		if kind == "snowshoe" && i%4 == 0 || kind == "servers" {
			d := w.Name(2, w.TLD())
			w.Register(d, o, a, w.start.AddDate(0, 0, -w.Between(3, 60)))
			name = "mx" + w.Digits(1) + "." + d
			w.SetRDNS(a, name)
		}
		f.addrs, f.names = append(f.addrs, a), append(f.names, name)
	}
	return f
}

// trackerStyles is the number of forms of tracking links.
const trackerStyles = 4

// link writes a click link of a customer: the account, and the list or offer.
//
// All else in the link is chance. In the first style the numbers stand between
// letters without a separator.
func (t *tracker) link(d dice.Dice, account, list string) string {
	host := dice.Pick(d, t.hosts)
	switch t.style {
	case 0:
		return "http://" + host + "/" + d.Chars(dice.Letters, 6) + account + d.Chars(dice.Letters, 8) + list + d.Chars(dice.Letters, 3) + d.Digits(2) + "/"
	case 1:
		return "https://" + host + "/c/" + account + "." + list + "/" + d.Chars(dice.Base62, 22)
	case 2:
		return "https://" + host + "/track?a=" + account + "&o=" + list + "&s=" + d.Chars(dice.Hex, 16)
	}
	return "https://" + host + "/" + list + "_" + account + "_" + d.Digits(8) + "_" + d.Digits(3)
}
