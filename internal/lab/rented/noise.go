package rented

import (
	"fmt"
	"strings"
	"time"

	"spoor/internal/lab/compose"
	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
)

// noise sends the mail outside campaigns: newsletters of the services that
// campaigns use too, honest notices of the platforms, mailing lists, single
// mails, and reports.
//
// The shares in percent: 45 newsletters, 8 lists, 10 notices, 29 single
// messages, 8 reports.
func (w *world) noise(messages int) {
	for left := messages * 45 / 100; left > 0; {
		n := min(left, w.Spread(2, 20))
		w.newsletter(n)
		left -= n
	}
	for left := messages * 8 / 100; left > 0; {
		n := min(left, w.Spread(3, 15))
		w.list(n)
		left -= n
	}
	for range messages * 10 / 100 {
		w.honestNotice()
	}
	for range messages * 29 / 100 {
		w.single()
	}
	for range messages * 8 / 100 {
		w.report()
	}
}

// Noise is a campaign and an operation of its own in the truth, one for each
// source.
func (w *world) label(kind string) labelled.Label {
	w.serial++
	id := fmt.Sprintf("noise:%s:%04d", kind, w.serial)
	return labelled.Label{Campaign: id, Operation: id, Run: id, Damage: "none"}
}

func (w *world) anyTime() time.Time {
	return w.start.Add(time.Duration(w.IntN(w.days*24*3600)) * time.Second)
}

// newsletter sends issues of one publisher: wanted ones of news, unwanted ones of shops.
func (w *world) newsletter(issues int) {
	label := w.label(labelled.Newsletter)
	domain, look := w.Name(0, w.TLD()), w.newLayout()
	w.Register(domain, w.Owner(1, false, false), dice.Pick(w.Dice, w.market.hosters).Addr(), w.start.AddDate(-3, 0, 0))
	s, account, h := dice.Pick(w.Dice, w.market.services), w.Digits(w.Between(5, 9)), w.newHand(programs[6])
	topic := dice.Pick(w.Dice, []string{"news", "news", "shop"})
	title := w.Word(2) + " " + dice.Pick(w.Dice, list("Letter Weekly Club Journal"))
	at := w.anyTime()
	to := dice.Pick(w.Dice, w.boxes)
	for i := range issues {
		o := w.newOffer(topic, 1, 1, 0)
		for o.lang != "en" {
			o = w.newOffer(topic, 1, 1, 0)
		}
		c := &content{open: title, close: "You receive this because you subscribed at " + domain, sentences: o.letters[0], press: "Read on", link: "https://www." + domain + "/" + w.Chars(dice.Slug, 8)}
		m := &mail{at: at, fromName: title, from: "news@" + domain, to: to, subject: fmt.Sprintf("%s: %s", title, o.subjects[0]), text: look.text(c), page: look.page(c)}
		label.Run = fmt.Sprint(label.Campaign, "/", i)
		bounce := s.stamp(w, m, account, strings.ToLower(strings.Fields(title)[0]))
		w.post(m, h, s.fleet, bounce, label, nil)
		at = at.Add(time.Duration(w.Between(20, 90)) * time.Hour)
	}
}

// list is a mailing list: many authors, one footer.
func (w *world) list(posts int) {
	label := w.label(labelled.Newsletter)
	domain := w.Name(0, "org")
	name := strings.ToLower(w.Word(2)) + "-users"
	w.Register(domain, w.Owner(1, false, false), dice.Pick(w.Dice, w.market.hosters).Addr(), w.start.AddDate(-7, 0, 0))
	f := w.own("hacked", w.Owner(1, false, false))
	f.kind = "servers"
	at := w.anyTime()
	for range posts {
		o := w.newOffer("news", 1, 1, 0)
		author := w.Word(2) + " " + w.Word(2)
		m := &mail{at: at, fromName: author, from: w.local() + "@" + w.Name(0, w.TLD()), to: name + "@" + domain, subject: "[" + name + "] " + o.subjects[0],
			text:  strings.Join(o.letters[0], "\n") + "\n\n" + author + "\n\n-- \n" + name + " mailing list\nhttps://" + domain + "/mailman/listinfo/" + name + "\n",
			extra: []string{"List-Id: <" + name + "." + domain + ">", "List-Post: <mailto:" + name + "@" + domain + ">", "Precedence: list", "Sender: owner-" + name + "@" + domain}}
		w.post(m, w.newHand(programs[2+w.IntN(len(programs)-2)]), f, "owner-"+name+"@"+domain, label, nil)
		at = at.Add(time.Duration(w.Between(2, 40)) * time.Hour)
	}
}

