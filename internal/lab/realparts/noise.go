package realparts

import (
	"fmt"
	"html"
	"strings"
	"time"

	"spoor/internal/lab/compose"
	"spoor/internal/lab/dice"
	"spoor/internal/lab/labelled"
)

// chaff is a line of words against filters.
func (w *world) chaff() string {
	var b strings.Builder
	for range w.Between(6, 20) {
		b.WriteString(strings.ToLower(dice.Pick(w.Dice, w.chaffWords())) + " ")
	}
	return b.String()
}

// chaffWords returns words of most mail, so that the chaff of two campaigns is
// alike.
func (w *world) chaffWords() []string {
	return strings.Fields("river window paper garden music morning winter letter silver corner basket engine summer bridge planet candle pocket market circle branch")
}

// noise sends the mail outside campaigns: newsletters of honest customers of
// the services, single mails, and reports of spam sent in our name.
//
// 45 percent of it are single messages and 6 percent reports; the rest are
// newsletters.
func (w *world) noise(messages int) {
	single := messages * 45 / 100
	reports := messages * 6 / 100
	for left := messages - single - reports; left > 0; {
		n := min(left, w.Spread(3, 24))
		w.newsletter(n)
		left -= n
	}
	for i := range single {
		w.single(i)
	}
	for i := range reports {
		w.report(i)
	}
}

// newsletter sends the issues of one publisher.
//
// The same services send campaigns, so that sender, program and host of the
// links agree with those.
func (w *world) newsletter(issues int) {
	w.actors++
	id := fmt.Sprintf("noise:%s:%03d", labelled.Newsletter, w.actors)
	domain, title := w.Name(0, "example"), w.Word(3)+" "+dice.Pick(w.Dice, strings.Fields("Weekly News Letter Digest Post Report"))
	s := dice.Pick(w.Dice, w.services)
	w.Register(domain, w.Owner(1, false, false), w.At(w.hosting), w.start.AddDate(-4, 0, 0))
	program, customer, to := newProgram(w.Dice, s.program.real), w.Digits(6), dice.Pick(w.Dice, w.boxes)
	at := w.start.Add(time.Duration(w.IntN(w.days*12)) * time.Hour)
	for i := range issues {
		at = at.Add(time.Duration(w.days*12/issues) * time.Hour)
		shot := shot{
			at: at, from: "news@" + domain, to: to, name: title, subject: fmt.Sprintf("%s, issue %d", title, i+1), program: program, pool: s.pool,
			unsubscribe: "http://" + s.domain + "/u/" + customer + "/" + w.Chars(dice.Base62, 12), enveloped: "bounce+" + customer + "." + w.Chars(dice.Hex, 8) + "@" + s.domain,
		}
		var plain strings.Builder
		fmt.Fprintf(&plain, "%s\n\n", title)
		for range w.Between(3, 6) {
			fmt.Fprintf(&plain, "%s\n\nhttp://www.%s/%s\n\n", w.corpus.paragraph(w.Dice, w.Word), domain, w.Chars(dice.Slug, 7))
		}
		fmt.Fprintf(&plain, "You get this because you subscribed to %s. Unsubscribe: %s\n", title, shot.unsubscribe)
		w.post(&shot, asPage(plain.String()), plain.String(), labelled.Label{Campaign: id, Operation: id, Run: fmt.Sprint(id, "/", i)}, nil)
	}
}

func asPage(plain string) string {
	return "<html><body>\n<p>" + strings.ReplaceAll(html.EscapeString(plain), "\n\n", "</p>\n<p>") + "</p>\n</body></html>\n"
}

