package dsn

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"spoor/internal/lab/linear"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		want     []Report
	}{
		{"two recipients", "Reporting-MTA: dns; mx.example.org\r\nArrival-Date: Tue, 3 Dec 2002 15:16:03 +0000\r\n\r\n" +
			"Final-Recipient: rfc822; <a@example.com>\r\nAction: failed (gone)\r\nStatus: 5.1.1 (no such user)\r\nRemote-MTA: dns; mail.example.com\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n no such user\r\n\r\n" +
			"Original-Recipient: rfc822; b@example.com\r\nAction: Delayed\r\nStatus: 4.4.7\r\n",
			[]Report{{Structured, "mx.example.org", "a@example.com", "failed", "5.1.1", "mail.example.com", "550 5.1.1 no such user"},
				{Structured, "mx.example.org", "b@example.com", "delayed", "4.4.7", "", ""}}},
		{"all in one block", "Reporting-MTA: dns; mx.example.org\nFinal-Recipient: rfc822; a@example.com\nRemote-MTA: dns; mail.example.com\n",
			[]Report{{Structured, "mx.example.org", "a@example.com", "", "", "mail.example.com", ""}}},
		{"a server alone", "Reporting-MTA: dns;mx.example.org\n", []Report{{Form: Structured, Reporter: "mx.example.org"}}},
		{"no type", "Final-Recipient: a@example.com\nAction: failed\n", []Report{{Form: Structured, Recipient: "a@example.com", Action: "failed"}}},
		{"no report", "hello\n\nthere: is nothing\n", nil},
		{"nothing", "", nil},
	} {
		if diff := cmp.Diff(tc.want, Parse([]byte(tc.in))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestReadText(t *testing.T) {
	for _, tc := range []struct {
		name, in, recipient, status string
	}{
		{"qmail", "Hi. This is the qmail-send program at example.org.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<a@example.com>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 unknown\n\n--- Below this line is a copy of the message.\n\nhttp://b.example/ 550 x\n", "a@example.com", "5.1.1"},
		{"Postfix", "This is the mail system at host mx.example.org.\n\nI'm sorry to have to inform you\n\n<a@example.com>: host mail.example.com[192.0.2.7] said: 554 5.7.1 refused (in reply to RCPT TO command)\n", "a@example.com", "5.7.1"},
		{"Exim", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients.\n\n  a@example.com\n    SMTP error from remote mail server after RCPT TO:<a@example.com>:\n    550 no such user\n", "a@example.com", ""},
		{"sendmail", "The original message was received at Tue, 3 Dec 2002 15:16:03 +0000\n\n   ----- The following addresses had permanent fatal errors -----\n<a@example.com>\n\n   ----- Transcript of session follows -----\n550 5.1.1 <a@example.com>... User unknown\n", "a@example.com", "5.1.1"},
		{"a letter that calls itself so", "Your message could not be delivered. Click https://b.example/ to release it.", "", ""},
		{"one without an answer", "Delivery to the following recipient failed:\n\na@example.com\n\nsee https://b.example/", "", ""},
		{"an answer without a phrase", "a@example.com\n550 5.1.1 unknown", "", ""},
	} {
		got, ok := ReadText([]byte(tc.in))
		if ok != (tc.recipient != "") || ok && (got[0].Recipient != tc.recipient || got[0].Status != tc.status || got[0].Diagnostic == "") {
			t.Errorf("%s: %+v, %v", tc.name, got, ok)
		}
	}
}

func TestIsDaemon(t *testing.T) {
	for address, want := range map[string]bool{"MAILER-DAEMON@example.com": true, "postmaster@example.com": true, "mailer_daemon@a.example": true,
		"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com": true, "anna@example.com": false, "": false, "daemon@example.com": false} {
		if got := IsDaemon(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestLinear(t *testing.T) {
	for _, unit := range []string{"A: b\n", "\n", " x\n", "Final-Recipient: rfc822; a@b.example\n\n", "5.", "a@b.example 550 x\n", "5.1.1"} {
		t.Run(unit, func(t *testing.T) {
			linear.Check(t, 1<<20, func(n int) []byte {
				return []byte("Your message could not be delivered\n" + strings.Repeat(unit, n/len(unit)))
			}, func(b []byte) {
				Parse(b)
				ReadText(b)
			})
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1\n"))
	f.Add([]byte("this is the qmail-send program\n<a@b.example>:\n550 5.1.1 x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _ := ReadText(b)
		for _, r := range append(list, Parse(b)...) {
			for _, s := range []string{r.Reporter, r.Recipient, r.Action, r.Status, r.Remote, r.Diagnostic} {
				if len(s) > 2*maxValue {
					t.Errorf("%d bytes", len(s))
				}
			}
		}
	})
}
