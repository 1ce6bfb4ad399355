package rented

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
)

// send sends a line in bursts. In a burst machine park, program and domain stay.
func (l *line) send() {
	w := l.w
	bursts := max(1, l.size/w.Between(4, 20))
	if l.crew.knobs.sparse {
		bursts = l.size
	}
	left := l.size
	for i := range bursts {
		n := left / (bursts - i)
		left -= n
		l.burst(i, bursts, n)
	}
}

// burst sends one spamrun. Its first mail may still have the domain of the one
// before, since a kit changes it while mail is under way.
//
// Pauses are seconds to half an hour.
func (l *line) burst(i, bursts, n int) {
	w, c := l.w, l.crew
	at := l.start.Add(time.Duration((float64(i) + w.Float64()) / float64(bursts) * float64(l.days) * float64(24*time.Hour)))
	h, f := c.hands[w.IntN(len(c.hands))], c.fleets[w.IntN(len(c.fleets))]
	switch {
	case c.knobs.sparse:
		h, f = c.hands[i%len(c.hands)], c.fleets[i%len(c.fleets)]
	case c.knobs.midway:
		h, f = c.hands[i*len(c.hands)/bursts], c.fleets[i*len(c.fleets)/bursts]
	}
	if l.hand != nil {
		h = l.hand
	}
	domain := l.domains[i*len(l.domains)/bursts]
	run := fmt.Sprintf("%s.r%d", l.id, i)
	for k := range n {
		if k == 0 && i > 0 && !c.knobs.sparse { // the kit's domain is changed while mail is under way
			l.shoot(at, run, l.domains[(i-1)*len(l.domains)/bursts], h, f, i)
		} else {
			l.shoot(at, run, domain, h, f, i)
		}
		at = at.Add(time.Duration(w.Spread(1, 2000)) * time.Second)
	}
}

// shoot sends one message.
//
// traits collects the truth on the way: a value is noted where it is written
// into the message, and nowhere else.
func (l *line) shoot(at time.Time, run, domain string, h *hand, f *fleet, burst int) {
	w := l.w
	m := &mail{at: at, fromName: l.name(), to: dice.Pick(w.Dice, w.boxes)}
	letter := w.IntN(len(l.offer.letters))
	subject := dice.Pick(w.Dice, l.offer.subjects)
	if l.crew.knobs.sparse {
		letter, subject = burst%len(l.offer.letters), l.offer.subjects[burst%len(l.offer.subjects)]
	}
	m.subject = subject
	c, traits := l.content(letter, domain)
	m.text = l.layout.text(c)
	if l.crew.trade.link || w.Chance(0.2) || c.picture != "" {
		m.page = l.layout.page(c)
	}
	bounce := l.address(m, h, domain)
	if v := l.any("reply"); v != "" {
		m.reply, traits = v, append(traits, "reply "+v)
	}
	if v := l.any("file"); v != "" {
		m.file, traits = &file{name: dice.Pick(w.Dice, list("invoice receipt statement scan")) + w.Digits(4) + ".pdf", kind: "application/pdf", content: "%PDF-1.4\n" + v}, append(traits, "file "+v[:20])
	}
	if f2, b := l.through(m, c, &traits); f2 != nil {
		f, bounce = f2, b
		if f.kind != "service" || h.fleet != "" { // a service has a program of its own
			h = serviceHand(h)
		}
	}
	switch h.fleet {
	case "tenancy":
		f = w.market.tenancy
	case "webmail":
		f = w.market.webmail
	}
	if l.hand != nil {
		traits = append(traits, "account "+l.hand.account)
	}
	w.post(m, h, f, bounce, labelled.Label{Campaign: l.id, Operation: l.crew.id, Run: run, Damage: l.damage}, append(traits, "from "+domainOf(m.from)))
}

// serviceHand is a program with no fields of the account that it would need elsewhere.
func serviceHand(h *hand) *hand {
	plain := *h
	if h.fleet != "" {
		plain.program = programs[6]
	}
	return &plain
}

func (l *line) name() string {
	w := l.w
	return dice.Pick(w.Dice, []string{l.offer.name, l.offer.name + " Team", w.Word(2) + " " + w.Word(2), l.offer.name + " Support"})
}

// any returns one of the values of an anchor, "" if there is none.
func (l *line) any(kind string) string {
	if v := l.anchors[kind]; len(v) > 0 {
		return dice.Pick(l.w.Dice, v)
	}
	return ""
}

// content returns a letter with the anchors that appear in texts.
func (l *line) content(letter int, domain string) (*content, []string) {
	w, o := l.w, l.offer
	c := &content{open: dice.Pick(w.Dice, o.tongue.opens), close: dice.Pick(w.Dice, o.tongue.closes), press: dice.Pick(w.Dice, o.tongue.presses), sentences: slices.Clone(o.letters[letter])}
	traits := []string{fmt.Sprintf("letter %s %d", o.name, letter)}
	if l.strew != "" {
		for i, s := range c.sentences {
			c.sentences[i] = w.strew(s, l.strew)
		}
	}
	traits = l.linked(c, domain, traits)
	if v := l.any("picture"); v != "" {
		c.picture, traits = v, append(traits, "picture "+v)
	}
	if v := l.any("phone"); v != "" {
		c.sentences, traits = append(c.sentences, dice.Pick(w.Dice, []string{"Call ", "Phone: ", "Tel. "})+v), append(traits, "phone "+v)
	}
	if v := l.any("wallet"); v != "" {
		c.sentences, traits = append(c.sentences, "BTC: "+v), append(traits, "wallet "+v)
	}
	return c, traits
}

