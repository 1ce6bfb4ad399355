package world

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// chatter are sentences of private mail.
var chatter = []string{
	"{I|We} {hope|trust} {you|all of you} {are well|got home safely}, {it|the trip} was {lovely|far too short}.", "{Could|Can} you {send|bring} me the {keys|photos|minutes} {before|by} [day]?",
	"{Mother|Uncle [person]|The landlord} {called|wrote} {again|yesterday} about the {roof|heating|party}.", "{The|Our} {meeting|lesson} on [day] {moves|is moved} to {ten|half past four}.",
	"{Attached|Below} are the {numbers|drawings} that [person] {asked|wanted} for.", "{Did|Have} you {see|seen} what {they wrote about|happened with} [topic]?",
	"{Let me|I will let you} know {whether|if} [city] {works|is fine} {for you|next week}.", "{Thanks|Thank you} for {the book on [topic]|your help with the [topic]}, {I owe you|it was fun}.",
}

// notices are sentences of automatic mail.
var notices = []string{
	"{Your|The} order {no.|number} [code] {has|was} {left|shipped from} our {house|warehouse in [city]}.", "{We|Our clerks} {received|booked} your payment of [price] {for|towards} invoice [code].",
	"{Your|The} appointment on [day] {is|stays} {confirmed|as planned} with [person].", "{The|Your} ticket [code] {about|on} [topic] {was|is now} {closed|answered}.",
	"{A|One} {new|further} {comment|reply} {to|on} your {post|question} on [topic] {came|was written}.", "{The|Your} {statement|account} for {this month|the quarter} {is|stands} {ready|online}.",
}

// oneOff writes one message that has no siblings.
func (b *builder) oneOff() {
	at := b.start.Add(time.Duration(b.Float64() * float64(b.end.Sub(b.start))))
	switch b.Weighted(4, 3, 2, 1.2) {
	case 0:
		b.personal(at)
	case 1:
		b.notice(at)
	case 2:
		b.listPost(at)
	default:
		b.loneSpam(at)
	}
}

func (b *builder) add(w *draft) {
	name := fmt.Sprintf("o-%d", b.count("one-off"))
	b.deliver(w, Message{Class: OneOff, Campaign: name, Operation: name})
}

func (b *builder) someone() string {
	return dice.Pick(b.Dice, b.users) + "@" + dice.Pick(b.Dice, b.ownDomains)
}

// talk fills n sentences.
func (b *builder) talk(of []string, n int, at time.Time) []string {
	var out []string
	for range n {
		q := b.person()
		s := slots{
			"topic": dice.Pick(b.Dice, topics), "city": dice.Pick(b.Dice, cities), "person": q.String(), "day": at.AddDate(0, 0, b.Between(1, 6)).Format("Monday"),
			"code": b.Chars(dice.Upper, 2) + b.Chars(dice.Digits, 7), "price": fmt.Sprintf("%d.%s", b.Between(4, 900), b.Chars(dice.Digits, 2)),
		}
		out = append(out, s.fill(b.once(dice.Pick(b.Dice, of)), "x@y", at))
	}
	return out
}

// personal is a letter of a human being, from a mailbox provider or a firm.
func (b *builder) personal(at time.Time) {
	p := b.person()
	m := dice.Pick(b.Dice, programs(b.year))
	zone := dice.Pick(b.Dice, zones)
	m.zones = []string{zone}
	w := &draft{at: at, mailer: m, rcpt: b.someone(), fromName: p.String()}
	if b.Chance(0.6) {
		s := dice.Pick(b.Dice, b.freemail)
		w.from = b.local(p) + "@" + s.domain
		w.client = s.client(b, b.Dice, at, w.rcpt, dice.Pick(b.Dice, b.lines).address(b.Dice).String())
		if b.Chance(0.5) {
			w.mailer = s.like
		}
	} else {
		w.from, w.client = b.firm(p)
	}
	w.subject = dice.Pick(b.Dice, []string{"", "Re: ", "Fwd: ", "AW: "}) + dice.Pick(b.Dice, []string{title(dice.Pick(b.Dice, topics)), dice.Pick(b.Dice, cities), "the " + dice.Pick(b.Dice, topics), "Hello", "photos", dice.Pick(b.Dice, topics) + " on " + at.Format("Monday")})
	w.text = wrap(strings.Join(append(append([]string{"Hi,"}, b.talk(chatter, b.Between(2, 5), at)...), p.given), "\n\n"), 72)
	if b.Chance(0.3) {
		_, data := document("pdf", b.Uint32())
		w.files = []file{{name: dice.Pick(b.Dice, topics) + ".pdf", kind: "application/pdf", data: data}}
	}
	b.add(w)
}

