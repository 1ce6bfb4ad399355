package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/simnet"
)

// linkKind is the kind of site that a campaign's links lead to.
type linkKind int

const (
	noLink     linkKind = iota
	ownSite             // throw-away domains
	tenant              // a customer's name at a hoster of free sites, or a bucket
	hackedSite          // a folder in somebody's compromised site, with a bought kit in it
	shortened           // short links
	tracked             // an affiliate tracker, on its own domain or on domains pointed to it
	throughESP          // links that an e-mail service rewrote
)

// site is one place that links point to for a while.
//
// traits are the truth about it: each is a piece of evidence that its messages
// share. reg is nil for a host that the campaign did not register.
type site struct {
	host, domain string
	path         string // fixed part for shared hosts
	traits       []Trait
	reg          *simnet.Domain
}

// Paths of landing pages: %{id} is the campaign's or affiliate's id, %{r} the recipient's token.
var (
	sitePaths = []string{"/", "/%{id}/", "/?%{id}", "/index.php?id=%{id}&u=%{r}", "/p/%{id}/%s6", "/%{dir}/%{id}.html?x=%x8", "/r/%{r}/%{id}", "/go.php?c=%{id}&e=%x12",
		"/%{dir}?sid=%{id}", "/%{dir}/%s8/%{id}/", "/u/%{packed}", "/?q=%{packed}"}
	bareSites = []string{"/", "/%{dir}/", "/%{dir}/%{file}", "/?%m5", "/%{dir}/%a6.html", "/%s9", "/%{dir}/%d5/%d4", "/%{file}?%x16"}
	pageFiles = []string{"index.php", "start.html", "view.asp", "main.htm", "offer.php", "login.html", "a.cgi", "welcome"}
)

// linksOf draws the form of a campaign's links.
//
// c.ids stays empty if the form of the links has no place for an id.
func (b *builder) linksOf(c *campaign) {
	c.named = map[string]string{"dir": b.Chars(dice.Lower, b.Between(2, 6)), "file": dice.Pick(b.Dice, pageFiles)}
	c.www = b.IntN(4)
	c.https = b.year >= 2016 && b.Chance(0.8)
	for range b.Between(c.actor.craft.ids[0], c.actor.craft.ids[1]) {
		c.ids = append(c.ids, expand(b.Dice, dice.Pick(b.Dice, []string{"%d5", "%d6", "%x10", "%s8", "%a4%d3", "%X6"}), fill{}))
	}
	c.mailing = b.Chars(dice.Digits, b.Between(3, 5))
	c.through = "%s"
	// An open redirector of a well-known site hides the host of the link from a
	// filter.
	if b.Chance(0.1) {
		c.through = dice.Pick(b.Dice, []string{"http://www.google.com/url?q=%s", "http://" + dice.Pick(b.Dice, b.brandDomains) + "/redirect?url=%s"})
	}
	switch c.kind {
	case noLink:
		c.ids = nil
	case ownSite:
		if b.Chance(0.6) {
			c.path = dice.Pick(b.Dice, sitePaths[1:])
		} else {
			c.path, c.ids = dice.Pick(b.Dice, bareSites), nil
		}
	case tenant:
		c.platform = dice.Pick(b.Dice, append(b.platforms["tenant"], b.platforms["bucket"]...))
		c.path = dice.Pick(b.Dice, []string{"/%{file}", "/%{dir}/%{file}?e=%{r}", "/#%{r}", "/%{dir}/%{id}", "/?k=%{id}&r=%{r}"})
		if !strings.Contains(c.path, "%{id}") {
			c.ids = nil
		}
	case hackedSite:
		c.path = dice.Pick(b.Dice, b.kitPaths)
		if b.Chance(0.6) {
			c.path += dice.Pick(b.Dice, []string{"?%{id}", "?k=%{id}", "?u=%{r}&s=%{id}"})
		} else {
			c.ids = nil
		}
	case shortened:
		c.platform, c.ids = dice.Pick(b.Dice, b.platforms["short"]), nil
	case tracked, throughESP:
		b.account(c)
	}
}

// account opens an account at a tracker or e-mail service; its ids have the shape that
// the service gives to all customers.
func (b *builder) account(c *campaign) {
	switch m := c.model; {
	case c.kind == throughESP:
		c.platform = c.actor.pools[0].esp
	case m != nil && m.kind == tracked && b.Chance(0.6): // two affiliates of one offer
		c.platform, c.mailing = m.platform, m.mailing
	default:
		c.platform = dice.Pick(b.Dice, b.platforms["tracker"])
	}
	for i := range c.ids {
		c.ids[i] = expand(b.Dice, c.platform.id, fill{})
	}
}

