package world

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"spoor/internal/lab/dice"
)

// espMailer is the software of an e-mail service: the same for all its
// customers, publishers and spammers.
//
// It is made once for each platform. Its form is therefore evidence of nothing
// but the service.
func (b *builder) espMailer(p *platform) *mailer {
	if p.mailer == nil {
		m := b.kit("esp-" + p.domain)
		m.helo, m.forged, m.backup, m.damage, m.plain, m.htmlOnly, m.to = "", "", 0, whole, false, false, ""
		m.idHost, m.encoding, m.bounce = p.domain, "qp", ""
		p.mailer = m
	}
	return p.mailer
}

// espHeaders adds the header fields of a sending service to a customer's mail.
func (b *builder) espHeaders(w *draft, p *platform, account, mailing string) {
	r := b.Chars(dice.Slug, 12)
	w.envelope = fmt.Sprintf("bounces+%s-%s-%s=%s@%s", account, r[:4], strings.Replace(w.rcpt, "@", "=", 1), b.Chars(dice.Digits, 3), p.domain)
	link := "<http://" + p.domain + p.link(b.Dice, account, mailing, r) + ">"
	w.lists = append(w.lists, [2]string{"List-Unsubscribe", link}, [2]string{"X-" + title(strings.Split(p.domain, ".")[0]) + "-EID", b.Chars(dice.Base62, 20)})
}

// publisher sends a newsletter.
//
// A newsletter looks like a campaign: one sender, program and frame, many
// issues. In the truth it is a class of its own.
type publisher struct {
	name, domain, list string
	mailer             *mailer
	esp                *platform
	account            string
	client             client
	topic              []string
	look               *look
	footer             string
	listID, leave      bool
	prefix             string
	every              time.Duration
	readers            []string
}

// topics of newsletters.
var topics = strings.Fields(`garden roses tomatoes trains stations boats sailing chess openings cooking bread cheese cycling routes schools teachers
	museums paintings history castles science planets birds weather energy housing parking elections council music choir concerts books poems cinema
	football results tennis running winter skiing travel beaches hotels recipes software updates security servers databases markets wheat coffee tea`)

// reports are sentences of newsletters; {a|b} are alternatives, [x] gaps.
var reports = []string{
	"{The|This week's} {report|story} on [topic] {comes|is} from [city], where [person] {met|asked} {the|several} {makers|neighbours|experts}.",
	"{In|From} [city] we {hear|learn} that [topic] {will|may} {change|become dearer|open again} {in|by} {spring|autumn|the new year}.",
	"[person] {explains|shows} {how|why} [topic] and [topic2] {belong|go} together, {with|in} {many|seven} {pictures|examples}.",
	"{Readers|Members} {asked|wrote} {about|us for more on} [topic]: {here are|we collected} the {answers|best letters}.",
	"{The|A} {meeting|fair|evening} on [topic] {takes place|begins} on [day] in [city], {entrance|admission} {is free|costs little}.",
	"{We|Our team} {tested|compared} {five|nine|a dozen} kinds of [topic] and {were|are} {surprised|pleased}.",
	"{Numbers|Figures} {of|for} [topic] {rose|fell} {again|slightly}, {says|according to} [person].",
	"{Next|In the next} issue: [topic2], {and|as well as} {a visit to|news from} [city].",
}

// innocence fills the world up with mail that is no campaign.
//
// Newsletters take 35 to 75 percent of it; the rest is single messages that
// resemble nothing.
func (b *builder) innocence() {
	left := b.o.Messages - len(b.messages)
	share := 0.35 + 0.4*b.Float64()
	b.newsletters(int(float64(left) * share))
	for len(b.messages) < b.o.Messages {
		b.oneOff()
	}
}

// newPublisher makes up a newsletter, sent by itself or through a mailing
// service.
func (b *builder) newPublisher() *publisher {
	p := &publisher{every: time.Duration(dice.Pick(b.Dice, []int{1, 7, 7, 14, 30})) * 24 * time.Hour, topic: dice.Some(b.Dice, topics, b.Between(3, 8)), look: b.newLook()}
	p.domain = b.domain(dice.Pick(b.Dice, []int{twoWords, threeWords, pronounceable}), dice.Pick(b.Dice, []string{"com", "org", "net", "de", "co.uk", "fr"}))
	p.name = title(dice.Pick(b.Dice, p.topic)) + " " + dice.Pick(b.Dice, []string{"Weekly", "News", "Letter", "Digest", "Post", "Review"})
	p.list = dice.Pick(b.Dice, []string{"news", "newsletter", "list", "info", "letter"})
	addr := dice.Pick(b.Dice, append(b.cdnAddrs, b.sharedAddrs...))
	b.legitimate(p.domain, addr)
	// One of the two fields at least, since a newsletter without either is spam
	// to any filter.
	both := b.Chance(0.8)
	p.listID = both || b.Chance(0.5)
	p.leave = both || !p.listID
	if b.Chance(0.3) {
		p.prefix = "[" + p.name + "] "
	}
	p.footer = b.company() + ", " + fmt.Sprintf("%d %s Street, %s", b.Between(1, 300), dice.Pick(b.Dice, streets), dice.Pick(b.Dice, cities))
	// Few readers: each sees one organisation's mail only.
	for range b.Spread(1, 5) {
		p.readers = append(p.readers, dice.Pick(b.Dice, b.users)+"@"+dice.Pick(b.Dice, b.ownDomains))
	}
	if b.Chance(0.55) {
		p.esp = dice.Pick(b.Dice, b.platforms["esp"])
		p.account, p.mailer = expand(b.Dice, p.esp.id, fill{}), b.espMailer(p.esp)
		return p
	}
	p.mailer = b.kit("newsletter")
	p.mailer.helo, p.mailer.forged, p.mailer.backup, p.mailer.damage, p.mailer.wordEnc, p.mailer.to = "", "", 0, whole, "q", ""
	p.mailer.idHost = "from"
	a := dice.Pick(b.Dice, b.hosters).address(b.Dice)
	p.client = client{addr: a, reverse: "mail." + p.domain, name: "mail." + p.domain, sealed: p.domain}
	b.host("mail."+p.domain, a)
	return p
}

