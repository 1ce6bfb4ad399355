package ingest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spoor/ingest/received"
	bodytext "spoor/ingest/text"
)

// hosts lists the hosts of a message's links.
func hosts(f *Facts) (out []string) {
	for _, l := range f.Links {
		out = append(out, l.Host)
	}
	return out
}

// Links are found in every part that a mail reader opens or shows with the
// message.
func TestLinksInsideFiles(t *testing.T) {
	for _, tc := range []struct{ name, mail string }{
		{"a document", "Content-Type: application/octet-stream; name=a.pdf\n\n%PDF-1.4\n1 0 obj<</S/URI/URI(https://a.example/)>>endobj"},
		{"a calendar", "Content-Type: text/calendar\n\nLOCATION:https://a.exa\n mple/x\\nnow\n"},
		{"a card", "Content-Type: application/octet-stream; name=x.vcf\nContent-Disposition: attachment\n\nURL:https://a.exam\n ple/\n"},
		{"a program", "Content-Type: application/javascript\n\nlocation = 'https:' + '//a.exam' + 'ple/'"},
		{"an external body", "Content-Type: message/external-body; access-type=URL; url=\"https://a.example/\"\n\nContent-Type: image/png\n"},
		{"a page in winmail.dat", "Content-Type: application/ms-tnef\n\n\x78\x9F\x3E\x22\x01\x00\x02\x0F\x80\x06\x00\x1A\x00\x00\x00<a href=https://a.example/>\x00\x00"},
		{"signed data", "Content-Type: application/pkcs7-mime; name=smime.p7m\n\n\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x01\x31\x00" +
			"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80\x04\x24Content-Type: text/html\n\n<a href=htt\x04\x11ps://a.example/>x\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
	} {
		f := Extract([]byte("Subject: x\n"+tc.mail), Spam, &received.Own{})
		if !slices.Contains(hosts(f), "a.example") {
			t.Errorf("%s: %q", tc.name, hosts(f))
		}
	}
}

// A calendar's text counts as it is shown: where its lines are folded changes nothing.
func TestCalendarText(t *testing.T) {
	const text = "DESCRIPTION:Please confirm the payment of the open invoice before Friday\\, otherwise the account will be closed.\n"
	folded := strings.Replace(text, "invoice", "inv\n oice", 1)
	a := Extract([]byte("Content-Type: text/calendar\n\n"+text), Spam, &received.Own{})
	b := Extract([]byte("Content-Type: text/calendar\n\n"+folded), Spam, &received.Own{})
	if a.TextHash == 0 || a.TextHash != b.TextHash {
		t.Errorf("%x and %x", a.TextHash, b.TextHash)
	}
}

const bounce = `From: MAILER-DAEMON@mx.example.org
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system at host mx.example.org. See http://mx.example.org/help
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; anna@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com

--b
Content-Type: message/rfc822

From: user@example.org
Message-ID: <7@example.org>
Subject: hello

https://www.example.org/ write to user@example.org
--b--
`

// A delivery report names servers and people. Its sender wants nobody to visit
// them.
func TestDeliveryReports(t *testing.T) {
	f := Extract([]byte(bounce), Spam, &received.Own{})
	if len(f.Links)+len(f.Contacts) > 0 {
		t.Errorf("links %q, contacts %+v", hosts(f), f.Contacts)
	}
	if len(f.Reports) != 1 || f.Reports[0].Recipient != "anna@example.com" || f.Reports[0].Status != "5.1.1" || f.Reports[0].Reporter != "mx.example.org" || f.Returned.ID != "7@example.org" || f.Returned.SubjectKey != "hello" || !slices.Equal(f.Returned.Domains, []string{"example.org"}) {
		t.Errorf("%+v, returned %q", f.Reports, f.Returned)
	}
	prose := Extract([]byte("From: postmaster@mx.example.org\n\nThis is the mail system at host mx.example.org.\n\n<anna@example.com>: host mail.example.com said:\n    550 5.1.1 unknown, see www.example.com\n"), Spam, &received.Own{})
	if len(prose.Links)+len(prose.Contacts) > 0 || len(prose.Reports) != 1 {
		t.Errorf("prose: links %q, contacts %+v, reports %+v", hosts(prose), prose.Contacts, prose.Reports)
	}
	copied := Extract([]byte("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\n\nHi. This is the qmail-send program at mx.example.org.\n\n<anna@example.com>:\n550 5.1.1 unknown\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <user@example.org>\nSubject: Re: Cheap pills 77\nMessage-ID: <8@example.org>\n\nBuy at http://www.pills.example/order\n"), Spam, &received.Own{})
	if got := copied.Returned; got.ID != "8@example.org" || got.SubjectKey != bodytext.SubjectKey("Cheap pills 77") || !slices.Equal(got.Domains, []string{"pills.example"}) || len(copied.Links) > 0 {
		t.Errorf("copied: %+v, links %q", got, hosts(copied))
	}
	// A message that only imitates a report is read like any other.
	letter := Extract([]byte(strings.NewReplacer("MAILER-DAEMON@", "service@", "Return-Path: <>\n", "").Replace(bounce)), Spam, &received.Own{})
	if !slices.Contains(hosts(letter), "mx.example.org") || len(letter.Reports) > 0 {
		t.Errorf("a letter: links %q, reports %+v", hosts(letter), letter.Reports)
	}
	page := Extract([]byte("From: postmaster@a.example\nContent-Type: text/html\n\nYour message could not be delivered to anna@example.com 550 5.1.1 <a href=https://b.example/>release</a>"), Spam, &received.Own{})
	if !slices.Contains(hosts(page), "b.example") {
		t.Errorf("a page: links %q", hosts(page))
	}
}

// A server of ours whose clock was wrong tells no arrival.
func TestTimeAhead(t *testing.T) {
	const line = "Received: from a.example (a.example [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id D674021FAF; Fri, 31 Jan 2031 22:45:13 +0000\n"
	now := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	read := func(mail string, own received.Own) *Facts { return Extract([]byte(mail+"Subject: x\n\nx"), Spam, &own) }
	codes := func(f *Facts) (out []string) {
		for _, a := range f.Anomalies {
			out = append(out, a.Code)
		}
		return out
	}
	if f := read(line, received.Own{Inferred: true}); f.ReceivedAt.Year() != 2031 {
		t.Errorf("without a bound: %v", f.ReceivedAt)
	}
	if f := read(line, received.Own{Inferred: true, Latest: now}); !f.ReceivedAt.IsZero() || !slices.Contains(codes(f), "time-ahead") || !f.SenderAddr.IsValid() {
		t.Errorf("%v, sender %v, anomalies %q", f.ReceivedAt, f.SenderAddr, codes(f))
	}
	above := "Received: from mx.example.org (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id D674021FAE; Mon, 30 Nov 2026 00:00:00 +0000\n"
	if f := read(above+line, received.Own{Inferred: true, Latest: now}); !f.ReceivedAt.Equal(now) {
		t.Errorf("with a line above: %v", f.ReceivedAt)
	}
}

// A time without a zone is none; the line above tells the arrival.
func TestTimeWithoutZone(t *testing.T) {
	line := "Received: from a.example (a.example [192.0.2.1]) by mx.example.org with ESMTP id 7; Tue Nov 10 17:59:36 2026\n"
	f := Extract([]byte(line+"Subject: x\n\nx"), Spam, &received.Own{Inferred: true})
	if !f.ReceivedAt.IsZero() || len(f.Anomalies) == 0 || f.Anomalies[0].Code != "time-no-zone" {
		t.Errorf("%v, %+v", f.ReceivedAt, f.Anomalies)
	}
}
