package world

import (
	"fmt"
	"strings"
	"time"
)

var chatter = []string{
	"{I|We} {hope|trust} {you|all of you} {are well|got home safely}, {it|the trip} was {lovely|far too short}.", "{Could|Can} you {send|bring} me the {keys|photos|minutes} {before|by} [day]?",
	"{Mother|Uncle [person]|The landlord} {called|wrote} {again|yesterday} about the {roof|heating|party}.", "{The|Our} {meeting|lesson} on [day] {moves|is moved} to {ten|half past four}.",
	"{Attached|Below} are the {numbers|drawings} that [person] {asked|wanted} for.", "{Did|Have} you {see|seen} what {they wrote about|happened with} [topic]?",
	"{Let me|I will let you} know {whether|if} [city] {works|is fine} {for you|next week}.", "{Thanks|Thank you} for {the book on [topic]|your help with the [topic]}, {I owe you|it was fun}.",
}

var notices = []string{
	"{Your|The} order {no.|number} [code] {has|was} {left|shipped from} our {house|warehouse in [city]}.", "{We|Our clerks} {received|booked} your payment of [price] {for|towards} invoice [code].",
	"{Your|The} appointment on [day] {is|stays} {confirmed|as planned} with [person].", "{The|Your} ticket [code] {about|on} [topic] {was|is now} {closed|answered}.",
	"{A|One} {new|further} {comment|reply} {to|on} your {post|question} on [topic] {came|was written}.", "{The|Your} {statement|account} for {this month|the quarter} {is|stands} {ready|online}.",
}