// newSite opens the next place, a short time before it is first used.
//
// first is the time of its first message. Hosts of shared places get an address
// at once, so that a look-up finds them.
func (b *builder) newSite(c *campaign, first time.Time) *site {
	switch {
	case c.kind == ownSite, c.kind == tracked && c.ownTracker:
		return b.ownSite(c, first)
	case c.kind == tracked, c.kind == throughESP:
		host := c.platform.domain
		if c.kind == throughESP || b.Chance(0.5) {
			host = dice.Pick(b.Dice, []string{"click", "trk", "links", "u", "ct"}) + fmt.Sprint(b.Between(1, 9)) + "." + host
		}
		b.host(host, c.platform.net.address(b.Dice))
		return &site{host: host}
	case c.kind == shortened:
		code := b.Chars(dice.Base62, 7)
		return &site{host: c.platform.domain, path: "/" + code, traits: []Trait{{Links, "short", c.platform.domain + "/" + code, true}}}
	case c.kind == hackedSite:
		d := b.domain(dice.Pick(b.Dice, []int{twoWords, threeWords, pronounceable}), dice.Pick(b.Dice, []string{"com", "com", "org", "net", "com.br", "de", "co.uk"}))
		b.legitimate(d, dice.Pick(b.Dice, b.sharedAddrs))
		return &site{host: dice.Pick(b.Dice, []string{"", "www."}) + d, domain: d, traits: []Trait{{Links, "domain", d, true}}}
	}
	label := expand(b.Dice, dice.Pick(b.Dice, []string{"%a9", c.named["dir"] + "-%a5", "%s12", strings.ToLower(c.slots["product"]) + "%d2"}), fill{})
	s := &site{host: label + "." + c.platform.domain, traits: []Trait{{Links, "tenant", label, true}}}
	if c.platform.kind == "bucket" {
		s.host, s.path = c.platform.domain, "/"+label
	} else {
		b.host(s.host, c.platform.net.address(b.Dice))
	}
	return s
}

// ownSite registers a throw-away domain. Domains are bought in lots: a lot has one
// registrant and one minute.
func (b *builder) ownSite(c *campaign, first time.Time) *site {
	a := c.actor
	d := b.domain(c.naming, dice.Pick(b.Dice, a.tlds))
	// Three to ninety hours before its first use: new domains are used before
	// lists know them.
	if c.lot == 0 {
		c.lot = b.Between(1, 6)
		c.lotOwner = b.ownerOf(a, c.lots*5)
		c.lotTime = first.Add(-time.Duration(b.Between(3, 90)) * time.Hour).Add(-time.Duration(b.IntN(3600)) * time.Second)
		c.lots++
	}
	c.lot--
	addr := dice.Pick(b.Dice, a.hosting.addrs)
	c.lotTime = c.lotTime.Add(time.Duration(b.Between(1, 50)) * time.Second)
	s := &site{host: d, domain: d, reg: b.register(d, c.lotOwner, c.lotTime, addr)}
	if a.hosting.flux != nil {
		s.reg.Addrs = []netip.Addr{}
		for range 5 {
			s.reg.Addrs = append(s.reg.Addrs, dice.Pick(b.Dice, a.hosting.addrs))
		}
	}
	switch c.www {
	case 1:
		s.host = "www." + d
	case 2:
		s.host = b.Chars(dice.Lower, b.Between(2, 5)) + "." + d
		b.host(s.host, addr)
	}
	s.traits = append(s.traits, Trait{Links, "domain", d, true})
	if a.hosting.private {
		s.traits = append(s.traits, Trait{Hosting, "host", addr.String(), false})
	}
	if a.servers != nil {
		s.traits = append(s.traits, Trait{Registration, "name-server", a.servers[0].Host, false})
	}
	if !a.private {
		s.traits = append(s.traits, Trait{Registration, "registrant", c.lotOwner.who.Email, false})
	}
	return s
}

// url is the link of one message.
//
// The token r is new for each recipient. It must not become evidence.
func (c *campaign) url(d dice.Dice, p *planned) string {
	if c.kind == noLink {
		return ""
	}
	id, r := "", d.Chars(dice.Slug, 10)
	if len(c.ids) > 0 {
		id = c.ids[p.id]
	}
	path := ""
	switch c.kind {
	case shortened:
	case tracked, throughESP:
		path = c.platform.link(d, id, c.mailing, r)
	default:
		named := map[string]string{"id": id, "r": r, "dir": c.named["dir"], "file": c.named["file"], "packed": base64URL("i=" + id + "&r=" + r)}
		path = expand(d, c.path, fill{named: named})
	}
	scheme := "http://"
	if c.https {
		scheme = "https://"
	}
	return fmt.Sprintf(c.through, scheme+p.site.host+p.site.path+path)
}