// honestNotice is a platform's mail about an honest customer.
//
// It has all of the platform's form. Only the account differs from that of a
// campaign's notice.
func (w *world) honestNotice() {
	o := w.newOffer("news", 1, 1, 0)
	m := &mail{at: w.anyTime(), fromName: w.Word(2), to: dice.Pick(w.Dice, w.boxes), subject: o.subjects[0]}
	p := dice.Pick(w.Dice, w.market.platforms)
	bounce := p.notice(w, m, w.Digits(8), o.name, strings.Join(o.letters[0], " "), "")
	w.post(m, w.newHand(programs[6]), p.fleet, bounce, w.label(labelled.Single), nil)
}

// single is a mail without like: half of them spam of somebody who sent us only one.
//
// The spam half has all the marks of a sparse campaign, but no second message.
func (w *world) single() {
	if w.Chance(0.5) {
		l := w.newLine(w.newCrew(knobsOf["sparse"]), 1)
		w.lines--
		l.shoot(w.anyTime(), "", l.domains[0], dice.Pick(w.Dice, l.crew.hands), dice.Pick(w.Dice, l.crew.fleets), 0)
		last := &w.set.Messages[len(w.set.Messages)-1]
		id := last.ID
		last.Label, last.Traits = w.label(labelled.Single), nil
		last.ID = id
		return
	}
	o := w.newOffer("news", 1, 1, 0)
	name := w.Word(2) + " " + w.Word(2)
	m := &mail{at: w.anyTime(), fromName: name, from: w.local() + "@" + w.Name(0, w.TLD()), to: dice.Pick(w.Dice, w.boxes), subject: dice.Pick(w.Dice, []string{"Re: ", ""}) + o.subjects[0], text: strings.Join(o.letters[0], "\n") + "\n\n" + name + "\n"}
	w.post(m, w.newHand(dice.Pick(w.Dice, programs)), w.own("servers", w.Owner(1, false, false)), m.from, w.label(labelled.Single), nil)
}

// report is a stranger's notice that mail in our name failed; it quotes the spam.
//
// Half of the reports quote the whole message, the others its header.
func (w *world) report() {
	quoted := dice.Pick(w.Dice, w.set.Messages)
	host, to := "mx."+w.Name(0, w.TLD()), dice.Pick(w.Dice, w.boxes)
	f := w.own("hacked", w.Owner(1, false, false))
	at := quoted.At.Add(time.Duration(w.Between(5, 7200)) * time.Second)
	id, boundary := w.Chars(dice.Base62, 15)+"@"+host, w.Chars(dice.HEX, 12)+"."+w.Digits(10)+"/"+host
	header, _, _ := strings.Cut(string(quoted.Raw), "\n\n")
	third := compose.Part{Header: []string{"Content-Type: message/rfc822"}, Text: string(quoted.Raw)}
	if w.Chance(0.5) {
		third = compose.Part{Header: []string{"Content-Type: text/rfc822-headers"}, Text: header}
	}
	body := compose.Multipart(boundary, "",
		compose.Part{Header: []string{"Content-Type: text/plain; charset=us-ascii"}, Text: "Delivery to the following recipient failed permanently:\n\n     " + w.local() + "@" + host + "\n"},
		compose.Part{Header: []string{"Content-Type: message/delivery-status"}, Text: "Reporting-MTA: dns;" + host + "\nArrival-Date: " + quoted.At.Format(time.RFC1123Z) + "\n\nFinal-Recipient: rfc822;" + w.local() + "@" + host + "\nAction: failed\nStatus: 5.1.1\n"}, third)
	raw := fmt.Sprintf("Return-Path: <>\nX-Original-To: %s\nDelivered-To: %s\nReceived: from %s (unknown [%s])\n\tby %s (Postfix) with ESMTP id 4%s\n\tfor <%s>; %s\nFrom: Mail Delivery Subsystem <mailer-daemon@%s>\nTo: %s\nSubject: %s\nDate: %s\nMessage-ID: <%s>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=\"%s\"; report-type=delivery-status\n\n%s",
		to, to, host, f.addrs[0], dice.Pick(w.Dice, w.mx), w.Chars(dice.Upper, 11), to, at.Format(time.RFC1123Z), host, to, dice.Pick(w.Dice, []string{"Delivery Status Notification (Failure)", "Undelivered Mail Returned to Sender", "failure notice"}), at.Format(time.RFC1123Z), id, boundary, body)
	label := w.label(labelled.Report)
	label.ID = id
	w.set.Messages = append(w.set.Messages, labelled.Message{Label: label, Raw: []byte(raw), At: at, Sender: f.addrs[0]})
}