// linked gives the letter its link: through a tracker, at a store, of a kit, or plain.
//
// The first of the kinds that the line has decides.
func (l *line) linked(c *content, domain string, traits []string) []string {
	w := l.w
	if v := l.any("tracker"); v != "" {
		account, offer, _ := strings.Cut(v, " ")
		c.link = l.tracker.link(w.Dice, account, offer)
		return append(traits, "tracker "+v)
	}
	if v := l.any("stored"); v != "" {
		c.link = v + "#" + w.Chars(dice.Slug, 6)
		return append(traits, "stored "+v)
	}
	if v := l.any("kit"); v != "" {
		c.link = "http://" + domain + v + "?" + dice.Pick(w.Dice, list("id u e")) + "=" + w.Chars(dice.Hex, 12)
		return append(traits, "kit "+v, "domain "+domain)
	}
	if !l.crew.trade.link {
		return traits
	}
	c.link = "http://" + domain + "/" + w.Chars(dice.Slug, w.Between(5, 9))
	return append(traits, "domain "+domain)
}

// address chooses From and the bounce address.
func (l *line) address(m *mail, h *hand, domain string) (bounce string) {
	w := l.w
	if len(l.senders) > 0 {
		domain = dice.Pick(w.Dice, l.senders)
	}
	user := dice.Pick(w.Dice, []string{"info", "no-reply", "contact", w.local(), w.Chars(dice.Slug, 9)})
	switch h.fleet {
	case "tenancy":
		name, _, _ := strings.Cut(h.account, " ")
		m.from = user + "@" + name
	case "webmail":
		m.from = w.local() + w.Digits(3) + "@gmail.com"
	default:
		m.from = user + "@" + domain
	}
	return m.from
}

// through sends by a service or platform at which the line has an account.
//
// nil means that the line sends by itself.
func (l *line) through(m *mail, c *content, traits *[]string) (*fleet, string) {
	w := l.w
	if v := l.any("service"); v != "" {
		*traits = append(*traits, "service "+v)
		return l.service.fleet, l.service.stamp(w, m, v, strings.ToLower(l.offer.name))
	}
	for _, p := range w.market.platforms {
		if v := l.any(p.kind); v != "" {
			*traits = append(*traits, p.kind+" "+v)
			return p.fleet, p.notice(w, m, v, l.offer.name, strings.Join(c.sentences, " "), c.link)
		}
	}
	return nil, ""
}

// post sends one message to one of our servers, and notes the truth.
//
// The hop of the client is our own server's. A hacked host writes one below it
// for the script that sent the mail.
func (w *world) post(m *mail, h *hand, f *fleet, bounce string, label labelled.Label, traits []string) {
	to := m.to
	m.to = w.damaged(to, label.Damage)
	raw, id := h.write(w, m)
	for w.ids[id] {
		m.id = ""
		raw, id = h.write(w, m)
	}
	w.ids[id] = true
	label.ID = id
	n := w.IntN(len(f.addrs))
	a, helo := f.addrs[n], f.names[n]
	if helo == "" {
		helo = "[" + a.String() + "]"
	}
	rdns := w.RDNS(a)
	if rdns == "" {
		rdns = "unknown"
	}
	at := m.at.Add(time.Duration(w.Spread(1, 60)) * time.Second)
	var b strings.Builder
	fmt.Fprintf(&b, "Return-Path: <%s>\nX-Original-To: %s\nDelivered-To: %s\n", bounce, m.to, m.to)
	fmt.Fprintf(&b, "Received: from %s (%s [%s])\n\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))\n\tby %s (Postfix) with ESMTPS id 4%s\n\tfor <%s>; %s\n", helo, rdns, a, dice.Pick(w.Dice, w.mx), w.Chars("BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxyz", 11), m.to, at.Format(time.RFC1123Z))
	if f.kind == "hacked" {
		fmt.Fprintf(&b, "Received: from %s by %s with local (Exim 4.9%s)\n\t(envelope-from <%s>)\n\tid 1t%s-0000%s-%s; %s\n", h.script[:4], helo, h.version[:1], bounce, w.Chars(dice.Base62, 4), w.Chars(dice.Base62, 2), w.Chars(dice.Base62, 2), m.at.Format(time.RFC1123Z))
	}
	b.WriteString(raw)
	w.set.Messages = append(w.set.Messages, labelled.Message{Label: label, Raw: []byte(b.String()), At: at, Sender: a, Traits: traits})
}

// damages are ways in which lists of recipients are damaged, most of them not.
var damages = []string{"none", "none", "none", "glued_front", "cut_front", "dictionary", "doubled"}

// damaged returns the address as a damaged list has it. Our domains accept any
// user.
//
// A damaged address shows which list the sender has used; such mail reaches us
// because our domains take any user.
func (w *world) damaged(to, how string) string {
	user, domain, _ := strings.Cut(to, "@")
	switch how {
	case "glued_front":
		return dice.Pick(w.Dice, list("mailto to u003e 20 nbsp")) + user + "@" + domain
	case "cut_front":
		return user[min(len(user)-1, 1+w.IntN(2)):] + "@" + domain
	case "dictionary":
		return dice.Pick(w.Dice, list("info sales john mary office contact peter admin hello jobs")) + "@" + domain
	case "doubled":
		return user + "." + user + "@" + domain
	}
	return to
}
