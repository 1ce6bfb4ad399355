package world

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
)

// campaign is one product or lure of an operation, over all its domains, texts and runs.
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
	through    string    // format of a redirector around the link; "%s" for none
	model      *campaign // whose texts these are; nil for nobody's
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
	reference string // a code in each text; "" for none
	accounts  []string
	fromName  string
	fromMode  int

	borrowed    string // HTML with links of others: the brand's pages, standards, fonts
	picture     uint32 // seed; 0 for none
	onlyPicture bool
	attach      string // extension; "" for none
	fileName    string // pattern of the attachment's name
	noise       bool
	buster      int
	mask        int // how words are hidden from filters
	look        *look
	plans       []*planned
}

// planned is a message before it is written.
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

func (b *builder) newCampaign(a *actor, n int) *campaign {
	c := &campaign{
		id: fmt.Sprintf("c-%d", b.count("campaign")), actor: a, n: n, kind: a.trade.link, naming: a.naming, look: a.look,
		perDomain: b.spread(a.craft.perDomain[0], a.craft.perDomain[1]), spin: a.craft.spin.draw(b.dice), noise: b.chance(a.craft.noise),
		fromMode: b.IntN(4), ownTracker: b.chance(0.55),
	}
	c.lure = findLure(pick(b.dice, a.trade.lures))
	c.slots = b.slotsFor(c.lure)
	b.textsOf(c)
	if b.chance(a.craft.sameLook) {
		c.look = pick(b.dice, b.looks)
	} else if b.chance(0.5) {
		c.look = b.newLook()
	}
	if a.pools[0].kind == espAccount {
		c.kind = throughESP
	}
	b.linksOf(c)
	b.contactsOf(c)
	c.borrowed = b.borrow(c.slots["brand"])
	c.buster = b.IntN(5)
	if c.noise && c.lure.ascii() && b.chance(0.3) {
		c.mask = b.between(1, 3)
	}
	switch a.trade.name {
	case "image":
		c.picture, c.onlyPicture = b.Uint32()|1, true
	case "malware":
		c.attach = pick(b.dice, []string{"zip", "pdf", "doc", "html"})
		c.fileName = pick(b.dice, []string{c.slots["code"], "%d6_" + c.slots["ticker"], "scan%d5", strings.ToLower(c.slots["family"]) + "-%d4", "INV-%A2%d5"})
	case "stock":
		if b.chance(0.5) {
			c.picture = b.Uint32() | 1
		}
	}
	return c
}

// textsOf writes a campaign's texts, or takes those of another operation that sells
// something of the same kind.
func (b *builder) textsOf(c *campaign) {
	n := b.between(c.actor.craft.versions[0], c.actor.craft.versions[1])
	var model *campaign
	if b.chance(c.actor.craft.copied) {
		for _, o := range b.campaigns {
			if o.actor != c.actor && slices.Contains(c.actor.trade.lures, o.lure.key) && (model == nil || b.chance(0.3)) {
				model = o
			}
		}
	}
	if model != nil {
		c.lure, c.model = model.lure, model
		c.slots = b.slotsFor(c.lure)
		if b.chance(0.5) && c.lure.brands {
			c.slots["brand"] = model.slots["brand"]
		}
		if b.chance(0.4) { // affiliates of one programme: the product is the programme's
			c.slots["product"], c.slots["company"] = model.slots["product"], model.slots["company"]
		}
		for _, v := range model.versions {
			c.versions = append(c.versions, b.copied(v, c.lure))
		}
		c.subjects = append(c.subjects, model.subjects...)
		return
	}
	length := func() int { return b.between(3, 7) }
	if b.chance(0.12) {
		length = func() int { return 1 } // a line and a link
	}
	for i := range n {
		c.versions = append(c.versions, b.write(c.lure, fmt.Sprintf("%s/%d", c.id, i), length()))
	}
	for range b.between(c.actor.craft.subjects[0], c.actor.craft.subjects[1]) {
		s := pick(b.dice, c.lure.subjects)
		c.subjects = append(c.subjects, sentence{s, b.reading(s)})
	}
	if b.chance(0.03) {
		c.subjects = []sentence{{"", nil}}
	}
}