// firm returns a sender at a firm with a mail server of its own.
func (b *builder) firm(p person) (from string, c client) {
	d := b.domain(dice.Pick(b.Dice, []int{twoWords, threeWords}), dice.Pick(b.Dice, []string{"com", "org", "net", "de", "co.uk"}))
	a := dice.Pick(b.Dice, b.hosters).address(b.Dice)
	b.legitimate(d, dice.Pick(b.Dice, append(b.cdnAddrs, b.sharedAddrs...)))
	b.host("mail."+d, a)
	return b.local(p) + "@" + d, client{addr: a, reverse: "mail." + d, name: "mail." + d, sealed: d}
}

// notice is a receipt or notification of a firm's machine.
func (b *builder) notice(at time.Time) {
	from, c := b.firm(b.person())
	host := from[strings.IndexByte(from, '@')+1:]
	m := phpMailer("https://"+host, "5.2.9")
	if b.Chance(0.5) {
		m = b.kit("notice")
		m.helo, m.forged, m.bounce, m.backup, m.damage, m.to = "", "", "", 0, whole, ""
	}
	w := &draft{at: at, mailer: m, client: c, rcpt: b.someone(), fromName: title(strings.Split(host, ".")[0]), from: dice.Pick(b.Dice, []string{"no-reply", "service", "orders", "info"}) + "@" + host}
	lines := b.talk(notices, b.Between(1, 3), at)
	link := "https://www." + host + "/" + b.Chars(dice.Lower, 5) + "/" + b.Chars(dice.Digits, 7)
	w.subject = dice.Pick(b.Dice, []string{"Your order " + b.Chars(dice.Digits, 6), "Receipt " + b.Chars(dice.Digits, 5), "Your appointment", "Ticket " + b.Chars(dice.Digits, 6) + " updated", "New message"})
	w.text = wrap(strings.Join(lines, "\n\n"), 72) + "\n\n" + link + "\n"
	if b.Chance(0.6) {
		w.html = b.newLook().html(lines, link, "Details", "", "")
	}
	b.add(w)
}

// listPost is a post to one of a few mailing lists: same list server, same footer,
// different people.
func (b *builder) listPost(at time.Time) {
	if len(b.forums) == 0 {
		for range b.Between(2, 5) {
			d := b.domain(twoWords, "org")
			b.legitimate(d, dice.Pick(b.Dice, b.sharedAddrs))
			a := dice.Pick(b.Dice, b.hosters).address(b.Dice)
			b.host("lists."+d, a)
			b.forums = append(b.forums, forum{dice.Pick(b.Dice, topics), d, client{addr: a, reverse: "lists." + d, name: "lists." + d, sealed: d}, b.someone()})
		}
	}
	f := dice.Pick(b.Dice, b.forums)
	p := b.person()
	m := dice.Pick(b.Dice, programs(b.year))
	m.zones = []string{dice.Pick(b.Dice, zones)}
	w := &draft{at: at, mailer: m, client: f.client, rcpt: f.reader, fromName: p.String(), from: b.local(p) + "@" + dice.Pick(b.Dice, b.freemail).domain}
	w.subject = dice.Pick(b.Dice, []string{"", "Re: "}) + "[" + f.name + "] " + dice.Pick(b.Dice, topics) + " " + dice.Pick(b.Dice, []string{"question", "again", "in " + dice.Pick(b.Dice, cities), "help"})
	w.lists = [][2]string{{"List-Id", f.name + " <" + f.name + ".lists." + f.domain + ">"}, {"List-Post", "<mailto:" + f.name + "@lists." + f.domain + ">"},
		{"List-Unsubscribe", "<http://lists." + f.domain + "/options/" + f.name + ">"}, {"X-Mailman-Version", "2.1.5"}, {"Errors-To", f.name + "-bounces@lists." + f.domain}}
	w.envelope = f.name + "-bounces@lists." + f.domain
	w.text = wrap(strings.Join(b.talk(chatter, b.Between(2, 4), at), "\n\n"), 72) + "\n\n_______________________________________________\n" +
		f.name + " mailing list\nhttp://lists." + f.domain + "/listinfo/" + f.name + "\n"
	b.add(w)
}

// forum is a web forum that sends notices.
type forum struct {
	name, domain string
	client       client
	reader       string
}

// loneSpam writes a single spam message that shares only public services with
// the rest.
func (b *builder) loneSpam(at time.Time) {
	names := b.tradeNames()
	a := b.newActor(trades()[dice.Pick(b.Dice, names)], b.craftOf())
	if a.pools[0].kind == snowshoe {
		return
	}
	a.craft.copied = 0
	c := b.newCampaign(a, 1)
	b.plan(c)
	c.plans[0].at = at
	was := len(b.messages)
	b.post(c)
	m := &b.messages[was]
	m.Class, m.Traits, m.Campaign = OneOff, nil, fmt.Sprintf("o-%d", b.count("one-off"))
	m.Operation = m.Campaign
}