// single sends a mail that has no like: wanted prose, or a real lure that came once.
//
// Each is an operation of its own in the truth.
func (w *world) single(i int) {
	id := fmt.Sprintf("noise:%s:%03d", labelled.Single, i)
	a := w.newActor("plain")
	c := &campaign{w: w, actor: a, grade: "plain", size: 1}
	c.creative = &creative{campaign: c, own: map[string]string{}}
	s := shot{
		at: w.start.Add(time.Duration(w.IntN(w.days*24*60)) * time.Minute), to: dice.Pick(w.Dice, w.boxes), name: w.Word(2) + " " + w.Word(2), host: w.domain(a, false, w.start),
		program: a.programs[0], pool: a.pools[0],
	}
	s.from = strings.ToLower(w.Word(2)) + "@" + w.Name(0, "test")
	s.enveloped, s.link = s.from, "http://"+s.host+"/"+w.Chars(dice.Slug, 6)
	label := labelled.Label{Campaign: id, Operation: id, Run: id}
	if w.Chance(0.5) {
		v := &w.lure().variants[0]
		s.subject, s.name = v.subject, v.fromName
		page, plain := c.creative.write(v, &s)
		w.post(&s, page, plain, label, nil)
		return
	}
	s.subject = dice.Pick(w.Dice, []string{"Re: ", "", "Fwd: "}) + w.Word(2) + " " + strings.ToLower(w.Word(2))
	plain := fmt.Sprintf("Hello,\n\n%s\n\n%s\n\n%s\n", w.corpus.paragraph(w.Dice, w.Word), w.corpus.paragraph(w.Dice, w.Word), s.name)
	w.post(&s, asPage(plain), plain, label, nil)
}

// report is a stranger's server telling that mail in our name was not delivered.
//
// It quotes the header of a spam message of the world, which has all of its
// evidence, and yet belongs to no campaign: the reporter is no spammer.
func (w *world) report(i int) {
	quoted := dice.Pick(w.Dice, w.set.Messages)
	id := fmt.Sprintf("noise:%s:%03d", labelled.Report, i)
	host, addr, to := "mail."+w.Name(0, "test"), w.At(w.hosting), dice.Pick(w.Dice, w.boxes)
	boundary, queue, mx := w.Chars(dice.HEX, 10)+"."+w.Digits(10)+"/"+host, w.Chars(dice.HEX, 10), dice.Pick(w.Dice, w.mx)
	at := quoted.At.Add(time.Duration(w.Between(2, 600)) * time.Second)
	header, _, _ := strings.Cut(string(quoted.Raw), "\n\n")
	messageID := at.UTC().Format("20060102150405") + "." + queue + "@" + host
	body := compose.Multipart(boundary, "This is a MIME-encapsulated message.\n\n",
		compose.Part{Header: []string{"Content-Description: Notification", "Content-Type: text/plain; charset=us-ascii"}, Text: "This is the mail system at host " + host + ".\n\nYour message could not be delivered.\n\n<" + strings.ToLower(w.Word(2)) + "@" + host + ">: user unknown\n"},
		compose.Part{Header: []string{"Content-Description: Delivery report", "Content-Type: message/delivery-status"}, Text: "Reporting-MTA: dns; " + host + "\nX-Postfix-Queue-ID: " + queue + "\n\nAction: failed\nStatus: 5.1.1\n"},
		compose.Part{Header: []string{"Content-Description: Undelivered Message Headers", "Content-Type: text/rfc822-headers"}, Text: header + "\n"})
	raw := fmt.Sprintf("Return-Path: <>\nDelivered-To: %s\nReceived: from %s (%s [%s])\n\tby %s (Postfix) with ESMTP id %s\n\tfor <%s>; %s\nReceived: by %s (Postfix)\n\tid %s; %s\nDate: %s\nFrom: MAILER-DAEMON@%s (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\nTo: %s\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"%s\"\nMessage-Id: <%s>\n\n%s",
		to, host, host, addr, mx, w.Chars(dice.HEX, 10), to, at.Format(time.RFC1123Z), host, queue, at.Format(time.RFC1123Z), at.Format(time.RFC1123Z), host, to, boundary, messageID, body)
	w.set.Messages = append(w.set.Messages, labelled.Message{Label: labelled.Label{ID: messageID, Campaign: id, Operation: id, Run: id}, Raw: []byte(raw), At: at, Sender: addr})
}