// newsletters writes n messages of newsletters.
func (b *builder) newsletters(n int) {
	stop := len(b.messages) + n
	for len(b.messages) < stop {
		p := b.newPublisher()
		at := b.start.Add(time.Duration(b.IntN(int(p.every/time.Second))) * time.Second)
		for issue := 1; at.Before(b.end) && len(b.messages) < stop && issue < 30; issue++ {
			b.issue(p, issue, at, stop)
			at = at.Add(p.every + time.Duration(b.IntN(3600))*time.Second)
		}
	}
}

// issue is one issue to some of its readers.
func (b *builder) issue(p *publisher, number int, at time.Time, stop int) {
	s := slots{"day": at.AddDate(0, 0, 5).Format("Monday")}
	var paragraphs []string
	for range b.Between(3, 7) {
		q := b.person()
		s["topic"], s["topic2"], s["city"], s["person"] = dice.Pick(b.Dice, p.topic), dice.Pick(b.Dice, p.topic), dice.Pick(b.Dice, cities), q.String()
		paragraphs = append(paragraphs, s.fill(b.once(dice.Pick(b.Dice, reports)), "x@y", at))
	}
	subject := p.prefix + dice.Pick(b.Dice, []string{fmt.Sprintf("%s %d: %s", p.name, number+40, s["topic"]), title(s["topic"]) + " and " + s["topic2"], fmt.Sprintf("%s in %s", title(s["topic"]), s["city"])})
	mailing := b.Chars(dice.Digits, 5)
	for _, rcpt := range p.readers {
		// One copy in ten is missing, as readers come and go.
		if len(b.messages) >= stop || b.Chance(0.1) {
			continue
		}
		b.copy(p, subject, mailing, paragraphs, rcpt, at.Add(time.Duration(b.IntN(900))*time.Second))
	}
}

// copy delivers one copy of an issue to a reader.
func (b *builder) copy(p *publisher, subject, mailing string, paragraphs []string, rcpt string, at time.Time) {
	w := &draft{at: at, mailer: p.mailer, client: p.client, rcpt: rcpt, fromName: p.name, from: p.list + "@" + p.domain, subject: subject}
	if p.listID {
		w.lists = append(w.lists, [2]string{"List-Id", p.name + " <" + p.list + "." + p.domain + ">"})
	}
	link, leave := "http://www."+p.domain+"/issues/"+mailing, "http://"+p.domain+"/leave?u="+b.Chars(dice.Digits, 6)
	if p.esp != nil {
		host := "http://click." + p.esp.domain
		b.host("click."+p.esp.domain, p.esp.net.address(b.Dice))
		link, leave = host+p.esp.link(b.Dice, p.account, mailing, b.Chars(dice.Slug, 10)), host+p.esp.link(b.Dice, p.account, mailing, b.Chars(dice.Slug, 10))
		// The platform's machines are those that spammers with an account use,
		// too.
		sender := &pool{kind: espAccount, esp: p.esp}
		w.client = sender.client(b, b.Dice, at, 0, "", "")
		b.espHeaders(w, p.esp, p.account, mailing)
		if !p.leave {
			w.lists = slices.DeleteFunc(w.lists, func(f [2]string) bool { return f[0] == "List-Unsubscribe" })
		}
	} else if p.leave {
		w.lists = append(w.lists, [2]string{"List-Unsubscribe", "<" + leave + ">"}, [2]string{"Precedence", "bulk"})
	}
	footer := []string{p.footer, "You receive " + p.name + " because you subscribed."}
	all := append(append([]string{subject}, paragraphs...), footer...)
	w.text = wrap(strings.Join(all, "\n\n"), 72) + "\n\nRead on: " + link + "\nLeave: " + leave + "\n"
	w.html = p.look.html(all, link, "Read on", "", "<p><a href=\""+escape(leave)+"\">Leave this list</a></p>\n")
	w.link = link
	name := fmt.Sprintf("n-%d", b.count("newsletter"))
	b.deliver(w, Message{Class: Newsletter, Campaign: name, Operation: name, Issuer: p.domain})
}
