package rented

import (
	"fmt"
	"strings"

	"spoor/internal/lab/dice"
)

// serviceStyles is the number of mailing services.
const serviceStyles = 5

// stamp makes a mail one of a customer's of the service, in the service's own way: fields,
// Message-ID, bounce address, link to unsubscribe. It returns the bounce address.
//
// The forms imitate five real services. In each the customer's number, or
// letters made of it, stands in several fields, and the rest is chance.
func (s *service) stamp(w *world, m *mail, account, name string) (bounce string) {
	d := domainOf(m.from)
	at := strings.Replace(m.to, "@", "=", 1)
	m.extra = append(m.extra, "List-Unsubscribe: <https://"+s.domain+"/u/"+account+"/"+w.Chars(dice.Base62, 14)+">")
	switch s.style {
	case 0: // values with the customer's prefix
		fixed := letters(account)
		m.id = w.Chars(dice.Base62, 22) + "@geopod-ismtpd-" + w.Digits(2)
		m.extra = append(m.extra, "X-SG-EID: \n u001."+fixed+w.Chars(dice.Base64, 48), "X-SG-ID: \n u001."+w.Chars(dice.Base64, 64), "X-Entity-ID: u001."+fixed+"==")
		return "bounces+" + account + "-" + w.Chars(dice.Hex, 4) + "-" + at + "@em" + account[:4] + "." + d
	case 1: // sid and tags
		m.id = m.at.UTC().Format("20060102150405") + "." + w.Chars(dice.Hex, 16) + "@" + d
		m.extra = append(m.extra, "X-Mailgun-Sending-Ip: "+s.fleet.addrs[0].String(), "X-Mailgun-Sid: WyI"+letters(account)+w.Chars(dice.Base62, 20)+"Il0=", "X-Mailgun-Tag: "+name, "Sender: "+m.from)
		return "bounce+" + w.Chars(dice.Hex, 6) + "." + account + "-" + at + "@" + d
	case 2: // user number
		m.id = account + "." + m.at.UTC().Format("20060102150405") + "." + w.Chars(dice.Hex, 14) + "@" + s.domain
		m.extra = append(m.extra, "X-Report-Abuse: Please forward a copy of this message, including all headers, to abuse@"+s.domain, "X-Report-Abuse: You can also report abuse here: https://"+s.domain+"/contact/abuse?id="+account+"."+w.Chars(dice.Hex, 32), "X-Mandrill-User: md_"+account, "Feedback-ID: "+account+":"+account+"."+m.at.UTC().Format("20060102")+":md")
		return "bounce-md_" + account + "." + w.Chars(dice.Hex, 8) + ".v1-" + w.Chars(dice.Hex, 32) + "@" + s.domain
	case 3: // list and campaign numbers
		m.id = w.Chars(dice.Hex, 26) + "." + w.Chars(dice.Hex, 10) + "." + m.at.UTC().Format("20060102150405") + "." + w.Chars(dice.Hex, 10) + "@" + s.domain
		m.extra = append(m.extra, "X-MC-User: "+letters(account), fmt.Sprintf("Feedback-ID: %s:%s.%s:us%s:mc", account, account, w.Digits(7), account[:1]), "List-ID: "+name+" <"+account+"."+letters(account)+".list."+s.domain+">", "X-Accounttype: pd")
		return "bounce-mc.us" + account[:1] + "_" + account + "." + w.Digits(7) + "-" + w.Chars(dice.Hex, 10) + "@" + s.domain
	}
	region := []string{"eu-west-1", "us-east-1"}[int(account[0])%2] // id of a message, account in the feedback's
	m.id = "0102019" + w.Chars(dice.Hex, 9) + "-" + w.UUID() + "-000000@" + region + ".amazonses.com"
	m.extra = append(m.extra, "Feedback-ID: ::1."+region+"."+letters(account)+"=:AmazonSES", "X-SES-Outgoing: "+m.at.UTC().Format("2006.01.02")+"-"+s.fleet.addrs[0].String())
	return "0102019" + w.Chars(dice.Hex, 9) + "-" + w.UUID() + "-000000@" + d
}

// letters is an account as a service writes it in letters: the same for the same number.
//
// The seed is the number, so no table is kept.
func letters(account string) string {
	d := dice.New(7, "account "+account)
	return d.Chars(dice.Base62, 20)
}

// notice is a platform's mail about a customer's action. Nearly all of its text
// is the platform's; the customer supplies a few words, a link or a number.
//
// Such mail passes every check of its sender, because the platform does send
// it.
func (p *platform) notice(w *world, m *mail, account, name, words, link string) (bounce string) {
	thread := w.Chars(dice.Hex, 20)
	host := p.domain
	m.from, m.id = "notifications@"+host, p.kind+"/"+w.Digits(9)+"/"+w.Digits(8)+"@"+host
	switch p.kind {
	case "code":
		repo := letters(account)[:8] + "/" + letters(account)[8:14]
		m.subject = "Re: [" + repo + "] " + m.subject
		m.reply = repo + " <reply+" + strings.ToUpper(thread) + "@reply." + host + ">"
		m.text = words + "\n\n" + link + "\n\n-- \nReply to this email directly or view it on the site:\nhttps://" + host + "/" + repo + "/issues/" + w.Digits(2) + "\nYou are receiving this because you were mentioned.\n"
		m.extra = append(m.extra, "List-ID: "+repo+" <"+strings.Replace(repo, "/", ".", 1)+"."+host+">", "List-Archive: https://"+host+"/"+repo, "Precedence: list", "X-Notification-Reason: mention", "X-Notification-Sender: "+letters(account)[:8])
	case "survey":
		m.subject = name + " invited you to answer: " + m.subject
		m.text = "You have been invited to take part in a survey.\n\n" + words + "\n\n" + link + "\n\nhttps://" + host + "/s/" + account + "/" + thread + "\n\nThis message was sent by a customer of " + host + ".\nhttps://" + host + "/optout/" + thread + "\n"
		m.extra = append(m.extra, "X-Survey-Account: "+account, "Feedback-ID: "+account+":survey:"+host, "List-Unsubscribe: <https://"+host+"/optout/"+thread+">")
	default:
		m.subject = "Invoice from " + name + " (" + w.Digits(4) + "-" + w.Digits(4) + ")"
		m.text = "Here is your invoice\n\n" + name + " sent you an invoice for $" + w.Digits(3) + ".99 USD\n\nSeller note to customer:\n" + words + "\n\nView and pay: https://" + host + "/invoice/p/" + account + "#" + strings.ToUpper(thread) + "\n\nDon't recognise this invoice? Report it: https://" + host + "/report/" + thread + "\n"
		m.extra = append(m.extra, "X-Email-Type-Id: RT000238", "X-PP-Email-transmission-Id: "+w.UUID(), "X-Seller: "+account)
	}
	m.page = ""
	return "bounce@" + host
}