// oneOff writes one message that has no siblings.
func (b *builder) oneOff() {
	at := b.start.Add(time.Duration(b.Float64() * float64(b.end.Sub(b.start))))
	switch b.weighted([]float64{4, 3, 2, 1.2}) {
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

func (b *builder) someone() string { return pick(b.dice, b.users) + "@" + pick(b.dice, b.ownDomains) }

func (b *builder) talk(of []string, n int, at time.Time) []string {
	var out []string
	for range n {
		q := b.person()
		s := slots{
			"topic": pick(b.dice, topics), "city": pick(b.dice, cities), "person": q.String(), "day": at.AddDate(0, 0, b.between(1, 6)).Format("Monday"),
			"code": b.chars(capitals, 2) + b.chars(decimal, 7), "price": fmt.Sprintf("%d.%s", b.between(4, 900), b.chars(decimal, 2)),
		}
		out = append(out, s.fill(b.once(pick(b.dice, of)), "x@y", at))
	}
	return out
}

// personal is a letter of a human being, from a mailbox provider or a firm.
func (b *builder) personal(at time.Time) {
	p := b.person()
	m := pick(b.dice, programs(b.year))
	zone := pick(b.dice, zones)
	m.zones = []string{zone}
	w := &draft{at: at, mailer: m, rcpt: b.someone(), fromName: p.String()}
	if b.chance(0.6) {
		s := pick(b.dice, b.freemail)
		w.from = b.local(p) + "@" + s.domain
		w.client = s.client(b, b.dice, at, w.rcpt, pick(b.dice, b.lines).address(b.dice).String())
		if b.chance(0.5) {
			w.mailer = s.like
		}
	} else {
		w.from, w.client = b.firm(p)
	}
	w.subject = pick(b.dice, []string{"", "Re: ", "Fwd: ", "AW: "}) + pick(b.dice, []string{title(pick(b.dice, topics)), pick(b.dice, cities), "the " + pick(b.dice, topics), "Hello", "photos", pick(b.dice, topics) + " on " + at.Format("Monday")})
	w.text = wrap(strings.Join(append(append([]string{"Hi,"}, b.talk(chatter, b.between(2, 5), at)...), p.given), "\n\n"), 72)
	if b.chance(0.3) {
		_, data := document("pdf", b.Uint32())
		w.files = []file{{name: pick(b.dice, topics) + ".pdf", kind: "application/pdf", data: data}}
	}
	b.add(w)
}

// firm returns a sender at a firm with a mail server of its own.
func (b *builder) firm(p person) (from string, c client) {
	d := b.domain(pick(b.dice, []int{twoWords, threeWords}), pick(b.dice, []string{"com", "org", "net", "de", "co.uk"}))
	a := pick(b.dice, b.hosters).address(b.dice)
	b.legitimate(d, pick(b.dice, append(b.cdnAddrs, b.sharedAddrs...)))
	b.host("mail."+d, a)
	return b.local(p) + "@" + d, client{addr: a, reverse: "mail." + d, name: "mail." + d, sealed: d}
}

// notice is a receipt or notification of a firm's machine.
func (b *builder) notice(at time.Time) {
	from, c := b.firm(b.person())
	host := from[strings.IndexByte(from, '@')+1:]
	m := phpMailer("https://"+host, "5.2.9")
	if b.chance(0.5) {
		m = b.kit("notice")
		m.helo, m.forged, m.bounce, m.backup, m.damage, m.to = "", "", "", 0, whole, ""
	}
	w := &draft{at: at, mailer: m, client: c, rcpt: b.someone(), fromName: title(strings.Split(host, ".")[0]), from: pick(b.dice, []string{"no-reply", "service", "orders", "info"}) + "@" + host}
	lines := b.talk(notices, b.between(1, 3), at)
	link := "https://www." + host + "/" + b.chars(letters, 5) + "/" + b.chars(decimal, 7)
	w.subject = pick(b.dice, []string{"Your order " + b.chars(decimal, 6), "Receipt " + b.chars(decimal, 5), "Your appointment", "Ticket " + b.chars(decimal, 6) + " updated", "New message"})
	w.text = wrap(strings.Join(lines, "\n\n"), 72) + "\n\n" + link + "\n"
	if b.chance(0.6) {
		w.html = b.newLook().html(lines, link, "Details", "", "")
	}
	b.add(w)
}

// listPost is a post to one of a few mailing lists: same list server, same footer,
// different people.
func (b *builder) listPost(at time.Time) {
	if len(b.forums) == 0 {
		for range b.between(2, 5) {
			d := b.domain(twoWords, "org")
			b.legitimate(d, pick(b.dice, b.sharedAddrs))
			a := pick(b.dice, b.hosters).address(b.dice)
			b.host("lists."+d, a)
			b.forums = append(b.forums, forum{pick(b.dice, topics), d, client{addr: a, reverse: "lists." + d, name: "lists." + d, sealed: d}, b.someone()})
		}
	}
	f := pick(b.dice, b.forums)
	p := b.person()
	m := pick(b.dice, programs(b.year))
	m.zones = []string{pick(b.dice, zones)}
	w := &draft{at: at, mailer: m, client: f.client, rcpt: f.reader, fromName: p.String(), from: b.local(p) + "@" + pick(b.dice, b.freemail).domain}
	w.subject = pick(b.dice, []string{"", "Re: "}) + "[" + f.name + "] " + pick(b.dice, topics) + " " + pick(b.dice, []string{"question", "again", "in " + pick(b.dice, cities), "help"})
	w.lists = [][2]string{{"List-Id", f.name + " <" + f.name + ".lists." + f.domain + ">"}, {"List-Post", "<mailto:" + f.name + "@lists." + f.domain + ">"},
		{"List-Unsubscribe", "<http://lists." + f.domain + "/options/" + f.name + ">"}, {"X-Mailman-Version", "2.1.5"}, {"Errors-To", f.name + "-bounces@lists." + f.domain}}
	w.envelope = f.name + "-bounces@lists." + f.domain
	w.text = wrap(strings.Join(b.talk(chatter, b.between(2, 4), at), "\n\n"), 72) + "\n\n_______________________________________________\n" +
		f.name + " mailing list\nhttp://lists." + f.domain + "/listinfo/" + f.name + "\n"
	b.add(w)
}

type forum struct {
	name, domain string
	client       client
	reader       string
}

// loneSpam writes a single spam message that shares only public services with
// the rest.
func (b *builder) loneSpam(at time.Time) {
	names := b.tradeNames()
	a := b.newActor(trades()[pick(b.dice, names)], b.craftOf())
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
