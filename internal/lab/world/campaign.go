package world

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// campaign is one product or lure of an operation, over all its domains, texts
// and runs.
//
// It is the unit of the truth.
type campaign struct {
	id       string
	actor    *actor
	n        int
	lure     *lure
	slots    slots
	versions []*version
	subjects []sentence
	spin     float64

	kind       linkKind
	platform   *platform
	ownTracker bool
	ids        []string
	mailing    string
	path       string
	through    string    // format of a redirector around the link; "%s" without one
	model      *campaign // the campaign whose texts are copied; nil if the texts are original
	named      map[string]string
	www        int
	https      bool
	naming     int
	perDomain  int
	lot, lots  int
	lotOwner   owner
	lotTime    time.Time

	contacts  []string // reply addresses, in use one after another
	phone     string
	wallets   []string
	reference string // a code in each text; "" without one
	accounts  []string
	fromNames []string
	fromMode  int

	borrowed    string // HTML with links of others: the brand's pages, standards, fonts
	picture     uint32 // seed of the picture; 0 without one
	onlyPicture bool
	attach      string // extension of the attachment; "" without one
	fresh       bool   // numbers in the text are new in each message
	fileName    string // pattern of the attachment's name
	noise       bool
	buster      int
	mask        int // how words are hidden from filters
	look        *look
	plans       []*planned
}

// planned is a message before it is written.
//
// The plan holds all that other messages must agree with, such as site, mailer
// and version. Words and tokens are drawn at the writing.
type planned struct {
	c       *campaign
	at      time.Time
	site    *site
	mailer  *mailer
	pool    *pool
	client  client
	from    string
	login   string
	rcpt    string
	version int
	subject int
	id      int
	lot     int // which contact, wallet or build of an attachment
	traits  []Trait
}

// findLure finds a lure by its key.
func findLure(key string) *lure {
	for _, all := range [][]lure{linkLures, contactLures, foreignLures} {
		for i := range all {
			if all[i].key == key {
				return &all[i]
			}
		}
	}
	return nil
}

// newCampaign makes up a campaign: lure, texts, links, contacts and disguise.
//
// n is the number of its messages. An actor on an e-mail service has its links
// rewritten by that in every trade.
func (b *builder) newCampaign(a *actor, n int) *campaign {
	c := &campaign{
		id: fmt.Sprintf("c-%d", b.count("campaign")), actor: a, n: n, kind: a.trade.link, naming: a.naming, look: a.look,
		perDomain: b.Spread(a.craft.perDomain[0], a.craft.perDomain[1]), spin: a.craft.spin.draw(b.Dice), noise: b.Chance(a.craft.noise),
		fromMode: b.IntN(4), ownTracker: b.Chance(0.55),
	}
	c.lure = findLure(dice.Pick(b.Dice, a.trade.lures))
	c.slots = b.slotsFor(c.lure)
	b.textsOf(c)
	if b.Chance(a.craft.sameLook) {
		c.look = dice.Pick(b.Dice, b.looks)
	} else if b.Chance(0.5) {
		c.look = b.newLook()
	}
	if a.pools[0].kind == espAccount {
		c.kind = throughESP
	}
	b.linksOf(c)
	b.contactsOf(c)
	c.borrowed = b.borrow(c.slots["brand"])
	c.buster = b.IntN(5)
	c.fresh = b.Chance(a.craft.noise)
	if c.noise && c.lure.ascii() && b.Chance(0.3) {
		c.mask = b.Between(1, 3)
	}
	switch a.trade.name {
	case "image":
		// The bit makes the seed differ from 0, which means no picture.
		c.picture, c.onlyPicture = b.Uint32()|1, true
	case "malware":
		c.attach = dice.Pick(b.Dice, []string{"zip", "pdf", "doc", "html"})
		c.fileName = dice.Pick(b.Dice, []string{c.slots["code"], "%d6_" + c.slots["ticker"], "scan%d5", strings.ToLower(c.slots["family"]) + "-%d4", "INV-%A2%d5"})
	case "stock":
		if b.Chance(0.5) {
			c.picture = b.Uint32() | 1
		}
	}
	return c
}

