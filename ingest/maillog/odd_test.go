package maillog

import (
	"strings"
	"testing"
)

const toJoe = "to=<joe@own.example>, relay=dovecot[198.51.100.9]:24, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 saved)"

// Forms of lines that are rarer than those of TestRead.
var oddities = []struct {
	name, log, want string
	other           string // a shape outside the subject
}{
	{"JSON in a container's stamp", `
2024-03-10T10:00:00.1+01:00 stdout F {"time":"2024-03-10T09:00:00Z","program":"postfix/smtpd","pid":"11","message":"0B1CD2E3F4: client=pc.example[192.0.2.7]"}
2024-03-10T10:00:01.1+01:00 stdout F {"program":"postfix/lmtp","pid":"11","message":"0B1CD2E3F4: ` + toJoe + `"}
`, "2024-03-10T09:00:00 192.0.2.7 <> <joe@own.example> accepted 0B1CD2E3F4 sent\n", ""},
	{"kubectl logs --prefix", `
[pod/postfix-0/postfix] 2024-03-10T09:00:00.5Z postfix/smtpd[13]: 0B1CD2E3F4: client=pc.example[192.0.2.7]
[pod/postfix-0/postfix] 2024-03-10T09:00:01.5Z postfix/lmtp[13]: 0B1CD2E3F4: ` + toJoe + `
`, "2024-03-10T09:00:00 192.0.2.7 <> <joe@own.example> accepted 0B1CD2E3F4 sent\n", ""},
	{"journalctl -o short-full", `
-- Journal begins at Sun 2024-03-10 09:00:00 CET, ends at Sun 2024-03-10 12:00:00 CET. --
Sun 2024-03-10 09:00:00 UTC mx postfix/smtpd[13]: 0B1CD2E3F4: client=pc.example[192.0.2.7]
Sun 2024-03-10 09:00:01.123456 UTC mx postfix/lmtp[13]: 0B1CD2E3F4: ` + toJoe + `
Sun 2024-03-10 09:00:02 CET mx postfix/smtpd[14]: 0B1CD2E3F5: client=pc.example[192.0.2.8]
Sun 2024-03-10 09:00:03 CET mx postfix/lmtp[14]: 0B1CD2E3F5: ` + toJoe + `
`, `2024-03-10T09:00:00 192.0.2.7 <> <joe@own.example> accepted 0B1CD2E3F4 sent
2024-03-10T09:00:02 192.0.2.8 <> <joe@own.example> accepted 0B1CD2E3F5 sent
`, ""},
	{"Exim's field M8S has a value", `
2024-03-10 09:00:00 1rjFQf-0001Ab-2C <= s@far.example H=pc [192.0.2.7] P=esmtp K S=900 M8S=8 RT=0.1s id=m@far.example T="for \"you\"" from <s@far.example> for joe@own.example
`, "2024-03-10T09:00:00 192.0.2.7 <s@far.example> <joe@own.example> accepted 1rjFQf-0001Ab-2C m@far.example\n", ""},
	{"an ACL of Exim discards", `
2024-03-10 09:00:00 H=(pc) [192.0.2.7] F=<s@far.example> RCPT <trap@own.example>: discarded by RCPT ACL: trap
`, "2024-03-10T09:00:00 192.0.2.7 <s@far.example> <trap@own.example> accepted discarded\n", ""},
	{"flags of Exim", `
2024-03-10 09:00:00 1rjFQf-0001Ab-2C <= s@far.example H=pc [192.0.2.7] P=esmtps L. K TFO* X=TLS1.3:x:256 CV=no S=900 id=m@far.example for joe@own.example
2024-03-10 09:00:01 H=(pc) [192.0.2.7] L- F=<s@far.example> rejected RCPT <nobody@own.example>: Unknown user
`, `2024-03-10T09:00:00 192.0.2.7 <s@far.example> <joe@own.example> accepted 1rjFQf-0001Ab-2C m@far.example
2024-03-10T09:00:01 192.0.2.7 <s@far.example> <nobody@own.example> refused unknown_user
`, ""},
	{"Postfix with -v", `
Mar 10 09:00:00 mx postfix/smtpd[9]: > pc.example[192.0.2.7]: 220 mx ESMTP
Mar 10 09:00:00 mx postfix/smtpd[9]: < pc.example[192.0.2.7]: RCPT TO:<joe@own.example>
Mar 10 09:00:00 mx postfix/smtpd[9]: match_hostname: pc.example ~? 127.0.0.0/8
Mar 10 09:00:00 mx postfix/smtpd[9]: >>> START Recipient address RESTRICTIONS <<<
Mar 10 09:00:00 mx postfix/qmgr[9]: qmgr_active_done: x
`, "", "verbose"},
	{"soft_bounce, and a comment behind the Message-ID", `
Mar 10 09:00:00 mx postfix/smtpd[9]: 0B1CD2E3F4: client=pc.example[192.0.2.7]
Mar 10 09:00:00 mx postfix/cleanup[9]: 0B1CD2E3F4: message-id=<m@far.example> (added by postmaster@far.example)
Mar 10 09:00:00 mx postfix/local[9]: 0B1CD2E3F4: to=<joe@own.example>, relay=local, delay=1, delays=0/0/0/1, dsn=5.1.1, status=SOFTBOUNCE (unknown user: "joe")
`, "2024-03-10T09:00:00 192.0.2.7 <> <joe@own.example> accepted 0B1CD2E3F4 m@far.example deferred\n", ""},
	{"Exim about hosts", `
2024-03-10 09:00:00 Start queue run: pid=9
2024-03-10 09:00:00 my_server authenticator failed for (pc) [192.0.2.7]:61000: 535 Incorrect authentication data (set_id=joe)
2024-03-10 09:00:00 [192.0.2.7] SSL verify error: depth=0 error=self signed certificate
2024-03-10 09:00:00 no MAIL in SMTP connection from (pc) [192.0.2.7] D=1s C=EHLO,QUIT
2024-03-10 09:00:00 1rjFQf-0001Ab-2C H=far.example [203.0.113.5] Connection timed out
`, "", "about a host"},
	{"Exim's long lines in syslog", `
Mar 10 09:00:00 mx exim[9]: [1/2] 1rjFQf-0001Ab-2C <= s@far.example H=pc.example [192.0.2.7] P=esmtp S=1 for ann@ow
Mar 10 09:00:00 mx exim[9]: [2/2] n.example joe@own.example
Mar 10 09:00:01 mx exim[9]: [1\3] 1rjFQg-0001Ab-2C H=(pc) [192.0.2.8] F=<s@far.example> rejected after DATA: spam
Mar 10 09:00:01 mx exim[9]: [2\3] Envelope-from: <s@far.example>
Mar 10 09:00:01 mx exim[9]: [3/3] 1rjFQh-0001Ab-2C <= forged@far.example H=pc.example [192.0.2.9] P=esmtp S=1 for joe@own.example
Mar 10 09:00:02 mx exim[9]: [1/2] 1rjFQi-0001Ab-2C <= s@far.example H=pc.example [192.0.2.10] P=esmtp S=1 for ann@ow
Mar 10 09:00:02 mx exim[10]: [2/2] n.example joe@own.example
`, `2024-03-10T09:00:00 192.0.2.7 <s@far.example> <ann@own.example> accepted 1rjFQf-0001Ab-2C
2024-03-10T09:00:00 192.0.2.7 <s@far.example> <joe@own.example> accepted 1rjFQf-0001Ab-2C
2024-03-10T09:00:01 192.0.2.8 <s@far.example> <> refused 1rjFQg-0001Ab-2C content
`, "part of a long line"},
	{"Exim's reject log", `
2024-03-10 09:00:01 1rjFQg-0001Ab-2C H=(pc) [192.0.2.8] F=<s@far.example> rejected after DATA: spam
Envelope-from: <s@far.example>
Envelope-to: <joe@own.example>
P Received: from pc ([192.0.2.8])
	by mx.own.example with esmtp (Exim 4.96)
 2024-03-10 09:00:01 1rjFQh-0001Ab-2C <= forged@far.example H=pc.example [192.0.2.9] P=esmtp S=1 for joe@own.example
F From: s@far.example
  Subject: x
* Bcc: ann@own.example

2024-03-10 09:00:02 H=(pc) [192.0.2.7] F=<s@far.example> rejected RCPT <nobody@own.example>: Unknown user
`, `2024-03-10T09:00:01 192.0.2.8 <s@far.example> <> refused 1rjFQg-0001Ab-2C content
2024-03-10T09:00:02 192.0.2.7 <s@far.example> <nobody@own.example> refused unknown_user
`, "header of a refused mail"},
	{"exim -bpa shows addresses that were generated", `25m  2.9K 1rjFQf-0001Ab-2C <s@far.example>
        D joe@own.example
       +D ann@own.example
`, "2024-03-10T09:25:13 - <s@far.example> <joe@own.example> accepted 1rjFQf-0001Ab-2C sent\n", ""},
}

func TestOddities(t *testing.T) {
	for _, c := range oddities {
		t.Run(c.name, func(t *testing.T) {
			if Sniff([]byte(c.log)) == NotMaillog {
				t.Error("not recognised")
			}
			ds, info := read(t, c.log)
			if got := attempts(ds); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if info.Unknown != 0 {
				t.Errorf("unknown: %v", info.UnknownShapes)
			}
			other := ""
			for _, s := range info.OtherShapes {
				other += s.Text + "\n"
			}
			if !strings.Contains(other, c.other) {
				t.Errorf("no shape %q in\n%s", c.other, other)
			}
		})
	}
}
