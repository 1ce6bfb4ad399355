package ingest

import (
	"slices"
	"strings"
	"testing"

	"spoor/ingest/received"
)

const identified = "Received: from a.example (a.example [192.0.2.1]) by mx.ours.example with ESMTP id 1; Mon, 2 Jan 2006 15:04:05 +0000\r\n" +
	"X-Account: 55123\r\nFeedback-ID: 12:shop\r\nFrom: <a@shop.example>\r\n" +
	"DKIM-Signature: v=1; a=rsa-sha256; d=Shop.example; s=s1; bh=x; b=y\r\nSubject: watches\u200b\r\n" +
	"Content-Type: multipart/alternative; boundary=\"----=_Part_8812_constant\"\r\n\r\n" +
	"------=_Part_8812_constant\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCheap watches for everybody everywhere, delivered today\r\n------=_Part_8812_constant--\r\n"

func TestIdentifiers(t *testing.T) {
	own, err := received.ParseOwn([]string{"mx.ours.example"})
	if err != nil {
		t.Fatal(err)
	}
	f := Extract([]byte("X-Receivers: ours\r\n"+identified), Spam, &own)
	want := []string{"x-account: 55123", "feedback-id: 12:shop", "dkim-signature: shop.example s1"}
	if !slices.Equal(f.SenderFields, want) {
		t.Errorf("fields %q, want %q", f.SenderFields, want)
	}
	if f.BoundaryStart != "----=_Part_8812_constant" || f.Invisible != "s200B" || f.Report {
		t.Errorf("boundary %q, invisible %q, report %v", f.BoundaryStart, f.Invisible, f.Report)
	}
	if !slices.Contains(f.Words, "everywhere") || slices.Contains(f.Words, "for") {
		t.Errorf("words %q", f.Words)
	}
}

// Hostile mail has thousands of fields and words: the number kept is bounded.
func TestIdentifiersAreBounded(t *testing.T) {
	var b strings.Builder
	for range 5000 {
		b.WriteString("X-Field: " + strings.Repeat("v", 300) + "\r\n")
	}
	b.WriteString("\r\n")
	for i := range 5000 {
		b.WriteString("word" + strings.Repeat(string(rune('a'+i%26)), 2+i%9) + string(rune('a'+i/26%26)) + " \u200b\ufe0f")
	}
	f := Extract([]byte(b.String()), Spam, &received.Own{})
	if len(f.SenderFields) != maxSenderFields || len(f.SenderFields[0]) > maxFieldValue+20 {
		t.Errorf("%d fields", len(f.SenderFields))
	}
	if len(f.Words) > 24 || len(f.Invisible) > 200 {
		t.Errorf("%d words, %d bytes of invisible characters", len(f.Words), len(f.Invisible))
	}
}

func TestReportsAreTold(t *testing.T) {
	for text, report := range map[string]bool{
		"Return-Path: <>\r\nSubject: x\r\n\r\ny": false, // spam comes so, too
		"Return-Path: <a@b.example>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b--\r\n":                                                                                                                     false,
		"Return-Path: <>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b--\r\n":                                                                                                                                true,
		"Return-Path: <>\r\nFrom: mailer-daemon@b.example\r\n\r\nHi. This is the qmail-send program at b.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<a@c.example>:\n550 5.1.1 no such user\n": true,
		"Return-Path: <a@b.example>\r\nSubject: x\r\n\r\ny":                                false,
		"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b--\r\n": true,
		"Subject: x\r\n\r\ny": false,
	} {
		if f := Extract([]byte(text), Spam, &received.Own{}); f.Report != report {
			t.Errorf("%q: report %v", text, f.Report)
		}
	}
}