// textsOf writes a campaign's texts, or takes those of another operation that
// sells something of the same kind.
func (b *builder) textsOf(c *campaign) {
	n := b.Between(c.actor.craft.versions[0], c.actor.craft.versions[1])
	var model *campaign
	// Copied texts are the hardest case: the content of two operations agrees,
	// and only the rest tells them apart.
	if b.Chance(c.actor.craft.copied) {
		for _, o := range b.campaigns {
			if o.actor != c.actor && slices.Contains(c.actor.trade.lures, o.lure.key) && (model == nil || b.Chance(0.3)) {
				model = o
			}
		}
	}
	if model != nil {
		c.lure, c.model = model.lure, model
		c.slots = b.slotsFor(c.lure)
		if b.Chance(0.5) && c.lure.brands {
			c.slots["brand"] = model.slots["brand"]
		}
		if b.Chance(0.4) { // affiliates of one programme: the product is the programme's
			c.slots["product"], c.slots["company"] = model.slots["product"], model.slots["company"]
		}
		for _, v := range model.versions {
			c.versions = append(c.versions, b.copied(v, c.lure))
		}
		c.subjects = append(c.subjects, model.subjects...)
		return
	}
	length := func() int { return b.Between(3, 7) }
	if b.Chance(0.12) {
		length = func() int { return 1 } // a line and a link
	}
	for i := range n {
		v := b.write(c.lure, fmt.Sprintf("%s/%d", c.id, i), length())
		// Versions with their own names in the gaps, so that no name runs
		// through the campaign.
		if i > 0 && b.Chance(c.actor.craft.noise) {
			s := b.slotsFor(c.lure)
			v.own = slots{"company": s["company"], "person": s["person"], "given": s["given"], "family": s["family"], "city": s["city"]}
		}
		c.versions = append(c.versions, v)
	}
	for range b.Between(c.actor.craft.subjects[0], c.actor.craft.subjects[1]) {
		s := dice.Pick(b.Dice, c.lure.subjects)
		c.subjects = append(c.subjects, sentence{s, b.reading(s)})
	}
	// Some spam has no subject.
	if b.Chance(0.03) {
		c.subjects = []sentence{{"", nil}}
	}
}

// contactsOf gives a campaign without links the contacts for replies.
func (b *builder) contactsOf(c *campaign) {
	for range 1 + b.IntN(c.actor.craft.subjects[0]*2) {
		c.fromNames = append(c.fromNames, dice.Pick(b.Dice, c.lure.senders))
	}
	// Contacts change with the domains, at half the pace.
	lots := 1 + c.n/max(c.perDomain*2, 8)
	for range min(b.Between(1, 2)*lots, 40) {
		c.accounts = append(c.accounts, b.local(b.person())+b.Chars(dice.Digits, 2))
	}
	switch c.actor.trade.name {
	case "letter", "b2b":
		for range min(lots, 12) {
			c.contacts = append(c.contacts, b.local(b.person())+b.Chars(dice.Digits, 3)+"@"+dice.Pick(b.Dice, b.freemail).domain)
		}
		if b.Chance(0.5) {
			c.phone = b.phone(dice.Pick(b.Dice, []string{"NG", "GB", "US", "RU"}))
		}
	case "extort":
		for range min(1+c.n/c.perDomain, 60) {
			c.wallets = append(c.wallets, b.wallet())
		}
	}
}

// wallet is a Bitcoin address with a right checksum.
//
// It has the form "1...", Base58Check of a version byte, 20 bytes and four of a
// double SHA-256. The bytes are never zero, as each leading zero would be
// another "1".
func (b *builder) wallet() string {
	raw := make([]byte, 21, 25)
	for i := 1; i < 21; i++ {
		raw[i] = byte(b.IntN(255)) + 1
	}
	sum := sha256.Sum256(raw)
	sum = sha256.Sum256(sum[:])
	raw = append(raw, sum[:4]...)
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	var out []byte
	for num := slices.Clone(raw[1:]); len(num) > 0; {
		rest := 0
		next := num[:0:0]
		for _, d := range num {
			v := rest*256 + int(d)
			if q := v / 58; len(next) > 0 || q > 0 {
				next = append(next, byte(q))
			}
			rest = v % 58
		}
		out = append(out, alphabet[rest])
		num = next
	}
	out = append(out, '1') // the version byte 0
	slices.Reverse(out)
	return string(out)
}