// contactsOf gives campaigns without links what the reader is to answer to.
func (b *builder) contactsOf(c *campaign) {
	c.fromName = c.slots.fill(b.once(pick(b.dice, c.lure.senders)), "info@x", b.start)
	lots := 1 + c.n/max(c.perDomain*2, 8)
	for range min(b.between(1, 2)*lots, 40) {
		c.accounts = append(c.accounts, b.local(b.person())+b.chars(decimal, 2))
	}
	switch c.actor.trade.name {
	case "letter", "b2b":
		for range min(lots, 12) {
			c.contacts = append(c.contacts, b.local(b.person())+b.chars(decimal, 3)+"@"+pick(b.dice, b.freemail).domain)
		}
		if b.chance(0.5) {
			c.phone = b.phone(pick(b.dice, []string{"NG", "GB", "US", "RU"}))
		}
	case "extort":
		for range min(1+c.n/c.perDomain, 60) {
			c.wallets = append(c.wallets, b.wallet())
		}
	}
}

// wallet is a Bitcoin address with a right checksum.
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

// plan lays out a campaign in time: runs with pauses, in each one pool and one mailer;
// domains, contacts and builds take turns.
func (b *builder) plan(c *campaign) {
	a := c.actor
	times, runs := b.runs(c.n)
	var s *site
	var past []*site
	used, lot, inLot := 0, 0, 0
	limit := 0
	run, pool, mailer := -1, a.pools[0], a.mailers[0]
	for i, at := range times {
		if runs[i] != run {
			run = runs[i]
			pool = a.pools[b.IntN(len(a.pools))]
			if len(a.mailers) > 1 && b.chance(0.3) {
				mailer = a.mailers[b.IntN(len(a.mailers))]
			}
		}
		if c.kind != noLink && (s == nil || used >= limit) {
			s = b.newSite(c, at)
			past = append(past, s)
			used, limit = 0, max(1, int(float64(c.perDomain)*(0.5+b.Float64())))
		}
		if inLot++; inLot > c.perDomain {
			inLot, lot = 0, lot+1
		}
		used++
		p := &planned{c: c, at: at, site: s, mailer: mailer, pool: pool, version: b.IntN(len(c.versions)), subject: b.IntN(len(c.subjects)), lot: lot}
		if len(past) > 1 && b.chance(0.08) {
			p.site = past[len(past)-2] // the old domain lingers in a queue
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

// runs spreads n messages over bursts.
func (b *builder) runs(n int) (times []time.Time, run []int) {
	count := b.spread(1, max(1, min(n/4, 14)))
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
		hours := b.spread(1, 48)
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
		p.from = pick(b.dice, []string{"info", "news"}) + "@" + b.espSender(c)
	default:
		p.from = b.forgedFrom(p)
	}
	p.rcpt = b.recipient(p.mailer.damage)
	p.login = a.logins[p.lot%len(a.logins)]
	p.client = p.pool.client(b, b.dice, p.at, a.slots[p.pool], p.from, p.login)
}

// espSender is the domain in From of an account at an e-mail service.
func (b *builder) espSender(c *campaign) string {
	if c.named["sender"] == "" {
		d := b.domain(c.naming, pick(b.dice, c.actor.tlds))
		b.register(d, b.ownerOf(c.actor, 0), b.start.AddDate(0, 0, -b.between(1, 30)), pick(b.dice, c.actor.hosting.addrs))
		c.named["sender"] = d
	}
	return c.named["sender"]
}

// forgedFrom is what stands in From if the sender need not own it.
func (b *builder) forgedFrom(p *planned) string {
	c := p.c
	domain := ""
	switch {
	case p.pool.kind == ownServers || p.pool.kind == snowshoe:
		domain = operator(pick(b.dice, p.pool.clients).name)
	case c.fromMode == 0 && p.site != nil && p.site.domain != "" && c.kind != hackedSite:
		domain = p.site.domain
	case c.fromMode == 1:
		domain = pick(b.dice, b.freemail).domain
	case c.fromMode == 2:
		domain = pick(b.dice, b.ownDomains)
	default:
		domain = b.label(twoWords) + ".com"
	}
	user := b.local(b.person())
	if c.lure.brands {
		user = pick(b.dice, []string{"service", "support", "no-reply", "security", "info"})
	}
	return user + "@" + domain
}

// build makes the text, page and files of a planned message.
func (c *campaign) build(d dice, p *planned) (text, html, link string, files []file) {
	v := c.versions[p.version]
	paragraphs := v.body(d, c.slots, c.spin, p.rcpt, p.at)
	if v.sign != "" {
		paragraphs = append(paragraphs, c.slots.fill(v.sign, p.rcpt, p.at))
	}
	paragraphs = append(paragraphs, c.asks(p)...)
	link = c.url(d, p)
	call := v.call
	image := ""
	if c.picture != 0 {
		noise := uint32(0)
		if c.noise {
			noise = d.Uint32()
		}
		files = append(files, file{name: d.chars(letters, 6) + ".png", kind: "image/png", cid: d.chars(slug, 12) + "@" + d.chars(letters, 5), data: picture(c.picture, noise)})
		image = "cid:" + files[0].cid
	}
	if c.onlyPicture {
		paragraphs, call = nil, ""
	}
	if c.attach != "" {
		seed := uint32(p.lot)*104729 + uint32(sum(c.id))
		if c.noise { // packed anew for each message
			seed = d.Uint32()
		}
		kind, data := document(c.attach, seed)
		files = append(files, file{name: d.expand(c.fileName, fill{}) + "." + c.attach, kind: kind, data: data})
	}
	for i := range paragraphs {
		paragraphs[i] = d.masked(c.mask, paragraphs[i])
	}
	below := ""
	if c.noise && d.chance(0.8) {
		paragraphs, below = c.busted(d, paragraphs)
	}
	html = c.look.html(paragraphs, link, call, image, below+c.borrowed)
	text = strings.Join(paragraphs, "\n\n")
	if p.mailer.wrapped > 0 {
		text = wrap(text, p.mailer.wrapped)
	}
	if link != "" {
		text += "\n\n" + call + " " + link + "\n"
	}
	if c.kind == noLink && c.picture == 0 && c.look.width%3 != 0 {
		html = ""
	}
	return text, html, link, files
}

func sum(s string) int {
	n := 0
	for i := range len(s) {
		n = n*31 + int(s[i])
	}
	return n & 0xffffff
}

// busted adds what is to spoil signatures of the text: noise at the end, in a comment, in
// white on white, or in front of the first line.
func (c *campaign) busted(d dice, paragraphs []string) (busted []string, below string) {
	switch c.buster {
	case 0:
		return append(paragraphs, pick(d, busters)+" "+d.chars(letters, 7)), "<!-- " + d.chars(slug, 20) + " -->\n"
	case 1:
		return paragraphs, "<font color=\"#ffffff\" size=1>" + d.salad(d.between(20, 120)) + "</font>\n"
	case 2:
		return append(paragraphs, d.salad(d.between(8, 60))), ""
	case 3:
		return append([]string{d.chars(slug, d.between(5, 14))}, paragraphs...), "<div style=\"display:none\">" + pick(d, busters) + ". " + d.salad(12) + "</div>\n"
	}
	return append(paragraphs, d.chars(slug, 8)+" "+d.chars(slug, 5)), "<!--" + d.salad(30) + "-->\n"
}

// asks are the lines with contacts.
func (c *campaign) asks(p *planned) (lines []string) {
	if len(c.contacts) > 0 {
		lines = append(lines, "E-mail: "+c.contacts[p.lot%len(c.contacts)])
	}
	if c.phone != "" {
		lines = append(lines, "Phone: "+strings.Replace(c.phone, ".", " ", 1))
	}
	if len(c.wallets) > 0 {
		lines = append(lines, c.wallets[p.lot%len(c.wallets)])
	}
	if c.reference != "" {
		lines = append(lines, "Ref: "+c.reference)
	}
	return lines
}

// dressed gives mail from an actor's own servers what lists and honest senders have:
// snowshoe spammers sign, and offer to unsubscribe.
func (b *builder) dressed(w *draft, c *campaign, p *planned) {
	host := w.from[strings.IndexByte(w.from, '@')+1:]
	if c.actor.signs {
		w.signed = host
	}
	if c.actor.tagged && p.site != nil {
		w.lists = append(w.lists, [2]string{"List-Unsubscribe", "<http://" + p.site.host + "/" + pick(b.dice, []string{"u", "optout", "rm", "unsub"}) + "/" + b.chars(slug, 9) + ">"})
	}
}

// post writes a campaign's messages.
func (b *builder) post(c *campaign) {
	for _, p := range c.plans {
		d := b.dice
		w := &draft{at: p.at, mailer: p.mailer, client: p.client, rcpt: p.rcpt, fromName: c.fromName, from: p.from, backup: d.chance(p.mailer.backup)}
		w.text, w.html, w.link, w.files = c.build(d, p)
		s := c.subjects[p.subject]
		w.subject = c.slots.fill(d.spun(s, c.spin), p.rcpt, p.at)
		if c.noise && d.chance(0.3) && w.subject != "" {
			w.subject += " " + d.chars(slug, 5)
		}
		if len(c.contacts) > 0 {
			w.replyTo = c.contacts[p.lot%len(c.contacts)]
		}
		if p.pool.kind == ownServers || p.pool.kind == snowshoe {
			b.dressed(w, c, p)
		}
		if p.pool.kind == espAccount {
			b.espHeaders(w, p.pool.esp, c.ids[p.id], c.mailing)
		}
		b.deliver(w, Message{Class: Campaign, Campaign: c.id, Operation: c.actor.id, Traits: p.traits})
	}
}
