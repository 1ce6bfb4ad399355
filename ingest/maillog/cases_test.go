package maillog

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// written is the time of the files that tests read.
var written = time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC)

// read reads one log.
func read(t testing.TB, log string) ([]Delivery, FileInfo) {
	t.Helper()
	ds, info, err := ReadAll(strings.NewReader(log), File{Name: "mail.log", Modified: written}, Options{Now: written})
	if err != nil {
		t.Fatal(err)
	}
	var b Book
	for _, d := range ds {
		b.Put(d)
	}
	return b.All(), info
}

// attempts writes each recipient as a line: time, client, sender, recipient,
// verdict and the other known fields.
func attempts(ds []Delivery) string {
	var b strings.Builder
	for i := range ds {
		d := &ds[i]
		client := "-"
		if d.Client.IsValid() {
			client = d.Client.String()
		}
		for _, r := range d.Recipients {
			fmt.Fprintf(&b, "%s %s <%s> <%s> %s", r.At.UTC().Format("2006-01-02T15:04:05"), client, d.ReturnPath, r.Address, r.Verdict)
			for _, s := range []string{d.QueueID, d.MessageID, string(r.Reason), string(r.Outcome)} {
				if s != "" {
					b.WriteString(" " + s)
				}
			}
			if r.Repeats > 0 {
				fmt.Fprintf(&b, " +%d", r.Repeats)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

const rejected = `NOQUEUE: reject: RCPT from pc.example[192.0.2.7]: 550 5.1.1 <joe@own.example>: Recipient address rejected: User unknown in virtual mailbox table; from=<s@far.example> to=<joe@own.example> proto=ESMTP helo=<pc>`

var cases = []struct {
	name, log, want string
	unknown         int64
}{
	{"stamps", `
<22>Mar 10 09:00:01 mx postfix/smtpd[3]: ` + rejected + `
<22>1 2024-03-10T09:00:02.5+02:00 mx postfix/smtpd 3 - - ` + rejected + `
2024 Mar 10 09:00:03 mx postfix/smtpd[3]: ` + rejected + `
Sun Mar 10 09:00:04 2024 mail.info postfix/smtpd[3]: ` + rejected + `
Mar 10 09:00:05.123 mx mail.info postfix/smtpd[3]: [ID 197553 mail.info] ` + rejected + `
Mar 10 09:00:06 <mail.info> mx postfix/smtpd[3]: ` + rejected + `
2024-03-10 09:00:07,250 mx postfix/smtpd[3]: ` + rejected + `
1710061208.5 mx postfix/smtpd[3]: ` + rejected + `
mail-1  | Mar 10 09:00:09 mx postfix/smtpd[3]: ` + rejected + `
2024-03-10T09:00:10.5Z stdout F Mar 10 10:00:10 mx postfix/smtpd[3]: ` + rejected + `
Mar 10 09:00:12 relay Mar 10 09:00:11 mx postfix/smtpd[3]: ` + rejected + `
{"log":"Mar 10 09:00:12 mx postfix/smtpd[3]: ` + rejected + `\n","stream":"stdout","time":"2024-03-10T09:00:12.25Z"}
{"MESSAGE":"` + rejected + `","__REALTIME_TIMESTAMP":"1710061213000000","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":"postfix/smtpd","_PID":"3"}
@4000000065ed76a81dcd6500 mx postfix/smtpd[3]: ` + rejected + `
Sun Mar 10 09:00:15 2024 mx postfix/smtpd[3]: ` + rejected + `
Mär 10 09:00:16 mx postfix/smtpd[3]: ` + rejected + `
Feb 30 09:00:16 mx postfix/smtpd[3]: ` + rejected + `
2024-13-10T09:00:16Z mx postfix/smtpd[3]: ` + rejected + `
`, `
2024-03-10T07:00:02 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:01 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:03 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:05 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:06 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:07 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:08 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:09 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:10 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:11 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:12 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:13 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:14 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:15 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:04 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
`, 3},
	{"a backfilled line has its own time, not that of the shipper", `
2024-03-10T11:37:02Z Mar 10 09:00:02 mx postfix/smtpd[3]: ` + rejected + `
`, `
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
`, 0},
	{"an accepted mail, lines out of order and twice", `
Mar 10 09:00:01 mx postfix/smtpd[3]: connect from pc.example[192.0.2.7]
Mar 10 09:00:02 mx postfix/cleanup[4]: 8A1B2C3D4E: message-id=<m1@far.example>
Mar 10 09:00:02 mx postfix/smtpd[3]: 8A1B2C3D4E: client=pc.example[192.0.2.7]
Mar 10 09:00:02 mx postfix/smtpd[3]: 8A1B2C3D4E: client=pc.example[192.0.2.7]
Mar 10 09:00:03 mx postfix/qmgr[5]: 8A1B2C3D4E: removed
Mar 10 09:00:03 mx postfix/local[6]: 8A1B2C3D4E: to=<joe@own.example>, orig_to=<info@own.example>, relay=local, delay=0.1, delays=0.1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:03 mx postfix/local[6]: 8A1B2C3D4E: to=<ann@own.example>, relay=local, delay=0.1, delays=0.1/0/0/0, dsn=5.1.1, status=bounced (unknown user: "ann")
Mar 10 09:00:03 mx postfix/local[6]: 8A1B2C3D4E: to=<ann@own.example>, relay=local, delay=0.1, delays=0.1/0/0/0, dsn=5.1.1, status=bounced (unknown user: "ann")
Mar 10 09:00:02 mx postfix/qmgr[5]: 8A1B2C3D4E: from=<s@far.example>, size=812, nrcpt=2 (queue active)
`, `
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <ann@own.example> accepted 8A1B2C3D4E m1@far.example bounced
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <info@own.example> accepted 8A1B2C3D4E m1@far.example sent
`, 0},
	{"a short queue id is used again", `
Mar 10 09:00:02 mx postfix/smtpd[3]: 8A1B2C3D4E: client=pc.example[192.0.2.7]
Mar 10 09:00:02 mx postfix/qmgr[5]: 8A1B2C3D4E: from=<s@far.example>, size=812, nrcpt=1 (queue active)
Mar 10 09:00:03 mx postfix/local[6]: 8A1B2C3D4E: to=<joe@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:03 mx postfix/qmgr[5]: 8A1B2C3D4E: removed
Mar 10 09:00:05 mx postfix/smtpd[7]: 8A1B2C3D4E: client=unknown[192.0.2.8]
Mar 10 09:00:05 mx postfix/qmgr[5]: 8A1B2C3D4E: from=<>, size=99, nrcpt=1 (queue active)
Mar 10 09:00:06 mx postfix/local[6]: 8A1B2C3D4E: to=<ann@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
`, `
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <joe@own.example> accepted 8A1B2C3D4E sent
2024-03-10T09:00:05 192.0.2.8 <> <ann@own.example> accepted 8A1B2C3D4E sent
`, 0},
	{"two instances with one queue id at one time", `
Mar 10 09:00:01 mx postfix-in/qmgr[5]: AAAAA00000: from=<x@far.example>, size=1, nrcpt=1 (queue active)
Mar 10 09:00:01 mx postfix-out/qmgr[6]: BBBBB00000: from=<x@far.example>, size=1, nrcpt=1 (queue active)
Mar 10 09:00:02 mx postfix-in/smtpd[3]: 8A1B2C3D4E: client=pc.example[192.0.2.7]
Mar 10 09:00:02 mx postfix-out/submission/smtpd[8]: 8A1B2C3D4E: client=lan.example[192.0.2.66], sasl_method=PLAIN, sasl_username=joe
Mar 10 09:00:03 mx postfix-out/qmgr[6]: 8A1B2C3D4E: from=<joe@own.example>, size=2, nrcpt=1 (queue active)
Mar 10 09:00:03 mx postfix-in/qmgr[5]: 8A1B2C3D4E: from=<s@far.example>, size=812, nrcpt=1 (queue active)
Mar 10 09:00:03 mx postfix-in/local[6]: 8A1B2C3D4E: to=<joe@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:04 mx postfix-out/smtp[9]: 8A1B2C3D4E: to=<s@far.example>, relay=mx.far.example[198.51.100.9]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)
`, `
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <joe@own.example> accepted 8A1B2C3D4E sent
2024-03-10T09:00:02 192.0.2.66 <joe@own.example> <s@far.example> accepted 8A1B2C3D4E sent
`, 0},
	{"verdicts of postscreen, policy, greylisting, milter, content", `
Mar 10 09:00:01 mx postfix/postscreen[2]: CONNECT from [192.0.2.9]:4711 to [198.51.100.1]:25
Mar 10 09:00:02 mx postfix/postscreen[2]: NOQUEUE: reject: RCPT from [192.0.2.9]:4711: 550 5.7.1 Service unavailable; client [192.0.2.9] blocked using bl.example; from=<s@far.example>, to=<joe@own.example>, proto=ESMTP, helo=<pc>
Mar 10 09:00:03 mx postfix/postscreen[2]: NOQUEUE: reject: RCPT from [192.0.2.10]:12: 450 4.3.2 Service currently unavailable; from=<s@far.example>, to=<joe@own.example>, proto=SMTP, helo=<pc>
Mar 10 09:00:04 mx postfix/smtpd[3]: NOQUEUE: reject: RCPT from unknown[2001:db8::7]: 450 4.2.0 <joe@own.example>: Recipient address rejected: Greylisted, see http://greylist.example/; from=<s@far.example> to=<joe@own.example> proto=ESMTP helo=<pc>
Mar 10 09:00:05 mx postfix/smtpd[4]: NOQUEUE: milter-reject: RCPT from pc.example[192.0.2.11]: 451 4.7.1 Greylisting in action, please come back later; from=<s@far.example> to=<joe@own.example> proto=ESMTP helo=<pc>
Mar 10 09:00:06 mx postfix/cleanup[5]: 8A1B2C3D4E: milter-reject: END-OF-MESSAGE from pc.example[192.0.2.12]: 5.7.1 Blocked by the filter; from=<s@far.example> to=<joe@own.example> proto=ESMTP helo=<pc>
Mar 10 09:00:07 mx postfix/cleanup[5]: 8A1B2C3D4F: reject: header Subject: buy this from pc.example[192.0.2.13]; from=<s@far.example> to=<joe@own.example> proto=ESMTP helo=<pc>: 5.7.1 no thanks
Mar 10 09:00:08 mx postfix/smtpd[6]: NOQUEUE: reject: RCPT from unknown[192.0.2.14]: 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.14]; from=<s@far.example> to=<joe@own.example> proto=SMTP helo=<pc>
Mar 10 09:00:09 mx postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[192.0.2.15]: 454 4.7.1 <joe@else.example>: Relay access denied; from=<s@far.example> to=<joe@else.example> proto=SMTP helo=<pc>
Mar 10 09:00:10 mx postfix/smtpd[8]: NOQUEUE: reject: RCPT from unknown[192.0.2.16]: 550 5.1.8 <s@no.example>: Sender address rejected: Domain not found; from=<s@no.example> to=<joe@own.example> proto=SMTP helo=<greylist>
Mar 10 09:00:11 mx postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[192.0.2.17]: 504 5.5.2 <greylist>: Helo command rejected: need fully-qualified hostname; from=<s@far.example> to=<joe@own.example> proto=SMTP helo=<greylist>
Mar 10 09:00:12 mx postfix/smtpd[10]: NOQUEUE: discard: RCPT from unknown[192.0.2.18]: <joe@own.example>: Recipient address spamtrap; from=<s@far.example> to=<joe@own.example> proto=SMTP helo=<pc>
Mar 10 09:00:13 mx postfix/smtpd[11]: NOQUEUE: reject: VRFY from unknown[192.0.2.19]: 550 5.1.1 <joe@own.example>: Recipient address rejected: User unknown; to=<joe@own.example> proto=SMTP helo=<pc>
Mar 10 09:00:13 mx postfix/postscreen[2]: NOQUEUE: reject: CONNECT from [192.0.2.22]:77: too many connections
Mar 10 09:00:14 mx postfix/smtpd[12]: NOQUEUE: reject: RCPT from unknown[192.0.2.20]: 554 5.7.1 Service unavailable; Helo command [pc.example] blocked using dbl.example; http://dbl.example/q; from=<s@far.example> to=<joe@own.example> proto=SMTP helo=<pc.example>
`, `
2024-03-10T09:00:02 192.0.2.9 <s@far.example> <joe@own.example> refused blocklist
2024-03-10T09:00:03 192.0.2.10 <s@far.example> <joe@own.example> deferred postscreen
2024-03-10T09:00:04 2001:db8::7 <s@far.example> <joe@own.example> deferred greylist
2024-03-10T09:00:05 192.0.2.11 <s@far.example> <joe@own.example> deferred greylist
2024-03-10T09:00:06 192.0.2.12 <s@far.example> <joe@own.example> refused 8A1B2C3D4E content
2024-03-10T09:00:07 192.0.2.13 <s@far.example> <joe@own.example> refused 8A1B2C3D4F content
2024-03-10T09:00:08 192.0.2.14 <s@far.example> <joe@own.example> deferred reverse_name
2024-03-10T09:00:09 192.0.2.15 <s@far.example> <joe@else.example> deferred relay
2024-03-10T09:00:10 192.0.2.16 <s@no.example> <joe@own.example> refused sender
2024-03-10T09:00:11 192.0.2.17 <s@far.example> <joe@own.example> refused helo
2024-03-10T09:00:12 192.0.2.18 <s@far.example> <joe@own.example> accepted discarded
2024-03-10T09:00:13 192.0.2.22 <> <> deferred postscreen
2024-03-10T09:00:14 192.0.2.20 <s@far.example> <joe@own.example> refused blocklist
`, 0},
	{"lost", `
Mar 10 09:00:15 mx postfix/smtpd[13]: 8A1B2C3D50: client=unknown[192.0.2.21]
Mar 10 09:00:16 mx postfix/smtpd[13]: lost connection after DATA (512 bytes) from unknown[192.0.2.21]
Mar 10 09:00:16 mx postfix/smtpd[13]: disconnect from unknown[192.0.2.21] ehlo=1 mail=1 rcpt=1 data=0/1 commands=3/4
`, `
2024-03-10T09:00:15 192.0.2.21 <> <> lost 8A1B2C3D50
`, 0},
	{"repeats", `
Mar 10 09:00:01 mx postfix/smtpd[3]: ` + rejected + `
Mar 10 09:00:02 mx last message repeated 2 times
Mar 10 09:00:02 mx last message repeated 2 times
Mar 10 09:00:03 mx postfix/smtpd[3]: message repeated 3 times: [ ` + rejected + `]
Mar 10 09:00:04 mx dovecot: imap-login: Login: user=<joe>
Mar 10 09:00:05 mx last message repeated 9000000000 times
Mar 10 09:00:06 other last message repeated 5 times
`, `
2024-03-10T09:00:01 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user +5
`, 0},
	{"forged fields", `
Mar 10 09:00:01 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 550 5.1.1 <u@own.example>: Recipient address rejected: no; from=<"x> to=<evil@own.example> proto=SMTP helo=<z"@far.example> to=<u@own.example> proto=ESMTP helo=<h> to=<evil@own.example> proto=SMTP helo=<q>
Mar 10 09:00:02 mx postfix/smtpd[2]: NOQUEUE: reject: RCPT from unknown[192.0.2.2]: 504 5.5.2 <q; from=<evil@evil.example> to=<evil@own.example> proto=SMTP helo=<q>: Helo command rejected: no; from=<s@far.example> to=<u@own.example> proto=ESMTP helo=<q; from=<evil@evil.example> to=<evil@own.example> proto=SMTP helo=<q>
Mar 10 09:00:03 mx postfix/cleanup[3]: 8A1B2C3D4E: message-id=<x>, to=<evil@own.example>, relay=local, dsn=2.0.0, status=sent (x)>
Mar 10 09:00:04 mx postfix/cleanup[3]: 8A1B2C3D4F: reject: header Subject: x from unknown[203.0.113.66]; from=<s@far.example> to=<evil@own.example> proto=SMTP helo=<q>: 5.7.1 y from unknown[192.0.2.4]; from=<s@far.example> to=<u@own.example> proto=ESMTP helo=<h>: 5.7.1 no thanks
Mar 10 09:00:05 mx postfix/smtp[4]: 8A1B2C3D4E: to=<u@own.example>, relay=mx.far.example[198.51.100.9]:25, delay=1, delays=1/0/0/0, dsn=4.0.0, status=deferred (host said: 450 , status=sent to=<evil@own.example>, relay=x, status=sent (y))
Mar 10 09:00:06 mx postfix/smtpd[5]: warning: non-SMTP command from unknown[192.0.2.5]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.1.1 <evil@own.example>: x; from=<s@far.example> to=<evil@own.example> proto=SMTP helo=<q>
Mar 10 09:00:07 mx postfix/smtpd[6]: 8A1B2C3D51: client=lan.example[192.0.2.6], sasl_method=PLAIN, sasl_username=x, orig_client=evil[203.0.113.66]
2024-03-10 09:00:08 H=(q) [203.0.113.66] F=<evil@evil.example> rejected RCPT <evil@own.example>: x) [192.0.2.7] F=<s@far.example> rejected RCPT <u@own.example>: Unrouteable address
2024-03-10 09:00:09 1rjFQf-0001Ab-2C <= s@far.example H=(h) [192.0.2.8] P=esmtp S=9 id=m9@far.example T="a\" from <s@far.example> for evil@own.example H=(q) [203.0.113.66]" from <s@far.example> for u@own.example
`, `
2024-03-10T09:00:01 192.0.2.1 <"x> to=<evil@own.example> proto=SMTP helo=<z"@far.example> <u@own.example> refused unknown_user
2024-03-10T09:00:02 192.0.2.2 <s@far.example> <u@own.example> refused helo
0001-01-01T00:00:00 - <> <u@own.example> accepted 8A1B2C3D4E x>, to=<evil@own.example>, relay=local, dsn=2.0.0, status=sent (x) deferred
2024-03-10T09:00:04 203.0.113.66 <s@far.example> <> refused 8A1B2C3D4F content
2024-03-10T09:00:08 192.0.2.7 <s@far.example> <u@own.example> refused unknown_user
2024-03-10T09:00:09 192.0.2.8 <s@far.example> <u@own.example> accepted 1rjFQf-0001Ab-2C m9@far.example
`, 0},
	{"content filters: named, by XFORWARD, by Message-ID, and a list that is none", `
Mar 10 09:00:01 mx postfix/smtpd[1]: A00000001: client=pc.example[192.0.2.1]
Mar 10 09:00:01 mx postfix/cleanup[2]: A00000001: message-id=<m1@far.example>
Mar 10 09:00:01 mx postfix/qmgr[3]: A00000001: from=<s@far.example>, size=900, nrcpt=2 (queue active)
Mar 10 09:00:02 mx postfix/10025/smtpd[4]: A00000002: client=localhost[127.0.0.1]
Mar 10 09:00:02 mx postfix/cleanup[2]: A00000002: message-id=<m1@far.example>
Mar 10 09:00:02 mx postfix/qmgr[3]: A00000002: from=<s@far.example>, size=1200, nrcpt=2 (queue active)
Mar 10 09:00:02 mx postfix/amavis/smtp[5]: A00000001: to=<u@own.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as A00000002)
Mar 10 09:00:02 mx postfix/amavis/smtp[5]: A00000001: to=<v@own.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as A00000002)
Mar 10 09:00:02 mx postfix/qmgr[3]: A00000001: removed
Mar 10 09:00:03 mx postfix/local[6]: A00000002: to=<v@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=5.2.2, status=bounced (full)
Mar 10 09:00:03 mx postfix/local[6]: A00000002: to=<u@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:03 mx postfix/qmgr[3]: A00000002: removed
Mar 10 09:01:01 mx postfix/smtpd[1]: B00000001: client=pc.example[192.0.2.2]
Mar 10 09:01:01 mx postfix/qmgr[3]: B00000001: from=<s@far.example>, size=900, nrcpt=1 (queue active)
Mar 10 09:01:02 mx postfix/smtpd[4]: B00000002: client=localhost[127.0.0.1], orig_queue_id=B00000001, orig_client=pc.example[192.0.2.2]
Mar 10 09:01:02 mx postfix/smtp[5]: B00000001: to=<u@own.example>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 ok)
Mar 10 09:01:03 mx postfix/local[6]: B00000002: to=<u@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=4.2.2, status=deferred (full)
Mar 10 09:02:01 mx postfix/smtpd[1]: C00000001: client=pc.example[192.0.2.3]
Mar 10 09:02:01 mx postfix/cleanup[2]: C00000001: message-id=<m3@far.example>
Mar 10 09:02:01 mx postfix/qmgr[3]: C00000001: from=<s@far.example>, size=900, nrcpt=1 (queue active)
Mar 10 09:02:02 mx postfix/pipe[5]: C00000001: to=<u@own.example>, relay=filter, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered via filter service)
Mar 10 09:02:02 mx postfix/pickup[7]: C00000002: uid=65 from=<s@far.example>
Mar 10 09:02:02 mx postfix/cleanup[2]: C00000002: message-id=<m3@far.example>
Mar 10 09:02:02 mx postfix/qmgr[3]: C00000002: from=<s@far.example>, size=990, nrcpt=1 (queue active)
Mar 10 09:02:03 mx postfix/local[6]: C00000002: to=<u@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:03:01 mx postfix/smtpd[1]: D00000001: client=pc.example[192.0.2.4]
Mar 10 09:03:01 mx postfix/cleanup[2]: D00000001: message-id=<m4@far.example>
Mar 10 09:03:01 mx postfix/qmgr[3]: D00000001: from=<s@far.example>, size=900, nrcpt=1 (queue active)
Mar 10 09:03:02 mx postfix/pipe[5]: D00000001: to=<list@own.example>, relay=mailman, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered via mailman service)
Mar 10 09:03:03 mx postfix/smtpd[4]: D00000002: client=localhost[127.0.0.1]
Mar 10 09:03:03 mx postfix/cleanup[2]: D00000002: message-id=<m4@far.example>
Mar 10 09:03:03 mx postfix/qmgr[3]: D00000002: from=<list-bounces@own.example>, size=990, nrcpt=1 (queue active)
Mar 10 09:03:04 mx postfix/local[6]: D00000002: to=<u@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:04:01 mx postfix/smtpd[1]: E00000001: client=pc.example[192.0.2.5]
Mar 10 09:04:01 mx postfix/qmgr[3]: E00000001: from=<s@far.example>, size=900, nrcpt=1 (queue active)
Mar 10 09:04:02 mx postfix/smtp[5]: E00000001: to=<u@far.example>, relay=mx.far.example[198.51.100.6]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 queued as D00000001)
`, `
2024-03-10T09:00:01 192.0.2.1 <s@far.example> <u@own.example> accepted A00000001 m1@far.example sent
2024-03-10T09:00:01 192.0.2.1 <s@far.example> <v@own.example> accepted A00000001 m1@far.example bounced
2024-03-10T09:01:01 192.0.2.2 <s@far.example> <u@own.example> accepted B00000001 deferred
2024-03-10T09:02:01 192.0.2.3 <s@far.example> <u@own.example> accepted C00000001 m3@far.example sent
2024-03-10T09:03:01 192.0.2.4 <s@far.example> <list@own.example> accepted D00000001 m4@far.example sent
2024-03-10T09:03:03 127.0.0.1 <list-bounces@own.example> <u@own.example> accepted D00000002 m4@far.example sent
2024-03-10T09:04:01 192.0.2.5 <s@far.example> <u@far.example> accepted E00000001 sent
`, 0},
	{"a filter in front of the queue", `
Mar 10 09:00:01 mx postfix/smtpd[1]: connect from pc.example[192.0.2.1]
Mar 10 09:00:01 mx postfix/smtpd[1]: NOQUEUE: client=pc.example[192.0.2.1]
Mar 10 09:00:02 mx postfix/smtpd[2]: A00000001: client=localhost[127.0.0.1]
Mar 10 09:00:02 mx postfix/cleanup[3]: A00000001: message-id=<m1@far.example>
Mar 10 09:00:02 mx postfix/smtpd[1]: proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as A00000001; from=<s@far.example> to=<u@own.example> proto=ESMTP helo=<pc>
Mar 10 09:00:02 mx postfix/qmgr[4]: A00000001: from=<s@far.example>, size=9, nrcpt=1 (queue active)
Mar 10 09:00:03 mx postfix/local[5]: A00000001: to=<u@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:04 mx postfix/smtpd[6]: NOQUEUE: client=pc.example[192.0.2.2]
Mar 10 09:00:05 mx postfix/smtpd[6]: proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=31619-02 - spam; from=<s@far.example> to=<u@own.example> proto=SMTP helo=<pc>
Mar 10 09:00:06 mx postfix/smtpd[7]: A00000002: client=localhost[127.0.0.1], orig_client=pc.example[192.0.2.3]
Mar 10 09:00:07 mx postfix/local[5]: A00000002: to=<u@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
`, `
2024-03-10T09:00:02 192.0.2.1 <s@far.example> <u@own.example> accepted A00000001 m1@far.example sent
2024-03-10T09:00:05 192.0.2.2 <s@far.example> <u@own.example> refused content
2024-03-10T09:00:06 192.0.2.3 <> <u@own.example> accepted A00000002 sent
`, 0},
	{"expired, discarded, probes, bounces", `
Mar 10 09:00:01 mx postfix/smtpd[1]: A00000001: client=lan.example[10.0.0.7]
Mar 10 09:00:01 mx postfix/qmgr[3]: A00000001: from=<joe@own.example>, size=900, nrcpt=1 (queue active)
Mar 10 09:00:02 mx postfix/smtp[5]: A00000001: to=<u@far.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to mx.far.example[198.51.100.6]:25: Connection timed out)
Mar 10 09:30:01 mx postfix/qmgr[3]: A00000001: from=<joe@own.example>, status=expired, returned to sender
Mar 10 09:30:01 mx postfix/cleanup[2]: B00000001: message-id=<b1@mx.own.example>
Mar 10 09:30:01 mx postfix/bounce[8]: A00000001: sender non-delivery notification: B00000001
Mar 10 09:30:01 mx postfix/qmgr[3]: B00000001: from=<>, size=2900, nrcpt=1 (queue active)
Mar 10 09:30:01 mx postfix/qmgr[3]: A00000001: removed
Mar 10 09:30:02 mx postfix/local[6]: B00000001: to=<joe@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:31:00 mx postfix/cleanup[2]: C00000001: message-id=<p1@mx.own.example>
Mar 10 09:31:00 mx postfix/qmgr[3]: C00000001: from=<double-bounce@mx.own.example>, size=200, nrcpt=1 (queue active)
Mar 10 09:31:00 mx postfix/smtp[5]: C00000001: to=<u@far.example>, relay=mx.far.example[198.51.100.6]:25, delay=1, delays=1/0/0/0, dsn=2.1.5, status=deliverable (250 ok)
Mar 10 09:32:00 mx postfix/smtpd[1]: D00000001: client=pc.example[192.0.2.7]
Mar 10 09:32:00 mx postfix/discard[5]: D00000001: to=<u@own.example>, relay=none, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (own.example)
Mar 10 09:33:00 mx postfix/smtpd[1]: E00000001: client=pc.example[192.0.2.7]
Mar 10 09:33:00 mx postfix/smtp[5]: E00000001: to=<u@own.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connection refused)
Mar 10 09:34:00 mx postfix/postsuper[5]: E00000001: removed
`, `
2024-03-10T09:00:01 10.0.0.7 <joe@own.example> <u@far.example> accepted A00000001 expired
2024-03-10T09:30:01 - <> <joe@own.example> accepted B00000001 b1@mx.own.example sent
2024-03-10T09:32:00 192.0.2.7 <> <u@own.example> accepted D00000001 discarded
2024-03-10T09:33:00 192.0.2.7 <> <u@own.example> accepted E00000001 discarded
`, 0},
	{"exim", `
2024-03-10 09:00:01 1rjFQf-0001Ab-2C <= s@far.example H=pc.far.example (pc) [192.0.2.1]:4711 I=[198.51.100.1]:25 P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no S=900 id=m1@far.example T="hello \"you\"" from <s@far.example> for joe@own.example ann@own.example
2024-03-10 09:00:01 1rjFQf-0001Ab-2C => joe <joe@own.example> R=local T=maildir QT=1s
2024-03-10 09:00:02 1rjFQf-0001Ab-2C ** ann@own.example R=remote T=smtp H=gw.example [198.51.100.9]: SMTP error from remote mail server after RCPT TO:<ann@own.example>: 550 5.1.1 no such user
2024-03-10 09:00:02 1rjFQf-0001Ab-2C Completed QT=2s
2024-03-10 09:00:03.123 [4321] 1rjFQg-000000001Ab-002C <= <> R=1rjFQf-0001Ab-2C U=mail P=local S=2000
2024-03-10 09:00:03.200 [4321] 1rjFQg-000000001Ab-002C == s@far.example R=remote T=smtp defer (-53): retry time not reached for any host
2024-03-10 09:00:04 H=(pc) [192.0.2.2] F=<s@far.example> rejected RCPT <nobody@own.example>: Unrouteable address
2024-03-10 09:00:05 H=pc.far.example (pc) [192.0.2.3] X=TLS1.2:x:256 CV=no F=<"a b"@far.example> temporarily rejected RCPT <joe@own.example>: greylisted, try later
2024-03-10 09:00:06 1rjFQh-0001Ab-2C H=(pc) [192.0.2.4] F=<s@far.example> rejected after DATA: this message scored 12 spam points
2024-03-10 09:00:07 H=(pc) [192.0.2.5] incomplete transaction (connection lost) from <s@far.example> for joe@own.example ann@own.example
2024-03-10 09:00:08 no host name found for IP address 192.0.2.5
2024-03-10 09:00:08 SMTP data timeout (message abandoned) on connection from (pc) [192.0.2.9] F=<s@far.example>
2024-03-10 09:00:09 1rjFQi-0001Ab-2C <= joe@own.example H=lan (lan) [192.0.2.6] P=esmtpsa A=plain_server:joe S=900 id=m2@own.example
2024-03-10 09:00:09 1rjFQi-0001Ab-2C => v@final.example (w@own.example) <u@own.example> R=remote T=smtp H=gw.example [198.51.100.9] C="250 OK id=1rjFQf-0001Ab-2C"
Mar 10 09:00:10 mx exim[77]: 2024-03-10 09:00:10 H=(pc) [192.0.2.7] F=<s@far.example> rejected RCPT <x@else.example>: relay not permitted
2024-03-10 09:00:11 +0100 H=(pc) [192.0.2.8] F=<s@far.example> rejected RCPT <x@own.example>: 192.0.2.8 is listed in bl.example
`, `
2024-03-10T08:00:11 192.0.2.8 <s@far.example> <x@own.example> refused blocklist
2024-03-10T09:00:01 192.0.2.1 <s@far.example> <ann@own.example> accepted 1rjFQf-0001Ab-2C m1@far.example bounced
2024-03-10T09:00:01 192.0.2.1 <s@far.example> <joe@own.example> accepted 1rjFQf-0001Ab-2C m1@far.example sent
2024-03-10T09:00:03 - <> <s@far.example> accepted 1rjFQg-000000001Ab-002C deferred
2024-03-10T09:00:04 192.0.2.2 <s@far.example> <nobody@own.example> refused unknown_user
2024-03-10T09:00:05 192.0.2.3 <"a b"@far.example> <joe@own.example> deferred greylist
2024-03-10T09:00:06 192.0.2.4 <s@far.example> <> refused 1rjFQh-0001Ab-2C content
2024-03-10T09:00:07 192.0.2.5 <s@far.example> <ann@own.example> lost
2024-03-10T09:00:07 192.0.2.5 <s@far.example> <joe@own.example> lost
2024-03-10T09:00:08 192.0.2.9 <s@far.example> <> lost
2024-03-10T09:00:09 192.0.2.6 <joe@own.example> <u@own.example> accepted 1rjFQi-0001Ab-2C m2@own.example sent
2024-03-10T09:00:10 192.0.2.7 <s@far.example> <x@else.example> refused relay
`, 0},
	{"bytes", "\xef\xbb\xbfMar 10 09:00:01 mx postfix/smtpd[3]: " + rejected + "\r\n" + strings.Repeat("\x00", 5000) +
		"Mar 10 09:00:02 mx postfix/smtpd[4]: " + rejected + "\n\n" + strings.Repeat("x", 100_000) +
		"\nMar 10 09:00:03 mx postfix/smtpd[5]: NOQUEUE: reject: RCPT from pc.example[192.0.2.7]: 550 5.1.1 <j\xfc\x00@own.example>: no; from=<s@far.example> to=<j\xfc\x00@own.example> proto=ESMTP helo=<pc>\n" +
		"Mar 10 09:00:04 mx postfix/smtpd[6]: NOQUEUE: reject: RCPT from pc.example[192.0.2.7]: 550 5.1.1 <joe@own.exam", `
2024-03-10T09:00:01 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <joe@own.example> refused unknown_user
2024-03-10T09:00:03 192.0.2.7 <s@far.example> <j` + "\uFFFD\uFFFD" + `@own.example> refused unknown_user
`, 2},
	{"postqueue -p", `-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------
8A1B2C3D4E*      900 Sun Mar 10 10:00:01  s@far.example
                                         joe@own.example

4TsxG30Kq5z5Tsm     1200 Sun Mar 10 10:00:03  MAILER-DAEMON
(connect to mx.far.example[198.51.100.6]:25: Connection timed out)
                                         u@far.example
                                         v@far.example

-- 2 Kbytes in 2 Requests.
`, `
2024-03-10T10:00:01 - <s@far.example> <joe@own.example> accepted 8A1B2C3D4E
2024-03-10T10:38:35 - <> <u@far.example> accepted 4TsxG30Kq5z5Tsm deferred
2024-03-10T10:38:35 - <> <v@far.example> accepted 4TsxG30Kq5z5Tsm deferred
`, 0},
	{"postqueue -j", `{"queue_name": "deferred", "queue_id": "8A1B2C3D4E", "arrival_time": 1710064801, "message_size": 900, "forced_expire": false, "sender": "s@far.example", "recipients": [{"address": "joe@own.example", "delay_reason": "mailbox full"}]}
{"queue_name": "active", "queue_id": "8A1B2C3D4F", "arrival_time": 1710064802, "message_size": 901, "forced_expire": false, "sender": "MAILER-DAEMON", "recipients": [{"address": "ann@own.example"}]}
{"queue_name": "active", "queue_id":
`, `
2024-03-10T10:00:01 - <s@far.example> <joe@own.example> accepted 8A1B2C3D4E deferred
2024-03-10T10:00:02 - <> <ann@own.example> accepted 8A1B2C3D4F
`, 1},
	{"exim -bp", `25m  2.9K 1rjFQf-0001Ab-2C <s@far.example> *** frozen ***
        D joe@own.example
          ann@own.example

 4h   900 1rjFQg-000000001Ab-002C <>
          u@far.example
`, `
2024-03-10T09:25:13 - <s@far.example> <ann@own.example> accepted 1rjFQf-0001Ab-2C
2024-03-10T09:25:13 - <s@far.example> <joe@own.example> accepted 1rjFQf-0001Ab-2C sent
2024-03-10T09:25:14 - <> <u@far.example> accepted 1rjFQg-000000001Ab-002C
`, 0},
}

func TestRead(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ds, info := read(t, c.log)
			if got, want := attempts(ds), strings.TrimPrefix(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if info.Unknown != c.unknown {
				t.Errorf("%d unknown lines, want %d: %v", info.Unknown, c.unknown, info.UnknownShapes)
			}
		})
	}
}
