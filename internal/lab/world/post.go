package world

import (
	"fmt"
	"strings"

	"spoor/internal/lab/dice"
)

// build makes the text, page and files of a planned message.
func (c *campaign) build(d dice.Dice, p *planned) (text, html, link string, files []file) {
	v := c.versions[p.version]
	s := c.slots.with(v.own)
	if c.fresh {
		s = s.with(slots{"code": d.Chars(dice.Upper, 2) + d.Chars(dice.Digits, 7), "n": fmt.Sprint(d.Between(11, 96)), "d": fmt.Sprint(d.Between(2, 9)), "price": fmt.Sprint(d.Between(19, 990))})
	}
	paragraphs := v.body(d, s, c.spin, p.rcpt, p.at)
	if v.sign != "" {
		paragraphs = append(paragraphs, s.fill(v.sign, p.rcpt, p.at))
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
		files = append(files, file{name: d.Chars(dice.Lower, 6) + ".png", kind: "image/png", cid: d.Chars(dice.Slug, 12) + "@" + d.Chars(dice.Lower, 5), data: picture(c.picture, noise)})
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
		files = append(files, file{name: expand(d, c.fileName, fill{}) + "." + c.attach, kind: kind, data: data})
	}
	for i := range paragraphs {
		paragraphs[i] = masked(d, c.mask, paragraphs[i])
	}
	below := ""
	if c.noise && d.Chance(0.8) {
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

// sum is a hash that stays equal between runs.
func sum(s string) int {
	n := 0
	for i := range len(s) {
		n = n*31 + int(s[i])
	}
	return n & 0xffffff
}

// busted adds noise against signatures of the text: at the end, in a comment,
// in white on white, or before the first line.
func (c *campaign) busted(d dice.Dice, paragraphs []string) (busted []string, below string) {
	switch c.buster {
	case 0:
		return append(paragraphs, dice.Pick(d, busters)+" "+d.Chars(dice.Lower, 7)), "<!-- " + d.Chars(dice.Slug, 20) + " -->\n"
	case 1:
		return paragraphs, "<font color=\"#ffffff\" size=1>" + salad(d, d.Between(20, 120)) + "</font>\n"
	case 2:
		return append(paragraphs, salad(d, d.Between(8, 60))), ""
	case 3:
		return append([]string{d.Chars(dice.Slug, d.Between(5, 14))}, paragraphs...), "<div style=\"display:none\">" + dice.Pick(d, busters) + ". " + salad(d, 12) + "</div>\n"
	}
	return append(paragraphs, d.Chars(dice.Slug, 8)+" "+d.Chars(dice.Slug, 5)), "<!--" + salad(d, 30) + "-->\n"
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

// dressed adds the fields of honest bulk senders to mail from an actor's own
// servers: snowshoe spammers sign, and offer to unsubscribe.
func (b *builder) dressed(w *draft, c *campaign, p *planned) {
	host := w.from[strings.IndexByte(w.from, '@')+1:]
	if c.actor.signs {
		w.signed = host
	}
	if c.actor.tagged && p.site != nil {
		w.lists = append(w.lists, [2]string{"List-Unsubscribe", "<http://" + p.site.host + "/" + dice.Pick(b.Dice, []string{"u", "optout", "rm", "unsub"}) + "/" + b.Chars(dice.Slug, 9) + ">"})
	}
}

// post writes a campaign's messages.
func (b *builder) post(c *campaign) {
	for _, p := range c.plans {
		d := b.Dice
		w := &draft{at: p.at, mailer: p.mailer, client: p.client, rcpt: p.rcpt, from: p.from, backup: d.Chance(p.mailer.backup)}
		w.text, w.html, w.link, w.files = c.build(d, p)
		w.fromName = c.slots.with(c.versions[p.version].own).fill(dice.Pick(d, c.fromNames), p.rcpt, p.at)
		s := c.subjects[p.subject]
		w.subject = c.slots.fill(spun(d, s, c.spin), p.rcpt, p.at)
		if c.noise && d.Chance(0.3) && w.subject != "" {
			w.subject += " " + d.Chars(dice.Slug, 5)
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
