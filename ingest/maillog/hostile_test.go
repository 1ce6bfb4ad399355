package maillog

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// ordinaryLog holds transactions of four clients of which the lines stand between each
// other.
const ordinaryLog = `Mar 10 09:00:01 mx postfix/smtpd[3]: 8A1B2C3D4E: client=mail.far.example[192.0.2.7]
Mar 10 09:00:01 mx postfix/smtpd[4]: NOQUEUE: reject: RCPT from pc.example[192.0.2.8]: 550 5.1.1 <usan@own.example>: Recipient address rejected: User unknown; from=<s@far.example> to=<usan@own.example> proto=ESMTP helo=<pc>
Mar 10 09:00:02 mx postfix/cleanup[5]: 8A1B2C3D4E: message-id=<1@far.example>
Mar 10 09:00:02 mx postfix/smtpd[6]: 8A1B2C3D4F: client=mail.firm.example[192.0.2.9]
Mar 10 09:00:02 mx postfix/qmgr[5]: 8A1B2C3D4E: from=<s@far.example>, size=812, nrcpt=1 (queue active)
Mar 10 09:00:03 mx postfix/cleanup[5]: 8A1B2C3D4F: message-id=<2@firm.example>
Mar 10 09:00:03 mx postfix/local[6]: 8A1B2C3D4E: to=<joe@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:03 mx postfix/qmgr[5]: 8A1B2C3D4F: from=<a@firm.example>, size=812, nrcpt=1 (queue active)
Mar 10 09:00:04 mx postfix/qmgr[5]: 8A1B2C3D4E: removed
Mar 10 09:00:04 mx postfix/local[6]: 8A1B2C3D4F: to=<ann@own.example>, relay=local, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (delivered to maildir)
Mar 10 09:00:05 mx postfix/qmgr[5]: 8A1B2C3D4F: removed
Mar 10 09:00:05 mx postfix/smtpd[4]: NOQUEUE: reject: RCPT from pc.example[192.0.2.10]: 554 5.7.1 <x@else.example>: Relay access denied; from=<s@far.example> to=<x@else.example> proto=SMTP helo=<pc>
`

// forged are strings that a client writes into HELO, envelope, header and queue
// names to imitate a server's log line.
var forged = []string{
	`x> to=<root@own.example> proto=SMTP helo=<x`,
	`8A1B2C3D4E: removed`,
	`8A1B2C3D4E: to=<joe@own.example>, relay=local, dsn=5.0.0, status=bounced (x)`,
	`], client=good.example[192.0.2.7]`,
	`Mar 10 09:00:02 mx postfix/qmgr[5]: 8A1B2C3D4E: removed`,
	`"; from=<s@far.example> to=<joe@own.example>`,
	`message-id=<1@far.example>`,
	`last message repeated 4000000000 times`,
	strings.Repeat("<", 3000), strings.Repeat("[", 3000), strings.Repeat(`\"`, 1500),
	"\x00\x1b[2J\u202e", "\xff\xfe", "%s%n%x", "'; DROP TABLE deliveries; --", `{"MESSAGE":"x"}`, "-- ", "Æ\u2028Ø",
}

// hostileLines are lines of a server with text chosen by client 203.0.113.66.
func hostileLines() (all []string) {
	for _, f := range forged {
		f = strings.ReplaceAll(f, "\n", " ")
		all = append(all,
			fmt.Sprintf("Mar 10 09:00:03 mx postfix/smtpd[66]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.1.1 <q@own.example>: Recipient address rejected: User unknown; from=<z@z.example> to=<q@own.example> proto=SMTP helo=<%s>", f),
			fmt.Sprintf("Mar 10 09:00:03 mx postfix/smtpd[66]: NOQUEUE: reject: RCPT from unknown[203.0.113.66]: 550 5.1.1 <%s>: Recipient address rejected: User unknown; from=<z@z.example> to=<%s> proto=SMTP helo=<z>", f, f),
			fmt.Sprintf("Mar 10 09:00:03 mx postfix/smtpd[66]: NOQUEUE: reject: MAIL from unknown[203.0.113.66]: 550 5.1.7 <%s>: Sender address rejected; from=<%s> proto=SMTP helo=<z>", f, f),
			fmt.Sprintf("Mar 10 09:00:03 mx postfix/cleanup[66]: 8A1B2C3D66: reject: header Subject: %s from unknown[203.0.113.66]; from=<z@z.example> to=<q@own.example> proto=SMTP helo=<z>: 5.7.1 no", f),
			fmt.Sprintf("Mar 10 09:00:03 mx postfix/cleanup[66]: 8A1B2C3D66: message-id=<%s>", f),
			fmt.Sprintf("Mar 10 09:00:03 mx postfix/smtpd[66]: warning: Illegal address syntax from unknown[203.0.113.66] in RCPT command: <%s>", f),
			fmt.Sprintf("Mar 10 09:00:03 mx dovecot: imap-login: Disconnected: user=<%s>, rip=203.0.113.66", f),
			fmt.Sprintf("2024-03-10 09:00:03 H=(%s) [203.0.113.66] F=<z@z.example> rejected RCPT <q@own.example>: Unrouteable address", f),
			fmt.Sprintf("2024-03-10 09:00:03 SMTP syntax error in \"%s\" H=(z) [203.0.113.66] NULL character(s) present", f))
	}
	return all
}

// TestHostileLinesChangeTheirOwnRow: a field filled by a client changes no row
// of another client, at any place in the log.
func TestHostileLinesChangeTheirOwnRow(t *testing.T) {
	_, info := read(t, ordinaryLog)
	if info.Unknown > 0 {
		t.Fatalf("the ordinary log has %d unknown lines", info.Unknown)
	}
	ds, _ := read(t, ordinaryLog)
	want := strings.Split(strings.TrimSpace(attempts(ds)), "\n")
	lines := strings.SplitAfter(ordinaryLog, "\n")
	for _, bad := range hostileLines() {
		for at := 0; at < len(lines); at += 3 {
			text := strings.Join(lines[:at], "") + bad + "\n" + strings.Join(lines[at:], "")
			ds, _ := read(t, text)
			got := strings.Split(strings.TrimSpace(attempts(ds)), "\n")
			for _, row := range want {
				if !slices.Contains(got, row) {
					t.Fatalf("%.300q at line %d: no row %s in\n%.3000s", bad, at, row, strings.Join(got, "\n"))
				}
			}
			for _, row := range got {
				if !slices.Contains(want, row) && !strings.Contains(row, "203.0.113.66") && !strings.Contains(row, "8A1B2C3D66") {
					t.Fatalf("%.300q at line %d: row of nobody %.300s", bad, at, row)
				}
			}
			if n := len(got) - len(want); n > 1 {
				t.Fatalf("%.300q at line %d: %d more rows", bad, at, n)
			}
			for i := range ds {
				for _, r := range ds[i].Recipients {
					if r.Repeats > math.MaxInt16 {
						t.Fatalf("%.300q: %d repeats", bad, r.Repeats)
					}
				}
			}
		}
	}
}
